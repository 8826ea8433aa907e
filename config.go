package tradewind

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
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

	RuleKeys map[string]string `yaml:"rule_keys,omitempty"` // public keys, by name, whose signatures on packs of rules are trusted: Ed25519, base64

	Seller commerce.Seller `yaml:"seller"` // who sells, from where, under which registrations
	Plan   plan.Config     `yaml:"plan"`

	Approval ApprovalConfig `yaml:"approval,omitempty"` // when one person is not enough
}

// ReadConfig reads the settings of a workspace; a missing file is the zero Config. What
// is not of the documented form is fault.Invalid, which names the line.
func ReadConfig(dir string) (Config, error) {
	var c Config
	path := filepath.Join(dir, ConfigFile)
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, fault.From(err, fault.Invalid, "E-FILE-UNREADABLE", fault.A("file", path), fault.A("error", err.Error()))
	}
	err = yaml.UnmarshalWithOptions(data, &c, yaml.Strict())
	var form yaml.Error
	switch {
	case errors.As(err, &form):
		return c, notValid(path, form.GetToken().Position.Line, formFault(form))
	case err != nil:
		return c, notValid(path, 0, err)
	}
	c.Plan.Seller = c.Seller
	if setting, err := c.check(); err != nil {
		return c, notValid(path, lineOf(data, setting), err)
	}
	return c, nil
}

// check parses every setting once, so that a wrong one is named before any work.
func (c Config) check() (setting string, err error) {
	_, errCurrency := c.currency()
	_, errZone := c.zone()
	_, errLanguage := c.language()
	_, errFacts := c.day(c.FactsAsOf)
	_, errRules := c.day(c.RulesAsOf)
	_, errClock := c.now()
	_, errKeys := c.ruleKeys()
	errApproval := c.Approval.check()
	errPlan := c.Plan.Check()
	sellerSetting, errSeller := checkSeller(&c.Seller)
	for _, s := range []struct {
		name string
		err  error
	}{
		{"currency", errCurrency}, {"zone", errZone}, {"language", errLanguage},
		{"facts_as_of", errFacts}, {"rules_as_of", errRules}, {"clock", errClock}, {"rule_keys", errKeys}, {sellerSetting, errSeller},
		{"approval.two_above", errApproval},
	} {
		if s.err != nil {
			return s.name, s.err
		}
	}
	if errPlan != nil {
		setting, _, _ = strings.Cut(errPlan.Error(), " ") // it begins with the setting's name
	}
	return setting, errPlan
}

// formFault says what is wrong with the form of the settings at its token.
func formFault(err yaml.Error) error {
	var unknown *yaml.UnknownFieldError
	var mistyped *yaml.TypeError
	switch value := fault.A("value", err.GetToken().Value); {
	case errors.As(err, &unknown):
		return fault.From(err, fault.Invalid, "E-SETTING-UNKNOWN", value)
	case errors.As(err, &mistyped):
		return fault.From(err, fault.Invalid, "E-SETTING-VALUE", value)
	}
	return errors.New(err.GetMessage())
}

// notValid says what is wrong with a settings file, and in which line where one is known.
func notValid(path string, line int, err error) error {
	place := path
	if line > 0 {
		place = fmt.Sprintf("%s:%d", path, line)
	}
	var reason any = err.Error()
	if fault.Of(err) != nil {
		reason = messages.Of(err)
	}
	return fault.From(err, fault.Invalid, "E-CONFIG", fault.A("file", place), fault.A("reason", reason))
}

// lineOf finds the line of a setting such as plan.attention, or of what it should stand in
// where it is left out; 0 where neither is there.
func lineOf(data []byte, setting string) int {
	for ; setting != ""; setting = setting[:max(0, strings.LastIndexAny(setting, ".["))] {
		path, err := yaml.PathString("$." + setting)
		if err != nil {
			continue
		}
		if node, err := path.ReadNode(bytes.NewReader(data)); err == nil {
			return node.GetToken().Position.Line
		}
	}
	return 0
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
	return zoneOf(c.Zone)
}

// language reads the language of the workspace; English for "", which nobody asks for.
func (c Config) language() (messages.Language, error) {
	if c.Language == "" {
		return messages.English, nil
	}
	return messages.ParseLanguage(c.Language)
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
	if err != nil {
		return t, fault.From(err, fault.Invalid, "E-CLOCK", fault.A("value", c.Clock))
	}
	return t.UTC(), nil
}

// zoneOf finds a time zone by its name.
func zoneOf(name string) (*time.Location, error) {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fault.From(err, fault.Usage, "E-ZONE", fault.A("value", name))
	}
	return zone, nil
}
