package tradewind

import (
	"context"
	"slices"
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/law"
	"tradewind/messages"
)

// RuleView is one rule of law in a list. Supported says whether money may rest on it.
type RuleView struct {
	ID           string          `json:"id"`
	Version      int             `json:"version"`
	Jurisdiction commerce.Market `json:"jurisdiction"`
	Place        LocalizedText   `json:"place"`
	Topic        string          `json:"topic"`
	Title        LocalizedText   `json:"title"`
	From         calendar.Day    `json:"effective_from"`
	To           *calendar.Day   `json:"effective_to"` // the last day, included; nil is without end
	Status       string          `json:"status"`
	Evidence     string          `json:"evidence"` // A official, B adviser, C secondary, K general knowledge
	Supported    bool            `json:"supported"`
	Source       RuleSource      `json:"source"`
	VerifiedBy   string          `json:"verified_by"` // "" is nobody
	VerifiedOn   calendar.Day    `json:"verified_on"`
}

// RuleSource is where a rule stands.
type RuleSource struct {
	Title       string       `json:"title"`
	URL         string       `json:"url"`
	Kind        string       `json:"kind"`
	RetrievedOn calendar.Day `json:"retrieved_on"`
}

// RuleDetail is a rule with all that is known of it.
type RuleDetail struct {
	RuleView
	Params     []RuleParam   `json:"params"`
	Note       LocalizedText `json:"note"`
	RecordedOn calendar.Day  `json:"recorded_on"`
	Supersedes string        `json:"supersedes"`
	Pack       string        `json:"pack"`     // file and line
	Versions   []RuleVersion `json:"versions"` // every version, the first one first
	NotAdvice  LocalizedText `json:"not_legal_advice"`
}

// RuleParam is one parameter under its name in the pack.
type RuleParam = law.Field

// RuleVersion is what was believed of a rule for a time.
type RuleVersion struct {
	Version    int           `json:"version"`
	From       calendar.Day  `json:"effective_from"`
	To         *calendar.Day `json:"effective_to"`
	Status     string        `json:"status"`
	RecordedOn calendar.Day  `json:"recorded_on"`
	RetiredOn  *calendar.Day `json:"retired_on"`
	Pack       string        `json:"pack"`
}

// RuleFilter narrows a list of rules; what is empty does not narrow. Market also finds
// the rules of the unions that it belongs to.
type RuleFilter struct {
	Market commerce.Market
	Topic  string
	Status string
}

// RuleTopics lists the topics of rules.
func RuleTopics() []string {
	var names []string
	for _, t := range law.Topics() {
		names = append(names, string(t))
	}
	return names
}

// RuleStatuses lists the states of rules.
func RuleStatuses() []string {
	return []string{string(law.InForce), string(law.AdoptedFuture), string(law.Proposed), string(law.Contested), string(law.Unconfirmed), string(law.Expired)}
}

// Rules lists the rules that are known, past and future ones too, by ID.
func (e *Engine) Rules(_ context.Context, f RuleFilter) ([]RuleView, error) {
	book, err := e.bookFor(f.Market)
	if err != nil {
		return nil, err
	}
	day := e.rulesAsOf()
	return ruleViews(book.All(), f, func(r *law.Rule) bool {
		return f.Market == "" || book.Within(f.Market, r.Jurisdiction, day)
	}), nil
}

// RulesAsOf lists the rules that hold on a day, by ID: in a market if the filter names
// one, and as they were known at the end of the day known, nil being all that is known.
func (e *Engine) RulesAsOf(_ context.Context, day calendar.Day, known *calendar.Day, f RuleFilter) ([]RuleView, error) {
	book, err := e.bookFor(f.Market)
	if err != nil {
		return nil, err
	}
	if known != nil {
		book = book.Known(*known)
	}
	rules := book.All()
	if f.Market != "" {
		rules = nil
		for _, topic := range law.Topics() {
			rules = append(rules, book.Rules(f.Market, topic, day)...)
		}
		slices.SortFunc(rules, func(a, b *law.Rule) int { return strings.Compare(a.ID, b.ID) })
	}
	return ruleViews(rules, f, func(r *law.Rule) bool { return r.On(day) && r.Status != law.Proposed }), nil
}

