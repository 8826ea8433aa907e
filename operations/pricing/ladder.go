package pricing

import (
	"math"
	"slices"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

// Study is what the history says of the elasticities of all items of a panel.
type Study struct {
	Panel        *Panel
	Elasticities []Elasticity // of each item of the panel
	Pooled       []Pooled     // what is estimated for many items at once, by category
}

// Pooled is what the estimators say that look at many items at once.
type Pooled struct {
	Category string  // "" for items without one
	Mean     float64 // what is believed of the category: the middle of its items' elasticities
	SD       float64 // of the error of Mean
	Items    int     // identified
	Rungs    []Rung
}

// Of returns what is believed of an item, and false for one that the panel does not have.
func (s *Study) Of(item commerce.Item) (*Elasticity, bool) {
	i, ok := slices.BinarySearchFunc(s.Panel.Items, item, commerce.Item.Compare)
	if !ok {
		return nil, false
	}
	return &s.Elasticities[i], true
}

// NewStudy climbs the ladder: it estimates the own-price elasticity of every item of p by
// each estimator, asks the gates, and says what to believe.
//
// The answer is the sequential estimator's, shrunk: Poisson likelihood with effects of item
// and of shop, market and category by week, and a level of each item that drifts, so that
// prices may answer to past sales; then empirical Bayes over product, category and shop.
// Price tests count by their precision. Items that fail a gate get what is known of their
// product's other items, of their category, or of trade in general, and teach nothing.
//
// It does not modify p. It fails with fault.Invalid on a test that is no number. The cost
// is linear in the rows of p; the same input gives the same bytes on any number of cores.
func NewStudy(p *Panel, form Form) (*Study, error) {
	tests, err := testsOf(p, form.Tests)
	if err != nil {
		return nil, err
	}
	c := newClimb(p, form, tests)
	c.ask()
	if c.model != nil {
		c.estimate()
	} else {
		c.tree.shrink(tests)
	}
	s := &Study{Panel: p, Elasticities: make([]Elasticity, len(p.Items))}
	c.climbPooled(s)
	each(len(p.Items), alone, func(_ struct{}, i int) { c.answer(&s.Elasticities[i], i) })
	return s, nil
}

// testsOf adds up the price tests of each item by their precision.
func testsOf(p *Panel, tests []Test) ([]estimate, error) {
	of := make([]estimate, len(p.Items))
	for _, t := range tests {
		finite := !math.IsNaN(t.Elasticity) && !math.IsInf(t.Elasticity, 0)
		if !finite || !(t.SE > 0) || math.IsInf(t.SE, 0) {
			return nil, fault.New(fault.Invalid, "E-ELASTICITY-TEST", fault.A("sku", string(t.Item.SKU)),
				fault.A("value", messages.Decimal{X: t.Elasticity, Places: 2}), fault.A("se", messages.Decimal{X: t.SE, Places: 2}))
		}
		if i, ok := slices.BinarySearchFunc(p.Items, t.Item, commerce.Item.Compare); ok {
			of[i] = of[i].and(estimate{t.Elasticity, t.SE})
		}
	}
	return of, nil
}

// climb is one study while it is made.
type climb struct {
	panel *Panel
	form  Form
	tests []estimate // of each item
	facts []facts
	gates [][]Gate
	at    []int // of each item: its place in the model, -1 where it has none
	model *model
	tree  *kinship

	poisson []estimate // by place in the model
	pooled  []int      // of each item: its place among Study.Pooled, -1 where it has none
	study   *Study
}

func newClimb(p *Panel, form Form, tests []estimate) *climb {
	n := len(p.Items)
	c := &climb{panel: p, form: form, tests: tests, facts: make([]facts, n), gates: make([][]Gate, n), at: make([]int, n)}
	d := newDesign(p, func(i int) bool { return p.Unfit[i].IsZero() })
	for i := range c.at {
		c.at[i] = -1
	}
	for k, i := range d.items {
		c.at[i] = k
	}
	if len(d.items) == 0 {
		c.tree = newKinship(p)
		return c
	}
	c.model = newModel(d, tests)
	c.tree = c.model.tree
	return c
}

// ask asks the gates that need no estimate.
func (c *climb) ask() {
	for i := range c.panel.Items {
		if !c.panel.Unfit[i].IsZero() {
			continue
		}
		c.facts[i] = c.panel.factsOf(i)
		c.gates[i] = c.facts[i].gates()
		if k := c.at[i]; k >= 0 && !passed(c.gates[i]) {
			c.model.learn[k] = false
		}
	}
}

func passed(gates []Gate) bool {
	return !slices.ContainsFunc(gates, func(g Gate) bool { return !g.Passed })
}

const (
	firstRounds = 6 // before the placebo
	lastRounds  = 3 // without the items that failed it
)

// estimate fits the model, asks the gates that need it, and fits it again without the items
// that failed them.
func (c *climb) estimate() {
	v := c.model
	v.fit(firstRounds)
	for k, e := range v.evidences() {
		if v.learn[k] {
			i := v.items[k]
			c.gates[i] = append(c.gates[i], e.gates()...)
			v.learn[k] = passed(c.gates[i])
		}
	}
	v.fit(lastRounds)
	c.poisson = v.groupPoisson()
}

// identified reports whether item i is believed, by its own sales or by a test.
func (c *climb) identified(i int) bool {
	return c.tests[i].speaks() || c.at[i] >= 0 && c.model.learn[c.at[i]]
}

// answer fills in what is believed of item i.
func (c *climb) answer(e *Elasticity, i int) {
	item := c.panel.Items[i]
	b := belief{c.tree.mean[i], c.tree.sd[i]}
	b.fill(e, item)
	e.Identified, e.Source, e.Gates = c.identified(i), c.source(i), c.gates[i]
	e.Rival, e.Uplift = math.NaN(), math.NaN()
	if k := c.at[i]; k >= 0 {
		v := c.model
		if v.slopes[atRival].active && c.panel.hasRival(i) {
			e.Rival = v.coef[k][1+atRival]
		}
		if v.slopes[atDepth].active {
			e.Uplift = v.coef[k][1+atDepth]
		}
	}
	e.Rungs = c.rungs(i, e)
	if e.Identified {
		return
	}
	if e.Reason = c.panel.Unfit[i]; e.Reason.IsZero() {
		e.Reason = c.facts[i].reason(c.gates[i], c.panel.Currency[i])
	}
}

// source says whose sales item i's elasticity rests on.
func (c *climb) source(i int) Source {
	switch {
	case c.tests[i].speaks():
		return Tested
	case c.identified(i):
		return Own
	case c.tree.shop.weight > 1/(priorSD*priorSD)*(1+1e-9):
		return Category
	}
	return Prior
}

func (p *Panel) hasRival(i int) bool {
	lo, hi := p.Rows(i)
	return slices.ContainsFunc(p.Rival[lo:hi], known)
}

// rungs are what each estimator says of item i.
func (c *climb) rungs(i int, e *Elasticity) []Rung {
	var rungs []Rung
	add := func(name string, x estimate, informational bool) {
		if !(x.se > 0) || math.IsInf(x.se, 0) {
			return
		}
		r := Rung{Name: name, Estimate: x.value, SE: x.se, Low: x.value - normal975*x.se, High: x.value + normal975*x.se, Items: 1, Informational: informational}
		r.Agrees = r.Low <= e.High && r.High >= e.Low
		rungs = append(rungs, r)
	}
	if k := c.at[i]; k >= 0 && c.facts[i].prices > 1 {
		v := c.model
		add(RungNaive, v.naive(k), true)
		add(RungPoisson, c.poisson[k], false)
		add(RungSequential, estimate{v.estimate[k], v.se[k]}, false)
	}
	if c.pooled != nil && c.pooled[i] >= 0 {
		rungs = append(rungs, c.study.Pooled[c.pooled[i]].Rungs...)
	}
	add(RungTest, c.tests[i], false)
	add(RungShrunk, estimate{e.Mean, e.SD}, false)
	return rungs
}

const normal975 = 1.959963984540054
