"""How many examples of a property are looked at."""

from hypothesis import settings


def most(examples: int) -> int:
    """Return how many of so many examples the profile of this run takes: three in ten where it is the quick one.

    Decorators ask for it, when all profiles are loaded.
    """
    profile = settings.default
    assert profile is not None, "conftest has loaded one"
    return max(examples * profile.max_examples // 100, 3)
