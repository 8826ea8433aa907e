package commerce

import (
	"slices"
	"strings"
)

// Traits are the properties of a product that law asks about, as words of a fixed list,
// separated by spaces in files: "lithium_ion_equipment electrical". The zero Traits says
// nothing: nobody has answered, which is not the same as "plain".
type Traits string

// The words that Traits may hold.
const (
	Plain               = "plain"                 // none of the others: somebody looked
	LithiumIonAlone     = "lithium_ion_alone"     // UN3480: power banks and spare batteries
	LithiumIonPacked    = "lithium_ion_packed"    // UN3481, packed with equipment
	LithiumIonEquipment = "lithium_ion_equipment" // UN3481, contained in equipment
	Electrical          = "electrical"
	Radio               = "radio"
	Cosmetic            = "cosmetic"
	Toy                 = "toy"
	Textile             = "textile"
	FoodContact         = "food_contact"
	Food                = "food"
	Medical             = "medical"
	Alcohol             = "alcohol"
	Tobacco             = "tobacco"
	Liquid              = "liquid"
	Aerosol             = "aerosol"
	Magnet              = "magnet"
	Blade               = "blade"
	Furniture           = "furniture"
	Personalised        = "personalised"
	Digital             = "digital"
)

// KnownTraits lists every word, in the order above.
var KnownTraits = []string{Plain, LithiumIonAlone, LithiumIonPacked, LithiumIonEquipment, Electrical, Radio, Cosmetic, Toy,
	Textile, FoodContact, Food, Medical, Alcohol, Tobacco, Liquid, Aerosol, Magnet, Blade, Furniture, Personalised, Digital}

// Known reports whether somebody said what the product is.
func (t Traits) Known() bool { return strings.TrimSpace(string(t)) != "" }

// Has reports whether a word is among them.
func (t Traits) Has(word string) bool { return slices.Contains(strings.Fields(string(t)), word) }

// Unknown returns the first word that is not of the list, "" when all are.
func (t Traits) Unknown() string {
	for _, word := range strings.Fields(string(t)) {
		if !slices.Contains(KnownTraits, word) {
			return word
		}
	}
	return ""
}
