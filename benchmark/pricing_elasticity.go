package benchmark

import (
	"math"

	"tradewind/operations/pricing"
	"tradewind/simulate"
)

// elasticityScore is how the ladder did on made-up stores whose elasticities are known.
type elasticityScore struct {
	Error      mean // absolute, over the items that can be known and are believed
	ErrorOfAll mean // over all that can be known: the refused ones with what they were given
	Covered    mean // 1 where the 95 % interval of a believed item holds the truth
	Accepted   mean // 1 where an item that can be known is believed
	Refused    mean // 1 where an item that cannot be known is refused

	RefusedOf map[string]*mean // the same by kind of item
	Rungs     map[string]*mean // absolute errors of the estimators, over all that can be known
}

// scoreElasticity runs the ladder on what the files of the stores of docs/worlds.md say.
func scoreElasticity(seeds []uint64) (*elasticityScore, error) {
	s := &elasticityScore{RefusedOf: map[string]*mean{}, Rungs: map[string]*mean{}}
	for _, seed := range seeds {
		stores := simulate.NewStores(simulate.StoreForm{}, seed)
		study, err := pricing.NewStudy(pricing.NewPanel(stores.Snapshot(), pricing.Form{}), pricing.Form{})
		if err != nil {
			return nil, err
		}
		for i := range study.Elasticities {
			s.add(&study.Elasticities[i], stores.Truth(i))
		}
	}
	return s, nil
}

func (s *elasticityScore) add(e *pricing.Elasticity, truth simulate.Truth) {
	if !truth.Identified {
		s.Refused.add(one(!e.Identified))
		meanOf(s.RefusedOf, truth.Kind.String()).add(one(!e.Identified))
		return
	}
	off := math.Abs(e.Mean - truth.Elasticity)
	s.ErrorOfAll.add(off)
	s.Accepted.add(one(e.Identified))
	for _, r := range e.Rungs {
		meanOf(s.Rungs, r.Name).add(math.Abs(r.Estimate - truth.Elasticity))
	}
	if e.Identified {
		s.Error.add(off)
		s.Covered.add(one(e.Low <= truth.Elasticity && truth.Elasticity <= e.High))
	}
}

// meanOf returns the mean of a name, which it makes on first use.
func meanOf(of map[string]*mean, name string) *mean {
	if of[name] == nil {
		of[name] = &mean{}
	}
	return of[name]
}

func one(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
