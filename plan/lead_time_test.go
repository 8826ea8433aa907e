package plan

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/numeric/distribution"
)

const lonely = "sells A GB 10 5.00\nstock A UK-1 60 0\ncost A 2.50\nsupply A Acme 28 4 1 1 0\n"

// took adds receipts of a SKU to a shop, one for each number of days that an order took, the
// orders 20 days apart and the last received 10 days ago.
func took(s *commerce.Snapshot, sku commerce.SKU, days ...int) {
	for i, d := range days {
		received := s.AsOf.AddDays(-10 - 20*i)
		s.Receipts = append(s.Receipts, commerce.Receipt{SKU: sku, Location: "UK-1", Units: 50, Ordered: received.AddDays(-d), Received: received,
			Provenance: commerce.Provenance{Source: "receipts.csv:2", AsOf: received}})
	}
	keep(s)
}

// keep sorts receipts as a snapshot has them, and names its content.
func keep(s *commerce.Snapshot) {
	slices.SortStableFunc(s.Receipts, func(a, b commerce.Receipt) int {
		return strings.Compare(string(a.SKU), string(b.SKU))
	})
	s.Hash = s.Fingerprint()
}

// learnedOf is the lead time of the first supply of a SKU.
func learnedOf(s *commerce.Snapshot, sku commerce.SKU) *LeadTime {
	return leadTimesOf(s, "").of(&s.SuppliesOf(sku)[0])
}

// TestLeadPosterior holds the estimator against the normal-inverse-gamma update as it is
// printed in Murphy, Conjugate Bayesian analysis of the Gaussian distribution, 2007,
// equations 85 to 89 and 94: μₙ, κₙ, αₙ, βₙ, and E σ² = βₙ/(αₙ-1). Tolerance 1e-12, rounding.
func TestLeadPosterior(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := leadPrior{mean: rapid.Float64Range(.2, 3).Draw(t, "mean"), weight: rapid.Float64Range(.1, 9).Draw(t, "weight"),
			square: rapid.Float64Range(0, 1).Draw(t, "square"), squareWeight: rapid.Float64Range(.1, 9).Draw(t, "square weight")}
		z := rapid.SliceOfN(rapid.Float64Range(.05, 5), 1, 30).Draw(t, "z")
		n, mean := float64(len(z)), meanOf(z)
		k0, a0, b0 := p.weight, 1+p.squareWeight/2, p.square*p.squareWeight/2
		sum := 0.0
		for _, x := range z {
			sum += (x - mean) * (x - mean)
		}
		kn, an := k0+n, a0+n/2
		mn := (k0*p.mean + n*mean) / kn
		bn := b0 + sum/2 + k0*n*(mean-p.mean)*(mean-p.mean)/(2*kn)
		gotMean, gotSquare, gotWeight := p.posterior(z)
		for name, x := range map[string][2]float64{"mean": {gotMean, mn}, "variance": {gotSquare, bn / (an - 1)}, "weight": {gotWeight, kn}} {
			if math.Abs(x[0]-x[1]) > 1e-12*max(1, x[1]) {
				t.Errorf("%s %v, want %v", name, x[0], x[1])
			}
		}
	})
}

