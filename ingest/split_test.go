package ingest

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// splitAll returns every record of a text as strings, the line of each, and its code.
func splitAll(t testing.TB, text io.Reader, comma byte) (records [][]string, lines []int64, codes []string) {
	t.Helper()
	s := newSplitter(text, comma, '\n')
	for {
		rec, err := s.next()
		if err == io.EOF {
			return records, lines, codes
		}
		if err != nil {
			t.Fatal(err)
		}
		var fields []string
		for _, f := range rec.fields {
			fields = append(fields, string(f))
		}
		records, lines, codes = append(records, fields), append(lines, rec.line), append(codes, rec.code)
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       [][]string
		lines      []int64
		codes      []string
	}{
		{"plain", "a,b\nc,d\n", [][]string{{"a", "b"}, {"c", "d"}}, []int64{1, 2}, []string{"", ""}},
		{"no line end", "a,b", [][]string{{"a", "b"}}, []int64{1}, []string{""}},
		{"windows", "a,b\r\n\r\nc,\r\n", [][]string{{"a", "b"}, {"c", ""}}, []int64{1, 3}, []string{"", ""}},
		{"quotes", `"a,1","say ""hi""",c` + "\n", [][]string{{"a,1", `say "hi"`, "c"}}, []int64{1}, []string{""}},
		{"line ends in quotes", "x,\"1\r\n2\n\n3\"\ny,z\n", [][]string{{"x", "1\n2\n\n3"}, {"y", "z"}}, []int64{1, 5}, []string{"", ""}},
		{"inches", "15\" plate,3\n", [][]string{{"15\" plate", "3"}}, []int64{1}, []string{""}},
		{"quote within", "\"a\"b,c\nd,e\n", [][]string{nil, {"d", "e"}}, []int64{1, 2}, []string{"E-QUOTE", ""}},
		{"open quote", "a,\"b\nc,d\ne,f\n", [][]string{nil, {"c", "d"}, {"e", "f"}}, []int64{1, 2, 3}, []string{"E-QUOTE", "", ""}},
		{"nul", "a,\x00\nb,c\n", [][]string{{"a", "\x00"}, {"b", "c"}}, []int64{1, 2}, []string{"E-NUL", ""}},
		{"latin-1", "a,\xe9\nb,c\n", [][]string{{"a", "\xe9"}, {"b", "c"}}, []int64{1, 2}, []string{"E-ENCODING-ROW", ""}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, lines, codes := splitAll(t, iotest.OneByteReader(strings.NewReader(test.text)), ',')
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("records (-want +got):\n%s", diff)
			}
			if !slices.Equal(test.lines, lines) || !slices.Equal(test.codes, codes) {
				t.Errorf("lines %v codes %q, want %v %q", lines, codes, test.lines, test.codes)
			}
		})
	}
}

// TestSplitLongLine reads a file with a line of 10 MB: only that line is lost, and the
// buffer stays small.
func TestSplitLongLine(t *testing.T) {
	for name, long := range map[string]string{
		"plain":  strings.Repeat("x", 10<<20),
		"quoted": `a,"` + strings.Repeat("y", 10<<20) + `"`,
	} {
		s := newSplitter(strings.NewReader("a,b\n"+long+"\nc,d\n"), ',', '\n')
		var codes []string
		for {
			rec, err := s.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, rec.code)
		}
		if want := []string{"", "E-LINE-LENGTH", ""}; !slices.Equal(codes, want) {
			t.Errorf("%s: codes %q, want %q", name, codes, want)
		}
		if len(s.buf) > 4*maxRecord {
			t.Errorf("%s: the buffer grew to %d bytes", name, len(s.buf))
		}
	}
}

// TestSplitQuoteBomb: quotes that never close cost bounded work and end the reading.
func TestSplitQuoteBomb(t *testing.T) {
	s := newSplitter(strings.NewReader(strings.Repeat("a,\"b\n\n", 1<<19)), ',', '\n')
	for {
		_, err := s.next()
		if err == nil {
			continue
		}
		if err != io.EOF && !errors.Is(err, errQuotes) {
			t.Errorf("got %v, want the end or %v", err, errQuotes)
		}
		return
	}
}

// FuzzSplit compares the splitter with encoding/csv on every text that the latter reads.
func FuzzSplit(f *testing.F) {
	for _, seed := range []string{
		"a,b\nc,d\n", "\"a\r\nb\",c\r\n", "\"\"\"\",\n", "a\r", "\n\n,\n", "\"a\"\r\n\r\n\"\"", "x\",y\n", "\"\n", "ü,“\n", "a,b\rc\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, lines, codes := splitAll(t, bytes.NewReader(text), ',')
		slow, slowLines, _ := splitAll(t, iotest.OneByteReader(bytes.NewReader(text)), ',')
		if diff := cmp.Diff(got, slow); diff != "" || !slices.Equal(lines, slowLines) {
			t.Fatalf("the size of reads changes the records of %q:\n%s", text, diff)
		}
		r := csv.NewReader(bytes.NewReader(text))
		r.FieldsPerRecord = -1
		var want [][]string
		var wantLines []int64
		for {
			record, err := r.Read()
			if err == io.EOF {
				break
			}
			if err != nil {
				return // encoding/csv does not read it
			}
			line, _ := r.FieldPos(0)
			want, wantLines = append(want, record), append(wantLines, int64(line))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("records of %q (-encoding/csv +ours):\n%s\n%q", text, diff, codes)
		}
		if !slices.Equal(wantLines, lines) {
			t.Errorf("lines of %q: %v, want %v", text, lines, wantLines)
		}
	})
}
