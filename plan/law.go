package plan

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/law"
	"tradewind/market"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/operations/compliance"
	"tradewind/operations/landed"
	"tradewind/operations/sanctions"
)

// Law is what a plan knows of law: the rules of a day, and what a sale leaves under them.
// The zero Law knows nothing; then nothing is taken off a price, and every decision says
// so.
type Law struct {
	Book       *law.Book
	Calculator *landed.Calculator
	Checker    *compliance.Checker
	Names      *sanctions.Index // nil: no list was loaded, nobody was screened
	Packs      []*market.Pack   // what is known of markets, for listings
	AsOf       calendar.Day
}

// Name tells one law from another: its day and the version of its book.
func (l *Law) Name() string {
	if l.Book == nil {
		return ""
	}
	return l.AsOf.String() + " " + l.Book.Version()
}

// Under returns the survey with the law that its decisions stand under.
func (v *Survey) Under(l Law) *Survey {
	under := *v
	under.Law = l
	return &under
}

// terms are what law leaves of the money that the markets of a site pay.
type terms struct {
	kept    float64 // share of it that reaches the seller: no tax, no import charge that the seller bears
	open    float64 // share of it paid in markets whose charges are not all known
	markets []marketTerms
}

type marketTerms struct {
	market commerce.Market
	paid   float64 // in the reporting currency
	sale   landed.Sale
	unit   landed.Unit
	known  bool // some rule is known there
}

// minor is the share of what is paid below which a market's rules are not listed.
const minor = .02

// termsAt works out the terms of a site over its sales of the days that its price is
// taken from.
func (l *Law) termsAt(s *commerce.Snapshot, seller *commerce.Seller, site Site) terms {
	t := terms{kept: 1}
	if l.Calculator == nil {
		t.open = 1
		return t
	}
	home := homeOf(s, seller, site)
	product := s.Product(site.SKU)
	var paid, kept, open float64
	for _, m := range paidAt(s, site) {
		mt := marketTerms{market: m.market, paid: m.revenue, sale: l.sale(product, seller, home, m, s.Currency)}
		share := 1.0
		if u, err := l.Calculator.Unit(&mt.sale); err == nil {
			mt.unit, mt.known = u, true
			if price := mt.sale.Price.Float(); price > 0 {
				share = min(max(u.Net.Low/price, 0), 1)
			}
		}
		if !mt.known || !mt.unit.Complete {
			open += m.revenue
		}
		paid, kept = paid+m.revenue, kept+share*m.revenue
		t.markets = append(t.markets, mt)
	}
	if paid > 0 {
		t.kept, t.open = kept/paid, open/paid
	}
	slices.SortFunc(t.markets, func(a, b marketTerms) int {
		return cmp.Or(cmp.Compare(b.paid, a.paid), cmp.Compare(a.market, b.market))
	})
	return t
}

// homeOf is the country that a site's goods leave from: where its warehouse stands, or else
// the seller.
func homeOf(s *commerce.Snapshot, seller *commerce.Seller, site Site) commerce.Market {
	for _, w := range s.Warehouses {
		if w.Location == site.Location && w.Country != "" {
			return w.Country
		}
	}
	if len(seller.Established) > 0 {
		return seller.Established[0]
	}
	return ""
}

// Home is where a seller ships from: where it says that it stands, or its first warehouse.
func Home(s *commerce.Snapshot, seller *commerce.Seller) commerce.Market {
	if len(seller.Established) > 0 {
		return seller.Established[0]
	}
	if len(s.Warehouses) > 0 {
		return s.Warehouses[0].Country
	}
	return ""
}

// sale is the usual order of a product in a market. A shop that does not say where it is
// established stands where the goods leave from.
func (l *Law) sale(p *commerce.Product, seller *commerce.Seller, home commerce.Market, m paidIn, currency money.Currency) landed.Sale {
	price, err := money.FromFloat(m.revenue/m.units, currency)
	if err != nil {
		price = money.FromE4(0, currency)
	}
	sale := landed.Sale{
		From: home, To: m.market, Units: commerce.Units(math.Max(1, math.Round(m.units/m.lines))), Price: price,
		IncludesTax: seller.PricesWithTax, Business: seller.Businesses, Incoterm: seller.Incoterm, Transport: seller.Transport,
		Seller: SellerAt(seller, home), Day: l.AsOf,
	}
	if p != nil {
		sale.SKU, sale.HS, sale.Origin, sale.Grams = p.SKU, p.HS, p.Origin, p.Grams
	}
	return sale
}

