package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"tradewind/fault"
)

// postgres is the shared engine: a server for a team and for many workers.
type postgres struct {
	config *pgx.ConnConfig
	name   string
}

func newPostgres(dsn string) (*postgres, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, fault.From(err, fault.Invalid, "E-STORE-URL", fault.A("url", withoutPassword(dsn)))
	}
	return &postgres{config, withoutPassword(dsn)}, nil
}

func withoutPassword(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil {
		return "postgres://…"
	}
	return u.Redacted()
}

func (p *postgres) place() string { return p.name }

func (p *postgres) open(ctx context.Context) (*sql.DB, error) {
	pool := stdlib.OpenDB(*p.config)
	if err := pool.PingContext(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

func (p *postgres) snapshot() *sql.TxOptions {
	return &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
}

// workspaceLock is the number under which writers of a workspace queue.
const workspaceLock = 0x7472616465 // "trade"

func (p *postgres) lock(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(workspaceLock))
	return err
}

// count matters: without it the planner takes a fresh table for a small one and joins by
// nested loops.
func (p *postgres) count(ctx context.Context, tx *sql.Tx, tables ...string) error {
	for _, t := range tables {
		if err := exec(ctx, tx, "ANALYZE "+t); err != nil {
			return err
		}
	}
	return nil
}

func (p *postgres) bulk(ctx context.Context, conn *sql.Conn, table string, columns []column) error {
	fields := make([]string, len(columns))
	for k, c := range columns {
		fields[k] = c.name
	}
	return conn.Raw(func(c any) error {
		_, err := c.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, fields, &copySource{columns: columns, rows: rowsOf(columns), next: -1})
		return err
	})
}

// copySource hands columns to COPY, row by row.
type copySource struct {
	columns    []column
	rows, next int
	row        []any
}

func (s *copySource) Next() bool { s.next++; return s.next < s.rows }
func (s *copySource) Err() error { return nil }

func (s *copySource) Values() ([]any, error) {
	s.row = s.row[:0]
	for _, c := range s.columns {
		switch v := c.values.(type) {
		case []int32:
			s.row = append(s.row, v[s.next])
		case []int64:
			s.row = append(s.row, v[s.next])
		case []float64:
			s.row = append(s.row, v[s.next])
		case []bool:
			s.row = append(s.row, v[s.next])
		case []string:
			s.row = append(s.row, v[s.next])
		case []micros:
			s.row = append(s.row, time.UnixMicro(int64(v[s.next])).UTC())
		default:
			panic(fmt.Sprintf("store: no column of %T", c.values))
		}
	}
	return s.row, nil
}

func (p *postgres) indexes() []string {
	return []string{
		"CREATE UNIQUE INDEX IF NOT EXISTS name_label ON name (kind, md5(label))", // a label may be longer than an index entry
		"CREATE UNIQUE INDEX IF NOT EXISTS order_line_key ON order_line (key_hi, key_lo)",
		"CREATE INDEX IF NOT EXISTS order_line_buyer ON order_line (customer_id, sku_id)",
		"CREATE INDEX IF NOT EXISTS line_event_sale ON line_event (sale_hi, sale_lo)",
		"CREATE INDEX IF NOT EXISTS line_event_credit ON line_event (credit_hi, credit_lo)",
		"CREATE INDEX IF NOT EXISTS quarantine_import ON quarantine (import_id)",
		"CREATE INDEX IF NOT EXISTS forecast_series ON forecast (sku_id, market_id)",
		"CREATE INDEX IF NOT EXISTS forecast_run_rows ON forecast (run)",
	}
}

// SQLSTATE classes and codes, PostgreSQL documentation, appendix A.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	diskFull             = "53100"
	dataCorrupted        = "XX001"
	indexCorrupted       = "XX002"
)

func (p *postgres) fault(err error) *fault.Error {
	place := fault.A("file", p.name)
	if p.lostRace(err) {
		return fault.From(err, fault.Stale, "E-STORE-RACE")
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) || errors.Is(err, driver.ErrBadConn) {
		return fault.From(err, fault.Invalid, "E-STORE-UNREACHABLE", fault.A("place", p.name), fault.A("reason", err.Error()))
	}
	switch stateOf(err) {
	case diskFull:
		return fault.From(err, fault.Internal, "E-DISK-FULL", place)
	case dataCorrupted, indexCorrupted:
		return fault.From(err, fault.Invalid, "E-STORE-CORRUPT", place)
	}
	return nil
}

func (p *postgres) lostRace(err error) bool {
	switch stateOf(err) {
	case uniqueViolation, serializationFailure, deadlockDetected:
		return true
	}
	return false
}

func stateOf(err error) string {
	if e := (*pgconn.PgError)(nil); errors.As(err, &e) {
		return e.Code
	}
	return ""
}
