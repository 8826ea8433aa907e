package landed

import (
	"cmp"
	"maps"
	"regexp"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/law"
	"tradewind/money"
)

// regimeKey is what rules are looked up by: a destination and the day that the rule goes
// by.
type regimeKey struct {
	place commerce.Market
	day   calendar.Day
}

// ruled is the parameters of a rule and the rule.
type ruled[P law.Params] struct {
	p P
	r *law.Rule
}

// regime is the rules of a destination on a day, read once.
type regime struct {
	place commerce.Market
	day   calendar.Day

	rates    []ruled[law.TaxRate]
	zones    []zone
	customs  []ruled[law.Customs] // the nearest, confirmed ones first
	duty     []ruled[law.DutyRelief]
	tax      []ruled[law.TaxRelief]
	sale     []ruled[law.SaleTax]
	deemed   []ruled[law.DeemedSupplier]
	flat     []ruled[law.FlatDuty]
	fees     []ruled[law.ParcelFee]
	simple   []ruled[law.Simplified]
	extra    []ruled[law.Surcharge]
	register []ruled[law.Registration]
	rounding [3]*ruled[law.Rounding]

	// Reliefs that the book begins with on a later day: before it nobody here knows.
	dutyLater []ruled[law.DutyRelief]
	taxLater  []ruled[law.TaxRelief]
	noRelief  bool // the book has none of any day

	tables  map[table]taxes     // of every class and region that the rates name, and of none
	spreads map[string][2]taxes // by class: the least and the greatest over the regions
	regions bool                // some rates hold in a region only
	any     bool
}

// What is rounded.
const (
	ofDuty = iota
	ofTax
	ofValue
)

var roundingOf = map[string]int{"duty": ofDuty, "tax": ofTax, "value": ofValue}

// zone is a tax zone with its pattern compiled.
type zone struct {
	ruled[law.TaxZone]
	postcodes *regexp.Regexp // nil: any
}

func collect[P law.Params](b *law.Book, place commerce.Market, day calendar.Day) []ruled[P] {
	var all []ruled[P]
	for r, p := range law.In[P](b, place, day) {
		all = append(all, ruled[P]{p, r})
	}
	// What is confirmed comes before what is not, and of both the nearer law before the
	// wider one.
	slices.SortStableFunc(all, func(x, y ruled[P]) int {
		return cmp.Or(cmp.Compare(unsure(x.r), unsure(y.r)), cmp.Compare(away(place, x.r), away(place, y.r)))
	})
	return all
}

// later finds the first reliefs of a place where the book has none yet on a day. One that
// ended is not among them: that there is none any more is known.
func later[P law.Params](b *law.Book, now []ruled[P], place commerce.Market, day calendar.Day) (first []ruled[P]) {
	if len(now) > 0 {
		return nil
	}
	for _, r := range b.All() {
		p, ok := r.Params.(P)
		if !ok || r.Status == law.Proposed || !b.Within(place, r.Jurisdiction, r.From) {
			continue
		}
		if !day.Before(r.From) {
			return nil
		}
		if len(first) > 0 && r.From.Before(first[0].r.From) {
			first = first[:0]
		}
		if len(first) == 0 || r.From == first[0].r.From {
			first = append(first, ruled[P]{p, r})
		}
	}
	return first
}

func unsure(r *law.Rule) int {
	if r.Supported() {
		return 0
	}
	return 1
}

func away(place commerce.Market, r *law.Rule) int {
	if r.Jurisdiction == place {
		return 0
	}
	return 1
}

// regime returns the rules of a place on a day.
func (k *Calculator) regime(place commerce.Market, day calendar.Day) *regime {
	key := regimeKey{place, day}
	if known, ok := k.regimes.Load(key); ok {
		return known.(*regime)
	}
	g := &regime{
		place: place, day: day,
		rates:    collect[law.TaxRate](k.book, place, day),
		customs:  collect[law.Customs](k.book, place, day),
		duty:     collect[law.DutyRelief](k.book, place, day),
		tax:      collect[law.TaxRelief](k.book, place, day),
		sale:     collect[law.SaleTax](k.book, place, day),
		deemed:   collect[law.DeemedSupplier](k.book, place, day),
		flat:     collect[law.FlatDuty](k.book, place, day),
		fees:     collect[law.ParcelFee](k.book, place, day),
		simple:   collect[law.Simplified](k.book, place, day),
		extra:    collect[law.Surcharge](k.book, place, day),
		register: collect[law.Registration](k.book, place, day),
	}
	for _, z := range collect[law.TaxZone](k.book, place, day) {
		var pattern *regexp.Regexp
		if z.p.Postcodes != "" {
			pattern = regexp.MustCompile("^(?:" + z.p.Postcodes + ")$") // the reader of packs has compiled it before
		}
		g.zones = append(g.zones, zone{z, pattern})
	}
	for _, r := range collect[law.Rounding](k.book, place, day) {
		if at := roundingOf[r.p.Of]; g.rounding[at] == nil && r.r.Supported() {
			g.rounding[at] = &r
		}
	}
	g.any = len(g.rates)+len(g.customs)+len(g.duty)+len(g.tax)+len(g.sale)+len(g.simple) > 0
	g.tabulate()
	g.dutyLater, g.taxLater = later(k.book, g.duty, place, day), later(k.book, g.tax, place, day)
	g.noRelief = len(g.duty)+len(g.tax)+len(g.dutyLater)+len(g.taxLater)+len(g.flat)+len(g.simple) == 0
	known, _ := k.regimes.LoadOrStore(key, g)
	return known.(*regime)
}

