-- tasks --
-- What a salesperson is to see to without urgency, one row each, changed in place. state: held, waiting, open, done,
-- dismissed, withdrawn. kind, lead: the identifier that was shown then. team, turn: what was taken of a team's turns
-- for tasks, NULL where the owner knew the lead or its company.
CREATE TABLE tasks (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    definition TEXT NOT NULL,
    kind TEXT NOT NULL,
    lead TEXT NOT NULL,
    reason TEXT NOT NULL,
    stage TEXT NOT NULL,
    cause TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    made_us INTEGER NOT NULL,
    fit INTEGER NOT NULL,
    fit_level TEXT NOT NULL,
    engagement INTEGER NOT NULL,
    engagement_level TEXT NOT NULL,
    hand_raise TEXT,
    account TEXT,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    owner TEXT,
    team TEXT,
    turn INTEGER,
    assigned_us INTEGER,
    closed_us INTEGER,
    closed_by TEXT,
    comment TEXT,
    -- What is open is with one person, and what nobody was given is with nobody.
    CHECK (state <> 'open' OR owner IS NOT NULL),
    CHECK (state NOT IN ('held', 'waiting') OR owner IS NULL)
) STRICT;
CREATE INDEX tasks_of_lead ON tasks (lead, definition);
CREATE INDEX tasks_by_state ON tasks (state, owner);
CREATE INDEX tasks_given ON tasks (owner, assigned_us) WHERE assigned_us IS NOT NULL;
