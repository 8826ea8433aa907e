package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"tradewind/decision"
	"tradewind/fault"
)

// Choice is what a policy chose, with the probability that it chose it with.
type Choice struct {
	Decision    decision.ID // "" where it moved none
	Mandate     decision.ID // likewise
	Policy      string
	Run         string // of the automation
	At          time.Time
	CashE4      int64 // committed, in the reporting currency
	PriceChange bool
	State       json.RawMessage // that the policy saw
	Action      json.RawMessage // that it took
	Propensity  float64
	Seed        uint64
}

// DayUse is what policies have done under mandates in a span of time.
type DayUse struct {
	CashE4       int64
	PriceChanges int
	Choices      int
	MandateE4    map[decision.ID]int64 // cash
	MandateMoves map[decision.ID]int   // changes of prices
}

// Admission is what a step of a policy is held against, as the database has it at the
// moment of the step.
type Admission struct {
	Mandate *decision.Decision
	Limits  map[string]string // guardrails that were set
	Level   string            // of the policy; "" is none
	Rungs   map[LearnedSite]string
	Used    DayUse
}

// AutomationRun is a run of the automation as it was kept.
type AutomationRun struct {
	ID                        string
	At                        time.Time
	Situation, Events, Report []byte // JSON; no report: the run was broken off
}

const (
	touchState  = `UPDATE automation_state SET turn = turn + 1 WHERE id = 1`
	takeTurn    = `UPDATE automation_state SET turn = turn + 1 WHERE id = 1 AND paused = false`
	setPaused   = `UPDATE automation_state SET turn = turn + 1, paused = $1 WHERE id = 1`
	readPaused  = `SELECT paused FROM automation_state WHERE id = 1`
	readLevels  = `SELECT policy, level FROM policy_level ORDER BY policy`
	readLevel   = `SELECT coalesce(max(level), '') FROM policy_level WHERE policy = $1`
	updateLevel = `UPDATE policy_level SET level = $2 WHERE policy = $1`
	insertLevel = `INSERT INTO policy_level (policy, level) VALUES ($1, $2)`

	insertChoice = `
INSERT INTO automated_choice (seq, decision_id, mandate, policy, run, happened_at, cash_e4, price_change, state, action, propensity, seed)
SELECT coalesce(max(seq), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 FROM automated_choice`

	readChoices = `
SELECT decision_id, mandate, policy, run, happened_at, cash_e4, price_change, state, action, propensity, seed FROM automated_choice
WHERE $1 = '' OR policy = $1 ORDER BY seq`

	sumChoices = `
SELECT mandate, CAST(sum(cash_e4) AS BIGINT), CAST(sum(CASE WHEN price_change THEN 1 ELSE 0 END) AS BIGINT), count(*) FROM automated_choice
WHERE mandate <> '' AND happened_at >= $1 AND happened_at < $2 GROUP BY mandate ORDER BY mandate`

	nextAutomationRun   = `SELECT coalesce(max(seq), 0) + 1 FROM automation_run`
	insertAutomationRun = `INSERT INTO automation_run (id, seq, run_at, situation, events, report) VALUES ($1, $2, $3, $4, $5, '')`
	endAutomationRun    = `UPDATE automation_run SET report = $2 WHERE id = $1`

	runFields          = `SELECT id, run_at, situation, events, report FROM automation_run`
	readAutomationRuns = runFields + ` ORDER BY seq DESC LIMIT $1`
	readAutomationRun  = runFields + ` WHERE id = $1`
)

// touchAutomation makes a transaction exclude every step of a policy that is under way: of
// the two one waits for the other, or is a lost race.
func touchAutomation(ctx context.Context, tx *sql.Tx) error {
	_, err := tx.ExecContext(ctx, touchState)
	return err
}

// control changes a control of the automation and notes who did.
func (db *DB) control(ctx context.Context, c Control, change func(*sql.Tx) error) error {
	return db.excluding(ctx, func(tx *sql.Tx) error {
		if err := change(tx); err != nil {
			return err
		}
		return noteControl(ctx, tx, c)
	})
}

