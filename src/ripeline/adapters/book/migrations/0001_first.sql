-- The first release: which history files exist, what was imported, which definitions were used.

-- files --
-- One row a history file. A manifest is the set of files that exist at its number:
-- from_manifest <= number < until_manifest. columns: JSON object, column name to type.
CREATE TABLE files (
    file_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    path TEXT NOT NULL UNIQUE,
    rows INTEGER NOT NULL,
    least_ts INTEGER,
    columns TEXT NOT NULL,
    from_manifest INTEGER NOT NULL,
    until_manifest INTEGER
) STRICT;

-- manifests --
-- One row for every state of the history; the greatest number is the current one.
CREATE TABLE manifests (
    number INTEGER PRIMARY KEY,
    cause TEXT NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;

-- counters --
-- The next free identifier key and sequence number.
CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT;

-- definition_versions --
-- Every definition a score was made with, by its fingerprint.
CREATE TABLE definition_versions (
    name TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    text TEXT NOT NULL,
    first_used_us INTEGER NOT NULL,
    PRIMARY KEY (name, fingerprint)
) STRICT;

-- stage_log --
-- Every logged move of a lead, keyed by definition; written from the stages issue on.
CREATE TABLE stage_log (
    entry_id INTEGER PRIMARY KEY,
    definition TEXT NOT NULL,
    lead TEXT NOT NULL,
    from_stage TEXT,
    to_stage TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    cause TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    contributions TEXT NOT NULL
) STRICT;

INSERT INTO manifests VALUES (0, 'empty', 0);
INSERT INTO counters VALUES ('identifier', 1), ('sequence', 1);
