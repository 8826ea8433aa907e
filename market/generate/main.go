// Program generate writes what package market knows of every country from the files that
// others publish, territories.json and withdrawn.json, and the words by which package
// operations/localization tells languages apart.
//
//	go run ./market/generate -cldr DIR -numbers DIR -addresses DIR -phones FILE -currencies FILE
//	go run ./market/generate -annotations DIR
//
// It is run by hand when a new edition of a source appears; docs/markets.md says where
// each comes from and under which licence.
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	var from sources
	flag.StringVar(&from.cldr, "cldr", "", "folder with cldr-territoryInfo.json.gz and its neighbours (npm cldr-core, supplemental)")
	flag.StringVar(&from.numbers, "numbers", "", "folder main of npm cldr-numbers-full")
	flag.StringVar(&from.addresses, "addresses", "", "folder with a file a country of the libaddressinput data (de.json …)")
	flag.StringVar(&from.phones, "phones", "", "metadata.min.json of npm libphonenumber-js")
	flag.StringVar(&from.currencies, "currencies", "", "currency-codes.csv of github.com/datasets/currency-codes")
	to := flag.String("to", "market", "folder to write")
	annotations := flag.String("annotations", "", "folder annotations of npm cldr-annotations-full: write only the words of the languages")
	flag.Parse()
	var err error
	if *annotations != "" {
		err = writeWords(*annotations, filepath.Join("operations", "localization", "words.txt"))
	} else {
		err = run(from, *to)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// sources are where the published files lie.
type sources struct{ cldr, numbers, addresses, phones, currencies string }

func run(from sources, to string) error {
	territories, err := territories(from)
	if err != nil {
		return err
	}
	withdrawn, err := withdrawn(from)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(to, "territories.json"), territories); err != nil {
		return err
	}
	return write(filepath.Join(to, "withdrawn.json"), withdrawn)
}

// write puts one entry a line, so that a new edition shows as the lines that changed.
func write[T any](name string, entries map[string]T) error {
	keys := make([]string, 0, len(entries))
	for k := range entries {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	var b bytes.Buffer
	for i, k := range keys {
		line, err := plain(entries[k])
		if err != nil {
			return err
		}
		b.WriteString(map[bool]string{true: "{\n", false: ",\n"}[i == 0])
		fmt.Fprintf(&b, "%q: %s", k, line)
	}
	b.WriteString("\n}\n")
	return os.WriteFile(name, b.Bytes(), 0o644)
}

// plain is JSON that keeps < and & as they are.
func plain(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}

// read decodes a JSON file, packed or not.
func read[T any](name string) (T, error) {
	var v T
	data, err := os.ReadFile(name)
	if err != nil {
		return v, err
	}
	if strings.HasSuffix(name, ".gz") {
		r, err := gzip.NewReader(bytes.NewReader(data))
		if err != nil {
			return v, err
		}
		if data, err = io.ReadAll(r); err != nil {
			return v, err
		}
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return v, fmt.Errorf("%s: %w", name, err)
	}
	return v, nil
}

// supplemental reads one of the supplemental files of CLDR.
func supplemental[T any](from sources, name string) (T, error) {
	all, err := read[struct{ Supplemental map[string]json.RawMessage }](filepath.Join(from.cldr, "cldr-"+name+".json.gz"))
	var v T
	if err != nil {
		return v, err
	}
	part, ok := all.Supplemental[name]
	if !ok {
		return v, fmt.Errorf("%s has no part %s", name, name)
	}
	return v, json.Unmarshal(part, &v)
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil || !os.IsNotExist(err)
}
