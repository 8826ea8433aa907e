-- What markets read about products, and the evidence that law asks for.

ALTER TABLE product ADD COLUMN traits TEXT DEFAULT '';

CREATE TABLE listing (
	sku         TEXT    NOT NULL,
	market      TEXT    NOT NULL,
	channel     TEXT    NOT NULL,
	language    TEXT    NOT NULL,
	title       TEXT    NOT NULL,
	description TEXT    NOT NULL,
	sizes       TEXT    NOT NULL,
	legal       TEXT    NOT NULL,
	source      TEXT    NOT NULL,
	as_of       INTEGER NOT NULL,
	assumed     BOOLEAN NOT NULL
);

CREATE TABLE document (
	kind      TEXT    NOT NULL,
	sku       TEXT    NOT NULL, -- '' is every SKU
	market    TEXT    NOT NULL, -- '' is every market
	reference TEXT    NOT NULL,
	from_day  INTEGER NOT NULL,
	until_day INTEGER NOT NULL, -- 0 is without end
	source    TEXT    NOT NULL,
	as_of     INTEGER NOT NULL,
	assumed   BOOLEAN NOT NULL
);
