package tradewind

import (
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/ingest"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/store"
)

// creditUntied is the rule that leaves out credit notes without a sale to take back.
const creditUntied = "credit_untied"

// tally follows the rows of one file through an import.
type tally struct {
	record   store.ImportRecord
	size     int64
	rejected map[string]*store.RuleCount
	excluded map[string]*store.RuleCount
	foreign  bool  // amounts in more than one currency: they cannot be summed
	heaped   int64 // sum of the sizes of all amounts, -1 once it is too large to be held

	firstBad *ingest.Reject
}

func newTally(name, digest string, size int64, src *ingest.Source, now time.Time) *tally {
	t := &tally{size: size, rejected: map[string]*store.RuleCount{}, excluded: map[string]*store.RuleCount{}}
	t.record = store.ImportRecord{
		File: name, SHA256: digest, Bytes: size, Format: src.Format.Name, Fact: src.Format.Fact, Encoding: src.Encoding, At: now,
	}
	if src.Zone != nil {
		t.record.Zone = src.Zone.String()
	}
	return t
}

// read stages every row of the source. What is wrong with a row is counted and kept; what
// is wrong with the file ends the import.
func (t *tally) read(ctx context.Context, src *ingest.Source, load *store.Load, o ImportOptions) error {
	r := &t.record
	for fact, err := range src.Read() {
		if r.Rows.In%4096 == 0 {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			tell(o.Progress, "engine.stage.import", src.Offset(), t.size)
		}
		r.Rows.In++
		var reject *ingest.Reject
		var exclusion *ingest.Exclusion
		var duplicate *ingest.Duplicate
		switch {
		case err == nil:
			t.worth(ingest.RowAmount(fact))
			t.span(fact)
			if err := load.Add(fact); err != nil {
				return err
			}
		case errors.As(err, &reject):
			r.Rows.Quarantined++
			r.Money.Quarantined += t.worth(reject.Amount)
			count(t.rejected, reject.Code, reject.Amount)
			if t.firstBad == nil {
				t.firstBad = reject
			}
			load.Quarantine(store.Quarantined{File: r.File, Line: reject.Line, Column: reject.Column,
				Code: reject.Code, Raw: reject.Raw, Message: reject.Message()})
		case errors.As(err, &exclusion):
			r.Rows.Excluded++
			r.Money.Excluded += t.worth(exclusion.Amount)
			count(t.excluded, exclusion.Rule, exclusion.Amount)
		case errors.As(err, &duplicate):
			r.Rows.Duplicate++
			r.Money.Duplicate += t.worth(duplicate.Amount)
		default:
			return err
		}
	}
	tell(o.Progress, "engine.stage.import", t.size, t.size)
	if t.heaped < 0 {
		return fault.New(fault.Invalid, "E-SUM-OVERFLOW", fault.A("file", r.File))
	}
	return ctx.Err()
}

// worth adds an amount to the file's total and returns its ten-thousandths. As long as
// the sizes of all amounts add up, so does every part of them.
func (t *tally) worth(a money.Amount) int64 {
	r := &t.record
	if size := max(a.E4(), -a.E4()); t.heaped < 0 || t.heaped > math.MaxInt64-size {
		t.heaped = -1
	} else {
		t.heaped += size
	}
	if !a.IsZero() && a.Currency() != r.Currency {
		t.foreign = t.foreign || r.Currency != ""
		r.Currency = a.Currency()
	}
	r.Money.In += a.E4()
	return a.E4()
}

// span widens the days that the file covers.
func (t *tally) span(f commerce.Fact) {
	line, ok := f.(*commerce.OrderLine)
	if !ok {
		return
	}
	r := &t.record
	if r.From == nil {
		from, to := line.Day, line.Day
		r.From, r.To = &from, &to
	}
	if line.Day.Before(*r.From) {
		*r.From = line.Day
	}
	if r.To.Before(line.Day) {
		*r.To = line.Day
	}
}

