package benchmark

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"sync"

	"tradewind/operations/automation"
	"tradewind/simulate"
)

// The world "A shop calibrated on facts" of docs/worlds.md. Of the tuning forms a few are
// played: a form takes half a minute of CPU.
var formsTuning, formsScored = [2]uint64{1, 4}, [2]uint64{2001, 2020}

const (
	shopEpisodes = 64
	shopWeeks    = 104
	shopFit      = 32 // training episodes that the textbooks' policies are fitted on
)

// shopAnswer is what became of one form.
type shopAnswer struct {
	Potential float64 // contribution of its weeks at the reference price
	Cells     []automation.Cell
	Believed  bool // a residual was chosen
	Only      string
}

// runningShop learns a policy of one form and plays it beside the others on scored
// episodes. Only learning is timed.
var runningShop = newWork("shop", func(_ context.Context, m *meter, seed uint64) (shopAnswer, error) {
	runtime.GOMAXPROCS(1)
	return runShop(m, seed, automation.Effort{}, shopEpisodes)
})

func runShop(m *meter, seed uint64, e automation.Effort, episodes int) (shopAnswer, error) {
	f := simulate.DrawShopForm(seed)
	if err := f.Check(); err != nil {
		return shopAnswer{}, err
	}
	arena := automation.NewArena(&f, shopWeeks)
	m.Begin()
	learned := automation.Learn(arena, e, nil)
	m.End()
	a := shopAnswer{Potential: shopWeeks * f.Level * f.Margin(f.Reference, f.Cost), Believed: learned.Residual != nil}
	fit := cmp.Or(e.Fit, shopFit)
	a.Cells = arena.Evaluate(arena.Field(learned, nil, fit), episodes, simulate.Scenarios[:])
	return a, nil
}

// takeIn is a policy's contribution over all cells, each form's as a share of its
// potential, by scenario.
type takeIn [len(simulate.Scenarios)]float64

func (t takeIn) all() (sum float64) {
	for _, x := range t {
		sum += x
	}
	return sum
}

// shopScore sums up the cells of many forms.
type shopScore struct {
	Forms, Believed, Cells int
	By                     map[string]*takeIn
	Ceiling                takeIn
	Worst                  float64 // share by which the learned policy earns more than the classical one, least of the cells
	WorstAt                string
	Above, Below           int // cells in which the 95 % interval of the difference lies on one side of nothing
	Fill, Stock            map[string]float64
	CPU                    float64 // of learning a form
}

func (s *shopScore) add(seed uint64, a *shopAnswer) {
	s.Forms++
	if a.Believed {
		s.Believed++
	}
	for _, c := range a.Cells {
		s.Cells++
		s.Ceiling[c.Scenario] += c.Ceiling / a.Potential
		for _, r := range c.Results {
			if s.By[r.Name] == nil {
				s.By[r.Name] = new(takeIn)
			}
			s.By[r.Name][c.Scenario] += r.Mean / a.Potential
			s.Fill[r.Name] += r.Service.Fill
			s.Stock[r.Name] += r.Service.Stock
			if r.Name != automation.ByLearned {
				continue
			}
			if share := r.Over.Share(); share < s.Worst {
				s.Worst, s.WorstAt = share, fmt.Sprintf("form %d, %s", seed, c.Scenario)
			}
			switch {
			case r.Over.Low > 0:
				s.Above++
			case r.Over.High < 0:
				s.Below++
			}
		}
	}
}

// gain is the percentage that one policy earns more than another over all cells.
func (s *shopScore) gain(mine, other string) float64 {
	return 100 * (s.By[mine].all()/s.By[other].all() - 1)
}

// byScenario lists gains of one policy over another.
func (s *shopScore) byScenario(mine, other string) string {
	var list []string
	for _, sc := range simulate.Scenarios {
		list = append(list, fmt.Sprintf("%s %+.1f %%", sc, 100*(s.By[mine][sc]/s.By[other][sc]-1)))
	}
	return strings.Join(list, ", ")
}

