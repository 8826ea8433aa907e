package plan

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tradewind/commerce"
)

// chain is one SKU at so many locations, each of which serves a market of its own: some hold
// stock for years, some hold none.
func chain(t testing.TB, locations int, seed uint64) *commerce.Snapshot {
	t.Helper()
	markets := strings.Fields("GB DE FR ES IT NL BE AT PT IE PL SE DK FI CZ GR HU RO BG HR SK SI LT LV EE LU MT CY NO CH US CA JP AU NZ KR SG MX BR ZA")
	rng := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("cost A 2.50\n")
	for i, m := range markets[:locations] {
		fmt.Fprintf(&b, "sells A %s %d %d.%d0\n", m, 1+rng.IntN(9), 5+rng.IntN(6), rng.IntN(10))
		stock := rng.IntN(60)
		if rng.IntN(3) == 0 {
			stock = 400 + rng.IntN(900)
		}
		fmt.Fprintf(&b, "stock A L%02d %d 0\nserves L%02d %s\n", i, stock, i, m)
	}
	return shop(t, b.String()+"supply A S 28 4 1 1 5\n")
}

// valuedAt is what transfers of a chain are found in.
func valuedAt(t testing.TB, s *commerce.Snapshot) (*Survey, *StockStudy, []Menu) {
	t.Helper()
	v := NewSurvey(s, priced, clock, "test", nil)
	menus, err := Menus(t.Context(), v, nil)
	if err != nil {
		t.Fatal(err)
	}
	return v, v.decided(), menus
}

// TestTransfersAreThoseOfSolvingAnew: at any number of locations the transfers are those of
// closing the lane of the worst shipment that may not stand and solving the rest from the
// beginning, to the byte.
func TestTransfersAreThoseOfSolvingAnew(t *testing.T) {
	for _, n := range []int{2, 6, 10, 16} {
		v, st, menus := valuedAt(t, chain(t, n, uint64(n)))
		var want []Transfer
		p := v.transferProblem(menus, st, .25)
		for {
			shipments, leaves := p.rebalance(), map[int]int{}
			for _, s := range shipments {
				leaves[p.lanes[s.Lane].From]++
			}
			drop, worst := -1, math.Inf(1)
			for _, s := range shipments {
				if (s.Gain < v.least() || leaves[p.lanes[s.Lane].From] > 1) && s.Gain < worst {
					drop, worst = s.Lane, s.Gain
				}
			}
			if drop >= 0 {
				p.lanes = slices.Delete(p.lanes, drop, drop+1)
				continue
			}
			for _, s := range shipments {
				if t := p.transfer(s, v.Config.movingDays()); t.Mean() >= v.least() && positive(t.gains()) >= sureEnough {
					want = append(want, t)
				}
			}
			break
		}
		got := v.transfersOf(menus, st, .25)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Transfer{})); diff != "" || n >= 6 && len(got) == 0 {
			t.Errorf("%d locations, %d transfers (-anew +got):\n%s", n, len(got), diff)
		}
	}
}

// BenchmarkTransfers finds the transfers of one SKU.
func BenchmarkTransfers(b *testing.B) {
	for _, n := range []int{10, 20, 40} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			v, st, menus := valuedAt(b, chain(b, n, 1))
			for b.Loop() {
				v.transfersOf(menus, st, .25)
			}
		})
	}
}
