package sanctions

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
)

// invented is a list of nobody: every name in it is made up.
const invented = `name,aliases,kind,country,id,list
Tarvo Melkashin,Tarvo bin Melkashin;Тарво Мелкашин,person,Nowhere,P1,test
Muhammad Zorqal al-Venduri,Abu Zorqal,person,Nowhere,P2,test
Kim Vong Drul,,person,Nowhere,P3,test
Orsk-Belvane Shipping Company Limited,OBSC,organisation,Nowhere,O1,test
Zentrak Precision Machinery Trading Corporation,,organisation,Nowhere,O2,test
Yilan Vesporin,易蓝威斯,person,Nowhere,P4,test
Sharifa Qendel Hamzuri,شريفة قندل حمزوري,person,Nowhere,P5,test
江河威斯贸易有限公司,,organisation,Nowhere,O3,test
`

func mustDay(t testing.TB, s string) calendar.Day {
	t.Helper()
	d, err := calendar.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func inventedIndex(t testing.TB) *Index {
	t.Helper()
	l, err := ReadCSV("invented", mustDay(t, "2026-11-01"), []byte(invented))
	if err != nil {
		t.Fatal(err)
	}
	return NewIndex(l)
}

func found(r Result) []string {
	ids := []string{}
	for _, h := range r.Hits {
		ids = append(ids, h.Entry.ID)
	}
	return ids
}

func TestScreen(t *testing.T) {
	x := inventedIndex(t)
	for _, tt := range []struct {
		name string
		want []string
	}{
		{"Tarvo Melkashin", []string{"P1"}},
		{"MELKASHIN, TARVO", []string{"P1"}},
		{"Dr. Tarvo  Melkashin", []string{"P1"}},
		{"Tarvo Melkahsin", []string{"P1"}},
		{"Tàrvo Mélkashín", []string{"P1"}},
		{"Тарво Мелкашин", []string{"P1"}},
		{"Тарво Мелькашин", []string{"P1"}},
		{"Tarvo Lukas Melkashin", []string{"P1"}},
		{"Mohamed Zorkal El-Wenduri", []string{"P2"}},
		{"M. Zorqal al Venduri", []string{"P2"}},
		{"MuhammadZorqal alVenduri", []string{"P2"}},
		{"KIM VONGDRUL", []string{"P3"}},
		{"Orsk Belvane Shipping Co., Ltd.", []string{"O1"}},
		{"Orskbelvane Shipping LLC", []string{"O1"}},
		{"Zentrak Precision Machinery GmbH", []string{"O2"}},
		{"易蓝威斯", []string{"P4"}},
		{"شريفه قندل حمزوري", []string{"P5"}},
		{"江河威斯贸易公司", []string{"O3"}},

		{"Mohammed Smith", []string{}},
		{"Belvane Textiles Ltd", []string{}},
		{"General Trading Company", []string{}},
		{"Machinery Trading Corporation", []string{}},
		{"Kim Min-jun", []string{}},
		{"Tarvo", []string{}},
		{"", []string{}},
		{"--- ''", []string{}},
	} {
		if diff := cmp.Diff(tt.want, found(x.Screen(Party{Name: tt.name}))); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestWeakAliasesCountOnlyWhole(t *testing.T) {
	l := &List{Name: "l", Entries: []Entry{{ID: "1", Name: "Belquor Zanthis", Aliases: []Alias{{"Omrath", true}}}}}
	x := NewIndex(l)
	for name, want := range map[string]int{"Omrath": 1, "OMRATH": 1, "Omrat": 0, "Omrath Smith": 0} {
		if got := len(x.Screen(Party{Name: name}).Hits); got != want {
			t.Errorf("%s: %d hits, want %d", name, got, want)
		}
	}
}

// An empty answer about a name in a script that few entries have a name in says so.
func TestGaps(t *testing.T) {
	x := inventedIndex(t)
	for _, tt := range []struct {
		name string
		want []Gap
	}{
		{"王小明", []Gap{{"han", 2}}},
		{"محمد", []Gap{{"arabic", 1}}},
		{"Ελένη", []Gap{{"other", 0}}},
		{"Иван Петров", nil},
		{"John Smith", nil},
	} {
		if diff := cmp.Diff(tt.want, x.Screen(Party{Name: tt.name}).Gaps); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestWhy(t *testing.T) {
	hits := inventedIndex(t).Screen(Party{Name: "M. Zorkal Venduri"}).Hits
	if len(hits) != 1 {
		t.Fatalf("%d hits, want 1", len(hits))
	}
	want := []Why{{"m", "muhammad", Initial}, {"zorkal", "zorqal", Sounds}, {"venduri", "venduri", Same}}
	if diff := cmp.Diff(want, hits[0].Why); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, how := range []How{Same, Sounds, Consonant, Near, Initial} {
		if code := how.Name().Code; !messages.Has(code) {
			t.Errorf("%s has no text", code)
		}
	}
	if got, want := hits[0].List.Version.String(), "2026-11-01"; got != want {
		t.Errorf("version %s, want %s", got, want)
	}
}

func TestChecks(t *testing.T) {
	x := inventedIndex(t)
	for _, tt := range []struct {
		parties []Party
		want    []decision.Outcome
	}{
		{[]Party{{Name: "Tarvo Melkashin"}, {Name: "John Smith"}}, []decision.Outcome{decision.Block}},
		{[]Party{{Name: "王小明"}}, []decision.Outcome{decision.Warn}},
		{[]Party{{Name: "John Smith"}}, []decision.Outcome{decision.Pass}},
		{nil, []decision.Outcome{decision.Pass}},
	} {
		var got []decision.Outcome
		for _, c := range x.Checks(x.ScreenAll(tt.parties)) {
			got = append(got, c.Outcome)
			if !strings.Contains(c.Limit, "invented 2026-11-01") {
				t.Errorf("check does not cite its list: %q", c.Limit)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tt.parties, diff)
		}
	}
}

func TestInputsChangeWithTheList(t *testing.T) {
	a, b := inventedIndex(t).Inputs(), []decision.Input(nil)
	l, err := ReadCSV("invented", mustDay(t, "2026-11-02"), []byte(invented))
	if err != nil {
		t.Fatal(err)
	}
	b = NewIndex(l).Inputs()
	if a[0].Key != b[0].Key || a[0].Value == b[0].Value {
		t.Errorf("got %v and %v: want one key and two values", a[0], b[0])
	}
}

func TestSuppliersAreNamedOnce(t *testing.T) {
	got := Suppliers([]commerce.Supply{{SKU: "A", Supplier: "Beta"}, {SKU: "B", Supplier: "Alpha"}, {SKU: "C", Supplier: "Beta"}, {SKU: "D"}})
	want := []Party{{Name: "Alpha", Role: "supplier"}, {Name: "Beta", Role: "supplier"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A listed name is found in any order of its words, in any case, and with more blanks.
func TestEveryListedNameIsFound(t *testing.T) {
	x := inventedIndex(t)
	rapid.Check(t, func(t *rapid.T) {
		e := &x.entries[rapid.IntRange(0, len(x.entries)-1).Draw(t, "entry")]
		words := strings.Fields(e.Name)
		if len(words) == 2 { // every order of two words is one that people write
			words = rapid.Permutation(words).Draw(t, "order")
		}
		name := strings.Join(words, rapid.SampledFrom([]string{" ", "  ", "\t"}).Draw(t, "blank"))
		if rapid.Bool().Draw(t, "upper") {
			name = strings.ToUpper(name)
		}
		r := x.Screen(Party{Name: name})
		if !slices.Contains(found(r), e.ID) {
			t.Fatalf("%q: %s is not among %v", name, e.ID, found(r))
		}
		for _, h := range r.Hits {
			if h.Score < Threshold || h.Score > 1+1e-9 {
				t.Fatalf("score %v", h.Score)
			}
		}
	})
}

// What was screened before changes nothing, and neither does who screens.
func TestScreeningHasNoMemory(t *testing.T) {
	x, y := inventedIndex(t), inventedIndex(t)
	names := []string{"Tarvo Melkashin", "Mohamed Zorkal", "Kim Vong", "Zentrak Machinery", "John Smith"}
	rng := rand.New(rand.NewPCG(1, 0))
	for range 200 {
		y.Screen(Party{Name: names[rng.IntN(len(names))] + names[rng.IntN(len(names))]})
	}
	for _, name := range names {
		if diff := cmp.Diff(x.Screen(Party{Name: name}), y.Screen(Party{Name: name}), cmp.Comparer(func(a, b calendar.Day) bool { return a == b })); diff != "" {
			t.Errorf("%s (-fresh +used):\n%s", name, diff)
		}
	}
}

// Source: Winkler (1990), table of examples, as reprinted widely: MARTHA .961, DWAYNE
// .840, DIXON .813.
func TestJaroWinkler(t *testing.T) {
	for _, tt := range []struct {
		a, b string
		want float64
	}{{"martha", "marhta", .9611}, {"dwayne", "duane", .84}, {"dixon", "dicksonx", .8133}, {"abc", "abc", 1}, {"abc", "xyz", 0}, {"", "a", 0}} {
		if got := jaroWinkler([]rune(tt.a), []rune(tt.b)); math.Abs(got-tt.want) > 5e-5 {
			t.Errorf("%s, %s: %v, want %v", tt.a, tt.b, got, tt.want)
		}
		if a, b := jaroWinkler([]rune(tt.a), []rune(tt.b)), jaroWinkler([]rune(tt.b), []rune(tt.a)); math.Abs(a-b) > 1e-12 {
			t.Errorf("%s, %s: %v one way and %v the other", tt.a, tt.b, a, b)
		}
	}
}

func TestEdits(t *testing.T) {
	for _, tt := range []struct {
		a, b       string
		most, want int
	}{{"ca", "abc", 3, 3}, {"karim", "kraim", 2, 1}, {"karim", "karim", 2, 0}, {"kitten", "sitting", 3, 3}, {"kitten", "sitting", 2, 3}, {"", "ab", 2, 2}, {"a", "abcd", 2, 3}} {
		if got := edits([]rune(tt.a), []rune(tt.b), tt.most); got != tt.want {
			t.Errorf("%s, %s: %d, want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

// The pairing is the best of all: no other way to pair single words is worth more.
func TestAlignIsExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.SampledFrom(strings.Fields("belvar belver zorqal zorkal tarvo tarva kim orsk")), 1, 5)
		listed, given := words.Draw(t, "listed"), words.Draw(t, "given")
		x := NewIndex(&List{Name: "l", Entries: []Entry{{ID: "1", Name: strings.Join(listed, " ")}}})
		party := x.given(given)
		s := x.scratch.Get().(*scratch)
		x.collect(s, party)
		n := &x.names[0]
		var single []edge
		for at := s.head[0]; at != 0; at = s.edges[at-1].next {
			if e := s.edges[at-1]; e.span == 1 && e.givenSpan == 1 {
				single = append(single, e)
			}
		}
		worth := func(pairs []edge) (sum float64) {
			for _, e := range pairs {
				sum += e.sim * (worthOfListed(n, e) + worthOfGiven(party, e))
			}
			return sum
		}
		got := worth(x.align(s, n, party, s.head[0]).pairs)
		var try func(i int, usedListed, usedGiven int, sum float64) float64
		try = func(i, usedListed, usedGiven int, sum float64) float64 {
			if i == len(single) {
				return sum
			}
			best := try(i+1, usedListed, usedGiven, sum)
			if e := single[i]; usedListed&(1<<e.at) == 0 && usedGiven&(1<<e.given) == 0 {
				best = max(best, try(i+1, usedListed|1<<e.at, usedGiven|1<<e.given, sum+worth(single[i:i+1])))
			}
			return best
		}
		if want := try(0, 0, 0, 0); got < want-1e-9 {
			t.Fatalf("%v and %v: paired for %v, there is a way for %v", listed, given, got, want)
		}
	})
}

func FuzzScreen(f *testing.F) {
	x := inventedIndex(f)
	f.Add("Tarvo Melkashin")
	f.Add("\xff\xfe ' '")
	f.Add(strings.Repeat("a b c ", 40))
	f.Add("J. K. Ł ø 有限公司 ال")
	f.Fuzz(func(t *testing.T, name string) {
		for _, h := range x.Screen(Party{Name: name}).Hits {
			if !(h.Score >= Threshold && h.Score <= 1+1e-9) || len(h.Why) == 0 {
				t.Errorf("%q: score %v, why %v", name, h.Score, h.Why)
			}
		}
	})
}

func BenchmarkScreen(b *testing.B) {
	x := inventedIndex(b)
	for b.Loop() {
		x.Screen(Party{Name: "Mohamed Zorkal El-Wenduri"})
	}
}

func TestScreenIsSafeForConcurrentUse(t *testing.T) {
	x := inventedIndex(t)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for range 200 {
				if got := found(x.Screen(Party{Name: "Tarvo Melkahsin"})); !slices.Equal(got, []string{"P1"}) {
					t.Errorf("got %v, want P1", got)
				}
			}
		})
	}
	wait.Wait()
}
