package benchmark

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// write prints the result as JSON, or as a table of every method in every group.
func (r contestResult) write(w io.Writer, form string) error {
	switch form {
	case "json":
		out := json.NewEncoder(w)
		out.SetIndent("", "  ")
		return out.Encode(r)
	case "markdown":
		fmt.Fprintf(w, "## %s\n\nThe default is %s; peak memory %.0f MiB.\n\n", r.File, r.Default, r.Peak)
		fmt.Fprint(w, "| group | series | method | sMAPE | MASE | OWA | MSIS 95 % | in 80 % | in 90 % | in 95 % | CPU s | wall s |\n")
		fmt.Fprint(w, "|---|---:|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n")
		return r.rows(w, "| %s | %d | %s | %.3f | %.3f | %.3f | %.2f | %.1f %% | %.1f %% | %.1f %% | %.2f | %.2f |\n")
	}
	fmt.Fprintf(w, "%s: the default is %s; peak memory %.0f MiB\n", r.File, r.Default, r.Peak)
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(out, "group\tseries\tmethod\tsMAPE\tMASE\tOWA\tMSIS 95 %\tin 80 %\tin 90 %\tin 95 %\tCPU s\twall s\n")
	if err := r.rows(out, "%s\t%d\t%s\t%.3f\t%.3f\t%.3f\t%.2f\t%.1f %%\t%.1f %%\t%.1f %%\t%.2f\t%.2f\n"); err != nil {
		return err
	}
	return out.Flush()
}

func (r contestResult) rows(w io.Writer, format string) error {
	for _, g := range r.Groups {
		for _, name := range g.ranked() {
			s := g.Methods[name]
			_, err := fmt.Fprintf(w, format, g.Name, g.Series, name, s.SMAPE, s.MASE, s.OWA, s.MSIS,
				100*s.Cover80, 100*s.Cover90, 100*s.Cover95, s.CPU, s.Wall)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// ranked lists the methods of a group by OWA, best first.
func (g contestGroup) ranked() []string {
	return slices.SortedFunc(maps.Keys(g.Methods), func(a, b string) int {
		return cmp.Or(cmp.Compare(g.Methods[a].OWA, g.Methods[b].OWA), cmp.Compare(a, b))
	})
}
