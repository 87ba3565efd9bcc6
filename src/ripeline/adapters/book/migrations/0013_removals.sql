-- tombstones --
-- removed: 1 where the identifier was the person's alone until they were removed; whoever has it later is somebody new.
ALTER TABLE tombstones ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;

-- removals --
-- Who is proposed for removal, by the name that the lead is shown by: nothing else of the person stands here.
-- since: the first local day of those that were looked at, on all of which the lead was to be removed.
CREATE TABLE removals (
    kind TEXT NOT NULL,
    lead TEXT NOT NULL,
    since INTEGER NOT NULL,
    proposed_us INTEGER NOT NULL,
    PRIMARY KEY (lead, kind)
) STRICT;
CREATE INDEX removals_by_time ON removals (proposed_us, lead, kind);

-- removal_holds --
-- Who is not to be removed, whatever the scores say, until somebody lifts it.
CREATE TABLE removal_holds (
    kind TEXT NOT NULL,
    lead TEXT NOT NULL,
    reason TEXT NOT NULL,
    held_by TEXT NOT NULL,
    held_us INTEGER NOT NULL,
    PRIMARY KEY (lead, kind)
) STRICT;

-- removal_hold_changes --
-- One row: how often somebody was put on hold, or a hold was lifted, so that a server notices.
CREATE TABLE removal_hold_changes (
    changes INTEGER NOT NULL
) STRICT;
INSERT INTO removal_hold_changes VALUES (0);
