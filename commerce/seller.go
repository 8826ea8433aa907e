package commerce

import "slices"

// Seller is what a shop says of itself: law asks who sells, from where and under which
// registrations. The zero Seller has said nothing; what follows from it is then assumed
// and labelled so.
type Seller struct {
	Established   []Market  `yaml:"established,omitempty" json:"established"`         // countries in which the business stands, home first; none: where the warehouses are, assumed
	Registered    []string  `yaml:"registered,omitempty" json:"registered"`           // registrations as jurisdiction:scheme, "GB:vat", "EU:ioss"
	Marketplaces  []Channel `yaml:"marketplaces,omitempty" json:"marketplaces"`       // channels on which a platform sells in the seller's name
	Declared      []string  `yaml:"declared,omitempty" json:"declared"`               // what rules ask a seller to state, as they name it: "withdrawal_function"
	PricesWithTax bool      `yaml:"prices_with_tax,omitempty" json:"prices_with_tax"` // prices in orders contain the market's tax
	Businesses    bool      `yaml:"businesses,omitempty" json:"businesses"`           // customers are businesses; false is consumers
	Incoterm      string    `yaml:"incoterm,omitempty" json:"incoterm"`               // who bears import charges: DAP, the buyer (also when empty), or DDP, the seller
	Transport     string    `yaml:"transport,omitempty" json:"transport"`             // post, courier (also when empty) or freight
}

// Has reports whether the seller is registered for a scheme in a jurisdiction.
func (s *Seller) Has(jurisdiction Market, scheme string) bool {
	return slices.Contains(s.Registered, string(jurisdiction)+":"+scheme)
}

// OnMarketplace reports whether a platform sells for the seller on a channel.
func (s *Seller) OnMarketplace(c Channel) bool { return slices.Contains(s.Marketplaces, c) }

// IsZero reports whether the seller has said nothing.
func (s *Seller) IsZero() bool {
	return len(s.Established)+len(s.Registered)+len(s.Marketplaces)+len(s.Declared) == 0 &&
		!s.PricesWithTax && !s.Businesses && s.Incoterm == "" && s.Transport == ""
}
