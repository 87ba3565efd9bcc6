"""What was read, key by key -> a Definition with every default filled in."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ripeline.definition.conditions import split_gate
from ripeline.definition.model import (
    Accounts,
    Accrual,
    Cell,
    Criterion,
    Decay,
    Definition,
    Engagement,
    EventMatch,
    Fade,
    Fit,
    Follows,
    Form,
    Frequency,
    Group,
    HalfLife,
    Handoff,
    HandRaise,
    Inactivity,
    Level,
    Likelihood,
    Measure,
    Signal,
    Stages,
    Step,
    Suppression,
    TraitUnits,
)
from ripeline.definition.words import WHOLE
from ripeline.vocabulary.looks import AfterCreation, Every

Raw = Mapping[str, Any]
COUNT = Measure("count")
OPEN_FOR = 30
WEAK_SHARE = 25_000


def resolve(raw: Raw, stem: str) -> Definition:
    """Return the definition. raw: every rule in it is complete. stem: its name where it gives none."""
    fit, engagement = _fit(raw.get("fit", {})), _engagement(raw.get("engagement", {}))
    accounts = raw.get("accounts", {})
    return Definition(
        name=raw.get("name", stem),
        timezone=raw.get("timezone", "UTC"),
        required=raw.get("required", ("email", "phone")),
        fit=fit,
        engagement=engagement,
        matrix=_matrix(raw.get("matrix", {}), fit, engagement),
        suppress=tuple(Suppression(name, one["when"]) for name, one in raw.get("suppress", {}).items()),
        stages=_stages(raw.get("stages", {})),
        handoff=_handoff(raw.get("handoff", {})),
        accounts=Accounts(accounts.get("breadth", 5_000_000), accounts.get("breadth_cap", 20_000_000)),
        likelihood=_likelihood(raw.get("learned", {}).get("likelihood", {})),
        per=raw.get("per", "lead"),
    )


def in_words(key: str) -> str:
    """Return a key as a label.

    >>> in_words("trial_download")
    'Trial download'
    """
    words = key.replace("_", " ").strip()
    return words[:1].upper() + words[1:] or key


def _fit(raw: Raw) -> Fit:
    return Fit(
        min_known=raw.get("min_known", 1),
        at_most=raw.get("at_most"),
        floor=raw.get("floor"),
        criteria=tuple(_criterion(name, one) for name, one in raw.get("criteria", {}).items()),
        groups=tuple(_group(name, one) for name, one in raw.get("groups", {}).items()),
        levels=_levels(raw),
    )


def _criterion(name: str, raw: Raw) -> Criterion:
    label = raw.get("label", in_words(name))
    return Criterion(name, label, raw["when"], raw["points"], raw.get("group"), raw.get("trusted", False))


def _group(name: str, raw: Raw) -> Group:
    return Group(name, raw.get("at_most"), raw.get("floor"), raw.get("first", False))


def _levels(raw: Raw) -> tuple[Level, ...]:
    return tuple(Level(name, lowest) for name, lowest in raw.get("levels", {}).items())


def _engagement(raw: Raw) -> Engagement:
    return Engagement(
        at_most=raw.get("at_most"),
        floor=raw.get("floor"),
        weak_share=raw.get("weak_share", WEAK_SHARE),
        signals=tuple(_signal(name, one) for name, one in raw.get("signals", {}).items()),
        groups=tuple(_group(name, one) for name, one in raw.get("groups", {}).items()),
        levels=_levels(raw),
    )


def _signal(name: str, raw: Raw) -> Signal:
    gate, where = split_gate(raw.get("when"))
    return Signal(
        name=name,
        label=raw.get("label", in_words(name)),
        points=raw["points"],
        form=_form(raw, EventMatch(raw.get("type", "track"), raw.get("event"), where)),
        gate=gate,
        cap=raw.get("cap"),
        floor=raw.get("floor"),
        group=raw.get("group"),
        weak=raw.get("evidence") == "weak",
        hand_raise=_hand_raise(raw.get("hand_raise")),
        trusted=raw.get("trusted", False),
    )


def _form(raw: Raw, match: EventMatch) -> Form:
    if "trait" in raw:
        return TraitUnits(raw["trait"])
    if "inactive" in raw:
        return Inactivity(match, raw["inactive"])
    measure, frequency_cap = raw.get("measure", COUNT), raw.get("at_most")
    if "at_least" in raw:
        least, window = raw["at_least"]
        return Frequency(match, measure, frequency_cap, least, window, _without(raw.get("without")))
    return Accrual(match, measure, _decay(raw.get("decay")), frequency_cap, raw.get("within"))


def _decay(raw: object) -> Decay:
    match raw:
        case {"half_life": int(days)}:
            return HalfLife(days)
        case {"fade": int(days)}:
            return Fade(days)
        case {"step": {"lose": int(lose), "every": int(every)}}:
            return Step(Fraction(lose, WHOLE), every)
    return None


def _without(raw: Raw | None) -> EventMatch | None:
    return None if raw is None else EventMatch(raw.get("type", "track"), raw.get("event"), raw.get("when"))


def _hand_raise(raw: object) -> HandRaise | None:
    match raw:
        case True:
            return HandRaise(OPEN_FOR, "mql")
        case dict():
            return HandRaise(raw.get("open_for", OPEN_FOR), raw.get("to", "mql"))
    return None


def _matrix(raw: Raw, fit: Fit, engagement: Engagement) -> dict[str, dict[str, Cell]]:
    rows = [*(level.name for level in fit.levels), "unknown"]
    letters = [*(chr(ord("A") + index) for index in range(len(fit.levels))), "U"]
    return {
        row: {
            level.name: _cell(raw[row][level.name], f"{letter}{column}")
            for column, level in enumerate(engagement.levels, start=1)
            if level.name in raw[row]
        }
        for row, letter in zip(rows, letters, strict=True)
        if row in raw
    }


def _cell(raw: str | Raw, rating: str) -> Cell:
    if isinstance(raw, str):
        return Cell(raw, rating)
    return Cell(raw.get("action", "none"), raw.get("rating", rating), raw.get("by_lot", 0))


def _stages(raw: Raw) -> Stages:
    fall = raw.get("mql", {}).get("fall_below", {})
    return Stages(
        fall_engagement=fall.get("engagement"),
        fall_fit=fall.get("fit"),
        cool_down=raw.get("cool_down", 90),
        remove_after=raw.get("remove_after", 180),
    )


def _handoff(raw: Raw) -> Handoff:
    hand_raise = raw.get("hand_raise", {})
    return Handoff(
        accept_within=raw.get("accept_within"),
        first_touch_within=raw.get("first_touch_within"),
        raise_accept_within=hand_raise.get("accept_within"),
        raise_first_touch_within=hand_raise.get("first_touch_within"),
        reasons=raw.get("reasons", ()),
    )


def _likelihood(raw: Raw) -> Likelihood | None:
    match raw:
        case {"of": str(of), "table": tuple(rows)}:
            return Likelihood(of, tuple((least, likelihood) for least, likelihood in rows), _follows(raw))
    return None


def _follows(raw: Raw) -> Follows | None:
    match raw.get("follows", {}):
        case {"looks": int(looks), "score_at": Every() | AfterCreation() as at}:
            return Follows(looks, at, raw["follows"].get("won_within"), raw["follows"].get("repeat", False))
    return None