// TestLeadPooling holds the shrinkage from SKU to supplier to what was typed against the
// conditional mean of the joint normal law of all deliveries, E[θ|z] = 1 + cov(θ,z)
// cov(z)⁻¹ (z-1), which knows nothing of its levels. Source: Lindley and Smith 1972, the
// three-stage model. Tolerance 1e-9, the solution of the equations.
func TestLeadPooling(t *testing.T) {
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 7))
		d := &deliveries{start: []int{0}}
		skus := 1 + rng.IntN(6)
		var sku []int // of each delivery
		for k := range skus {
			for range 1 + rng.IntN(5) {
				d.shipment, d.together = append(d.shipment, len(d.shipment)), append(d.together, 1)
				d.multiple, d.guessed, sku = append(d.multiple, .5+rng.Float64()), append(d.guessed, false), append(sku, k)
			}
			d.skus, d.start = append(d.skus, commerce.SKU(rune('A'+k))), append(d.start, len(d.multiple))
			d.typed = append(d.typed, true)
		}
		own := rng.IntN(skus)
		sup := &commerce.Supply{SKU: d.skus[own], LeadDays: 30, LeadSD: 5, Provenance: commerce.Provenance{Assumed: seed%2 == 1}}
		written := 6.
		if sup.Provenance.Assumed {
			written = 1.5
		}
		n := len(sku)
		cov, with, off := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
		between := func(same bool) float64 {
			if same {
				return 1/written + 1./6
			}
			return 1 / written
		}
		for i := range n {
			for k := range i + 1 {
				c := between(sku[i] == sku[k])
				if i == k {
					c++
				}
				cov.SetSym(i, k, c)
			}
			with.SetVec(i, between(sku[i] == own))
			off.SetVec(i, d.multiple[i]-1)
		}
		var solved mat.VecDense
		if err := solved.SolveVec(cov, off); err != nil {
			t.Fatal(err)
		}
		want := 1 + mat.Dot(with, &solved)
		prior, others, _ := d.prior(sup, own)
		got, _, _ := prior.posterior(d.multiple[d.start[own]:d.start[own+1]])
		if math.Abs(got-want) > 1e-9 || others != n-(d.start[own+1]-d.start[own]) {
			t.Errorf("seed %d: %v from %d others, want %v", seed, got, others, want)
		}
	}
}

// TestLeadTimeByHand: typed 28 ± 4 stands for 3 deliveries of a SKU without company (6 typed
// and 6 of its supplier: 6·6/12). Nine of 40 days: (3·28 + 9·40)/12 = 37. The variance is
// (3·16·3/4 + 3·(28-37)² + 9·(40-37)²)/12 = 360/12 = 30, of the mean 30/12, of the next 32.5.
func TestLeadTimeByHand(t *testing.T) {
	s := shop(t, lonely)
	took(s, "A", 40, 40, 40, 40, 40, 40, 40, 40, 40)
	l := learnedOf(s, "A")
	for name, x := range map[string][2]float64{"mean": {l.Mean, 37}, "spread": {l.Spread, math.Sqrt(30)}, "error": {l.Error, math.Sqrt(2.5)}, "next": {l.SD, math.Sqrt(32.5)}} {
		if math.Abs(x[0]-x[1]) > 1e-9 {
			t.Errorf("%s %v, want %v", name, x[0], x[1])
		}
	}
	if l.Deliveries != 9 || l.Others != 0 || l.Typed != 28 || l.Provenance.Assumed || l.Provenance.AsOf != s.AsOf.AddDays(-10) {
		t.Errorf("%+v", l)
	}
}

// What was assumed gives way sooner, stays assumed until three deliveries, and old receipts,
// those of others and those of one shipment do not count.
func TestWhichDeliveriesCount(t *testing.T) {
	s := shop(t, lonely)
	took(s, "A", 40, 40)
	written := learnedOf(s, "A")
	s.Supplies[0].Provenance.Assumed = true
	guessed := learnedOf(s, "A")
	if !(guessed.Mean > written.Mean) || !guessed.Provenance.Assumed || written.Provenance.Assumed {
		t.Errorf("assumed %+v, not %+v", guessed, written)
	}
	took(s, "A", 47)
	if l := learnedOf(s, "A"); l.Deliveries != 3 || l.Provenance.Assumed {
		t.Errorf("three deliveries: %+v", l)
	}
	s.Receipts = append(s.Receipts, s.Receipts[0]) // the same days at another location
	s.Receipts[3].Location = "EU-1"
	old := s.Receipts[0]
	old.Ordered, old.Received = s.AsOf.AddDays(-790), s.AsOf.AddDays(-730)
	foreign := s.Receipts[0]
	foreign.Supplier = "Other"
	s.Receipts = append(s.Receipts, old, foreign)
	if l := learnedOf(s, "A"); l.Deliveries != 3 {
		t.Errorf("%d deliveries count, want 3", l.Deliveries)
	}
	s.Supplies = append(s.Supplies, commerce.Supply{SKU: "A", Supplier: "Best", LeadDays: 50})
	if l := learnedOf(s, "A"); l != nil {
		t.Errorf("receipts that name no supplier tell of one of two: %+v", l)
	}
	s.Supplies = s.Supplies[:1]
	s.Supplies[0].LeadDays = 0 // nobody said
	if l := learnedOf(s, "A"); l == nil || math.Abs(l.Mean-(40+40+47)/3.) > 1e-9 || l.Typed != 0 {
		t.Errorf("nothing typed: %+v", l)
	}
	if s.Receipts = s.Receipts[:2]; learnedOf(s, "A") != nil {
		t.Error("two deliveries make a lead time that nobody typed")
	}
}

