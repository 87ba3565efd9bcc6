-- What people of the company write down about leads.

-- notes --
-- lead: one of its names, as kind:value. login: who wrote it; by: the name they had then.
CREATE TABLE notes (
    number INTEGER PRIMARY KEY,
    lead TEXT NOT NULL,
    login INTEGER NOT NULL,
    by TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX notes_of_lead ON notes (lead);

-- mentions --
-- Who is named in a note with an @, until they say that they have seen it.
CREATE TABLE mentions (
    note INTEGER NOT NULL REFERENCES notes (number),
    login INTEGER NOT NULL,
    PRIMARY KEY (note, login)
) STRICT;
CREATE INDEX mentions_of_login ON mentions (login);
