package plan

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/operations/demand"
)

// Override is what a person expects of a SKU in a market, in place of the model. What it
// says of a day was settled when it was made, so that no later forecast changes it.
type Override struct {
	ID     string
	Seq    int // of two on one day the later one counts
	SKU    commerce.SKU
	Market commerce.Market
	From   calendar.Day
	Units  []float64 // a day, from From on
	By     string
	Reason string
	Made   calendar.Day
}

// To is the last day.
func (o Override) To() calendar.Day { return o.From.AddDays(len(o.Units) - 1) }

// Total is the sum over all its days.
func (o Override) Total() float64 {
	sum := 0.0
	for _, u := range o.Units {
		sum += u
	}
	return sum
}

// Overridden returns the survey with what people expect in place of the model.
func (v *Survey) Overridden(list []Override) *Survey {
	with := *v
	with.Overrides = slices.Clone(list)
	slices.SortFunc(with.Overrides, func(a, b Override) int { return cmp.Compare(a.Seq, b.Seq) })
	return &with
}

// said is what still counts of one override.
type said struct {
	Override
	ahead map[int]float64 // units by coming day, 0 for the day after the facts
}

// saidOf returns what still counts of the overrides of a SKU, by market: the coming days
// on which no later override speaks. share is the share of a market's demand that is asked
// for; markets of no share are left out.
func saidOf(s *commerce.Snapshot, list []Override, sku commerce.SKU, share func(commerce.Market) float64) []said {
	type place struct {
		market commerce.Market
		day    int
	}
	var all []said
	taken := map[place]bool{}
	for _, o := range slices.Backward(list) {
		if o.SKU != sku || share(o.Market) == 0 {
			continue
		}
		ahead := map[int]float64{}
		for d, units := range o.Units {
			t := o.From.AddDays(d).Sub(s.AsOf) - 1
			if at := (place{o.Market, t}); t >= 0 && !taken[at] {
				ahead[t], taken[at] = units, true
			}
		}
		if len(ahead) > 0 {
			all = append(all, said{o, ahead})
		}
	}
	slices.SortFunc(all, func(a, b said) int { return cmp.Or(cmp.Compare(a.Market, b.Market), cmp.Compare(a.Seq, b.Seq)) })
	return all
}

// Revise replaces, in the outlook of a SKU over some markets, each overridden market's
// part of the mean by what people expect there. share is the market's share that the
// outlook holds. Without an override it is nil.
func (v *Survey) Revise(o *demand.Outlook, sku commerce.SKU, share func(commerce.Market) float64) *demand.Revised {
	all := saidOf(v.Snapshot, v.Overrides, sku, share)
	if len(all) == 0 {
		return nil
	}
	means := make([]float64, len(v.Demand.Ahead()))
	for t := range means {
		means[t] = o.Mean(t, t+1)
	}
	models := map[commerce.Market]*demand.Outlook{}
	for _, part := range all {
		model := models[part.Market]
		if model == nil {
			model = v.Demand.Outlook(SeriesOf(v.Snapshot, sku, func(m commerce.Market) bool { return m == part.Market }))
			models[part.Market] = model
		}
		w := share(part.Market)
		for t, units := range part.ahead {
			if t < len(means) {
				means[t] = math.Max(0, means[t]-w*model.Mean(t, t+1)) + w*units
			}
		}
	}
	return o.Revise(means)
}

// SeriesOf is the demand a day of a SKU over the markets that count, all channels together.
func SeriesOf(s *commerce.Snapshot, sku commerce.SKU, counts func(commerce.Market) bool) demand.Series {
	return seriesOf(s, sku, func(m commerce.Market) float64 {
		if counts(m) {
			return 1
		}
		return 0
	})
}

// seriesOf is the demand a day of a SKU, of each market its share.
func seriesOf(s *commerce.Snapshot, sku commerce.SKU, share func(commerce.Market) float64) demand.Series {
	var items []demand.Series
	var shares []float64
	lo, hi := s.ItemsOf(sku)
	for i := lo; i < hi; i++ {
		if w := share(s.Items[i].Market); w > 0 {
			items, shares = append(items, demand.SeriesOf(s, i)), append(shares, w)
		}
	}
	if len(items) == 0 {
		return demand.NewSeries(s.From, s.AsOf)
	}
	return demand.Sum(items, shares)
}

// served is the share of each market's demand that falls to a site.
func served(s *commerce.Snapshot, site Site) func(commerce.Market) float64 {
	return func(m commerce.Market) float64 { return weight(s, site, m) }
}

// bearing returns what is said of the days that an order at a site is judged on: until the
// next order could arrive at its latest.
func bearing(s *commerce.Snapshot, c Config, list []Override, site Site) []said {
	all := saidOf(s, list, site.SKU, served(s, site))
	if len(all) == 0 {
		return all
	}
	supply := gather(s, c, site).supply
	if supply == nil {
		return all
	}
	reach := int(math.Ceil(supply.LeadDays+3*supply.LeadSD)) + c.Review + c.MaxCycle
	return slices.DeleteFunc(all, func(o said) bool {
		for t := range o.ahead {
			if t < reach {
				return false
			}
		}
		return true
	})
}

// overrides lists the overrides that bear on a site as inputs: assumed, by whom and why.
// The value says nothing of how much of the span is still to come, because days pass
// without anybody changing their mind.
func overrides(s *commerce.Snapshot, c Config, list []Override, site Site) []decision.Input {
	var inputs []decision.Input
	for _, o := range bearing(s, c, list, site) {
		in := input("demand.override."+o.ID, string(o.Market)+" "+o.From.String()+"/"+o.To().String()+": "+number(o.Total()),
			commerce.Provenance{Source: o.By + ": " + o.Reason, AsOf: o.Made, Assumed: true})
		in.Name = messages.M("plan.input.override", messages.A("id", o.ID))
		inputs = append(inputs, in)
	}
	return inputs
}

// overrideIDs names the overrides that bear on a site.
func (v *Survey) overrideIDs(site Site) []decision.ID {
	var ids []decision.ID
	for _, o := range bearing(v.Snapshot, v.Config, v.Overrides, site) {
		ids = append(ids, decision.ID(o.ID))
	}
	return ids
}

// insisted says who expects what in place of the model.
func (v *Survey) insisted(site Site) []messages.Message {
	var list []messages.Message
	for _, o := range bearing(v.Snapshot, v.Config, v.Overrides, site) {
		list = append(list, messages.M("plan.reason.override", messages.A("by", o.By), messages.A("units", messages.Decimal{X: o.Total(), Places: 0}),
			messages.A("market", string(o.Market)), messages.A("from", o.From), messages.A("to", o.To()), messages.A("reason", o.Reason)))
	}
	return list
}

// overriddenBy names all overrides that the plan was given.
func (v *Survey) overriddenBy() []string {
	var ids []string
	for _, o := range v.Overrides {
		ids = append(ids, o.ID)
	}
	return ids
}

// Said names all that people said and ordered and that the survey counts with: what two
// surveys of the same facts may differ in.
func (v *Survey) Said() string {
	return fmt.Sprint(v.placedIDs(), v.overriddenBy(), v.advised)
}

// Speaking names the overrides of a SKU in a market that say something of a coming day of
// which no later one speaks.
func Speaking(s *commerce.Snapshot, list []Override, sku commerce.SKU, market commerce.Market) []string {
	only := func(m commerce.Market) float64 {
		if m == market {
			return 1
		}
		return 0
	}
	var ids []string
	for _, o := range saidOf(s, list, sku, only) {
		ids = append(ids, o.ID)
	}
	return ids
}
