-- What was learned of an item at a location, and how far it may go by itself.

CREATE TABLE learned_policy (
	sku        TEXT      NOT NULL,
	location   TEXT      NOT NULL,
	trained_at TIMESTAMP NOT NULL,
	trained_by TEXT      NOT NULL,
	snapshot   TEXT      NOT NULL, -- the facts that it was learned on
	level      TEXT      NOT NULL, -- automation.Level
	since      TIMESTAMP NOT NULL, -- it stands there
	policy     TEXT      NOT NULL, -- JSON
	evidence   TEXT      NOT NULL, -- what speaks for it: JSON; '' where nobody evaluated it
	PRIMARY KEY (sku, location)
);

-- Every move on the ladder, and every verdict that left a policy where it was: never
-- changed.
CREATE TABLE learned_move (
	seq         BIGINT    PRIMARY KEY,
	sku         TEXT      NOT NULL,
	location    TEXT      NOT NULL,
	from_level  TEXT      NOT NULL,
	to_level    TEXT      NOT NULL,
	reason      TEXT      NOT NULL, -- a message: JSON
	actor       TEXT      NOT NULL,
	happened_at TIMESTAMP NOT NULL
);

-- What people found when they looked at a decision that a policy had made.
CREATE TABLE automated_review (
	seq         BIGINT    PRIMARY KEY,
	decision_id TEXT      NOT NULL,
	sku         TEXT      NOT NULL,
	location    TEXT      NOT NULL,
	right_done  BOOLEAN   NOT NULL,
	actor       TEXT      NOT NULL,
	happened_at TIMESTAMP NOT NULL,
	note        TEXT      NOT NULL
);
