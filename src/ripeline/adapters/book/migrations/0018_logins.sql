-- The app: who signs in, and from where.

-- logins --
-- Who may sign in. mail: in lower case. password: an argon2 hash, NULL until somebody sets one. person: of the
-- salespeople. sources: JSON list, of an agency. disabled_us: since when they may not.
CREATE TABLE logins (
    number INTEGER PRIMARY KEY,
    mail TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    person TEXT,
    sources TEXT NOT NULL DEFAULT '[]',
    password TEXT,
    made_us INTEGER NOT NULL,
    disabled_us INTEGER
) STRICT;

-- sessions --
-- Browsers that are signed in; secret: a hash of what their cookie holds. seen_us: used last, noted every few minutes.
CREATE TABLE sessions (
    secret TEXT PRIMARY KEY,
    login INTEGER NOT NULL REFERENCES logins (number),
    made_us INTEGER NOT NULL,
    seen_us INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_of ON sessions (login);

-- refused_sign_ins --
-- Tries that failed lately, by the address they named and by where they came from; kept for as long as they count.
CREATE TABLE refused_sign_ins (
    who TEXT NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;
CREATE INDEX refused_sign_ins_of ON refused_sign_ins (who, at_us);

-- login_links --
-- Addresses by which somebody sets a password, once; secret: a hash of what stands in it.
CREATE TABLE login_links (
    secret TEXT PRIMARY KEY,
    login INTEGER NOT NULL UNIQUE REFERENCES logins (number),
    made_us INTEGER NOT NULL
) STRICT;
