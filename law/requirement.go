package law

import "tradewind/commerce"

// The topics of rules that ask for something and compute no money.
const (
	TopicProduct   Topic = "product"   // safety, labels, registers, responsible persons
	TopicTransport Topic = "transport" // dangerous goods
	TopicGoods     Topic = "goods"     // restricted and prohibited goods
	TopicConsumer  Topic = "consumer"  // withdrawal, information, notices
	TopicPrice     Topic = "price"     // prior price, personalised prices
	TopicData      Topic = "data"      // data protection
	TopicSignature Topic = "signature" // electronic signatures
	TopicSanctions Topic = "sanctions"
)

// Requirement is what a rule asks of a sale.
type Requirement struct {
	About Topic `yaml:"-"`

	// When it applies; what is empty does not narrow.
	Traits      []string          `yaml:"traits"`       // any of these words of commerce.Traits
	HS          []string          `yaml:"hs"`           // prefixes
	ShippedFrom []commerce.Market `yaml:"shipped_from"` // countries or unions
	NotFrom     []commerce.Market `yaml:"not_shipped_from"`
	Consumers   bool              `yaml:"consumers"`   // only sales to consumers
	SellerFrom  []commerce.Market `yaml:"seller_from"` // where the seller is established
	NotSeller   []commerce.Market `yaml:"not_seller_from"`
	Channels    []string          `yaml:"channels"`

	// What it asks for.
	Documents []string `yaml:"documents"` // kinds of commerce.Document, all of them
	Texts     []string `yaml:"texts"`     // keys of texts that a listing must show
	Settings  []string `yaml:"settings"`  // what the seller must have declared: "withdrawal_function"
	Prohibits bool     `yaml:"prohibits"` // nothing mends it

	Missing string `yaml:"missing"` // block or warn: what follows when something is missing
	Owner   string `yaml:"owner"`   // seller, maker, carrier, marketplace, lawyer
	Remedy  Text   `yaml:"remedy"`

	// Figures that programs use: days of withdrawal (14), of prior price (30), hours to
	// report (72) …
	Figures map[string]float64 `yaml:"figures"`
}

func (r Requirement) topic() Topic { return r.About }
