package plan

import (
	"fmt"

	"tradewind/commerce"
	"tradewind/money"
)

// PriceConfig is what a team sets about prices and promotions. The zero PriceConfig works.
type PriceConfig struct {
	Weeks     int          `yaml:"horizon_weeks"`  // over which a price is judged; 0 is 13
	MinMargin float64      `yaml:"min_margin"`     // least contribution, share of the price; 0 is what covers landed cost and fees
	MaxStep   float64      `yaml:"max_step"`       // most that a price may move at once, share of it; 0 is 0.10
	MinDays   int          `yaml:"min_days"`       // least days between two moves of a price; 0 is 28
	Rivals    [2]float64   `yaml:"rival_corridor"` // a price stays between these multiples of the lowest rival's; zeros are no corridor
	Parity    float64      `yaml:"parity"`         // most by which an item may cost more on one channel of a market than on another, share; 0 is no limit
	AnyEnding bool         `yaml:"any_ending"`     // prices need not end as customary in their market
	Limits    []PriceLimit `yaml:"limits"`         // floors and ceilings of single products
	Promos    PromoConfig  `yaml:"promotions"`
}

// PriceLimit is a floor or a ceiling that people set.
type PriceLimit struct {
	SKU     commerce.SKU    `yaml:"sku"`
	Market  commerce.Market `yaml:"market"`  // "" is all
	Floor   string          `yaml:"floor"`   // decimal with its currency, "2.50 EUR"; "" is none
	Ceiling string          `yaml:"ceiling"` // likewise: a recommended or a minimum advertised price is a limit too
}

// PromoConfig is what a team sets about promotions.
type PromoConfig struct {
	Weeks  int    `yaml:"weeks"`     // planned ahead; 0 is 8
	Slots  int    `yaml:"slots"`     // most promotions a week and market; 0 is 5
	Budget string `yaml:"budget"`    // most that fixed costs and discounts may take, decimal in the reporting currency; "" is no limit
	Gap    int    `yaml:"gap_weeks"` // least weeks between two promotions of an item; 0 is 4
	Cost   string `yaml:"cost"`      // fixed cost of one promotion, decimal in the reporting currency; "" is none
}

func (c PriceConfig) withDefaults() PriceConfig {
	orInt := func(field *int, d int) {
		if *field == 0 {
			*field = d
		}
	}
	orInt(&c.Weeks, 13)
	orInt(&c.MinDays, 28)
	orInt(&c.Promos.Weeks, 8)
	orInt(&c.Promos.Slots, 5)
	orInt(&c.Promos.Gap, 4)
	if c.MaxStep == 0 {
		c.MaxStep = .10
	}
	return c
}

// Filled is the settings with the usual ones in the place of zeros.
func (c PriceConfig) Filled() PriceConfig { return c.withDefaults() }

// check says which setting is out of its range.
func (c PriceConfig) check() error {
	switch {
	case c.Weeks < 0 || c.Weeks > 52:
		return fmt.Errorf("plan.prices.horizon_weeks = %d: want 0 to 52", c.Weeks)
	case !(c.MinMargin >= 0 && c.MinMargin < 1):
		return fmt.Errorf("plan.prices.min_margin = %v: want 0 to less than 1", c.MinMargin)
	case !(c.MaxStep >= 0 && c.MaxStep <= .5):
		return fmt.Errorf("plan.prices.max_step = %v: want 0 to 0.5", c.MaxStep)
	case c.MinDays < 0 || c.MinDays > 365:
		return fmt.Errorf("plan.prices.min_days = %d: want 0 to 365", c.MinDays)
	case c.Rivals != [2]float64{} && !(c.Rivals[0] > 0 && c.Rivals[0] < c.Rivals[1]):
		return fmt.Errorf("plan.prices.rival_corridor = %v: want two multiples, the lower one first", c.Rivals)
	case !(c.Parity >= 0 && c.Parity <= 1):
		return fmt.Errorf("plan.prices.parity = %v: want 0 to 1", c.Parity)
	}
	for i, l := range c.Limits {
		if err := l.check(); err != nil {
			return fmt.Errorf("plan.prices.limits[%d]%w", i, err)
		}
	}
	return c.Promos.check()
}

