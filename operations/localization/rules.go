package localization

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/market"
)

//go:embed limits.yaml
var limitsYAML []byte

//go:embed claims.yaml
var claimsYAML []byte

//go:embed glossary.yaml
var glossaryYAML []byte

// Limit is how long the texts of a listing may be on a channel; 0 is no limit known.
type Limit struct {
	Channel     string `yaml:"channel"`
	Title       int    `yaml:"title"` // characters
	TitleBytes  int    `yaml:"title_bytes"`
	Description int    `yaml:"description"`
	Source      string `yaml:"source"`
	Assumed     bool   `yaml:"assumed"`
}

// claim is a statement that a law forbids or asks proof of.
type claim struct {
	Key           string              `yaml:"key"`
	Markets       []string            `yaml:"markets"`
	Since         calendar.Day        `yaml:"since"`
	Language      string              `yaml:"language"`
	Name          market.Text         `yaml:"name"`
	Words         []string            `yaml:"words"`
	WordsBy       map[string][]string `yaml:"words_by"`
	TraitsWithout []string            `yaml:"traits_without"` // it is none for a product with one of these
	TitleOnly     bool                `yaml:"title_only"`
	Severity      string              `yaml:"severity"`
	Source        string              `yaml:"source"`
	Assumed       bool                `yaml:"assumed"` // the source is named from general knowledge
}

// Term is a word of trade in both languages.
type Term struct {
	EN    string   `yaml:"en"`
	ZH    string   `yaml:"zh"`
	Wrong []string `yaml:"wrong"` // what stands for it in poor translations
}

var (
	limits   = sync.OnceValue(func() []Limit { return mustRead[[]Limit](limitsYAML) })
	claims   = sync.OnceValue(func() []claim { return mustRead[[]claim](claimsYAML) })
	glossary = sync.OnceValue(func() []Term { return mustRead[[]Term](glossaryYAML) })
)

// mustRead decodes data that is part of the program.
func mustRead[T any](data []byte) T {
	var v T
	if err := yaml.UnmarshalWithOptions(data, &v, yaml.Strict()); err != nil {
		panic("localization: " + err.Error())
	}
	return v
}

// Glossary lists the terms. The list is shared and must not be changed.
func Glossary() []Term { return glossary() }

// LimitOf returns the limits of a channel, and false where none are known.
func LimitOf(c commerce.Channel) (Limit, bool) {
	name := strings.ToLower(string(c))
	i := slices.IndexFunc(limits(), func(l Limit) bool {
		rest, ok := strings.CutPrefix(name, l.Channel)
		return ok && (rest == "" || strings.ContainsAny(rest[:1], ".-_ "))
	})
	if i < 0 {
		return Limit{}, false
	}
	return limits()[i], true
}

const europeanUnion = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"

// holds reports whether a claim is one in a market, on a day, for a product.
func (c *claim) holds(m commerce.Market, day calendar.Day, product *commerce.Product) bool {
	here := slices.ContainsFunc(c.Markets, func(s string) bool {
		return s == "*" || s == string(m) || s == "EU" && strings.Contains(europeanUnion, string(m))
	})
	if !here || day.Before(c.Since) {
		return false
	}
	return product == nil || !slices.ContainsFunc(c.TraitsWithout, product.Traits.Has)
}

func (c *claim) words(language string) []string {
	if base(language) == c.Language {
		return c.Words
	}
	return c.WordsBy[base(language)]
}

func base(language string) string {
	b, _, _ := strings.Cut(language, "-")
	return b
}
