package law

import (
	"slices"

	"tradewind/calendar"
	"tradewind/commerce"
)

// The topics of rules that ask for something and compute no money.
const (
	TopicProduct   Topic = "product"   // safety, labels, registers, responsible persons
	TopicTransport Topic = "transport" // dangerous goods
	TopicGoods     Topic = "goods"     // restricted and prohibited goods
	TopicConsumer  Topic = "consumer"  // withdrawal, information, notices
	TopicPrice     Topic = "price"     // prior price, sales below cost and in seasons, personalised prices
	TopicData      Topic = "data"      // data protection
	TopicSignature Topic = "signature" // electronic signatures
	TopicSanctions Topic = "sanctions"
)

// RequirementTopics lists them in the order in which they are asked.
var RequirementTopics = []Topic{TopicProduct, TopicTransport, TopicGoods, TopicConsumer, TopicPrice, TopicData, TopicSignature, TopicSanctions}

// Requirement is what a rule asks of a sale.
type Requirement struct {
	About Topic `yaml:"-"`

	// When it applies; what is empty does not narrow.
	Traits      []string          `yaml:"traits" law:"traits"` // any of these words of commerce.Traits
	HS          []string          `yaml:"hs" law:"hs"`         // prefixes
	ShippedFrom []commerce.Market `yaml:"shipped_from"`        // countries or unions
	NotFrom     []commerce.Market `yaml:"not_shipped_from"`
	Consumers   bool              `yaml:"consumers"`   // only sales to consumers
	SellerFrom  []commerce.Market `yaml:"seller_from"` // where the seller is established
	NotSeller   []commerce.Market `yaml:"not_seller_from"`
	Channels    []string          `yaml:"channels"`
	NotTraits   []string          `yaml:"not_traits" law:"traits"` // not for these products
	Abroad      bool              `yaml:"seller_abroad"`           // only for sellers not established in the country of sale itself
	Crossing    bool              `yaml:"crossing"`                // only for goods shipped from another country
	Practices   []string          `yaml:"practices"`               // any of what a seller may or may not do: "personalised_prices"
	Counter     string            `yaml:"counter"`                 // only while this count of the seller's lies in AtLeast ≤ count < Below
	AtLeast     float64           `yaml:"at_least"`
	Below       float64           `yaml:"below"`               // 0 is without end
	Closed      []string          `yaml:"closed" law:"season"` // only on these days of every year, both included: "12-03..01-02"

	// What it asks for.
	Documents []string `yaml:"documents"`   // kinds of commerce.Document, all of them
	Texts     []string `yaml:"texts"`       // keys of texts that a listing must show
	PerPlace  bool     `yaml:"per_country"` // a document must name the country of sale itself, not a union or all
	Settings  []string `yaml:"settings"`    // what the seller must have declared: "withdrawal_function"
	Prohibits bool     `yaml:"prohibits"`   // nothing mends it

	Missing string `yaml:"missing" law:"must of=block|warn"`                            // block or warn: what follows when something is missing
	Owner   string `yaml:"owner" law:"must of=seller|maker|carrier|marketplace|lawyer"` // seller, maker, carrier, marketplace, lawyer
	Remedy  Text   `yaml:"remedy" law:"must"`

	// Reductions that a rule on prior prices treats otherwise: gradual (prices fall step by
	// step), new_goods (on offer for fewer days than the rule names), perishable.
	Except []string `yaml:"except" law:"of=gradual|new_goods|perishable"`

	// Figures that programs use: days of withdrawal (14), of prior price (30), hours to
	// report (72) …
	Figures map[string]float64 `yaml:"figures"`
}

func (r Requirement) topic() Topic { return r.About }

// InSeason reports whether a day is one of those of Closed; where it names none, all are.
func (r *Requirement) InSeason(day calendar.Day) bool {
	return len(r.Closed) == 0 || slices.ContainsFunc(r.Closed, func(season string) bool {
		from, to, at := season[:5], season[7:], day.String()[5:] // "12-03..01-02", "2026-12-24"
		if from <= to {
			return from <= at && at <= to
		}
		return from <= at || at <= to
	})
}
