package tradewind

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/goccy/go-yaml"

	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/money"
	"tradewind/plan"
)

// ConfigFile is the name of the settings file in a workspace.
const ConfigFile = "tradewind.yaml"

// Config is what a workspace can set. The zero Config works: every field says what 0 or
// "" means.
type Config struct {
	Database string `yaml:"database"` // store URL; "" is duckdb:shop.duckdb in the workspace
	Currency string `yaml:"currency"` // reporting currency, ISO 4217; "" is GBP
	Zone     string `yaml:"zone"`     // IANA zone of the business day of files that name none; "" is UTC
	Language string `yaml:"language"` // en or zh-Hans; "" follows the environment

	FactsAsOf string `yaml:"facts_as_of"` // ISO date; "" is the last day of the facts
	RulesAsOf string `yaml:"rules_as_of"` // ISO date; "" is today by the clock
	Clock     string `yaml:"clock"`       // RFC 3339 instant at which the workspace's clock stands; "" is the real time

	Plan plan.Config `yaml:"plan"`
}

// ReadConfig reads the settings of a workspace; a missing file is the zero Config. What
// is not of the documented form is fault.Invalid.
func ReadConfig(dir string) (Config, error) {
	var c Config
	path := filepath.Join(dir, ConfigFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fault.Wrap(err, "read settings")
	}
	if err := yaml.UnmarshalWithOptions(data, &c, yaml.Strict()); err != nil {
		return c, fault.From(err, fault.Invalid, "E-CONFIG", fault.A("file", path), fault.A("reason", yaml.FormatError(err, false, false)))
	}
	return c, c.check(path)
}

// check parses every setting once, so that a wrong one is named before any work.
func (c Config) check(path string) error {
	_, errCurrency := c.currency()
	_, errZone := c.zone()
	_, errFacts := c.day(c.FactsAsOf)
	_, errRules := c.day(c.RulesAsOf)
	_, errClock := c.now()
	if err := errors.Join(errCurrency, errZone, errFacts, errRules, errClock, c.Plan.Check()); err != nil {
		return fault.From(err, fault.Invalid, "E-CONFIG", fault.A("file", path), fault.A("reason", err.Error()))
	}
	return nil
}

func (c Config) currency() (money.Currency, error) {
	if c.Currency == "" {
		return "GBP", nil
	}
	return money.ParseCurrency(c.Currency)
}

func (c Config) zone() (*time.Location, error) {
	if c.Zone == "" {
		return time.UTC, nil
	}
	return time.LoadLocation(c.Zone)
}

// day reads an ISO date; nil for "".
func (c Config) day(s string) (*calendar.Day, error) {
	if s == "" {
		return nil, nil
	}
	d, err := calendar.ParseDay(s)
	return &d, err
}

// now returns the workspace's time: where its clock stands, or the real one.
func (c Config) now() (time.Time, error) {
	if c.Clock == "" {
		return time.Now().UTC(), nil
	}
	t, err := time.Parse(time.RFC3339, c.Clock)
	return t.UTC(), err
}
