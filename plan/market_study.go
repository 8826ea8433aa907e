package plan

import (
	"math/rand/v2"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/operations/expansion"
)

// MarketStudy is what is worked out of all markets together: of those that a shop sells to,
// and of those that it could enter. Nobody changes it after it is made.
type MarketStudy struct {
	Ranked     []expansion.Market    // markets with rows, best first
	Study      *expansion.Study      // nil: refused
	Refused    error                 // why there are no candidates; nil: there are
	Assessment *expansion.Assessment // nil: no foreign market with published figures
	Charges    map[commerce.Market]Charges
	Assumed    []string // keys of what the charges assume
	Params     expansion.Params

	snapshot *commerce.Snapshot
	config   Config
	law      Law
}

// NewMarketStudy ranks the markets of a snapshot and weighs them against the candidates that
// the law knows. A shop with too few foreign markets has no candidates, and one without a
// warehouse no study; its own markets are ranked all the same.
func NewMarketStudy(s *commerce.Snapshot, c Config, l Law) (*MarketStudy, error) {
	best, candidates := basketsOf(s), candidatesOf(l)
	m := &MarketStudy{Assumed: chargesAssume(s, &c.Seller, best), snapshot: s, config: c, law: l}
	m.Charges = chargesOf(s, &c.Seller, l, best, candidates)
	m.Params = expansion.Params{
		FeeRate: c.FeeRate,
		Landed:  borneBySeller(m.Charges),
		Entry:   expansion.EntryParams{Candidates: candidates},
		Criteria: expansion.CriteriaParams{
			Burden: burdenOf(l), Readiness: readinessOf(s, l.Packs, l.AsOf), CurrencyRisk: currencyRisks(s, candidates),
		},
	}
	m.Ranked = expansion.Rank(s, m.Params, c.chance(streamRank))
	return m, m.survey()
}

// survey draws markets and candidates together.
func (m *MarketStudy) survey() error {
	m.Study, m.Refused = expansion.NewStudy(m.snapshot, m.Params, m.config.chance(streamStudy))
	if isInvalid(m.Refused) {
		alone := m.Params
		alone.Entry.Candidates = []commerce.Market{}
		var err error
		if m.Study, err = expansion.NewStudy(m.snapshot, alone, m.config.chance(streamStudy)); isInvalid(err) {
			return nil
		} else if err != nil {
			return err
		}
	} else if m.Refused != nil {
		return m.Refused
	}
	var err error
	if m.Assessment, err = m.Study.Assess(m.config.chance(streamAssess)); isInvalid(err) {
		return nil
	}
	return err
}

// Scenario draws what a market with sales or a candidate would bring under a change. All
// changes are drawn from the same futures. Without a study it is refused.
func (m *MarketStudy) Scenario(market commerce.Market, change expansion.Change) (*expansion.Outcome, error) {
	if m.Study == nil {
		return nil, m.Refused
	}
	return m.Study.Scenario(market, change, m.config.chance(streamScenario))
}

func isInvalid(err error) bool {
	f := fault.Of(err)
	return f != nil && f.Kind == fault.Invalid
}

// Each question about markets draws from its own stream of chance, so that the answer to
// one does not depend on which others were asked, and is the same wherever it is shown.
const (
	streamRank       = 0x6D61726B657473
	streamStudy      = 0x7374756479
	streamAssess     = 0x61737365
	streamScenario   = 0x7363656E
	streamThresholds = 0x74687265
)

func (c Config) chance(stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(c.Seed, stream))
}
