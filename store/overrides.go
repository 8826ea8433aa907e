package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"tradewind/calendar"
	"tradewind/commerce"
	"tradewind/fault"
)

// Override is what a person expects of a SKU in a market, in place of the model, with its
// history. It is never changed; it may be removed, which is an event.
type Override struct {
	ID       string // set when it is kept
	Seq      int    // likewise
	SKU      commerce.SKU
	Market   commerce.Market
	From     calendar.Day
	Factor   float64   // of what the model expected; 0 and HasUnits where units were given
	HasUnits bool      // units were given, not a factor
	Units    []float64 // a day, from From on
	Expected []float64 // likewise, by the model when the override was made
	Model    string
	Snapshot string
	History  []OverrideEvent
}

// OverrideEvent is one thing that somebody did.
type OverrideEvent struct {
	Verb   string // "make" or "remove"
	By     string
	At     time.Time
	Reason string
}

const (
	nextOverride = `SELECT coalesce(max(seq), 0) + 1 FROM demand_override`

	insertOverride = `
INSERT INTO demand_override (id, seq, sku, market, from_day, factor, units, expected, model, snapshot)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`

	insertOverrideEvent = `
INSERT INTO override_event (override_id, seq, verb, actor, happened_at, reason) VALUES ($1, $2, $3, $4, $5, $6)`

	readOverrides = `
SELECT id, seq, sku, market, from_day, factor, units, expected, model, snapshot FROM demand_override
WHERE $1 = '' OR sku = $1 ORDER BY seq`

	readOverrideEvents = `SELECT override_id, verb, actor, happened_at, reason FROM override_event ORDER BY override_id, seq`

	countOverrideEvents = `
SELECT count(*) FROM override_event WHERE override_id = $1`
)

// verbs of overrides.
const (
	makeOverride   = "make"
	removeOverride = "remove"
)

// SaveOverride keeps an override and who made it why, and returns it with its ID.
func (db *DB) SaveOverride(ctx context.Context, o Override, by, reason string, at time.Time) (*Override, error) {
	units, err := json.Marshal(o.Units)
	if err != nil {
		return nil, fault.Wrap(err, "keep an override of %s", o.SKU)
	}
	expected, err := json.Marshal(o.Expected)
	if err != nil {
		return nil, fault.Wrap(err, "keep an override of %s", o.SKU)
	}
	made := OverrideEvent{Verb: makeOverride, By: clean(by), At: instant(at), Reason: clean(reason)}
	err = db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, nextOverride).Scan(&o.Seq); err != nil {
			return err
		}
		o.ID = "O-" + strconv.Itoa(o.Seq)
		_, err := tx.ExecContext(ctx, insertOverride, o.ID, o.Seq, clean(string(o.SKU)), clean(string(o.Market)), o.From.Ordinal(),
			sql.NullFloat64{Float64: o.Factor, Valid: !o.HasUnits}, string(units), string(expected), o.Model, o.Snapshot)
		if err != nil {
			return err
		}
		return insertEventOf(ctx, tx, o.ID, 1, made)
	})
	o.History = []OverrideEvent{made}
	return &o, db.wrap(ctx, err, "keep an override of %s", o.SKU)
}

func insertEventOf(ctx context.Context, tx *sql.Tx, id string, seq int, e OverrideEvent) error {
	_, err := tx.ExecContext(ctx, insertOverrideEvent, id, seq, e.Verb, e.By, e.At, e.Reason)
	return err
}

// RemoveOverride ends an override. An unknown ID is fault.NotFound E-OVERRIDE-NOT-FOUND, one
// that somebody removed before fault.Stale E-OVERRIDE-REMOVED.
func (db *DB) RemoveOverride(ctx context.Context, id, by, reason string, at time.Time) error {
	err := db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		var events int
		if err := tx.QueryRowContext(ctx, countOverrideEvents, id).Scan(&events); err != nil {
			return err
		}
		switch events {
		case 0:
			return fault.New(fault.NotFound, "E-OVERRIDE-NOT-FOUND", fault.A("id", id))
		case 1:
			return insertEventOf(ctx, tx, id, 2, OverrideEvent{removeOverride, clean(by), instant(at), clean(reason)})
		}
		return fault.New(fault.Stale, "E-OVERRIDE-REMOVED", fault.A("id", id))
	})
	return db.wrap(ctx, err, "remove override %s", id)
}

// Overrides returns the overrides of a SKU, or of all (""), removed ones included, in the
// order in which they were made.
func (db *DB) Overrides(ctx context.Context, sku commerce.SKU) ([]Override, error) {
	all, err := collect(ctx, db.sql, scanOverride, readOverrides, string(sku))
	if err == nil && len(all) > 0 {
		err = db.readOverrideEvents(ctx, all)
	}
	return all, db.wrap(ctx, err, "read overrides")
}

func scanOverride(scan func(...any) error, o *Override) error {
	var factor sql.NullFloat64
	var units, expected string
	if err := scan(&o.ID, &o.Seq, &o.SKU, &o.Market, ordinal{&o.From}, &factor, &units, &expected, &o.Model, &o.Snapshot); err != nil {
		return err
	}
	o.Factor, o.HasUnits = factor.Float64, !factor.Valid
	return errors.Join(json.Unmarshal([]byte(units), &o.Units), json.Unmarshal([]byte(expected), &o.Expected))
}

func (db *DB) readOverrideEvents(ctx context.Context, all []Override) error {
	at := map[string]int{}
	for i, o := range all {
		at[o.ID] = i
	}
	rows, err := db.sql.QueryContext(ctx, readOverrideEvents)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var e OverrideEvent
		if err := rows.Scan(&id, &e.Verb, &e.By, &e.At, &e.Reason); err != nil {
			return err
		}
		e.At = e.At.UTC()
		if i, known := at[id]; known {
			all[i].History = append(all[i].History, e)
		}
	}
	return rows.Err()
}

// Removed returns the event that ended an override, or nil.
func (o *Override) Removed() *OverrideEvent {
	if n := len(o.History); n > 1 {
		return &o.History[n-1]
	}
	return nil
}
