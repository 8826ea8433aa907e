-- Goods that came in, and when they were ordered.

CREATE TABLE receipt (
	sku       TEXT    NOT NULL,
	location  TEXT    NOT NULL,
	reference TEXT    NOT NULL, -- number of the goods receipt; '' where it has none
	days      TEXT    NOT NULL, -- both of them where they identify a receipt that has no number, else ''
	ordered   INTEGER NOT NULL,
	received  INTEGER NOT NULL,
	supplier  TEXT    NOT NULL, -- '' where nobody said
	units     BIGINT  NOT NULL, -- 0 where the receipt was withdrawn
	source    TEXT    NOT NULL,
	as_of     INTEGER NOT NULL,
	assumed   BOOLEAN NOT NULL
);
