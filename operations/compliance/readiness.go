package compliance

import (
	"cmp"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
	"tradewind/messages"
)

// Readiness says how many products of a country are ready to be sold there.
type Readiness struct {
	Market  commerce.Market `json:"market"`
	AsOf    calendar.Day    `json:"as_of"`
	Ready   int             `json:"ready"`   // items without a warning
	Warned  int             `json:"warned"`  // with warnings, without a block
	Blocked int             `json:"blocked"` // with a block
	Seller  []Finding       `json:"seller"`  // what the seller has to do, whatever the product
	Reasons []Reason        `json:"reasons"` // worst first, then by items
}

// Reason is a rule, or a thing that is not known, and the items that it holds up.
type Reason struct {
	Key     string           `json:"key"` // ID of the rule, or what is unknown
	Outcome decision.Outcome `json:"outcome"`
	Items   int              `json:"items"`
}

// Readiness checks the items of a country; questions on others are left out.
func (c *Checker) Readiness(market commerce.Market, questions []Question) Readiness {
	r := Readiness{Market: market, AsOf: c.day, Seller: c.Seller(market)}
	at := map[Reason]int{}
	for i := range questions {
		if questions[i].Item.Market != market {
			continue
		}
		found := c.Item(questions[i])
		switch Worst(found) {
		case decision.Block:
			r.Blocked++
		case decision.Warn:
			r.Warned++
		default:
			r.Ready++
		}
		for k := range found {
			if f := &found[k]; f.Outcome != decision.Pass {
				at[Reason{Key: f.key(), Outcome: f.Outcome}]++
			}
		}
	}
	for reason, items := range at {
		reason.Items = items
		r.Reasons = append(r.Reasons, reason)
	}
	slices.SortFunc(r.Reasons, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(rank(b.Outcome), rank(a.Outcome)), cmp.Compare(b.Items, a.Items), cmp.Compare(a.Key, b.Key))
	})
	return r
}

// key is what a finding is about.
func (f *Finding) key() string {
	if f.Unknown != "" {
		return f.Unknown
	}
	return f.Rules[0].ID
}

// Checks are the findings as checks of a proposal, so that a block stops its approval:
// one for each that is not met, and one that counts those that are.
func (c *Checker) Checks(findings []Finding) []decision.Check {
	var out []decision.Check
	met := 0
	for i := range findings {
		f := &findings[i]
		if f.Outcome == decision.Pass {
			met++
			continue
		}
		check := decision.Check{Name: f.Says(), Outcome: f.Outcome, Limit: f.ids(), Value: f.states()}
		if f.Unknown != "" {
			check.Value = f.Unknown
		}
		out = append(out, check)
	}
	return append(out, decision.Check{Name: messages.M("compliance.check.met", messages.A("n", met), messages.A("day", c.day)), Outcome: decision.Pass, Limit: c.day.String()})
}

// Says is the finding in a sentence.
func (f *Finding) Says() messages.Message {
	switch {
	case f.Unknown != "":
		return messages.M("compliance.check.unknown", messages.A("what", f.Asks()), messages.A("n", len(f.Rules)))
	case f.Outcome == decision.Pass:
		return messages.M("compliance.check.pass", messages.A("rule", f.key()))
	case f.Prohibited:
		return messages.M("compliance.check.prohibited", messages.A("rule", f.key()))
	}
	n := f.unmet()
	return messages.M("compliance.check.unmet", messages.A("rule", f.key()), messages.A("need", n.Name()), messages.A("state", n.State.Name()))
}

// Rules are the rules that some findings rest on, by ID, each once.
func Rules(findings []Finding) []law.Ref {
	var out []law.Ref
	for i := range findings {
		out = append(out, findings[i].Rules...)
	}
	slices.SortFunc(out, func(a, b law.Ref) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(out, func(a, b law.Ref) bool { return a.ID == b.ID })
}

// Asks says in words what has to be said where something is unknown.
func (f *Finding) Asks() messages.Message {
	word, detail, _ := strings.Cut(f.Unknown, ".")
	switch word {
	case "traits":
		return messages.M("compliance.asks.traits")
	case "hs":
		return messages.M("compliance.asks.hs")
	case "shipped_from":
		return messages.M("compliance.asks.shipped_from")
	case "seller":
		return messages.M("compliance.asks.seller")
	case "practice":
		return messages.M("compliance.asks.practice", messages.A("practice", detail))
	}
	return messages.M("compliance.asks.counter", messages.A("counter", detail))
}

// unmet is the first need that is not held, those that fail before those not known.
func (f *Finding) unmet() Need {
	for _, n := range f.Needs {
		if n.State.fails() {
			return n
		}
	}
	for _, n := range f.Needs {
		if n.State != Held {
			return n
		}
	}
	return Need{}
}

func (f *Finding) ids() string {
	var ids []string
	for _, r := range f.Rules {
		ids = append(ids, r.ID)
	}
	return strings.Join(ids, " ")
}

func (f *Finding) states() string {
	var out []string
	for _, n := range f.Needs {
		out = append(out, n.Key+" "+string(n.State))
	}
	return strings.Join(out, ", ")
}
