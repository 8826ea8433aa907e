package console

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tradewind"
	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
)

// approve is bound to what was seen: the form holds the fingerprint of its page.
func (c *Console) approve(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	id := decision.ID(r.PathValue("id"))
	defer c.lookAway()
	d, err := c.engine.Approve(r.Context(), id, form.Get("fingerprint"), c.actorOf(r), strings.TrimSpace(form.Get("note")))
	if fault.Is(err, fault.Stale) {
		return c.stale(r, id, err), nil
	}
	if err != nil {
		return nil, err
	}
	if d.State == decision.Proposed { // another person has to agree
		return done("endorse", backTo(form.Get("back"), id), 1), nil
	}
	return done("approve", backTo(form.Get("back"), id), 1), nil
}

// change is a value that moved after a page was drawn.
type change struct{ Name, Was, Now string }

// stale answers an approval of what is no longer so: the difference, and the way back to
// the decision as it is now.
func (c *Console) stale(r *http.Request, id decision.ID, cause error) *view {
	v := c.failure(r, cause)
	p := v.data.(problemView)
	p.Decide, p.Changes = id, c.changes(r, id, cause)
	v.page, v.data, v.section = "stale", p, "decisions"
	return v
}

// changes reads the difference that the engine names, "key: was → now; …", and gives
// each input the name that the page showed.
func (c *Console) changes(r *http.Request, id decision.ID, cause error) []change {
	e, err := c.engine.Explain(r.Context(), id)
	if err != nil {
		return nil // the engine's sentence still says what changed
	}
	names := map[string]string{}
	for _, in := range e.Inputs {
		names[in.Key] = in.Name.In(c.languageOf(r))
	}
	var list []change
	for _, a := range fault.Of(cause).Args {
		text, ok := a.Value.(string)
		if a.Name != "changes" || !ok {
			continue
		}
		for part := range strings.SplitSeq(text, "; ") {
			key, values, _ := strings.Cut(part, ": ")
			if was, now, ok := strings.Cut(values, " → "); ok && names[key] != "" {
				list = append(list, change{names[key], was, now})
			}
		}
	}
	return list
}

func (c *Console) reject(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	id, reason := decision.ID(r.PathValue("id")), strings.TrimSpace(form.Get("reason"))
	if reason == "" {
		return c.detail(r, fault.New(fault.Invalid, "E-CONSOLE-REASON"))
	}
	defer c.lookAway()
	if _, err := c.engine.Reject(r.Context(), id, c.actorOf(r), reason); err != nil {
		return nil, err
	}
	return done("reject", backTo(form.Get("back"), id), 1), nil
}

func (c *Console) snooze(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	days, err := strconv.Atoi(form.Get("days"))
	if err != nil || days < 1 || days > 90 {
		return nil, wrongParameter("days", form.Get("days"))
	}
	id := decision.ID(r.PathValue("id"))
	defer c.lookAway()
	until := c.engine.Now().Add(time.Duration(days) * 24 * time.Hour)
	if _, err := c.engine.Snooze(r.Context(), id, until, c.actorOf(r), strings.TrimSpace(form.Get("note"))); err != nil {
		return nil, err
	}
	return done("snooze", backTo(form.Get("back"), id), 1), nil
}

// revoke takes an approval back; of a mandate it ends what was granted.
func (c *Console) revoke(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	id := decision.ID(r.PathValue("id"))
	defer c.lookAway()
	if _, err := c.engine.Revoke(r.Context(), id, c.actorOf(r), strings.TrimSpace(form.Get("note"))); err != nil {
		return nil, err
	}
	return done("revoke", backTo("", id), 1), nil
}

// rollback proposes the decision that takes an executed one back, and leads there. A
// mandate ends at once.
func (c *Console) rollback(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	defer c.lookAway()
	d, err := c.engine.Rollback(r.Context(), decision.ID(r.PathValue("id")), c.actorOf(r), strings.TrimSpace(form.Get("note")))
	if err != nil {
		return nil, err
	}
	if d.Kind == decision.KindGrantMandate {
		return done("revoke", backTo("", d.ID), 1), nil
	}
	return done("rollback", backTo("", d.ID), 1), nil
}

