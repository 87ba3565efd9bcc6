"""Judge definitions by what they would have done on history, as it was known then."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ripeline.learning.backtest import Asked, Backtest, Ends, Met, backtest_of, won_of
from ripeline.plan.nodes import Plan
from ripeline.ports.replay import Replay
from ripeline.ports.scores import Asked as ScoresAsked
from ripeline.ports.scores import Engine, Progress, unwatched
from ripeline.usecases.sla import Period, rate_record
from ripeline.vocabulary.calendar import Zone, day_text, instant_text
from ripeline.vocabulary.issues import InputError
from ripeline.vocabulary.points import points_text

Record = dict[str, Any]
STEPS: Final = {"1d": 1, "1w": 7}
USUAL_STEP: Final = "1w"
USUAL_DAYS: Final = 366
USUALLY_WITHIN: Final = 90
EXAMPLES: Final = 20
UNKNOWN: Final = "not known"

_DAYS: Final = re.compile(r"([1-9][0-9]{0,3})d")


@dataclass(frozen=True, slots=True)
class BacktestAsked:
    """A period, how many days lie between two looks, and in how many an MQL is given the time to be won."""

    period: Period
    step: str
    within_days: int
    now_us: int


@dataclass(frozen=True)
class Judged:
    """A definition with what it would have done, and everybody who met it."""

    plan: Plan
    result: Backtest
    met: Mapping[int, Met]


def within_asked(text: str | None) -> int:
    """Return a number of days, such as 90d, or raise InputError."""
    found = _DAYS.fullmatch(text or f"{USUALLY_WITHIN}d")
    if found is None:
        raise InputError(f'"{text}" is no number of days; write such as {USUALLY_WITHIN}d')
    return int(found[1])


def instants_of(asked: BacktestAsked, zone: Zone) -> list[int]:
    """Return the ends of days at which everybody is looked at: the day before the period, then each step to its end."""
    first, last = zone.day(asked.period.from_us), zone.day(asked.period.until_us)
    days = sorted({first - 1, *range(last, first - 1, -STEPS[asked.step])})
    return [min(zone.last_instant(day), asked.period.until_us) for day in days]


def backtest(
    replay: Replay, plans: Sequence[Plan], asked: BacktestAsked, progress: Progress
) -> tuple[list[Judged], Ends]:
    """Return what each definition would have done, and what became of people."""
    ends, judged = replay.ends(asked.now_us), []
    for plan in plans:
        met = replay.first_met(plan, instants_of(asked, plan.zone), progress)
        progress("looking what became of them", None)
        channels = replay.channels({one.person for one in met}, asked.now_us)
        result = backtest_of(met, ends, _question(asked), plan.zone, _groups(channels))
        judged.append(Judged(plan, result, {one.person: one for one in met}))
    return judged, ends


def _groups(channels: Mapping[int, str]) -> dict[str, Callable[[Met], str]]:
    return {
        "fit": lambda one: one.fit_level,
        "engagement": lambda one: one.engagement_level,
        "channel": lambda one: channels.get(one.person, UNKNOWN),
    }


def _question(asked: BacktestAsked) -> Asked:
    return Asked(asked.period.from_us, asked.period.until_us, asked.now_us, asked.within_days)


def backtest_record(
    replay: Replay, engine: Engine, judged: Sequence[Judged], ends: Ends, asked: BacktestAsked
) -> Record:
    """Return a backtest as `ripeline backtest --format json` writes it; days are the first definition's."""
    zone = judged[0].plan.zone
    return {
        "from": day_text(zone.day(asked.period.from_us)),
        "to": day_text(zone.day(asked.period.until_us)),
        "step": asked.step,
        "looks": len(instants_of(asked, zone)),
        "within_days": asked.within_days,
        "definitions": [_record(one) | {"missed": _missed(replay, engine, one)} for one in judged],
        "differ": _differ(replay, judged, ends, asked) if len(judged) > 1 else None,
    }


def _record(one: Judged) -> Record:
    result = one.result
    return {
        "definition": one.plan.version,
        "mqls": len(result.mqls),
        "before": result.before,
        "per_week": round(result.per_week, 1),
        "won": rate_record(result.won),
        "accepted": rate_record(result.accepted),
        "caught": rate_record(result.caught),
        "days_to_win": dict(zip(("quarter", "half", "three_quarters"), result.days, strict=True)),
        "weeks": [
            {"first": day_text(week.first_day), "mqls": week.mqls, "won": rate_record(week.won)}
            for week in result.weeks
        ],
        "groups": {
            by: [{"name": one.name, "mqls": one.mqls, "won": rate_record(one.won)} for one in groups]
            for by, groups in result.groups.items()
        },
    }


def _missed(replay: Replay, engine: Engine, one: Judged) -> list[Record]:
    """Return some of those who were won without being MQLs before, with their scores just before; the last first."""
    last = sorted(one.result.missed.items(), key=lambda item: (-item[1], item[0]))[:EXAMPLES]
    names = replay.names([person for person, _ in last])
    return [_scored(engine, one.plan, names[person], at_us) for person, at_us in last]


def _scored(engine: Engine, plan: Plan, lead: str, won_us: int) -> Record:
    then_us = won_us - 1
    (row,) = engine.score(plan, ScoresAsked(then_us, then_us, ((lead, then_us),)), unwatched).rows()
    return {
        "lead": lead,
        "won": instant_text(won_us),
        "fit": points_text(int(str(row["fit"]))),
        "fit_level": row["fit_level"],
        "engagement": points_text(int(str(row["engagement"]))),
        "engagement_level": row["engagement_level"],
        "action": row["action"],
    }


def _differ(replay: Replay, judged: Sequence[Judged], ends: Ends, asked: BacktestAsked) -> list[Record]:
    """Return on whom the definitions agree, and whom only one of them would have made an MQL, each with who was won."""
    one, other = ({met.person: met for met in each.result.mqls} for each in judged)
    caught = _caught_by(*(each.result for each in judged))
    sides = (
        ("both", one.keys() & other.keys(), one),
        ("only_first", one.keys() - other.keys(), one),
        ("only_second", other.keys() - one.keys(), other),
    )
    return [
        {
            "who": who,
            "mqls": len(people),
            "won": rate_record(won_of((of[person] for person in people), ends, _question(asked))),
            "caught": caught[who],
            "examples": _examples(replay, people, of),
        }
        for who, people, of in sides
    ]


def _caught_by(one: Backtest, other: Backtest) -> dict[str, int]:
    """Return how many wins of the period both definitions caught, and how many only one of them."""
    first, second = one.missed.keys(), other.missed.keys()
    return {
        "both": one.caught.of - len(first | second),
        "only_first": len(second - first),
        "only_second": len(first - second),
    }


def _examples(replay: Replay, people: Collection[int], met: Mapping[int, Met]) -> list[str]:
    last = sorted(people, key=lambda person: (-met[person].at_us, person))[:EXAMPLES]
    names = replay.names(last)
    return [names[person] for person in last]
