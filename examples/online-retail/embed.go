// Package onlineretail holds two years of orders of a real shop, "Online Retail" by
// Daqing Chen (CC BY 4.0, see README.md), and the assumptions that the demo adds to them.
//
// It is data and nothing else: ingest reads it as it reads anybody's files.
package onlineretail

import (
	"embed"
	"io/fs"
)

//go:generate go run ./assume .

//go:embed *.csv.zst assumed-*.csv
var files embed.FS

// Files returns the folder: every name in Orders and Assumed is in it.
func Files() fs.FS { return files }

// Orders names the files of the shop's order lines, oldest first. The second overlaps
// the first by nine days.
var Orders = []string{"online-retail-2009-2010.csv.zst", "online-retail-2010-2011.csv.zst"}

// Assumed names the files that nobody measured, made by the program in assume.
var Assumed = []string{
	"assumed-products.csv", "assumed-costs.csv", "assumed-warehouses.csv",
	"assumed-stock.csv", "assumed-supplies.csv",
}

// The days that the data stand at: the last day of orders is the demo's today.
const (
	FirstDay = "2009-12-01"
	LastDay  = "2011-12-09"
	Zone     = "Europe/London" // of the naive times in the order files
	Currency = "GBP"           // of their prices
)
