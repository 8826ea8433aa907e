package tradewind

import (
	"tradewind/commerce"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/operations/expansion"
	"tradewind/operations/localization"
	"tradewind/plan"
)

// thresholdStream tells the draws of threshold forecasts from those of other studies.
const thresholdStream = 0x7468726573686F6C

// moves are what whole markets have to offer a plan: markets to enter, taxes to register
// for, listings to mend. Where nothing can be said of markets, a warning says why.
func (e *Engine) moves(s *commerce.Snapshot, l plan.Law) (m plan.Moves, warnings []messages.Message, err error) {
	study, err := e.study(s, l)
	switch {
	case err == nil:
		m.Entries = study.Entries
	case isInvalid(err):
		warnings = append(warnings, messages.M("engine.no-entries", messages.A("reason", messages.Of(err))))
	default:
		return m, nil, err
	}
	if l.Names == nil {
		warnings = append(warnings, messages.M("engine.not-screened"))
	}
	if thresholds := e.thresholds(s, l); len(thresholds) > 0 {
		m.Registrations, err = expansion.Registrations(s, e.expansionParams(s, l), thresholds, e.chance(thresholdStream))
		if err != nil {
			return m, nil, err
		}
	}
	if len(s.Listings) > 0 {
		m.Listings = localization.Proposals(localization.Audit(s, market.Packs(), l.AsOf), localization.SalesOf(s))
	}
	return m, warnings, nil
}
