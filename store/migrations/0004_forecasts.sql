-- Forecasts as they were given out, and what people expected in their place. Neither is
-- ever changed: both are held against what came.

CREATE TABLE forecast_run (
	id       TEXT      PRIMARY KEY,
	seq      INTEGER   NOT NULL, -- grows by one a run
	origin   INTEGER   NOT NULL, -- last day of the facts behind it
	made_at  TIMESTAMP NOT NULL,
	made_for TEXT      NOT NULL, -- the verb: run, plan or backtest
	snapshot TEXT      NOT NULL, -- hash of the facts
	version  TEXT      NOT NULL, -- of the program
	sku      TEXT      NOT NULL, -- of this SKU only; '' is all
	market   TEXT      NOT NULL, -- in this market only; '' is all
	series   INTEGER   NOT NULL,
	detail   TEXT      NOT NULL  -- methods with weights and evidence, day profile, overrides: JSON
);

-- Units, rounded to ten-thousandths: such numbers pack well. Weeks follow the origin.
CREATE TABLE forecast (
	run        INTEGER          NOT NULL, -- forecast_run.seq
	sku_id     INTEGER          NOT NULL,
	market_id  INTEGER          NOT NULL, -- 0 is all markets together
	method     INTEGER          NOT NULL, -- position in the run's detail
	week1_mean DOUBLE PRECISION NOT NULL,
	week1_p10  DOUBLE PRECISION NOT NULL,
	week1_p50  DOUBLE PRECISION NOT NULL,
	week1_p90  DOUBLE PRECISION NOT NULL,
	week2_mean DOUBLE PRECISION NOT NULL,
	week2_p10  DOUBLE PRECISION NOT NULL,
	week2_p50  DOUBLE PRECISION NOT NULL,
	week2_p90  DOUBLE PRECISION NOT NULL,
	week3_mean DOUBLE PRECISION NOT NULL,
	week3_p10  DOUBLE PRECISION NOT NULL,
	week3_p50  DOUBLE PRECISION NOT NULL,
	week3_p90  DOUBLE PRECISION NOT NULL,
	week4_mean DOUBLE PRECISION NOT NULL,
	week4_p10  DOUBLE PRECISION NOT NULL,
	week4_p50  DOUBLE PRECISION NOT NULL,
	week4_p90  DOUBLE PRECISION NOT NULL,
	total_mean DOUBLE PRECISION NOT NULL,
	total_p10  DOUBLE PRECISION NOT NULL,
	total_p50  DOUBLE PRECISION NOT NULL,
	total_p90  DOUBLE PRECISION NOT NULL,
	inside_p10 DOUBLE PRECISION NOT NULL, -- share of the atom at P10 inside the central 80 %
	inside_p90 DOUBLE PRECISION NOT NULL
);

CREATE TABLE demand_override (
	id       TEXT    PRIMARY KEY,
	seq      INTEGER NOT NULL UNIQUE, -- grows by one: of two on one day the later counts
	sku      TEXT    NOT NULL,
	market   TEXT    NOT NULL,
	from_day INTEGER NOT NULL,
	factor   DOUBLE PRECISION, -- of the model's mean; NULL where units were given
	units    TEXT    NOT NULL, -- a day: JSON
	expected TEXT    NOT NULL, -- what the model expected then, a day: JSON
	model    TEXT    NOT NULL,
	snapshot TEXT    NOT NULL  -- hash of the facts behind the model
);

CREATE TABLE override_event (
	override_id TEXT      NOT NULL,
	seq         INTEGER   NOT NULL,
	verb        TEXT      NOT NULL, -- make or remove
	actor       TEXT      NOT NULL,
	happened_at TIMESTAMP NOT NULL,
	reason      TEXT      NOT NULL,
	PRIMARY KEY (override_id, seq)
);
