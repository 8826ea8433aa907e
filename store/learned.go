package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"tradewind/commerce"
	"tradewind/decision"
	"tradewind/fault"
)

// LearnedPolicy is what was learned of an item at a location.
type LearnedPolicy struct {
	SKU       commerce.SKU
	Location  commerce.Location
	TrainedAt time.Time
	TrainedBy string
	Snapshot  string // hash of the facts that it was learned on
	Level     string
	Since     time.Time
	Policy    json.RawMessage
	Evidence  json.RawMessage // nil: nobody evaluated it
}

// LearnedSite names what a policy was learned of.
type LearnedSite struct {
	SKU      commerce.SKU
	Location commerce.Location
}

// LearnedMove is a move on the ladder, or a verdict that left a policy where it was.
type LearnedMove struct {
	SKU      commerce.SKU
	Location commerce.Location
	From, To string
	Reason   json.RawMessage
	By       string
	At       time.Time
}

// Review is what a person found of a decision that a policy had made.
type Review struct {
	Decision decision.ID
	SKU      commerce.SKU
	Location commerce.Location
	Right    bool
	By       string
	At       time.Time
	Note     string
}

const (
	learnedFields = `SELECT sku, location, trained_at, trained_by, snapshot, level, since, policy, evidence FROM learned_policy`
	readLearned   = learnedFields + ` ORDER BY sku, location`

	readRungs = `SELECT sku, location, level FROM learned_policy`

	updateLearned = `UPDATE learned_policy SET trained_at = $3, trained_by = $4, snapshot = $5, level = $6, since = $7, policy = $8, evidence = $9 WHERE sku = $1 AND location = $2 AND trained_at <= $3`
	insertLearned = `INSERT INTO learned_policy (sku, location, trained_at, trained_by, snapshot, level, since, policy, evidence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING`

	insertLearnedMove = `
INSERT INTO learned_move (seq, sku, location, from_level, to_level, reason, actor, happened_at)
SELECT coalesce(max(seq), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM learned_move`

	readLearnedMoves = `SELECT sku, location, from_level, to_level, reason, actor, happened_at FROM learned_move ORDER BY seq`

	insertReview = `
INSERT INTO automated_review (seq, decision_id, sku, location, right_done, actor, happened_at, note)
SELECT coalesce(max(seq), 0) + 1, $1, $2, $3, $4, $5, $6, $7 FROM automated_review`

	readReviews = `SELECT decision_id, sku, location, right_done, actor, happened_at, note FROM automated_review ORDER BY seq`
)

// SaveLearned keeps what was learned, in place of what was there, with the moves that led
// to its level. No step of a policy passes a change of a level unseen. Where something was
// learned later than what is to be kept it is fault.Stale E-LEARNED-ANEW, and nothing is.
func (db *DB) SaveLearned(ctx context.Context, list []LearnedPolicy, moves []LearnedMove) error {
	save := func(tx *sql.Tx) error {
		for i := range list {
			p := &list[i]
			kept, err := upsert(ctx, tx, updateLearned, insertLearned, string(p.SKU), string(p.Location), instant(p.TrainedAt), clean(p.TrainedBy), p.Snapshot,
				p.Level, instant(p.Since), clean(string(p.Policy)), clean(string(p.Evidence)))
			if err != nil {
				return err
			}
			if !kept {
				return fault.New(fault.Stale, "E-LEARNED-ANEW", fault.A("sku", string(p.SKU)))
			}
		}
		for i := range moves {
			m := &moves[i]
			if _, err := tx.ExecContext(ctx, insertLearnedMove, string(m.SKU), string(m.Location), m.From, m.To, clean(string(m.Reason)), clean(m.By), instant(m.At)); err != nil {
				return err
			}
		}
		return nil
	}
	return db.wrap(ctx, db.excluding(ctx, save), "keep what was learned")
}

// Learned returns what was learned of every item, by SKU and location.
func (db *DB) Learned(ctx context.Context) ([]LearnedPolicy, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, p *LearnedPolicy) error {
		var policy, evidence string
		err := scan(&p.SKU, &p.Location, &p.TrainedAt, &p.TrainedBy, &p.Snapshot, &p.Level, &p.Since, &policy, &evidence)
		p.TrainedAt, p.Since, p.Policy = p.TrainedAt.UTC(), p.Since.UTC(), json.RawMessage(policy)
		if evidence != "" {
			p.Evidence = json.RawMessage(evidence)
		}
		return err
	}, readLearned)
	return all, db.wrap(ctx, err, "read what was learned")
}

// learnedRungs are the levels of what was learned.
func learnedRungs(ctx context.Context, q querier) (map[LearnedSite]string, error) {
	type row struct {
		site  LearnedSite
		level string
	}
	rows, err := collect(ctx, q, func(scan func(...any) error, r *row) error { return scan(&r.site.SKU, &r.site.Location, &r.level) }, readRungs)
	rungs := map[LearnedSite]string{}
	for _, r := range rows {
		rungs[r.site] = r.level
	}
	return rungs, err
}

// LearnedMoves returns all moves on the ladder in order.
func (db *DB) LearnedMoves(ctx context.Context) ([]LearnedMove, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, m *LearnedMove) error {
		var reason string
		err := scan(&m.SKU, &m.Location, &m.From, &m.To, &reason, &m.By, &m.At)
		m.At, m.Reason = m.At.UTC(), json.RawMessage(reason)
		return err
	}, readLearnedMoves)
	return all, db.wrap(ctx, err, "read moves on the ladder")
}

// SaveReview keeps what a person found of a decision of a policy.
func (db *DB) SaveReview(ctx context.Context, r Review) error {
	err := db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, insertReview, string(r.Decision), string(r.SKU), string(r.Location), r.Right, clean(r.By), instant(r.At), clean(r.Note))
		return err
	})
	return db.wrap(ctx, err, "keep a review of %s", r.Decision)
}

// Reviews returns all reviews in order.
func (db *DB) Reviews(ctx context.Context) ([]Review, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, r *Review) error {
		err := scan(&r.Decision, &r.SKU, &r.Location, &r.Right, &r.By, &r.At, &r.Note)
		r.At = r.At.UTC()
		return err
	}, readReviews)
	return all, db.wrap(ctx, err, "read reviews")
}
