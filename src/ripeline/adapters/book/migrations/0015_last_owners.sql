-- Who was given a handoff last: it goes back to them when its lead asks to talk to sales.
CREATE INDEX assignments_of_number ON assignments (number);
