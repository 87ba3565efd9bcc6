"""For all tests: none is judged by how long it takes, which depends on what else the machine does.

`make test` looks at fewer examples of each property (`--hypothesis-profile=quick`), `make test-all` at all of them.
"""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=30)
settings.load_profile("unhurried")
