package console

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"tradewind"
	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
)

// overrideForm is the form by which somebody overrides a forecast, as it was filled in.
type overrideForm struct {
	Market        commerce.Market
	From, To      string
	Least, Most   string // days that the form offers
	Factor        bool   // the number is a factor
	Number        string
	Reason        string
	Actor         string
	Open          bool   // somebody filled it in
	Problem, Help string // what is wrong with it, and how to mend that
	wrong         *fault.Error
}

// with fills in what nobody has.
func (o overrideForm) with(f *tradewind.ForecastView, actor string) overrideForm {
	o.Actor = actor
	if o.Market == "" {
		o.Market = f.Item.Market
	}
	if n := len(f.Forecast); n > 0 {
		o.Least, o.Most = f.Forecast[0].Day.String(), f.Forecast[n-1].Day.String()
		if !o.Open {
			o.From, o.To = o.Least, f.Forecast[min(6, n-1)].Day.String()
		}
	}
	return o
}

// override replaces a forecast on some days. What is wrong with the form is said at the
// form.
func (c *Console) override(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	filled := overrideForm{
		Market: commerce.Market(strings.ToUpper(strings.TrimSpace(form.Get("market")))), From: form.Get("from"), To: form.Get("to"),
		Factor: form.Get("how") == "factor", Number: strings.TrimSpace(form.Get("number")), Reason: form.Get("reason"), Open: true,
	}
	request, err := filled.request(commerce.SKU(r.PathValue("sku")), c.actorOf(r))
	if err == nil {
		defer c.lookAway()
		_, err = c.engine.Override(r.Context(), request)
	}
	if err != nil {
		return c.wrongOverride(r, filled, err)
	}
	to := "/skus/" + url.PathEscape(r.PathValue("sku"))
	return done("override", with(to, "market", string(filled.Market)), 1), nil
}

func (o *overrideForm) request(sku commerce.SKU, actor string) (q tradewind.OverrideRequest, err error) {
	q = tradewind.OverrideRequest{SKU: sku, Market: o.Market, Reason: o.Reason, By: actor}
	for _, day := range []struct {
		flag, value string
		into        *calendar.Day
	}{{"--from", o.From, &q.From}, {"--to", o.To, &q.To}} {
		if *day.into, err = calendar.ParseDay(day.value); err != nil {
			return q, fault.From(err, fault.Invalid, "E-OVERRIDE-DAY", fault.A("flag", day.flag), fault.A("value", day.value))
		}
	}
	number, err := strconv.ParseFloat(o.Number, 64)
	if err != nil {
		return q, fault.From(err, fault.Invalid, "E-OVERRIDE-NUMBER", fault.A("value", o.Number))
	}
	if o.Factor {
		q.Factor = &number
	} else {
		q.Units = &number
	}
	return q, nil
}

// wrongOverride shows the page again with what is wrong at the form. A SKU that does not
// exist has no page to show.
func (c *Console) wrongOverride(r *http.Request, filled overrideForm, err error) (*view, error) {
	wrong := fault.Of(err)
	if wrong == nil || wrong.Code == "E-SKU-NOT-FOUND" {
		return nil, err
	}
	m := messages.Of(err)
	filled.wrong, filled.Problem, filled.Help = wrong, m.In(c.languageOf(r)), m.Remedy().In(c.languageOf(r))
	v, failed := c.sku(r, filled.Market, filled)
	if fault.Is(failed, fault.NotFound) { // the market has no sales: the page of all markets
		return c.sku(r, "", filled)
	}
	return v, failed
}

func (c *Console) removeOverride(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	defer c.lookAway()
	if _, err := c.engine.RemoveOverride(r.Context(), form.Get("id"), c.actorOf(r), form.Get("reason")); err != nil {
		return nil, err
	}
	return done("restore", "/skus/"+url.PathEscape(r.PathValue("sku")), 1), nil
}

func overrideSheet(all []tradewind.OverrideView) *sheet {
	s := &sheet{columns: []string{"override", "sku", "market", "from", "to", "units", "factor", "model_units", "model", "by", "at", "reason", "state", "replaced_by",
		"removed_by", "removed_reason", "days_over", "actual", "override_error", "model_error", "better"}}
	for _, o := range all {
		factor, removedBy, removedReason := plainCell(""), plainCell(""), plainCell("")
		if o.Factor != nil {
			factor = floatCell(*o.Factor)
		}
		if o.Removed != nil {
			removedBy, removedReason = textCell(o.Removed.By), textCell(o.Removed.Reason)
		}
		score := [5]cell{}
		if x := o.Score; x != nil {
			score = [5]cell{intCell(x.Days), intCell(x.Actual), floatCell(x.OverrideError), floatCell(x.ModelError), textCell(x.Better)}
		}
		s.add(textCell(o.ID), textCell(o.SKU), textCell(o.Market), plainCell(o.From.String()), plainCell(o.To.String()), floatCell(o.Units), factor, floatCell(o.Expected), textCell(o.Model),
			textCell(o.By), timeCell(o.At), textCell(o.Reason), textCell(o.State), textCell(strings.Join(o.ReplacedBy, " ")), removedBy, removedReason,
			score[0], score[1], score[2], score[3], score[4])
	}
	return s
}
