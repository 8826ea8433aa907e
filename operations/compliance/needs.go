package compliance

import (
	"strings"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
)

// Need is one thing that a rule asks for.
type Need struct {
	Kind  NeedKind     `json:"kind"`
	Key   string       `json:"key"` // "gpsr_responsible_person"
	State State        `json:"state"`
	Until calendar.Day `json:"until,omitzero"` // the last day of the document, where it has one
}

// NeedKind is where a need is looked for.
type NeedKind string

const (
	Document NeedKind = "document"
	Text     NeedKind = "text"    // on the listing
	Setting  NeedKind = "setting" // declared by the seller
)

// State is how a need was found.
type State string

const (
	Held         State = "held"
	ExpiresSoon  State = "expires_soon" // within sixty days
	Missing      State = "missing"
	Expired      State = "expired"
	NotYet       State = "not_yet"      // begins later
	Declined     State = "declined"     // the seller says that it is not in place
	Undeclared   State = "undeclared"   // the seller has not said
	Unlisted     State = "unlisted"     // there is no listing to look at
	Unrecognised State = "unrecognised" // there are legal texts, and not the words of this one
)

// fails reports whether a need is known to be unmet.
func (s State) fails() bool {
	return s == Missing || s == Expired || s == NotYet || s == Declined
}

// Name is the state in words.
func (s State) Name() messages.Message { return messages.M("compliance.state." + string(s)) }

// soonDays is how long before its end a document is warned of.
const soonDays = 60

// Name is the need in words: its key where a pack has brought one that nobody knows here.
func (n Need) Name() messages.Message {
	if code := "compliance.need." + n.Key; messages.Has(code) {
		return messages.M(code)
	}
	return messages.M("compliance.need", messages.A("key", n.Key))
}

// document looks for the best document of a kind: one that holds today and longest.
func (c *Checker) document(kind string, perPlace bool, q *Question) Need {
	n := Need{Kind: Document, Key: kind, State: Missing}
	var none calendar.Day
	for _, d := range c.documents[kind] {
		if d.SKU != "" && d.SKU != q.Item.SKU || !c.covers(d.Market, q.Item.Market, perPlace) {
			continue
		}
		state := Held
		switch {
		case d.Until != none && d.Until.Before(c.day):
			state = Expired
		case d.From != none && c.day.Before(d.From):
			state = NotYet
		case d.Until != none && d.Until.Before(c.day.AddDays(soonDays)):
			state = ExpiresSoon
		}
		if better(state, n.State) || state == n.State && n.Until != none && (d.Until == none || n.Until.Before(d.Until)) {
			n.State, n.Until = state, d.Until
		}
	}
	return n
}

// covers reports whether a document that names a place holds in the country of sale.
func (c *Checker) covers(named, sale commerce.Market, perPlace bool) bool {
	if perPlace {
		return named == sale
	}
	return named == "" || c.book.Within(sale, named, c.day)
}

// better orders the states of documents.
func better(a, b State) bool {
	order := map[State]int{Missing: 0, Expired: 1, NotYet: 2, ExpiresSoon: 3, Held: 4}
	return order[a] > order[b]
}

func (c *Checker) declared(key string) Need {
	n := Need{Kind: Setting, Key: key, State: Undeclared}
	if in, said := c.seller.Declared[key]; said {
		n.State = Declined
		if in {
			n.State = Held
		}
	}
	return n
}

// listed looks for the words of a text in every listing of an item: in the language of
// the listing, or after the key itself ("withdrawal_right: …"). The worst listing counts.
func listed(key string, q *Question) Need {
	n := Need{Kind: Text, Key: key, State: Held}
	if len(q.Listings) == 0 {
		n.State = Unlisted
	}
	for i := range q.Listings {
		switch l := &q.Listings[i]; {
		case strings.TrimSpace(l.Legal) == "":
			n.State = Missing
			return n
		case !shows(l, key):
			n.State = Unrecognised
		}
	}
	return n
}

func shows(l *commerce.Listing, key string) bool {
	legal := strings.ToLower(l.Legal)
	if strings.Contains(legal, key+":") {
		return true
	}
	language, _, _ := strings.Cut(strings.ToLower(l.Language), "-")
	for _, word := range phrases[key][language] {
		if strings.Contains(legal, word) {
			return true
		}
	}
	return false
}

// phrases are words, in small letters, that a text of a kind has in a language. To find
// one proves no text right; to find none asks a person to look.
var phrases = map[string]map[string][]string{
	"withdrawal_right": {
		"en": {"right of withdrawal", "right to withdraw", "withdraw from", "right to cancel"}, "de": {"widerruf"}, "fr": {"rétractation"},
		"es": {"desistimiento"}, "it": {"recesso"}, "nl": {"herroeping"}, "pl": {"odstąpieni"}, "pt": {"livre resolução", "arrependimento"},
		"sv": {"ångerrätt"}, "da": {"fortrydelse"}, "fi": {"peruutus", "peruuttamis"}, "cs": {"odstoupen"}, "zh": {"撤回权", "撤回权利", "无理由退货"},
	},
	"manufacturer_contact": {
		"en": {"manufacturer"}, "de": {"hersteller"}, "fr": {"fabricant"}, "es": {"fabricante"}, "it": {"produttore", "fabbricante"}, "nl": {"fabrikant"},
		"pl": {"producent"}, "pt": {"fabricante"}, "sv": {"tillverkare"}, "da": {"fabrikant", "producent"}, "fi": {"valmistaja"}, "cs": {"výrobce"}, "zh": {"制造商", "生产商", "生产者"},
	},
	"responsible_person_contact": {
		"en": {"responsible person", "eu representative"}, "de": {"verantwortliche person", "eu-verantwortlich"}, "fr": {"personne responsable"},
		"es": {"persona responsable"}, "it": {"persona responsabile"}, "nl": {"verantwoordelijke persoon"}, "pl": {"osoba odpowiedzialna"},
		"pt": {"pessoa responsável"}, "sv": {"ansvarig person"}, "da": {"ansvarlig person"}, "fi": {"vastuuhenkilö"}, "cs": {"odpovědná osoba"}, "zh": {"责任人"},
	},
	"fibre_composition": {
		"en": {"cotton", "polyester", "wool", "viscose", "linen"}, "de": {"baumwolle", "polyester", "wolle", "viskose", "leinen"},
		"fr": {"coton", "polyester", "laine", "viscose", "lin "}, "es": {"algodón", "poliéster", "lana", "viscosa", "lino"},
		"it": {"cotone", "poliestere", "lana", "viscosa", "lino"}, "zh": {"棉", "聚酯", "羊毛", "粘胶", "亚麻"},
	},
}