// checkBad refuses a file of which too large a part cannot be read: it is probably of
// another format, and loading the rest would hide that.
func (t *tally) checkBad(most float64) error {
	if most <= 0 {
		most = 0.05
	}
	rows := t.record.Rows
	if float64(rows.Quarantined) <= most*float64(rows.In) {
		return nil
	}
	worst := counts(t.rejected)[0]
	return fault.New(fault.Invalid, "E-TOO-MANY-BAD", fault.A("file", t.record.File),
		fault.A("bad", rows.Quarantined), fault.A("rows", rows.In), fault.A("most", messages.Percent(most)),
		fault.A("code", worst.Code), fault.A("times", worst.Rows),
		fault.A("line", t.firstBad.Line), fault.A("reason", t.firstBad.Message()))
}

// merge compares the staged rows with what is stored and ties credit notes to sales.
func (t *tally) merge(ctx context.Context, load *store.Load) error {
	m, err := load.Merge(ctx)
	if err != nil {
		return err
	}
	credits, sales, err := load.Candidates(ctx)
	if err != nil {
		return err
	}
	keys := make([]commerce.Key, len(credits))
	for i := range credits {
		keys[i] = credits[i].Key
	}
	if err := load.SaveEvents(ctx, keys, ingest.Match(credits, sales)); err != nil {
		return err
	}
	untied, err := load.UntiedCredits(ctx)
	if err != nil {
		return err
	}
	rows, sums := &t.record.Rows, &t.record.Money
	rows.Loaded, sums.Loaded = m.Loaded.Rows-untied.Rows, m.Loaded.E4-untied.E4
	rows.Updated, sums.Updated = m.Updated.Rows, m.Updated.E4
	rows.Unchanged, sums.Unchanged = m.Unchanged.Rows, m.Unchanged.E4
	rows.Duplicate, sums.Duplicate = rows.Duplicate+m.Duplicate.Rows, sums.Duplicate+m.Duplicate.E4
	rows.Excluded, sums.Excluded = rows.Excluded+untied.Rows, sums.Excluded+untied.E4
	if untied.Rows > 0 {
		t.excluded[creditUntied] = &store.RuleCount{Code: creditUntied, Rows: untied.Rows, E4: untied.E4}
	}
	t.record.Excluded, t.record.Quarantine = counts(t.excluded), counts(t.rejected)
	if t.foreign {
		t.forgetSums()
	}
	return t.reconcile()
}

// forgetSums takes the money of each rule out of the record: pounds and euros do not add
// up. The totals stay, without a currency, for reconcile alone.
func (t *tally) forgetSums() {
	t.record.Currency = ""
	for _, list := range [][]store.RuleCount{t.record.Excluded, t.record.Quarantine} {
		for i := range list {
			list[i].E4 = 0
		}
	}
}

// reconcile holds the promise of every import: rows in, and money in, are the sum of what
// became of them.
func (t *tally) reconcile() error {
	for _, o := range []store.Outcomes{t.record.Rows, t.record.Money} {
		if o.In != o.Loaded+o.Updated+o.Unchanged+o.Duplicate+o.Quarantined+o.Excluded {
			return fault.New(fault.Internal, "E-UNRECONCILED", fault.A("file", t.record.File))
		}
	}
	return nil
}

func count(table map[string]*store.RuleCount, code string, a money.Amount) {
	c := table[code]
	if c == nil {
		c = &store.RuleCount{Code: code}
		table[code] = c
	}
	c.Rows++
	c.E4 += a.E4()
}

// counts lists a table by rows, most first.
func counts(table map[string]*store.RuleCount) []store.RuleCount {
	list := []store.RuleCount{}
	for _, c := range table {
		list = append(list, *c)
	}
	slices.SortFunc(list, func(a, b store.RuleCount) int {
		if a.Rows != b.Rows {
			return int(b.Rows - a.Rows)
		}
		if a.Code < b.Code {
			return -1
		}
		return 1
	})
	return list
}
