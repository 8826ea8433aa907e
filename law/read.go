package law

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
)

// File is a pack as it lies on a disk.
type File struct {
	Name     string // shown in failures and in citations: "EU.yaml"
	Data     []byte
	SignedBy string // who signed it, as Verify found; "" is nobody
	standard bool
}

// Read makes a book of packs of rules. What is not of the documented form is
// fault.Invalid with file, line and column; several failures are joined, in the order of
// the files.
func Read(files ...File) (*Book, error) { return (&Book{}).With(files...) }

// pack is the form of a file.
type pack struct {
	Pack       string        `yaml:"pack" law:"must"`
	RecordedOn *calendar.Day `yaml:"recorded_on"`
	Rules      []ast.Node    `yaml:"rules" law:"must"`
}

// entry is the form of a rule in a file.
type entry struct {
	ID           string          `yaml:"id" law:"must"`
	Version      int             `yaml:"version"` // left out: 1
	Jurisdiction commerce.Market `yaml:"jurisdiction"`
	Topic        Topic           `yaml:"topic" law:"must"`
	Title        Text            `yaml:"title" law:"must"`
	From         calendar.Day    `yaml:"effective_from" law:"must"`
	To           *calendar.Day   `yaml:"effective_to"`
	Status       Status          `yaml:"status" law:"must of=in_force|adopted_future|proposed|contested|unconfirmed|expired"`
	Evidence     Evidence        `yaml:"evidence" law:"must of=A|B|C|K"`
	Params       ast.Node        `yaml:"params" law:"must"`
	Source       sourceEntry     `yaml:"source" law:"must"`
	VerifiedBy   string          `yaml:"verified_by"`
	VerifiedOn   calendar.Day    `yaml:"verified_on" law:"must"`
	RecordedOn   *calendar.Day   `yaml:"recorded_on"` // left out: that of the pack
	RetiredOn    *calendar.Day   `yaml:"retired_on"`
	Supersedes   string          `yaml:"supersedes"`
	Note         Text            `yaml:"note"`
}

type sourceEntry struct {
	Title       string       `yaml:"title" law:"must"`
	URL         string       `yaml:"url" law:"link"`
	Kind        string       `yaml:"kind" law:"must of=law|regulator|adviser|secondary|knowledge"`
	RetrievedOn calendar.Day `yaml:"retrieved_on" law:"must"`
}

// reading is what one file gave.
type reading struct {
	rules  []*Rule
	places []placeUse
	errs   []error
}

// readAll reads files, as many at once as there are processors: parsing is what makes
// loading slow.
func readAll(files []File) []reading {
	all := make([]reading, len(files))
	var wait sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range files {
		wait.Go(func() {
			slots <- struct{}{}
			all[i] = readFile(files[i])
			<-slots
		})
	}
	wait.Wait()
	return all
}

func readFile(f File) reading {
	d := &decoder{file: f.Name}
	root, ok := d.parse(f.Data)
	if !ok {
		return reading{errs: d.errs}
	}
	var p pack
	d.fill(root, reflect.ValueOf(&p).Elem())
	var rules []*Rule
	for _, n := range p.Rules {
		if r := d.rule(n, &p); r != nil {
			rules = append(rules, r)
		}
	}
	return reading{rules, d.places, d.errs}
}

// rule reads one rule; nil when something is wrong with it.
func (d *decoder) rule(n ast.Node, p *pack) *Rule {
	before := len(d.errs)
	e := entry{Version: 1, RecordedOn: p.RecordedOn}
	d.fill(n, reflect.ValueOf(&e).Elem())
	if e.Jurisdiction == "" && packOfOnePlace.MatchString(p.Pack) {
		e.Jurisdiction = commerce.Market(p.Pack)
		d.places = append(d.places, placeUse{e.Jurisdiction, d.at(n)})
	}
	params := d.params(n, &e)
	d.judge(n, &e)
	if len(d.errs) > before {
		return nil
	}
	return &Rule{
		ID: e.ID, Version: e.Version, Jurisdiction: e.Jurisdiction, Topic: e.Topic, Title: e.Title, Params: params,
		From: e.From, To: e.To, Status: e.Status, Evidence: e.Evidence, Source: Source(e.Source),
		VerifiedBy: e.VerifiedBy, VerifiedOn: e.VerifiedOn, RecordedOn: *e.RecordedOn, RetiredOn: e.RetiredOn,
		Supersedes: e.Supersedes, Note: e.Note, Pack: fmt.Sprintf("%s:%d", d.file, lineOf(n)),
	}
}

