package sanctions

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"

	"tradewind/calendar"
	"tradewind/fault"
)

// unList is the name of the list that ReadUN reads.
const unList = "UN Security Council consolidated list"

type unParty struct {
	ID         string   `xml:"REFERENCE_NUMBER"`
	First      string   `xml:"FIRST_NAME"`
	Second     string   `xml:"SECOND_NAME"`
	Third      string   `xml:"THIRD_NAME"`
	Fourth     string   `xml:"FOURTH_NAME"`
	Original   []string `xml:"NAME_ORIGINAL_SCRIPT"`
	Programme  string   `xml:"UN_LIST_TYPE"`
	ListedOn   string   `xml:"LISTED_ON"`
	Nations    []string `xml:"NATIONALITY>VALUE"`
	Addresses  []string `xml:"INDIVIDUAL_ADDRESS>COUNTRY"`
	Seats      []string `xml:"ENTITY_ADDRESS>COUNTRY"`
	Aliases    []unName `xml:"INDIVIDUAL_ALIAS"`
	OtherNames []unName `xml:"ENTITY_ALIAS"`
}

type unName struct {
	Quality string `xml:"QUALITY"`
	Name    string `xml:"ALIAS_NAME"`
}

// ReadUN reads the consolidated list of the United Nations Security Council in its XML
// form. It refuses a file that is cut short, undated, empty, or has an entry without a
// name or with a reference that is used twice: half a list is worse than none.
func ReadUN(data []byte) (*List, error) {
	l := &List{Name: unList, Hash: hashOf(data)}
	d := xml.NewDecoder(bytes.NewReader(data))
	rooted, closed, seen := false, false, map[string]bool{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		line, _ := d.InputPos()
		if err != nil {
			return nil, fault.New(fault.Invalid, "E-SANCTIONS-XML", fault.A("line", line), fault.A("error", err.Error()))
		}
		switch t := token.(type) {
		case xml.StartElement:
			switch name := t.Name.Local; {
			case name == "CONSOLIDATED_LIST" && !rooted:
				rooted = true
				if l.Version, err = unDay(t.Attr); err != nil {
					return nil, err
				}
			case !rooted:
				return nil, fault.New(fault.Invalid, "E-SANCTIONS-ROOT", fault.A("value", name))
			case name == "INDIVIDUAL" || name == "ENTITY":
				var p unParty
				if err := d.DecodeElement(&p, &t); err != nil {
					return nil, fault.New(fault.Invalid, "E-SANCTIONS-XML", fault.A("line", line), fault.A("error", err.Error()))
				}
				e := p.entry(name == "INDIVIDUAL")
				switch {
				case e.Name == "":
					return nil, fault.New(fault.Invalid, "E-SANCTIONS-NAME", fault.A("line", line))
				case e.ID == "":
					return nil, fault.New(fault.Invalid, "E-SANCTIONS-ID", fault.A("line", line))
				case seen[e.ID]:
					return nil, fault.New(fault.Invalid, "E-SANCTIONS-TWICE", fault.A("line", line), fault.A("value", e.ID))
				}
				seen[e.ID] = true
				l.Entries = append(l.Entries, e)
			}
		case xml.EndElement:
			closed = t.Name.Local == "CONSOLIDATED_LIST"
		}
	}
	switch {
	case !rooted || !closed:
		return nil, fault.New(fault.Invalid, "E-SANCTIONS-ROOT", fault.A("value", ""))
	case len(l.Entries) == 0:
		return nil, fault.New(fault.Invalid, "E-SANCTIONS-EMPTY", fault.A("list", unList))
	}
	return l, nil
}

// unDay reads the day on which the list was made: the date of dateGenerated.
func unDay(attributes []xml.Attr) (calendar.Day, error) {
	value := ""
	for _, a := range attributes {
		if a.Name.Local == "dateGenerated" {
			value = a.Value
		}
	}
	date, _, _ := strings.Cut(value, "T")
	day, err := calendar.ParseDay(date)
	if err != nil {
		return day, fault.New(fault.Invalid, "E-SANCTIONS-DATE", fault.A("value", value))
	}
	return day, nil
}

func (p *unParty) entry(person bool) Entry {
	e := Entry{ID: strings.TrimSpace(p.ID), Name: spaced(p.First, p.Second, p.Third, p.Fourth), Kind: Organisation,
		Programme: strings.TrimSpace(p.Programme), ListedOn: strings.TrimSpace(p.ListedOn)}
	if person {
		e.Kind = Person
	}
	e.Original = kept(p.Original)
	for _, a := range append(p.Aliases, p.OtherNames...) {
		for _, text := range strings.Split(a.Name, ";") { // some aliases are lists of aliases
			weak := strings.EqualFold(strings.TrimSpace(a.Quality), "low")
			name, original := unAlias(text)
			for _, alias := range kept([]string{name, original}) {
				e.Aliases = append(e.Aliases, Alias{alias, weak})
			}
		}
	}
	seen := map[string]bool{}
	for _, country := range kept(append(append(p.Nations, p.Addresses...), p.Seats...)) {
		if !seen[country] {
			seen[country] = true
			e.Countries = append(e.Countries, country)
		}
	}
	return e
}

// unAlias takes the note "(original script: …)" apart from an alias.
func unAlias(text string) (name, original string) {
	const note = "original script:"
	text = spaced(text)
	at := strings.Index(strings.ToLower(text), note)
	if at < 0 || at+len(note) > len(text) {
		return text, ""
	}
	return strings.TrimRight(text[:at], " ("), strings.Trim(text[at+len(note):], " )")
}

// spaced joins parts with single spaces.
func spaced(parts ...string) string {
	return strings.Join(strings.Fields(strings.Join(parts, " ")), " ")
}

func kept(texts []string) []string {
	var out []string
	for _, t := range texts {
		if t = spaced(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}
