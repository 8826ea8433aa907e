package tradewind

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/law"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/compliance"
	"tradewind/operations/localization"
)

// ComplianceFilter narrows a check; what is empty does not narrow. A market in which
// nothing is sold yet is checked as if everything were.
type ComplianceFilter struct {
	Market  commerce.Market
	SKU     commerce.SKU
	Outcome decision.Outcome // "" is all but pass, and with a SKU all
	AsOf    *calendar.Day    // of the rules; nil is the day of the workspace's rules
	Limit   int              // of products; 0 is all
}

// ComplianceView says what law asks of products where they are sold, and what is missing.
// A block is a finding: the check itself has not failed.
type ComplianceView struct {
	AsOf     calendar.Day       `json:"rules_as_of"`
	Rulebook string             `json:"rulebook"` // version of the rules
	Markets  []ComplianceMarket `json:"markets"`
	Reasons  []ComplianceReason `json:"reasons"`        // what holds up most products, worst first
	Found    int                `json:"products_found"` // with findings, before the limit
	Products []ComplianceItem   `json:"products"`       // worst first, then most sales at stake
	Rules    []RuleCited        `json:"rules"`          // behind what is shown, by ID
	Assumed  []LocalizedText    `json:"assumed"`
	Notes    []LocalizedText    `json:"notes"`

	NotAdvice LocalizedText `json:"not_legal_advice"`
}

// ComplianceMarket counts the products of a market, and says what the seller has to do
// there whatever the product.
type ComplianceMarket struct {
	Market  commerce.Market     `json:"market"`
	Name    LocalizedText       `json:"name"`
	Sold    bool                `json:"sold"`  // something is sold or listed there
	Rules   int                 `json:"rules"` // of the country or its union that day; with none a pass says nothing
	Ready   int                 `json:"ready"`
	Warned  int                 `json:"warned"`
	Blocked int                 `json:"blocked"`
	Outcome decision.Outcome    `json:"seller_outcome"`
	Seller  []ComplianceFinding `json:"seller"`
}

// ComplianceReason is a rule, or a thing that is not known, and how many products it holds
// up: each product once a market.
type ComplianceReason struct {
	Outcome  decision.Outcome  `json:"outcome"`
	Products int               `json:"products"`
	Finding  ComplianceFinding `json:"finding"` // of one of them
}

// ComplianceItem is a product in a market.
type ComplianceItem struct {
	SKU      commerce.SKU        `json:"sku"`
	Name     string              `json:"name"`
	Market   commerce.Market     `json:"market"`
	Outcome  decision.Outcome    `json:"outcome"` // the worst of all findings, shown or not
	Met      int                 `json:"met"`     // rules that are met
	Sales    money.Amount        `json:"sales"`   // there in the last 365 days: what is at stake
	Findings []ComplianceFinding `json:"findings"`
}

// ComplianceFinding is what one rule asks and what was found, or one thing that is not
// known and the rules that hang on it.
type ComplianceFinding struct {
	Key       string           `json:"key"` // ID of the rule, or what is unknown: "traits"
	Topic     string           `json:"topic"`
	Outcome   decision.Outcome `json:"outcome"`
	Text      LocalizedText    `json:"text"`
	Rules     []RuleRef        `json:"rules"`
	Unknown   bool             `json:"unknown"`
	Needs     []ComplianceNeed `json:"needs"`
	Owner     string           `json:"owner"` // seller, maker, carrier, marketplace, lawyer
	OwnerName LocalizedText    `json:"owner_name"`
	Remedy    LocalizedText    `json:"remedy"`

	Prohibited  bool `json:"prohibited"`  // nothing mends it
	Unconfirmed bool `json:"unconfirmed"` // the rule is not known well enough to block
}

// RuleRef names a rule of ComplianceView.Rules, and how far it stands.
type RuleRef struct {
	ID        string `json:"id"`
	Version   int    `json:"version"`
	Status    string `json:"status"`
	Evidence  string `json:"evidence"`
	Supported bool   `json:"supported"`
}

// ComplianceNeed is one thing that a rule asks for, and how it was found.
type ComplianceNeed struct {
	Kind      string        `json:"kind"` // document, text, setting
	Key       string        `json:"key"`
	Name      LocalizedText `json:"name"`
	State     string        `json:"state"`
	StateName LocalizedText `json:"state_name"`
	Until     *calendar.Day `json:"until"` // the last day of the document
}

// Compliance checks products, listings, documents and the seller against what law asks on
// a day, product by product and market by market.
func (e *Engine) Compliance(ctx context.Context, f ComplianceFilter) (*ComplianceView, error) {
	s, err := e.snapshotOrNone(ctx)
	if err != nil {
		return nil, err
	}
	book, err := e.bookFor(f.Market)
	if err != nil {
		return nil, err
	}
	if f.SKU != "" && !knownSKU(s, f.SKU) {
		return nil, fault.New(fault.NotFound, "E-SKU-NOT-FOUND", fault.A("sku", string(f.SKU)))
	}
	day := e.rulesAsOf()
	if f.AsOf != nil {
		day = *f.AsOf
	}
	c := complianceCheck{filter: f, preflight: e.preflight(s, book, day), sales: salesByPlace(s),
		markets: map[commerce.Market]*ComplianceMarket{}, reasons: map[reasonKey]*reasonCount{}, cited: map[string]law.Ref{}}
	for _, at := range c.places() {
		c.add(at)
	}
	v := &ComplianceView{AsOf: day, Rulebook: book.Version(), NotAdvice: notAdvice(), Assumed: []LocalizedText{}, Notes: localizedAll(c.notes(e.config.Seller.Declared))}
	if len(e.config.Seller.Established) == 0 && c.home != "" {
		v.Assumed = append(v.Assumed, localized(messages.M("quote.assumed.home", messages.A("from", string(c.home)))))
	}
	c.fill(v, e.productNames(ctx))
	return v, nil
}

