-- Goods that came in, and when they were ordered.

CREATE TABLE receipt (
	sku       TEXT    NOT NULL,
	location  TEXT    NOT NULL,
	ordered   INTEGER NOT NULL,
	received  INTEGER NOT NULL,
	reference TEXT    NOT NULL, -- '' where the receipt has no number
	supplier  TEXT    NOT NULL, -- '' where nobody said
	units     BIGINT  NOT NULL,
	source    TEXT    NOT NULL,
	as_of     INTEGER NOT NULL,
	assumed   BOOLEAN NOT NULL
);
