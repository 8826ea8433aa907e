// Command generate makes schedule.tsv.zst, the data that package tariff embeds, from a
// folder with three published files:
//
//	go run ./law/tariff/generate FOLDER law/tariff/schedule.tsv.zst
//
// It refuses files that are not, to the byte, those that it was written for, because it
// knows their quirks. The tables of the output stand one after the other, tabs between
// columns:
//
//	H code                                            a code of HS 2022, of 2, 4 or 6 digits
//	E code                                            six digits of the edition before it
//	R code indent unit general special column2 text   a row of the US schedule
//	C code share                                      an additional duty on goods of China
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// The published files by the SHA-256 of what is in them.
const (
	codesFile, codesHash           = "hs-codes.csv.gz", "e77ee9e1cfd15a42d1fadeb2c0618d10f6b9ed9aec0e5d66826dc7ef9d3126a5"
	scheduleFile, scheduleHash     = "us-hts-2025-04.csv.gz", "4d2ca1a5b435c5321e194055ff4ad9b548093373e1ba1b4180515c609efa37c7"
	additionalFile, additionalHash = "us-section-301-china.csv.gz", "10d61f493ddaafc5172d95e5ae5bf5d39872a884698c84906ba0d62539806aa5"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: generate FOLDER OUTPUT")
		os.Exit(2)
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func generate(folder, output string) error {
	codes, err := read(filepath.Join(folder, codesFile), codesHash)
	if err != nil {
		return err
	}
	schedule, err := read(filepath.Join(folder, scheduleFile), scheduleHash)
	if err != nil {
		return err
	}
	additional, err := read(filepath.Join(folder, additionalFile), additionalHash)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	subheadings := writeCodes(&out, codes)
	writeEarlier(&out, additional, subheadings)
	if err := writeSchedule(&out, schedule); err != nil {
		return err
	}
	writeAdditional(&out, additional, schedule)
	encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return err
	}
	packed := encoder.EncodeAll(out.Bytes(), nil)
	fmt.Printf("%s: %d bytes, %d unpacked\n", output, len(packed), out.Len())
	return os.WriteFile(output, packed, 0o644)
}

// read returns the rows of a file below its header.
func read(name, hash string) ([][]string, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var content bytes.Buffer
	if _, err := content.ReadFrom(unpacked); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if got := sha256.Sum256(content.Bytes()); hex.EncodeToString(got[:]) != hash {
		return nil, fmt.Errorf("%s is another version than this program knows: its content has the SHA-256 %x, not %s", name, got, hash)
	}
	rows, err := csv.NewReader(&content).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows[1:], nil
}

// writeCodes keeps the codes and nothing else: the World Customs Organization claims
// rights in the texts of that file. 99 and TOTAL are no codes of the nomenclature.
func writeCodes(out *bytes.Buffer, rows [][]string) map[string]bool {
	subheadings := map[string]bool{}
	var codes []string
	for _, r := range rows {
		code := r[1]
		if strings.HasPrefix(code, "99") || code == "TOTAL" {
			continue
		}
		codes = append(codes, code)
		if len(code) == 6 {
			subheadings[code] = true
		}
	}
	slices.Sort(codes)
	for _, code := range codes {
		fmt.Fprintf(out, "H\t%s\n", code)
	}
	return subheadings
}

// writeEarlier keeps the subheadings of the additional duties that HS 2022 does not have:
// the lists are of 2018 and 2019, when HS 2017 was in force.
func writeEarlier(out *bytes.Buffer, rows [][]string, subheadings map[string]bool) {
	var codes []string
	for _, r := range rows {
		if code := digits(r[0])[:6]; !subheadings[code] {
			codes = append(codes, code)
		}
	}
	slices.Sort(codes)
	for _, code := range slices.Compact(codes) {
		fmt.Fprintf(out, "E\t%s\n", code)
	}
}

// The columns of the schedule.
const (
	numberColumn = iota
	indentColumn
	textColumn
	unitColumn
	generalColumn
	specialColumn
	column2Column
)

// writeSchedule keeps chapters 1 to 97. In the published file an empty general rate was
// filled with the one above it, in the rows of headings and statistical suffixes, too, so
// that a general rate is a row's own only where column 2 stands beside it.
func writeSchedule(out *bytes.Buffer, rows [][]string) error {
	chapter := ""
	seen := map[string]bool{}
	for _, r := range rows {
		code := digits(r[numberColumn])
		if len(code) == 5 {
			code += "0" // 1003.90 became the number 1003.9 on the way
		}
		if code != "" {
			chapter = code[:2]
		}
		if chapter >= "98" {
			continue
		}
		general := r[generalColumn]
		switch {
		case r[column2Column] == "":
			general = ""
			if r[specialColumn] != "" {
				return fmt.Errorf("%s has a special rate and no column 2", r[numberColumn])
			}
		case len(code) < 8:
			return fmt.Errorf("%s has rates where none are expected", r[numberColumn])
		case seen[code[:8]]: // 9006.59.15.20 repeats the rates of its line
			general, r[specialColumn], r[column2Column] = "", "", ""
		default:
			seen[code[:8]] = true
		}
		var units []string
		if r[unitColumn] != "" {
			if err := json.Unmarshal([]byte(r[unitColumn]), &units); err != nil {
				return fmt.Errorf("%s: units: %w", r[numberColumn], err)
			}
		}
		cells := []string{"R", code, r[indentColumn], strings.Join(units, ";"), trimmed(general), r[specialColumn], r[column2Column], r[textColumn]}
		for i := range cells {
			cells[i] = strings.Join(strings.Fields(cells[i]), " ")
		}
		fmt.Fprintln(out, strings.Join(cells, "\t"))
	}
	return nil
}

// trimmed writes 6.80% as 6.8%: the file gives every plain percentage two decimals.
func trimmed(rate string) string {
	number, plain := strings.CutSuffix(rate, "%")
	if !plain || strings.Trim(number, "0123456789.") != "" || !strings.Contains(number, ".") {
		return rate
	}
	return strings.TrimSuffix(strings.TrimRight(number, "0"), ".") + "%"
}

// writeAdditional cuts ten digits to eight where all statistical lines of the eight are
// listed at the same share.
func writeAdditional(out *bytes.Buffer, rows, schedule [][]string) {
	below := map[string][]string{}
	for _, r := range schedule {
		if code := digits(r[numberColumn]); len(code) == 10 {
			below[code[:8]] = append(below[code[:8]], code)
		}
	}
	shares := map[string]string{}
	for _, r := range rows {
		shares[digits(r[0])] = r[1]
	}
	var lines []string
	for code, share := range shares {
		if len(code) == 10 {
			whole := len(below[code[:8]]) > 0
			for _, sibling := range below[code[:8]] {
				whole = whole && shares[sibling] == share
			}
			if whole {
				code = code[:8]
			}
		}
		lines = append(lines, "C\t"+code+"\t"+share)
	}
	slices.Sort(lines)
	for _, line := range slices.Compact(lines) {
		fmt.Fprintln(out, line)
	}
}

func digits(code string) string { return strings.ReplaceAll(strings.TrimSpace(code), ".", "") }
