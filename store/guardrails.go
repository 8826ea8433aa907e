package store

import (
	"context"
	"database/sql"
	"time"
)

// Control is what a person did to a user, a guardrail, the level of a policy or the pause.
type Control struct {
	Subject string // "user", "guardrail", "level" or "pause"
	Name    string
	Verb    string
	Setting string // what it was set to; "" back to the default
	By      string
	At      time.Time
	Note    string
}

const (
	insertControl = `
INSERT INTO control_event (seq, subject, name, verb, setting, actor, happened_at, note)
SELECT coalesce(max(seq), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM control_event`

	readControls = `
SELECT subject, name, verb, setting, actor, happened_at, note FROM control_event
WHERE ($1 = '' OR subject = $1) ORDER BY seq`

	readGuardrails  = `SELECT name, limit_text FROM guardrail ORDER BY name`
	deleteGuardrail = `DELETE FROM guardrail WHERE name = $1`
	insertGuardrail = `INSERT INTO guardrail (name, limit_text) VALUES ($1, $2)`
	updateGuardrail = `UPDATE guardrail SET limit_text = $2 WHERE name = $1`
)

// noteControl appends to the log of what people did to the controls.
func noteControl(ctx context.Context, tx *sql.Tx, c Control) error {
	_, err := tx.ExecContext(ctx, insertControl, c.Subject, c.Name, c.Verb, clean(c.Setting), clean(c.By), instant(c.At), clean(c.Note))
	return err
}

// Controls returns what people did to the controls of a subject, or of all (""), in order.
func (db *DB) Controls(ctx context.Context, subject string) ([]Control, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, c *Control) error {
		err := scan(&c.Subject, &c.Name, &c.Verb, &c.Setting, &c.By, &c.At, &c.Note)
		c.At = c.At.UTC()
		return err
	}, readControls, subject)
	return all, db.wrap(ctx, err, "read controls")
}

// Guardrails returns the limits that were set, by name.
func (db *DB) Guardrails(ctx context.Context) (map[string]string, error) {
	set, err := guardrails(ctx, db.sql)
	return set, db.wrap(ctx, err, "read guardrails")
}

func guardrails(ctx context.Context, q querier) (map[string]string, error) {
	type row struct{ name, limit string }
	rows, err := collect(ctx, q, func(scan func(...any) error, r *row) error { return scan(&r.name, &r.limit) }, readGuardrails)
	set := map[string]string{}
	for _, r := range rows {
		set[r.name] = r.limit
	}
	return set, err
}

// SetGuardrail keeps a limit; set is false for back to the default. No step of a policy is
// recorded under the old limit once it returns.
func (db *DB) SetGuardrail(ctx context.Context, name, limit string, set bool, c Control) error {
	c.Subject, c.Name, c.Verb, c.Setting = "guardrail", name, "set", limit
	if !set {
		c.Verb = "reset"
	}
	err := db.control(ctx, c, func(tx *sql.Tx) error {
		if !set {
			_, err := tx.ExecContext(ctx, deleteGuardrail, name)
			return err
		}
		_, err := upsert(ctx, tx, updateGuardrail, insertGuardrail, name, limit)
		return err
	})
	return db.wrap(ctx, err, "set guardrail %s", name)
}

// upsert updates a row, or inserts it where there is none. It is false where the statements
// let neither be done.
func upsert(ctx context.Context, tx *sql.Tx, update, insert string, args ...any) (bool, error) {
	for _, statement := range []string{update, insert} {
		done, err := tx.ExecContext(ctx, statement, args...)
		if err != nil {
			return false, err
		}
		if n, err := done.RowsAffected(); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}