// excluding makes a change that no step of a policy passes unseen. It tries again where a
// step was faster: it waits for one step, not for many, as the step that comes next finds
// the row taken.
func (db *DB) excluding(ctx context.Context, change func(*sql.Tx) error) error {
	for {
		err := db.atomically(ctx, func(tx *sql.Tx) error {
			if err := touchAutomation(ctx, tx); err != nil {
				return err
			}
			return change(tx)
		})
		if err == nil || !db.dialect.lostRace(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
}

// SetPaused stops every policy, or lets them go on. Once it returns, no step of a policy is
// recorded any more.
func (db *DB) SetPaused(ctx context.Context, paused bool, c Control) error {
	c.Subject, c.Verb = "pause", "resume"
	if paused {
		c.Verb = "pause"
	}
	err := db.control(ctx, c, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, setPaused, paused)
		return err
	})
	return db.wrap(ctx, err, "%s automation", c.Verb)
}

// Paused reports whether policies are stopped.
func (db *DB) Paused(ctx context.Context) (paused bool, err error) {
	err = db.sql.QueryRowContext(ctx, readPaused).Scan(&paused)
	return paused, db.wrap(ctx, err, "read whether automation is paused")
}

// SetPolicyLevel keeps how far a policy has climbed.
func (db *DB) SetPolicyLevel(ctx context.Context, policy, level string, c Control) error {
	c.Subject, c.Name, c.Verb, c.Setting = "level", policy, "set", level
	err := db.control(ctx, c, func(tx *sql.Tx) error {
		_, err := upsert(ctx, tx, updateLevel, insertLevel, policy, level)
		return err
	})
	return db.wrap(ctx, err, "set the level of %s", policy)
}

// PolicyLevels returns the level of every policy that has one.
func (db *DB) PolicyLevels(ctx context.Context) (map[string]string, error) {
	type row struct{ policy, level string }
	rows, err := collect(ctx, db.sql, func(scan func(...any) error, r *row) error { return scan(&r.policy, &r.level) }, readLevels)
	levels := map[string]string{}
	for _, r := range rows {
		levels[r.policy] = r.level
	}
	return levels, db.wrap(ctx, err, "read levels")
}

// MoveByPolicy takes a step of a policy under a mandate, if admit agrees to how things
// stand at the moment of the step; all of it, and the choice behind an approval, is one
// transaction. choice is nil for a step that is none. from and to are the ends of the day
// whose use counts.
//
// Failure: what admit says; fault.Blocked E-PAUSED; fault.Stale as Move has it, and where
// another step, a pause or a new limit was faster.
func (db *DB) MoveByPolicy(ctx context.Context, ev decision.Event, choice *Choice, from, to time.Time, admit func(Admission) error) (state decision.State, err error) {
	err = db.atomically(ctx, func(tx *sql.Tx) error {
		turn, err := tx.ExecContext(ctx, takeTurn)
		if err != nil {
			return err
		}
		if n, err := turn.RowsAffected(); err != nil || n != 1 {
			return errors.Join(err, fault.New(fault.Blocked, "E-PAUSED"))
		}
		a, err := admission(ctx, tx, ev, from, to)
		if err != nil {
			return err
		}
		if err := admit(a); err != nil {
			return err
		}
		if state, err = move(ctx, tx, ev, sql.NullTime{}); err != nil || choice == nil {
			return err
		}
		return insertChoiceOf(ctx, tx, choice)
	})
	if err != nil {
		return "", db.wrap(ctx, err, "%s decision %s by policy", ev.Verb, ev.Decision)
	}
	return state, nil
}

func admission(ctx context.Context, tx *sql.Tx, ev decision.Event, from, to time.Time) (a Admission, err error) {
	a.Mandate = new(decision.Decision)
	if err = scanDecision(tx.QueryRowContext(ctx, readDecision, string(ev.Mandate)).Scan, a.Mandate); err != nil {
		return a, missing(err, ev.Mandate)
	}
	policy, _ := ev.Policy()
	if err = tx.QueryRowContext(ctx, readLevel, policy).Scan(&a.Level); err != nil {
		return a, err
	}
	if a.Limits, err = guardrails(ctx, tx); err != nil {
		return a, err
	}
	if a.Rungs, err = learnedRungs(ctx, tx); err != nil {
		return a, err
	}
	a.Used, err = dayUse(ctx, tx, from, to)
	return a, err
}

// DayUse sums what policies did under mandates from one instant up to another.
func (db *DB) DayUse(ctx context.Context, from, to time.Time) (DayUse, error) {
	use, err := dayUse(ctx, db.sql, from, to)
	return use, db.wrap(ctx, err, "sum what policies did")
}

