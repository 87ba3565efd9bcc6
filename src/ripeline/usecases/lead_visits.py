"""What happened to a lead, with what belongs to one visit together."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ripeline.usecases.lead_course import UNMOVED, Moved
from ripeline.vocabulary.derived import Tables
from ripeline.vocabulary.derived_fields import derived_values
from ripeline.vocabulary.values import typed
from ripeline.vocabulary.visits import SILENCE_US, cut

TOLD_MEANWHILE: Final = frozenset({"traits", "link", "account"})
"""What somebody tells of themselves while they are here is part of their visit; it begins none, and prolongs none."""

LOOKS: Final = frozenset({"page", "screen"})


@dataclass(frozen=True, slots=True)
class Happened:
    """Something with an instant. record: as `entry_record` has it; moved: what it did to scores."""

    at_us: int
    record: Mapping[str, Any]
    moved: Moved = UNMOVED

    @property
    def from_us(self) -> int:
        """When it began, which is when it was."""
        return self.at_us


@dataclass(frozen=True, slots=True)
class LeadVisit:
    """A visit of a lead. entries: its acts and what was told meanwhile, the youngest first.

    may_begin_earlier: something that is not known here may belong to it.
    """

    entries: tuple[Happened, ...]
    may_begin_earlier: bool = False

    @property
    def from_us(self) -> int:
        """When it began."""
        return self.entries[-1].at_us

    @property
    def until_us(self) -> int:
        """When the last of it happened."""
        return self.entries[0].at_us

    @property
    def moved(self) -> Moved:
        """What all of it did to scores."""
        return sum((one.moved for one in self.entries), UNMOVED)

    @property
    def acts(self) -> list[Happened]:
        """What was done, the youngest first."""
        return [one for one in self.entries if one.record["kind"] == "event"]

    @property
    def looks(self) -> int:
        """How many pages were looked at."""
        return sum(one.record["type"] in LOOKS for one in self.acts)

    def way(self, tables: Tables) -> str | None:
        """Return by which way somebody came, in words; None where its first page does not tell."""
        told = (_way(one.record["fields"], tables) for one in reversed(self.acts))
        first = next(filter(None, told), "")
        return None if first in {"", "internal"} else first


def by_visit(
    entries: Sequence[Happened], mail_names: Collection[str], before_us: int | None = None
) -> list[Happened | LeadVisit]:
    """Return entries, the youngest first, with those of a visit together where its youngest one stood.

    mail_names: events that tell of a mail, which stand by themselves. before_us: when the youngest was of what is not
    among the entries.
    """
    spans = [
        (visit[0].at_us, visit[-1].at_us)
        for visit in cut((one for one in entries if _is_act(one, mail_names)), lambda one: one.at_us)
    ]
    groups = list[Happened | list[Happened]]()
    inside = dict[int, list[Happened]]()
    for one in entries:
        began_us = _visit_of(one, spans) if _may_belong(one, mail_names) else None
        if began_us is None:
            groups.append(one)
        elif began_us in inside:
            inside[began_us].append(one)
        else:
            groups.append(inside.setdefault(began_us, [one]))
    return [one if isinstance(one, Happened) else _visit(one, before_us) for one in groups]


def _is_act(one: Happened, mail_names: Collection[str]) -> bool:
    return one.record["kind"] == "event" and one.record["name"] not in mail_names


def _may_belong(one: Happened, mail_names: Collection[str]) -> bool:
    return _is_act(one, mail_names) or one.record["kind"] in TOLD_MEANWHILE


def _visit_of(one: Happened, spans: Sequence[tuple[int, int]]) -> int | None:
    """Return when the visit began that was going on at an instant, None where none was."""
    at = bisect_right(spans, one.at_us, key=lambda span: span[0]) - 1
    return spans[at][0] if at >= 0 and one.at_us <= spans[at][1] else None


def _visit(entries: Sequence[Happened], before_us: int | None) -> LeadVisit:
    began_us = entries[-1].at_us
    return LeadVisit(tuple(entries), before_us is not None and began_us - before_us <= SILENCE_US)


def _way(fields: Mapping[str, object], tables: Tables) -> str:
    """Return the channel of an act in words, "" where it tells none."""
    stored = {key: value for key, said in fields.items() if (value := typed(said)) is not None}
    told = {key: value.text for key, value in derived_values("channel", stored, tables).items()}
    medium, source, campaign = (told.get(f"channel.{part}") for part in ("medium", "source", "campaign"))
    if medium is None or medium == "internal":
        return medium or ""
    named = [part for part in (source, f"campaign {campaign}" if campaign else None) if part]
    return f"{medium}: {', '.join(named)}" if named else medium
