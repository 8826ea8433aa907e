package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"tradewind/calendar"
	"tradewind/money"
)

// ImportRecord says what one file brought: one file's import is all or nothing.
type ImportRecord struct {
	ID         int64          `json:"id"`
	File       string         `json:"file"`
	SHA256     string         `json:"sha256"`
	Bytes      int64          `json:"bytes"`
	Format     string         `json:"format"`
	Fact       string         `json:"fact"` // the kind that the format brings
	How        string         `json:"how"`  // everything that the caller said about reading the file
	Encoding   string         `json:"encoding"`
	Zone       string         `json:"zone"`
	At         time.Time      `json:"at"`
	Rows       Outcomes       `json:"rows"`
	Money      Outcomes       `json:"money_e4"` // ten-thousandths of Currency
	Excluded   []RuleCount    `json:"excluded"`
	Quarantine []RuleCount    `json:"quarantine"`
	Currency   money.Currency `json:"currency"`
	From       *calendar.Day  `json:"from,omitempty"`
	To         *calendar.Day  `json:"to,omitempty"`
}

// Outcomes counts what became of the rows of a file. In is the sum of the others.
type Outcomes struct {
	In          int64 `json:"in"`
	Loaded      int64 `json:"loaded"`
	Updated     int64 `json:"updated"`
	Unchanged   int64 `json:"unchanged"`
	Duplicate   int64 `json:"duplicate"`
	Quarantined int64 `json:"quarantined"`
	Excluded    int64 `json:"excluded"`
}

// RuleCount is what one rule or one code took out.
type RuleCount struct {
	Code string `json:"code"`
	Rows int64  `json:"rows"`
	E4   int64  `json:"e4"`
}

const (
	insertImport = `INSERT INTO import_file (id, sha256, report) VALUES ($1, $2, $3)`
	readImports  = `SELECT id, report FROM import_file ORDER BY id DESC`

	readQuarantine = `
SELECT import_id, file, line, field, code, raw, message, coalesce(superseded_by, 0) FROM quarantine
WHERE import_id = $1 OR $1 = 0 AND superseded_by IS NULL
ORDER BY import_id DESC, line, field LIMIT $2`

	countWaiting = `SELECT count(*) FROM quarantine WHERE superseded_by IS NULL`

	// Whoever imports a file of the same name, or the same bytes again, has mended it, or
	// has the same rows to mend.
	supersede = `
UPDATE quarantine SET superseded_by = $1
WHERE superseded_by IS NULL AND import_id <> $1
	AND (file = $2 OR import_id IN (SELECT id FROM import_file WHERE sha256 = $3))`
)

func saveImport(ctx context.Context, tx *sql.Tx, r ImportRecord) error {
	report, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, insertImport, r.ID, r.SHA256, clean(string(report)))
	return err
}

func scanImport(scan func(...any) error, r *ImportRecord) error {
	var id int64
	var report string
	if err := scan(&id, &report); err != nil {
		return err
	}
	err := json.Unmarshal([]byte(report), r)
	r.ID = id
	return err
}

// RepeatedImport returns the last import of the same bytes read the same way, if what it
// brought stands as it left it: nil where a later import of the same kind of fact updated
// rows, for they may be its own.
func (db *DB) RepeatedImport(ctx context.Context, sha256, how string) (*ImportRecord, error) {
	r, err := repeatedImport(ctx, db.sql, sha256, how)
	return r, db.wrap(ctx, err, "find import")
}

// RepeatedImport is DB.RepeatedImport once the load has its turn: another process may have
// imported the same bytes while this one waited.
func (l *Load) RepeatedImport(ctx context.Context, sha256, how string) (*ImportRecord, error) {
	r, err := repeatedImport(ctx, l.tx, sha256, how)
	return r, l.wrap(err, "find import")
}

func repeatedImport(ctx context.Context, q querier, sha256, how string) (*ImportRecord, error) {
	all, err := collect(ctx, q, scanImport, readImports) // newest first
	if err != nil {
		return nil, err
	}
	updated := map[string]bool{} // by kind of fact
	for i := range all {
		r := &all[i]
		if r.SHA256 == sha256 {
			if r.How != how || updated[r.Fact] {
				return nil, nil
			}
			return r, nil
		}
		if r.Rows.Updated > 0 {
			updated[r.Fact] = true
		}
	}
	return nil, nil
}

// Imports returns all imports, newest first.
func (db *DB) Imports(ctx context.Context) ([]ImportRecord, error) {
	all, err := collect(ctx, db.sql, scanImport, readImports)
	return all, db.wrap(ctx, err, "read imports")
}

// Quarantine returns at most limit rows that could not be read, in the order of the file:
// all of one import, or those of any import (0) that wait to be mended, newest first.
func (db *DB) Quarantine(ctx context.Context, importID int64, limit int) ([]Quarantined, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, q *Quarantined) error {
		var message string
		if err := scan(&q.Import, &q.File, &q.Line, &q.Column, &q.Code, &q.Raw, &message, &q.Superseded); err != nil {
			return err
		}
		return json.Unmarshal([]byte(message), &q.Message)
	}, readQuarantine, importID, limit)
	return all, db.wrap(ctx, err, "read quarantine")
}

// Waiting counts the rows in quarantine that wait to be mended.
func (db *DB) Waiting(ctx context.Context) (n int64, err error) {
	err = db.sql.QueryRowContext(ctx, countWaiting).Scan(&n)
	return n, db.wrap(ctx, err, "count quarantine")
}
