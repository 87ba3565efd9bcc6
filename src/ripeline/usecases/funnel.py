"""How far MQLs come: what is asked for, and the answer as plain values."""

import re
from collections.abc import Iterable
from typing import Any, Final

from ripeline.insight.funnel import APART, COHORTS, STEPS, Cohort, Funnel, Passage, groups_of
from ripeline.plan.nodes import Plan
from ripeline.usecases.sla import Period, rate_record
from ripeline.vocabulary.calendar import Zone, day_text, instant_text
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.rates import Rate, at_rank

Record = dict[str, Any]
USUAL_COHORT: Final = "month"
USUALLY_WITHIN: Final = "90d"
USUAL_DAYS: Final = 366
"""Days of first MQLs that are looked at where nobody says from when on."""

_DAYS: Final = re.compile(r"([1-9][0-9]{0,3})d")


def cohort_asked(by: str | None) -> str:
    """Return what cohorts are made by, or raise InputError."""
    if by is not None and by not in COHORTS:
        raise InputError(f'there are no cohorts by "{by}"; {did_you_mean(by, COHORTS)}')
    return by or USUAL_COHORT


def apart_asked(apart: str | None) -> str | None:
    """Return what MQLs are told apart by beside cohorts, None for nothing; InputError for what they are not."""
    if apart is not None and apart not in APART:
        raise InputError(f'MQLs are not told apart by "{apart}"; {did_you_mean(apart, APART)}')
    return apart


def days_asked(text: str | None) -> int:
    """Return a number of days, such as 90d, or raise InputError.

    >>> days_asked("30d"), days_asked(None)
    (30, 90)
    """
    found = _DAYS.fullmatch(text or USUALLY_WITHIN)
    if found is None:
        raise InputError(f'"{text}" is no number of days; write such as {USUALLY_WITHIN}')
    return int(found[1])


def whole_cohorts(period: Period, by: str, zone: Zone) -> Period:
    """Return a period from the beginning of its first cohort to the end of its last: of none a part is told."""
    first, _ = COHORTS[by](zone.day(period.from_us))
    _, last = COHORTS[by](zone.day(period.until_us))
    return Period(zone.first_instant(first), zone.last_instant(last))


def cohorts_before(period: Period, by: str, zone: Zone) -> Period:
    """Return the period of equally many whole cohorts just before one of whole cohorts."""
    first, last = zone.day(period.from_us), zone.day(period.until_us)
    began, day = first, first
    while day <= last:
        began, day = COHORTS[by](began - 1)[0], COHORTS[by](day)[1] + 1
    return Period(zone.first_instant(began), zone.last_instant(first - 1))


def step_asked(step: str | None) -> str | None:
    """Return a step of the funnel, None for its beginning, or raise InputError."""
    if step is not None and step not in STEPS:
        raise InputError(f'there is no step "{step}"; {did_you_mean(step, STEPS)}')
    return step


def came_to(found: Iterable[Passage], step: str | None) -> list[Passage]:
    """Return the leads that came to a step, or all of them, who was an MQL last first."""
    came = [one for one in found if step is None or step in one.days]
    return sorted(came, key=lambda one: (-one.began_us, one.lead))


def funnel_record(made: Funnel, plan: Plan, by: str, period: Period, within: int, apart: str | None = None) -> Record:
    """Return the funnel as `ripeline funnel --format json` writes it; total, groups: of cohorts that are over."""
    over = [cohort for cohort in made.cohorts if cohort.is_over]
    return {
        "definition": plan.version,
        "from": instant_text(period.from_us),
        "to": instant_text(period.until_us),
        "by": by,
        "within_days": within,
        "left_out": made.left_out,
        "total": {
            "leads": sum(cohort.leads for cohort in over),
            **{step: _step(over, step) for step in STEPS},
        },
        "cohorts": [_cohort(cohort) for cohort in made.cohorts],
        **({} if apart is None else {"apart": apart, "groups": _groups(made, apart)}),
    }


def _groups(made: Funnel, apart: str) -> list[Record]:
    """Return the groups with most leads first."""
    found = sorted(groups_of(made, apart).items(), key=lambda one: (-one[1].leads, one[0] or ""))
    return [{"group": name, **_cohort(cohort)} for name, cohort in found]


def _cohort(cohort: Cohort) -> Record:
    return {
        "first": day_text(cohort.first),
        "last": day_text(cohort.last),
        "over": cohort.is_over,
        "leads": cohort.leads,
        **{step: _step([cohort], step) for step in STEPS},
    }


def _step(cohorts: list[Cohort], step: str) -> Record:
    """Return how many came to a step, and half of them after how many days; no share while days are still to come."""
    days = sorted(day for cohort in cohorts for day in cohort.days[step])
    rate = Rate(len(days), sum(cohort.leads for cohort in cohorts))
    record = rate_record(rate)
    if not all(cohort.is_over for cohort in cohorts):
        record |= {"share": None, "low": None, "high": None}
    return {**record, "median_days": at_rank(days, 50)}
