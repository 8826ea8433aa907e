package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
)

// Filter selects decisions; zero fields select all.
type Filter struct {
	State      decision.State
	Kind       decision.Kind
	SKU        commerce.SKU
	Market     commerce.Market
	Plan       string // ID of the plan that proposed it last
	Limit      int    // 0 is no limit
	Offset     int
	Sort       string // "gain" (also ""), "expires" or "cash"
	Descending bool
}

const (
	// The ORDER BY is added by orderBy: its columns are ours, never a caller's text.
	readDecisions = `
SELECT proposal, state, snoozed_until FROM decision
WHERE ($1 = '' OR state = $1) AND ($2 = '' OR kind = $2) AND ($3 = '' OR sku = $3) AND ($4 = '' OR market = $4) AND ($5 = '' OR plan_id = $5)
ORDER BY `

	readDecision = `SELECT proposal, state, snoozed_until FROM decision WHERE id = $1`

	readHistory = `
SELECT decision_id, seq, verb, from_state, to_state, actor, happened_at, note, until_at, receipt,
	coalesce(fingerprint, ''), coalesce(mandate, ''), coalesce(propensity, 0)
FROM decision_event WHERE decision_id = $1 ORDER BY seq`

	// What was endorsed before a decision was taken back, or before a plan changed it, counts
	// no more: decision.Endorsers says the same of one history.
	readEndorsers = `
SELECT e.decision_id, e.actor FROM decision_event AS e JOIN decision AS d ON d.id = e.decision_id
WHERE e.verb = 'endorse' AND d.state = 'proposed' AND e.fingerprint = d.fingerprint
	AND e.seq > coalesce((SELECT max(r.seq) FROM decision_event AS r WHERE r.decision_id = e.decision_id AND r.verb IN ('revoke', 'reopen', 'expire')), 0)
ORDER BY e.decision_id, e.seq`

	countByState = `SELECT state, count(*) FROM decision WHERE $1 = '' OR kind = $1 GROUP BY state`
)

// noLimit is LIMIT's way to say all.
const noLimit = 1 << 62

// Decisions returns the decisions that a filter selects, without their history.
func (db *DB) Decisions(ctx context.Context, f Filter) ([]decision.Decision, error) {
	if _, ok := sortColumns[f.Sort]; !ok {
		return nil, fault.New(fault.Usage, "E-DECISION-SORT", fault.A("value", f.Sort))
	}
	all, err := collect(ctx, db.sql, scanDecision, readDecisions+orderBy(f)+` LIMIT $6 OFFSET $7`, f.arguments()...)
	return all, db.wrap(ctx, err, "read decisions")
}

// arguments are the values of a filter in the order of its statements.
func (f Filter) arguments() []any {
	limit := int64(f.Limit)
	if limit == 0 {
		limit = noLimit
	}
	return []any{string(f.State), string(f.Kind), string(f.SKU), string(f.Market), f.Plan, limit, int64(f.Offset)}
}

func scanDecision(scan func(...any) error, d *decision.Decision) error {
	var proposal string
	var snoozed sql.NullTime
	if err := scan(&proposal, &d.State, &snoozed); err != nil {
		return err
	}
	if snoozed.Valid {
		d.SnoozedUntil = snoozed.Time.UTC()
	}
	return json.Unmarshal([]byte(proposal), &d.Proposal)
}

// Decision returns a decision with its history. An unknown ID is fault.NotFound
// E-DECISION-NOT-FOUND.
func (db *DB) Decision(ctx context.Context, id decision.ID) (*decision.Decision, error) {
	var d decision.Decision
	err := scanDecision(db.sql.QueryRowContext(ctx, readDecision, string(id)).Scan, &d)
	if err == nil {
		d.History, err = collect(ctx, db.sql, scanEvent, readHistory, string(id))
	}
	if err != nil {
		return nil, db.wrap(ctx, missing(err, id), "read decision %s", id)
	}
	return &d, nil
}

// Endorsers returns who has agreed to what proposed decisions are now, where anybody has.
func (db *DB) Endorsers(ctx context.Context) (map[decision.ID][]string, error) {
	type row struct {
		id decision.ID
		by string
	}
	rows, err := collect(ctx, db.sql, func(scan func(...any) error, r *row) error { return scan(&r.id, &r.by) }, readEndorsers)
	by := map[decision.ID][]string{}
	for _, r := range rows {
		if !slices.Contains(by[r.id], r.by) {
			by[r.id] = append(by[r.id], r.by)
		}
	}
	return by, db.wrap(ctx, err, "read endorsements")
}

func scanEvent(scan func(...any) error, e *decision.Event) error {
	var until sql.NullTime
	err := scan(&e.Decision, &e.Seq, &e.Verb, &e.From, &e.To, &e.By, &e.At, &e.Note, &until, &e.Receipt, &e.Fingerprint, &e.Mandate, &e.Propensity)
	e.At = e.At.UTC()
	if until.Valid {
		t := until.Time.UTC()
		e.Until = &t
	}
	return err
}

// missing turns "no such row" into a fault that names the decision.
func missing(err error, id decision.ID) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.New(fault.NotFound, "E-DECISION-NOT-FOUND", fault.A("id", string(id)))
	}
	return err
}

// CountByState returns how many decisions stand where.
func (db *DB) CountByState(ctx context.Context) (map[decision.State]int, error) {
	return db.CountKind(ctx, "")
}

