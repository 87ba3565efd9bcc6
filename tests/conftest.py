"""For all tests: none is judged by how long it takes, which depends on what else the machine does."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
