-- Offers on items for a time.

CREATE TABLE promotion (
	sku        TEXT             NOT NULL,
	market     TEXT             NOT NULL,
	channel    TEXT             NOT NULL,
	from_day   INTEGER          NOT NULL,
	vehicle    TEXT             NOT NULL,
	label      TEXT             NOT NULL,
	to_day     INTEGER          NOT NULL,
	depth      DOUBLE PRECISION NOT NULL, -- NaN is unknown
	price_e4   BIGINT           NOT NULL, -- 0 is unknown
	cost_e4    BIGINT           NOT NULL,
	funding_e4 BIGINT           NOT NULL,
	currency   TEXT             NOT NULL, -- of all three amounts
	source     TEXT             NOT NULL,
	as_of      INTEGER          NOT NULL,
	assumed    BOOLEAN          NOT NULL
);
