-- Live intake: what clients sent, with which key, and what of it does not count.

-- write_keys --
-- What clients show when they send. web: public, events only, from the listed origins; server: secret,
-- kept as a hash, what it sends is trusted. Events of one source count once by their message id.
CREATE TABLE write_keys (
    key_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('web', 'server')),
    source TEXT NOT NULL,
    secret TEXT NOT NULL UNIQUE,
    origins TEXT NOT NULL DEFAULT '[]',
    created_us INTEGER NOT NULL,
    revoked_us INTEGER
) STRICT;

-- tokens --
-- Who may use the API, kept as hashes. scopes: JSON list.
CREATE TABLE tokens (
    token_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    secret TEXT NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_us INTEGER NOT NULL,
    revoked_us INTEGER
) STRICT;

-- inbox --
-- One row a request, as it came, until its events are history. A position is never used again.
-- kind: the call that the route names, NULL for batches. sent_at: of a header.
CREATE TABLE inbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    received_us INTEGER NOT NULL,
    key_id INTEGER NOT NULL REFERENCES write_keys,
    kind TEXT,
    retried INTEGER NOT NULL,
    sent_at TEXT,
    body BLOB NOT NULL
) STRICT;

-- progress --
-- How far the inbox was read, by whom.
CREATE TABLE progress (
    reader TEXT PRIMARY KEY,
    position INTEGER NOT NULL
) STRICT;

-- failed_events --
-- Events that do not count, each with its reason, until they are replayed or dismissed.
-- place: which event of the request it was.
CREATE TABLE failed_events (
    failed_id INTEGER PRIMARY KEY,
    position INTEGER NOT NULL,
    place INTEGER NOT NULL,
    received_us INTEGER NOT NULL,
    key_id INTEGER NOT NULL REFERENCES write_keys,
    kind TEXT,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    event BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'failed' CHECK (state IN ('failed', 'replayed', 'dismissed')),
    UNIQUE (position, place)
) STRICT;

ALTER TABLE manifests ADD COLUMN position INTEGER NOT NULL DEFAULT 0;

INSERT INTO progress VALUES ('apply', 0);
