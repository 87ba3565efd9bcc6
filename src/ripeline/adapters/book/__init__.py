"""The book of record: what Ripeline must not lose, in SQLite."""
