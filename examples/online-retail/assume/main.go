// Command assume makes the figures that the shop's order lines lack: unit costs, stock,
// suppliers, weights and Harmonized System chapters. It reads the two order files of a
// folder and writes five assumed-*.csv beside them. Nothing that it writes was measured,
// and every row says so.
//
// The same order files give the same bytes on any machine: all chance is a hash of the
// SKU, and all arithmetic is on whole numbers.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

func main() {
	dir := filepath.Join("examples", "online-retail")
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := run(dir); err != nil {
		fmt.Fprintln(os.Stderr, "assume:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	made, err := assume(os.DirFS(dir))
	if err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(made)) {
		if err := os.WriteFile(filepath.Join(dir, name), made[name], 0o644); err != nil {
			return err
		}
		fmt.Printf("%-24s %7d bytes\n", name, len(made[name]))
	}
	return nil
}
