package store

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"strings"
	"time"

	"tradewind/fault"
)

// migrations are the steps from an empty database to this version's tables, one file a
// step, in the order of their names.
//
//go:embed migrations/*.sql
var migrations embed.FS

const (
	findVersionTable = `SELECT count(*) FROM information_schema.tables WHERE table_name = 'schema_version' AND table_schema = current_schema()`
	makeVersionTable = `CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL, applied_at TIMESTAMP NOT NULL)`
	readVersion      = `SELECT coalesce(max(version), 0) FROM schema_version`
	addVersion       = `INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)`
)

// migrate takes the missing steps in one transaction. A workspace with more steps than
// this version knows is refused before anything is written.
func (db *DB) migrate(ctx context.Context) error {
	steps, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	version, err := db.version(ctx)
	if err != nil {
		return err
	}
	if version > len(steps) {
		return fault.New(fault.Invalid, "E-STORE-NEWER", fault.A("file", db.dialect.place()))
	}
	if version == len(steps) {
		return nil
	}
	return db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		if err := exec(ctx, tx, makeVersionTable); err != nil {
			return err
		}
		// Another process may have been faster while this one waited for the lock.
		if err := tx.QueryRowContext(ctx, readVersion).Scan(&version); err != nil {
			return err
		}
		for ; version < len(steps); version++ {
			if err := runStep(ctx, tx, steps[version]); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, addVersion, version+1, instant(time.Now())); err != nil {
				return err
			}
		}
		return exec(ctx, tx, db.dialect.indexes()...)
	})
}

// version returns how many steps the workspace has taken: 0 for an empty one.
func (db *DB) version(ctx context.Context) (version int, err error) {
	var tables int
	if err := db.sql.QueryRowContext(ctx, findVersionTable).Scan(&tables); err != nil || tables == 0 {
		return 0, err
	}
	err = db.sql.QueryRowContext(ctx, readVersion).Scan(&version)
	return version, err
}

// runStep runs a migration file. Its statements end with a semicolon at the end of a line.
func runStep(ctx context.Context, tx *sql.Tx, file string) error {
	text, err := migrations.ReadFile(file)
	if err != nil {
		return err
	}
	for _, statement := range strings.Split(string(text), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if err := exec(ctx, tx, statement); err != nil {
			return fault.Wrap(err, "%s", file)
		}
	}
	return nil
}
