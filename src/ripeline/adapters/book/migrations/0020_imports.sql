-- What was imported, so that it can be undone.

-- imports --
-- One row an import. what: leads, events, calls, outcomes. file: its name, as it was given. manifest: the one that it came
-- with; rows of history carry that number. rejects: the file of refused rows, in the folder `rejects`, NULL without any.
-- undone_manifest: the first one without it. removed: JSON object, how many rows of each sort went; "{}" until then.
CREATE TABLE imports (
    number INTEGER PRIMARY KEY,
    manifest INTEGER NOT NULL UNIQUE,
    at_us INTEGER NOT NULL,
    what TEXT NOT NULL,
    file TEXT NOT NULL,
    source TEXT NOT NULL,
    rows INTEGER NOT NULL,
    added INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    rejects TEXT,
    by TEXT NOT NULL,
    undone_us INTEGER,
    undone_by TEXT NOT NULL DEFAULT '',
    undone_manifest INTEGER,
    removed TEXT NOT NULL DEFAULT '{}'
) STRICT;
