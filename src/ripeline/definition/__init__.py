"""Text in, a Definition or a list of issues out."""
