-- Handoffs and tasks are given out without reading all that were given ever.
CREATE INDEX assignments_turns ON assignments (owner, team, turn);
CREATE INDEX tasks_turns ON tasks (owner, team, turn);
