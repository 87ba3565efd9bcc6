-- nurture_lists --
-- A number for each definition that has a list of leads to nurture.
CREATE TABLE nurture_lists (
    list INTEGER PRIMARY KEY,
    definition TEXT NOT NULL UNIQUE
) STRICT;

-- nurtured --
-- Who is on a list: what was told to the outside, or is known without being told. There may be millions, so a row is as
-- small as can be: key is a hash of the definition's name and the lead's; everything else is read from scores.
CREATE TABLE nurtured (
    key INTEGER PRIMARY KEY,
    list INTEGER NOT NULL,
    joined_us INTEGER NOT NULL,
    joined_by TEXT NOT NULL
) STRICT;
