"""Backups as files: one tar, which any machine can look into."""