// packOfOnePlace is the name of a pack whose rules need not name their jurisdiction.
var packOfOnePlace = regexp.MustCompile(`^(001|[A-Z]{2,8}(-[A-Z0-9]{1,3})?)$`)

// params reads the parameters in the form that the topic asks for.
func (d *decoder) params(n ast.Node, e *entry) Params {
	form, ok := paramTypes[e.Topic]
	if !ok {
		if e.Topic != "" {
			d.fail(valueOf(n, "topic"), "E-LAW-TOPIC", fault.A("value", string(e.Topic)), fault.A("words", strings.Join(topicNames(), ", ")))
		}
		return nil
	}
	if e.Params == nil {
		return nil
	}
	into := reflect.New(form).Elem()
	d.fill(e.Params, into)
	params := into.Interface().(Params)
	if r, ok := params.(Requirement); ok {
		r.About = e.Topic
		params = r
	}
	return params
}

// judge holds the fields of a rule against each other.
func (d *decoder) judge(n ast.Node, e *entry) {
	if e.ID != "" && !ruleID.MatchString(e.ID) {
		d.fail(valueOf(n, "id"), "E-LAW-ID", fault.A("value", e.ID))
	}
	if e.Version < 1 {
		d.fail(valueOf(n, "version"), "E-LAW-WHOLE", fault.A("value", e.Version))
	}
	if e.Jurisdiction == "" {
		d.fail(n, "E-LAW-MISSING", fault.A("field", "jurisdiction"))
	}
	if e.RecordedOn == nil {
		d.fail(n, "E-LAW-MISSING", fault.A("field", "recorded_on"))
	}
	if e.To != nil && e.To.Before(e.From) {
		d.fail(valueOf(n, "effective_to"), "E-LAW-ENDS-BEFORE", fault.A("from", e.From), fault.A("to", *e.To))
	}
	if weak := e.Evidence == Secondary || e.Evidence == Knowledge; weak && e.Status == InForce {
		d.fail(valueOf(n, "status"), "E-LAW-EVIDENCE", fault.A("evidence", string(e.Evidence)))
	}
	if e.Status == Expired && e.To == nil {
		d.fail(valueOf(n, "status"), "E-LAW-EXPIRED")
	}
}

var ruleID = regexp.MustCompile(`^[A-Za-z0-9]+([._-][A-Za-z0-9]+)+$`)

// paramTypes is the form of the parameters of each topic.
var paramTypes = func() map[Topic]reflect.Type {
	types := map[Topic]reflect.Type{}
	for _, p := range []Params{TaxRate{}, TaxZone{}, Customs{}, DutyRelief{}, TaxRelief{}, SaleTax{}, DeemedSupplier{},
		FlatDuty{}, ParcelFee{}, Simplified{}, Surcharge{}, Registration{}, Union{}, Rounding{}} {
		types[p.topic()] = reflect.TypeOf(p)
	}
	for _, t := range RequirementTopics {
		types[t] = reflect.TypeFor[Requirement]()
	}
	return types
}()

// Topics lists every topic, ascending.
func Topics() []Topic {
	var all []Topic
	for t := range paramTypes {
		all = append(all, t)
	}
	slices.Sort(all)
	return all
}

func topicNames() []string {
	var names []string
	for _, t := range Topics() {
		names = append(names, string(t))
	}
	return names
}

// With returns a book with more packs on top. A rule with an ID that is there already and
// a higher version takes its place from the day on which it was recorded. b is not
// changed. It fails as Read does.
func (b *Book) With(files ...File) (*Book, error) {
	rules, packs := b.every, slices.Clone(b.packs)
	var errs []error
	var places []placeUse
	for i, r := range readAll(files) {
		rules = append(rules[:len(rules):len(rules)], r.rules...)
		places = append(places, r.places...)
		errs = append(errs, r.errs...)
		packs = append(packs, Pack{files[i].Name, len(r.rules), files[i].SignedBy, files[i].standard, contentHash(files[i].Data)})
	}
	next := newBook(rules, packs)
	if errs == nil {
		errs = next.contradictions(places)
	}
	if errs != nil {
		return nil, errors.Join(errs...)
	}
	return next, nil
}
