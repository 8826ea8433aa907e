package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
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
	findImport   = `SELECT id, report FROM import_file WHERE sha256 = $1 ORDER BY id DESC LIMIT 1`
	readImports  = `SELECT id, report FROM import_file ORDER BY id DESC`

	readQuarantine = `
SELECT import_id, file, line, field, code, raw, message FROM quarantine
WHERE import_id = $1 OR $1 = 0
ORDER BY import_id DESC, line, field LIMIT $2`
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

// FindImport returns the last import of a file with these bytes, or nil.
func (db *DB) FindImport(ctx context.Context, sha256 string) (*ImportRecord, error) {
	var r ImportRecord
	err := scanImport(db.sql.QueryRowContext(ctx, findImport, sha256).Scan, &r)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return &r, db.wrap(ctx, err, "find import")
}

// Imports returns all imports, newest first.
func (db *DB) Imports(ctx context.Context) ([]ImportRecord, error) {
	all, err := collect(ctx, db.sql, scanImport, readImports)
	return all, db.wrap(ctx, err, "read imports")
}

// Quarantine returns at most limit rows that wait to be mended, of one import or of all
// (0), newest import first and in the order of the file.
func (db *DB) Quarantine(ctx context.Context, importID int64, limit int) ([]Quarantined, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, q *Quarantined) error {
		var message string
		if err := scan(&q.Import, &q.File, &q.Line, &q.Column, &q.Code, &q.Raw, &message); err != nil {
			return err
		}
		return json.Unmarshal([]byte(message), &q.Message)
	}, readQuarantine, importID, limit)
	return all, db.wrap(ctx, err, "read quarantine")
}
