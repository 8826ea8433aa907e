// Package compliance checks a product, its listing and its seller against what law asks
// of a sale in a country on a day, before the sale: what is missing, who has to do what,
// and what nobody knows yet.
//
// It is not legal advice. It computes no money (operations/landed does), screens no names
// (operations/sanctions does), and reads no meaning: of a text it knows only whether the
// words are there that such a text has.
//
// Before it: law, whose requirements it applies, and decision. After it: plan.
package compliance

import (
	"cmp"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
)

// Seller is what the seller says of the business. What is left out is not known.
type Seller struct {
	Established    commerce.Market // where; "" is not known
	BusinessesOnly bool            // sells to no consumers

	Practices map[string]bool    // what it does or does not do: "personalised_prices"
	Declared  map[string]bool    // what it has or has not in place: "withdrawal_function"
	Counters  map[string]float64 // "cn_persons_exported": in this calendar year
}

// Question is a product on a channel in a country.
type Question struct {
	Item        commerce.Item
	Product     *commerce.Product  // nil is not known
	Listings    []commerce.Listing // of the item, in all its languages
	ShippedFrom commerce.Market    // country of the warehouse; "" is not known
}

// Finding is what one rule asks and what was found, or one thing that is not known and
// the rules that hang on it.
type Finding struct {
	Topic   law.Topic        `json:"topic,omitempty"`
	Outcome decision.Outcome `json:"outcome"`
	Rules   []law.Ref        `json:"rules"`             // one, unless something is unknown
	Unknown string           `json:"unknown,omitempty"` // what has to be said: "traits", "hs", "shipped_from", "seller", "practice.…", "counter.…"
	Needs   []Need           `json:"needs,omitempty"`
	Owner   string           `json:"owner,omitempty"`
	Remedy  law.Text         `json:"remedy,omitzero"`

	Prohibited  bool `json:"prohibited,omitempty"`  // nothing mends it
	Unconfirmed bool `json:"unconfirmed,omitempty"` // the rule is not known well enough to block
}

// Checker answers questions as of one day.
type Checker struct {
	book      *law.Book
	seller    Seller
	day       calendar.Day
	documents map[string][]commerce.Document // by kind
}

// New makes a Checker of a seller's documents.
func New(book *law.Book, seller Seller, documents []commerce.Document, day calendar.Day) *Checker {
	c := &Checker{book: book, seller: seller, day: day, documents: map[string][]commerce.Document{}}
	for _, d := range documents {
		c.documents[d.Kind] = append(c.documents[d.Kind], d)
	}
	return c
}

// Day is the day that every answer is as of.
func (c *Checker) Day() calendar.Day { return c.day }

// Item finds what law asks of a product on a channel in a country: worst first, then in
// the order of the book. A rule that does not apply, or not yet, gives no finding.
func (c *Checker) Item(q Question) []Finding { return c.check(&q, false) }

// Seller finds what law asks of the seller in a country, whatever the product.
func (c *Checker) Seller(market commerce.Market) []Finding {
	return c.check(&Question{Item: commerce.Item{Market: market}}, true)
}

func (c *Checker) check(q *Question, seller bool) []Finding {
	var found, unknown []Finding
	for rule, r := range c.book.Requirements(q.Item.Market, c.day) {
		if ofSeller(&r) != seller {
			continue
		}
		applies, what := c.applies(&r, q)
		if applies == no {
			continue
		}
		f := c.judge(rule, &r, q)
		if applies == yes || f.Outcome == decision.Pass {
			found = append(found, f)
			continue
		}
		at := slices.IndexFunc(unknown, func(u Finding) bool { return u.Unknown == what })
		if at < 0 {
			unknown = append(unknown, Finding{Outcome: decision.Warn, Unknown: what, Owner: "seller"})
			at = len(unknown) - 1
		}
		unknown[at].Rules = append(unknown[at].Rules, rule.Ref())
	}
	found = append(found, unknown...)
	slices.SortStableFunc(found, func(a, b Finding) int { return cmp.Compare(rank(b.Outcome), rank(a.Outcome)) })
	return found
}

// rank orders outcomes from good to bad.
func rank(o decision.Outcome) int {
	return slices.Index([]decision.Outcome{decision.Pass, decision.Warn, decision.Block}, o)
}

// Worst is the worst outcome of some findings; Pass where there are none.
func Worst(findings []Finding) decision.Outcome {
	worst := decision.Pass
	for i := range findings {
		if rank(findings[i].Outcome) > rank(worst) {
			worst = findings[i].Outcome
		}
	}
	return worst
}

// judge holds what a rule asks for against what is there.
func (c *Checker) judge(rule *law.Rule, r *law.Requirement, q *Question) Finding {
	f := Finding{Topic: r.About, Outcome: decision.Pass, Rules: []law.Ref{rule.Ref()}, Owner: r.Owner, Remedy: r.Remedy,
		Prohibited: r.Prohibits, Unconfirmed: !rule.Supported()}
	for _, kind := range r.Documents {
		f.Needs = append(f.Needs, c.document(kind, r.PerPlace, q))
	}
	for _, key := range r.Texts {
		f.Needs = append(f.Needs, listed(key, q))
	}
	for _, key := range r.Settings {
		f.Needs = append(f.Needs, c.declared(key))
	}
	fails := r.Prohibits
	for _, n := range f.Needs {
		switch {
		case n.State.fails():
			fails = true
		case n.State != Held:
			f.Outcome = decision.Warn
		}
	}
	if fails {
		f.Outcome = decision.Warn
		if r.Missing == "block" && !f.Unconfirmed {
			f.Outcome = decision.Block
		}
	}
	return f
}
