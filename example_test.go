package tradewind_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"tradewind"
	"tradewind/messages"
)

// From order files to an explained decision: make a workspace, import what the shop knows,
// plan, and ask why.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "shop-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)

	// The data end in 2011, so the workspace's clock stands there too.
	if err := tradewind.Init(dir, tradewind.Config{Currency: "GBP", Clock: "2011-12-09T20:00:00Z"}); err != nil {
		log.Fatal(err)
	}
	shop, err := tradewind.Open(ctx, dir)
	if err != nil {
		log.Fatal(err)
	}
	defer shop.Close()

	files, err := filepath.Glob("testdata/*.csv")
	if err != nil {
		log.Fatal(err)
	}
	report, err := shop.Import(ctx, files, tradewind.ImportOptions{})
	if err != nil {
		log.Fatal(messages.Of(err).In(messages.English), messages.Of(err).Remedy().In(messages.English))
	}
	r := report.Rows
	fmt.Printf("%d rows in = %d loaded + %d unchanged + %d duplicate + %d excluded\n", r.In, r.Loaded, r.Unchanged, r.Duplicate, r.Excluded)

	plan, err := shop.Plan(ctx, tradewind.PlanOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d decisions on facts as of %s\n", len(plan.Decisions), plan.FactsAsOf)

	for _, d := range plan.Decisions {
		why, err := shop.Explain(ctx, d.ID)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s %s (%s): %d parts make the gain, %d inputs are assumed\n", d.Kind, d.Subject, d.Product, len(why.Drivers), len(d.Assumed))
	}
	// Unordered output:
	// 507 rows in = 453 loaded + 18 unchanged + 5 duplicate + 31 excluded
	// 3 decisions on facts as of 2011-12-09
	// reorder 22453 · UK-1 (MEASURING TAPE BABUSHKA BLUE): 4 parts make the gain, 13 inputs are assumed
	// reorder 22763 · UK-1 (KEY CABINET MA CAMPAGNE): 4 parts make the gain, 13 inputs are assumed
	// reorder 22797 · UK-1 (CHEST OF DRAWERS GINGHAM HEART): 4 parts make the gain, 13 inputs are assumed
}
