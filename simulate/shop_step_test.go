package simulate

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestStockIsConserved balances what came in against what went out, under any policy.
func TestStockIsConserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := DrawShopForm(rapid.Uint64Range(1, 20).Draw(t, "seed"))
		f.ReturnLag = float64(rapid.IntRange(1, MaxLag).Draw(t, "lag"))
		s := NewShop(&f, 60)
		s.Draw(Scored, rapid.Uint64Range(0, 1000).Draw(t, "episode"), Scenarios[rapid.IntRange(0, len(Scenarios)-1).Draw(t, "scenario")])
		st := s.Start()
		returning := func() (sum float64) {
			for _, units := range st.Returning {
				sum += units
			}
			return sum
		}
		balance := st.Position()
		for week := range s.Periods() {
			a := Act{rapid.Float64Range(1, 200).Draw(t, "price"), rapid.Float64Range(-10, 300).Draw(t, "order")}
			before, due := st.OnHand, returning()
			o := s.Step(week, &st, a)
			if o.Sold > before || o.Sold+o.Lost != o.Demand || o.Left+o.Cleared+o.Sold != before || o.Out != (o.Demand >= before) {
				t.Fatalf("week %d: %v on the shelf, %+v", week, before, o)
			}
			if sum := o.Margin + o.Holding + o.Missed + o.Fixed + o.Written; sum != o.Reward {
				t.Fatalf("week %d: parts sum to %v, reward is %v", week, sum, o.Reward)
			}
			balance += o.Ordered - o.Sold - o.Cleared
			back := st.Position() - balance // returns that reached the shelf
			if back < 0 || back+returning()-due > o.Sold || st.OnHand < 0 || o.Ordered != f.WholeOrder(a.Order) {
				t.Fatalf("week %d: %v units too many; %+v", week, back, o)
			}
			balance = st.Position()
		}
	})
}

// TestOrdersArriveOnce places one order a path, and waits for it as long as the truth says.
func TestOrdersArriveOnce(t *testing.T) {
	f := DrawShopForm(3)
	f.Returned = 0
	s := NewShop(&f, 60)
	for episode := range uint64(200) {
		s.Draw(Training, episode, SteadyTrade)
		st := ShopState{Price: f.Reference}
		placed := int(episode % 20)
		for week := range s.Periods() {
			order := 0.
			if week == placed {
				order = 1000
			}
			before := st.OnHand
			o := s.Step(week, &st, Act{f.Ceiling, order})
			due := placed + s.Truth(placed).Lead
			arrived, want := st.OnHand+o.Sold+o.Cleared-before, 0.
			if week+1 == due {
				want = f.WholeOrder(1000)
			}
			if under := st.OnOrder() > 0; arrived != want || under != (week >= placed && week+1 < due) {
				t.Fatalf("episode %d week %d: %v units of an order of week %d, due in week %d, have come; others under way: %v", episode, week, arrived, placed, due, under)
			}
		}
	}
}

// TestLittlesLaw: units under way are, on average, the rate of orders by the mean lead time.
func TestLittlesLaw(t *testing.T) {
	f := plain()
	f.LeadSD = 6
	s := NewShop(&f, 20_000)
	st := s.Start()
	var under, leads float64
	for week := range s.Periods() {
		s.Step(week, &st, Act{25, 40})
		if week >= 100 {
			under += st.OnOrder()
			leads += float64(s.Truth(week).Lead) - 1 // it is seen one period later, a period older
		}
	}
	if got, want := under, 40*leads; math.Abs(got/want-1) > .01 { // of 20,000 lead times: SE .0015
		t.Errorf("%.0f unit weeks under way, want %.0f", got, want)
	}
}

// TestReturnsComeBack counts units that are resold, and when.
func TestReturnsComeBack(t *testing.T) {
	f := plain()
	f.Returned, f.Resold, f.ReturnLag = .2, .6, 3
	s := NewShop(&f, 4000)
	st := ShopState{OnHand: 1e6, Price: 25}
	var sold, back float64
	for week := range s.Periods() {
		before := st.OnHand
		o := s.Step(week, &st, Act{25, 0})
		if arrived := st.OnHand - (before - o.Sold); week < 2 && arrived != 0 {
			t.Fatalf("%v units are back in week %d", arrived, week)
		} else {
			back += arrived
		}
		sold += o.Sold
	}
	if got := back / sold; math.Abs(got-.12) > .004 { // of 160,000: SE .0008
		t.Errorf("%.4f of the units were resold, want .12", got)
	}
}

// TestClearing sells off what is left after the season, once a year.
func TestClearing(t *testing.T) {
	f := plain()
	f.Clears, f.ClearWeek, f.Level = true, 10, 5
	s := NewShop(&f, 157)
	st := s.Start()
	var weeks []int
	for week := range s.Periods() {
		o := s.Step(week, &st, Act{25, 40 - st.Position()})
		if o.Cleared > 0 {
			weeks = append(weeks, f.WeekAt(week))
			if want := -o.Cleared * .5 * 10; o.Written != want || o.Left != 0 {
				t.Errorf("cleared %v: %v written off, want %v; left %v", o.Cleared, o.Written, want, o.Left)
			}
		}
	}
	if diff := cmp.Diff(weeks, []int{10, 10, 10}); diff != "" {
		t.Error(diff)
	}
}

