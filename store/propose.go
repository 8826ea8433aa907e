package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"

	"tradewind/decision"
	"tradewind/fault"
)

// PlanRecord is a plan as it was reported.
type PlanRecord struct {
	ID   string
	At   time.Time
	JSON []byte
}

const (
	savePlan = `
INSERT INTO plan (id, seq, run_at, report)
VALUES ($1, CAST((SELECT coalesce(max(seq), 0) + 1 FROM plan) AS INTEGER), $2, $3)
ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, run_at = excluded.run_at, report = excluded.report`

	latestPlan = `SELECT id, run_at, report FROM plan ORDER BY seq DESC LIMIT 1`

	readStanding = `SELECT id, coalesce(open_key, ''), state, coalesce(author, '') FROM decision`

	insertDecision = `
INSERT INTO decision (id, open_key, plan_id, state, seq, kind, sku, market, channel, location,
	gain_e4, cash_e4, expires, snoozed_until, fingerprint, proposal, listing, author)
VALUES ($1, $2, $3, 'proposed', 0, $4, $5, $6, $7, $8, $9, $10, $11, NULL, $12, $13, $14, $15)`

	renewDecision = `
UPDATE decision SET plan_id = $2, expires = $3, gain_e4 = $4, cash_e4 = $5, fingerprint = $6, proposal = $7, listing = $8
WHERE id = $1 AND state = 'proposed'`

	reopenDecision = `
UPDATE decision SET state = 'proposed', open_key = $9, plan_id = $2, expires = $3, seq = seq + 1,
	gain_e4 = $4, cash_e4 = $5, fingerprint = $6, proposal = $7, listing = $8, snoozed_until = NULL
WHERE id = $1 AND state = 'expired'`
)

// standing is where a stored decision stands.
type standing struct {
	id      decision.ID
	openKey string
	state   decision.State
	author  string // the person who proposed it; "" is a plan
}

// Carried is what people said about earlier plans and what becomes of it under a new one.
type Carried struct {
	Withdrawn []decision.ID             // approved, but the facts have changed since: they expire
	Snoozed   map[decision.ID]time.Time // until when new proposals stay hidden, as those before them were
}

// Propose records a plan and its proposals in one transaction. A proposed decision of an
// earlier plan that this one does not repeat under the same ID expires, by "plan:ID"; one that it repeats is
// renewed, snoozed or not: its proposal, its fingerprint and its time are those of this
// plan. A subject with an approved decision that is not withdrawn gets no second one, and
// what a person rejected or what was executed under the same ID is not proposed again.
func (db *DB) Propose(ctx context.Context, run PlanRecord, proposals []decision.Proposal, carried Carried, now time.Time) error {
	err := db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, savePlan, run.ID, instant(run.At), clean(string(run.JSON))); err != nil {
			return err
		}
		for _, id := range carried.Withdrawn {
			e := decision.Event{Decision: id, Verb: decision.Expire, By: "plan:" + run.ID, At: now}
			if _, err := move(ctx, tx, e, sql.NullTime{}); err != nil {
				return err
			}
		}
		stored, err := collect(ctx, tx, func(scan func(...any) error, s *standing) error {
			return scan(&s.id, &s.openKey, &s.state, &s.author)
		}, readStanding)
		if err != nil {
			return err
		}
		return propose(ctx, tx, run.ID, proposals, stored, carried.Snoozed, now)
	})
	return db.wrap(ctx, err, "propose plan %s", run.ID)
}

