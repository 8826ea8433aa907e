package tradewind

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"unicode"

	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/operations/sanctions"
)

// listsFolder holds the sanctions lists of a workspace: the XML of the United Nations, and
// CSV files of the user's own.
const listsFolder = "lists"

// screener keeps the index of a workspace's lists, as of their names, sizes and times.
type screener struct {
	mu    sync.Mutex
	index *sanctions.Index
	stamp string
}

// Party is somebody to be screened. Only the name decides; kind, country and role help the
// person who looks at a hit.
type Party = sanctions.Party

// ScreeningView says which parties may be on a sanctions list. Without a list nobody was
// compared with anything, and it says so.
type ScreeningView struct {
	Screened  bool            `json:"screened"` // some list is loaded
	AsOf      calendar.Day    `json:"as_of"`
	Lists     []sanctions.Ref `json:"lists"` // with version and hash
	Hits      int             `json:"parties_with_hits"`
	Parties   []ScreenedParty `json:"parties"` // as given, then the suppliers of the facts
	Note      *LocalizedText  `json:"note"`    // what to do where nothing was screened
	NotAdvice LocalizedText   `json:"not_legal_advice"`
}

// The states of a screened party. None of them says that a party may be dealt with.
const (
	PartyNotScreened = "not_screened" // there is no list, or nothing in the name to compare
	PartyHit         = "hit"          // it may be a listed one: a person tells them apart
	PartyInPart      = "in_part"      // no hit, but not every entry could be compared
	PartyNoHit       = "no_hit"       // no listed name is like it
)

// ScreenedParty is a party and what screening it found.
type ScreenedParty struct {
	Name      string          `json:"name"`
	Kind      string          `json:"kind"`
	Country   string          `json:"country"`
	Role      string          `json:"role"`
	State     string          `json:"state"`
	StateName LocalizedText   `json:"state_name"`
	Texts     []LocalizedText `json:"texts"`
	Hits      []ScreeningHit  `json:"hits"` // best first
}

// ScreeningHit is a listed entry that a party may be, and why.
type ScreeningHit struct {
	ID        string         `json:"id"`
	Name      string         `json:"name"`    // of the entry
	Matched   string         `json:"matched"` // the listed name that is most like the party's
	Kind      string         `json:"kind"`
	Countries []string       `json:"countries"`
	Programme string         `json:"programme"`
	ListedOn  string         `json:"listed_on"`
	Score     float64        `json:"score"`
	List      sanctions.Ref  `json:"list"`
	Why       []ScreeningWhy `json:"why"`
}

// ScreeningWhy is one word of a party beside the listed word that it was taken for.
type ScreeningWhy struct {
	Given  string        `json:"given"`
	Listed string        `json:"listed"`
	How    string        `json:"how"`
	Text   LocalizedText `json:"text"`
}

// ReadParties reads parties to screen from a CSV file with the column name, and kind,
// country and role where they are known.
func ReadParties(path string) ([]Party, error) {
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.From(err, fault.NotFound, "E-FILE-NOT-FOUND", fault.A("file", path))
	case err != nil:
		return nil, unreadable(err, path)
	}
	return sanctions.ReadParties(filepath.Base(path), data)
}

// Screen compares parties, and the suppliers of the facts, with the sanctions lists of the
// workspace's folder lists.
func (e *Engine) Screen(ctx context.Context, parties []Party) (*ScreeningView, error) {
	s, err := e.snapshotOrNone(ctx)
	if err != nil {
		return nil, err
	}
	index, err := e.sanctions()
	if err != nil {
		return nil, err
	}
	v := &ScreeningView{Screened: index != nil, AsOf: calendar.DayIn(e.now(), e.zone), Lists: []sanctions.Ref{}, Parties: []ScreenedParty{}, NotAdvice: notAdvice()}
	if index != nil {
		v.Lists = index.Lists()
	} else {
		note := localized(messages.M("comply.screen.no-lists", messages.A("dir", filepath.Join(e.dir, listsFolder))))
		v.Note = &note
	}
	for _, p := range append(append([]Party{}, parties...), sanctions.Suppliers(s.Supplies)...) {
		screened := screened(index, p)
		screened.StateName = localized(messages.M("comply.party." + screened.State))
		if screened.State == PartyHit {
			v.Hits++
		}
		v.Parties = append(v.Parties, screened)
	}
	return v, nil
}

