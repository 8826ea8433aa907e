package store

import (
	"context"
	"database/sql"
	"strings"

	"tradewind/fault"
)

// dialect is the whole difference between the engines. Everything else is one SQL text.
type dialect interface {
	place() string // what people call the workspace: a path, or a URL without its password
	open(ctx context.Context) (*sql.DB, error)

	// snapshot is the transaction in which several reads see one state.
	snapshot() *sql.TxOptions
	// lock makes concurrent writers of one workspace wait, until the transaction ends.
	lock(ctx context.Context, tx *sql.Tx) error
	// bulk appends columns to a table on a connection, inside its transaction.
	bulk(ctx context.Context, conn *sql.Conn, table string, columns []column) error
	// count tells the engine's planner how many rows tables have that this transaction
	// filled, where it cannot see that by itself.
	count(ctx context.Context, tx *sql.Tx, tables ...string) error
	// indexes are the statements that make the engine's own indexes.
	indexes() []string

	// fault says what a person can do about an engine's error, or returns nil.
	fault(err error) *fault.Error
	// lostRace reports whether another writer was faster.
	lostRace(err error) bool
}

// dialectOf reads the URL of a workspace.
func dialectOf(url string) (dialect, error) {
	scheme, rest, _ := strings.Cut(url, ":")
	switch scheme {
	case "duckdb":
		return newDuckDB(rest)
	case "postgres", "postgresql":
		return newPostgres(url)
	}
	return nil, badURL(url)
}

func badURL(url string) error {
	return fault.New(fault.Invalid, "E-STORE-URL", fault.A("url", url))
}

// column is one column of a batch: its name and a slice of int32, int64, float64, bool,
// string or micros.
type column struct {
	name   string
	values any
}

// micros is an instant in microseconds since 1970-01-01 UTC: a TIMESTAMP as DuckDB has it.
type micros int64

// containsAny reports whether an error's text has one of some phrases: DuckDB gives its
// errors no codes.
func containsAny(err error, phrases ...string) bool {
	text := err.Error()
	for _, p := range phrases {
		if strings.Contains(text, p) {
			return true
		}
	}
	return false
}
