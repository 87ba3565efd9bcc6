"""What a review found, in sentences: the same on the screen and on its page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from ripeline.usecases.report.numbers import percent, told
from ripeline.usecases.report.words import minute

Record = Mapping[str, Any]

SINCE: Final = {
    "published": "when this version was published",
    "asked": "as you asked",
    "usual": "30 days before, since it was never published here",
}
VERDICTS: Final = {"stable": "stable", "look": "look at it", "changed": "changed", "too_few": "too few to tell"}
DEAD: Final = {"nobody": "dead: nobody has it", "everybody": "dead: all have the same"}
CALIBRATION: Final = {
    "none": "It promises no likelihood, so there is nothing that could come true.",
    "too_few": "Too few leads were won, or not won, since then to tell whether chances come true.",
    "fine": "What was foretold is as near to what happened as chance allows.",
    "off": "What was foretold is further from what happened than chance allows.",
}


def period(record: Record) -> str:
    """Return from when to when."""
    return f"Then: {minute(record['since'])}, {SINCE[record['since_is']]}. Now: {minute(record['as_of'])}."


def mqls(record: Record) -> str:
    """Return how many became MQLs since."""
    if record["own"] is None:
        return (
            "How many became MQLs since is not known: no move is logged yet (by ripeline serve, or ripeline advance)."
        )
    weekly = "" if record["per_week"] is None else f", {record['per_week']:,.1f} a week"
    room = "" if record["capacity_per_week"] is None else f"; sales can answer {record['capacity_per_week']:,} a week"
    quiet = f", and {record['quiet']:,} because of an import or a new definition" if record["quiet"] else ""
    return f"MQLs since: {record['own']:,} by what they did{weekly}{quiet}{room}."


def calibration(found: Record) -> str:
    """Return whether chances come true."""
    if found["verdict"] == "early":
        days, day = found["won_within_days"], found["over_at"][:10]
        return f"Too early to tell: the {days:,} days in which leads are won end on {day}."
    return CALIBRATION[found["verdict"]]


def handoffs(record: Record) -> str:
    """Return what sales made of what it was given."""
    if not record["given"]:
        return "Nothing was handed over since then, so sales' answers say nothing of rules."
    lost = record["given"] - record["known"]
    gone = f" Of {lost:,} the lead is not known any more." if lost else ""
    answered = f"{record['accepted']:,} accepted, {record['sent_back']:,} sent back, {record['open']:,} not answered"
    return f"Given to sales since then: {record['given']:,}; {answered}.{gone}"


def rule(one: Record) -> str:
    """Return what stands out of a rule, nothing where nothing does."""
    silent = "nobody did it since" if one["happened_since"] == 0 else ""
    sales = "sales disagrees" if one["sales"] == "disagrees" else ""
    return ", ".join(filter(None, (DEAD.get(one["dead"] or "", ""), silent, sales)))


def reason(one: Record) -> str:
    """Return what tells leads of a reason from accepted ones."""
    if not one["reason"]:
        return "no reason was given, so there is nothing to learn from it"
    if one["verdict"] == "too_few":
        return f"too few to tell: {one['known']:,} of them and {one['accepted']:,} accepted; 10 of each are needed"
    if one["verdict"] == "nothing":
        return f"none of {one['tried']:,} facts that were tried does, more clearly than chance"
    best = one["apart"][0]
    return f"{share(best['sent_back'])} {best['what']}; of accepted ones {share(best['accepted'])}"


def share(rate: Record) -> str:
    r"""Return a share with what it is of, or how many of how many where they are few.

    >>> share({"count": 3, "of": 12, "share": 0.25}), share({"count": 1, "of": 2, "share": None})
    ('25\xa0% of 12', '1\xa0of\xa02')
    """
    if rate["share"] is None:
        return told(rate) if rate["of"] else "-"
    return f"{told(rate)} of {rate['of']:,}"


def between(rate: Record) -> str:
    """Return where a share lies at 95 %; nothing where it is not told."""
    return "" if rate["low"] is None else f"{percent(rate['low'])} to {percent(rate['high'])}"


def moved(one: Record) -> str:
    """Return what moved most of something that moved; nothing of what did not."""
    return str(one["moved"] or "") if one["verdict"] in {"look", "changed"} else ""


def won(cells: Sequence[Record]) -> str:
    """Return how many were won since then."""
    count, of = (sum(one["won"][name] for one in cells) for name in ("count", "of"))
    if not of:
        return "Of no lead of then is it known what became of it since: outcomes are missing, undated or earlier."
    return f"{count:,} of {of:,} leads were won since then."
