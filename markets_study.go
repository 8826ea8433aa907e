package tradewind

import (
	"math/rand/v2"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/operations/expansion"
	"tradewind/operations/landed"
	"tradewind/plan"
)

// Each question about markets draws from its own stream of chance, so that the answer to
// one does not depend on which others were asked.
const (
	streamRank       = 0x6D61726B657473
	streamStudy      = 0x7374756479
	streamAssess     = 0x61737365
	streamScenario   = 0x7363656E
	streamThresholds = 0x74687265
)

// marketStudies keeps what was last worked out of the markets, as of the facts and the law:
// it takes a fifth of a second in the demo.
type marketStudies struct {
	mu    sync.Mutex
	last  *marketStudy
	stamp marketStamp
}

type marketStamp struct {
	facts *commerce.Snapshot
	rules *landed.Calculator // of the law's book, tariffs and rates
	day   calendar.Day
}

// marketStudy is what is worked out of all markets together.
type marketStudy struct {
	ranked     []expansion.Market    // markets with rows, best first
	study      *expansion.Study      // nil: refused
	refused    error                 // why there are no candidates; nil: there are
	assessment *expansion.Assessment // nil: no foreign market with published figures
	charges    map[commerce.Market]charges
	params     expansion.Params
	assumed    []string // keys of what the landed charges assume
}

// marketStudy works out the markets, once for the same facts and law.
func (e *Engine) marketStudy(s *commerce.Snapshot, l plan.Law) (*marketStudy, error) {
	e.markets.mu.Lock()
	defer e.markets.mu.Unlock()
	now := marketStamp{s, l.Calculator, l.AsOf}
	if e.markets.last != nil && e.markets.stamp == now {
		return e.markets.last, nil
	}
	m := &marketStudy{charges: e.chargesOf(s, l), assumed: e.landedAssumes(s)}
	m.params = e.paramsUnder(s, l, m.charges)
	m.ranked = expansion.Rank(s, m.params, e.chance(streamRank))
	if err := m.survey(e, s); err != nil {
		return nil, err
	}
	e.markets.last, e.markets.stamp = m, now
	return m, nil
}

// survey studies markets and candidates together. A shop with too few foreign markets has
// no candidates, and one without a warehouse no study; its own markets are ranked all the
// same.
func (m *marketStudy) survey(e *Engine, s *commerce.Snapshot) error {
	m.study, m.refused = expansion.NewStudy(s, m.params, e.chance(streamStudy))
	if isInvalid(m.refused) {
		alone := m.params
		alone.Entry.Candidates = []commerce.Market{}
		var err error
		if m.study, err = expansion.NewStudy(s, alone, e.chance(streamStudy)); isInvalid(err) {
			return nil
		} else if err != nil {
			return err
		}
	} else if m.refused != nil {
		return m.refused
	}
	var err error
	if m.assessment, err = m.study.Assess(e.chance(streamAssess)); isInvalid(err) {
		return nil
	}
	return err
}

func isInvalid(err error) bool {
	f := fault.Of(err)
	return f != nil && f.Kind == fault.Invalid
}

func (e *Engine) chance(stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(e.config.Plan.Seed, stream))
}

// study returns the shop's markets and candidates, drawn together. It is refused where
// nothing can be said of candidates.
func (e *Engine) study(s *commerce.Snapshot, l plan.Law) (*expansion.Study, error) {
	m, err := e.marketStudy(s, l)
	if err != nil {
		return nil, err
	}
	return m.study, m.refused
}

// studied works out the markets under the law of the workspace.
func (e *Engine) studied(s *commerce.Snapshot) (*marketStudy, error) {
	l, err := e.law(s)
	if err != nil {
		return nil, err
	}
	return e.marketStudy(s, l)
}

// expansionParams are the settings of every question about markets.
func (e *Engine) expansionParams(s *commerce.Snapshot, l plan.Law) expansion.Params {
	return e.paramsUnder(s, l, e.chargesOf(s, l))
}

func (e *Engine) paramsUnder(s *commerce.Snapshot, l plan.Law, all map[commerce.Market]charges) expansion.Params {
	candidates := candidatesOf(l)
	return expansion.Params{
		FeeRate: e.config.Plan.FeeRate,
		Landed:  landedBy(all),
		Entry:   expansion.EntryParams{Candidates: candidates},
		Criteria: expansion.CriteriaParams{
			Burden: burdenOf(l), Readiness: readinessOf(s, l.AsOf), CurrencyRisk: currencyRisks(s, candidates),
		},
	}
}
