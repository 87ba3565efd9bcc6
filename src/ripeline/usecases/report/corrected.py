"""What deals would change in a definition that was started from."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.frame import grid, section, sign, words
from ripeline.usecases.report.markup import NOTHING, Html, called, said
from ripeline.usecases.report.numbers import counted

Record = Mapping[str, Any]

SIGNS: Final = {"new": "yes", "removed": "no", "changed": "plain"}


def corrected(record: Record) -> Html:
    """Return the section; nothing where rules were learned from nothing."""
    starting = record["starting_from"]
    if starting is None:
        return NOTHING
    changes = changed_in(starting)
    rows = [(sign(one["kind"], SIGNS[one["kind"]]), called(one["text"])) for one in changes]
    lead = (
        f"{counted(len(changes), 'change')} to the definition that was started from; all else stays as it was written."
    )
    table = grid(("", "Change"), rows) if rows else NOTHING
    return section("What would change", said(lead), table, _explained(starting))


def changed_in(starting: Record) -> Sequence[Record]:
    """Return what changes in the rules; the likelihood of totals always does."""
    return [one for one in starting["changes"] if one["subject"] != "likelihood"]


def _explained(starting: Record) -> Html:
    told = (
        "Points stay as they were given until deals clearly contradict them: by more than the most doubtful of as many "
        "rules would by luck. A rule that points the other way than its own won rate is taken out."
    )
    kept = starting["not_corrected"]
    if not kept:
        return words(told)
    why = "nobody has them, they read what may know the outcome, or they mean something else than a chance"
    return words(told, f"Not corrected, since {why}: {', '.join(kept)}.")
