"""Signals in SQL: one branch each, from matching events over days to points.

Every branch ends in rows (subject, raw, clamped): micro-points before any limit, and 1 where a measure
in them was held. A short way is taken where it surely gives the same.
"""

from collections.abc import Iterator

from ripeline.definition.conditions import Name, reads_derived, reads_traits
from ripeline.definition.model import (
    Accrual,
    EventMatch,
    Frequency,
    FrequencyCap,
    Inactivity,
    Measure,
    TraitUnits,
)
from ripeline.plan.nodes import SignalPlan
from ripeline.scoring.evaluate import ALWAYS
from ripeline.scoring.measure import MOST_A_DAY
from ripeline.scoring.sql.frame import Frame
from ripeline.vocabulary.calendar import EVER
from ripeline.vocabulary.points import MICRO
from ripeline.vocabulary.visits import SILENCE_US

Step = tuple[str, str]
MINUTE_US = 60_000_000


def signal_steps(frame: Frame, index: int) -> Iterator[Step]:
    """Yield the steps (name, SELECT) of one signal; the last is called `raw_<index>`."""
    one = frame.plan.signals[index]
    gate = _gate(frame, one)
    match one.signal.form:
        case Accrual():
            yield from _accrual_steps(frame, index, one.signal.form, gate)
        case Frequency():
            yield from _frequency_steps(frame, index, one.signal.form, gate)
        case Inactivity(match=match, days=days):
            yield f"seen_{index}", _seen(frame, one, match, [f"{frame.day('e.ts')} AS day"])
            yield f"raw_{index}", _inactive(frame, index, one.signal.points, days, gate)
        case TraitUnits(trait):
            yield f"raw_{index}", _trait_units(frame, one, trait, gate)


def hand_raise_step(frame: Frame, index: int) -> Step | None:
    """Return the step of subjects whose hand is up by a signal, None where it is no hand-raise."""
    one = frame.plan.signals[index]
    form, raised = one.signal.form, one.signal.hand_raise
    if raised is None or not isinstance(form, Accrual | Frequency):
        return None
    near = frame.since("e.ts", raised.open_for)
    columns, join, unanswered = [f"{frame.day('e.ts')} AS day"], "", ""
    if frame.facts.answered:
        columns.append("e.ts AS ts")
        join, unanswered = " LEFT JOIN answered USING (subject)", f"ts > coalesce(answered_us, {EVER})"
    seen = _seen(frame, one, form.match, columns, near)
    where = f"WHERE {frame.age('day')} < {raised.open_for}{_and(_gate(frame, one))}{_and(unanswered)}"
    return f"raised_{index}", f"SELECT DISTINCT subject FROM ({seen}){join} {where}"


def answered_step(frame: Frame) -> Step:
    """Return the step of each subject's last disposition."""
    answers = f"SELECT {frame.subject('dispositions')}, d.ts AS ts {frame.of('dispositions')}"
    return "answered", f"SELECT subject, max(ts) AS answered_us FROM ({answers}) GROUP BY subject"


def _gate(frame: Frame, one: SignalPlan) -> str:
    """Return the condition that the signal is open for a subject, '' where it has no gate."""
    if one.signal.gate is None:
        return ""
    holds = frame.trait_conditions(trusted=one.signal.trusted).holds(one.signal.gate)
    return f"subject IN (SELECT p.subject FROM profile p WHERE {holds})"


def _and(condition: str) -> str:
    return f" AND {condition}" if condition else ""


def _seen(frame: Frame, one: SignalPlan, match: EventMatch, columns: list[str], more: str = "") -> str:
    """Select columns of the subjects' matching events."""
    dialect, filters = frame.dialect, []
    if match.type != "any":
        filters.append(f"e.type = {dialect.text(match.type)}")
    if match.names is not None:
        names = ", ".join(map(dialect.text, match.names))
        filters.append(f"e.name IN ({names})" if len(match.names) > 1 else f"e.name = {names}")
    if one.signal.trusted and "events" in frame.facts.untrusted:
        filters.append("e.trusted")
    if match.where is not None:
        filters.append(frame.event_conditions(trusted=one.signal.trusted).holds(match.where))
    source = frame.of("events", derived=match.where is not None and reads_derived(match.where))
    selected = f"SELECT {', '.join([frame.subject('events'), *columns])}"
    if match.where is None or not reads_traits(match.where):
        return f"{selected} {source}{''.join(map(_and, filters))}{more}"
    return _seen_with_profile(frame, source, columns, filters, more)


def _seen_with_profile(frame: Frame, source: str, columns: list[str], filters: list[str], more: str) -> str:
    """The same where the condition reads traits too: events meet their subject's profile."""
    events = f"SELECT {frame.subject('events')}, e.* {source}{more}"
    subject = "e.subject, e.today" if frame.moment.each else "e.subject"
    where = " AND ".join(filters)
    return (
        f"SELECT {', '.join([subject, *columns])} FROM ({events}) e "
        f"JOIN profile p ON p.subject = e.subject WHERE {where}"
    )


