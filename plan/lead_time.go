package plan

import (
	"math"
	"slices"
	"strconv"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
)

// LeadTime is how long a supplier takes to deliver a SKU, as its deliveries tell it. Days
// are from order to shelf.
type LeadTime struct {
	Mean       float64 // days
	SD         float64 // of the next delivery, the error of the mean included
	Spread     float64 // of deliveries about their mean
	Error      float64 // of the mean: its standard deviation
	Deliveries int     // of the SKU, by which it was learned
	Others     int     // of the supplier's other SKUs, which it leans on
	Typed      float64 // days that the supply says; 0 where it says none
	Provenance commerce.Provenance
}

const (
	// leadMemory is how many days back deliveries count: suppliers and routes change.
	leadMemory = 730
	// typedWeight is how many deliveries a lead time counts as that somebody wrote down;
	// guessedWeight likewise one that somebody assumed.
	typedWeight, guessedWeight = 6, 1.5
	// skuWeight is how many deliveries of a SKU the way of its supplier with all SKUs counts
	// as: the spread of deliveries of a SKU over that of SKUs, as variances.
	skuWeight = 6
	// farOff is the multiple of a typed lead time beyond which a delivery says no more of other
	// SKUs: what was typed for its own is wrong.
	farOff = 2
	// enoughDeliveries make a lead time measured, whatever was typed.
	enoughDeliveries = 3
)

// leadTimes are the deliveries of late by supplier; nil where no receipt is known.
type leadTimes map[commerce.Supplier]*deliveries

// deliveries are what one supplier delivered: those of SKU k lie at start[k] to start[k+1].
// A delivery is all that was ordered on one day, in however many parts it came and whatever
// locations it was for: an order that comes in parts says once how long orders take. Its lead
// time, the mean of its units, is a multiple of the typed one, so that SKUs from near and far
// are all of one supplier.
type deliveries struct {
	skus     []commerce.SKU // ascending
	start    []int
	multiple []float64 // in days where no lead time was typed
	shipment []int     // beside each: what was ordered on one day has one number
	guessed  []bool    // beside each: somebody assumed a part of it
	last     []calendar.Day
	typed    []bool // of each SKU, whether multiples are of a typed lead time

	numbers  map[calendar.Day]int // of shipments
	together []int                // SKUs with a typed lead time in each shipment
}

// leadTimesOf reads the receipts of one supplier, or with "" of all. What closures added to the
// days of a delivery is no part of them: plans add those to come to a lead time.
func leadTimesOf(s *commerce.Snapshot, only commerce.Supplier, closures ...Closure) leadTimes {
	if len(s.Receipts) == 0 {
		return nil
	}
	all, shut := leadTimes{}, shutOn(closures)
	for lo := 0; lo < len(s.Receipts); {
		receipts := s.ReceiptsOf(s.Receipts[lo].SKU)
		lo += len(receipts)
		supplies := s.SuppliesOf(receipts[0].SKU)
		for i := range supplies {
			if sup := &supplies[i]; only == "" || sup.Supplier == only {
				all.add(s.AsOf, sup, receipts, shut, len(supplies) == 1)
			}
		}
	}
	return all
}

// add takes the receipts of a SKU that are of one supplier. A receipt that names none is of
// the only one that there is.
func (l leadTimes) add(asOf calendar.Day, sup *commerce.Supply, receipts []commerce.Receipt, shut []shut, sole bool) {
	d := l[sup.Supplier]
	if d == nil {
		d = &deliveries{start: []int{0}, numbers: map[calendar.Day]int{}}
	}
	from, last := len(d.multiple), calendar.Day{}
	var units []float64 // of each delivery
	for i := range receipts {
		r := &receipts[i]
		if r.Supplier != sup.Supplier && !(r.Supplier == "" && sole) || asOf.Sub(r.Received) >= leadMemory {
			continue
		}
		number := d.number(r.Ordered)
		k := slices.Index(d.shipment[from:], number)
		if k < 0 {
			k = len(units)
			units, d.shipment = append(units, 0), append(d.shipment, number)
			d.multiple, d.guessed = append(d.multiple, 0), append(d.guessed, false)
			if typed(sup) {
				d.together[number]++
			}
		}
		part := float64(max(1, r.Units))
		units[k] += part
		d.multiple[from+k] += part * worked(r, sup, shut) / unitOf(sup)
		d.guessed[from+k] = d.guessed[from+k] || r.Provenance.Assumed
		if last.Before(r.Received) {
			last = r.Received
		}
	}
	if len(units) == 0 {
		return
	}
	for k := range units {
		d.multiple[from+k] /= units[k]
	}
	l[sup.Supplier] = d
	d.skus, d.start = append(d.skus, sup.SKU), append(d.start, len(d.multiple))
	d.last, d.typed = append(d.last, last), append(d.typed, typed(sup))
}

