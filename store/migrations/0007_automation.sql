-- Who may decide, what policies may do, and what they did.

CREATE TABLE member (
	name         TEXT      PRIMARY KEY,
	role         TEXT      NOT NULL,
	token_sha256 TEXT      NOT NULL, -- of the token, which nobody keeps
	added_at     TIMESTAMP NOT NULL,
	added_by     TEXT      NOT NULL,
	disabled_at  TIMESTAMP
);

-- The limits that a team set; what is not here stands at its default.
CREATE TABLE guardrail (
	name       TEXT PRIMARY KEY,
	limit_text TEXT NOT NULL
);

CREATE TABLE policy_level (
	policy TEXT PRIMARY KEY,
	level  TEXT NOT NULL -- automation.Level
);

-- One row, which every step of a policy writes: whoever pauses, tightens a limit or ends a
-- mandate writes it too, so that no step passes them unseen.
CREATE TABLE automation_state (
	id     INTEGER PRIMARY KEY,
	paused BOOLEAN NOT NULL,
	turn   BIGINT  NOT NULL
);

INSERT INTO automation_state (id, paused, turn) VALUES (1, false, 0);

-- What people did to users, guardrails, levels and the pause: never changed.
CREATE TABLE control_event (
	seq         BIGINT    PRIMARY KEY,
	subject     TEXT      NOT NULL, -- user, guardrail, level or pause
	name        TEXT      NOT NULL,
	verb        TEXT      NOT NULL,
	setting     TEXT      NOT NULL,
	actor       TEXT      NOT NULL,
	happened_at TIMESTAMP NOT NULL,
	note        TEXT      NOT NULL
);

CREATE TABLE automation_run (
	id        TEXT      PRIMARY KEY,
	seq       BIGINT    NOT NULL,
	run_at    TIMESTAMP NOT NULL,
	situation TEXT      NOT NULL, -- all that the run rests on: JSON
	events    TEXT      NOT NULL, -- what follows from it: JSON
	report    TEXT      NOT NULL  -- what became of that: JSON
);

-- Every choice of a policy with the probability that it had: what off-policy evaluation
-- reads.
CREATE TABLE automated_choice (
	seq          BIGINT           PRIMARY KEY,
	decision_id  TEXT             NOT NULL, -- '' where the choice moved none
	mandate      TEXT             NOT NULL, -- likewise
	policy       TEXT             NOT NULL,
	run          TEXT             NOT NULL,
	happened_at  TIMESTAMP        NOT NULL,
	cash_e4      BIGINT           NOT NULL, -- committed, in the reporting currency
	price_change BOOLEAN          NOT NULL,
	state        TEXT             NOT NULL, -- that the policy saw: JSON
	action       TEXT             NOT NULL, -- that it took: JSON
	propensity   DOUBLE PRECISION NOT NULL,
	seed         BIGINT           NOT NULL
);

ALTER TABLE decision ADD COLUMN author TEXT; -- the person who proposed it; NULL or '' is a plan

ALTER TABLE decision_event ADD COLUMN fingerprint TEXT;

ALTER TABLE decision_event ADD COLUMN mandate TEXT;

ALTER TABLE decision_event ADD COLUMN propensity DOUBLE PRECISION;
