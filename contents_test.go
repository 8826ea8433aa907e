package tradewind

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/store"
)

// contents is what a workspace holds: facts, imports, quarantine, decisions and their
// histories. Two workspaces with the same contents are the same to everybody.
type contents struct {
	Snapshot   string
	Tables     []store.TableStatus
	Returns    store.ReturnStatus
	Imports    []store.ImportRecord
	Quarantine []store.Quarantined
	Decisions  []string
}

func contentsOf(t tester, e *Engine) contents {
	t.Helper()
	ctx := t.Context()
	var c contents
	s, err := e.db.Snapshot(ctx, nil, e.currency)
	switch f := fault.Of(err); {
	case err == nil:
		c.Snapshot = s.Hash
	case f == nil || f.Code != "E-NO-SALES":
		t.Fatal(err)
	}
	var errs [5]error
	c.Tables, errs[0] = e.db.Tables(ctx)
	c.Returns, errs[1] = e.db.Returns(ctx)
	c.Imports, errs[2] = e.db.Imports(ctx)
	c.Quarantine, errs[3] = e.db.Quarantine(ctx, 0, 1<<20)
	list, err := e.db.Decisions(ctx, store.Filter{})
	errs[4] = err
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	for i := range list {
		d, err := e.db.Decision(ctx, list[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal([]any{d.State, d.SnoozedUntil, d.History, d.Proposal})
		if err != nil {
			t.Fatal(err)
		}
		c.Decisions = append(c.Decisions, string(data))
	}
	return c
}

// words lets go-cmp compare days and amounts, which hide their fields.
var words = cmpopts.EquateComparable(calendar.Day{}, money.Amount{})

// unchanged runs do and demands that the workspace holds afterwards what it held before.
func unchanged(t tester, e *Engine, do func()) {
	t.Helper()
	before := contentsOf(t, e)
	do()
	if diff := cmp.Diff(before, contentsOf(t, e), words); diff != "" {
		t.Errorf("the workspace changed (-before +after):\n%s", diff)
	}
}

// refused demands that an error is a fault of a kind and a code, and that people can read
// in both languages what is wrong and what to do about it.
func refused(t tester, err error, kind fault.Kind, code string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != kind || f.Code != code {
		t.Errorf("got %v, want a fault %v %s", err, kind, code)
		return
	}
	readable(t, messages.Of(err))
	readable(t, messages.Of(err).Remedy())
}

// readable demands a text in both languages without a hole.
func readable(t tester, m messages.Message) {
	t.Helper()
	for _, lang := range messages.Languages {
		text := m.In(lang)
		if text == "" || strings.HasPrefix(text, "["+m.Code) || strings.Contains(text, "[") && !strings.Contains(fmt.Sprint(m.Args), "[") {
			t.Errorf("%s in %s: %q", m.Code, lang, text)
		}
	}
}
