package tradewind

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tradewind/calendar"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/store"
)

// QuarantinedRow is a row that waits for somebody to mend it.
type QuarantinedRow struct {
	Import int64         `json:"import"`
	File   string        `json:"file"`
	Line   int64         `json:"line"`
	Column string        `json:"column"`
	Code   string        `json:"code"`
	Raw    string        `json:"raw"`
	Reason LocalizedText `json:"reason"`
	Remedy LocalizedText `json:"remedy"`

	Superseded int64 `json:"superseded_by,omitempty"` // the later import of the file
}

// DataStatus says what the workspace knows and how old it is.
type DataStatus struct {
	FactsAsOf *calendar.Day    `json:"facts_as_of"` // nil: no facts yet
	RulesAsOf calendar.Day     `json:"rules_as_of"`
	Clock     time.Time        `json:"clock"`
	Currency  money.Currency   `json:"currency"`
	Tables    []TableStatus    `json:"tables"`
	Imports   []FileReport     `json:"imports"`            // newest first
	Rows      Rows             `json:"rows"`               // over all imports
	Waiting   int64            `json:"quarantine_waiting"` // rows that nobody has mended yet
	Returns   ReturnStatus     `json:"returns"`
	Missing   []LocalizedText  `json:"missing"` // what to import next, and what it would allow
	Markets   int              `json:"markets"`
	SKUs      int              `json:"skus"`
	Span      *calendar.Period `json:"span,omitempty"`
}

// TableStatus is one kind of fact.
type TableStatus struct {
	Name    string        `json:"name"`
	Rows    int64         `json:"rows"`
	Assumed int64         `json:"assumed"`
	Newest  *calendar.Day `json:"newest,omitempty"`
}

// ReturnStatus says how many credit notes were tied to their sales.
type ReturnStatus struct {
	Credits   int64          `json:"credits"`
	Matched   int64          `json:"matched"`   // wholly or in part
	Returned  int64          `json:"returned"`  // events
	Cancelled int64          `json:"cancelled"` // events
	Unmatched []money.Amount `json:"unmatched"` // worth of credit notes without a sale, one a currency
}

// Imports lists the imports, newest first.
func (e *Engine) Imports(ctx context.Context) ([]FileReport, error) {
	records, err := e.db.Imports(ctx)
	if err != nil {
		return nil, err
	}
	untied, err := e.db.Untied(ctx)
	reports := make([]FileReport, len(records))
	for i := range records {
		retie(&records[i], untied[records[i].ID])
		reports[i] = *reportOf(&records[i])
	}
	return reports, err
}

// Quarantine lists the rows of one import that could not be read, or for 0 those of all
// imports that wait to be mended: a later import of a file of the same name supersedes
// those before it. A limit of 0 is 1,000.
func (e *Engine) Quarantine(ctx context.Context, importID int64, limit int) ([]QuarantinedRow, error) {
	if limit <= 0 {
		limit = 1000
	}
	rows, err := e.db.Quarantine(ctx, importID, limit)
	views := make([]QuarantinedRow, len(rows))
	for i, q := range rows {
		views[i] = QuarantinedRow{
			Import: q.Import, File: q.File, Line: q.Line, Column: q.Column, Code: q.Code, Raw: q.Raw,
			Reason: localized(q.Message), Remedy: localized(q.Message.Remedy()), Superseded: q.Superseded,
		}
	}
	return views, err
}

// Status says what the workspace knows, how old it is, and what is missing.
func (e *Engine) Status(ctx context.Context) (*DataStatus, error) {
	tables, err := e.db.Tables(ctx)
	if err != nil {
		return nil, err
	}
	span, err := e.db.Span(ctx)
	if err != nil {
		return nil, err
	}
	returns, err := e.db.Returns(ctx)
	if err != nil {
		return nil, err
	}
	waiting, err := e.db.Waiting(ctx)
	if err != nil {
		return nil, err
	}
	imports, err := e.Imports(ctx)
	if err != nil {
		return nil, err
	}
	s := &DataStatus{
		RulesAsOf: e.rulesAsOf(), Clock: e.now(), Currency: e.currency, Imports: imports,
		Markets: span.Markets, SKUs: span.SKUs, Waiting: waiting, Returns: returnsOf(returns), Missing: missing(tables),
	}
	for _, t := range tables {
		s.Tables = append(s.Tables, TableStatus(t))
	}
	for _, f := range imports {
		s.Rows.add(f.Rows)
	}
	if span.First != nil {
		if s.FactsAsOf, err = e.factsAsOf(ctx); err != nil {
			return nil, err
		}
		s.Span = &calendar.Period{From: *span.First, To: span.Last.AddDays(1)}
	}
	return s, nil
}

// rulesAsOf is the day whose rules apply: the one that is set, or today by the clock.
func (e *Engine) rulesAsOf() calendar.Day {
	if set, _ := e.config.day(e.config.RulesAsOf); set != nil {
		return *set
	}
	return calendar.DayIn(e.now(), e.zone)
}

func returnsOf(r store.ReturnStatus) ReturnStatus {
	view := ReturnStatus{Credits: r.Credits, Matched: r.Matched, Returned: r.Returned, Cancelled: r.Cancelled, Unmatched: []money.Amount{}}
	for currency, e4 := range r.UnmatchedE4 {
		view.Unmatched = append(view.Unmatched, money.FromE4(e4, currency))
	}
	slices.SortFunc(view.Unmatched, func(a, b money.Amount) int { return cmp.Compare(a.Currency(), b.Currency()) })
	return view
}

// missing says what an order cannot be proposed without.
func missing(tables []store.TableStatus) []LocalizedText {
	list := []LocalizedText{}
	for _, t := range tables {
		if code := "engine.missing." + t.Name; t.Rows == 0 && messages.Has(code) {
			list = append(list, localized(messages.M(code)))
		}
	}
	return list
}
