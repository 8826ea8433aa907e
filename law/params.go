package law

import (
	"tradewind/commerce"
	"tradewind/money"
)

// Topic says what a rule is about, and which form its parameters have.
type Topic string

// Params are the parameters of a rule. The set is sealed: one type a topic, listed in
// this file and in requirement.go.
type Params interface{ topic() Topic }

const (
	TopicTaxRate        Topic = "tax_rate"
	TopicTaxZone        Topic = "tax_zone"
	TopicCustoms        Topic = "customs"
	TopicDutyRelief     Topic = "duty_relief"
	TopicTaxRelief      Topic = "tax_relief"
	TopicSaleTax        Topic = "sale_tax"
	TopicDeemedSupplier Topic = "deemed_supplier"
	TopicFlatDuty       Topic = "flat_duty"
	TopicParcelFee      Topic = "parcel_fee"
	TopicSimplified     Topic = "simplified_import"
	TopicSurcharge      Topic = "surcharge"
	TopicRegistration   Topic = "registration"
	TopicUnion          Topic = "union"
	TopicRounding       Topic = "rounding"
)

// TaxRate is a rate of value added, goods and services or sales tax. Taxes of different
// names add up, on one base: a province's beside the country's. Of one tax the rate of the
// class comes before the standard one, and the region's before the country's. sales_tax
// falls due at the sale alone, where somebody must collect it.
type TaxRate struct {
	Tax    string  `yaml:"tax" law:"must"`        // vat, gst, sales_tax, consumption_tax, icms …
	Class  string  `yaml:"class" law:"must"`      // standard, or the name of a class of goods
	Region string  `yaml:"region"`                // a part of the country: "US-CA", "BR-SP"; "" is all of it
	Rate   float64 `yaml:"rate" law:"must share"` // share: 0.21
	Inside bool    `yaml:"inside"`                // the tax is part of its own base: base/(1-rate)·rate
}

// TaxZone is a part of a country in which another rate holds, or which is outside of its
// tax or customs territory.
type TaxZone struct {
	Region         string   `yaml:"region"`                 // "ES-CN"
	Postcodes      string   `yaml:"postcode" law:"pattern"` // regular expression over the whole postcode
	Rate           *float64 `yaml:"rate" law:"share"`       // nil: as in the country
	OutsideTax     bool     `yaml:"outside_tax"`
	OutsideCustoms bool     `yaml:"outside_customs"`
}

// Customs says how a customs value and the base of the import tax are made.
type Customs struct {
	Base    string   `yaml:"base" law:"must of=cif|fob"`                                       // cif or fob
	TaxBase []string `yaml:"tax_base" law:"must of=customs_value|duty|freight|insurance|fees"` // of customs_value, duty, freight, insurance, fees: what import tax is charged on
}

// Scope narrows a rule to some consignments. What is empty does not narrow.
type Scope struct {
	Limit       money.Amount      `yaml:"limit"`                            // zero is no limit
	Above       money.Amount      `yaml:"above"`                            // only what is worth more; zero does not narrow
	Per         string            `yaml:"per" law:"of=consignment|item"`    // consignment (also when empty), item: what Limit and Above are held against
	Value       string            `yaml:"value" law:"of=intrinsic|customs"` // intrinsic (also when empty), customs
	Exclusive   bool              `yaml:"exclusive"`                        // Limit itself is out
	ShippedFrom []commerce.Market `yaml:"shipped_from"`                     // countries or unions
	NotFrom     []commerce.Market `yaml:"not_shipped_from"`
	Origins     []commerce.Market `yaml:"origins"`
	NotOrigins  []commerce.Market `yaml:"not_origins"`
	Transport   []string          `yaml:"transport" law:"of=post|courier|freight"` // post, courier, freight
	NotHS       []string          `yaml:"not_hs" law:"hs"`                         // prefixes: alcohol, tobacco …
	HS          []string          `yaml:"hs" law:"hs"`
	Consumers   bool              `yaml:"consumers"` // only sales to consumers
}

// DutyRelief frees small consignments from duty; TaxRelief from import tax. Above the
// limit the whole value is charged.
type DutyRelief struct {
	Scope `yaml:",inline"`
}

// TaxRelief frees small consignments from import tax.
type TaxRelief struct {
	Scope `yaml:",inline"`
}

// SaleTax is a scheme by which tax on imports is charged at the sale and not at the
// border: IOSS, the United Kingdom's 135 pounds, Australia's 1,000 dollars.
type SaleTax struct {
	Scope  `yaml:",inline"`
	Scheme string `yaml:"scheme" law:"must"` // ioss, uk_135, au_gst, nz_gst, sg_ovr
	// Registration: voluntary (as IOSS), or required above the threshold of a rule on
	// registration, or required from the first sale.
	Required bool `yaml:"required"`
}

