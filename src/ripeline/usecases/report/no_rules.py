"""What is said where nothing was learned: what that means, and what would help."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ripeline.learning.enough import CLEAR, ENOUGH_OF_EACH, LEAST_OF_EACH
from ripeline.usecases.report.frame import listed, section, words
from ripeline.usecases.report.markup import Html, joined, said, tag
from ripeline.usecases.report.numbers import SURE, counted
from ripeline.usecases.report.words import clear, looks, pairs

Record = Mapping[str, Any]

TITLES: Final = {
    "no_signal": "No signal: nothing that is known foretells who is won",
    "not_enough": "Not enough evidence to tell who is won",
}
LEADS: Final = {
    "no_signal": "The best rules that were found are no better than giving every lead the same chance.",
    "not_enough": "With so few deals that were won, or that were not, nobody can tell a rule from luck.",
}


def meaning(record: Record) -> Html:
    """Return what a verdict means, and why it was given."""
    told = _no_signal(record) if record["verdict"] == "no_signal" else _not_enough(record)
    return section("What that means", said(next(told)), words(*told))


def _no_signal(record: Record) -> Iterator[str]:
    yield "Points that foretell nothing would send the wrong leads to sales, and look as if they knew."
    yield _clear(record)
    yield f"It is an answer, not a failure: with {_counts(record)} a signal that is worth anything would have shown."
    odoo = record["evaluation"].get("odoo", {}).get("auc")
    if odoo is not None:
        low, high = (f"{100 * odoo[end]:.0f}" for end in ("low", "high"))
        yield (
            f"Another way to learn, Odoo's method, put a won lead before another in {pairs(odoo)} of 100 pairs "
            f"({low} to {high}, at {SURE}); a coin does in 50."
        )


def _not_enough(record: Record) -> Iterator[str]:
    yield f"There are {_counts(record)}."
    yield (
        f"At least {LEAST_OF_EACH} leads that were won and {LEAST_OF_EACH} that were not are needed to try at all, and "
        f"{ENOUGH_OF_EACH} of each to be sure that a signal would show."
    )
    if record["tried"]:
        yield _clear(record)


def _clear(record: Record) -> str:
    return (
        f"On leads that were left out, the best rules were {clear(record['gain'])}; at least {CLEAR:g} better are "
        "needed to speak of more than luck."
    )


def _counts(record: Record) -> str:
    data = record["data"]
    return f"{counted(data['won'], looks(data))} won and {data['not_won']:,} not"


def advice(record: Record) -> Html:
    """Return what would help."""
    lead = said("More of what was known before the outcome, with its time.")
    return section("What would help", lead, listed(_advice(record)))


def _advice(record: Record) -> Iterator[Html]:
    if record["verdict"] == "not_enough":
        yield said(
            "Learn again when more deals are closed, and import lost ones as well: they tell as much as won ones."
        )
    yield said("Import what leads did before they were won or lost, with times: visits, forms, mails, calls.")
    undated, out = len(record["undated"]), sum(not one["kept"] for one in record["leaks"])
    if undated:
        yield said(
            f"Import traits with the time at which they were known: {counted(undated, 'trait')} came without one."
        )
    if out:
        yield _with(
            f"{counted(out, 'name')} below left out: what was honestly known before can be used with", "--keep NAME"
        )
    yield _with("Ask another question, such as who is won soon, with", "--win-within 30d")
    yield said("Check that outcomes stand with the right leads, and that lost ones are not simply missing.")
    yield said("Until then your own definition stays as it is.")


def _with(text: str, option: str) -> Html:
    return joined([said(text), tag("code", said(option))], " ")
