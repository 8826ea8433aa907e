package plan

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"tradewind/decision"
	"tradewind/messages"
)

var update = flag.Bool("update", false, "write what the scenarios give into testdata")

// TestScenarios plans the small shops of testdata/*.txt. Each file says in prose what it
// shows, then the facts, the settings, what people expect in place of the model if they
// do, and what the plan must say.
func TestScenarios(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			part := map[string]*txtar.File{}
			for i := range archive.Files {
				part[archive.Files[i].Name] = &archive.Files[i]
			}
			var c Config
			if err := yaml.UnmarshalWithOptions(part["settings"].Data, &c, yaml.Strict()); err != nil {
				t.Fatal(err)
			}
			s := shop(t, string(part["facts"].Data))
			var expected []Override
			if said := part["overrides"]; said != nil {
				expected = overridesOf(t, s, string(said.Data))
			}
			got := describe(planWith(t, s, c, expected))
			if *update {
				part["want"].Data = []byte(got)
				if err := os.WriteFile(file, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(part["want"].Data), got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func describe(p *Plan) string {
	var b strings.Builder
	for i := range p.Proposals {
		q := &p.Proposals[i]
		switch a := q.Action.(type) {
		case decision.Reorder:
			fmt.Fprintf(&b, "order %d %s %s", a.Units, a.SKU, a.Location)
		case decision.MoveStock:
			fmt.Fprintf(&b, "move %d %s from %s to %s", a.Units, a.SKU, a.From, a.To)
		case decision.AllocateStock:
			fmt.Fprintf(&b, "cap %s %s %s at %d from %s", a.Item.SKU, a.Item.Market, a.Item.Channel, a.Units, a.Location)
		}
		fmt.Fprintf(&b, ", gain %s (%s to %s), cash %s\n", q.Gain.Mean, q.Gain.P10, q.Gain.P90, q.Cash)
		if q.Action.Kind() != decision.KindReorder {
			for _, d := range q.Drivers {
				fmt.Fprintf(&b, "  driver: %s %s\n", d.Name.In(messages.English), d.Amount)
			}
			for _, f := range q.Flips {
				fmt.Fprintf(&b, "  flip: %s %.4g → %.4g\n", f.Name.In(messages.English), f.Now, f.At)
			}
		}
		for _, r := range q.Reasons {
			if r.Code == "plan.reason.override" {
				fmt.Fprintf(&b, "  heard: %s\n", r.In(messages.English))
			}
		}
		for _, in := range q.Inputs {
			if strings.HasPrefix(in.Key, "demand.override.") {
				fmt.Fprintf(&b, "  input: %s = %s, assumed %t, %s\n", in.Name.In(messages.English), in.Value, in.Assumed, in.Source)
			}
		}
		for _, c := range q.Binding {
			fmt.Fprintf(&b, "  binding: %s\n", c.Name.In(messages.English))
		}
		for _, c := range q.Caveats {
			fmt.Fprintf(&b, "  caveat: %s\n", c.In(messages.English))
		}
	}
	for _, l := range p.LeftOut {
		fmt.Fprintf(&b, "leave %s %s: %s\n", l.Site.SKU, l.Site.Location, l.Reason.In(messages.English))
	}
	for _, c := range p.Limits {
		fmt.Fprintf(&b, "limit: %s, shadow price %s\n", c.Name.In(messages.English), c.Shadow)
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w.In(messages.English))
	}
	return b.String()
}
