package plan

import (
	"slices"
	"strconv"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
	"tradewind/messages"
	"tradewind/operations/compliance"
	"tradewind/operations/expansion"
)

// CheckerOf makes the checker of what law asks of a shop's sales on a day.
func CheckerOf(book *law.Book, s *commerce.Snapshot, seller *commerce.Seller, day calendar.Day) *compliance.Checker {
	who := compliance.Seller{Established: Home(s, seller), BusinessesOnly: seller.Businesses, Practices: map[string]bool{}, Declared: map[string]bool{}}
	for _, word := range seller.Declared {
		word, denied := strings.CutPrefix(word, "no:")
		who.Practices[word], who.Declared[word] = !denied, !denied
	}
	return compliance.New(book, who, s.Documents, day)
}

// Question asks the checker about an item of a snapshot.
func Question(s *commerce.Snapshot, item commerce.Item, from commerce.Market) compliance.Question {
	q := compliance.Question{Item: item, Product: s.Product(item.SKU), ShippedFrom: from}
	lo, _ := slices.BinarySearchFunc(s.Listings, item, func(l commerce.Listing, it commerce.Item) int { return l.Item.Compare(it) })
	for _, l := range s.Listings[lo:] {
		if l.Item != item {
			break
		}
		q.Listings = append(q.Listings, l)
	}
	return q
}

// asked is what law asks of a site's product in one of the markets that pay for it.
type asked struct {
	market   commerce.Market
	paid     float64
	findings []compliance.Finding
}

// asks goes through the markets of a site that pay enough to matter, most first.
func (v *Survey) asks(m *Menu) []asked {
	if v.Law.Checker == nil {
		return nil
	}
	paid := 0.0
	for _, mt := range m.terms.markets {
		paid += mt.paid
	}
	from := homeOf(v.Snapshot, &v.Config.Seller, m.Site)
	var list []asked
	for _, mt := range m.terms.markets {
		if mt.paid < minor*paid {
			continue
		}
		item := commerce.Item{SKU: m.Site.SKU, Market: mt.market, Channel: v.channelOf(m.Site.SKU, mt.market)}
		list = append(list, asked{mt.market, mt.paid / paid, v.Law.Checker.Item(Question(v.Snapshot, item, from))})
	}
	return list
}

// channelOf is the first channel on which a SKU is sold in a market.
func (v *Survey) channelOf(sku commerce.SKU, m commerce.Market) commerce.Channel {
	lo, hi := v.Snapshot.ItemsOf(sku)
	for i := lo; i < hi; i++ {
		if v.Snapshot.Items[i].Market == m {
			return v.Snapshot.Items[i].Channel
		}
	}
	return ""
}

// lawChecks tell a person what law asks and is not met, one check a market. Goods that may
// be sold in none of the markets that pay for them are blocked; where some may still buy,
// the order stands under a warning.
func (v *Survey) lawChecks(all []asked) []decision.Check {
	open := slices.ContainsFunc(all, func(a asked) bool { return compliance.Worst(a.findings) != decision.Block })
	var list []decision.Check
	for _, a := range all {
		worst := compliance.Worst(a.findings)
		if worst == decision.Pass {
			continue
		}
		var ids []string
		for i := range a.findings {
			switch f := &a.findings[i]; {
			case f.Outcome != worst:
			case f.Unknown != "":
				ids = append(ids, "? "+f.Unknown)
			default:
				ids = append(ids, f.Rules[0].ID)
			}
		}
		c := decision.Check{Name: messages.M("plan.check.law", messages.A("market", countryOf(a.market)), messages.A("share", messages.Percent(a.paid))),
			Outcome: worst, Limit: "", Value: strings.Join(ids, " ")}
		if c.Outcome == decision.Block && open {
			c.Outcome = decision.Warn
		}
		list = append(list, c)
	}
	return list
}

// applied cites the rules that are known to apply; what hangs on something unsaid is named
// by what is to be said.
func (a *asked) applied() []law.Ref {
	var refs []law.Ref
	for i := range a.findings {
		if a.findings[i].Unknown == "" {
			refs = append(refs, a.findings[i].Rules...)
		}
	}
	return refs
}

// entryBasket is how many of the shop's best sellers stand for what a new market would be
// offered.
const entryBasket = 20

// entryChecks hold the seller, and what the shop sells most of, against the law of a market
// to enter. What forbids all of it, or the seller itself, stops the entry; a market of which
// no such rule is known is told apart from one whose rules are met.
func (v *Survey) entryChecks(e *expansion.Entry) []decision.Check {
	if v.Law.Checker == nil {
		return nil
	}
	list := slices.DeleteFunc(v.Law.Checker.Checks(v.Law.Checker.Seller(e.Market)), func(c decision.Check) bool { return c.Outcome == decision.Pass })
	from := Home(v.Snapshot, &v.Config.Seller)
	var asked, warned, blocked, ruled int
	var ids []string
	for _, sku := range v.bestSellers(entryBasket) {
		found := v.Law.Checker.Item(Question(v.Snapshot, commerce.Item{SKU: sku, Market: e.Market, Channel: e.Channel}, from))
		asked, ruled = asked+1, ruled+len(found)
		switch compliance.Worst(found) {
		case decision.Block:
			blocked++
			ids = append(ids, string(sku))
		case decision.Warn:
			warned++
		}
	}
	c := decision.Check{Name: messages.M("plan.check.basket", messages.A("n", asked)), Outcome: passIf(warned+blocked == 0 && ruled > 0),
		Limit: strconv.Itoa(asked), Value: strconv.Itoa(asked - warned - blocked)}
	switch {
	case ruled == 0:
		c.Name = messages.M("plan.check.no-rules")
		c.Limit, c.Value = "", ""
	case blocked == asked && asked > 0:
		c.Outcome = decision.Block
	}
	if blocked > 0 {
		c.Value += " (" + strings.Join(ids, " ") + ")"
	}
	return append(list, c)
}

// bestSellers are the SKUs that took the most in the last 365 days.
func (v *Survey) bestSellers(n int) []commerce.SKU {
	var skus []commerce.SKU
	for _, one := range basketsOf(v.Snapshot).of("") {
		if len(skus) < n {
			skus = append(skus, one.sku)
		}
	}
	return skus
}

// itemChecks hold one item against the law of its market.
func (v *Survey) itemChecks(item commerce.Item) []decision.Check {
	if v.Law.Checker == nil {
		return nil
	}
	from := Home(v.Snapshot, &v.Config.Seller)
	return v.lawChecks([]asked{{item.Market, 1, v.Law.Checker.Item(Question(v.Snapshot, item, from))}})
}
