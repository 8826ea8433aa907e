package tradewind

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tradewind/calendar"
	"tradewind/fault"
	"tradewind/ingest"
	"tradewind/messages"
	"tradewind/money"
	"tradewind/store"
)

// Rows counts what became of the rows of a file. In is always the sum of the others.
type Rows struct {
	In          int64 `json:"in"`
	Loaded      int64 `json:"loaded"`
	Updated     int64 `json:"updated"`
	Unchanged   int64 `json:"unchanged"`
	Duplicate   int64 `json:"duplicate"`
	Quarantined int64 `json:"quarantined"`
	Excluded    int64 `json:"excluded"`
}

// RowMoney is Rows in money: quantity × price as the file has them, sign included.
type RowMoney struct {
	In          money.Amount `json:"in"`
	Loaded      money.Amount `json:"loaded"`
	Updated     money.Amount `json:"updated"`
	Unchanged   money.Amount `json:"unchanged"`
	Duplicate   money.Amount `json:"duplicate"`
	Quarantined money.Amount `json:"quarantined"`
	Excluded    money.Amount `json:"excluded"`
}

// RuleCount is what one named rule excluded, or one reject code quarantined.
type RuleCount struct {
	Code  string        `json:"code"`
	Name  LocalizedText `json:"name"`
	Rows  int64         `json:"rows"`
	Money money.Amount  `json:"money"`
}

// FileReport says what one file brought. ID 0 is a dry run.
type FileReport struct {
	ID         int64         `json:"id"`
	File       string        `json:"file"`
	SHA256     string        `json:"sha256"`
	Bytes      int64         `json:"bytes"`
	Format     string        `json:"format"`
	Encoding   string        `json:"encoding"`
	Zone       string        `json:"zone"`
	Already    bool          `json:"already_imported"` // the same bytes came before
	Rows       Rows          `json:"rows"`
	Money      *RowMoney     `json:"money"` // nil where amounts are in several currencies
	Excluded   []RuleCount   `json:"excluded_by_rule"`
	Quarantine []RuleCount   `json:"quarantined_by_code"`
	From       *calendar.Day `json:"from,omitempty"`
	To         *calendar.Day `json:"to,omitempty"`
	At         time.Time     `json:"at"`
}

// ImportReport says what an import brought, file by file and in all.
type ImportReport struct {
	Files  []FileReport `json:"files"`
	Rows   Rows         `json:"rows"`
	DryRun bool         `json:"dry_run"`
}

// ImportOptions steer an import.
type ImportOptions struct {
	Format    string         // a format's name, or the path of a format file; "" detects it
	Zone      string         // IANA zone of naive times; "" is the format's, then the workspace's
	Encoding  string         // of the text; "" detects it
	DateOrder string         // dmy or mdy where dates could be read both ways
	DryRun    bool           // report, change nothing
	MaxBad    float64        // largest share of rows in quarantine before a file is refused; 0 is 0.05
	Progress  func(Progress) // may be nil
}

// Import reads files into the workspace, all or nothing a file. Bytes that came before
// change nothing. Rows that cannot be read wait in quarantine; a file with more of them
// than MaxBad is refused whole. An interrupted import leaves the files it finished.
func (e *Engine) Import(ctx context.Context, files []string, o ImportOptions) (*ImportReport, error) {
	report := &ImportReport{DryRun: o.DryRun, Files: []FileReport{}}
	if _, err := e.actor(ctx, MayImport, ""); err != nil {
		return report, err
	}
	for _, path := range files {
		f, err := e.importFile(ctx, path, o)
		if err != nil {
			return report, fault.Wrap(err, "import %s", path)
		}
		report.Files = append(report.Files, *f)
		report.Rows.add(f.Rows)
	}
	return report, nil
}

func (e *Engine) importFile(ctx context.Context, path string, o ImportOptions) (*FileReport, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fault.From(err, fault.NotFound, "E-FILE-NOT-FOUND", fault.A("file", path))
	case err != nil:
		return nil, unreadable(err, path)
	case !info.Mode().IsRegular(): // a folder, or a stream: it may never end, and cannot be read twice
		return nil, fault.New(fault.Invalid, "E-FILE-NONE", fault.A("file", path))
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, unreadable(err, path)
	}
	defer file.Close()
	return e.importBytes(ctx, filepath.Base(path), file, info.Size(), o)
}

func unreadable(err error, file string) error {
	return fault.From(err, fault.Invalid, "E-FILE-UNREADABLE", fault.A("file", file), fault.A("error", err.Error()))
}

// importBytes imports one file's content. The demo calls it with embedded files.
func (e *Engine) importBytes(ctx context.Context, name string, content io.ReadSeeker, size int64, o ImportOptions) (*FileReport, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return nil, unreadable(err, name)
	}
	digest := hex.EncodeToString(sum.Sum(nil))
	how, err := e.how(o)
	if err != nil {
		return nil, err
	}
	if before, err := e.db.RepeatedImport(ctx, digest, how); err != nil || before != nil {
		return e.again(ctx, before, err)
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return nil, unreadable(err, name)
	}
	src, err := e.open(name, content, size, o)
	if err != nil {
		return nil, err
	}
	load, err := e.db.BeginLoad(ctx, e.currency)
	if err != nil {
		return nil, err
	}
	defer load.Rollback() // does nothing after Commit
	if before, err := load.RepeatedImport(ctx, digest, how); err != nil || before != nil {
		return e.again(ctx, before, err) // somebody else imported it while this one waited
	}
	t := newTally(name, digest, size, src, e.now())
	t.record.How = how
	if err := t.read(ctx, src, load, o); err != nil {
		return nil, err
	}
	if err := t.checkBad(o.MaxBad); err != nil {
		return nil, err
	}
	if err := t.merge(ctx, load); err != nil {
		return nil, err
	}
	if o.DryRun {
		return reportOf(&t.record), load.Rollback()
	}
	if t.record.ID, err = load.Commit(ctx, t.record); err != nil {
		return nil, err
	}
	return reportOf(&t.record), nil
}