// A supplier that is late with everything is expected to be so with the next SKU, as far as
// its shipments tell: ten SKUs of one container are one shipment.
func TestSupplierIsLateWithEverything(t *testing.T) {
	facts := lonely
	for k := range 10 {
		facts += fmt.Sprintf("supply B%d Acme 10 2 1 1 0\n", k)
	}
	s := shop(t, facts)
	for k := range 10 {
		took(s, commerce.SKU(fmt.Sprint("B", k)), 15)
	}
	one := learnedOf(s, "A")
	if one.Deliveries != 0 || one.Others != 1 || !(one.Mean > 28) || one.Mean > 28*1.1 {
		t.Errorf("one container: %+v", one)
	}
	for i := range s.Receipts { // ten containers
		s.Receipts[i].Ordered, s.Receipts[i].Received = s.Receipts[i].Ordered.AddDays(-i), s.Receipts[i].Received.AddDays(-i)
	}
	if ten := learnedOf(s, "A"); ten.Others != 10 || !(ten.Mean > one.Mean) || !(ten.Mean < 28*1.5) {
		t.Errorf("ten containers: %+v", ten)
	}
	ten := learnedOf(s, "A")
	for i := range s.Supplies[1:] { // a day typed where a month was meant
		s.Supplies[1+i].LeadDays = 1
	}
	if wrong := learnedOf(s, "A"); !(wrong.Mean > ten.Mean) || wrong.Mean > 28*2 {
		t.Errorf("typed wrong for the others: %+v", wrong)
	}
	if s.Receipts = nil; learnedOf(s, "A") != nil {
		t.Error("no receipts tell a lead time")
	}
}

