package automation

import (
	"math"
	"regexp"
	"slices"

	"tradewind/calendar"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/money"
)

// Day is a day of the workspace.
type Day = calendar.Day

// Mandate is a granted mandate and how far its policy has climbed.
type Mandate struct {
	ID decision.ID `json:"id"`
	decision.GrantMandate
	Level Level `json:"level"`
}

// The limits of a mandate, as verdicts name them.
const (
	NoMandate      Name = "mandate_none"
	MandateKinds   Name = "mandate_kinds"
	MandateCash    Name = "mandate_cash"
	MandateDayCash Name = "mandate_day_cash"
	MandateStep    Name = "mandate_step"
	MandateUntil   Name = "mandate_until"
	MandateLevel   Name = "mandate_level"
	MandateBroken  Name = "mandate_broken"
)

// LongestMandate is how many days a mandate may reach ahead: what ends in a hundred years
// does not end.
const LongestMandate = 366

// policyForm is what a policy may be called: its name stands in logs and on command lines.
var policyForm = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// CheckPolicy refuses what cannot be the name of a policy.
func CheckPolicy(name string) error {
	if !policyForm.MatchString(name) {
		return fault.New(fault.Invalid, "E-MANDATE-POLICY", fault.A("policy", name))
	}
	return nil
}

// CheckMandate refuses a mandate that is none: without a policy, kinds, limits or an end,
// or with an end that has passed. today is the day in the workspace, c its currency.
func CheckMandate(g decision.GrantMandate, c money.Currency, today Day) error {
	if err := checkMandate(g, c, today); err != nil {
		return err
	}
	if slices.ContainsFunc(g.Kinds, ChangesPrice) && g.MaxStep == 0 {
		return badLimit("max_step", number(g.MaxStep))
	}
	return nil
}

// checkMandate leaves out the one rule that a narrower mandate may keep and a wider one
// break: prices are mandated and may not move. It denies them anyway.
func checkMandate(g decision.GrantMandate, c money.Currency, today Day) error {
	if err := CheckPolicy(g.Policy); err != nil {
		return err
	}
	if len(g.Kinds) == 0 {
		return fault.New(fault.Invalid, "E-MANDATE-KINDS", fault.A("kinds", writtenKinds(Automatable)))
	}
	for _, k := range g.Kinds {
		if !slices.Contains(Automatable, k) {
			return fault.New(fault.Invalid, "E-MANDATE-KIND", fault.A("kind", string(k)), fault.A("kinds", writtenKinds(Automatable)))
		}
	}
	for _, limit := range []struct {
		name   string
		amount money.Amount
	}{{"max_cash", g.MaxCash}, {"day_cash", g.DayCash}} {
		if limit.amount.Sign() <= 0 || limit.amount.Currency() != c {
			return badLimit(limit.name, limit.amount.Decimal())
		}
	}
	if !(g.MaxStep >= 0 && g.MaxStep <= 1) {
		return badLimit("max_step", number(g.MaxStep))
	}
	if g.Until.Before(today) || g.Until.Sub(today) > LongestMandate {
		return fault.New(fault.Invalid, "E-MANDATE-END", fault.A("until", untilText(g.Until)), fault.A("today", today), fault.A("most", LongestMandate))
	}
	return nil
}

func badLimit(name, value string) error {
	return fault.New(fault.Invalid, "E-MANDATE-LIMIT", fault.A("limit", name), fault.A("value", value))
}

// untilText leaves a day that nobody gave unsaid.
func untilText(d Day) string {
	if d == (Day{}) {
		return "—"
	}
	return d.String()
}

// Stake is the most that a mandate may commit until its end: the limit of a day, every day
// that is left. It saturates.
func Stake(g decision.GrantMandate, today Day) money.Amount {
	days := int64(max(0, g.Until.Sub(today)+1))
	if a, err := g.DayCash.Times(days); err == nil {
		return a
	}
	return money.FromE4(math.MaxInt64, g.DayCash.Currency())
}

// test says what of a mandate speaks against a candidate, nil for nothing, and whether the
// mandate names its kind at all. day is the cash of the day under the mandate, the
// candidate's own included.
func (m *Mandate) test(c *Candidate, s *Situation, day int64) (against []Verdict, names bool) {
	add := func(name Name, limit, value string) {
		against = append(against, Verdict{Name: name, Limit: limit, Value: value})
	}
	names = slices.Contains(m.Kinds, c.Kind)
	switch err := checkMandate(m.GrantMandate, s.Currency, s.Day); {
	case m.Until.Before(s.Day):
		add(MandateUntil, untilText(m.Until), s.Day.String())
	case err != nil:
		add(MandateBroken, m.Policy, fault.Of(err).Code)
	}
	if !m.Level.Acts() {
		add(MandateLevel, string(Act), string(m.Level))
	}
	if !names {
		add(MandateKinds, writtenKinds(m.Kinds), string(c.Kind))
	}
	if !within(&m.MaxCash, c.Cash) {
		add(MandateCash, m.MaxCash.Decimal(), c.Cash.Decimal())
	}
	if total := money.FromE4(day, s.Currency); c.cash() > 0 && !within(&m.DayCash, total) {
		add(MandateDayCash, m.DayCash.Decimal(), total.Decimal())
	}
	if value, step := measured(c.Step, m.MaxStep, shareDigits); ChangesPrice(c.Kind) && !(step <= m.MaxStep) {
		add(MandateStep, number(m.MaxStep), value)
	}
	return against, names
}
