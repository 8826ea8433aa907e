-- What lists of decisions show, so that they need not read whole proposals; and which
-- quarantined rows a later import of their file has replaced.

ALTER TABLE decision ADD COLUMN listing TEXT; -- the proposal's part of store.Listing as JSON; NULL in rows of before

ALTER TABLE quarantine ADD COLUMN superseded_by BIGINT; -- import; NULL while the row waits
