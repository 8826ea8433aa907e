package store

import "database/sql"

// SQL lets tests see the engine as the store's own statements do.
func (db *DB) SQL() *sql.DB { return db.sql }
