package market

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/language"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// check holds a pack against the tables and the form. It stops at the first thing that is
// wrong, in the order of the file.
func (d *document) check(p *Pack) error {
	for _, step := range []func(*Pack) error{d.checkPlace, d.checkLanguages, d.checkMoney, d.checkCustoms, d.checkEvents, d.checkTexts, d.checkSources} {
		if err := step(p); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) checkPlace(p *Pack) error {
	if p.Market == "" {
		return d.missing("market")
	}
	t, ok := TerritoryOf(p.Market)
	if !ok {
		return d.wrong("market", fault.New(fault.Invalid, "E-MARKET-CODE", fault.A("value", string(p.Market))))
	}
	p.Territory = t
	return nil
}

func (d *document) checkLanguages(p *Pack) error {
	if len(p.ListingLanguages) == 0 {
		return d.missing("languages")
	}
	for i, tag := range p.ListingLanguages {
		if err := p.checkLanguage(tag); err != nil {
			return d.wrong(fmt.Sprintf("languages[%d]", i), err)
		}
	}
	return nil
}

func (p *Pack) checkLanguage(tag string) error {
	parsed, err := language.Parse(tag)
	base, _, _ := parsed.Raw()
	written := scriptsOf()[base.String()]
	if err != nil || len(written) == 0 {
		return fault.New(fault.Invalid, "E-MARKET-LOCALE", fault.A("value", tag))
	}
	if script, _ := parsed.Script(); strings.Contains(tag, "-"+script.String()) && !slices.Contains(written, script.String()) {
		return fault.New(fault.Invalid, "E-MARKET-SCRIPT", fault.A("value", tag), fault.A("scripts", strings.Join(written, ", ")))
	}
	if _, ok := p.Reads(tag); !ok {
		var read []string
		for _, l := range p.Territory.Languages {
			read = append(read, l.Tag)
		}
		return fault.New(fault.Invalid, "E-MARKET-LANGUAGE", fault.A("value", tag), fault.A("market", string(p.Market)), fault.A("languages", strings.Join(read, ", ")))
	}
	return nil
}

// scriptsOf are the scripts in which the tables write each language anywhere.
func scriptsOf() map[string][]string {
	all := map[string][]string{}
	for _, t := range territories() {
		for _, l := range t.Languages {
			if base := baseOf(l.Tag); !slices.Contains(all[base], l.Script) {
				all[base] = append(all[base], l.Script)
			}
		}
	}
	for _, scripts := range maps.All(all) {
		slices.Sort(scripts)
	}
	return all
}

func (d *document) checkMoney(p *Pack) error {
	if p.Tender == "" {
		return d.missing("currency")
	}
	if _, err := Currency(string(p.Tender)); err != nil {
		return d.wrong("currency", err)
	}
	if p.Tender != p.Territory.Currency {
		return d.wrong("currency", fault.New(fault.Invalid, "E-MARKET-TENDER", fault.A("value", string(p.Tender)),
			fault.A("market", string(p.Market)), fault.A("tender", string(p.Territory.Currency))))
	}
	for i, text := range p.Prices.Endings {
		if e, err := parseEnding(text, p.Tender); err != nil || e.Value.Sign() < 0 || e.Value.Round() != e.Value {
			return d.value(fmt.Sprintf("prices.endings[%d]", i), text, "market.want.ending")
		}
	}
	if err := d.evidence("prices", p.Prices.Evidence); err != nil || p.Cash == (Cash{}) {
		return err
	}
	if step, err := money.Parse(p.Cash.Step, p.Tender); err != nil || step.Sign() <= 0 {
		return d.value("cash.step", p.Cash.Step, "market.want.amount")
	}
	return d.evidence("cash", p.Cash.Evidence)
}

func (d *document) checkCustoms(p *Pack) error {
	for _, part := range []struct {
		field    string
		evidence Evidence
	}{{"sizes", p.Sizes.Evidence}, {"power", p.Power.Evidence}, {"payments", p.Payments.Evidence}} {
		if err := d.evidence(part.field, part.evidence); err != nil {
			return err
		}
	}
	total := 0.
	for i, m := range p.Payments.Methods {
		field := fmt.Sprintf("payments.methods[%d]", i)
		if m.Name == "" {
			return d.missing(field + ".name")
		}
		if total += m.Share; m.Share < 0 || total > 1.001 {
			return d.value(field+".share", fmt.Sprint(m.Share), "market.want.share")
		}
		if m.Share > 0 && (m.Year == 0 || p.Payments.Source == "") {
			return d.missing(field + ".year")
		}
	}
	for i, t := range p.Taboos {
		field := fmt.Sprintf("taboos[%d]", i)
		if !slices.Contains(tabooKinds, t.Kind) {
			return d.value(field+".kind", t.Kind, "market.want.taboo")
		}
		if err := d.named(field, t.Name, t.Evidence); err != nil {
			return err
		}
	}
	return nil
}

var tabooKinds = []string{"colour", "number", "symbol", "subject", "gift"}

func (d *document) checkEvents(p *Pack) error {
	for i, key := range p.Festive {
		if _, ok := sharedEvents()[key]; !ok {
			return d.wrong(fmt.Sprintf("events[%d]", i), fault.New(fault.Invalid, "E-MARKET-KEY", fault.A("value", key), fault.A("file", "market/shared/events.yaml")))
		}
	}
	for i, e := range p.Own {
		field := fmt.Sprintf("own_events[%d]", i)
		if e.Key == "" {
			return d.missing(field + ".key")
		}
		if _, err := ParseDateRule(e.Rule); err != nil {
			return d.wrong(field+".rule", err)
		}
		if e.Days < 0 || e.Days > 366 {
			return d.value(field+".days", fmt.Sprint(e.Days), "market.want.days")
		}
		if err := d.named(field, e.Name, e.Evidence); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) checkTexts(p *Pack) error {
	for i, key := range p.Legal {
		if _, ok := sharedTexts()[key]; !ok {
			return d.wrong(fmt.Sprintf("texts[%d]", i), fault.New(fault.Invalid, "E-MARKET-KEY", fault.A("value", key), fault.A("file", "market/shared/texts.yaml")))
		}
	}
	for i, t := range p.OwnTexts {
		field := fmt.Sprintf("own_texts[%d]", i)
		if t.Key == "" {
			return d.missing(field + ".key")
		}
		if t.Place != "listing" && t.Place != "shop" {
			return d.value(field+".place", t.Place, "market.want.place")
		}
		if unknown := commerce.Traits(strings.Join(t.Traits, " ")).Unknown(); unknown != "" {
			return d.value(field+".traits", unknown, "market.want.trait")
		}
		if err := d.named(field, t.Name, t.Evidence); err != nil {
			return err
		}
	}
	return nil
}

func (d *document) checkSources(p *Pack) error {
	if len(p.Sources) == 0 {
		return d.missing("sources")
	}
	for i, s := range p.Sources {
		if s.Title == "" {
			return d.missing(fmt.Sprintf("sources[%d].title", i))
		}
	}
	if p.CheckedOn == (calendar.Day{}) {
		return d.missing("checked_on")
	}
	return nil
}

func (d *document) named(field string, name Text, e Evidence) error {
	if name.EN == "" {
		return d.missing(field + ".name.en")
	}
	if name.ZH == "" {
		return d.missing(field + ".name.zh")
	}
	return d.evidence(field, e)
}

func (d *document) evidence(field string, e Evidence) error {
	if (e.Source == "") == !e.Assumed {
		return d.wrong(field, fault.New(fault.Invalid, "E-MARKET-SOURCE", fault.A("field", field)))
	}
	return nil
}

func (d *document) missing(field string) error {
	return d.wrong(field, fault.New(fault.Invalid, "E-MARKET-MISSING", fault.A("field", field)))
}

func (d *document) value(field, value, want string) error {
	return d.wrong(field, fault.New(fault.Invalid, "E-MARKET-VALUE", fault.A("value", value), fault.A("want", messages.M(want))))
}
