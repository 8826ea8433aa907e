package sanctions

import (
	"fmt"
	"strconv"
	"strings"

	"tradewind/decision"
	"tradewind/messages"
)

// Screened is a party and what screening it found.
type Screened struct {
	Party  Party
	Result Result
}

// ScreenAll screens parties in their order.
func (x *Index) ScreenAll(parties []Party) []Screened {
	all := make([]Screened, len(parties))
	for i, p := range parties {
		all[i] = Screened{p, x.Screen(p)}
	}
	return all
}

// Checks are what screening puts on a proposal: a block for every party that may be
// listed, a warning for every party whose name could not be compared with all entries,
// and one pass with the versions of the lists where there is neither.
func (x *Index) Checks(screened []Screened) []decision.Check {
	var out []decision.Check
	lists := strings.Join(x.versions(), "; ")
	for _, s := range screened {
		if len(s.Result.Hits) > 0 {
			h := s.Result.Hits[0]
			out = append(out, decision.Check{Name: messages.M("sanctions.check.hit", messages.A("party", s.Party.Name), messages.A("listed", h.Name), messages.A("id", h.Entry.ID)),
				Outcome: decision.Block, Limit: lists, Value: strconv.FormatFloat(h.Score, 'f', 2, 64)})
		}
		for _, g := range s.Result.Gaps {
			out = append(out, decision.Check{Name: messages.M("sanctions.check.gap", messages.A("party", s.Party.Name), messages.A("script", g.Name()), messages.A("n", g.Entries)),
				Outcome: decision.Warn, Limit: lists, Value: g.Script})
		}
	}
	if out == nil {
		out = append(out, decision.Check{Name: messages.M("sanctions.check.clear", messages.A("n", len(screened))), Outcome: decision.Pass, Limit: lists, Value: "0"})
	}
	return out
}

// Inputs are the lists as inputs of a decision, so that a newer list makes an approval
// stale.
func (x *Index) Inputs() []decision.Input {
	var out []decision.Input
	for _, l := range x.lists {
		out = append(out, decision.Input{Key: "sanctions:" + l.Name, Name: messages.M("sanctions.input.list", messages.A("list", l.Name)),
			Value: l.Version.String() + " " + l.Hash, Source: l.Name, AsOf: l.Version})
	}
	return out
}

func (x *Index) versions() []string {
	var out []string
	for _, l := range x.lists {
		out = append(out, fmt.Sprintf("%s %s", l.Name, l.Version))
	}
	return out
}
