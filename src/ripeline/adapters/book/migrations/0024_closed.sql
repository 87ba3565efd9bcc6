-- closed --
-- What was closed lately is part of the queue, however much was closed before.
CREATE INDEX handoffs_closed ON handoffs (closed_us) WHERE closed_us IS NOT NULL;
