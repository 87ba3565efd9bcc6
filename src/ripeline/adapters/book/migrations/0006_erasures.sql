-- People are erased; what keeps them from coming back names nobody.

-- erasures --
-- One row an erasure. removed: JSON object, how many rows of each sort; manifest: the first one without the person;
-- position: from there on in the inbox every reader agrees on it.
CREATE TABLE erasures (
    number INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    reason TEXT NOT NULL,
    removed TEXT NOT NULL,
    manifest INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;

-- tombstones --
-- Erased identifiers, as hashes with the workspace's own secret. What an identifier did from one instant until
-- another is left out wherever it comes from; a device that others use too has several such rows.
CREATE TABLE tombstones (
    kind TEXT NOT NULL,
    hash TEXT NOT NULL,
    from_us INTEGER NOT NULL,
    until_us INTEGER NOT NULL,
    PRIMARY KEY (kind, hash, from_us, until_us)
) STRICT;

-- backups --
-- Where backups were written to, and when: they hold whoever was erased after it.
CREATE TABLE backups (
    file TEXT PRIMARY KEY,
    at_us INTEGER NOT NULL
) STRICT;

-- tombstone_secret --
-- One row once somebody was erased.
CREATE TABLE tombstone_secret (
    secret TEXT NOT NULL
) STRICT;
