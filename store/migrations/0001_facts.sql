-- Facts. Days are days since 1970-01-01, instants are UTC, money is ten-thousandths
-- (_e4) of the currency beside it.

-- The texts that order lines repeat, each under one small number.
CREATE TABLE name (
	id    INTEGER NOT NULL,
	kind  INTEGER NOT NULL, -- names.go
	label TEXT    NOT NULL
);

CREATE TABLE order_line (
	key_hi         BIGINT    NOT NULL,
	key_lo         BIGINT    NOT NULL,
	kind           INTEGER   NOT NULL, -- commerce.LineKind
	order_id       INTEGER   NOT NULL,
	sku_id         INTEGER   NOT NULL,
	description_id INTEGER   NOT NULL,
	customer_id    INTEGER   NOT NULL,
	market_id      INTEGER   NOT NULL,
	channel_id     INTEGER   NOT NULL,
	currency_id    INTEGER   NOT NULL,
	units          BIGINT    NOT NULL,
	price_e4       BIGINT    NOT NULL,
	sold_at        TIMESTAMP NOT NULL,
	day            INTEGER   NOT NULL,
	import_id      BIGINT    NOT NULL,
	file_line      BIGINT    NOT NULL
);

CREATE TABLE line_event (
	kind        INTEGER NOT NULL, -- commerce.EventKind
	sale_hi     BIGINT  NOT NULL,
	sale_lo     BIGINT  NOT NULL,
	credit_hi   BIGINT  NOT NULL,
	credit_lo   BIGINT  NOT NULL,
	units       BIGINT  NOT NULL,
	price_e4    BIGINT  NOT NULL,
	currency_id INTEGER NOT NULL,
	day         INTEGER NOT NULL
);

CREATE TABLE product (
	sku      TEXT    NOT NULL,
	label    TEXT    NOT NULL,
	category TEXT    NOT NULL,
	grams    BIGINT  NOT NULL,
	hs       TEXT    NOT NULL,
	origin   TEXT    NOT NULL,
	source   TEXT    NOT NULL,
	as_of    INTEGER NOT NULL,
	assumed  BOOLEAN NOT NULL
);

CREATE TABLE cost (
	sku      TEXT    NOT NULL,
	from_day INTEGER NOT NULL,
	unit_e4  BIGINT  NOT NULL,
	currency TEXT    NOT NULL,
	source   TEXT    NOT NULL,
	as_of    INTEGER NOT NULL,
	assumed  BOOLEAN NOT NULL
);

CREATE TABLE stock (
	sku      TEXT    NOT NULL,
	location TEXT    NOT NULL,
	day      INTEGER NOT NULL,
	on_hand  BIGINT  NOT NULL,
	inbound  BIGINT  NOT NULL,
	source   TEXT    NOT NULL,
	as_of    INTEGER NOT NULL,
	assumed  BOOLEAN NOT NULL
);

CREATE TABLE supply (
	sku           TEXT             NOT NULL,
	supplier      TEXT             NOT NULL,
	lead_days     DOUBLE PRECISION NOT NULL,
	lead_sd       DOUBLE PRECISION NOT NULL,
	moq           BIGINT           NOT NULL,
	pack          BIGINT           NOT NULL,
	order_cost_e4 BIGINT           NOT NULL,
	currency      TEXT             NOT NULL,
	source        TEXT             NOT NULL,
	as_of         INTEGER          NOT NULL,
	assumed       BOOLEAN          NOT NULL
);

CREATE TABLE warehouse (
	location TEXT    NOT NULL,
	country  TEXT    NOT NULL,
	serves   TEXT    NOT NULL, -- markets, joined by spaces
	source   TEXT    NOT NULL,
	as_of    INTEGER NOT NULL,
	assumed  BOOLEAN NOT NULL
);

CREATE TABLE price (
	sku       TEXT    NOT NULL,
	market    TEXT    NOT NULL,
	channel   TEXT    NOT NULL,
	seller    TEXT    NOT NULL,
	from_day  INTEGER NOT NULL,
	min_units BIGINT  NOT NULL,
	price_e4  BIGINT  NOT NULL,
	currency  TEXT    NOT NULL,
	source    TEXT    NOT NULL,
	as_of     INTEGER NOT NULL,
	assumed   BOOLEAN NOT NULL
);

CREATE TABLE rate (
	base     TEXT             NOT NULL,
	quote    TEXT             NOT NULL,
	day      INTEGER          NOT NULL,
	quantity DOUBLE PRECISION NOT NULL, -- of quote for one base
	source   TEXT             NOT NULL,
	as_of    INTEGER          NOT NULL,
	assumed  BOOLEAN          NOT NULL
);

CREATE TABLE spend (
	day       INTEGER NOT NULL,
	market    TEXT    NOT NULL,
	channel   TEXT    NOT NULL,
	campaign  TEXT    NOT NULL,
	amount_e4 BIGINT  NOT NULL,
	currency  TEXT    NOT NULL,
	source    TEXT    NOT NULL,
	as_of     INTEGER NOT NULL,
	assumed   BOOLEAN NOT NULL
);

-- One row for each file that came in whole.
CREATE TABLE import_file (
	id      BIGINT PRIMARY KEY,
	sha256  TEXT   NOT NULL,
	report  TEXT   NOT NULL -- ImportRecord as JSON
);

CREATE TABLE quarantine (
	import_id BIGINT NOT NULL,
	file      TEXT   NOT NULL,
	line      BIGINT NOT NULL,
	field     TEXT   NOT NULL,
	code      TEXT   NOT NULL,
	raw       TEXT   NOT NULL,
	message   TEXT   NOT NULL -- messages.Message as JSON
);