// TestLaterNeverShortens: an order that took longer than the lead time so far never shortens
// it, nor does a delay of any delivery, and the order of receipts does not matter.
func TestLaterNeverShortens(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asOf := calendar.FromOrdinal(15317)
		s := &commerce.Snapshot{AsOf: asOf}
		for _, sku := range []commerce.SKU{"A", "B", "C"} {
			s.Supplies = append(s.Supplies, commerce.Supply{SKU: sku, Supplier: "S", LeadDays: float64(rapid.IntRange(1, 90).Draw(t, "typed")),
				LeadSD: rapid.Float64Range(0, 20).Draw(t, "sd"), Provenance: commerce.Provenance{Assumed: rapid.Bool().Draw(t, "assumed")}})
			for range rapid.IntRange(0, 6).Draw(t, "receipts") {
				received := asOf.AddDays(-rapid.IntRange(0, 200).Draw(t, "ago"))
				s.Receipts = append(s.Receipts, commerce.Receipt{SKU: sku, Supplier: "S", Received: received, Ordered: received.AddDays(-rapid.IntRange(0, 120).Draw(t, "took"))})
			}
		}
		mean := func(s *commerce.Snapshot) float64 {
			if l := learnedOf(s, "A"); l != nil {
				if !(l.Mean > 0 && l.SD >= l.Spread && l.Error >= 0) || math.IsInf(l.SD, 0) {
					t.Fatalf("%+v", l)
				}
				return l.Mean
			}
			return s.Supplies[0].LeadDays
		}
		before := mean(s)
		mixed := *s
		mixed.Receipts = slices.Clone(s.Receipts)
		own := s.ReceiptsOf("A")
		for i, k := range rapid.Permutation(seq(len(own))).Draw(t, "order") {
			mixed.Receipts[i] = own[k]
		}
		if got := mean(&mixed); math.Abs(got-before) > 1e-9*before {
			t.Errorf("in another order %v, not %v", got, before)
		}
		late := *s
		took := int(math.Ceil(before)) + rapid.IntRange(0, 60).Draw(t, "late")
		received := asOf.AddDays(-rapid.IntRange(0, 300).Draw(t, "late ago"))
		for slices.ContainsFunc(s.Receipts, func(r commerce.Receipt) bool { return r.Ordered == received.AddDays(-took) }) {
			took++ // a part of an order that there is says no more than that order
		}
		late.Receipts = append([]commerce.Receipt{{SKU: "A", Supplier: "S", Received: received, Ordered: received.AddDays(-took)}}, s.Receipts...)
		if got := mean(&late); got < before-1e-9 {
			t.Errorf("a delivery of %d days shortens %v to %v", took, before, got)
		}
		slow := *s
		slow.Receipts = slices.Clone(s.Receipts)
		for i := range slow.Receipts { // all ordered earlier: no two shipments become one
			slow.Receipts[i].Ordered = slow.Receipts[i].Ordered.AddDays(-7)
		}
		if got := mean(&slow); got < before-1e-9 {
			t.Errorf("deliveries a week slower shorten %v to %v", before, got)
		}
	})
}

func seq(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// The learned lead time is that of the problem, the board, the shop and the explanation, and
// says what it is learned from; a day more or less leaves an approval standing.
func TestLearnedLeadTimeReachesEverything(t *testing.T) {
	s := shop(t, lonely)
	took(s, "A", 40, 40, 40, 40, 40, 40, 40, 40, 40)
	v := NewSurvey(s, Config{}, clock, "test", nil)
	site := Site{"A", "UK-1"}
	m := v.propose(site)
	if m.Solution == nil || math.Abs(m.Problem.LeadDays-37) > 1e-9 || math.Abs(v.stockRow(&m).LeadDays-37) > 1e-9 {
		t.Fatalf("%+v, %+v", m.Refused, m.Problem)
	}
	again := gather(s, Config{}, site)
	if again.supply.LeadDays != m.Facts.supply.LeadDays || again.supply.LeadSD != m.Facts.supply.LeadSD {
		t.Errorf("without a survey %+v, with one %+v", again.supply, m.Facts.supply)
	}
	said := v.OrderReasons(&m)[0]
	if got := said.In(messages.English); got != "Orders take 37 days over 9 deliveries (typed: 28)." {
		t.Error(got)
	}
	if got := said.In(messages.Chinese); !strings.Contains(got, "37") || !strings.Contains(got, "9") || !strings.Contains(got, "28") || strings.ContainsAny(got, "{}[]") {
		t.Error(got)
	}
	inputs := Facts(s, v.Config, v.Law, site, nil, nil)
	at := map[string]string{}
	for _, in := range inputs {
		at[in.Key] = in.Value + " " + in.Name.In(messages.English)
	}
	if at["supply.lead_days"] != "37.0 Lead time, days, over 9 deliveries (typed: 28)" || !strings.HasPrefix(at["supply.lead_typed"], "28 ") {
		t.Errorf("%v", at)
	}
	p := &decision.Proposal{Inputs: inputs}
	took(s, "A", 45)
	if changed := Changes(p, Facts(s, v.Config, v.Law, site, nil, nil)); len(changed) > 0 {
		t.Errorf("one more delivery changes %v", changed)
	}
	s.Supplies[0].LeadDays = 35
	if changed := Changes(p, Facts(s, v.Config, v.Law, site, nil, nil)); len(changed) == 0 || !strings.HasPrefix(changed[len(changed)-1], "supply.lead_typed: 28 → 35") {
		t.Errorf("another typed lead time changes %v", changed)
	}
}

// BenchmarkLeadTimes learns the lead times of 5,000 SKUs of one supplier from 50,000
// receipts: more than most sellers have of all their suppliers.
func BenchmarkLeadTimes(b *testing.B) {
	asOf := calendar.FromOrdinal(15317)
	s := &commerce.Snapshot{AsOf: asOf}
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range 5000 {
		sku := commerce.SKU(fmt.Sprintf("S%04d", k))
		s.Supplies = append(s.Supplies, commerce.Supply{SKU: sku, Supplier: "Acme", LeadDays: 30, LeadSD: 5})
		for range 10 {
			received := asOf.AddDays(-rng.IntN(700))
			s.Receipts = append(s.Receipts, commerce.Receipt{SKU: sku, Supplier: "Acme", Received: received, Ordered: received.AddDays(-20 - rng.IntN(30))})
		}
	}
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			leadTimesOf(s, "")
		}
	})
	all := leadTimesOf(s, "")
	b.Run("one SKU", func(b *testing.B) {
		for b.Loop() {
			all.of(&s.Supplies[0])
		}
	})
}

