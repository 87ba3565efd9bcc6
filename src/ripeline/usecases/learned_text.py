"""What was learned, as the text of a definition that a person accepts or not."""

from collections.abc import Mapping
from typing import Any, Final

from ripeline.definition.sections import sections
from ripeline.learning.findings import Findings
from ripeline.learning.written import Proposed, definition_text
from ripeline.usecases.learn import Learned
from ripeline.usecases.learned_record import evidence_of_record, follows_of_record
from ripeline.usecases.report.words import drawn

KEPT: Final = ("required", "suppress", "handoff", "accounts", "per")
"""What deals do not tell: it stands in the proposal as the company wrote it."""

Record = Mapping[str, Any]


def learned_text(of: Learned, name: str, found: Findings, record: Record, own_text: str) -> str:
    """Return the text. own_text: of the company's own definition."""
    card = of.study.card
    assert card is not None  # noqa: S101 - there are findings
    return definition_text(
        Proposed(
            name=name,
            timezone=of.plan.definition.timezone,
            rules=card.rules,
            points=[int(points) for points in card.points],
            comments=[why(rule) for rule in record["rules"]],
            lines=found.lines,
            table=found.table,
            evidence=evidence_of_record(record),
            follows=follows_of_record(record),
            head=_head(record),
            kept=sections(own_text, KEPT),
        )
    )


def why(rule: Record) -> str:
    """Return what speaks for a rule, as it stands in a comment behind it."""
    low, high = rule["interval"]
    who = " with half the points or more" if rule["fades"] else ""
    return f"won: {_share(rule['with'])}{who}; else {_share(rule['without'])}; between {low:g} and {high:g} points"


def _share(rate: Record) -> str:
    if rate["share"] is None:
        return f"{rate['count']} of {rate['of']}"
    return f"{rate['share']:.1%} of {rate['of']:,}"


def _head(record: Record) -> list[str]:
    data, asked = record["data"], record["asked"]
    within = "ever" if asked["win_within_days"] is None else f"within {asked['win_within_days']} days"
    learned = (
        f"Learned from {data['leads_looked_at']:,} leads, looked at {data['snapshots']:,} times: "
        f"{data['won']:,} were followed by a win {within}.{drawn(data)}"
    )
    return [learned, "A proposal: read it, change what you know better, preview it, then publish it."]