func (l PriceLimit) check() error {
	if l.SKU == "" {
		return fmt.Errorf(".sku = %q: want the product that the limit is for", l.SKU)
	}
	floor, err := readLimit("floor", l.Floor)
	if err != nil {
		return err
	}
	ceiling, err := readLimit("ceiling", l.Ceiling)
	if err != nil {
		return err
	}
	if floor.Currency() != "" && ceiling.Currency() != "" && floor.Currency() != ceiling.Currency() {
		return fmt.Errorf(".ceiling = %q: want the currency of the floor, %s", l.Ceiling, floor.Currency())
	}
	return nil // a floor above the ceiling is refused by the price, which names both
}

// readLimit reads a price with its currency; zero for "".
func readLimit(name, text string) (money.Amount, error) {
	if text == "" {
		return money.Amount{}, nil
	}
	var number, code string
	if n, _ := fmt.Sscan(text, &number, &code); n == 2 {
		if currency, err := money.ParseCurrency(code); err == nil {
			if a, err := money.Parse(number, currency); err == nil && a.Sign() > 0 {
				return a, nil
			}
		}
	}
	return money.Amount{}, fmt.Errorf(".%s = %q: want a price with its currency, such as 2.50 EUR", name, text)
}

func (c PromoConfig) check() error {
	switch {
	case c.Weeks < 0 || c.Weeks > 52:
		return fmt.Errorf("plan.prices.promotions.weeks = %d: want 0 to 52", c.Weeks)
	case c.Slots < 0 || c.Slots > 1000:
		return fmt.Errorf("plan.prices.promotions.slots = %d: want 0 to 1000", c.Slots)
	case c.Gap < 0 || c.Gap > 52:
		return fmt.Errorf("plan.prices.promotions.gap_weeks = %d: want 0 to 52", c.Gap)
	}
	for _, amount := range []struct{ name, value string }{{"budget", c.Budget}, {"cost", c.Cost}} {
		if amount.value == "" {
			continue
		}
		if a, err := money.Parse(amount.value, ""); err != nil || a.Sign() < 0 {
			return fmt.Errorf("plan.prices.promotions.%s = %q: want a plain decimal of 0 or more", amount.name, amount.value)
		}
	}
	return nil
}

// changed writes the settings that differ from the usual ones; "" where none does.
func (c PriceConfig) changed() string {
	text := fmt.Sprintf("%+v", c)
	if text == fmt.Sprintf("%+v", PriceConfig{}.withDefaults()) {
		return ""
	}
	return text
}

// otherMoney reports whether a limit that names an item is in a currency other than the
// item's, so that it cannot be held against its price.
func (c PriceConfig) otherMoney(item commerce.Item, currency money.Currency) bool {
	for _, l := range c.Limits {
		if l.SKU != item.SKU || l.Market != item.Market {
			continue
		}
		for _, text := range []string{l.Floor, l.Ceiling} {
			if a, err := readLimit("", text); err == nil && !a.IsZero() && a.Currency() != currency {
				return true
			}
		}
	}
	return false
}

// limitOf finds what people set for an item in its currency; zeros where nothing is set.
func (c PriceConfig) limitOf(item commerce.Item, currency money.Currency) (floor, ceiling float64) {
	for _, l := range c.Limits {
		if l.SKU != item.SKU || l.Market != "" && l.Market != item.Market {
			continue
		}
		if a, err := readLimit("floor", l.Floor); err == nil && a.Currency() == currency {
			floor = max(floor, a.Float())
		}
		if a, err := readLimit("ceiling", l.Ceiling); err == nil && a.Currency() == currency && (ceiling == 0 || a.Float() < ceiling) {
			ceiling = a.Float()
		}
	}
	return floor, ceiling
}
