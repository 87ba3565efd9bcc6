"""From the bytes that a tracking client sends to calls that count, and to failed events with their reason.

Everything here is a pure function of what arrived and when: live apply, compaction and batch readers all read
calls by it, so they cannot differ.
"""
