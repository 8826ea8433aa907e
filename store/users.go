package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"tradewind/fault"
)

// Member is a user of the workspace. Of its token only the SHA-256 is kept, in hex.
type Member struct {
	Name     string
	Role     string
	Token    string // its SHA-256
	Added    time.Time
	AddedBy  string
	Disabled *time.Time
}

const (
	memberFields  = `SELECT name, role, token_sha256, added_at, added_by, disabled_at FROM member`
	readMembers   = memberFields + ` ORDER BY name`
	readMember    = memberFields + ` WHERE name = $1`
	memberByToken = memberFields + ` WHERE token_sha256 = $1`
	countMembers  = `SELECT count(*) FROM member`
	countOthers   = `SELECT count(*) FROM member WHERE role = $1 AND disabled_at IS NULL AND name <> $2`

	insertMember = `INSERT INTO member (name, role, token_sha256, added_at, added_by, disabled_at) VALUES ($1, $2, $3, $4, $5, NULL)`
	updateMember = `UPDATE member SET role = $2, token_sha256 = $3, disabled_at = $4 WHERE name = $1`
)

// Members returns every user, the disabled too, by name.
func (db *DB) Members(ctx context.Context) ([]Member, error) {
	all, err := collect(ctx, db.sql, scanMember, readMembers)
	return all, db.wrap(ctx, err, "read users")
}

// CountMembers returns how many users there are, the disabled too.
func (db *DB) CountMembers(ctx context.Context) (n int, err error) {
	err = db.sql.QueryRowContext(ctx, countMembers).Scan(&n)
	return n, db.wrap(ctx, err, "count users")
}

// Member returns a user; fault.NotFound E-USER-NOT-FOUND.
func (db *DB) Member(ctx context.Context, name string) (*Member, error) {
	m, err := memberWhere(ctx, db.sql, readMember, name)
	return m, db.wrap(ctx, err, "read user %s", name)
}

// MemberByToken returns the user whose token has a SHA-256; fault.NotFound E-USER-NOT-FOUND.
func (db *DB) MemberByToken(ctx context.Context, sum string) (*Member, error) {
	m, err := memberWhere(ctx, db.sql, memberByToken, sum)
	return m, db.wrap(ctx, err, "read user by token")
}

func memberWhere(ctx context.Context, q querier, statement, value string) (*Member, error) {
	var m Member
	err := scanMember(q.QueryRowContext(ctx, statement, value).Scan, &m)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, fault.New(fault.NotFound, "E-USER-NOT-FOUND", fault.A("name", value))
	}
	return &m, err
}

func scanMember(scan func(...any) error, m *Member) error {
	var disabled sql.NullTime
	err := scan(&m.Name, &m.Role, &m.Token, &m.Added, &m.AddedBy, &disabled)
	m.Added = m.Added.UTC()
	if disabled.Valid {
		m.Disabled = new(disabled.Time.UTC())
	}
	return err
}

// AddMember keeps a new user. A name that was ever in use is fault.Invalid E-USER-EXISTS;
// a first user of another role than first is fault.Invalid E-USER-FIRST.
func (db *DB) AddMember(ctx context.Context, m Member, first string) error {
	err := db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		var users int
		if err := tx.QueryRowContext(ctx, countMembers).Scan(&users); err != nil {
			return err
		}
		if users == 0 && m.Role != first {
			return fault.New(fault.Invalid, "E-USER-FIRST", fault.A("role", first))
		}
		if _, err := memberWhere(ctx, tx, readMember, m.Name); err == nil {
			return fault.New(fault.Invalid, "E-USER-EXISTS", fault.A("name", m.Name))
		} else if !fault.Is(err, fault.NotFound) {
			return err
		}
		if _, err := tx.ExecContext(ctx, insertMember, m.Name, m.Role, m.Token, instant(m.Added), clean(m.AddedBy)); err != nil {
			return err
		}
		return noteControl(ctx, tx, Control{Subject: "user", Name: m.Name, Verb: "add", Setting: m.Role, By: m.AddedBy, At: m.Added})
	})
	return db.wrap(ctx, err, "add user %s", m.Name)
}

// ChangeMember lets change set the role, the token or the end of a user, and returns the
// user. The last user of a role that keeps its place, last, is fault.Blocked
// E-USER-LAST-ADMIN when it would lose the role or end.
func (db *DB) ChangeMember(ctx context.Context, name, last string, c Control, change func(*Member)) (*Member, error) {
	var m *Member
	err := db.atomically(ctx, func(tx *sql.Tx) (err error) {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		if m, err = memberWhere(ctx, tx, readMember, name); err != nil {
			return err
		}
		change(m)
		if m.Role != last || m.Disabled != nil {
			var others int
			if err := tx.QueryRowContext(ctx, countOthers, last, name).Scan(&others); err != nil {
				return err
			}
			if others == 0 {
				return fault.New(fault.Blocked, "E-USER-LAST-ADMIN", fault.A("name", name), fault.A("role", last))
			}
		}
		var disabled sql.NullTime
		if m.Disabled != nil {
			disabled = sql.NullTime{Time: instant(*m.Disabled), Valid: true}
		}
		if _, err := tx.ExecContext(ctx, updateMember, name, m.Role, m.Token, disabled); err != nil {
			return err
		}
		c.Subject, c.Name, c.Setting = "user", name, m.Role
		return noteControl(ctx, tx, c)
	})
	return m, db.wrap(ctx, err, "change user %s", name)
}
