-- Stages and handoffs. Nothing was ever written to the table that this one replaces.
DROP TABLE stage_log;

-- stage_log --
-- Every move of every lead, by definition (its name in the workspace). Lines are only added; the last that no other
-- follows says where somebody stands. kind, lead: the identifier that was shown then. follows: JSON, numbers of the
-- lines that this one takes the place of. fit, engagement: JSON, [[rule, micro-points], ...].
CREATE TABLE stage_log (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    definition TEXT NOT NULL,
    kind TEXT NOT NULL,
    lead TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    cause TEXT NOT NULL,
    by TEXT NOT NULL,
    why TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    resting_until INTEGER,
    follows TEXT NOT NULL,
    fit TEXT NOT NULL,
    engagement TEXT NOT NULL
) STRICT;
CREATE INDEX stage_log_of_lead ON stage_log (lead, definition);

-- handoffs --
-- One row for every time that a lead was given to sales. state: held, waiting, open, accepted, rejected, recycled,
-- disqualified, withdrawn, won, lost. next_us: when the clock does something next. found, lapsed, flags: JSON. What is
-- open is with one person whose clock runs, and nothing else is.
CREATE TABLE handoffs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    definition TEXT NOT NULL,
    kind TEXT NOT NULL,
    lead TEXT NOT NULL,
    stage TEXT NOT NULL,
    cause TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    made_us INTEGER NOT NULL,
    engagement INTEGER NOT NULL,
    fit INTEGER NOT NULL,
    rating TEXT NOT NULL,
    hand_raise TEXT,
    account TEXT,
    state TEXT NOT NULL,
    why TEXT NOT NULL,
    owner TEXT,
    team TEXT,
    assigned_us INTEGER,
    accept_due_us INTEGER,
    touch_due_us INTEGER,
    next_us INTEGER,
    breached_us INTEGER,
    accepted_us INTEGER,
    touched_us INTEGER,
    qualified_us INTEGER,
    closed_us INTEGER,
    reason TEXT,
    comment TEXT,
    competitor TEXT,
    resting_until INTEGER,
    found TEXT NOT NULL,
    lapsed TEXT NOT NULL,
    flags TEXT NOT NULL,
    CHECK (state <> 'open' OR (owner IS NOT NULL AND accept_due_us IS NOT NULL AND next_us IS NOT NULL)),
    CHECK (state NOT IN ('held', 'waiting') OR owner IS NULL)
) STRICT;
CREATE INDEX handoffs_of_account ON handoffs (account) WHERE account IS NOT NULL;
CREATE INDEX handoffs_of_lead ON handoffs (lead, definition);
CREATE INDEX handoffs_by_state ON handoffs (state, owner);
CREATE INDEX handoffs_due ON handoffs (next_us) WHERE next_us IS NOT NULL;

-- handoff_log --
-- What happened to each handoff, in order: assigned, warned, breached, reassigned, and every answer.
CREATE TABLE handoff_log (
    entry INTEGER PRIMARY KEY,
    number INTEGER NOT NULL REFERENCES handoffs,
    at_us INTEGER NOT NULL,
    what TEXT NOT NULL,
    by TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;
CREATE INDEX handoff_log_of_one ON handoff_log (number);
CREATE INDEX handoff_log_released ON handoff_log (at_us) WHERE what = 'released';

-- assignments --
-- Who was given what, and when: capacities and turns are counted from it. team, turn: what was taken of a team's turns,
-- NULL where the owner knew the lead or its company.
CREATE TABLE assignments (
    number INTEGER NOT NULL REFERENCES handoffs,
    owner TEXT NOT NULL,
    at_us INTEGER NOT NULL,
    team TEXT,
    turn INTEGER
) STRICT;
CREATE INDEX assignments_of_owner ON assignments (owner, at_us);

-- releases --
-- How many held handoffs leave a day, by definition; none where nobody said so.
CREATE TABLE releases (
    definition TEXT PRIMARY KEY,
    per_day INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    by TEXT NOT NULL
) STRICT;

-- advanced --
-- How far each definition's leads were moved: the manifest whose imports are known, and by which version.
CREATE TABLE advanced (
    definition TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    manifest INTEGER NOT NULL,
    position INTEGER NOT NULL,
    at_us INTEGER NOT NULL
) STRICT;

-- person: whose token it is; it may answer what that person has.
ALTER TABLE tokens ADD COLUMN person TEXT;
