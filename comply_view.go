package tradewind

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/compliance"
)

// fill puts what was found into the view: markets by code, reasons by what they hold up,
// products worst first.
func (c *complianceCheck) fill(v *ComplianceView, names map[commerce.SKU]string) {
	v.Markets, v.Reasons, v.Products, v.Rules = []ComplianceMarket{}, []ComplianceReason{}, []ComplianceItem{}, []RuleCited{}
	for _, m := range slices.Sorted(maps.Keys(c.markets)) {
		v.Markets = append(v.Markets, *c.markets[m])
	}
	for key, r := range c.reasons {
		c.cite(r.finding)
		v.Reasons = append(v.Reasons, ComplianceReason{key.outcome, r.products, complianceFinding(&r.finding)})
	}
	slices.SortFunc(v.Reasons, func(a, b ComplianceReason) int {
		return cmp.Or(cmp.Compare(gravity(b.Outcome), gravity(a.Outcome)), cmp.Compare(b.Products, a.Products), cmp.Compare(a.Finding.Key, b.Finding.Key))
	})
	slices.SortStableFunc(c.found, func(a, b placeFound) int {
		return cmp.Or(cmp.Compare(gravity(b.outcome), gravity(a.outcome)), cmp.Compare(c.sales[b.place].E4(), c.sales[a.place].E4()))
	})
	v.Found = len(c.found)
	if n := c.filter.Limit; n > 0 && n < len(c.found) {
		c.found = c.found[:n]
	}
	for _, p := range c.found {
		c.cite(p.findings...)
		sales, sold := c.sales[p.place]
		if !sold {
			sales = money.FromE4(0, c.snapshot.Currency)
		}
		v.Products = append(v.Products, ComplianceItem{SKU: p.sku, Name: names[p.sku], Market: p.market,
			Outcome: p.outcome, Met: p.met, Sales: sales, Findings: complianceFindings(p.findings)})
	}
	for _, id := range slices.Sorted(maps.Keys(c.cited)) {
		v.Rules = append(v.Rules, cited([]law.Ref{c.cited[id]})...)
	}
}

// cite keeps the rules behind findings that are shown, each once.
func (c *complianceCheck) cite(findings ...compliance.Finding) {
	for i := range findings {
		for _, r := range findings[i].Rules {
			c.cited[r.ID] = r
		}
	}
}

func ruleRefs(refs []law.Ref) []RuleRef {
	out := []RuleRef{}
	for _, r := range refs {
		out = append(out, RuleRef{r.ID, r.Version, string(r.Status), string(r.Evidence), r.Supported()})
	}
	return out
}

func complianceFindings(findings []compliance.Finding) []ComplianceFinding {
	out := []ComplianceFinding{}
	for i := range findings {
		out = append(out, complianceFinding(&findings[i]))
	}
	return out
}

func complianceFinding(f *compliance.Finding) ComplianceFinding {
	v := ComplianceFinding{Key: findingKey(f), Topic: string(f.Topic), Outcome: f.Outcome, Rules: ruleRefs(f.Rules), Unknown: f.Unknown != "",
		Needs: []ComplianceNeed{}, Owner: f.Owner, Prohibited: f.Prohibited, Unconfirmed: f.Unconfirmed, Remedy: ruleText(f.Remedy)}
	if f.Owner != "" {
		v.OwnerName = localized(messages.M("comply.owner." + f.Owner))
	}
	if v.Unknown {
		v.Text = localized(messages.M("comply.unknown", messages.A("what", f.Asks()), messages.A("n", len(f.Rules))))
		word, detail, _ := strings.Cut(f.Unknown, ".")
		v.Remedy = localized(messages.M("comply.say."+word, messages.A("word", detail)))
	} else {
		v.Text = ruleText(f.Rules[0].Title)
	}
	for _, n := range f.Needs {
		need := ComplianceNeed{Kind: string(n.Kind), Key: n.Key, Name: localized(n.Name()),
			State: string(n.State), StateName: localized(n.State.Name())}
		if n.Until != (calendar.Day{}) {
			need.Until = &n.Until
		}
		v.Needs = append(v.Needs, need)
	}
	return v
}

// undemanded names the words of seller.declared that no rule asks for: most are slips of
// the pen, and what they were to say stays unsaid.
func undemanded(book *law.Book, declared []string) (notes []messages.Message) {
	asked := map[string]bool{}
	for _, r := range book.All() {
		if q, ok := r.Params.(law.Requirement); ok {
			for _, word := range append(slices.Clone(q.Settings), q.Practices...) {
				asked[word] = true
			}
		}
	}
	for _, word := range declared {
		if !asked[strings.TrimPrefix(word, "no:")] {
			notes = append(notes, messages.M("comply.note.undemanded", messages.A("word", word)))
		}
	}
	return notes
}