// CountKind returns how many decisions of one kind, or of any (""), stand where.
func (db *DB) CountKind(ctx context.Context, kind decision.Kind) (map[decision.State]int, error) {
	rows, err := db.sql.QueryContext(ctx, countByState, string(kind))
	if err != nil {
		return nil, db.wrap(ctx, err, "count decisions")
	}
	defer rows.Close()
	count := map[decision.State]int{}
	for rows.Next() {
		var s decision.State
		var n int
		if err := rows.Scan(&s, &n); err != nil {
			return nil, db.wrap(ctx, err, "count decisions")
		}
		count[s] = n
	}
	return count, db.wrap(ctx, rows.Err(), "count decisions")
}

const (
	readState = `SELECT state, kind FROM decision WHERE id = $1`

	// A compare-and-swap: of many movers one finds the state that it read, and, where it
	// named them, the proposal that it saw and the number of events until then.
	swapState = `
UPDATE decision SET state = $3, seq = seq + 1, snoozed_until = $4, open_key = CASE WHEN $5 THEN open_key ELSE NULL END
WHERE id = $1 AND state = $2 AND expires <= coalesce($6, expires) AND ($7 = '' OR fingerprint = $7) AND ($8 = 0 OR seq = $8 - 1)`

	insertEvent = `
INSERT INTO decision_event (decision_id, seq, verb, from_state, to_state, actor, happened_at, note, until_at, receipt, fingerprint, mandate, propensity)
SELECT id, seq, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM decision WHERE id = $1`

	readDue = `SELECT id FROM decision WHERE state IN ('proposed', 'approved') AND expires <= $1 ORDER BY id`
)

// Move takes a decision to the state that the event's verb leads to, and appends the event
// to its history; From and To are set here. An event with a fingerprint moves no other
// proposal than the one of it, and an event with a number is that one or none. It fails
// with fault.Stale where the state machine forbids the step or somebody was faster, and
// with fault.NotFound.
func (db *DB) Move(ctx context.Context, ev decision.Event) (decision.State, error) {
	var to decision.State
	err := db.atomically(ctx, func(tx *sql.Tx) (err error) {
		to, err = move(ctx, tx, ev, sql.NullTime{})
		return err
	})
	if err != nil {
		return "", db.wrap(ctx, err, "%s decision %s", ev.Verb, ev.Decision)
	}
	return to, nil
}

// move takes one step; with a time only if the decision has expired by then.
func move(ctx context.Context, tx *sql.Tx, ev decision.Event, due sql.NullTime) (decision.State, error) {
	var kind decision.Kind
	if err := tx.QueryRowContext(ctx, readState, string(ev.Decision)).Scan(&ev.From, &kind); err != nil {
		return "", missing(err, ev.Decision)
	}
	var err error
	if ev.To, err = decision.Next(ev.From, ev.Verb); err != nil {
		return "", err
	}
	if ev.Verb == decision.Revoke && ev.From == decision.Executed && kind != decision.KindGrantMandate { // it left while somebody took it back
		return "", fault.New(fault.Stale, "E-STATE", fault.A("state", string(ev.From)), fault.A("verb", string(ev.Verb)))
	}
	var snoozed sql.NullTime
	if ev.Verb == decision.Snooze && ev.Until != nil {
		snoozed = sql.NullTime{Time: instant(*ev.Until), Valid: true}
	}
	if kind == decision.KindGrantMandate { // no policy may take a step under it at the same moment
		if err := touchAutomation(ctx, tx); err != nil {
			return "", err
		}
	}
	swapped, err := tx.ExecContext(ctx, swapState, string(ev.Decision), string(ev.From), string(ev.To), snoozed, ev.To.Open(), due, ev.Fingerprint, ev.Seq)
	if err != nil {
		return "", err
	}
	if n, err := swapped.RowsAffected(); err != nil || n != 1 {
		return "", errors.Join(err, fault.New(fault.Stale, "E-STORE-RACE"))
	}
	return ev.To, record(ctx, tx, ev)
}

// record appends an event to a decision's history, under the number that the decision has
// counted up to.
func record(ctx context.Context, tx *sql.Tx, ev decision.Event) error {
	var until sql.NullTime
	if ev.Until != nil {
		until = sql.NullTime{Time: instant(*ev.Until), Valid: true}
	}
	_, err := tx.ExecContext(ctx, insertEvent, string(ev.Decision), string(ev.Verb), string(ev.From), string(ev.To),
		clean(ev.By), instant(ev.At), clean(ev.Note), until, clean(ev.Receipt), ev.Fingerprint, string(ev.Mandate), ev.Propensity)
	return err
}

// ExpireDue expires every open decision whose time is over, and returns how many. Each is a
// step of its own: one that somebody moves at the same moment does not hold up the others.
func (db *DB) ExpireDue(ctx context.Context, now time.Time) (int, error) {
	due, err := collect(ctx, db.sql, func(scan func(...any) error, id *decision.ID) error { return scan(id) }, readDue, instant(now))
	if err != nil {
		return 0, db.wrap(ctx, err, "find what is due")
	}
	expired := 0
	for _, id := range due {
		err := db.atomically(ctx, func(tx *sql.Tx) error {
			_, err := move(ctx, tx, decision.Event{Decision: id, Verb: decision.Expire, By: "clock", At: now}, sql.NullTime{Time: instant(now), Valid: true})
			return err
		})
		err = db.wrap(ctx, err, "expire decision %s", id)
		switch {
		case err == nil:
			expired++
		case !fault.Is(err, fault.Stale):
			return expired, err
		}
	}
	return expired, nil
}