// tax is a rate that applies.
type tax struct {
	name   string
	share  Share
	inside bool
	rule   *law.Rule
}

// taxes are the rates of one class of goods in one region, one a tax.
type taxes struct {
	all   []tax
	total Share // of those that are not part of their own base
	known bool  // there is at least one
}

// table names the rates of a class of goods in a region; "" is the country without one.
type table struct{ class, region string }

// tabulate works out what the rates of the regime can be asked for.
func (g *regime) tabulate() {
	classes, regions := map[string]bool{standard: true}, map[string]bool{"": true}
	for _, r := range g.rates {
		classes[r.p.Class], regions[r.p.Region] = true, true
	}
	g.regions = len(regions) > 1
	g.tables, g.spreads = map[table]taxes{}, map[string][2]taxes{}
	for class := range classes {
		for region := range regions {
			g.tables[table{class, region}] = g.pick(class, region)
		}
		least, greatest := g.spread(class, slices.Sorted(maps.Keys(regions)))
		g.spreads[class] = [2]taxes{least, greatest}
	}
}

// taxesOf returns the rates of a class of goods in a region.
func (g *regime) taxesOf(class, region string) taxes {
	if t, ok := g.tables[table{class, region}]; ok {
		return t
	}
	return g.pick(class, region)
}

// pick finds the rates of a class of goods in a region, one a tax: what is said of the
// class comes before what is said of all goods, a region's own rate before the country's,
// and a confirmed one before one that is not. It is not known where no rule speaks of the
// class.
func (g *regime) pick(class, region string) taxes {
	var t taxes
	for _, of := range [...][2]string{{class, region}, {class, ""}, {standard, region}, {standard, ""}} {
		for i := range g.rates {
			r := &g.rates[i]
			if r.p.Class != of[0] || r.p.Region != of[1] {
				continue
			}
			t.known = t.known || of[0] == class
			t.take(r)
		}
	}
	for _, x := range t.all {
		if !x.inside && x.name != salesTax {
			t.total += x.share
		}
	}
	return t
}

const (
	standard = "standard"
	salesTax = "sales_tax" // due at the sale where the seller or the marketplace collects it, never at the border
)

// take adds a rate, unless the tax has one of a higher rank.
func (t *taxes) take(r *ruled[law.TaxRate]) {
	if !slices.ContainsFunc(t.all, func(x tax) bool { return x.name == r.p.Tax }) {
		t.all = append(t.all, tax{r.p.Tax, ShareOf(r.p.Rate), r.p.Inside, r.r})
	}
}

// spread finds the regions with the least and with the greatest tax, for a destination of
// which the region is not known. The country as a whole counts where it has a rate.
func (g *regime) spread(class string, regions []string) (least, greatest taxes) {
	for _, region := range regions {
		t := g.tables[table{class, region}]
		if !t.known {
			continue
		}
		if !least.known || t.sum() < least.sum() {
			least = t
		}
		if !greatest.known || t.sum() > greatest.sum() {
			greatest = t
		}
	}
	return least, greatest
}

func (t *taxes) sum() (s Share) {
	for _, x := range t.all {
		s += x.share
	}
	return s
}

// zoneOf finds the zone that an address lies in.
func (g *regime) zoneOf(region, postcode string) *zone {
	for i := range g.zones {
		z := &g.zones[i]
		switch {
		case z.p.Region == "" && z.postcodes == nil:
		case z.p.Region != "" && z.p.Region == region && (z.postcodes == nil || postcode == "" || z.postcodes.MatchString(postcode)):
			return z
		case (z.p.Region == "" || region == "") && z.postcodes != nil && postcode != "" && z.postcodes.MatchString(postcode):
			return z
		}
	}
	return nil
}

// roundingFor returns how an authority rounds; the minor unit, halves up, where no rule
// says otherwise.
func (g *regime) roundingFor(what int, quote money.Currency) (rounding, *law.Rule) {
	if r := g.rounding[what]; r != nil {
		return rounding{r.p.To.E4(), r.p.To.Currency(), modes[r.p.Mode]}, r.r
	}
	return rounding{step: minorStep(quote), mode: halfUp}, nil
}
