"""Definition to plan: everything resolved that needs no history, in a form that no dialect shows in."""