// TestLearningPays holds the learned lead time against the typed one and against the plain
// mean of a SKU's deliveries, on shops that are not as the estimator believes: deliveries
// scatter by Gamma laws with a coefficient of variation of .2, suppliers are off what was
// typed by 20 %, their SKUs by 10 % beside. 400 suppliers of 8 SKUs with 0 to 7 deliveries
// each, seed 1; errors in shares of the true mean. Of the deliveries to come, eight of ten
// should lie within 1.28 SD.
func TestLearningPays(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	var learned, typed, plain, plainLearned, n, plainN, inside float64
	for range 400 {
		asOf := calendar.FromOrdinal(15317)
		s := &commerce.Snapshot{AsOf: asOf}
		way := math.Exp(.2 * rng.NormFloat64())
		truth, means := map[commerce.SKU]float64{}, map[commerce.SKU]float64{}
		for k := range 8 {
			sku := commerce.SKU(rune('A' + k))
			mean := 40 * way * math.Exp(.1*rng.NormFloat64())
			truth[sku] = mean
			s.Supplies = append(s.Supplies, commerce.Supply{SKU: sku, Supplier: "S", LeadDays: 40, LeadSD: 8})
			for range k {
				days := int(math.Round(distribution.DrawGamma(25, rng) * mean / 25))
				received := asOf.AddDays(-rng.IntN(700))
				s.Receipts = append(s.Receipts, commerce.Receipt{SKU: sku, Supplier: "S", Received: received, Ordered: received.AddDays(-days)})
				means[sku] += float64(days) / float64(k)
			}
		}
		for i := range s.Supplies {
			sku := s.Supplies[i].SKU
			mean := truth[sku]
			off := func(x float64) float64 { return (x/mean - 1) * (x/mean - 1) }
			l := learnedOf(s, sku)
			learned, typed, n = learned+off(l.Mean), typed+off(40), n+1
			if m := means[sku]; m > 0 {
				plain, plainLearned, plainN = plain+off(m), plainLearned+off(l.Mean), plainN+1
			}
			if next := distribution.DrawGamma(25, rng) * mean / 25; math.Abs(next-l.Mean) <= 1.2816*l.SD {
				inside++
			}
		}
	}
	rms := func(sum, n float64) float64 { return math.Sqrt(sum / n) }
	t.Logf("typed %.3f, learned %.3f; of SKUs with deliveries: plain mean %.3f, learned %.3f; inside %.3f",
		rms(typed, n), rms(learned, n), rms(plain, plainN), rms(plainLearned, plainN), inside/n)
	if rms(learned, n) > .6*rms(typed, n) || plainLearned > plain || math.Abs(inside/n-.8) > .05 {
		t.Error("deliveries teach too little")
	}
}