# From events to days


def _accrual_steps(frame: Frame, index: int, form: Accrual, gate: str) -> Iterator[Step]:
    one = frame.plan.signals[index]
    near = frame.since("e.ts", one.horizon)
    if _is_plain_count(frame, form.measure) and form.frequency_cap is None:
        yield f"seen_{index}", _seen(frame, one, form.match, [f"{frame.day('e.ts')} AS day"], near)
        yield f"raw_{index}", _summed(frame, index, f"seen_{index}", "1", "0", gate)
        return
    yield from _day_steps(frame, index, form.match, form.measure, form.frequency_cap, one.horizon)
    yield f"raw_{index}", _summed(frame, index, f"counted_{index}", "units", "clamped", gate)


def _is_plain_count(frame: Frame, measure: Measure) -> bool:
    """Events can be added up one by one: nobody has so many that a day's measure would be held."""
    return measure.kind == "count" and not frame.facts.crowded


def _summed(frame: Frame, index: int, source: str, units: str, clamped: str, gate: str) -> str:
    one = frame.plan.signals[index]
    age = frame.age("day")
    young = f"{age} < {one.horizon}"
    held = f"max({clamped})" if clamped != "0" else "0"
    if one.units.steady:
        total = f"CAST(sum({units}) AS BIGINT) * {one.units.steady}"
        return (
            f"SELECT subject, {total} AS raw, {held} AS clamped FROM {source} "
            f"WHERE {young}{_and(gate)} GROUP BY subject"
        )
    total = "sum(u.micro)" if units == "1" else f"sum({units} * u.micro)"
    return (
        f"SELECT subject, CAST({total} AS BIGINT) AS raw, {held} AS clamped FROM {source} "
        f"JOIN units u ON u.signal = {index} AND u.age = {age} "
        f"WHERE u.age < {one.horizon}{_and(gate)} GROUP BY subject"
    )


def _day_steps(
    frame: Frame,
    index: int,
    match: EventMatch,
    measure: Measure,
    cap: FrequencyCap | None,
    horizon: int,
) -> Iterator[Step]:
    """Yield steps that end in `counted_<index>` (subject, day, units, clamped)."""
    one, day = frame.plan.signals[index], f"{frame.day('e.ts')} AS day"
    near = "" if measure.kind in {"visits", "minutes"} else frame.since("e.ts", horizon)
    seen = f"seen_{index}"
    match measure.kind:
        case "count" | "days":
            yield seen, _seen(frame, one, match, [day], near)
            units = "count(*)" if measure.kind == "count" else "1"
            yield f"days_{index}", _days(frame, seen, units)
        case "sum":
            yield seen, _seen(frame, one, match, [day, f"{_addend(frame, measure)} AS addend"], near)
            yield f"days_{index}", _days(frame, seen, _whole_sum(frame))
        case _:
            yield seen, _seen(frame, one, match, [day, "e.ts AS ts"], near)
            yield from _visit_steps(frame, index, measure)
    yield f"counted_{index}", _counted(frame, f"days_{index}", cap)


def _days(frame: Frame, source: str, units: str) -> str:
    """Clamp what is counted a day, and say where that cut something."""
    return (
        f"SELECT {frame.keys}, day, least({units}, {MOST_A_DAY}) AS units, "
        f"CASE WHEN {units} > {MOST_A_DAY} THEN 1 ELSE 0 END AS clamped "
        f"FROM {source} GROUP BY {frame.keys}, day"
    )


def _addend(frame: Frame, measure: Measure) -> str:
    """A property in thousandths, half to even; shifted so that nothing negative is divided."""
    labels = [f"{measure.field}:{twin}" for twin in ("number", "summand")]
    names = [f"e.{frame.dialect.name_of(label)}" for label in labels if label in frame.facts.event_columns]
    if not names:
        return "CAST(NULL AS BIGINT)"
    above = f"(coalesce({', '.join(names)}) + {10**18})"
    whole, rest = frame.dialect.div(above, 1000), f"({above} % 1000)"
    up = f"CASE WHEN {rest} > 500 OR ({rest} = 500 AND {whole} % 2 = 1) THEN 1 ELSE 0 END"
    return f"{whole} + {up} - {10**15}"


def _whole_sum(frame: Frame) -> str:
    total = frame.dialect.div("sum(addend)", 1000)
    return f"coalesce(CASE WHEN sum(addend) > 0 THEN {total} ELSE 0 END, 0)"