// how is what a caller says about reading a file, with the content of a format file: the
// same bytes read another way are another import.
func (e *Engine) how(o ImportOptions) (string, error) {
	parts := []string{o.Format, o.Zone, o.Encoding, o.DateOrder, e.zone.String(), string(e.currency)}
	if content, err := os.ReadFile(o.Format); err == nil {
		sum := sha256.Sum256(content)
		parts = append(parts, hex.EncodeToString(sum[:]))
	}
	text, err := json.Marshal(parts)
	return string(text), err
}

func (e *Engine) open(name string, content io.Reader, size int64, o ImportOptions) (*ingest.Source, error) {
	options := ingest.Options{
		Format: o.Format, Encoding: o.Encoding, Fallback: e.zone, Currency: e.currency, DateOrder: o.DateOrder,
		AsOf: calendar.DayIn(e.now(), e.zone),
	}
	if o.Zone != "" {
		zone, err := zoneOf(o.Zone)
		if err != nil {
			return nil, err
		}
		options.Zone = zone
	}
	return ingest.Open(name, content, size, options)
}

// reportOf is the read model of an import.
func reportOf(r *store.ImportRecord) *FileReport {
	f := &FileReport{
		ID: r.ID, File: r.File, SHA256: r.SHA256, Bytes: r.Bytes, Format: r.Format, Encoding: r.Encoding,
		Zone: r.Zone, Rows: Rows(r.Rows), From: r.From, To: r.To, At: r.At,
		Excluded: ruleCounts(r.Excluded, r.Currency), Quarantine: ruleCounts(r.Quarantine, r.Currency),
	}
	if r.Currency != "" || r.Money == (store.Outcomes{}) {
		f.Money = moneyOf(r.Money, r.Currency)
	}
	return f
}

// again is the report of bytes that came before: every row that is in stays unchanged.
func (e *Engine) again(ctx context.Context, before *store.ImportRecord, err error) (*FileReport, error) {
	if err != nil {
		return nil, err
	}
	untied, err := e.db.Untied(ctx)
	if err != nil {
		return nil, err
	}
	retie(before, untied[before.ID])
	for _, o := range []*store.Outcomes{&before.Rows, &before.Money} {
		o.Unchanged += o.Loaded + o.Updated
		o.Loaded, o.Updated = 0, 0
	}
	f := reportOf(before)
	f.Already = true
	return f, nil
}

// retie counts the credit notes of an import that a later file brought the sale of as
// loaded, as the returns of the workspace do.
func retie(r *store.ImportRecord, untied store.Tally) {
	for i := range r.Excluded {
		c := &r.Excluded[i]
		if c.Code != creditUntied || untied.Rows >= c.Rows {
			continue
		}
		tied := store.Tally{Rows: c.Rows - untied.Rows, E4: c.E4 - untied.E4}
		if r.Currency == "" {
			tied.E4 = 0 // amounts in several currencies were never summed
		}
		r.Rows.Excluded, r.Rows.Loaded = r.Rows.Excluded-tied.Rows, r.Rows.Loaded+tied.Rows
		r.Money.Excluded, r.Money.Loaded = r.Money.Excluded-tied.E4, r.Money.Loaded+tied.E4
		if c.Rows, c.E4 = untied.Rows, c.E4-tied.E4; c.Rows == 0 {
			r.Excluded = append(r.Excluded[:i:i], r.Excluded[i+1:]...)
		}
		return
	}
}

func moneyOf(o store.Outcomes, c money.Currency) *RowMoney {
	e4 := func(n int64) money.Amount { return money.FromE4(n, c) }
	return &RowMoney{e4(o.In), e4(o.Loaded), e4(o.Updated), e4(o.Unchanged), e4(o.Duplicate), e4(o.Quarantined), e4(o.Excluded)}
}

func ruleCounts(list []store.RuleCount, c money.Currency) []RuleCount {
	out := []RuleCount{}
	for _, r := range list {
		name := "rule." + r.Code
		if strings.HasPrefix(r.Code, "E-") || !messages.Has(name) {
			name = r.Code
		}
		out = append(out, RuleCount{Code: r.Code, Name: nameOf(name), Rows: r.Rows, Money: money.FromE4(r.E4, c)})
	}
	return out
}

// nameOf is the text of a code, or the code itself where it has none: rules of a user's
// own format, and failures, whose texts need the row.
func nameOf(code string) LocalizedText {
	if strings.HasPrefix(code, "rule.") {
		return localized(messages.M(code))
	}
	return LocalizedText{code, code}
}

func (r *Rows) add(other Rows) {
	r.In += other.In
	r.Loaded += other.Loaded
	r.Updated += other.Updated
	r.Unchanged += other.Unchanged
	r.Duplicate += other.Duplicate
	r.Quarantined += other.Quarantined
	r.Excluded += other.Excluded
}