// done leads on with a word on what was done to how many.
func done(verb, to string, n int) *view {
	return seeOther(with(to, "did", verb, "n", strconv.Itoa(n), "select", ""))
}

// backTo returns where a form leads: the list it was sent from, or the decision. Only
// addresses of the console are followed.
func backTo(back string, id decision.ID) string {
	if back == "/decisions" || strings.HasPrefix(back, "/decisions?") {
		return back
	}
	return "/decisions/" + url.PathEscape(string(id))
}

func formOf(r *http.Request) (url.Values, error) {
	err := r.ParseForm()
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, fault.From(err, fault.Usage, "E-CONSOLE-BODY", fault.A("bytes", large.Limit))
	case err != nil:
		return nil, fault.From(err, fault.Usage, "E-CONSOLE-FORM")
	}
	return r.PostForm, nil
}

// bulk is what is about to be approved together.
type bulk struct {
	Rows   []tradewind.DecisionView
	Barred []tradewind.DecisionView // chosen, but a check forbids them
	Sum    summary
	Back   string
}

// bulkPage shows what the ticked decisions come to before they are approved.
func (c *Console) bulkPage(r *http.Request) (*view, error) {
	q := r.URL.Query()
	if len(q["id"]) > pageLength {
		return nil, wrongParameter("id", strconv.Itoa(len(q["id"])))
	}
	_, proposed, err := c.look(r.Context())
	if err != nil {
		return nil, err
	}
	chosen := map[string]bool{}
	for _, id := range q["id"] {
		chosen[id] = true
	}
	b := bulk{Back: "/decisions"}
	if back := q.Get("back"); strings.HasPrefix(back, "/decisions?") {
		b.Back = back
	}
	for _, d := range proposed {
		switch {
		case !chosen[string(d.ID)]:
		case d.Blocked:
			b.Barred = append(b.Barred, d)
		default:
			b.Rows = append(b.Rows, d)
		}
	}
	if b.Sum, err = summarize(c.engine.Now(), b.Rows); err != nil {
		return nil, err
	}
	return &view{page: "bulk", title: c.say(r, "console.bulk.title", messages.A("n", len(b.Rows))), section: "decisions", data: b}, nil
}

// outcome is what became of one decision of several.
type outcome struct {
	ID      decision.ID
	Problem string // "" when approved
	Remedy  string
}

// outcomes are those of several: Endorsed wait for another person.
type outcomes struct{ Approved, Endorsed, Refused []outcome }

// approveMany approves decisions one by one, each bound to its own fingerprint: what has
// changed is refused, the others go through.
func (c *Console) approveMany(r *http.Request) (*view, error) {
	form, err := formOf(r)
	if err != nil {
		return nil, err
	}
	picks := form["pick"]
	if len(picks) == 0 || len(picks) > pageLength {
		return nil, wrongParameter("pick", strconv.Itoa(len(picks)))
	}
	defer c.lookAway()
	lang := c.languageOf(r)
	var o outcomes
	for _, pick := range picks {
		id, fingerprint, _ := strings.Cut(pick, ":")
		d, err := c.engine.Approve(r.Context(), decision.ID(id), fingerprint, c.actorOf(r), strings.TrimSpace(form.Get("note")))
		if err == nil && d.State == decision.Proposed {
			o.Endorsed = append(o.Endorsed, outcome{ID: d.ID})
			continue
		}
		if err != nil {
			m := messages.Of(err)
			o.Refused = append(o.Refused, outcome{decision.ID(id), m.In(lang), m.Remedy().In(lang)})
			continue
		}
		o.Approved = append(o.Approved, outcome{ID: decision.ID(id)})
	}
	if len(o.Refused) == 0 && len(o.Endorsed) == 0 {
		back := form.Get("back")
		if !strings.HasPrefix(back, "/decisions?") {
			back = "/decisions"
		}
		return done("approve", back, len(o.Approved)), nil
	}
	status := http.StatusOK
	if len(o.Refused) > 0 {
		status = http.StatusConflict
	}
	return &view{page: "outcome", title: c.say(r, "console.outcome.title"), section: "decisions", status: status, data: o}, nil
}
