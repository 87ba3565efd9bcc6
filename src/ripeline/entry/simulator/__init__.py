"""Plays a company's traffic through the intake: what is due goes out, whatever the answers."""
