package tradewind

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"

	"tradewind/decision"
	"tradewind/operations/automation"
	"tradewind/plan"
)

// advices keeps what learned policies said last, and of what facts.
type advices struct {
	mu   sync.Mutex
	last map[plan.Site]plan.Advice
	of   adviceStamp
}

type adviceStamp struct {
	stockStamp
	learned string
}

// climbed are the sites whose learned policy has a say in the plan, and a name that stands
// for all of them; "" where there is none.
func (e *Engine) climbed(ctx context.Context) (list []learnedSite, name string, err error) {
	if list, err = e.learned(ctx); err != nil {
		return nil, "", err
	}
	list = slices.DeleteFunc(list, func(l learnedSite) bool { return l.level() == automation.Advise || len(l.record.Moves) == 0 })
	if len(list) == 0 {
		return nil, "", nil
	}
	h := sha256.New()
	for i := range list {
		fmt.Fprintf(h, "%q %q %x\n", list[i].SKU, list[i].Location, sha256.Sum256(list[i].Policy))
	}
	return list, hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// advised gives a survey what the learned policies say that have climbed above advising. A
// site whose simulated shop is not like the real one today goes without.
func (e *Engine) advised(ctx context.Context, v *plan.Survey) (*plan.Survey, error) {
	list, name, err := e.climbed(ctx)
	if err != nil || len(list) == 0 {
		return v, err
	}
	study, err := e.priceStudy(ctx, v.Snapshot, v.Law)
	if err != nil {
		return nil, err
	}
	c := &e.advices
	c.mu.Lock()
	defer c.mu.Unlock()
	now := adviceStamp{stampOf(v), name}
	if c.last == nil || c.of != now {
		said := make([]plan.Advice, len(list))
		known := make([]bool, len(list))
		err := inPieces(ctx, len(list), 1, func(int) {}, func(i int) {
			l := &list[i]
			if a, _, _, err := adviseAt(v, study, l); err == nil {
				sum := sha256.Sum256(l.Policy)
				said[i], known[i] = plan.Advice{Policy: hex.EncodeToString(sum[:6]), Price: a.Price, Target: a.Target, State: a.State}, true
			}
		})
		if err != nil {
			return nil, err
		}
		c.last, c.of = map[plan.Site]plan.Advice{}, now
		for i := range list {
			if known[i] {
				c.last[list[i].site()] = said[i]
			}
		}
	}
	return v.Advised(c.last, name), nil
}

// actsAlone reports whether automation may approve a proposal as far as learned policies
// go: one that such a policy adjusted only where the policy stands on a rung on which it
// acts.
func actsAlone(list []learnedSite, p *decision.Proposal) bool {
	site, adjusted := plan.AdjustedAt(p)
	if !adjusted {
		return true
	}
	return slices.ContainsFunc(list, func(l learnedSite) bool { return l.site() == site && l.level().Acts() })
}
