// Package law holds the dated rules of tax, duty, product, consumer and data law as data:
// packs of rules, each with the days on which it holds, its source, and how well it is
// known. A question is asked as of a day, and an answer cites the rules that it rests on.
//
// It is not legal advice, it computes nothing (operations/landed and operations/compliance
// do), and what is true of a country without being law stands in package market.
//
// Before it: commerce, money, calendar, messages. After it: decision, which cites rules,
// and the operations, which apply them.
package law

import (
	"tradewind/calendar"
	"tradewind/commerce"
)

// Status says whether a rule holds.
type Status string

const (
	InForce       Status = "in_force"
	AdoptedFuture Status = "adopted_future" // passed, begins later
	Proposed      Status = "proposed"
	Contested     Status = "contested" // sources or courts disagree
	Unconfirmed   Status = "unconfirmed"
	Expired       Status = "expired"
)

// Evidence says how well a rule is known: A is an official text, B a law firm, an adviser
// or a re-post of the official text, C secondary or contradicted, K general knowledge.
type Evidence string

const (
	Official  Evidence = "A"
	Adviser   Evidence = "B"
	Secondary Evidence = "C"
	Knowledge Evidence = "K"
)

// Text is a text of a pack in every language.
type Text struct {
	En string `yaml:"en" json:"en" law:"must"`
	Zh string `yaml:"zh" json:"zh" law:"must"`
}

// Source is where a rule stands.
type Source struct {
	Title       string       `json:"title"`
	URL         string       `json:"url,omitempty"`
	Kind        string       `json:"kind"` // law, regulator, adviser, secondary, knowledge
	RetrievedOn calendar.Day `json:"retrieved_on"`
}

// Rule is one statement of law in one jurisdiction. A rule that changes is a new Rule with
// the same topic and other days; a correction of what was believed is the same ID with a
// higher Version, and the older one is kept for decisions that were made under it.
type Rule struct {
	ID           string // "EU.ioss", "EE.tax_rate.2"
	Version      int    // 1 for the first
	Jurisdiction commerce.Market
	Topic        Topic
	Title        Text
	Params       Params // its type follows from Topic

	From calendar.Day  // the first day on which it holds
	To   *calendar.Day // the last day, included; nil is without end

	Status     Status
	Evidence   Evidence
	Source     Source
	VerifiedBy string
	VerifiedOn calendar.Day
	RecordedOn calendar.Day  // the day from which this version was known
	RetiredOn  *calendar.Day // the day on which a later version took its place; nil is never

	Supersedes string // ID of the rule that it takes the place of
	Note       Text
	Pack       string // file that it stands in, and its line: "EU.yaml:12"
}

// Supported reports whether money may rest on the rule: it is in force by an official text
// or an adviser's. Everything else is shown, makes a quote incomplete and asks a person.
func (r *Rule) Supported() bool { return supported(r.Status, r.Evidence) }

// Supported reports what Rule.Supported reported of the rule that is cited.
func (r Ref) Supported() bool { return supported(r.Status, r.Evidence) }

func supported(s Status, e Evidence) bool {
	return (s == InForce || s == Expired) && (e == Official || e == Adviser)
}

// On reports whether the rule holds on a day.
func (r *Rule) On(day calendar.Day) bool {
	return !day.Before(r.From) && (r.To == nil || !r.To.Before(day))
}

// Ref cites a rule: what a line of a quote and a decision carry.
type Ref struct {
	ID         string        `json:"id"`
	Version    int           `json:"version"`
	Title      Text          `json:"title"`
	From       calendar.Day  `json:"effective_from"`
	To         *calendar.Day `json:"effective_to,omitempty"`
	Status     Status        `json:"status"`
	Evidence   Evidence      `json:"evidence"`
	Source     string        `json:"source"`
	URL        string        `json:"url,omitempty"`
	VerifiedOn calendar.Day  `json:"verified_on"`
}

// Ref cites the rule.
func (r *Rule) Ref() Ref {
	return Ref{r.ID, r.Version, r.Title, r.From, r.To, r.Status, r.Evidence, r.Source.Title, r.Source.URL, r.VerifiedOn}
}
