package benchmark

import (
	"bytes"
	"compress/gzip"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// written writes a file, packed where its name ends in .gz, and gives its path.
func written(t *testing.T, name, text string) string {
	t.Helper()
	content := []byte(text)
	if strings.HasSuffix(name, ".gz") {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		content = packed.Bytes()
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var sameSeries = cmp.Options{cmp.AllowUnexported(contestant{}, frequency{}), cmpopts.EquateNaNs()}

// TestReadM3: columns go by their names in any order and case, quoted or not, packed or
// not, with what spreadsheets add.
func TestReadM3(t *testing.T) {
	nan := math.NaN()
	want := []contestant{
		{"N1", frequencies["YEARLY"], []float64{1, 2.5, -3e2}, []float64{4, 5}},
		{"N2", frequencies["DAILY"], []float64{7, nan, 8}, []float64{nan, 9}},
		{"N3", frequencies["OTHER"], []float64{1}, []float64{2}},
	}
	const rows = "N1,YEARLY,1 2.5 -3e2,4 5\nN2,daily,7 NA 8,nan 9\nN3,Other,1,2\n"
	for name, text := range map[string]string{
		"plain.csv":     "series,period,train,test\n" + rows,
		"packed.csv.gz": "series,period,train,test\n" + rows,
		"packed.csv":    "\"series\",\"period\",\"train\",\"test\"\n" + rows,
		"cases.csv":     "Series, Period ,TRAIN,Test\n" + rows,
		"order.csv":     "horizon,test,series,note,train,period\n,4 5,N1,x,1 2.5 -3e2,YEARLY\n,nan 9,N2,,7 NA 8,DAILY\n,2,N3,,1,OTHER\n",
		"quoted.csv":    "\"series\",period,train,test\r\n\"N1\",\"YEARLY\",\"1 2.5\n -3e2\",\"4  5\"\r\nN2,DAILY,7 NA 8,NaN 9\r\nN3,OTHER,1,2",
		"mark.csv":      "\ufeffseries,period,train,test\n" + rows,
		"quotedmark.gz": "\ufeff\"series\",period,train,test\n" + rows,
		"empty rows":    "\n\nseries,period,train,test\n\n" + rows + ",,,\n\n , ,,\n",
	} {
		got, err := readM3(written(t, name, text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if diff := cmp.Diff(want, got, sameSeries); diff != "" {
			t.Errorf("%s (want -, got +):\n%s", name, diff)
		}
	}
}

// TestM3Complaints: what is wrong is named, with file, line and column.
func TestM3Complaints(t *testing.T) {
	const head = "series,period,train,test\n"
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"empty.csv", "", []string{"there is no series"}},
		{"head.csv", head, []string{"there is no series"}},
		{"column.csv", "series,period,train\nN1,YEARLY,1 2\n", []string{"line 1", `"test"`, "series, period, train and test"}},
		{"nohead.csv", "N1,YEARLY,1 2,3\n", []string{"line 1", `"series"`}},
		{"number.csv", head + "N1,YEARLY,1 2,3\nN2,YEARLY,1 2 x3 4,5\n", []string{"line 3", "column 3", "value 3", `"x3"`}},
		{"comma.csv", head + "N1,YEARLY,1 2,\"3 4;5\"\n", []string{"line 2", "column 4", "value 2", `"4;5"`}},
		{"infinite.csv", head + "N1,YEARLY,1 inf,3\n", []string{"line 2", "column 3", "value 2", `"inf"`}},
		{"large.csv", head + "N1,YEARLY,1 1e999,3\n", []string{"line 2", `"1e999"`}},
		{"period.csv", head + "N1,FORTNIGHTLY,1 2,3\n", []string{"line 2", "column 2", `"FORTNIGHTLY"`, "QUARTERLY"}},
		{"train.csv", head + "N1,YEARLY,,3\n", []string{"line 2", "column 3", "N1", "train"}},
		{"test.csv", head + "N1,YEARLY,1 2\n", []string{"line 2", "column 4", "N1", "test"}},
		{"quote.csv", head + "N1,\"YEARLY,1 2,3\n", []string{"line 2", `"`}},
		{"later.csv", head + "N1,YEARLY,\"1\n2\",3\n\nN2,YEARLY,1 z,3\n", []string{"line 5", `"z"`}},
	} {
		path := written(t, tt.name, tt.text)
		_, err := readM3(path)
		if err == nil {
			t.Errorf("%s: no error", tt.name)
			continue
		}
		for _, part := range append(tt.want, path) {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %s", tt.name, err, part)
			}
		}
	}
	cut := written(t, "cut.csv.gz", head+strings.Repeat("N1,YEARLY,1 2 3,4 5\n", 500))
	packed, err := os.ReadFile(cut)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(cut, packed[:len(packed)-12], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readM3(cut); err == nil || !strings.Contains(err.Error(), cut) {
		t.Errorf("a file that was cut off: %v", err)
	}
}

// TestReadM4: one row a series, with or without a header, trailing empty cells or not; the
// test rows in any order; frequencies by the first letter, or by the name of the file.
func TestReadM4(t *testing.T) {
	nan := math.NaN()
	want := []contestant{
		{"Y1", frequencies["YEARLY"], []float64{1, 2, 3}, []float64{4, 5}},
		{"D20", frequencies["DAILY"], []float64{6, nan, 7}, []float64{8}},
		{"H3", frequencies["HOURLY"], []float64{9}, []float64{nan, 1}},
	}
	for _, tt := range []struct{ name, train, test string }{
		{"a.csv", "V1,V2,V3,V4\nY1,1,2,3\nD20,6,NA,7\nH3,9,,\n", "V1,V2,V3\nY1,4,5\nD20,8,\nH3,,1\n"},
		{"b.csv.gz", "\"V1\",\"V2\",\"V3\",\"V4\"\n\"Y1\",\"1\",\"2\",\"3\"\n\"D20\",6,,7\n\"H3\",9,NA,NA\n", "\"id\",\"x\",\"y\"\nH3,NaN,1\nD20,8,NA\nY1,4,5\n"},
		{"c.csv", "Y1,1,2,3\nD20,6,,7\nH3,9\n", "Y1,4,5\n\nD20,8\nH3,,1\n,,\n"},
		{"d.csv", "\ufeff\"V1\",\"V2\",\"V3\"\nY1,1,2,3\nD20,6,,7\nH3,9\n", "\ufeffY1,4,5\nD20,8\nH3,,1\n"},
	} {
		got, err := readM4(written(t, "train-"+tt.name, tt.train), written(t, "test-"+tt.name, tt.test))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
		} else if diff := cmp.Diff(want, got, sameSeries); diff != "" {
			t.Errorf("%s (want -, got +):\n%s", tt.name, diff)
		}
	}
}

func TestFrequencies(t *testing.T) {
	for _, tt := range []struct{ id, path, group string }{
		{"Y1", "x.csv", "yearly"}, {"Q24000", "x.csv", "quarterly"}, {"M7", "x.csv", "monthly"}, {"W359", "x.csv", "weekly"},
		{"H414", "x.csv", "hourly"}, {"D4227", "x.csv", "other"}, {"O12", "x.csv", "other"}, {"H1", "Weekly-train.csv", "hourly"},
		{"1", "Weekly-train.csv", "weekly"}, {"Wheat", "/tmp/hourly-train.csv", "hourly"}, {"sales", "shop.csv", "other"}, {"", "shop.csv", "other"},
	} {
		if got := frequencyOf(tt.id, tt.path); got.group != tt.group {
			t.Errorf("%s in %s is %s, want %s", tt.id, tt.path, got.group, tt.group)
		}
	}
	for name, f := range frequencies {
		if f.name != name || !slices.Contains(groups, f.group) {
			t.Errorf("%s is called %s and belongs to %s", name, f.name, f.group)
		}
	}
	if d := frequencies["DAILY"]; d.lag != 1 || !slices.Equal(d.seasons, []float64{7}) {
		t.Errorf("daily: scaled by lag %d, seasons %v, want 1 and 7", d.lag, d.seasons)
	}
}

func TestM4Complaints(t *testing.T) {
	const train, test = "V1,V2,V3\nY1,1,2\nY2,3,4\n", "V1,V2\nY1,5\nY2,6\n"
	for _, tt := range []struct {
		name, train, test string
		want              []string
	}{
		{"unknown", train, test + "Y9,1\n", []string{"test.csv, line 4", "Y9", "train.csv"}},
		{"untested", train, "V1,V2\nY1,5\n", []string{"test.csv", "Y2"}},
		{"twice", train + "Y1,7,8\n", test, []string{"train.csv, line 4", "Y1", "second time"}},
		{"tested twice", train, test + "Y2,7\n", []string{"test.csv, line 4", "Y2", "second time"}},
		{"number", "V1,V2,V3\nY1,1,2\nY2,3,4 5\n", test, []string{"train.csv, line 3", "column 3", `"4 5"`}},
		{"number in the first row", "Y1,x,2\nY2,3,4\n", test, []string{"train.csv, line 1", "column 2", `"x"`}},
		{"number in the test", train, "Y1,5\nY2,6a\n", []string{"test.csv, line 2", "column 2", `"6a"`}},
		{"no values", "V1,V2\nY1,1\nY2,,NA\n", test, []string{"train.csv, line 3", "Y2", "no values"}},
		{"header only", "V1,V2\n", "V1,V2\n", []string{"train.csv", "there is no series"}},
		{"empty", "", "", []string{"train.csv", "there is no series"}},
	} {
		_, err := readM4(written(t, "train.csv", tt.train), written(t, "test.csv", tt.test))
		if err == nil {
			t.Errorf("%s: no error", tt.name)
			continue
		}
		for _, part := range tt.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %q does not say %s", tt.name, err, part)
			}
		}
	}
	if _, err := readM4(filepath.Join(t.TempDir(), "none.csv"), "x"); !os.IsNotExist(err) {
		t.Errorf("a file that is not there: %v", err)
	}
}
