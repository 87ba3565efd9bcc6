-- Who changed what, and when each key was used last.

-- audit --
-- What people did that no other table keeps for good; rows are only added. by: a login or token by its name, "" where
-- nobody is known. what: one of vocabulary/changes.py; about: in words. No lead is named here: an erasure leaves it as it is.
CREATE TABLE audit (
    entry INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    by TEXT NOT NULL,
    what TEXT NOT NULL,
    about TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit (at_us);
CREATE INDEX handoff_log_answers ON handoff_log (at_us) WHERE by <> 'clock';
CREATE INDEX assignments_of_handoff ON assignments (number);

-- by: who did it, "" where nobody is known.
ALTER TABLE erasures ADD COLUMN by TEXT NOT NULL DEFAULT '';

-- last_us: when a request with the key was written down last, NULL before the first.
ALTER TABLE write_keys ADD COLUMN last_us INTEGER;
UPDATE write_keys SET last_us = (SELECT max(received_us) FROM inbox WHERE inbox.key_id = write_keys.key_id);