// Rule returns a rule with its history. One that does not exist is fault.NotFound.
func (e *Engine) Rule(_ context.Context, id string) (*RuleDetail, error) {
	book, err := e.book()
	if err != nil {
		return nil, err
	}
	versions := book.Versions(id)
	if len(versions) == 0 {
		return nil, fault.New(fault.NotFound, "E-LAW-NO-RULE", fault.A("id", id))
	}
	r, ok := book.Rule(id)
	if !ok {
		r = versions[len(versions)-1] // it was withdrawn
	}
	detail := &RuleDetail{
		RuleView: ruleView(r), Params: law.Fields(r.Params), Note: ruleText(r.Note),
		RecordedOn: r.RecordedOn, Supersedes: r.Supersedes, Pack: r.Pack, NotAdvice: notAdvice(),
	}
	for _, v := range versions {
		detail.Versions = append(detail.Versions, RuleVersion{v.Version, v.From, v.To, string(v.Status), v.RecordedOn, v.RetiredOn, v.Pack})
	}
	return detail, nil
}

// RulesReport is what somebody should look at in the rules.
type RulesReport struct {
	Today    calendar.Day  `json:"today"`
	Version  string        `json:"version"` // of the book: a hash of its packs
	Rules    int           `json:"rules"`
	Packs    []RulePack    `json:"packs"`
	Findings []RuleFinding `json:"findings"`
}

// RulePack is one file of rules.
type RulePack struct {
	Name     string `json:"name"`
	Rules    int    `json:"rules"`
	SignedBy string `json:"signed_by"` // "" is nobody
	Standard bool   `json:"standard"`  // it comes with Tradewind
}

// RuleFinding is something about the rules that a person should look at.
type RuleFinding struct {
	Code         string          `json:"code"` // "expires", "stale" …
	Jurisdiction commerce.Market `json:"jurisdiction"`
	Rules        []string        `json:"rules"`
	Days         int             `json:"days"`
	Text         LocalizedText   `json:"text"`
	Remedy       LocalizedText   `json:"remedy"`
}

// RulesCheck looks through the rules as of today by the workspace's clock. Packs that
// cannot be read fail it with every place at which something is wrong.
func (e *Engine) RulesCheck(_ context.Context) (*RulesReport, error) {
	book, err := e.book()
	if err != nil {
		return nil, err
	}
	today := calendar.DayIn(e.now(), e.zone)
	report := &RulesReport{Today: today, Version: book.Version(), Rules: len(book.All()), Findings: []RuleFinding{}}
	for _, p := range book.Packs() {
		report.Packs = append(report.Packs, RulePack{p.Name, p.Rules, p.SignedBy, p.Standard})
	}
	for _, f := range book.Check(today) {
		finding := RuleFinding{
			Code: f.Code(), Jurisdiction: f.Jurisdiction, Rules: []string{},
			Days: f.Days, Text: localized(f.Message), Remedy: localized(f.Message.Remedy()),
		}
		for _, r := range f.Rules {
			finding.Rules = append(finding.Rules, r.ID)
		}
		report.Findings = append(report.Findings, finding)
	}
	return report, nil
}

// bookFor returns the book, and fails where it does not know the market: an empty list
// would look as if nothing were asked there.
func (e *Engine) bookFor(market commerce.Market) (*law.Book, error) {
	book, err := e.book()
	if err == nil && market != "" && !book.Knows(market) {
		err = fault.New(fault.NotFound, "E-LAW-NO-PLACE", fault.A("value", string(market)))
	}
	return book, err
}

func ruleViews(rules []*law.Rule, f RuleFilter, keep func(*law.Rule) bool) []RuleView {
	views := []RuleView{}
	for _, r := range rules {
		if (f.Topic == "" || f.Topic == string(r.Topic)) && (f.Status == "" || f.Status == string(r.Status)) && keep(r) {
			views = append(views, ruleView(r))
		}
	}
	return views
}

func ruleView(r *law.Rule) RuleView {
	return RuleView{
		ID: r.ID, Version: r.Version, Jurisdiction: r.Jurisdiction, Place: placeName(r.Jurisdiction), Topic: string(r.Topic),
		Title: ruleText(r.Title), From: r.From, To: r.To, Status: string(r.Status), Evidence: string(r.Evidence), Supported: r.Supported(),
		Source:     RuleSource{r.Source.Title, r.Source.URL, r.Source.Kind, r.Source.RetrievedOn},
		VerifiedBy: r.VerifiedBy, VerifiedOn: r.VerifiedOn,
	}
}

func ruleText(t law.Text) LocalizedText { return LocalizedText{t.En, t.Zh} }

// placeName names a jurisdiction: here the union is one, and not a country left unsaid.
func placeName(m commerce.Market) LocalizedText {
	switch m {
	case commerce.EuropeanUnion:
		return localized(messages.M("law.place.eu"))
	case law.NorthernIreland:
		return localized(messages.M("law.place.xi"))
	}
	return countryName(m)
}

func notAdvice() LocalizedText { return localized(messages.M("law.not-advice")) }
