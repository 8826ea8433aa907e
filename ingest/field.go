package ingest

// field is one value that a format can find in a row. Not every kind of fact has every
// field; shapes says which.
type field uint8

const (
	fOrder field = iota
	fLine
	fAt
	fSKU
	fDescription
	fUnits
	fPrice
	fCurrency
	fMarket
	fChannel
	fCustomer
	fKind
	fName
	fCategory
	fGrams
	fHS
	fOrigin
	fFrom
	fLocation
	fOnHand
	fInbound
	fDay
	fSupplier
	fLeadDays
	fLeadSD
	fMOQ
	fPack
	fServes
	fSeller
	fMinUnits
	fBase
	fQuote
	fRate
	fCampaign
	fAssumed
	fAsOf
	fSource
	fTraits
	fLanguage
	fTitle
	fSizes
	fLegal
	fDocument
	fReference
	fUntil
	fDepth
	fVehicle
	fCost
	fFunding
	fOrdered
	fReceived
	numFields
)

// valueKind is how the text of a cell becomes a value.
type valueKind uint8

const (
	aText      valueKind = iota // words, trimmed
	anID                        // words that must not have passed through a number
	aMarket                     // ISO 3166-1 alpha-2 or one of commerce's own codes
	aMarkets                    // several, between spaces
	aCurrency                   // ISO 4217
	aWord                       // sale or credit
	aFlag                       // yes or no
	traitWords                  // words of commerce.KnownTraits
	aVehicle                    // a word of commerce.KnownVehicles
	aLanguage                   // BCP 47
	aTariff                     // 2 to 10 digits
	anInstant                   // date and time, or a date: its first instant
	aDay                        // date; a time behind it is ignored
	someUnits                   // whole number
	anAmount                    // money
	aNumber                     // decimal number
	aShare                      // decimal number from 0 to below 1, or as many per cent
)

// isWords reports whether values of this kind repeat so much that they are read once.
func (k valueKind) isWords() bool { return k <= aTariff }

// isNumber reports whether the column's decimal sign matters.
func (k valueKind) isNumber() bool { return k >= someUnits }

// isDate reports whether the column's order of day and month matters.
func (k valueKind) isDate() bool { return k == anInstant || k == aDay }

// fields is the one table of the names that format files use, in the order in which
// values are hashed: never reorder or remove a row, the stored keys depend on it.
var fields = [numFields]struct {
	name string
	kind valueKind
}{
	fOrder:       {"order", anID},
	fLine:        {"line", anID},
	fAt:          {"at", anInstant},
	fSKU:         {"sku", anID},
	fDescription: {"description", aText},
	fUnits:       {"units", someUnits},
	fPrice:       {"price", anAmount},
	fCurrency:    {"currency", aCurrency},
	fMarket:      {"market", aMarket},
	fChannel:     {"channel", aText},
	fCustomer:    {"customer", anID},
	fKind:        {"kind", aWord},
	fName:        {"name", aText},
	fCategory:    {"category", aText},
	fGrams:       {"grams", someUnits},
	fHS:          {"hs", aTariff},
	fOrigin:      {"origin", aMarket},
	fFrom:        {"from", aDay},
	fLocation:    {"location", anID},
	fOnHand:      {"on_hand", someUnits},
	fInbound:     {"inbound", someUnits},
	fDay:         {"day", aDay},
	fSupplier:    {"supplier", aText},
	fLeadDays:    {"lead_days", aNumber},
	fLeadSD:      {"lead_sd", aNumber},
	fMOQ:         {"moq", someUnits},
	fPack:        {"pack", someUnits},
	fServes:      {"serves", aMarkets},
	fSeller:      {"seller", aText},
	fMinUnits:    {"min_units", someUnits},
	fBase:        {"base", aCurrency},
	fQuote:       {"quote", aCurrency},
	fRate:        {"value", aNumber},
	fCampaign:    {"campaign", aText},
	fAssumed:     {"assumed", aFlag},
	fAsOf:        {"as_of", aDay},
	fSource:      {"source", aText},
	fTraits:      {"traits", traitWords},
	fLanguage:    {"language", aLanguage},
	fTitle:       {"title", aText},
	fSizes:       {"sizes", aText},
	fLegal:       {"legal", aText},
	fDocument:    {"document", aText},
	fReference:   {"reference", aText},
	fUntil:       {"until", aDay},
	fDepth:       {"depth", aShare},
	fVehicle:     {"vehicle", aVehicle},
	fCost:        {"cost", anAmount},
	fFunding:     {"funding", anAmount},
	fOrdered:     {"ordered", aDay},
	fReceived:    {"received", aDay},
}

func fieldNamed(name string) (field, bool) {
	for f, d := range fields {
		if d.name == name {
			return field(f), true
		}
	}
	return 0, false
}

// shape says what a kind of fact is made of.
type shape struct {
	required []field // must have a value in every row
	optional []field
}

var provenance = []field{fAssumed, fAsOf, fSource}

// shapes are the kinds of fact that a format can bring, by the name that format files use.
var shapes = map[string]shape{
	"order_line": {
		required: []field{fOrder, fAt, fSKU, fUnits, fPrice, fMarket},
		optional: []field{fLine, fDescription, fCurrency, fChannel, fCustomer, fKind},
	},
	"product": {
		required: []field{fSKU},
		optional: append([]field{fName, fCategory, fGrams, fHS, fOrigin, fTraits}, provenance...),
	},
	"cost": {
		required: []field{fSKU, fPrice, fFrom},
		optional: append([]field{fCurrency}, provenance...),
	},
	"stock": {
		required: []field{fSKU, fLocation, fOnHand, fDay},
		optional: append([]field{fInbound}, provenance...),
	},
	"supply": {
		required: []field{fSKU, fSupplier, fLeadDays},
		optional: append([]field{fLeadSD, fMOQ, fPack, fPrice, fCurrency}, provenance...),
	},
	"receipt": {
		required: []field{fSKU, fLocation, fUnits, fOrdered, fReceived},
		optional: append([]field{fSupplier, fReference}, provenance...),
	},
	"warehouse": {
		required: []field{fLocation, fMarket},
		optional: append([]field{fServes}, provenance...),
	},
	"price": {
		required: []field{fSKU, fMarket, fPrice, fFrom},
		optional: append([]field{fCurrency, fChannel, fSeller, fMinUnits}, provenance...),
	},
	"rate": {
		required: []field{fBase, fQuote, fDay, fRate},
		optional: provenance,
	},
	"listing": {
		required: []field{fSKU, fMarket, fLanguage},
		optional: append([]field{fChannel, fTitle, fDescription, fSizes, fLegal}, provenance...),
	},
	"document": {
		required: []field{fDocument},
		optional: append([]field{fSKU, fMarket, fReference, fFrom, fUntil}, provenance...),
	},
	"promotion": {
		required: []field{fSKU, fMarket, fFrom, fUntil},
		optional: append([]field{fChannel, fName, fDepth, fPrice, fCurrency, fVehicle, fCost, fFunding}, provenance...),
	},
	"spend": {
		required: []field{fDay, fMarket, fPrice},
		optional: append([]field{fCurrency, fChannel, fCampaign}, provenance...),
	},
}
