package tradewind

import (
	"bytes"
	"cmp"
	"context"
	"io/fs"
	"time"

	onlineretail "tradewind/examples/online-retail"
	"tradewind/fault"
	"tradewind/messages"
)

// DemoReport is what the demo prints.
type DemoReport struct {
	Rows      Rows            `json:"rows"`
	Items     int             `json:"items"`
	Markets   int             `json:"markets"`
	Decisions []DecisionView  `json:"decisions"` // worth most first
	Files     []FileReport    `json:"files"`
	Assumed   []LocalizedText `json:"assumed"` // what the data lack and the demo adds
	Seconds   float64         `json:"seconds"`
}

// demoConfig sets the demo's clock to the evening of the last day of its data.
var demoConfig = Config{
	Currency: onlineretail.Currency, Zone: onlineretail.Zone,
	FactsAsOf: onlineretail.LastDay, RulesAsOf: onlineretail.LastDay, Clock: onlineretail.LastDay + "T20:00:00Z",
}

// Demo makes the demo workspace in a folder, or goes on with it: it imports two years of
// a real shop and what is assumed beside them, plans, and returns the open workspace. Run
// again, it finds the same files imported and the same plan. The workspace of somebody's
// shop is fault.Blocked and stays as it is.
func Demo(ctx context.Context, dir string, progress func(Progress)) (*Engine, *DemoReport, error) {
	start := time.Now()
	if !isWorkspace(dir) {
		if err := Init(dir, demoConfig); err != nil {
			return nil, nil, err
		}
	}
	e, err := Open(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	r, err := e.demo(ctx, progress)
	if err != nil {
		e.Close()
		return nil, nil, err
	}
	r.Seconds = time.Since(start).Seconds()
	return e, r, nil
}

func (e *Engine) demo(ctx context.Context, progress func(Progress)) (*DemoReport, error) {
	if ours, err := e.isDemo(ctx); err != nil || !ours {
		return nil, cmp.Or(err, error(fault.New(fault.Blocked, "E-DEMO-OTHER", fault.A("dir", e.dir))))
	}
	r := &DemoReport{}
	for _, name := range append(append([]string{}, onlineretail.Orders...), onlineretail.Assumed...) {
		data, err := fs.ReadFile(onlineretail.Files(), name)
		if err != nil {
			return nil, err
		}
		f, err := e.importBytes(ctx, name, bytes.NewReader(data), int64(len(data)), ImportOptions{Progress: progress})
		if err != nil {
			return nil, err
		}
		r.Files = append(r.Files, *f)
		r.Rows.add(f.Rows)
	}
	p, err := e.Plan(ctx, PlanOptions{Progress: progress})
	if err != nil {
		return nil, err
	}
	r.Items, r.Markets, r.Decisions = p.Items, p.Markets, p.Decisions
	for _, code := range []string{"cost", "stock", "supply", "product", "holding", "fee"} {
		r.Assumed = append(r.Assumed, localized(messages.M("engine.demo.assumed."+code)))
	}
	return r, nil
}

// isDemo reports whether a workspace began with the demo's data, or is still empty and
// stands at the demo's time.
func (e *Engine) isDemo(ctx context.Context) (bool, error) {
	imports, err := e.db.Imports(ctx)
	if err != nil || len(imports) == 0 {
		return e.config.Clock == demoConfig.Clock, err
	}
	return imports[len(imports)-1].File == onlineretail.Orders[0], nil
}
