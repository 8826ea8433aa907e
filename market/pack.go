package market

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/messages"
	"tradewind/money"
)

// Pack is what a seller has to know of a market: the tables of its Territory, and what a
// person wrote down in market/packs/XX.yaml, each part with its source or marked as
// assumed.
type Pack struct {
	*Territory `yaml:"-"`

	Market           commerce.Market `yaml:"market"`
	ListingLanguages []string        `yaml:"languages"` // a listing must exist in each; the main one first
	Tender           money.Currency  `yaml:"currency"`

	Prices   Prices      `yaml:"prices"`
	Cash     Cash        `yaml:"cash"`
	Sizes    Sizes       `yaml:"sizes"`
	Power    Power       `yaml:"power"`
	Payments Payments    `yaml:"payments"`
	Festive  []string    `yaml:"events"` // keys of market/shared/events.yaml
	Own      []SaleEvent `yaml:"own_events"`
	Taboos   []Taboo     `yaml:"taboos"`
	Legal    []string    `yaml:"texts"` // keys of market/shared/texts.yaml
	OwnTexts []LegalText `yaml:"own_texts"`

	Sources   []Source     `yaml:"sources"`
	CheckedOn calendar.Day `yaml:"checked_on"`
}

// Evidence says where a statement comes from. One of both is always there.
type Evidence struct {
	Source  string `yaml:"source"`
	Assumed bool   `yaml:"assumed"` // nobody has checked it
}

// Text is a short text in both languages.
type Text struct {
	EN string `yaml:"en"`
	ZH string `yaml:"zh"`
}

// In returns the text in a language.
func (t Text) In(lang messages.Language) string { return messages.Both(t).In(lang) }

// Prices are the customs of prices.
type Prices struct {
	Endings     []string `yaml:"endings"`      // customary, most usual first: "0.99", "980"
	TaxIncluded bool     `yaml:"tax_included"` // consumers are shown prices with tax
	Evidence    `yaml:",inline"`
}

// Cash is the smallest step of cash where a country rounds otherwise than its currency.
type Cash struct {
	Step     string `yaml:"step"`
	Evidence `yaml:",inline"`
}

// Sizes are the systems of clothing and shoe sizes: EU, UK, US, JP …
type Sizes struct {
	Clothing string `yaml:"clothing"`
	Shoes    string `yaml:"shoes"`
	Evidence `yaml:",inline"`
}

// Power is the mains.
type Power struct {
	Volts    []int    `yaml:"volts"`
	Hertz    []int    `yaml:"hertz"`
	Plugs    []string `yaml:"plugs"` // letters of IEC TR 60083
	Evidence `yaml:",inline"`
}

// Payments are the ways to pay that people there expect, most usual first.
type Payments struct {
	Methods  []Payment `yaml:"methods"`
	Evidence `yaml:",inline"`
}

// Payment is a way to pay. Share is of online sales in a year, by value or by number as
// the source counts them; 0 is not known.
type Payment struct {
	Name  string  `yaml:"name"`
	Share float64 `yaml:"share"`
	Year  int     `yaml:"year"`
}

// Taboo is a colour, number, symbol, word or subject that offends or is read as something
// else. It informs; nothing is refused because of it.
type Taboo struct {
	Kind     string   `yaml:"kind"` // colour, number, symbol, subject, gift
	Name     Text     `yaml:"name"`
	Words    []string `yaml:"words"` // what in a listing reminds of it, lower case; "stem*" is the beginning of a word
	Evidence `yaml:",inline"`
}

// LegalText is a text that a shop or a listing must show there.
type LegalText struct {
	Key      string              `yaml:"key"` // also the kind of document that proves it
	Name     Text                `yaml:"name"`
	Rule     string              `yaml:"rule"`  // the law's own name and article
	Since    calendar.Day        `yaml:"since"` // zero is from always
	Place    string              `yaml:"place"` // listing, or shop: on every page of the shop
	Traits   []string            `yaml:"traits"`
	Contact  bool                `yaml:"contact"` // must hold a web or e-mail address
	Cues     map[string][]string `yaml:"cues"`    // by language: words of which one shows that the text is there
	Evidence `yaml:",inline"`
}

// Source is what a pack rests on.
type Source struct {
	Title string `yaml:"title"`
	URL   string `yaml:"url"`
}

//go:embed packs/*.yaml shared/*.yaml
var files embed.FS

// packNames lists the markets that come with the program.
var packNames = sync.OnceValue(func() []commerce.Market {
	entries, err := files.ReadDir("packs")
	if err != nil {
		panic("market: " + err.Error())
	}
	var names []commerce.Market
	for _, e := range entries {
		names = append(names, commerce.Market(strings.TrimSuffix(e.Name(), ".yaml")))
	}
	return names
})

var loaded sync.Map // commerce.Market → *Pack

// Of returns the pack of a market that comes with the program, and false where there is
// none. It is read once; what it points to is shared and must not be changed.
func Of(m commerce.Market) (*Pack, bool) {
	if p, ok := loaded.Load(m); ok {
		return p.(*Pack), true
	}
	if !slices.Contains(packNames(), m) {
		return nil, false
	}
	name := "packs/" + string(m) + ".yaml"
	data, err := files.ReadFile(name)
	if err != nil {
		panic("market: " + err.Error())
	}
	p, err := ReadPack(name, data)
	if err != nil {
		panic("market: " + err.Error())
	}
	kept, _ := loaded.LoadOrStore(m, p)
	return kept.(*Pack), true
}

// Packs returns every pack that comes with the program, by code.
func Packs() []*Pack {
	var all []*Pack
	for _, m := range packNames() {
		p, _ := Of(m)
		all = append(all, p)
	}
	return all
}

// Texts lists the texts that must be shown, from the shared list and of the market alone.
func (p *Pack) Texts() []LegalText {
	var all []LegalText
	for _, key := range p.Legal {
		all = append(all, sharedTexts()[key])
	}
	return append(all, p.OwnTexts...)
}

// Rest reports whether a day is of the weekend.
func (p *Pack) Rest(d calendar.Day) bool {
	const names = "sunmontuewedthufrisat"
	first, last := strings.Index(names, p.Weekend[0])/3, strings.Index(names, p.Weekend[1])/3
	day := int(d.Weekday())
	return (day-first+7)%7 <= (last-first+7)%7
}
