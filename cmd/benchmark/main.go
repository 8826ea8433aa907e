// Command benchmark measures how good and how fast Tradewind is, and fails where a figure
// that must be kept is not. Package benchmark does the work.
package main

import (
	"os"

	"tradewind/benchmark"
)

func main() { os.Exit(benchmark.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