// shops plays the forms of some seeds, as many at once as there are CPUs. They are summed
// up in the order of their seeds.
func shops(ctx context.Context, seeds [2]uint64) (*shopScore, error) {
	n := int(seeds[1] - seeds[0] + 1)
	answers, costs, errs := make([]shopAnswer, n), make([]Cost, n), make([]error, n)
	room := make(chan struct{}, runtime.NumCPU())
	var wait sync.WaitGroup
	for i := range n {
		wait.Go(func() {
			room <- struct{}{}
			defer func() { <-room }()
			answers[i], costs[i], errs[i] = runningShop.run(ctx, seeds[0]+uint64(i))
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	s := newShopScore()
	for i := range answers {
		s.add(seeds[0]+uint64(i), &answers[i])
		s.CPU += costs[i].CPU / float64(n)
	}
	return s, nil
}

func newShopScore() *shopScore {
	return &shopScore{By: map[string]*takeIn{}, Worst: math.Inf(1), Fill: map[string]float64{}, Stock: map[string]float64{}}
}

// shopRows hold learned prices and orders against the policies of the textbooks.
func shopRows(ctx context.Context, _ *run) ([]Row, error) {
	scored, err := shops(ctx, formsScored)
	if err != nil {
		return nil, err
	}
	tuned, err := shops(ctx, formsTuning)
	if err != nil {
		return nil, err
	}
	return shopTable(scored, tuned), nil
}

func shopTable(scored, tuned *shopScore) []Row {
	world := func(seeds [2]uint64) string {
		return fmt.Sprintf("world A shop calibrated on facts of docs/worlds.md, forms %d to %d × %d scenarios × %d scored episodes of %d weeks, each form by its potential", seeds[0], seeds[1], len(simulate.Scenarios), shopEpisodes, shopWeeks)
	}
	source, tuning := world(formsScored), world(formsTuning)
	percent := func(name string, value float64, better, reference, source string) Row {
		return Row{Name: name, Value: new(value), Unit: "%", Better: better, Reference: reference, Source: source}
	}
	const (
		base  = "the best fixed price with the best fixed base stock, ordered up to every week, found on training episodes"
		fixed = "the best fixed price with the best fixed (s,S) policy, found on training episodes"
	)
	const classical = "the classical policy that it adjusts: best price, run-out price and projected inventory level on filtered demand, tilted by the phase of the season, fitted on training episodes"
	over := percent("joint price and order: profit over fixed price and base stock", scored.gain(automation.ByLearned, automation.ByBaseStock), higher, base,
		source+"; automation.Learn; by scenario: "+scored.byScenario(automation.ByLearned, automation.ByBaseStock))
	over.Must = new(10.0)
	saving := percent("joint price and order: profit over fixed price and (s,S)", scored.gain(automation.ByLearned, automation.ByFixed), higher, fixed,
		source+"; by scenario: "+scored.byScenario(automation.ByLearned, automation.ByFixed))
	saving.Must = new(10.0)
	worst := percent("joint price and order: profit over the classical baseline, worst cell", 100*scored.Worst, higher, classical,
		fmt.Sprintf("%s; worst in %s; the 95 %% interval of the difference lies above nothing in %d and below it in %d of %d cells", source, scored.WorstAt, scored.Above, scored.Below, scored.Cells))
	worst.Must = new(-1.0)
	mean := func(of map[string]float64, name string) float64 { return of[name] / float64(scored.Cells) }
	served := fmt.Sprintf("%s; learned, classical, (s,S): served from the shelf %.1f, %.1f, %.1f %%", source,
		100*mean(scored.Fill, automation.ByLearned), 100*mean(scored.Fill, automation.ByClassical), 100*mean(scored.Fill, automation.ByFixed))
	closed := (scored.By[automation.ByLearned].all() - scored.By[automation.ByClassical].all()) / (scored.Ceiling.all() - scored.By[automation.ByClassical].all())
	return []Row{
		over, saving, worst,
		percent("joint price and order: learned over classical", scored.gain(automation.ByLearned, automation.ByClassical), higher, classical, source+"; by scenario: "+scored.byScenario(automation.ByLearned, automation.ByClassical)),
		percent("joint price and order: classical over fixed price and (s,S)", scored.gain(automation.ByClassical, automation.ByFixed), higher, fixed, source),
		percent("joint price and order: best price of the week with (s,S), over fixed price and (s,S)", scored.gain(automation.ByMyopic, automation.ByFixed), higher, fixed, source),
		percent("joint price and order: of what lies between classical and a ceiling, closed", 100*closed, higher, "what a seller who knows the truth would earn if stock were always there and free", source),
		percent("joint price and order: stock of the learned policy over that of (s,S)", 100*(scored.Stock[automation.ByLearned]/scored.Stock[automation.ByFixed]-1), lower, fixed, served),
		{Name: "joint price and order: forms with a residual that is believed", Value: new(share(scored.Believed, scored.Forms)), Unit: "share", Better: higher, Source: source + "; in the others the classical policy stays"},
		{Name: "joint price and order: learning a form, CPU time", Value: new(scored.CPU), Unit: "s", Better: lower, Source: "automation.Learn on one core: fitting, learning and choosing; mean of the forms"},
		percent("joint price and order, tuning forms: profit over fixed price and base stock", tuned.gain(automation.ByLearned, automation.ByBaseStock), higher, base, tuning),
		percent("joint price and order, tuning forms: profit over fixed price and (s,S)", tuned.gain(automation.ByLearned, automation.ByFixed), higher, fixed, tuning),
		percent("joint price and order, tuning forms: profit over the classical baseline, worst cell", 100*tuned.Worst, higher, classical, tuning+"; worst in "+tuned.WorstAt),
	}
}
