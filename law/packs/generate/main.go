// Command generate writes the packs vat-XX.yaml: the rates of value added tax of the
// member states of the European Union and of the United Kingdom, each with its days.
//
//	go run ./law/packs/generate -data FOLDER -retrieved 2026-11-22 -out law/packs
//
// The folder holds two tables that other people keep: eu-vat-history.csv (Kevin Deldycke,
// BSD 2-Clause) and eu-vat-rates.json (ibericode, MIT). The same tables give the same
// files to the last byte. What the two tables do not agree on becomes a contested rule,
// unless decided says which of them is right and who says so.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"tradewind/calendar"
)

func main() {
	data := flag.String("data", "", "folder with eu-vat-history.csv and eu-vat-rates.json")
	out := flag.String("out", "", "folder to write the packs to")
	retrieved := flag.String("retrieved", "", "day on which the tables were read, 2026-11-22")
	flag.Parse()
	if err := run(*data, *out, *retrieved); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// countries are the member states of today and the one that left.
var countries = []string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU",
	"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}

func run(data, out, retrieved string) error {
	read, err := calendar.ParseDay(retrieved)
	if err != nil {
		return fmt.Errorf("-retrieved: %w", err)
	}
	history, err := readHistory(filepath.Join(data, "eu-vat-history.csv"))
	if err != nil {
		return err
	}
	tables, err := readTable(filepath.Join(data, "eu-vat-rates.json"))
	if err != nil {
		return err
	}
	for _, country := range countries {
		spans, periods := history[country], tables[country]
		if len(spans) == 0 || len(periods) == 0 {
			return fmt.Errorf("%s is not in both tables", country)
		}
		rules := slices.Concat(standardRules(country, spans, periods, read), classRules(country, periods, read))
		name := filepath.Join(out, "vat-"+country+".yaml")
		if err := os.WriteFile(name, pack(country, rules, read), 0o644); err != nil {
			return err
		}
	}
	return nil
}
