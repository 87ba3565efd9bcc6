-- Definitions are published and rolled back; what is published is what the server serves.

-- published --
-- Every publishing of a definition in its order, roll backs too; the last row of each name is live.
-- Rows are only added. position: where in the inbox a server began to score by it, NULL until one did.
CREATE TABLE published (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    text TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    comment TEXT NOT NULL,
    position INTEGER
) STRICT;

-- drafts --
-- Texts of definitions that somebody is working on; they may be wrong.
CREATE TABLE drafts (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;
