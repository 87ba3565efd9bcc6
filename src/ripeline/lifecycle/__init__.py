"""From scores to stages: when a lead moves, and where it stands. Pure."""
