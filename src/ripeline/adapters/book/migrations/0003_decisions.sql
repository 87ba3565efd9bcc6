-- Decisions by hand: they go through the inbox like events, under a key that nobody can show.

INSERT INTO write_keys (key_id, kind, source, secret, created_us, revoked_us) VALUES (0, 'server', 'by hand', '', 0, 0);
