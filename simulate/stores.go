// Package simulate holds made-up worlds in which a method can be measured, because their
// truth is known: equations, ranges and seeds are those of docs/worlds.md.
//
// It makes facts and plays weeks, and knows no method. Stores are wholly made up. A Shop is
// one item by the numbers of a ShopForm, which may be a real item's: Fitted and Calibrate
// hold those against its own past. Before it come commerce, market and the random variables;
// a discipline that learns plays in shops, the others leave it to their benchmarks.
package simulate

import (
	"math/rand/v2"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/money"
)

// StoreForm says which stores are made. The zero value is the documented world.
type StoreForm struct {
	SKUs      int  // 0 is 120
	Weeks     int  // of history; 0 is 104
	Horizon   int  // weeks that can be played after it; 0 is 52
	Spillover bool // more promotions, and neighbours that feel them: the world for promotions
}

// Stores is a seller's shop with its past, and weeks to come. Items are numbered in the
// order of a snapshot's items. It is not safe for concurrent use while weeks are played.
type Stores struct {
	form     StoreForm
	seed     uint64
	items    []*item
	feeling  [][]influence // by item: whose promotions move it
	currency []currency
	skus     []product
	weeks    int // decided so far: history and played
}

// influence is how one item's uplift reaches another's log demand.
type influence struct {
	from   int
	effect float64 // positive is halo, negative is cannibalisation
}

// Kind says how an item's price is made, and so what can be learnt from it.
type Kind uint8

const (
	Identified     Kind = iota
	OnePrice            // the price never moves
	PromotionsOnly      // the regular price never moves
	Steady              // it moves by less than tells anything
	FewWeeks            // on sale since a short time
	News                // set on news of demand that no file holds
)

var kindNames = [...]string{"identified", "one price", "promotions only", "steady", "few weeks", "news"}

func (k Kind) String() string { return kindNames[k] }

// Truth is what no file says about an item.
type Truth struct {
	Kind       Kind
	Identified bool    // the elasticity can be known from the history
	Elasticity float64 // of demand to the regular price
	Cross      float64 // to the rival's price
	Base       float64 // units in an average week at the reference price
	Size       float64 // of the negative binomial
	Reference  float64 // price in the market's currency
	Depth      float64 // log uplift for the whole price off
	Feature    float64 // log uplift of a feature
	Category   float64 // mean elasticity of the category
}

// NewStores makes the stores of a seed and their history.
func NewStores(form StoreForm, seed uint64) *Stores {
	if form.SKUs == 0 {
		form.SKUs = 120
	}
	if form.Weeks == 0 {
		form.Weeks = 104
	}
	if form.Horizon == 0 {
		form.Horizon = 52
	}
	if form.SKUs < 0 || form.Weeks < 0 || form.Horizon < 0 {
		panic("simulate: a form has no negative numbers")
	}
	s := &Stores{form: form, seed: seed}
	s.drawCurrencies()
	categories := s.drawCategories()
	s.drawItems(categories)
	s.drawNeighbours()
	s.runHistory()
	return s
}

// Len returns the number of items.
func (s *Stores) Len() int { return len(s.items) }

// Weeks returns how many weeks are over: those of the history and those played.
func (s *Stores) Weeks() int { return s.weeks }

// History returns how many weeks the manager decided.
func (s *Stores) History() int { return s.form.Weeks }

// Truth returns what no file says about item i.
func (s *Stores) Truth(i int) Truth {
	it := s.items[i]
	return Truth{
		Kind: it.kind, Identified: it.kind == Identified,
		Elasticity: it.elasticity, Cross: it.cross, Base: it.base, Size: it.size,
		Reference: it.reference, Depth: it.depthEffect, Feature: it.featureEffect,
		Category: categoryElasticity[it.category],
	}
}

// Spill returns by how much item i's log demand moves for one unit of log uplift of item
// from: positive is halo, negative cannibalisation.
func (s *Stores) Spill(from, i int) float64 {
	for _, f := range s.feeling[i] {
		if f.from == from {
			return f.effect
		}
	}
	return 0
}

// Clone returns stores that go on from the same week and can be played another way.
func (s *Stores) Clone() *Stores {
	c := *s
	c.items = make([]*item, len(s.items))
	for i, it := range s.items {
		c.items[i] = it.clone()
	}
	return &c
}

// Monday returns the first day of a week.
func (s *Stores) Monday(week int) calendar.Day { return firstMonday.AddDays(7 * week) }

// firstMonday is 2023-01-02.
var firstMonday = calendar.FromOrdinal(19359)

// last is the number of weeks that there are at most.
func (s *Stores) last() int { return s.form.Weeks + s.form.Horizon }

// Each thing that is drawn has a generator of its own, so that a change to one draws no
// other anew.
const (
	ofCurrencies uint64 = iota + 1
	ofCategories
	ofTrade
	ofSeasons
	ofFreight
	ofProducts
	ofItems
	ofKinds
	ofNeighbours
	ofDemand
	ofRivals
	ofManager
	ofDays
)

// chance returns the generator of a purpose and an index.
func (s *Stores) chance(purpose uint64, index int) *rand.Rand {
	return rand.New(rand.NewPCG(s.seed, purpose<<40|uint64(index)))
}

// place is a market of the world.
type place struct {
	market   commerce.Market
	currency money.Currency
	handling float64 // of a parcel, euro
}

var places = []place{{"DE", "EUR", 3.2}, {"FR", "EUR", 3.8}, {"GB", "GBP", 4.4}, {"US", "USD", 6.5}}

const (
	reporting money.Currency   = "EUR"
	channel   commerce.Channel = "web"
	kept                       = .97 // of the price, after payment
)
