-- released_us: when a task left that was held back.
ALTER TABLE tasks ADD COLUMN released_us INTEGER;
CREATE INDEX tasks_released ON tasks (definition, released_us) WHERE released_us IS NOT NULL;
