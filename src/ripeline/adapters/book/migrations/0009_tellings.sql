-- tellings --
-- What people have still to be told of handoffs. A row is written with what happened; soon after, mails and chat messages
-- are made from it and from history, and put into the outbox as it goes. told: JSON, names of salespeople.
CREATE TABLE tellings (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    type TEXT NOT NULL,
    number INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    told TEXT NOT NULL
) STRICT;

-- link_secret --
-- What one-click links are signed with; one row, made when the first link is.
CREATE TABLE link_secret (
    secret BLOB NOT NULL
) STRICT;