// untaught are the receipts of late that tell no lead time though their SKU has a supply: they
// name none of its suppliers, or none at all where it has several.
func untaught(s *commerce.Snapshot) (n int, first *commerce.Receipt) {
	for i := range s.Receipts {
		r := &s.Receipts[i]
		supplies := s.SuppliesOf(r.SKU)
		known := r.Supplier == "" && len(supplies) == 1 || slices.ContainsFunc(supplies, func(sup commerce.Supply) bool { return sup.Supplier == r.Supplier })
		if known || len(supplies) == 0 || s.AsOf.Sub(r.Received) >= leadMemory {
			continue
		}
		if n++; first == nil {
			first = r
		}
	}
	return n, first
}

// number is that of the shipment of what was ordered on a day.
func (d *deliveries) number(ordered calendar.Day) int {
	n, known := d.numbers[ordered]
	if !known {
		n = len(d.together)
		d.numbers[ordered], d.together = n, append(d.together, 0)
	}
	return n
}

// typed reports whether a supply says how long an order takes.
func typed(sup *commerce.Supply) bool {
	return sup.LeadDays > 0 && !math.IsInf(sup.LeadDays, 1)
}

// unitOf is what the lead times of a supply are multiples of, in days.
func unitOf(sup *commerce.Supply) float64 {
	if typed(sup) {
		return sup.LeadDays
	}
	return 1
}

// of is the lead time of a supply as deliveries tell it; nil where they say nothing of it.
//
// With lead times z as multiples of the typed one, deliveries scatter about the mean θ of
// their SKU, SKUs about the way φ of their supplier, and φ about 1:
//
//	z ~ N(θ, σ²),  θ ~ N(φ, σ²/skuWeight),  φ ~ N(1, σ²/typedWeight)
//
// The ratios of the three are set, σ² is learned: conjugate, so that every mean is one of
// deliveries, weighted. The same SKU is no part of what its supplier's way is read from, nor
// is one shipment counted for every SKU in it. What was typed stands for the next
// delivery, error included: its spread is what is foretold before the first.
//
// Source: Lindley and Smith, Bayes estimates for the linear model, JRSS B 34, 1972; Murphy,
// Conjugate Bayesian analysis of the Gaussian distribution, 2007, section 6.
func (l leadTimes) of(sup *commerce.Supply) *LeadTime {
	d := l[sup.Supplier]
	if d == nil {
		return nil
	}
	k, own := slices.BinarySearch(d.skus, sup.SKU)
	if !own {
		k = -1
	}
	out := &LeadTime{Provenance: commerce.Provenance{Source: "receipts"}}
	var z []float64
	guessed, othersGuessed := 0, 0.
	if own {
		z, out.Provenance.AsOf = d.multiple[d.start[k]:d.start[k+1]], d.last[k]
		for _, g := range d.guessed[d.start[k]:d.start[k+1]] {
			if g {
				guessed++
			}
		}
	}
	out.Deliveries = len(z)
	var prior leadPrior
	if typed(sup) {
		prior, out.Others, othersGuessed = d.prior(sup, k)
		out.Typed = sup.LeadDays
	}
	if len(z) < enoughDeliveries && (!typed(sup) || len(z)+out.Others == 0) {
		return nil
	}
	for _, day := range d.last {
		if !own && out.Provenance.AsOf.Before(day) {
			out.Provenance.AsOf = day
		}
	}
	out.Provenance.Assumed = isGuess(sup, len(z)-guessed, float64(out.Others)-othersGuessed, float64(guessed)+othersGuessed)
	mean, square, weight := prior.posterior(z)
	unit := unitOf(sup)
	out.Mean, out.Spread = unit*mean, unit*math.Sqrt(square)
	out.Error, out.SD = out.Spread/math.Sqrt(weight), out.Spread*math.Sqrt(1+1/weight)
	return out
}

// isGuess reports whether a lead time counts as assumed: unless enough deliveries of the SKU
// were measured, where the typed one was assumed, which others are multiples of, or where
// some delivery was and too few were measured, others included.
func isGuess(sup *commerce.Supply, own int, others, guessed float64) bool {
	if own >= enoughDeliveries {
		return false
	}
	return sup.Provenance.Assumed || guessed > 0 && float64(own)+others < enoughDeliveries-.01 // rounding
}

