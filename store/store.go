// Package store keeps a workspace: its facts, its plans and its decisions, in one DuckDB
// file or one PostgreSQL database, under one SQL text. It loads in bulk, freezes the facts
// into a commerce.Snapshot, and moves decisions from state to state with one winner.
//
// Before it: ingest, which reads files into facts, and plan, which makes proposals. After
// it: the root package, which calls all three. It is not for cleaning facts (ingest), for
// choosing (plan) or for acting (connect).
package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"tradewind/fault"
)

// DB is an open workspace. Its methods may be called from many goroutines.
type DB struct {
	sql     *sql.DB
	dialect dialect
	loading chan struct{} // holds one token: a workspace takes one load at a time
}

// Open opens a workspace and brings its tables to this version's form:
// "duckdb:shop.duckdb" (made when missing) or "postgres://user@host/name". A DuckDB URL
// may end in "?memory_limit=1GB&threads=2"; without them DuckDB uses at most 512 MB and
// every core.
//
// Failure: fault.Invalid E-STORE-URL, E-STORE-NEWER (written by a newer version; nothing
// is touched), E-STORE-CORRUPT, E-STORE-UNREACHABLE; fault.Blocked E-STORE-LOCKED (another
// process has the file).
func Open(ctx context.Context, url string) (*DB, error) {
	d, err := dialectOf(url)
	if err != nil {
		return nil, err
	}
	pool, err := d.open(ctx)
	if err != nil {
		return nil, fault.Wrap(explain(ctx, d, err), "open %s", d.place())
	}
	db := &DB{sql: pool, dialect: d, loading: make(chan struct{}, 1)}
	if err := db.migrate(ctx); err != nil {
		pool.Close()
		return nil, fault.Wrap(explain(ctx, d, err), "open %s", d.place())
	}
	return db, nil
}

// Close lets the workspace go. Loads that are neither committed nor rolled back are lost.
func (db *DB) Close() error { return db.sql.Close() }

// wrap adds the call to an error of the engine, and says what the engine meant.
func (db *DB) wrap(ctx context.Context, err error, call string, args ...any) error {
	return fault.Wrap(explain(ctx, db.dialect, err), call, args...)
}

// explain turns an engine's error into a fault where a person can do something about it.
// A cancelled context stays a cancelled context.
func explain(ctx context.Context, d dialect, err error) error {
	switch {
	case err == nil, fault.Of(err) != nil:
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	if f := d.fault(err); f != nil {
		return f
	}
	return err
}

// atomically runs do in one transaction: all of it, or none.
func (db *DB) atomically(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// querier is what statements run on: the pool, a connection, or a transaction.
type querier interface {
	ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row
}

// collect reads all rows of a query; scan fills one row.
func collect[T any](ctx context.Context, q querier, scan func(scan func(...any) error, row *T) error, statement string, args ...any) ([]T, error) {
	rows, err := q.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		var row T
		if err := scan(rows.Scan, &row); err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}

// exec runs statements in order.
func exec(ctx context.Context, q querier, statements ...string) error {
	for _, s := range statements {
		if _, err := q.ExecContext(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// instant returns t as it is stored: UTC, in microseconds.
func instant(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// clean makes a text that both engines can hold: valid UTF-8 without NUL.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\u2400")
}
