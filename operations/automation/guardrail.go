package automation

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// Name names a guardrail.
type Name string

const (
	DecisionCash  Name = "decision_cash"
	DayCash       Name = "day_cash"
	PriceStep     Name = "price_step"
	Margin        Name = "margin"
	PriceChanges  Name = "day_price_changes"
	CoverDays     Name = "cover_days"
	AssumedInputs Name = "assumed_inputs"
	Loss          Name = "loss"
	Kinds         Name = "kinds"

	// TwoPeople is no guardrail that anybody sets: above an amount decisions need two people,
	// and no policy stands for one of them.
	TwoPeople Name = "two_people"
)

// Unit says how the limit of a guardrail is written.
type Unit string

const (
	Money     Unit = "money" // a plain decimal in the reporting currency
	Share     Unit = "share" // of a price: .1 is a tenth
	Count     Unit = "count"
	Days      Unit = "days"
	KindNames Unit = "kinds" // with spaces between them
)

// Guardrail is a limit that no policy passes, whatever its mandate says.
type Guardrail struct {
	Name    Name
	Unit    Unit
	Default string // "" is none: the limit of the mandate alone
	People  bool   // where the team set it, it holds for people too: outside, two of them have to agree

	read    func(l *Limits, text string, c money.Currency) bool
	written func(l *Limits) string
}

// Meaning says what a guardrail limits.
func (g Guardrail) Meaning() messages.Message {
	return messages.M("automation.guardrail." + string(g.Name))
}

// Form says how its limit is written.
func (g Guardrail) Form() messages.Message { return messages.M("automation.unit." + string(g.Unit)) }

// Guardrails lists every guardrail, in the order in which people read them.
var Guardrails = []Guardrail{
	{Name: DecisionCash, Unit: Money, People: true,
		read:    func(l *Limits, text string, c money.Currency) bool { return readMoney(&l.DecisionCash, text, c) },
		written: func(l *Limits) string { return writtenMoney(l.DecisionCash) }},
	{Name: DayCash, Unit: Money,
		read:    func(l *Limits, text string, c money.Currency) bool { return readMoney(&l.DayCash, text, c) },
		written: func(l *Limits) string { return writtenMoney(l.DayCash) }},
	{Name: PriceStep, Unit: Share, Default: "0.1", People: true,
		read:    func(l *Limits, text string, _ money.Currency) bool { return readNumber(&l.PriceStep, text, 0, 1) },
		written: func(l *Limits) string { return number(l.PriceStep) }},
	{Name: Margin, Unit: Share, Default: "0", People: true,
		read:    func(l *Limits, text string, _ money.Currency) bool { return readNumber(&l.Margin, text, -1, 1) },
		written: func(l *Limits) string { return number(l.Margin) }},
	{Name: PriceChanges, Unit: Count, Default: "20",
		read:    func(l *Limits, text string, _ money.Currency) bool { return readCount(&l.PriceChanges, text) },
		written: func(l *Limits) string { return strconv.Itoa(l.PriceChanges) }},
	{Name: CoverDays, Unit: Days, Default: "90", People: true,
		read:    func(l *Limits, text string, _ money.Currency) bool { return readNumber(&l.CoverDays, text, 0, 3650) },
		written: func(l *Limits) string { return number(l.CoverDays) }},
	{Name: AssumedInputs, Unit: Count, Default: "0", People: true,
		read:    func(l *Limits, text string, _ money.Currency) bool { return readCount(&l.Assumed, text) },
		written: func(l *Limits) string { return strconv.Itoa(l.Assumed) }},
	{Name: Loss, Unit: Money, Default: "0", People: true,
		read: func(l *Limits, text string, c money.Currency) bool {
			return readMoney(&l.Loss, text, c) && l.Loss != nil
		},
		written: func(l *Limits) string { return writtenMoney(l.Loss) }},
	{Name: Kinds, Unit: KindNames, Default: "reorder set_price",
		read:    func(l *Limits, text string, _ money.Currency) bool { return readKinds(&l.Kinds, text) },
		written: func(l *Limits) string { return writtenKinds(l.Kinds) }},
}

