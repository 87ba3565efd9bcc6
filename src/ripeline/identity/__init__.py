"""Links to persons."""