// TestBackupIsManySteps holds the form for full backups against single steps.
func TestBackupIsManySteps(t *testing.T) {
	s := drifting(1)
	f := s.Form()
	var states []ShopState
	var acts []Act
	st := s.Start()
	for week := range 30 {
		s.Step(week, &st, Act{f.Reference, 500 - st.Position()})
		states = append(states, st)
	}
	for _, p := range []float64{.9, 1, 1.1} {
		for _, q := range []float64{0, 40, 200} {
			acts = append(acts, Act{p * f.Reference, q})
		}
	}
	kept := append([]ShopState(nil), states...)
	next, reward := make([]ShopState, len(states)*len(acts)), make([]float64, len(states)*len(acts))
	for _, week := range []int{0, 17, 103} {
		if n := testing.AllocsPerRun(5, func() { s.Backup(week, states, acts, next, reward) }); n > 0 {
			t.Errorf("%v allocations", n)
		}
		for i := range states {
			for j, a := range acts {
				st := states[i]
				o := s.Step(week, &st, a)
				at := i*len(acts) + j
				if next[at] != st || reward[at] != o.Reward {
					t.Fatalf("week %d, state %d, act %d differs", week, i, j)
				}
				sold, part := s.Sell(week, states[i].OnHand, o.Demand, o.Price)
				if sold != o.Sold || math.Abs(part-(o.Reward-o.Fixed-o.Written)) > 1e-9 {
					t.Fatalf("Sell gives %v for %v", part, o)
				}
			}
		}
	}
	if diff := cmp.Diff(states, kept); diff != "" {
		t.Error("states were modified: " + diff)
	}
}

func TestNoAllocationsInShop(t *testing.T) {
	s := drifting(1)
	x := NewFilter(s.Form())
	st, week := s.Start(), 0
	for name, f := range map[string]func(){
		"draw": func() { s.Draw(Training, uint64(week), SteadyTrade) },
		"step": func() {
			o := s.Step(week%104, &st, Act{s.Form().Reference, 300 - st.Position()})
			x.See(week%104, o.Price, o.Sold, o.Out)
			week++
		},
		"reset": x.Reset,
	} {
		if n := testing.AllocsPerRun(50, f); n > 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

// TestDaysOrWeeks: a form in days has the same weeks.
func TestDaysOrWeeks(t *testing.T) {
	sums := func(days float64, periods int) (mean, variance float64) {
		f := plain()
		f.Days, f.LeadDays = days, 7
		s := NewShop(&f, periods)
		per, n := int(7/days), 0.
		for episode := range uint64(400) {
			s.Draw(Scored, episode, SteadyTrade)
			for at := 0; at+per <= periods; at += per {
				units := 0.
				for k := range per {
					units += s.Demand(at+k, 25)
				}
				n, mean, variance = n+1, mean+units, variance+units*units
			}
		}
		mean /= n
		return mean, variance/n - mean*mean
	}
	for _, days := range []float64{1, 7} {
		mean, variance := sums(days, int(70/days))
		if math.Abs(mean-40) > .9 || math.Abs(variance/200-1) > .12 { // 4,000 weeks: SE .22 and .025 of 40 + 40²/10
			t.Errorf("weeks of periods of %v days: mean %.2f, variance %.1f, want 40 and 200", days, mean, variance)
		}
	}
}

func BenchmarkShopStep(b *testing.B) {
	s := drifting(9) // 24 units a week
	s.Draw(Training, 0, SteadyTrade)
	reference := s.Form().Reference
	st, week := s.Start(), 0
	b.ReportAllocs()
	for b.Loop() {
		s.Step(week, &st, Act{reference, 300 - st.Position()})
		if week++; week == 104 {
			week = 0
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "item-weeks/s")
}

func BenchmarkShopDraw(b *testing.B) {
	s := drifting(9)
	b.ReportAllocs()
	episode := uint64(0)
	for b.Loop() {
		s.Draw(Training, episode, SteadyTrade)
		episode++
	}
	b.ReportMetric(104*float64(b.N)/b.Elapsed().Seconds(), "item-weeks/s")
}

func BenchmarkShopBackup(b *testing.B) {
	s := drifting(9)
	states := make([]ShopState, 1000)
	for i := range states {
		states[i] = s.Start()
		states[i].OnHand = float64(i)
	}
	var acts []Act
	for p := range 5 {
		for q := range 5 {
			acts = append(acts, Act{s.Form().Reference * (.9 + .05*float64(p)), 20 * float64(q)})
		}
	}
	next, reward := make([]ShopState, len(states)*len(acts)), make([]float64, len(states)*len(acts))
	b.ReportAllocs()
	for b.Loop() {
		s.Backup(7, states, acts, next, reward)
	}
	b.ReportMetric(float64(b.N*len(next))/b.Elapsed().Seconds(), "pairs/s")
}

func BenchmarkFilterSee(b *testing.B) {
	s := drifting(9)
	x := NewFilter(s.Form())
	b.ReportAllocs()
	for b.Loop() {
		x.See(3, s.Form().Reference, 22, false)
	}
}