// GuardrailOf finds a guardrail by its name; fault.NotFound names those there are.
func GuardrailOf(name Name) (Guardrail, error) {
	i := slices.IndexFunc(Guardrails, func(g Guardrail) bool { return g.Name == name })
	if i < 0 {
		names := make([]string, len(Guardrails))
		for i, g := range Guardrails {
			names[i] = string(g.Name)
		}
		return Guardrail{}, fault.New(fault.NotFound, "E-GUARDRAIL-NAME", fault.A("name", string(name)), fault.A("names", strings.Join(names, ", ")))
	}
	return Guardrails[i], nil
}

// Limits are the values of all guardrails.
type Limits struct {
	DecisionCash *money.Amount   `json:"decision_cash"` // nil: that of the mandate
	DayCash      *money.Amount   `json:"day_cash"`      // likewise
	PriceStep    float64         `json:"price_step"`
	Margin       float64         `json:"margin"`
	PriceChanges int             `json:"day_price_changes"`
	CoverDays    float64         `json:"cover_days"`
	Assumed      int             `json:"assumed_inputs"`
	Loss         *money.Amount   `json:"loss"` // nil counts as nothing
	Kinds        []decision.Kind `json:"kinds"`

	TwoPeople *money.Amount `json:"two_people"` // decisions that commit or risk more need two people; nil: none does
}

// ReadLimits reads the limits that somebody set over the defaults. A limit that is not of
// its guardrail's form is fault.Invalid.
func ReadLimits(set map[Name]string, c money.Currency) (Limits, error) {
	var l Limits
	for _, g := range Guardrails {
		if err := l.Set(g, g.Default, c); err != nil {
			return l, err
		}
	}
	for name, text := range set {
		g, err := GuardrailOf(name)
		if err == nil {
			err = l.Set(g, text, c)
		}
		if err != nil {
			return l, err
		}
	}
	return l, nil
}

// Set sets one limit.
func (l *Limits) Set(g Guardrail, text string, c money.Currency) error {
	if !g.read(l, strings.TrimSpace(text), c) {
		return fault.New(fault.Invalid, "E-GUARDRAIL-VALUE", fault.A("name", string(g.Name)), fault.A("value", text), fault.A("unit", g.Form()))
	}
	return nil
}

// Text writes the limit of a guardrail in its canonical form; "" is none.
func (l *Limits) Text(g Guardrail) string { return g.written(l) }

// Verdict is what a guardrail, or a limit of a mandate, says of a candidate.
type Verdict struct {
	Name  Name   `json:"name"`
	Limit string `json:"limit"`
	Value string `json:"value"` // "" is not known
	Holds bool   `json:"holds"`
}

// Message says a verdict in words.
func (v Verdict) Message() messages.Message {
	code := "automation.verdict." + string(v.Name)
	if v.Value == "" {
		code = "automation.verdict.unknown"
	}
	return messages.M(code, messages.A("name", messages.M("automation.guardrail."+string(v.Name))), messages.A("limit", v.inWords(v.Limit)), messages.A("value", v.inWords(v.Value)))
}

// inWords says a limit or value as people call it: kinds and levels have names.
func (v Verdict) inWords(text string) any {
	switch v.Name {
	case Kinds, NoMandate, MandateKinds:
		var kinds []decision.Kind
		for word := range strings.FieldsSeq(text) {
			kinds = append(kinds, decision.Kind(word))
		}
		return KindsInWords(kinds)
	case MandateLevel:
		return messages.M("automation.level." + text)
	}
	return text
}

// KindsInWords names kinds of decisions as people read them.
func KindsInWords(kinds []decision.Kind) messages.Both {
	in := func(lang messages.Language, between string) string {
		words := make([]string, len(kinds))
		for i, k := range kinds {
			words[i] = k.Name().In(lang)
		}
		return strings.Join(words, between)
	}
	return messages.Both{EN: in(messages.English, ", "), ZH: in(messages.Chinese, "、")}
}

// Test judges a candidate by the guardrails that apply to it; used is what the day has
// seen before.
func Test(c Candidate, l Limits, used Used) []Verdict {
	used.Cash = saturated(used.Cash, c.cash())
	if ChangesPrice(c.Kind) {
		used.PriceChanges++
	}
	return l.test(&c, used)
}

