package plan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/landed"
	"tradewind/operations/pricing"
)

// PriceStudy is what the facts say of the price of every item under the law of a survey,
// and what to ask instead.
type PriceStudy struct {
	Horizon int         // days over which a price is judged
	Items   []PriceItem // of the snapshot, in its order

	survey *Survey
	least  float64 // gain below which nothing is proposed
	rates  landed.Rates
	panel  *pricing.Panel
	study  *pricing.Study

	mu    sync.Mutex
	asked map[int]*PriceItem // items that were solved because somebody asked
}

// testedAtMost is how many items whose elasticity is not known are asked whether a test
// would pay: those that sell most.
const testedAtMost = 60

// NewPriceStudy learns how demand answers to prices and solves the items for which that is
// known, and the largest of the others. The rest is solved when At asks for it.
func NewPriceStudy(ctx context.Context, v *Survey) (*PriceStudy, error) {
	st := &PriceStudy{Horizon: 7 * v.Config.Prices.Weeks, survey: v, rates: ExchangeRates(v.Snapshot), asked: map[int]*PriceItem{}}
	least, _ := money.Parse(v.Config.MinGain, "")
	st.least = least.Float()
	form := pricing.Form{}
	st.panel = pricing.NewPanel(v.Snapshot, form)
	var err error
	if st.study, err = pricing.NewStudy(st.panel, form); err != nil {
		return nil, err
	}
	st.Items = make([]PriceItem, len(v.Snapshot.Items))
	var first, rest []int
	for i := range st.Items {
		st.Items[i] = st.lookAt(i)
		switch p := &st.Items[i]; {
		case !p.Refused.IsZero() || p.Elasticity == nil:
		case p.Elasticity.Identified:
			first = append(first, i)
		default:
			rest = append(rest, i)
		}
	}
	slices.SortFunc(rest, func(a, b int) int { return byWorth(&st.Items[a], &st.Items[b]) })
	return st, st.solveAll(ctx, append(first, rest[:min(testedAtMost, len(rest))]...))
}

// solveAll solves items on the configured workers; each writes its own place.
func (st *PriceStudy) solveAll(ctx context.Context, items []int) error {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range st.survey.Config.workers() {
		wg.Go(func() {
			w := pricing.NewWorkspace()
			for k := int(next.Add(1)) - 1; k < len(items) && ctx.Err() == nil; k = int(next.Add(1)) - 1 {
				st.solve(items[k], &st.Items[items[k]], w)
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}

// solve finds the best price of an item, or the test that would tell.
func (st *PriceStudy) solve(i int, p *PriceItem, w *pricing.Workspace) {
	st.pose(i, p)
	solution, err := w.Optimise(p.Problem)
	if err != nil {
		p.Problem, p.Refused = nil, messages.Of(err)
		return
	}
	p.Solution = solution
	if !p.Elasticity.Identified && solution.Refusal == nil {
		p.Test = st.testOf(i, p)
	}
}

// At returns everything about the price of an item; nil where the snapshot has no sales of
// it. What was not solved yet is solved now. It is safe for concurrent use.
func (st *PriceStudy) At(item commerce.Item) *PriceItem {
	i := st.survey.Snapshot.Item(item)
	if i < 0 {
		return nil
	}
	if p := &st.Items[i]; p.Solution != nil || !p.Refused.IsZero() || p.Elasticity == nil {
		return p
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	p, done := st.asked[i]
	if !done {
		own := st.Items[i]
		p, st.asked[i] = &own, &own
		st.solve(i, p, pricing.NewWorkspace())
	}
	return p
}

// Panel is the weeks that the study learns from, and the place of an item in it.
func (st *PriceStudy) Panel() *pricing.Panel { return st.panel }

// Least is the gain below which nothing is proposed.
func (st *PriceStudy) Least() float64 { return st.least }

// ByGain lists the items whose state is one of those asked for, worth most first.
func (st *PriceStudy) ByGain(states ...PriceState) []*PriceItem {
	var list []*PriceItem
	for i := range st.Items {
		if p := &st.Items[i]; slices.Contains(states, p.State(st.Least())) {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b *PriceItem) int {
		return cmp.Or(cmp.Compare(b.Worth(), a.Worth()), byWorth(a, b))
	})
	return list
}

// chance is the generator of one purpose for one item: nothing else decides a random draw.
func (v *Survey) chance(item commerce.Item, purpose string) *rand.Rand {
	h := sha256.New()
	for _, part := range []string{v.Snapshot.Hash, string(item.SKU), string(item.Market), string(item.Channel), purpose} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	var seed [8]byte
	binary.LittleEndian.PutUint64(seed[:], v.Config.Seed)
	h.Write(seed[:])
	sum := h.Sum(nil)
	return rand.New(rand.NewPCG(binary.LittleEndian.Uint64(sum), binary.LittleEndian.Uint64(sum[8:])))
}
