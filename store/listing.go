package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"tradewind/decision"
	"tradewind/fault"
	"tradewind/messages"
	"tradewind/money"
)

// Listing is what lists show of a decision: a small part of its proposal, and where it
// stands.
type Listing struct {
	ID           decision.ID
	Action       decision.Action
	Gain         decision.Estimate
	Cash         money.Amount
	Summary      messages.Message
	Assumed      []string
	Blocked      bool
	Fingerprint  string
	Author       string
	Expires      time.Time
	State        decision.State
	SnoozedUntil time.Time // zero when not snoozed
}

// ListingOf is the listing of a whole decision.
func ListingOf(d *decision.Decision) Listing {
	return Listing{
		ID: d.ID, Action: d.Action, Gain: d.Gain, Cash: d.Cash, Summary: d.Summary, Assumed: d.Assumed(),
		Blocked: d.Blocked(), Fingerprint: d.Fingerprint, Author: d.Author, Expires: d.Expires, State: d.State, SnoozedUntil: d.SnoozedUntil,
	}
}

// storedListing is the part of a listing that follows from the proposal.
type storedListing struct {
	ID          decision.ID       `json:"id"`
	Action      json.RawMessage   `json:"action"`
	Gain        decision.Estimate `json:"gain"`
	Cash        money.Amount      `json:"cash"`
	Summary     messages.Message  `json:"summary"`
	Assumed     []string          `json:"assumed"`
	Blocked     bool              `json:"blocked"`
	Fingerprint string            `json:"fingerprint"`
	Expires     time.Time         `json:"expires"`
	Author      string            `json:"author,omitempty"`
}

// encode returns the proposal and its listing as they are stored.
func encode(p *decision.Proposal) (proposal, listing string, err error) {
	whole, err := json.Marshal(p)
	if err != nil {
		return "", "", err
	}
	action, err := decision.EncodeAction(p.Action)
	if err != nil {
		return "", "", err
	}
	short, err := json.Marshal(storedListing{p.ID, action, p.Gain, p.Cash, p.Summary, p.Assumed(), p.Blocked(), p.Fingerprint, p.Expires.UTC(), p.Author})
	return string(whole), string(short), err
}

// The ORDER BY is added by orderBy: its columns are ours, never a caller's text.
const readListings = `
SELECT coalesce(listing, ''), CASE WHEN listing IS NULL THEN proposal ELSE '' END, state, snoozed_until FROM decision
WHERE ($1 = '' OR state = $1) AND ($2 = '' OR kind = $2) AND ($3 = '' OR sku = $3) AND ($4 = '' OR market = $4) AND ($5 = '' OR plan_id = $5)
ORDER BY `

// Listings returns the decisions that a filter selects as lists show them.
func (db *DB) Listings(ctx context.Context, f Filter) ([]Listing, error) {
	if _, ok := sortColumns[f.Sort]; !ok {
		return nil, fault.New(fault.Usage, "E-DECISION-SORT", fault.A("value", f.Sort))
	}
	all, err := collect(ctx, db.sql, scanListing, readListings+orderBy(f)+` LIMIT $6 OFFSET $7`, f.arguments()...)
	return all, db.wrap(ctx, err, "list decisions")
}

func scanListing(scan func(...any) error, l *Listing) error {
	var short, whole string
	var state decision.State
	var snoozed sql.NullTime
	if err := scan(&short, &whole, &state, &snoozed); err != nil {
		return err
	}
	if err := l.decode(short, whole); err != nil {
		return err
	}
	l.State = state
	if snoozed.Valid {
		l.SnoozedUntil = snoozed.Time.UTC()
	}
	return nil
}

// decode reads the stored listing, or the whole proposal where none was stored.
func (l *Listing) decode(short, whole string) error {
	if short == "" {
		var d decision.Decision
		if err := json.Unmarshal([]byte(whole), &d.Proposal); err != nil {
			return err
		}
		*l = ListingOf(&d)
		return nil
	}
	var s storedListing
	if err := json.Unmarshal([]byte(short), &s); err != nil {
		return err
	}
	action, err := decision.DecodeAction(s.Action)
	*l = Listing{
		ID: s.ID, Action: action, Gain: s.Gain, Cash: s.Cash, Summary: s.Summary, Assumed: s.Assumed,
		Blocked: s.Blocked, Fingerprint: s.Fingerprint, Expires: s.Expires, Author: s.Author,
	}
	return err
}

// Order is a decision to buy that has left, or waits to.
type Order struct {
	ID      decision.ID
	Reorder decision.Reorder
	State   decision.State
	Left    time.Time // zero while it waits
}

const readOrders = `
SELECT coalesce(d.listing, ''), CASE WHEN d.listing IS NULL THEN d.proposal ELSE '' END, d.state,
	(SELECT max(e.happened_at) FROM decision_event AS e WHERE e.decision_id = d.id AND e.verb = 'execute')
FROM decision AS d WHERE d.kind = 'reorder' AND d.state IN ('approved', 'executed', 'measured') ORDER BY d.id`

// Orders returns every order that people have decided on.
func (db *DB) Orders(ctx context.Context) ([]Order, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, o *Order) error {
		var short, whole string
		var left sql.NullTime
		if err := scan(&short, &whole, &o.State, &left); err != nil {
			return err
		}
		var l Listing
		if err := l.decode(short, whole); err != nil {
			return err
		}
		o.ID = l.ID
		o.Reorder, _ = l.Action.(decision.Reorder)
		if left.Valid {
			o.Left = left.Time.UTC()
		}
		return nil
	}, readOrders)
	return all, db.wrap(ctx, err, "read orders")
}

const readHolding = `
SELECT proposal, state, snoozed_until FROM decision
WHERE state = 'approved' OR state = 'executed' AND kind <> 'reorder' OR state = 'rejected' AND expires > $1 OR state = 'proposed' AND snoozed_until > $1
ORDER BY id`

// Holding returns the decisions by which people have said something about the next plan:
// approved ones, what was done once and for all, those rejected that would not have
// expired yet, and the snoozed.
func (db *DB) Holding(ctx context.Context, now time.Time) ([]decision.Decision, error) {
	all, err := collect(ctx, db.sql, scanDecision, readHolding, instant(now))
	return all, db.wrap(ctx, err, "read what holds a plan")
}
