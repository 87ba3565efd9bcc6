"""What became of leads, seen from behind: by the log of stages and by outcomes. Pure."""