// DeemedSupplier makes a marketplace liable for the tax.
type DeemedSupplier struct {
	Scope        `yaml:",inline"`
	Sales        string `yaml:"sales" law:"must of=imports|domestic"` // imports or domestic
	SellerAbroad bool   `yaml:"seller_abroad"`                        // only for sellers not established there
}

// FlatDuty is an amount of duty in place of a rate: for each consignment, each subheading
// of six digits in it, or each unit (item).
type FlatDuty struct {
	Scope  `yaml:",inline"`
	Amount money.Amount `yaml:"amount" law:"must"`
	Each   string       `yaml:"each" law:"must of=subheading|item|consignment"` // subheading, item, consignment
}

// ParcelFee is a handling fee of a state, beside duty and tax.
type ParcelFee struct {
	Scope   `yaml:",inline"`
	Amount  money.Amount `yaml:"amount" law:"must"`
	Each    string       `yaml:"each" law:"must of=consignment|subheading|item"` // consignment, subheading, item
	Taxable bool         `yaml:"taxable"`                                        // part of the base of the import tax
}

// Simplified is a regime with rates of its own in place of the tariff: Brazil's Remessa
// Conforme, Mexico's couriers, China's cross-border retail, India's 9804. One that takes
// the whole consignment in applies unless another is asked for by its Scheme.
type Simplified struct {
	Scope       `yaml:",inline"`
	Scheme      string `yaml:"scheme" law:"must"`
	Bands       []Band `yaml:"bands"`        // ascending; the band of the whole value holds
	ReplacesTax bool   `yaml:"replaces_tax"` // the rate covers the import tax too
	// China: (consumption tax + VAT)/(1 - consumption tax) × Factor, in place of Bands.
	Factor      float64      `yaml:"factor" law:"share"`
	YearLimit   money.Amount `yaml:"year_limit"` // of a person
	BaseFreight bool         `yaml:"base_freight"`
}

// Band is one step of a simplified regime.
type Band struct {
	UpTo   money.Amount `yaml:"up_to"` // included; zero is without end
	Rate   float64      `yaml:"rate" law:"must share"`
	Deduct money.Amount `yaml:"deduct"` // off the result
}

// Surcharge is a duty on top of the tariff, by origin.
type Surcharge struct {
	Scope `yaml:",inline"`
	Name  string   `yaml:"name" law:"must"`  // section_122, section_301, anti_dumping
	Rate  *float64 `yaml:"rate" law:"share"` // nil: it exists and nobody here knows it
	High  float64  `yaml:"high" law:"share"` // with an unconfirmed rate: the most that it may be
}

// Registration is a threshold from which a seller must register for a tax.
type Registration struct {
	Limit        money.Amount `yaml:"limit" law:"must"`                                  // zero: from the first sale
	Sales        string       `yaml:"sales" law:"must of=distance|domestic|imports|all"` // distance (intra-union, to consumers), domestic, imports, all
	Window       string       `yaml:"window" law:"of=calendar_year|rolling_12_months"`   // calendar_year, rolling_12_months
	Union        bool         `yaml:"union"`                                             // sums over the whole union
	Region       string       `yaml:"region"`
	Transactions int          `yaml:"transactions"`      // or as many orders; 0 does not count
	Scheme       string       `yaml:"scheme" law:"must"` // what one registers for: oss, ioss, vat, gst, sales_tax
}

// Union is a customs or tax union: no duty and no border between its members.
type Union struct {
	Members []commerce.Market `yaml:"members" law:"must"`
	Customs bool              `yaml:"customs"`
	Tax     bool              `yaml:"tax"`
}

// Rounding is how an authority rounds.
type Rounding struct {
	Of   string       `yaml:"of" law:"must of=duty|tax|value"`              // duty, tax, value
	To   money.Amount `yaml:"to" law:"must"`                                // step: 0.01 EUR, 1 JPY, 100 JPY
	Mode string       `yaml:"mode" law:"must of=half_up|down|up|half_even"` // half_up, down, up, half_even
}

func (TaxRate) topic() Topic        { return TopicTaxRate }
func (TaxZone) topic() Topic        { return TopicTaxZone }
func (Customs) topic() Topic        { return TopicCustoms }
func (DutyRelief) topic() Topic     { return TopicDutyRelief }
func (TaxRelief) topic() Topic      { return TopicTaxRelief }
func (SaleTax) topic() Topic        { return TopicSaleTax }
func (DeemedSupplier) topic() Topic { return TopicDeemedSupplier }
func (FlatDuty) topic() Topic       { return TopicFlatDuty }
func (ParcelFee) topic() Topic      { return TopicParcelFee }
func (Simplified) topic() Topic     { return TopicSimplified }
func (Surcharge) topic() Topic      { return TopicSurcharge }
func (Registration) topic() Topic   { return TopicRegistration }
func (Union) topic() Topic          { return TopicUnion }
func (Rounding) topic() Topic       { return TopicRounding }
