"""A plan in SQL: small emitters, one per step. Scores and contributions come from the same steps."""
