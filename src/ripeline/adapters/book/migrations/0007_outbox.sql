-- What is promised to the outside, until it is delivered, and what became of it.

-- outbox --
-- One row a message. id: random, the same on every attempt. lane: which messages share a way. state: waiting (for due_us),
-- sending (somebody who holds the lock of senders is at it), delivered, dead (given up), uncertain (it may have
-- arrived, and is not sent twice), held (not to be sent). tried: attempts since it was made or sent again by hand.
-- begun: while sending, that from here on it may have arrived.
CREATE TABLE outbox (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('webhook', 'mail', 'chat')),
    destination TEXT NOT NULL,
    lane TEXT NOT NULL,
    about TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    type TEXT NOT NULL,
    body BLOB NOT NULL,
    made_us INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sending', 'delivered', 'dead', 'uncertain', 'held')),
    due_us INTEGER NOT NULL,
    tried INTEGER NOT NULL DEFAULT 0,
    begun INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX outbox_due ON outbox (state, lane, due_us);
CREATE INDEX outbox_state ON outbox (state);

-- attempts --
-- Every attempt to deliver a message, in order. status: of HTTP or SMTP, NULL where nothing was answered.
CREATE TABLE attempts (
    message INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    status INTEGER,
    error TEXT NOT NULL,
    PRIMARY KEY (message, attempt)
) STRICT;

-- message_sequences --
-- The last number of what was told of each lead.
CREATE TABLE message_sequences (
    lead TEXT PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT;

-- outbox_holds --
-- One row while nothing may be sent, whatever the settings say: this book is a copy of one that sends.
CREATE TABLE outbox_holds (
    at_us INTEGER NOT NULL
) STRICT;
