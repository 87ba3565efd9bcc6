-- Salespeople by command and API, and handoffs that wait although somebody could take them.

-- sales_entries --
-- What was said of salespeople and teams; it goes before ripeline.toml, field by field. told: JSON, the fields that it
-- names, written as there. removed: there is no such person or team, whatever the file says. Rows stay, so that the
-- greatest change tells whether anything is new.
CREATE TABLE sales_entries (
    kind TEXT NOT NULL CHECK (kind IN ('people', 'teams')),
    name TEXT NOT NULL,
    told TEXT NOT NULL,
    removed INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    by TEXT NOT NULL,
    change INTEGER NOT NULL,
    PRIMARY KEY (kind, name)
) STRICT;

-- waits_until_us: while its lead may not be contacted, until when nobody need look again, unless something new is known.
ALTER TABLE handoffs ADD COLUMN waits_until_us INTEGER;
CREATE INDEX handoffs_to_give ON handoffs (state, waits_until_us);
