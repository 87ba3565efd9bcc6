-- Two teams agree on a definition: who wrote a draft, who signed it, who published it.

ALTER TABLE drafts ADD COLUMN by TEXT NOT NULL DEFAULT '';
ALTER TABLE published ADD COLUMN by TEXT NOT NULL DEFAULT '';

-- signatures --
-- Who agreed to a text of a definition, to the letter, for marketing or for sales. digest: SHA-256 of the text.
-- login: not a reference, since a signature outlasts whoever gave it; by: the name they had then.
CREATE TABLE signatures (
    definition TEXT NOT NULL,
    digest TEXT NOT NULL,
    side TEXT NOT NULL,
    login INTEGER NOT NULL,
    by TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    PRIMARY KEY (definition, digest, side)
) STRICT;
