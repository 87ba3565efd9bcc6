"""One lead: where it stands, why, and what would change that; at any moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from starlette.responses import Response

from ripeline.entry.bootstrap.history import history_of
from ripeline.entry.server.answers import lead_wanted
from ripeline.entry.server.deciding import MERGE, UNMERGE
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.identity import KINDS
from ripeline.entry.server.pages.page import Page, Visit
from ripeline.entry.server.services import Services
from ripeline.entry.server.serving import Serving
from ripeline.ports.history import History
from ripeline.usecases.definition_words import DOES
from ripeline.usecases.evidence_words import evidence_text
from ripeline.usecases.explain import Explanation, evidence_of, explain, label_of
from ripeline.usecases.identity import are_one, identity_record
from ripeline.usecases.score import asked_at
from ripeline.usecases.who import people_of
from ripeline.vocabulary.calendar import Zone, day_text, instant_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.notes import Note
from ripeline.vocabulary.points import shown_parts, tenths_text
from ripeline.vocabulary.scores import Score

MOST_NAMES = 25
MOST_BACK: Final = 90
DAYS_BACK: Final = {str(days): days for days in range(MOST_BACK + 1)}
FALLS_WITHIN = 365
"""Days ahead that a fall is looked for: to look farther takes long, and nobody plans by it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a score: of which rule, its points as they are shown, and what speaks for them.

    begins, ends: where its bar lies of all that the score goes through, from 0 to 100.
    """

    label: str
    points: str
    evidence: str
    begins: float
    ends: float

    @property
    def rises(self) -> bool:
        """Say whether it gives points."""
        return self.ends >= self.begins


class Lead:
    """The page."""

    def __init__(self, services: Services) -> None:
        """Take what it works with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [Page("GET", "/leads/of", "see_leads", self.shown)]

    async def shown(self, visit: Visit) -> Response:
        """One lead by any identifier."""
        parameters = visit.request.query_params
        name, lead = self._with.name(parameters.get("definition") or None), parameters.get("lead", "")
        as_of = _as_of(parameters, self._with.live.plans[name].zone, visit.at_us)

        def ask(serving: Serving) -> tuple[Explanation, dict[str, object]]:
            plan, history = serving.plans[name], history_of(serving.history.store)
            at_us = asked_at(plan, visit.at_us, as_of, None).as_of_us
            with lead_wanted():
                found = explain(plan, history, lead, at_us, FALLS_WITHIN)
            person = people_of(history, [lead], visit.at_us)[lead]
            told: dict[str, object] = {"person": person, "title": person.named or found.lead}
            told["known"] = identity_record(history, lead, at_us)
            told["names"] = [one.asked for one in history.names(lead)]
            return found, told | {"done": _done(history, lead, parameters, visit.at_us)}

        found, told = await self._with.live.ask(ask)
        told["notes"] = list(map(_note, self._with.book.notes(cast("list[str]", told["names"]))))
        may_decide = visit.who.may("decide") and as_of is None
        told |= {
            "as_of": as_of or "",
            "back": found.plan.zone.day(visit.at_us) - found.day,
            "most_back": MOST_BACK,
            "may_decide": may_decide,
            "kinds": KINDS,
            "most": MOST_NAMES,
        }
        return visit.shown("lead.html", _told(found) | told)


def _as_of(asked: Mapping[str, str], zone: Zone, at_us: int) -> str | None:
    """Return the day or instant that is asked for, or that lies so many days back; None for now."""
    if as_of := asked.get("as_of"):
        return as_of
    back = DAYS_BACK.get(asked.get("back") or "0")
    if back is None:
        raise InputError(f"scores are looked at as of 0 to {MOST_BACK} days ago, or of any day that you name")
    return day_text(zone.day(at_us) - back) if back else None


def _note(one: Note) -> dict[str, object]:
    lines = [line for line in one.text.splitlines() if line.strip()]
    return {"number": one.number, "login": one.login, "by": one.by, "at": instant_text(one.at_us), "lines": lines}


def _done(history: History, lead: str, asked: Mapping[str, str], at_us: int) -> tuple[str, str] | None:
    """Return what was just decided and about which identifier; nothing where it does not hold."""
    kind, identifier = asked.get("done", ""), asked.get("identifier", "")
    if kind not in {MERGE, UNMERGE}:
        return None
    try:
        holds = are_one(history, lead, identifier, at_us) == (kind == MERGE)
    except InputError:
        return None
    return (kind, identifier) if holds else None


def _told(found: Explanation) -> dict[str, object]:
    score, definition = found.score, found.plan.definition
    labels = {one.name: one.signal.label for one in found.plan.signals}
    criteria = {one.name: one.label for one in found.plan.criteria}
    return {
        "lead": found.lead,
        "score": score,
        "stage": found.stage,
        "account": found.account,
        "moment": instant_text(found.as_of_us),
        "version": found.plan.version,
        "does": DOES[score.action],
        "raised": None if score.hand_raise is None else labels[score.hand_raise],
        "likelihood": None if score.likelihood is None else _("{share} %", share=score.likelihood / 10_000),
        "parts": [
            (_("Fit"), _("who they are"), score.fit, list(_lines(found, "fit", score.fit))),
            (_("Interest"), _("what they do"), score.engagement, list(_lines(found, "engagement", score.engagement))),
        ],
        "unknown": [criteria[name] for name in score.unknown],
        "falls": None if found.fall is None else (day_text(found.fall.day), found.fall),
        "ways": [(labels[way.signal], way.events, way.level) for way in found.ways_up[:3]],
        "definition": definition,
    }


def _lines(found: Explanation, part: str, score: Score) -> Iterator[Line]:
    """Yield a score's lines, each with its bar where the one before ended."""
    sums, total = [0], 0
    for line in score.contributions:
        total += line.micro
        sums.append(total)
    low, room = min(sums), max(max(sums) - min(sums), 1)
    shown = shown_parts([line.micro for line in score.contributions])
    for place, (line, tenths) in enumerate(zip(score.contributions, shown, strict=True)):
        begins, ends = (round(100 * (sums[at] - low) / room, 2) for at in (place, place + 1))
        evidence = evidence_text(evidence_of(found, part, line))
        yield Line(label_of(found, part, line), tenths_text(tenths), evidence, begins, ends)
