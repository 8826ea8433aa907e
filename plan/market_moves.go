package plan

import (
	"tradewind/messages"
	"tradewind/operations/localization"
)

// MovesOf is what whole markets have to offer a plan, from a survey and a study of the same
// facts and law. Where nothing can be said of markets, a warning says why. Registrations in
// parts of a country are not among them: sales are not known by part.
func MovesOf(v *Survey, study *MarketStudy) (m Moves, warnings []messages.Message, err error) {
	if study.Refused != nil {
		warnings = append(warnings, messages.M("engine.no-entries", messages.A("reason", messages.Of(study.Refused))))
	} else {
		m.Entries, m.Charges = study.Study.Entries, study.Charges
	}
	if v.Law.Names == nil {
		warnings = append(warnings, messages.M("engine.not-screened"))
	}
	all, err := study.Obligations()
	if err != nil {
		return Moves{}, nil, err
	}
	for _, o := range all {
		if o.Forecast != nil && o.Regions == 0 {
			m.Registrations = append(m.Registrations, *o.Forecast)
		}
	}
	if s := v.Snapshot; len(s.Listings) > 0 {
		m.Listings = localization.Proposals(localization.Audit(s, v.Law.Packs, v.Law.AsOf), localization.SalesOf(s))
	}
	return m, warnings, nil
}