// sanctions is the index of the workspace's lists; nil where there are none. They are read
// again when a file there changes; a broken one is fault.Invalid, for a list of which a
// part is missing lets people pass.
func (e *Engine) sanctions() (*sanctions.Index, error) {
	e.lists.mu.Lock()
	defer e.lists.mu.Unlock()
	paths, stamp, err := e.filesIn(listsFolder, ".xml", ".csv")
	if err != nil || len(paths) == 0 {
		return nil, err
	}
	if e.lists.index != nil && e.lists.stamp == stamp {
		return e.lists.index, nil
	}
	var lists []*sanctions.List
	files := map[string]string{} // by name of the list
	for _, path := range paths {
		file := listsFolder + "/" + filepath.Base(path)
		l, err := e.readList(path)
		if err != nil {
			return nil, fault.From(err, fault.Invalid, "E-LIST", fault.A("file", file), fault.A("reason", messages.Of(err)), fault.A("remedy", messages.Of(err).Remedy()))
		}
		if other, twice := files[l.Name]; twice {
			return nil, fault.New(fault.Invalid, "E-LIST-TWICE", fault.A("list", l.Name), fault.A("a", other), fault.A("b", file))
		}
		files[l.Name] = file
		lists = append(lists, l)
	}
	e.lists.index, e.lists.stamp = sanctions.NewIndex(lists...), stamp
	return e.lists.index, nil
}

// readList reads one list. XML says itself of which day it is; a CSV file is of the day
// that ends its name, "own-2026-11-22.csv", or else of the day on which it was last
// written.
func (e *Engine) readList(path string) (*sanctions.List, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, unreadable(err, path)
	}
	if strings.HasSuffix(path, ".xml") {
		return sanctions.ReadUN(data)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(err, path)
	}
	name := strings.TrimSuffix(filepath.Base(path), ".csv")
	day, err := calendar.ParseDay(name[max(0, len(name)-len("2026-11-22")):])
	if err != nil {
		day = calendar.DayIn(info.ModTime(), e.zone)
	}
	return sanctions.ReadCSV(name, day, data)
}

func screened(index *sanctions.Index, p Party) ScreenedParty {
	v := ScreenedParty{Name: p.Name, Kind: string(p.Kind), Country: p.Country, Role: p.Role, State: PartyNoHit, Texts: []LocalizedText{}, Hits: []ScreeningHit{}}
	say := func(code string, args ...messages.Arg) {
		v.Texts = append(v.Texts, localized(messages.M(code, args...)))
	}
	switch {
	case index == nil:
		v.State = PartyNotScreened
		say("comply.screen.not")
		return v
	case !strings.ContainsFunc(p.Name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		v.State = PartyNotScreened
		say("comply.screen.no-letters")
		return v
	}
	result := index.Screen(p)
	for _, h := range result.Hits {
		v.Hits = append(v.Hits, screeningHit(h))
	}
	if len(v.Hits) > 0 {
		v.State = PartyHit
		say("comply.screen.hit", messages.A("n", len(v.Hits)))
	}
	for _, g := range result.Gaps {
		if v.State == PartyNoHit {
			v.State = PartyInPart
		}
		say("comply.screen.gap", messages.A("script", g.Name()), messages.A("n", g.Entries))
	}
	if len(v.Texts) == 0 {
		say("comply.screen.no-hit")
	}
	return v
}

func screeningHit(h sanctions.Hit) ScreeningHit {
	v := ScreeningHit{ID: h.Entry.ID, Name: h.Entry.Name, Matched: h.Name, Kind: string(h.Entry.Kind), Countries: append([]string{}, h.Entry.Countries...),
		Programme: h.Entry.Programme, ListedOn: h.Entry.ListedOn, Score: h.Score, List: h.List, Why: []ScreeningWhy{}}
	for _, w := range h.Why {
		v.Why = append(v.Why, ScreeningWhy{w.Given, w.Listed, string(w.How), localized(w.How.Name())})
	}
	return v
}
