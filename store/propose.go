package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"tradewind/decision"
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

	readStanding = `SELECT id, coalesce(open_key, ''), state FROM decision`

	insertDecision = `
INSERT INTO decision (id, open_key, plan_id, state, seq, kind, sku, market, channel, location,
	gain_e4, cash_e4, expires, snoozed_until, fingerprint, proposal)
VALUES ($1, $2, $3, 'proposed', 0, $4, $5, $6, $7, $8, $9, $10, $11, NULL, $12, $13)`

	reopenDecision = `
UPDATE decision SET state = 'proposed', open_key = $2, plan_id = $3, expires = $4, seq = seq + 1,
	gain_e4 = $5, cash_e4 = $6, fingerprint = $7, proposal = $8, snoozed_until = NULL
WHERE id = $1 AND state = 'expired'`
)

// standing is where a stored decision stands.
type standing struct {
	id      decision.ID
	openKey string
	state   decision.State
}

// Propose records a plan and its proposals in one transaction. A proposed decision that
// the plan does not repeat under the same ID expires, superseded by "plan:ID"; one that it
// repeats stays as it is, snoozed or not. A subject with an approved decision gets no
// second one, and what a person rejected or what was executed under the same ID is not
// proposed again.
func (db *DB) Propose(ctx context.Context, run PlanRecord, proposals []decision.Proposal, now time.Time) error {
	err := db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, savePlan, run.ID, instant(run.At), clean(string(run.JSON))); err != nil {
			return err
		}
		stored, err := collect(ctx, tx, func(scan func(...any) error, s *standing) error {
			return scan(&s.id, &s.openKey, &s.state)
		}, readStanding)
		if err != nil {
			return err
		}
		return propose(ctx, tx, run.ID, proposals, stored, now)
	})
	return db.wrap(ctx, err, "propose plan %s", run.ID)
}

func propose(ctx context.Context, tx *sql.Tx, plan string, proposals []decision.Proposal, stored []standing, now time.Time) error {
	repeated := map[decision.ID]bool{}
	for _, p := range proposals {
		repeated[p.ID] = true
	}
	known := map[decision.ID]decision.State{}
	approved := map[string]bool{} // by open key
	for _, s := range stored {
		known[s.id] = s.state
		switch {
		case s.state == decision.Approved:
			approved[s.openKey] = true
		case s.state == decision.Proposed && !repeated[s.id]:
			e := decision.Event{Decision: s.id, Verb: decision.Expire, By: "plan:" + plan, At: now}
			if _, err := move(ctx, tx, e); err != nil {
				return err
			}
		}
	}
	for i := range proposals {
		p := &proposals[i]
		state, isKnown := known[p.ID]
		switch {
		case approved[decision.OpenKey(p.Action)], isKnown && state != decision.Expired:
			continue
		case isKnown:
			if err := reopen(ctx, tx, plan, p, now); err != nil {
				return err
			}
		default:
			if err := insert(ctx, tx, plan, p); err != nil {
				return err
			}
		}
	}
	return nil
}

func insert(ctx context.Context, tx *sql.Tx, plan string, p *decision.Proposal) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	s := p.Action.Subject()
	_, err = tx.ExecContext(ctx, insertDecision, string(p.ID), decision.OpenKey(p.Action), plan, string(p.Action.Kind()),
		string(s.SKU), string(s.Market), string(s.Channel), string(s.Location),
		p.Gain.Mean.E4(), p.Cash.E4(), instant(p.Expires), p.Fingerprint, string(text))
	return err
}

// reopen proposes again what had expired, by the clock or replaced by another plan: the
// same decision, from the same facts and settings, stands again.
func reopen(ctx context.Context, tx *sql.Tx, plan string, p *decision.Proposal, now time.Time) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, reopenDecision, string(p.ID), decision.OpenKey(p.Action), plan, instant(p.Expires),
		p.Gain.Mean.E4(), p.Cash.E4(), p.Fingerprint, string(text)); err != nil {
		return err
	}
	return record(ctx, tx, decision.Event{Decision: p.ID, Verb: decision.Reopen, From: decision.Expired, To: decision.Proposed, By: "plan:" + plan, At: now})
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
