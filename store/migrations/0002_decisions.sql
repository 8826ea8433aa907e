-- Decisions, their history, and the plans that they come from.

CREATE TABLE plan (
	id     TEXT    PRIMARY KEY,
	seq    INTEGER NOT NULL, -- grows by one a plan: the clock of a demo stands still
	run_at TIMESTAMP NOT NULL,
	report TEXT    NOT NULL
);

CREATE TABLE decision (
	id            TEXT      PRIMARY KEY,
	open_key      TEXT      UNIQUE, -- NULL once closed: one open decision of a kind on a subject
	plan_id       TEXT      NOT NULL,
	state         TEXT      NOT NULL,
	seq           INTEGER   NOT NULL, -- number of events
	kind          TEXT      NOT NULL,
	sku           TEXT      NOT NULL,
	market        TEXT      NOT NULL,
	channel       TEXT      NOT NULL,
	location      TEXT      NOT NULL,
	gain_e4       BIGINT    NOT NULL, -- mean
	cash_e4       BIGINT    NOT NULL,
	expires       TIMESTAMP NOT NULL,
	snoozed_until TIMESTAMP,
	fingerprint   TEXT      NOT NULL,
	proposal      TEXT      NOT NULL  -- decision.Proposal as JSON
);

CREATE TABLE decision_event (
	decision_id TEXT      NOT NULL,
	seq         INTEGER   NOT NULL,
	verb        TEXT      NOT NULL,
	from_state  TEXT      NOT NULL,
	to_state    TEXT      NOT NULL,
	actor       TEXT      NOT NULL,
	happened_at TIMESTAMP NOT NULL,
	note        TEXT      NOT NULL,
	until_at    TIMESTAMP,
	receipt     TEXT      NOT NULL,
	PRIMARY KEY (decision_id, seq)
);