// test is Test with the candidate counted already.
func (l *Limits) test(c *Candidate, used Used) []Verdict {
	list := []Verdict{{Kinds, writtenKinds(l.Kinds), string(c.Kind), slices.Contains(l.Kinds, c.Kind)}}
	add := func(name Name, limit, value string, holds bool) {
		list = append(list, Verdict{name, limit, value, holds})
	}
	if l.DecisionCash != nil {
		add(DecisionCash, writtenMoney(l.DecisionCash), c.Cash.Decimal(), within(l.DecisionCash, c.Cash))
	}
	if l.TwoPeople != nil {
		stake := c.Stake()
		add(TwoPeople, writtenMoney(l.TwoPeople), stake.Decimal(), within(l.TwoPeople, stake))
	}
	if l.DayCash != nil {
		day := money.FromE4(used.Cash, c.Cash.Currency())
		add(DayCash, writtenMoney(l.DayCash), day.Decimal(), c.cash() == 0 || within(l.DayCash, day))
	}
	if ChangesPrice(c.Kind) {
		value, step := measured(c.Step, l.PriceStep, shareDigits)
		add(PriceStep, number(l.PriceStep), value, step <= l.PriceStep)
		add(PriceChanges, strconv.Itoa(l.PriceChanges), strconv.Itoa(used.PriceChanges), used.PriceChanges <= l.PriceChanges)
	}
	if ChangesPrice(c.Kind) || c.Kind == decision.KindReorder {
		value, margin := measured(c.Exposure.Margin, l.Margin, shareDigits)
		add(Margin, number(l.Margin), value, margin >= l.Margin)
	}
	if c.Kind == decision.KindReorder {
		value, cover := measured(c.Exposure.Cover, l.CoverDays, dayDigits)
		add(CoverDays, number(l.CoverDays), value, cover <= l.CoverDays)
	}
	add(AssumedInputs, strconv.Itoa(l.Assumed), strconv.Itoa(c.Assumed), c.Assumed <= l.Assumed)
	least := money.FromE4(0, c.Worst.Currency())
	if l.Loss != nil {
		least = *l.Loss
	}
	add(Loss, least.Decimal(), c.Worst.Decimal(), within(&least, money.FromE4(c.loss(), c.Worst.Currency())))
	return list
}

// within reports whether an amount is known to be no more than a limit.
func within(limit *money.Amount, a money.Amount) bool {
	return limit.Currency() == a.Currency() && a.Cmp(*limit) <= 0
}

// The decimals with which people read shares and days.
const (
	shareDigits = 4
	dayDigits   = 1
)

// measured writes a number for people, in full only where rounding would put it on the
// other side of its limit; one that is not known is NaN, which passes no limit.
func measured(x *float64, limit float64, digits int) (string, float64) {
	if x == nil || math.IsNaN(*x) {
		return "", math.NaN()
	}
	unit := math.Pow10(digits)
	if short := math.Round(*x*unit) / unit; cmp.Compare(short, limit) == cmp.Compare(*x, limit) {
		return number(short + 0), *x
	}
	return number(*x), *x
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func readNumber(into *float64, text string, least, most float64) bool {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || !(x >= least && x <= most) {
		return false
	}
	*into = x + 0 // -0 is written as 0
	return true
}

const mostCount = 1_000_000

func readCount(into *int, text string) bool {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > mostCount {
		return false
	}
	*into = n
	return true
}

func readMoney(into **money.Amount, text string, c money.Currency) bool {
	if text == "" {
		*into = nil
		return true
	}
	a, err := money.Parse(text, c)
	if err != nil || a.Sign() < 0 {
		return false
	}
	*into = &a
	return true
}

func writtenMoney(a *money.Amount) string {
	if a == nil {
		return ""
	}
	return a.Decimal()
}

func readKinds(into *[]decision.Kind, text string) bool {
	kinds := []decision.Kind{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' }) {
		k := decision.Kind(word)
		if !slices.Contains(Automatable, k) {
			return false
		}
		if !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
	}
	*into = kinds
	return true
}

func writtenKinds(kinds []decision.Kind) string {
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = string(k)
	}
	return strings.Join(words, " ")
}
