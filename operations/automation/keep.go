package automation

import (
	"errors"
	"math"

	"tradewind/simulate"
)

// Kept is what was learned of an item, as data: all that it takes to act by it again, to the
// bit.
type Kept struct {
	Form      simulate.ShopForm `json:"form"`
	Settings  Settings          `json:"settings"`        // of the classical policy
	Moves     []byte            `json:"moves,omitempty"` // action by state; none where no residual was chosen
	Only      Part              `json:"only"`
	Gain      float64           `json:"gain"`
	Advantage Comparison        `json:"advantage"`
	Curve     []Comparison      `json:"curve"`
	Effort    Effort            `json:"effort"`
}

// Keep turns what was learned in an arena into data.
func (l *Learned) Keep(a *Arena, e Effort) *Kept {
	c := l.Classical
	k := &Kept{Form: *a.Form, Settings: c.Settings, Only: l.Only, Gain: l.Gain, Advantage: l.Advantage, Curve: l.Curve, Effort: e.withDefaults()}
	if l.Residual != nil {
		k.Moves = l.Residual.Moves
	}
	return k
}

// Learned makes the policies again, for paths of some periods of a form, which need not be
// the one that was learned on: facts go on. Data that are not Sound are an error.
func (k *Kept) Learned(form *simulate.ShopForm, periods int) (*Learned, error) {
	if !k.Sound() {
		return nil, errUnsound
	}
	if err := form.Check(); err != nil {
		return nil, err
	}
	c := NewClassical(form, periods)
	c.Settings = k.Settings
	l := &Learned{Classical: c, Only: k.Only, Gain: k.Gain, Advantage: k.Advantage, Curve: k.Curve}
	if len(k.Moves) > 0 {
		l.Residual = &Residual{c, k.Moves}
	}
	return l, nil
}

// errUnsound is for whoever did not ask whether what was kept is Sound.
var errUnsound = errors.New("what was kept of a policy is not sound")

// Sound reports whether this version of the program can act by what was kept: one with
// another table, or with other settings, learned something else.
func (k *Kept) Sound() bool {
	wrong := len(k.Moves) != 0 && len(k.Moves) != States || k.Settings.Cover < 1 || k.Settings.Cover > mostCover || !(k.Settings.Safety > -10 && k.Settings.Safety < 10) || !(k.Settings.Markup > 0 && k.Settings.Markup < 10)
	wrong = wrong || k.Settings.Early < 0 || k.Settings.Early > mostEarly || k.Settings.Clearance < 0 || k.Settings.Clearance > mostClearance
	for _, tilt := range k.Settings.Tilts {
		wrong = wrong || !(math.Abs(tilt.Price) <= mostTilt && math.Abs(tilt.Target) <= mostTilt)
	}
	for _, move := range k.Moves {
		wrong = wrong || int(move) >= Actions
	}
	return !wrong
}

// mostClearance is more periods than any policy begins to sell off before the end of a season.
const mostClearance = 52

// Advice is what the policies would do now.
type Advice struct {
	Classical simulate.Act // price and order of the classical policy
	Learned   simulate.Act
	Price     float64 // multiple of the classical price, held within the form's prices
	Target    float64 // multiple of what the classical policy orders up to
	State     int     // of the table
}

// Advise asks for what to do in period 0, on what a seller sees.
func (l *Learned) Advise(st *simulate.ShopState, x *simulate.Filter, cost float64) Advice {
	v := l.Classical.Look(0, st, x, cost)
	d := Advice{Classical: v.Act(1, 1), Price: 1, Target: 1, State: StateOf(st, v, x.Regime())}
	if l.Residual != nil {
		d.Price, d.Target = Multipliers(int(l.Residual.Moves[d.State]))
	}
	d.Learned = v.Act(d.Price, d.Target)
	f := l.Classical.form
	d.Price = f.Legal(d.Learned.Price) / f.Legal(v.Price) // a price that is held stays
	return d
}
