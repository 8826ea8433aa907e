package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"tradewind/commerce"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// Load brings the facts of one file in, in one transaction: Add and Quarantine stage them,
// Merge compares them with what is stored and writes the difference, Candidates and
// SaveEvents tie credit notes to their sales, Commit makes it all true at once. Until then
// nobody else sees any of it, and Rollback, a crash or a full disk leaves nothing.
//
// A Load is used by one goroutine.
type Load struct {
	db       *DB
	ctx      context.Context // of BeginLoad: a cancelled load cannot go on
	conn     *sql.Conn
	tx       *sql.Tx
	importID int64
	base     money.Currency

	names  *dictionary
	lines  lineBatch
	facts  []factBatch
	reject rejectBatch
	merged Merged
	staged bool // staging tables of order lines exist
}

// flushRows is how many order lines are held before they go to the staging table: one
// DuckDB row group, 12 MB.
const flushRows = 122_880

const nextImport = `SELECT coalesce(max(id), 0) + 1 FROM import_file`

// BeginLoad starts the load of one file. Amounts that name no currency are in base. A
// workspace takes one load at a time: a second waits for the first, or for ctx.
func (db *DB) BeginLoad(ctx context.Context, base money.Currency) (*Load, error) {
	select {
	case db.loading <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	l := &Load{db: db, ctx: ctx, base: base, facts: newFactBatches()}
	if err := l.begin(); err != nil {
		err = l.wrap(err, "begin load")
		l.Rollback()
		return nil, err
	}
	return l, nil
}

func (l *Load) begin() (err error) {
	if l.conn, err = l.db.sql.Conn(l.ctx); err != nil {
		return err
	}
	if l.tx, err = l.conn.BeginTx(l.ctx, nil); err != nil {
		return err
	}
	if err := l.db.dialect.lock(l.ctx, l.tx); err != nil {
		return err
	}
	if err := l.tx.QueryRowContext(l.ctx, nextImport).Scan(&l.importID); err != nil {
		return err
	}
	l.names, err = readDictionary(l.ctx, l.tx, readNames)
	return err
}

// Add stages a fact. The fact is read during the call only.
func (l *Load) Add(f commerce.Fact) error {
	if line, ok := f.(*commerce.OrderLine); ok {
		l.lines.add(l, line)
		if len(l.lines.keyHi) < flushRows {
			return nil
		}
		return l.wrap(l.flushLines(), "stage order lines")
	}
	k, row := l.factRow(f)
	b := &l.facts[k]
	b.rows = append(b.rows, row)
	if len(b.rows) < flushRows {
		return nil
	}
	return l.wrap(l.flushFacts(k), "stage %s", factTables[k].name)
}

// Quarantined is a row of a file that waits for somebody to mend it. Its import is set by
// the load that keeps it.
type Quarantined struct {
	Import  int64
	File    string
	Line    int64
	Column  string
	Code    string
	Raw     string
	Message messages.Message

	Superseded int64 // the later import of the file; 0 while the row waits
}

// rejectBatch are rows of the table quarantine.
type rejectBatch struct {
	importID, line                  []int64
	file, field, code, raw, message []string
}

// Quarantine keeps a row that could not be read, with the reason.
func (l *Load) Quarantine(q Quarantined) {
	message, err := json.Marshal(q.Message)
	if err != nil {
		panic("store: a message cannot be written: " + err.Error()) // messages are plain data
	}
	b := &l.reject
	b.importID = append(b.importID, l.importID)
	b.file = append(b.file, clean(q.File))
	b.line = append(b.line, q.Line)
	b.field = append(b.field, clean(q.Column))
	b.code = append(b.code, q.Code)
	b.raw = append(b.raw, clean(q.Raw))
	b.message = append(b.message, clean(string(message)))
}

// Tally counts rows and what they are worth, in ten-thousandths; credit notes count
// negative.
type Tally struct{ Rows, E4 int64 }

func (t *Tally) add(u Tally) { t.Rows += u.Rows; t.E4 += u.E4 }

// Merged says what the staged facts of a table were: every staged row is one of the four.
// An order line counts quantity × price; a cost, a price, a spend and the fixed cost of an
// order their amount; other facts nothing.
type Merged struct {
	Loaded    Tally // new
	Updated   Tally // known, with other content
	Unchanged Tally // known, with the same content
	Duplicate Tally // said again by a later row of the same file

	Tables []TableMerged // one for each kind of fact that was staged
}

// TableMerged is Merged for one kind of fact.
type TableMerged struct {
	Name                                  string // as in TableStatus
	Loaded, Updated, Unchanged, Duplicate Tally
}

func (m *Merged) add(t TableMerged) {
	m.Loaded.add(t.Loaded)
	m.Updated.add(t.Updated)
	m.Unchanged.add(t.Unchanged)
	m.Duplicate.add(t.Duplicate)
	m.Tables = append(m.Tables, t)
}

// Merge writes the staged facts: new ones are inserted, known ones with other content
// replaced, the rest left alone. Of rows with one key the last one counts.
func (l *Load) Merge(ctx context.Context) (Merged, error) {
	l.merged = Merged{}
	if err := l.mergeLines(ctx); err != nil {
		return Merged{}, l.wrap(err, "merge order lines")
	}
	for k := range l.facts {
		if err := l.mergeFacts(ctx, k); err != nil {
			return Merged{}, l.wrap(err, "merge %s", factTables[k].name)
		}
	}
	return l.merged, nil
}

// Commit records the import and makes the load true. It returns the import's ID.
func (l *Load) Commit(ctx context.Context, r ImportRecord) (int64, error) {
	if l.tx == nil {
		return 0, fault.Wrap(sql.ErrTxDone, "commit load")
	}
	r.ID = l.importID
	err := l.finish(ctx, r)
	if err == nil {
		err = l.tx.Commit()
	}
	if err != nil {
		err = l.wrap(err, "commit load of %s", r.File)
		l.Rollback()
		return 0, err
	}
	l.tx = nil
	return r.ID, l.Rollback()
}

// finish writes what the load still holds and takes the staging tables away.
func (l *Load) finish(ctx context.Context, r ImportRecord) error {
	if err := l.saveRejects(ctx); err != nil {
		return err
	}
	if err := saveImport(ctx, l.tx, r); err != nil {
		return err
	}
	if _, err := l.tx.ExecContext(ctx, supersede, r.ID, clean(r.File), r.SHA256); err != nil {
		return err
	}
	if l.staged {
		if err := exec(ctx, l.tx, dropStagedLines...); err != nil {
			return err
		}
	}
	for k, b := range l.facts {
		if !b.staged {
			continue
		}
		if err := exec(ctx, l.tx, factTables[k].drop()...); err != nil {
			return err
		}
	}
	return nil
}

func (l *Load) saveRejects(ctx context.Context) error {
	b := &l.reject
	if len(b.line) == 0 {
		return nil
	}
	return l.db.dialect.bulk(ctx, l.conn, "quarantine", []column{
		{"import_id", b.importID}, {"file", b.file}, {"line", b.line}, {"field", b.field},
		{"code", b.code}, {"raw", b.raw}, {"message", b.message},
	})
}

// Rollback undoes the load. After Commit, or a second time, it does nothing.
func (l *Load) Rollback() error {
	if l.db == nil {
		return nil
	}
	var err error
	if l.tx != nil {
		if err = l.tx.Rollback(); err == sql.ErrTxDone {
			err = nil // the context was cancelled, which rolls back
		}
	}
	if l.conn != nil {
		l.conn.Close()
	}
	<-l.db.loading
	l.tx, l.conn, l.db = nil, nil, nil
	return fault.Wrap(err, "roll back load")
}

func (l *Load) wrap(err error, call string, args ...any) error {
	if err == nil || l.db == nil {
		return err
	}
	return l.db.wrap(l.ctx, err, call, args...)
}