// SellerAt is a seller as law sees it. One that does not say where it stands does so where
// its goods leave from.
func SellerAt(s *commerce.Seller, home commerce.Market) landed.Seller {
	out := landed.Seller{Established: slices.Clone(s.Established)}
	if len(out.Established) == 0 && home != "" {
		out.Established = []commerce.Market{home}
	}
	for _, r := range s.Registered {
		where, scheme, _ := strings.Cut(r, ":")
		out.Registered = append(out.Registered, landed.Registration{In: commerce.Market(where), Scheme: scheme})
	}
	return out
}

// paidIn is what one market paid for a SKU.
type paidIn struct {
	market                commerce.Market
	revenue, units, lines float64
}

// paidAt sums the sales of a site by market, over the days of its price: the last ninety,
// or all where nothing was sold then.
func paidAt(s *commerce.Snapshot, site Site) []paidIn {
	late, all := map[commerce.Market]paidIn{}, map[commerce.Market]paidIn{}
	lo, hi := s.ItemsOf(site.SKU)
	for i := lo; i < hi; i++ {
		m := s.Items[i].Market
		w := weight(s, site, m)
		a, b := s.Rows(i)
		for r := a; r < b && w > 0; r++ {
			add := paidIn{m, w * float64(s.Sales.Revenue[r]) / 1e4, w * float64(s.Sales.Gross[r]), float64(s.Sales.Lines[r])}
			all[m] = all[m].plus(add)
			if s.AsOf.Sub(s.Sales.Day[r]) < recent {
				late[m] = late[m].plus(add)
			}
		}
	}
	from := all
	for _, p := range late {
		if p.units > 0 {
			from = late
		}
	}
	var list []paidIn
	for _, p := range from {
		if p.units > 0 && p.lines > 0 && p.revenue > 0 {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b paidIn) int { return cmp.Compare(a.market, b.market) })
	return list
}

func (p paidIn) plus(q paidIn) paidIn {
	return paidIn{q.market, p.revenue + q.revenue, p.units + q.units, p.lines + q.lines}
}

// screened names the supplier of an order held against the sanctions lists: a hit stops
// its approval.
func (l *Law) screened(supplier *commerce.Supply) []decision.Check {
	if l.Names == nil || supplier == nil {
		return nil
	}
	return l.Names.Checks(l.Names.ScreenAll(sanctions.Suppliers([]commerce.Supply{*supplier})))
}

// inputs are what an approval compares: were a rule to change what is left of a price,
// it would be stale.
func (l *Law) inputs(seller *commerce.Seller, t terms) []decision.Input {
	var list []decision.Input
	if l.Names != nil {
		list = l.Names.Inputs()
	}
	if l.Calculator == nil {
		return list
	}
	return append(list, input("landed.kept", number(math.Round(t.kept*1e6)/1e6), commerce.Provenance{
		Source: "rules " + l.AsOf.String(), AsOf: l.AsOf, Assumed: seller.IsZero()}))
}

// lawCheck warns where money rests on charges that are not all known.
func (v *Survey) lawCheck(t terms) decision.Check {
	c := decision.Check{Name: messages.M("plan.check.landed"), Outcome: decision.Pass, Limit: "0", Value: number(math.Round(t.open*1e4) / 1e4)}
	if t.open > 0 {
		c.Outcome = decision.Warn
	}
	return c
}

// rulesOf cites the rules behind the terms of the markets that pay most of the money.
func (l *Law) rulesOf(t terms) []law.Ref {
	var refs []law.Ref
	paid := 0.0
	for _, m := range t.markets {
		paid += m.paid
	}
	for _, m := range t.markets {
		if !m.known || m.paid < minor*paid {
			continue
		}
		q, err := l.Calculator.Quote(m.sale.Consignment())
		if err != nil {
			continue // Unit answered the same question
		}
		for _, c := range q.Charges {
			refs = cite(refs, c.Rules)
		}
	}
	return refs
}

// cite adds the rules that are not cited yet.
func cite(refs, more []law.Ref) []law.Ref {
	for _, r := range more {
		if !slices.ContainsFunc(refs, func(known law.Ref) bool { return known.ID == r.ID }) {
			refs = append(refs, r)
		}
	}
	return refs
}

// LawChanges says which of the rules that a proposal rests on no longer stand as they did:
// corrected, withdrawn, or over, as "rule ID: 1 → 2".
func LawChanges(p *decision.Proposal, l Law) []string {
	var list []string
	day, _, _ := strings.Cut(p.Run.Rules, " ")
	then, err := calendar.ParseDay(day)
	for _, was := range p.Rules {
		now := "?"
		held := err == nil && !then.Before(was.From) && (was.To == nil || !was.To.Before(then))
		if r, ok := l.Book.Rule(was.ID); ok && (r.On(l.AsOf) || !held) {
			if now = strconv.Itoa(r.Version); r.Version == was.Version && r.Status == was.Status {
				continue
			}
		}
		list = append(list, "rule "+was.ID+": "+strconv.Itoa(was.Version)+" → "+now)
	}
	return list
}
