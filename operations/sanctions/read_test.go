package sanctions

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tradewind/fault"
)

const (
	head = `<?xml version="1.0"?><CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z"><INDIVIDUALS>`
	tail = `</INDIVIDUALS></CONSOLIDATED_LIST>`
	one  = `<INDIVIDUAL><FIRST_NAME>TARVO</FIRST_NAME><SECOND_NAME>MELKASHIN</SECOND_NAME><UN_LIST_TYPE>Test</UN_LIST_TYPE>
<REFERENCE_NUMBER>TSi.001</REFERENCE_NUMBER><LISTED_ON>2020-01-02</LISTED_ON><NAME_ORIGINAL_SCRIPT>Тарво</NAME_ORIGINAL_SCRIPT>
<NATIONALITY><VALUE>Nowhere</VALUE></NATIONALITY><INDIVIDUAL_ADDRESS><COUNTRY>Nowhere</COUNTRY></INDIVIDUAL_ADDRESS>
<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Tarvo Melk; T. Melkash</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Tar (original script: Тар)</ALIAS_NAME></INDIVIDUAL_ALIAS>
<INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS></INDIVIDUAL>`
)

func TestReadUN(t *testing.T) {
	l, err := ReadUN([]byte(head + one + `</INDIVIDUALS><ENTITIES><ENTITY><FIRST_NAME>OBSC</FIRST_NAME><REFERENCE_NUMBER>TSe.001</REFERENCE_NUMBER></ENTITY></ENTITIES></CONSOLIDATED_LIST>`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{
		{ID: "TSi.001", Name: "TARVO MELKASHIN", Aliases: []Alias{{"Tarvo Melk", false}, {"T. Melkash", false}, {"Tar", true}, {"Тар", true}}, Original: []string{"Тарво"},
			Kind: Person, Countries: []string{"Nowhere"}, Programme: "Test", ListedOn: "2020-01-02"},
		{ID: "TSe.001", Name: "OBSC", Kind: Organisation},
	}
	if diff := cmp.Diff(want, l.Entries); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, want := l.Version.String(), "2026-02-27"; got != want || len(l.Hash) != 64 {
		t.Errorf("version %s, hash %s; want %s and 64 digits", got, l.Hash, want)
	}
}

func TestReadUNRefuses(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{"", "E-SANCTIONS-ROOT"},
		{"<html></html>", "E-SANCTIONS-ROOT"},
		{head + one, "E-SANCTIONS-XML"},
		{head + one[:200], "E-SANCTIONS-XML"},
		{head + tail, "E-SANCTIONS-EMPTY"},
		{`<CONSOLIDATED_LIST></CONSOLIDATED_LIST>`, "E-SANCTIONS-DATE"},
		{`<CONSOLIDATED_LIST dateGenerated="yesterday"></CONSOLIDATED_LIST>`, "E-SANCTIONS-DATE"},
		{head + one + one + tail, "E-SANCTIONS-TWICE"},
		{head + `<INDIVIDUAL><REFERENCE_NUMBER>1</REFERENCE_NUMBER></INDIVIDUAL>` + tail, "E-SANCTIONS-NAME"},
		{head + `<INDIVIDUAL><FIRST_NAME>A</FIRST_NAME></INDIVIDUAL>` + tail, "E-SANCTIONS-ID"},
	} {
		_, err := ReadUN([]byte(tt.data))
		if f := fault.Of(err); f == nil || f.Code != tt.want || f.Kind != fault.Invalid {
			t.Errorf("%.60q: %v, want %s", tt.data, err, tt.want)
		}
	}
}

func TestReadCSV(t *testing.T) {
	l, err := ReadCSV("mine", mustDay(t, "2026-11-01"), []byte("\ufeffName,ALIASES\nTarvo M,\"T M; 塔沃\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Entry{{ID: "mine:2", Name: "Tarvo M", Aliases: []Alias{{"T M", false}}, Original: []string{"塔沃"}}}
	if diff := cmp.Diff(want, l.Entries); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReadCSVRefuses(t *testing.T) {
	for _, tt := range []struct{ data, want string }{
		{"", "E-SANCTIONS-EMPTY"},
		{"name\n", "E-SANCTIONS-EMPTY"},
		{"alias\nA\n", "E-SANCTIONS-COLUMN"},
		{"name,name\nA,B\n", "E-SANCTIONS-COLUMN"},
		{"id,kind\n1,person\n", "E-SANCTIONS-NO-NAME"},
		{"name,kind\nA,human\n", "E-SANCTIONS-KIND"},
		{"name,aliases\n,B\n", "E-SANCTIONS-NAME"},
		{"name,id\nA,1\nB,1\n", "E-SANCTIONS-TWICE"},
		{"name,id\nA\n", "E-SANCTIONS-CSV"},
		{"name\n\"A\n", "E-SANCTIONS-CSV"},
		{"name\n\xff\n", "E-SANCTIONS-ENCODING"},
	} {
		_, err := ReadCSV("mine", mustDay(t, "2026-11-01"), []byte(tt.data))
		if f := fault.Of(err); f == nil || f.Code != tt.want {
			t.Errorf("%q: %v, want %s", tt.data, err, tt.want)
		}
	}
}

func TestReadParties(t *testing.T) {
	got, err := ReadParties("p.csv", []byte("role,name,telephone\ncustomer, Jane  Doe ,1\nbank,A Bank,\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := []Party{{Name: "Jane Doe", Role: "customer"}, {Name: "A Bank", Role: "bank"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for data, want := range map[string]string{"": "E-PARTY-EMPTY", "name\n": "E-PARTY-EMPTY", "who\nA\n": "E-SANCTIONS-NO-NAME", "name,kind\nA,x\n": "E-SANCTIONS-KIND", "name,kind\n,person\n": "E-PARTY-NAME"} {
		if _, err := ReadParties("p.csv", []byte(data)); fault.Of(err) == nil || fault.Of(err).Code != want {
			t.Errorf("%q: %v, want %s", data, err, want)
		}
	}
}

func FuzzReadUN(f *testing.F) {
	f.Add([]byte(head + one + tail))
	f.Add([]byte(head))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ReadUN(data)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind %v: %v", fault.KindOf(err), err)
			}
			return
		}
		for _, e := range l.Entries {
			if e.Name == "" || e.ID == "" {
				t.Errorf("entry without name or id: %+v", e)
			}
		}
		NewIndex(l)
	})
}

func FuzzReadCSV(f *testing.F) {
	f.Add([]byte(invented))
	f.Add([]byte("name\n\"\"\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ReadCSV("fuzz", mustDay(t, "2026-11-01"), data)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind %v: %v", fault.KindOf(err), err)
			}
			return
		}
		NewIndex(l)
	})
}