// complianceCheck gathers what is found, place by place.
type complianceCheck struct {
	*preflight
	filter  ComplianceFilter
	sales   map[place]money.Amount
	found   []placeFound
	markets map[commerce.Market]*ComplianceMarket
	reasons map[reasonKey]*reasonCount
	cited   map[string]law.Ref // behind what is shown
}

type placeFound struct {
	place
	outcome  decision.Outcome
	met      int
	findings []compliance.Finding // those that the filter keeps
}

type reasonKey struct {
	key     string
	outcome decision.Outcome
}

type reasonCount struct {
	products int
	finding  compliance.Finding
}

// places are the products and markets to check: where they are sold or listed, and what
// the filter asks about beyond that.
func (c *complianceCheck) places() []place {
	var all []place
	for at := range c.channels {
		if (c.filter.Market == "" || at.market == c.filter.Market) && (c.filter.SKU == "" || at.sku == c.filter.SKU) {
			all = append(all, at)
		}
	}
	if len(all) == 0 && c.filter.Market != "" {
		skus := []commerce.SKU{c.filter.SKU}
		if c.filter.SKU == "" {
			skus = c.snapshot.SKUs()
		}
		if skus == nil { // nothing was sold yet, anywhere
			for _, p := range c.snapshot.Products {
				skus = append(skus, p.SKU)
			}
		}
		for _, sku := range skus {
			all = append(all, place{sku, c.filter.Market})
		}
	}
	slices.SortFunc(all, func(a, b place) int { return cmp.Or(cmp.Compare(a.market, b.market), cmp.Compare(a.sku, b.sku)) })
	return all
}

func (c *complianceCheck) add(at place) {
	m := c.markets[at.market]
	if m == nil {
		m = &ComplianceMarket{Market: at.market, Name: placeName(at.market), Rules: c.rulesOf(at.market)}
		seller := c.Seller(at.market)
		c.cite(seller...)
		m.Outcome, m.Seller = compliance.Worst(seller), complianceFindings(seller)
		c.markets[at.market] = m
	}
	m.Sold = m.Sold || len(c.channels[at]) > 0
	findings := c.check(at.sku, at.market)
	found := placeFound{place: at, outcome: compliance.Worst(findings)}
	switch found.outcome {
	case decision.Block:
		m.Blocked++
	case decision.Warn:
		m.Warned++
	default:
		m.Ready++
	}
	for i := range findings {
		f := &findings[i]
		if f.Outcome == decision.Pass {
			found.met++
		} else {
			key := reasonKey{findingKey(f), f.Outcome}
			if c.reasons[key] == nil {
				c.reasons[key] = &reasonCount{finding: *f}
			}
			c.reasons[key].products++
		}
		if c.filter.keeps(f.Outcome) {
			found.findings = append(found.findings, *f)
		}
	}
	if len(found.findings) > 0 || c.filter.SKU != "" && c.filter.Outcome == "" {
		c.found = append(c.found, found)
	}
}

func (f *ComplianceFilter) keeps(o decision.Outcome) bool {
	if f.Outcome != "" {
		return o == f.Outcome
	}
	return o != decision.Pass || f.SKU != ""
}

// notes say what nobody would guess from the figures.
func (c *complianceCheck) notes(declared []string) (notes []messages.Message) {
	if m := c.markets[c.filter.Market]; m != nil && !m.Sold {
		notes = append(notes, messages.M("comply.note.not-sold", messages.A("market", string(m.Market)), messages.A("n", m.Ready+m.Warned+m.Blocked)))
	}
	var uncovered []string
	for _, m := range slices.Sorted(maps.Keys(c.markets)) {
		if c.markets[m].Rules == 0 {
			uncovered = append(uncovered, string(m))
		}
	}
	if len(uncovered) > 0 {
		notes = append(notes, messages.M("comply.note.uncovered", messages.A("markets", strings.Join(uncovered, ", "))))
	}
	return append(notes, undemanded(c.book, declared)...)
}

// rulesOf counts the requirements of a country and its union, without those of the whole
// world.
func (c *complianceCheck) rulesOf(m commerce.Market) (n int) {
	for r := range c.book.Requirements(m, c.Day()) {
		if r.Jurisdiction != law.World {
			n++
		}
	}
	return n
}

// salesByPlace sums the sales of the last year over channels.
func salesByPlace(s *commerce.Snapshot) map[place]money.Amount {
	sums := map[place]int64{}
	for item, sales := range localization.SalesOf(s) {
		sums[place{item.SKU, item.Market}] += sales.E4()
	}
	sales := make(map[place]money.Amount, len(sums))
	for at, sum := range sums {
		sales[at] = money.FromE4(sum, s.Currency)
	}
	return sales
}
