-- saved_views --
-- What of the list of leads somebody wants to see again. login: whose it is. address: what stands behind the question
-- mark. shared: everybody who sees leads may use it.
CREATE TABLE saved_views (
    number INTEGER PRIMARY KEY,
    login INTEGER NOT NULL REFERENCES logins (number),
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    shared INTEGER NOT NULL DEFAULT 0,
    made_us INTEGER NOT NULL,
    UNIQUE (login, name)
) STRICT;
