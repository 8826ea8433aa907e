package plan

import (
	"fmt"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// Config is what a team sets about planning. The zero Config works.
type Config struct {
	MaxCycle    int         `yaml:"max_cycle_days"`                // most days of demand that one order may cover; 0 is 56
	Review      int         `yaml:"review_days"`                   // days between two plans; 0 is 7
	HoldingRate float64     `yaml:"holding_rate"`                  // cost of holding stock, share of its value a year: capital, storage, obsolescence; 0 is 0.25
	FeeRate     float64     `yaml:"fee_rate"`                      // payment and marketplace fees, share of the price; 0 is none
	FillRate    float64     `yaml:"fill_rate" json:",omitempty"`   // share of demand that every order is to let be served from the shelf; 0 is what earns most
	FreezeDays  int         `yaml:"freeze_days" json:",omitempty"` // days after an order on which no other is proposed for the same site; 0 is none
	Closures    []Closure   `yaml:"closures" json:",omitempty"`    // days on which suppliers do no work
	Cash        string      `yaml:"cash"`                          // most that a plan may commit, decimal in the reporting currency; "" is no limit
	Attention   int         `yaml:"attention"`                     // most decisions that people look at per plan; 0 is 200
	MinGain     string      `yaml:"min_gain"`                      // decisions worth less are not shown; "" is 1.00
	Seed        uint64      `yaml:"seed"`                          // of all chance in a plan; 0 is 1
	Scenarios   int         `yaml:"scenarios"`                     // futures that every order is judged on; 0 is 512
	Prices      PriceConfig `yaml:"prices"`                        // of prices and promotions

	TransferCost string `yaml:"transfer_cost" json:",omitempty"` // of moving a unit from one location to another, decimal in the reporting currency; "" is unknown: no transfers are proposed
	TransferDays int    `yaml:"transfer_days" json:",omitempty"` // until a unit that is moved can be sold; 0 is 7

	Seller commerce.Seller `yaml:"-" json:"seller,omitzero"` // who sells: law asks; from the workspace's own settings

	Workers int `yaml:"-" json:"-"` // goroutines; 0 is one a core. The result does not depend on it.

	assumesHolding bool // nobody set HoldingRate
}

// Closure is a time in which a supplier does no work: what it has not shipped by then lies
// until after it.
type Closure struct {
	Supplier commerce.Supplier `yaml:"supplier"`      // "" is all
	From     string            `yaml:"from"`          // the first day, 2006-01-02
	To       string            `yaml:"to"`            // the last day, 2006-01-02
	Handling float64           `yaml:"handling_days"` // days of the lead time before its goods leave; 0 is all of it
}

// days returns the first day of a closure and the day after its last.
func (c Closure) days() (from, to calendar.Day, err error) {
	if from, err = calendar.ParseDay(c.From); err != nil {
		return from, to, err
	}
	if to, err = calendar.ParseDay(c.To); err != nil {
		return from, to, err
	}
	if to.Before(from) {
		return from, to, fmt.Errorf("%s is before %s", c.To, c.From)
	}
	return from, to.AddDays(1), nil
}

// Check says which setting is out of its range.
func (c Config) Check() error {
	switch {
	case c.MaxCycle < 0 || c.MaxCycle > 365:
		return fmt.Errorf("plan.max_cycle_days = %d: want 0 to 365", c.MaxCycle)
	case c.Review < 0 || c.Review > 90:
		return fmt.Errorf("plan.review_days = %d: want 0 to 90", c.Review)
	case !(c.HoldingRate >= 0 && c.HoldingRate <= 5):
		return fmt.Errorf("plan.holding_rate = %v: want 0 to 5", c.HoldingRate)
	case !(c.FeeRate >= 0 && c.FeeRate < 1):
		return fmt.Errorf("plan.fee_rate = %v: want 0 to less than 1", c.FeeRate)
	case !(c.FillRate >= 0 && c.FillRate < 1):
		return fmt.Errorf("plan.fill_rate = %v: want 0 to less than 1", c.FillRate)
	case c.FreezeDays < 0 || c.FreezeDays > 365:
		return fmt.Errorf("plan.freeze_days = %d: want 0 to 365", c.FreezeDays)
	case c.Scenarios < 0 || c.Scenarios > 1<<16:
		return fmt.Errorf("plan.scenarios = %d: want 0 to 65536", c.Scenarios)
	case c.TransferDays < 0 || c.TransferDays > mostTransferDays:
		return fmt.Errorf("plan.transfer_days = %d: want 0 to %d", c.TransferDays, mostTransferDays)
	case c.Attention < 0:
		return fmt.Errorf("plan.attention = %d: want 0 or more", c.Attention)
	}
	for i, x := range c.Closures {
		if _, _, err := x.days(); err != nil {
			return fmt.Errorf("plan.closures[%d]: %w", i, err)
		}
		if !(x.Handling >= 0 && x.Handling <= 365) {
			return fmt.Errorf("plan.closures[%d].handling_days = %v: want 0 to 365", i, x.Handling)
		}
	}
	for _, amount := range []struct{ name, value string }{{"cash", c.Cash}, {"min_gain", c.MinGain}, {"transfer_cost", c.TransferCost}} {
		if amount.value == "" {
			continue
		}
		if a, err := money.Parse(amount.value, ""); err != nil || a.Sign() < 0 {
			return fmt.Errorf("plan.%s = %q: want a plain decimal of 0 or more", amount.name, amount.value)
		}
	}
	return c.Prices.check()
}
