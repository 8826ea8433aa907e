package console

import (
	"net/http"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

// testedShown are the decisions that a test of limits lists; the CSV has them all.
const testedShown = 60

// guardrailPage is the limits that no policy passes, and what others would do.
type guardrailPage struct {
	Limits []tradewind.GuardrailView
	May    map[string]string
	Test   *tradewind.GuardrailTest // nil: nobody asked
	Rows   []tradewind.TestedView   // the first of the test
	Asked  map[string]string        // limits as they stand in the form, by name
	CSV    string
	Set    setForm
	Failed *problemView
}

// setForm is a limit as it is being set.
type setForm struct{ Name, Value, Note string }

func (c *Console) guardrailsPage(r *http.Request) (*view, error) {
	return c.guardrails(r, setForm{}, nil)
}

// guardrails shows the limits; the address may name others, which are then tested.
func (c *Console) guardrails(r *http.Request, form setForm, wrong error) (*view, error) {
	limits, err := c.engine.Guardrails(r.Context())
	if err != nil {
		return nil, err
	}
	p := guardrailPage{Limits: limits, Set: form, Asked: map[string]string{}, CSV: with("/guardrails/test.csv?"+r.URL.RawQuery, "did", "", "n", "")}
	if p.May, err = c.barriers(r, tradewind.MayGuardrail); err != nil {
		return nil, err
	}
	for _, g := range limits {
		p.Asked[g.Name] = g.Value
	}
	if asked := r.URL.Query().Has("test"); asked && wrong == nil {
		p.Test, wrong = c.test(r, limits, p.Asked)
		if wrong != nil && fault.KindOf(wrong) == fault.Internal {
			return nil, wrong
		}
	}
	if p.Test != nil {
		p.Rows = p.Test.Decisions[:min(testedShown, len(p.Test.Decisions))]
	}
	v := &view{page: "guardrails", title: c.say(r, "console.guard.title"), section: "automation", data: &p}
	if wrong != nil {
		failed := c.failure(r, wrong)
		problem := failed.data.(problemView)
		p.Failed, v.status = &problem, failed.status
	}
	return v, nil
}

// test asks what the open decisions would do under the limits that the address names. It
// writes them into asked, as the form shows them.
func (c *Console) test(r *http.Request, limits []tradewind.GuardrailView, asked map[string]string) (*tradewind.GuardrailTest, error) {
	changes := map[string]string{}
	query := r.URL.Query()
	for _, g := range limits {
		if !query.Has(g.Name) {
			continue
		}
		value := strings.TrimSpace(query.Get(g.Name))
		if asked[g.Name] = value; value != g.Value {
			changes[g.Name] = value
		}
	}
	return c.engine.TestGuardrails(r.Context(), changes)
}

func (c *Console) setGuardrail(r *http.Request) (*view, error) {
	sent, err := formOf(r)
	if err != nil {
		return nil, err
	}
	form := setForm{sent.Get("name"), strings.TrimSpace(sent.Get("value")), strings.TrimSpace(sent.Get("note"))}
	_, err = c.engine.SetGuardrail(r.Context(), form.Name, form.Value, c.actorOf(r), form.Note)
	if err != nil && fault.KindOf(err) != fault.Internal {
		return c.guardrails(r, form, err)
	}
	if err != nil {
		return nil, err
	}
	return seeOther("/guardrails?did=guardrail"), nil
}

func (c *Console) guardrailsCSV(r *http.Request) (*view, error) {
	limits, err := c.engine.Guardrails(r.Context())
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "guardrails", columns: []string{"name", "unit", "value", "default", "set", "meaning", "by", "at", "note"}}
	for _, g := range limits {
		at := cell{}
		if g.At != nil {
			at = timeCell(*g.At)
		}
		s.add(textCell(g.Name), textCell(g.Unit), textCell(g.Value), textCell(g.Default), boolCell(g.Set), textCell(g.Meaning.In(lang)), textCell(g.By), at, textCell(g.Note))
	}
	return &view{sheet: s}, nil
}

// testCSV has a row for each decision that the test judged.
func (c *Console) testCSV(r *http.Request) (*view, error) {
	limits, err := c.engine.Guardrails(r.Context())
	if err != nil {
		return nil, err
	}
	test, err := c.test(r, limits, map[string]string{})
	if err != nil {
		return nil, err
	}
	lang := c.languageOf(r)
	s := &sheet{file: "guardrail-test", columns: []string{"decision", "kind", "sku", "cash", "currency", "within_now", "within", "mandate", "fails", "reason"}}
	for _, d := range test.Decisions {
		var fails, why []string
		for _, v := range d.Verdicts {
			if !v.Holds {
				fails, why = append(fails, v.Name), append(why, v.Text.In(lang))
			}
		}
		s.add(textCell(d.Decision.ID), textCell(d.Decision.Kind), textCell(d.Decision.Subject.SKU), amountCell(d.Decision.Cash), currencyCell(d.Decision.Cash), boolCell(d.WithinNow), boolCell(d.Within),
			textCell(d.Mandate), textCell(strings.Join(fails, " ")), textCell(strings.Join(why, "; ")))
	}
	return &view{sheet: s}, nil
}

// limitOf says a limit with its unit; a dash where there is none but that of a mandate.
func limitOf(lang messages.Language, unit, value string) string {
	if value == "" {
		return "–"
	}
	switch unit {
	case "share":
		if x, err := strconv.ParseFloat(value, 64); err == nil {
			return percent(x)
		}
	case "days":
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			return messages.Text(lang, "console.days", messages.A("n", int(n)))
		}
	case "kinds":
		var names []string
		for k := range strings.FieldsSeq(value) {
			names = append(names, decision.Kind(k).Name().In(lang))
		}
		return strings.Join(names, ", ")
	}
	return messages.Grouped(value)
}
