// Package testdata embeds the tables that regressions are held against, for the tests and
// for the benchmark. Each file says where it is from.
package testdata

import "embed"

// Files holds the tables, CSV with comments after #.
//
//go:embed *.csv
var Files embed.FS