func propose(ctx context.Context, tx *sql.Tx, plan string, proposals []decision.Proposal, stored []standing, snoozed map[decision.ID]time.Time, now time.Time) error {
	repeated := map[decision.ID]bool{}
	for _, p := range proposals {
		repeated[p.ID] = true
	}
	known := map[decision.ID]decision.State{}
	standing := map[string]bool{} // by open key; what a person proposed is theirs to withdraw, and stands too
	for _, s := range stored {
		known[s.id] = s.state
		switch {
		case s.state == decision.Approved, s.state == decision.Proposed && s.author != "":
			standing[s.openKey] = true
		case s.state == decision.Proposed && !repeated[s.id]:
			e := decision.Event{Decision: s.id, Verb: decision.Expire, By: "plan:" + plan, At: now}
			if _, err := move(ctx, tx, e, sql.NullTime{}); err != nil {
				return err
			}
		}
	}
	for i := range proposals {
		p := &proposals[i]
		state, isKnown := known[p.ID]
		var err error
		switch {
		case standing[decision.OpenKey(p.Action)]:
		case isKnown && state == decision.Proposed:
			err = renew(ctx, tx, renewDecision, plan, p) // its own snooze stays
		case !isKnown, state == decision.Expired:
			until, hidden := snoozed[p.ID]
			err = begin(ctx, tx, plan, p, isKnown, now)
			if err == nil && hidden {
				e := decision.Event{Decision: p.ID, Verb: decision.Snooze, By: "plan:" + plan, At: now, Until: &until}
				_, err = move(ctx, tx, e, sql.NullTime{})
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begin makes a decision stand as proposed: a new one, or one that had expired.
func begin(ctx context.Context, tx *sql.Tx, plan string, p *decision.Proposal, expired bool, now time.Time) error {
	if expired {
		return reopen(ctx, tx, plan, p, now)
	}
	return insert(ctx, tx, plan, p)
}

func insert(ctx context.Context, tx *sql.Tx, plan string, p *decision.Proposal) error {
	proposal, listing, err := encode(p)
	if err != nil {
		return err
	}
	s := p.Action.Subject()
	_, err = tx.ExecContext(ctx, insertDecision, string(p.ID), decision.OpenKey(p.Action), plan, string(p.Action.Kind()),
		string(s.SKU), string(s.Market), string(s.Channel), string(s.Location),
		p.Gain.Mean.E4(), p.Cash.E4(), instant(p.Expires), p.Fingerprint, proposal, listing, clean(p.Author))
	return err
}

// ProposeOne records what a person proposed. An open proposal of a plan of the same kind on
// the same subject expires in its favour. Where a decision was approved, or another person
// proposed one, it is fault.Stale E-STORE-OPEN, and E-STORE-KNOWN where the same was proposed
// before, whatever became of it; both name that decision.
func (db *DB) ProposeOne(ctx context.Context, p *decision.Proposal, now time.Time) error {
	err := db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		stored, err := collect(ctx, tx, func(scan func(...any) error, s *standing) error {
			return scan(&s.id, &s.openKey, &s.state, &s.author)
		}, readStanding)
		if err != nil {
			return err
		}
		for _, s := range stored {
			switch {
			case s.id == p.ID:
				return fault.New(fault.Stale, "E-STORE-KNOWN", fault.A("id", string(s.id)), fault.A("state", string(s.state)))
			case s.openKey != decision.OpenKey(p.Action):
			case s.state == decision.Approved || s.author != "":
				return fault.New(fault.Stale, "E-STORE-OPEN", fault.A("id", string(s.id)), fault.A("state", string(s.state)))
			default:
				if _, err := move(ctx, tx, decision.Event{Decision: s.id, Verb: decision.Expire, By: p.Author, At: now}, sql.NullTime{}); err != nil {
					return err
				}
			}
		}
		return insert(ctx, tx, "", p)
	})
	return db.wrap(ctx, err, "propose %s", p.ID)
}

// reopen proposes again what had expired, by the clock or replaced by another plan: the
// same decision, from the same facts and settings, stands again.
func reopen(ctx context.Context, tx *sql.Tx, plan string, p *decision.Proposal, now time.Time) error {
	if err := renew(ctx, tx, reopenDecision, plan, p, decision.OpenKey(p.Action)); err != nil {
		return err
	}
	return record(ctx, tx, decision.Event{Decision: p.ID, Verb: decision.Reopen, From: decision.Expired, To: decision.Proposed, By: "plan:" + plan, At: now})
}

// renew replaces a stored proposal by that of a new plan.
func renew(ctx context.Context, tx *sql.Tx, statement, plan string, p *decision.Proposal, more ...any) error {
	proposal, listing, err := encode(p)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, statement, append([]any{string(p.ID), plan, instant(p.Expires),
		p.Gain.Mean.E4(), p.Cash.E4(), p.Fingerprint, proposal, listing}, more...)...)
	return err
}

// LatestPlan returns the plan that was recorded last, or nil.
func (db *DB) LatestPlan(ctx context.Context) (*PlanRecord, error) {
	var p PlanRecord
	var report string
	err := db.sql.QueryRowContext(ctx, latestPlan).Scan(&p.ID, &p.At, &report)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	p.At, p.JSON = p.At.UTC(), []byte(report)
	return &p, db.wrap(ctx, err, "read latest plan")
}

// sortColumns are what decisions can be sorted by.
var sortColumns = map[string]string{"": "gain_e4", "gain": "gain_e4", "cash": "cash_e4", "expires": "expires"}

// orderBy returns the ORDER BY of a filter, ties by ID.
func orderBy(f Filter) string {
	direction := " ASC"
	if f.Descending {
		direction = " DESC"
	}
	return strings.Join([]string{sortColumns[f.Sort] + direction, "id"}, ", ")
}
