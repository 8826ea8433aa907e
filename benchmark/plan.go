package benchmark

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"tradewind"
)

const secondsToPlan = 10

type planQuestion struct {
	Dir     string
	Workers int // goroutines; 0 is one a core
}

type planAnswer struct {
	Decisions, LeftOut, Items int
	Digest                    string // of everything that the plan says
}

var planning = newWork("plan", func(ctx context.Context, m *meter, q planQuestion) (planAnswer, error) {
	var a planAnswer
	m.Begin()
	e, err := tradewind.Open(ctx, q.Dir)
	if err != nil {
		return a, err
	}
	defer e.Close()
	p, err := e.Plan(ctx, tradewind.PlanOptions{Workers: q.Workers})
	m.End()
	if err != nil {
		return a, err
	}
	a.Decisions, a.LeftOut, a.Items = len(p.Decisions), p.LeftOutCount, p.Items
	a.Digest, err = digest(ctx, e, p)
	return a, err
})

// digest hashes a plan and the whole explanation of each of its decisions. How long it
// took is no part of what it says.
func digest(ctx context.Context, e *tradewind.Engine, p *tradewind.PlanReport) (string, error) {
	sum := sha256.New()
	out := json.NewEncoder(sum)
	said := *p
	said.Seconds = 0
	if err := out.Encode(said); err != nil {
		return "", err
	}
	for _, d := range p.Decisions {
		x, err := e.Explain(ctx, d.ID)
		if err != nil {
			return "", err
		}
		if err := out.Encode(x); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func measurePlan(ctx context.Context, r *run) ([]Row, error) {
	o, err := r.files()
	if err != nil {
		return nil, err
	}
	plan := func(workers int) (planAnswer, Cost, error) {
		dir, err := r.copied(ctx)
		if err != nil {
			return planAnswer{}, Cost{}, err
		}
		return planning.run(ctx, planQuestion{dir, workers})
	}
	var costs []Cost
	var last planAnswer
	for range repeats {
		a, cost, err := plan(0)
		if err != nil {
			return nil, err
		}
		last, costs = a, append(costs, cost)
	}
	one, _, err := plan(1)
	if err != nil {
		return nil, err
	}
	sixteen, cost, err := plan(16)
	if err != nil {
		return nil, err
	}
	worst := cost.Peak
	for _, c := range costs {
		worst = max(worst, c.Peak)
	}
	how := "median of 3 plans from " + o.String() + " and the demo's assumptions, from opening the workspace to the recorded decisions"
	return []Row{
		{Name: "wall time", Value: new(median(each(costs, Cost.wall))), Unit: "s", Better: lower, Must: new(float64(secondsToPlan)), Source: how},
		{Name: "CPU time", Value: new(median(each(costs, Cost.cpu))), Unit: "s", Better: lower, Source: how},
		{Name: "same bytes on 1 and 16 goroutines", Value: flag(one.Digest == sixteen.Digest && one.Digest == last.Digest && one.Decisions > 0),
			Unit: "0 or 1", Better: higher, Must: new(1.0), Source: "SHA-256 over the plan and the explanation of each of its decisions, each plan on a workspace of its own"},
		{Name: "peak memory", Value: new(worst), Unit: "MiB", Better: lower, Must: new(float64(mostMemory)),
			Source: "resident memory of the process at its highest, the most of the plans on all cores and on 16 goroutines"},
		{Name: "items planned", Value: new(float64(last.Items)), Unit: "SKU × market", Better: higher, Source: "the plan's own report"},
		{Name: "decisions proposed", Value: new(float64(last.Decisions)), Unit: "decisions", Better: higher, Source: "the plan's own report; the attention limit is 200"},
	}, nil
}
