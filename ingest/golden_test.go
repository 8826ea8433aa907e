package ingest

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tradewind/commerce"
	"tradewind/messages"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestFixtures reads a fixture of each format, in its true encoding, and compares what
// becomes of every row with the file beside it.
func TestFixtures(t *testing.T) {
	fixtures, err := filepath.Glob("formats/testdata/*.*.*")
	if err != nil {
		t.Fatal(err)
	}
	covered := map[string]bool{}
	for _, path := range fixtures {
		if strings.HasSuffix(path, ".golden") {
			continue
		}
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			name := filepath.Base(path)
			got := transcript(t, name, data, Options{Fallback: mustZone(t, "Europe/Berlin")})
			format, _, _ := strings.Cut(name, ".")
			if !strings.HasPrefix(got, format+" ") {
				t.Errorf("%s was not read as %s", name, format)
			}
			covered[format] = true
			golden := path + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", golden, diff)
			}
		})
	}
	for _, f := range Formats() {
		if !covered[f.Name] {
			t.Errorf("format %s has no fixture formats/testdata/%s.*.*", f.Name, f.Name)
		}
	}
}

// transcript writes down what a file is and what becomes of each of its rows.
func transcript(t *testing.T, name string, data []byte, o Options) string {
	t.Helper()
	s, err := Open(name, bytes.NewReader(data), int64(len(data)), o)
	if err != nil {
		t.Fatalf("open %s: %v", name, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %q %s ignored=%q\n", s.Format.Name, s.Encoding, s.Delimiter, s.Zone, s.Ignored)
	for fact, err := range s.Read() {
		b.WriteString(outcome(t, fact, err))
	}
	return b.String()
}

func outcome(t *testing.T, fact commerce.Fact, err error) string {
	t.Helper()
	var (
		reject    *Reject
		exclusion *Exclusion
		duplicate *Duplicate
	)
	switch {
	case err == nil:
		return show(fact)
	case errors.As(err, &reject):
		for _, lang := range messages.Languages {
			for _, m := range []messages.Message{reject.Message(), reject.Remedy()} {
				if text := m.In(lang); strings.ContainsAny(text, "[]{}") {
					t.Errorf("%s in %s has a hole: %s", m.Code, lang, text)
				}
			}
		}
		return fmt.Sprintf("line %d rejected %s %q worth %s: %s\n", reject.Line, reject.Code, reject.Column, reject.Amount, reject.Message().In(messages.English))
	case errors.As(err, &exclusion):
		return fmt.Sprintf("line %d excluded %s: %s x %d worth %s\n", exclusion.Line, exclusion.Rule, exclusion.SKU, exclusion.Units, exclusion.Amount)
	case errors.As(err, &duplicate):
		return fmt.Sprintf("line %d duplicate worth %s\n", duplicate.Line, duplicate.Amount)
	}
	t.Errorf("reading stopped: %v", err)
	return ""
}

func show(fact commerce.Fact) string {
	worth := RowAmount(fact)
	switch f := fact.(type) {
	case *commerce.OrderLine:
		kind := "sale"
		if f.Kind == commerce.Credit {
			kind = "credit"
		}
		return fmt.Sprintf("line %d %s %s %s %q x %d at %s worth %s on %s (%s) by %q in %s via %q key %016x%016x\n",
			f.FileLine, kind, f.Order, f.SKU, f.Description, f.Units, f.Price, worth, f.At.Format(time.RFC3339), f.Day, f.Customer, f.Market, f.Channel, f.Key.Hi, f.Key.Lo)
	case *commerce.Product:
		return fmt.Sprintf("product %+v\n", *f)
	case *commerce.Cost:
		return fmt.Sprintf("cost %+v worth %s\n", *f, worth)
	case *commerce.Stock:
		return fmt.Sprintf("stock %+v\n", *f)
	case *commerce.Supply:
		return fmt.Sprintf("supply %+v worth %s\n", *f, worth)
	case *commerce.Receipt:
		return fmt.Sprintf("receipt %+v\n", *f)
	case *commerce.Warehouse:
		return fmt.Sprintf("warehouse %+v\n", *f)
	case *commerce.Price:
		return fmt.Sprintf("price %+v worth %s\n", *f, worth)
	case *commerce.Rate:
		return fmt.Sprintf("rate %+v\n", *f)
	case *commerce.Spend:
		return fmt.Sprintf("spend %+v worth %s\n", *f, worth)
	case *commerce.Listing:
		return fmt.Sprintf("listing %+v\n", *f)
	case *commerce.Document:
		return fmt.Sprintf("document %+v\n", *f)
	case *commerce.Promotion:
		return fmt.Sprintf("promotion %+v worth %s\n", *f, worth)
	}
	return fmt.Sprintf("%T?\n", fact)
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}