def _visit_steps(frame: Frame, index: int, measure: Measure) -> Iterator[Step]:
    """Cut each subject's events where they are silent for long; a visit belongs to its first day."""
    opens = (
        f"SELECT *, CASE WHEN ts - lag(ts) OVER (PARTITION BY subject ORDER BY ts) <= {SILENCE_US} "
        f"THEN 0 ELSE 1 END AS opens FROM seen_{index}"
    )
    yield f"opened_{index}", opens
    if measure.kind == "visits":
        yield f"days_{index}", _days(frame, f"(SELECT * FROM opened_{index} WHERE opens = 1)", "count(*)")
        return
    numbered = f"SELECT *, sum(opens) OVER (PARTITION BY subject ORDER BY ts) AS visit FROM opened_{index}"
    columns = f"{frame.keys}, visit, {frame.day('min(ts)')} AS day, max(ts) - min(ts) AS lasted"
    yield f"visits_{index}", f"SELECT {columns} FROM ({numbered}) GROUP BY {frame.keys}, visit"
    minutes = frame.dialect.div("sum(lasted)", MINUTE_US)
    yield f"days_{index}", _days(frame, f"visits_{index}", minutes)


def _counted(frame: Frame, source: str, cap: FrequencyCap | None) -> str:
    """Apply a frequency cap: of each bucket the youngest units count."""
    if cap is None:
        return f"SELECT * FROM {source}"
    today = ", today" if frame.moment.each else ""
    if cap.per == "day":
        return f"SELECT subject{today}, day, least(units, {cap.most}) AS units, clamped FROM {source}"
    younger = (
        "coalesce(sum(units) OVER (PARTITION BY subject, bucket ORDER BY day DESC "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)"
    )
    counted = f"greatest(0, least(units, {cap.most} - {younger}))"
    return (
        f"SELECT subject{today}, day, CAST({counted} AS BIGINT) AS units, clamped "
        f"FROM ({_bucketed(frame, source, cap.per)})"
    )


def _bucketed(frame: Frame, source: str, per: str) -> str:
    div = frame.dialect.div
    if per == "ever":
        return f"SELECT *, 0 AS bucket FROM {source}"
    if per == "week":
        return f"SELECT *, {div('day', 7)} AS bucket FROM {source}"
    # The civil calendar in integers, step by step as in vocabulary.calendar.month_of.
    era = f"SELECT *, {div('(day + 306)', 146_097)} AS era, (day + 306) % 146097 AS of_era FROM {source}"
    leaps = f"of_era - {div('of_era', 1_460)} + {div('of_era', 36_524)} - {div('of_era', 146_096)}"
    year = f"SELECT *, {div(f'({leaps})', 365)} AS of_year FROM ({era})"
    before = f"365 * of_year + {div('of_year', 4)} - {div('of_year', 100)}"
    month = div(f"(5 * (of_era - ({before})) + 2)", 153)
    return f"SELECT *, (of_year + era * 400) * 12 + {month} AS bucket FROM ({year})"


# Forms that give their points once


def _frequency_steps(frame: Frame, index: int, form: Frequency, gate: str) -> Iterator[Step]:
    one = frame.plan.signals[index]
    yield from _day_steps(frame, index, form.match, form.measure, form.frequency_cap, form.window)
    stopped, clamped = "", "max(clamped)" if one.signal.points else "0"
    if form.without is not None:
        near = frame.since("e.ts", form.window)
        yield f"without_{index}", _seen(frame, one, form.without, [f"{frame.day('e.ts')} AS day"], near)
        stopped = f"subject NOT IN (SELECT subject FROM without_{index} WHERE {frame.age('day')} < {form.window})"
    given = (
        f"SELECT subject, {one.signal.points} AS raw, {clamped} AS clamped FROM counted_{index} "
        f"WHERE {frame.age('day')} < {form.window}{_and(stopped)}{_and(gate)} "
        f"GROUP BY subject HAVING sum(units) >= {form.at_least}"
    )
    yield f"raw_{index}", given


def _inactive(frame: Frame, index: int, points: int, days: int, gate: str) -> str:
    youngest = f"SELECT subject, max(day) AS youngest FROM seen_{index} GROUP BY subject"
    since = "coalesce(y.youngest, s.since_day)"
    today = "s.today" if frame.moment.each else frame.today
    quiet = f"({since} = {ALWAYS} OR greatest(0, {today} - {since}) >= {days})"
    gated = gate.replace("subject IN", "s.subject IN", 1)
    return (
        f"SELECT s.subject, {points} AS raw, 0 AS clamped FROM subjects s "
        f"LEFT JOIN ({youngest}) y ON y.subject = s.subject WHERE {quiet}{_and(gated)}"
    )


def _trait_units(frame: Frame, one: SignalPlan, trait: str, gate: str) -> str:
    number = frame.trait_conditions(trusted=one.signal.trusted).column(Name("trait", trait), "number")
    if number is None:
        return "SELECT subject, CAST(0 AS BIGINT) AS raw, 0 AS clamped FROM subjects WHERE FALSE"
    whole = frame.dialect.div(f"greatest({number}, 0)", MICRO)
    clamped = f"CASE WHEN {whole} > {MOST_A_DAY} THEN {int(one.signal.points != 0)} ELSE 0 END"
    return (
        f"SELECT subject, least({whole}, {MOST_A_DAY}) * {one.signal.points} AS raw, {clamped} AS clamped "
        f"FROM profile p WHERE {number} IS NOT NULL{_and(gate)}"
    )