func dayUse(ctx context.Context, q querier, from, to time.Time) (DayUse, error) {
	use := DayUse{MandateE4: map[decision.ID]int64{}, MandateMoves: map[decision.ID]int{}}
	type row struct {
		mandate        decision.ID
		cash           int64
		moves, choices int
	}
	rows, err := collect(ctx, q, func(scan func(...any) error, r *row) error {
		return scan(&r.mandate, &r.cash, &r.moves, &r.choices)
	}, sumChoices, instant(from), instant(to))
	for _, r := range rows {
		use.MandateE4[r.mandate], use.MandateMoves[r.mandate] = r.cash, r.moves
		use.CashE4, use.PriceChanges, use.Choices = use.CashE4+r.cash, use.PriceChanges+r.moves, use.Choices+r.choices
	}
	return use, err
}

// SaveChoice keeps a choice that moved no decision: one of a policy that advises.
func (db *DB) SaveChoice(ctx context.Context, c Choice) error {
	err := db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		return insertChoiceOf(ctx, tx, &c)
	})
	return db.wrap(ctx, err, "keep a choice of %s", c.Policy)
}

func insertChoiceOf(ctx context.Context, tx *sql.Tx, c *Choice) error {
	_, err := tx.ExecContext(ctx, insertChoice, string(c.Decision), string(c.Mandate), c.Policy, c.Run, instant(c.At), c.CashE4, c.PriceChange,
		clean(string(c.State)), clean(string(c.Action)), c.Propensity, int64(c.Seed))
	return err
}

// Choices returns the choices of a policy, or of all (""), in order.
func (db *DB) Choices(ctx context.Context, policy string) ([]Choice, error) {
	all, err := collect(ctx, db.sql, func(scan func(...any) error, c *Choice) error {
		var state, action string
		var seed int64
		err := scan(&c.Decision, &c.Mandate, &c.Policy, &c.Run, &c.At, &c.CashE4, &c.PriceChange, &state, &action, &c.Propensity, &seed)
		c.At, c.Seed, c.State, c.Action = c.At.UTC(), uint64(seed), json.RawMessage(state), json.RawMessage(action)
		return err
	}, readChoices, policy)
	return all, db.wrap(ctx, err, "read choices")
}

// BeginAutomationRun keeps what a run rests on and what follows from it, before the first of
// its steps, and returns the ID of the run.
func (db *DB) BeginAutomationRun(ctx context.Context, r AutomationRun) (id string, err error) {
	err = db.atomically(ctx, func(tx *sql.Tx) error {
		if err := db.dialect.lock(ctx, tx); err != nil {
			return err
		}
		var seq int64
		if err := tx.QueryRowContext(ctx, nextAutomationRun).Scan(&seq); err != nil {
			return err
		}
		id = "A-" + strconv.FormatInt(seq, 10)
		_, err := tx.ExecContext(ctx, insertAutomationRun, id, seq, instant(r.At), clean(string(r.Situation)), clean(string(r.Events)))
		return err
	})
	return id, db.wrap(ctx, err, "begin a run of the automation")
}

// EndAutomationRun keeps what became of a run. One that broke off has no report.
func (db *DB) EndAutomationRun(ctx context.Context, id string, report []byte) error {
	_, err := db.sql.ExecContext(ctx, endAutomationRun, id, clean(string(report)))
	return db.wrap(ctx, err, "end run %s of the automation", id)
}

// AutomationRuns returns the newest runs, the newest first.
func (db *DB) AutomationRuns(ctx context.Context, limit int) ([]AutomationRun, error) {
	all, err := collect(ctx, db.sql, scanAutomationRun, readAutomationRuns, int64(limit))
	return all, db.wrap(ctx, err, "read runs of the automation")
}

// AutomationRun returns a run; fault.NotFound E-AUTOMATION-RUN.
func (db *DB) AutomationRun(ctx context.Context, id string) (*AutomationRun, error) {
	var r AutomationRun
	err := scanAutomationRun(db.sql.QueryRowContext(ctx, readAutomationRun, id).Scan, &r)
	if errors.Is(err, sql.ErrNoRows) {
		err = fault.New(fault.NotFound, "E-AUTOMATION-RUN", fault.A("id", id))
	}
	return &r, db.wrap(ctx, err, "read run %s of the automation", id)
}

func scanAutomationRun(scan func(...any) error, r *AutomationRun) error {
	var situation, events, report string
	err := scan(&r.ID, &r.At, &situation, &events, &report)
	r.At, r.Situation, r.Events, r.Report = r.At.UTC(), []byte(situation), []byte(events), []byte(report)
	return err
}