// leadPrior is what is believed of a SKU before its own deliveries: a normal-inverse-gamma
// law of mean and variance of z. The weights are in deliveries; a weight of 0 says nothing.
type leadPrior struct{ mean, weight, square, squareWeight float64 }

// posterior is what is believed with deliveries z: the mean, the expected variance of a
// delivery about it, and how many deliveries the mean counts as.
func (p leadPrior) posterior(z []float64) (mean, square, weight float64) {
	sum := p.weight * p.mean
	for _, x := range z {
		sum += x
	}
	weight = p.weight + float64(len(z))
	mean = sum / weight
	square = p.squareWeight*p.square + p.weight*(p.mean-mean)*(p.mean-mean)
	for _, x := range z {
		square += (x - mean) * (x - mean)
	}
	return mean, square / (p.squareWeight + float64(len(z))), weight
}

// prior is what a supply and its supplier's deliveries of other SKUs than k say, how many
// deliveries those are, and how many of them are guesses.
func (d *deliveries) prior(sup *commerce.Supply, k int) (p leadPrior, others int, guessed float64) {
	written := float64(typedWeight)
	if sup.Provenance.Assumed {
		written = guessedWeight
	}
	var n, sum, squares, weight, means float64 // of deliveries; of SKUs
	mine := make([]bool, len(d.together))
	if k >= 0 && d.typed[k] {
		for _, s := range d.shipment[d.start[k]:d.start[k+1]] {
			mine[s] = true
		}
	}
	for i := range d.skus {
		if i == k || !d.typed[i] {
			continue
		}
		var ni, sumi float64
		for r := d.start[i]; r < d.start[i+1]; r++ {
			sharing := d.together[d.shipment[r]]
			if mine[d.shipment[r]] {
				sharing--
			}
			part, z := 1/float64(sharing), min(farOff, max(1./farOff, d.multiple[r]))
			ni, sumi, squares = ni+part, sumi+part*z, squares+part*z*z
			if d.guessed[r] {
				guessed += part
			}
		}
		n, sum = n+ni, sum+sumi
		w := ni * skuWeight / (ni + skuWeight)
		weight, means = weight+w, means+w*sumi/ni
	}
	spread := sup.LeadSD / sup.LeadDays
	said := written
	if !(spread > 0) || math.IsInf(spread, 1) {
		said, spread = 0, 0 // nobody said how much it varies
	}
	p.mean = (written + means) / (written + weight)
	p.weight = skuWeight * (written + weight) / (skuWeight + written + weight)
	alone := skuWeight * written / (skuWeight + written)
	if said+n > 0 {
		about := math.Max(0, squares-2*p.mean*sum+p.mean*p.mean*n)
		p.square, p.squareWeight = (said*spread*spread*alone/(alone+1)+about)/(said+n), p.weight
	}
	return p, int(math.Round(n)), guessed
}

// leadInputs are the lead time of a site's supply: where deliveries tell it, how many of them, and
// beside it what was typed.
func leadInputs(f facts) []decision.Input {
	sup, lead := f.supply, f.lead
	if lead == nil {
		return []decision.Input{input("supply.lead_days", number(sup.LeadDays), sup.Provenance), input("supply.lead_sd", number(sup.LeadSD), sup.Provenance)}
	}
	days := input("supply.lead_days", tenths(lead.Mean), lead.Provenance)
	days.Name = lead.named("plan.input.supply.lead_days.")
	return []decision.Input{days, input("supply.lead_sd", tenths(lead.SD), lead.Provenance), input(typedInput, number(lead.Typed), sup.Provenance)}
}

// typedInput is the lead time that the supply says, where deliveries say another.
const typedInput = "supply.lead_typed"

func tenths(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }

// isLearned reports whether a proposal rests on a lead time that deliveries told.
func isLearned(p *decision.Proposal) bool {
	return slices.ContainsFunc(p.Inputs, func(in decision.Input) bool { return in.Key == typedInput })
}

// named is the one of some texts, whose codes begin alike, that says what a lead time is
// learned from.
func (l *LeadTime) named(code string) messages.Message {
	switch {
	case l.Others == 0 || l.Deliveries >= enoughDeliveries:
		code += "learned"
	case l.Deliveries == 0:
		code += "others"
	default:
		code += "both"
	}
	return messages.M(code, messages.A("days", messages.Decimal{X: l.Mean, Places: 0}), messages.A("n", l.Deliveries),
		messages.A("others", l.Others), messages.A("typed", messages.Decimal{X: l.Typed, Places: 0}))
}
