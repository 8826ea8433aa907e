// Package plan composes the disciplines into one plan, purely: Survey looks at the whole,
// Propose makes a menu of actions for each shard of sites, Choose picks within cash and
// attention and explains what it picked. Same snapshot, settings and seed give the same
// plan to the byte on any number of workers.
//
// Before it: commerce.Snapshot from the store. After it: the engine, which records.
package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"math"
	"time"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/messages"
	"tradewind/operations/demand"
)

// Survey is what needs the whole snapshot: the shop's calendar and season, priors, and
// the list of sites to plan for. Nobody changes it after it is made.
type Survey struct {
	Snapshot *commerce.Snapshot
	Config   Config
	Now      time.Time // the workspace's clock: expiry counts from it
	Version  string    // of the program
	Demand   *demand.Survey
	Sites    []Site
	Placed   []Placed // orders on their way that no stock count knows, by decision
	Moved    []Placed // transfers on their way, likewise
	Warnings []messages.Message
	Law      Law
	Moves    Moves // of whole markets, beside the orders

	Overrides []Override // what people expect in place of the model, in the order of its making

	advice  map[Site]Advice // of learned policies
	advised string          // stands for all of it

	leads leadTimes // that deliveries tell

	configHash string
}

// Site is a SKU at a location: what an order is placed for.
type Site struct {
	SKU      commerce.SKU
	Location commerce.Location
}

// NewSurvey surveys a snapshot, with the orders that were placed before. Sites are the SKUs whose stock somebody counted, at the
// locations where they were counted; what sells without a count becomes a warning.
func NewSurvey(s *commerce.Snapshot, c Config, now time.Time, version string, placed []Placed) *Survey {
	c = c.withDefaults()
	v := &Survey{Snapshot: s, Config: c, Now: now, Version: version, Placed: underWay(s, placed), leads: leadTimesOf(s, "", c.Closures...), configHash: c.hash()}
	v.Demand = demand.NewSurvey(s)
	v.Sites = sites(s)
	uncounted := 0
	for _, sku := range s.SKUs() {
		if len(s.StocksOf(sku)) == 0 {
			uncounted++
		}
	}
	if uncounted > 0 {
		v.Warnings = append(v.Warnings, messages.M("plan.uncounted", messages.A("n", uncounted)))
	}
	if n, first := untaught(s); n > 0 {
		v.Warnings = append(v.Warnings, messages.M("plan.untaught", messages.A("n", n), messages.A("sku", string(first.SKU)), messages.A("supplier", string(first.Supplier))))
	}
	return v
}

func sites(s *commerce.Snapshot) []Site {
	list := make([]Site, len(s.Stocks)) // one a SKU and location, sorted
	for i, st := range s.Stocks {
		list[i] = Site{st.SKU, st.Location}
	}
	return list
}

// seed derives the seed of one purpose at one site: nothing else decides a random draw.
func (v *Survey) seed(site Site, purpose string) uint64 {
	h := sha256.New()
	for _, part := range []string{v.Snapshot.Hash, string(site.SKU), string(site.Location), purpose} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	var seed [8]byte
	binary.LittleEndian.PutUint64(seed[:], v.Config.Seed)
	h.Write(seed[:])
	return binary.LittleEndian.Uint64(h.Sum(nil))
}

func (v *Survey) run(model string) decision.Run {
	return decision.Run{Snapshot: v.Snapshot.Hash, Config: v.configHash, Seed: v.Config.Seed, Version: v.Version, Model: model, Placed: v.placedIDs(), Overrides: v.overriddenBy(), Rules: v.Law.Name(), Learned: v.advised}
}

// Hash names the settings that a plan depends on, defaults filled in: decision.Run.Config
// of what it proposes.
func (c Config) Hash() string { return c.withDefaults().hash() }

func (c Config) withDefaults() Config {
	orInt := func(field *int, d int) {
		if *field == 0 {
			*field = d
		}
	}
	orInt(&c.MaxCycle, 56)
	orInt(&c.Review, 7)
	orInt(&c.Attention, 200)
	orInt(&c.Scenarios, 512)
	if c.HoldingRate == 0 {
		c.HoldingRate, c.assumesHolding = 0.25, true
	}
	if c.MinGain == "" {
		c.MinGain = "1"
	}
	if c.Seed == 0 {
		c.Seed = 1
	}
	c.Prices = c.Prices.withDefaults()
	return c
}

// hash covers every setting that a plan depends on, defaults filled in.
func (c Config) hash() string {
	data, err := json.Marshal(c)
	if err != nil {
		panic("plan: settings cannot be written: " + err.Error())
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// weight returns the share of a market's demand that a location serves: all of it, or an
// equal share where several locations that stock the SKU serve the market.
func weight(s *commerce.Snapshot, site Site, m commerce.Market) float64 {
	if !s.Serves(site.Location, m) {
		return 0
	}
	n := 0
	for _, st := range s.StocksOf(site.SKU) {
		if s.Serves(st.Location, m) {
			n++
		}
	}
	return 1 / math.Max(1, float64(n))
}
