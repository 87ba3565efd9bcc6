"""Definitions made at random: every form, decay, cap, limit and kind of condition."""

import json
from typing import Any

from hypothesis import strategies as st

from ripeline.adapters.tables.references import ShippedReferences
from ripeline.definition.read import read_definition
from ripeline.plan.build import build_plan
from ripeline.plan.nodes import Plan
from tests.parity.values import DATES, NUMBERS, PATTERNS, TEXTS

REFERENCES = ShippedReferences()
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca")
TRAITS = (
    "t",
    "n",
    "b",
    "l",
    "d",
    '"Lead Quality"',
    "email",
    "email_domain",
    "email_kind",
    "title_function",
    "title_seniority",
    "country",
    "country_raw",
    "company_size",
    "company_size_band",
    "company_domain",
    "company_plain",
    "phone",
    "phone_valid",
    "phone_plain",
    "phone_country",
    "never_stated",
)
FIELDS = (
    "properties.p",
    "properties.n",
    "properties.l",
    "context.page.path",
    'properties."utm.source"',
    "properties.never",
    "channel.medium",
    "channel.source",
    "channel.campaign",
    "device.kind",
    "device.browser",
)
POINTS = (1, 2.5, 7, 10, 25, 0.001, 0.05, 100, 2000, 9999.999, 10000, 0)
DAYS = (1, 2, 3, 7, 14, 30, 60, 365)
Made = dict[str, Any]


def quoted(text: str) -> str:
    """Return a text constant of a condition."""
    return "'" + text.replace("'", "''") + "'"


def names(*, events: bool) -> st.SearchStrategy[str]:
    """Return names a condition may read."""
    return st.sampled_from((*TRAITS, *FIELDS) if events else TRAITS)


def numeric(name: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return expressions that may be numbers."""
    number = st.sampled_from(NUMBERS)
    simple = st.one_of(name, name.map(lambda one: f"coalesce({one}, n, 1)"))
    since = st.sampled_from(("days_since(d)", "days_since(t)", "days_since(n)"))
    return st.one_of(
        simple,
        since,
        st.tuples(simple, st.sampled_from("+-*"), st.one_of(simple, number)).map(" ".join),
        st.tuples(simple, simple, number).map(lambda p: f"{p[0]} - {p[1]} * {p[2]}"),
        name.map(lambda one: f"-({one})"),
    )


def atoms(name: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return conditions without and, or, not."""
    compared, ordered = st.sampled_from(("=", "<>")), st.sampled_from(("<", "<=", ">", ">=", "=", "<>"))
    text, number = st.sampled_from(TEXTS).map(quoted), st.sampled_from(NUMBERS)
    date, pattern = st.sampled_from(DATES).map(quoted), st.sampled_from(PATTERNS).map(quoted)
    some = st.lists(st.one_of(text, number), min_size=1, max_size=4).map(", ".join)
    texts = st.lists(text, min_size=2, max_size=4).map(", ".join)
    like = st.sampled_from(("like", "ilike", "not like", "not ilike"))
    subject = st.one_of(
        name,
        name.map(lambda one: f"lower({one})"),
        st.tuples(name, name).map(lambda two: f"coalesce({two[0]}, {two[1]})"),
        st.tuples(name, name).map(lambda two: f"lower(coalesce({two[0]}, {two[1]}))"),
        st.tuples(name, text).map(lambda two: f"coalesce({two[0]}, {two[1]})"),
    )
    return st.one_of(
        st.tuples(subject, compared, text).map(" ".join),
        st.tuples(numeric(name), ordered, number).map(" ".join),
        st.tuples(number, ordered, numeric(name)).map(" ".join),
        st.tuples(name, ordered, date).map(" ".join),
        st.tuples(name, ordered, name).map(" ".join),
        st.tuples(subject, compared, subject).map(" ".join),
        st.tuples(name, compared, st.sampled_from(("true", "false"))).map(" ".join),
        st.tuples(subject, st.sampled_from(("in", "not in")), some).map(lambda p: f"{p[0]} {p[1]} ({p[2]})"),
        st.tuples(subject, st.sampled_from(("in", "not in")), texts).map(lambda p: f"{p[0]} {p[1]} ({p[2]})"),
        st.tuples(numeric(name), number, number).map(lambda p: f"{p[0]} between {p[1]} and {p[2]}"),
        st.tuples(name, date, date).map(lambda p: f"{p[0]} not between {p[1]} and {p[2]}"),
        st.tuples(st.one_of(subject, numeric(name)), st.sampled_from(("is null", "is not null"))).map(" ".join),
        st.tuples(subject, like, pattern).map(" ".join),
        st.tuples(subject, st.one_of(text, number)).map(lambda p: f"contains({p[0]}, {p[1]})"),
        st.tuples(subject, text).map(lambda p: f"starts_with({p[0]}, {p[1]})"),
        name,
        name.map(lambda one: f"coalesce({one}, false)"),
    )


def conditions(*, events: bool = False) -> st.SearchStrategy[str]:
    """Return condition texts on traits, or on traits and the fields of events."""
    atom = atoms(names(events=events))
    maybe = st.one_of(atom, atom, atom.map(lambda one: f"not ({one})"))
    joint = st.sampled_from((" and ", " or "))
    pair = st.tuples(maybe, joint, maybe).map(lambda p: f"({p[0]}{p[1]}{p[2]})")
    return st.one_of(atom, maybe, pair, st.tuples(pair, joint, maybe).map("".join), pair.map(lambda p: f"not {p}"))


@st.composite
def matches(draw: st.DrawFn) -> Made:
    """Return which events are meant."""
    made: Made = {}
    if (event := draw(st.sampled_from((None, None, "A", "A", ["A", "O'Brien"], ["A", "B", "nobody"])))) is not None:
        made["event"] = event
    if (kind := draw(st.sampled_from((None, "page", "screen", "any", "any", "any", "any")))) is not None:
        made["type"] = kind
    if draw(st.integers(0, 3)) == 0:
        made["when"] = draw(conditions(events=True))
    return made


def days(draw: st.DrawFn) -> str:
    return f"{draw(st.sampled_from(DAYS))}d"


def measured(draw: st.DrawFn, made: Made) -> None:
    """Add a measure and a frequency cap."""
    kinds = (
        "count",
        "days",
        "visits",
        "minutes",
        "sum(properties.n)",
        "sum(properties.p)",
        "sum(properties.never)",
    )
    if (measure := draw(st.sampled_from((None, *kinds)))) is not None:
        made["measure"] = measure
    if draw(st.booleans()):
        per = draw(st.sampled_from(("per day", "per week", "per month", "ever")))
        made["at_most"] = f"{draw(st.sampled_from((1, 2, 2, 3, 3, 5, 10000, 1000000)))} {per}"


def accruing(draw: st.DrawFn, made: Made) -> None:
    """Add what points for every unit take."""
    measured(draw, made)
    decay = draw(st.sampled_from((None, "none", "half_life", "fade", "step")))
    if decay == "step":
        lose = draw(st.sampled_from(("0%", "12.5%", "33.333%", "50%", "100%")))
        made["decay"] = {"step": {"lose": lose, "every": days(draw)}}
    elif decay in {"half_life", "fade"}:
        made["decay"] = {decay: days(draw)}
    elif decay:
        made["decay"] = decay
    if draw(st.booleans()):
        made["within"] = days(draw)


def frequent(draw: st.DrawFn, made: Made) -> None:
    """Add what points for a frequency take."""
    measured(draw, made)
    made["at_least"] = f"{draw(st.sampled_from((1, 2, 3, 5)))} within {days(draw)}"
    if draw(st.booleans()):
        made["without"] = draw(matches())


def signed_points(draw: st.DrawFn) -> float:
    return draw(st.sampled_from(POINTS)) * draw(st.sampled_from((1, 1, -1)))


@st.composite
def signals(draw: st.DrawFn) -> Made:
    """Return a signal of any form."""
    points = signed_points(draw)
    made: Made = {"points": points}
    form = draw(st.sampled_from(("accrual", "accrual", "accrual", "frequency", "inactive", "trait")))
    if form != "trait":
        made |= draw(matches())
    match form:
        case "accrual":
            accruing(draw, made)
        case "frequency":
            frequent(draw, made)
        case "inactive":
            made["inactive"] = days(draw)
        case _:
            made["trait"] = draw(st.sampled_from(("n", "t", "company_size", "country_raw", "never_stated")))
    if form in {"accrual", "frequency"} and draw(st.integers(0, 4)) == 0:
        open_for = {"open_for": days(draw), "to": draw(st.sampled_from(("mql", "sales_qualified")))}
        made["hand_raise"] = draw(st.sampled_from((True, open_for)))
    if draw(st.integers(0, 3)) == 0:
        gate = draw(conditions())
        made["when"] = f"({gate}) and ({made['when']})" if "when" in made else gate
    if draw(st.integers(0, 3)) == 0:
        made["evidence"] = "weak"
    if draw(st.integers(0, 3)) == 0:
        made["trusted"] = True
    if draw(st.integers(0, 2)) == 0:
        most = max(abs(points), draw(st.sampled_from((0, 7.5, 30, 10000))))
        made |= {"cap": most} if points > 0 else {"floor": -most}
    return made


@st.composite
def criteria(draw: st.DrawFn) -> Made:
    """Return a criterion."""
    made: Made = {"when": draw(conditions()), "points": signed_points(draw)}
    if draw(st.integers(0, 3)) == 0:
        made["trusted"] = True
    return made


@st.composite
def limits(draw: st.DrawFn) -> Made:
    """Return a cap, a floor, both or neither."""
    made: Made = {}
    if draw(st.booleans()):
        made["at_most"] = draw(st.sampled_from((0, 5, 30, 60, 100, 10000)))
    if draw(st.booleans()):
        made["floor"] = draw(st.sampled_from((0, -5, -20, -100)))
    return made


@st.composite
def scores(draw: st.DrawFn, rules: str, rule: st.SearchStrategy[Made], most: int) -> Made:
    """Return the part for fit or engagement, without levels: rules, some of them in groups."""
    made: Made = draw(limits())
    found = draw(st.lists(rule, min_size=1, max_size=most))
    groups: list[Made] = draw(st.lists(limits(), max_size=2))
    for one in found:
        if bool(groups) and draw(st.booleans()):
            one["group"] = f"g{draw(st.integers(0, len(groups) - 1))}"
    made[rules] = {f"{rules[0]}{number}": one for number, one in enumerate(found)}
    made["groups"] = {f"g{number}": group for number, group in enumerate(groups)}
    return made


def levels(draw: st.DrawFn, score: Made, names: tuple[str, ...]) -> dict[str, float]:
    """Return levels that the score can reach, best first."""
    high = draw(st.sampled_from((20, 7.5, 2.5, 0))) if score.get("at_most", 100) >= 20 else 0
    return {name: high - 7.5 * step for step, name in enumerate(names)}


@st.composite
def definitions(draw: st.DrawFn, most_signals: int = 5) -> Made:
    """Return a definition as the mapping its YAML holds; JSON is YAML too."""
    fit = draw(scores("criteria", criteria(), 5))
    for group in fit["groups"].values():
        if draw(st.booleans()):
            group["first"] = True
    fit["min_known"] = draw(st.integers(0, 3))
    # Something without a group and a limit of its own, so that every level can be reached.
    fit["criteria"]["sure"] = {"when": "t is not null", "points": 25}
    fit["levels"] = levels(draw, fit, ("good", "fair", "poor"))
    engagement = draw(scores("signals", signals(), most_signals))
    engagement["signals"]["sure"] = {"event": "A", "points": 5, "decay": {"fade": "30d"}}
    engagement["levels"] = levels(draw, engagement, ("high", "medium", "low"))
    if draw(st.booleans()):
        engagement["weak_share"] = draw(st.sampled_from(("0%", "10%", "33.333%", "100%")))
    actions = st.sampled_from(("handoff", "follow_up", "nurture", "remove", "none"))
    rows, columns = (*fit["levels"], "unknown"), tuple(engagement["levels"])
    made: Made = {
        "version": 1,
        "timezone": draw(st.sampled_from(ZONES)),
        "required": draw(st.sampled_from(([], ["email"], ["email", "n"], ["country"], ["email_kind", "never_stated"]))),
        "fit": fit,
        "engagement": engagement,
        "matrix": {row: {column: draw(actions) for column in columns} for row in rows},
    }
    suppressions = draw(st.lists(conditions(), max_size=2))
    if suppressions:
        made["suppress"] = {f"x{number}": {"when": when} for number, when in enumerate(suppressions)}
    if draw(st.booleans()):
        of = draw(st.sampled_from(("fit", "engagement", "fit + engagement")))
        made["learned"] = {"likelihood": {"of": of, "table": [[-20, 0.01], [0, 0.03], [7.5, 0.2], [60, 1]]}}
    return made


@st.composite
def counting_definitions(draw: st.DrawFn) -> Made:
    """Return a definition of many signals over the same events: measures, caps, decays and windows alone."""
    signals: Made = {"sure": {"type": "any", "points": 1}}
    for number in range(10):
        made: Made = {"type": "any", "points": signed_points(draw)}
        draw(st.sampled_from((accruing, accruing, frequent)))(draw, made)
        made.pop("without", None)
        signals[f"s{number}"] = made
    only = {"only": 0}
    return {
        "version": 1,
        "timezone": draw(st.sampled_from(ZONES)),
        "fit": {"levels": only},
        "engagement": {"signals": signals, "levels": only},
        "matrix": {"only": {"only": "none"}, "unknown": {"only": "none"}},
    }


@st.composite
def handing_definitions(draw: st.DrawFn) -> Made:
    """Return a definition that hands over who is interested enough, by what speaks for them and against them."""
    signals: Made = {"sure": {"event": "A", "points": 3, "decay": {"fade": "30d"}}}
    for number in range(draw(st.integers(1, 4))):
        name = draw(st.sampled_from(("A", "B", ["A", "B"], "O'Brien")))
        made: Made = {"event": name, "type": draw(st.sampled_from(("track", "page", "any"))), "points": draw(_SMALL)}
        draw(st.sampled_from((accruing, frequent)))(draw, made)
        if "without" in made:
            made["without"] = {"event": draw(st.sampled_from(("A", "B", "a"))), "type": "any"}
        signals[f"s{number}"] = made
    if draw(st.booleans()):
        signals["silent"] = {"event": "A", "type": "any", "points": -5, "inactive": days(draw)}
    levels = {"high": draw(st.sampled_from((1, 2.5, 5))), "medium": draw(st.sampled_from((0, -2))), "low": -20}
    handed = draw(st.integers(1, 3))
    cells = {level: "handoff" if place < handed else "nurture" for place, level in enumerate(levels)}
    return {
        "version": 1,
        "timezone": draw(st.sampled_from(ZONES)),
        "required": [],
        "fit": {"levels": {"only": 0}},
        "engagement": {"signals": signals, "levels": levels},
        "matrix": {"only": cells, "unknown": cells},
    }


_SMALL = st.sampled_from((-10, -5, -3, -1, 1, 2.5, 4))


@st.composite
def raising_definitions(draw: st.DrawFn) -> Made:
    """Return a definition of hand-raises alone, whose action and stage tell which of them are open."""
    signals: Made = {}
    for number in range(draw(st.integers(1, 3))):
        made: Made = {"event": draw(st.sampled_from(("A", "B", ["A", "B"]))), "points": 1}
        open_for = draw(st.sampled_from(("1d", "7d", "30d")))
        made["hand_raise"] = {"open_for": open_for, "to": draw(st.sampled_from(("mql", "sales_qualified")))}
        if draw(st.booleans()):
            made |= {"type": "any"}
        if draw(st.integers(0, 2)) == 0:
            made["at_least"] = f"2 within {days(draw)}"
        if draw(st.integers(0, 2)) == 0:
            made["when"] = draw(st.sampled_from(("n is null", "properties.n is null")))
        if draw(st.integers(0, 3)) == 0:
            made["trusted"] = True
        signals[f"s{number}"] = made
    only = {"only": 0}
    return {
        "version": 1,
        "timezone": draw(st.sampled_from(ZONES)),
        "required": [],
        "fit": {"levels": only},
        "engagement": {"signals": signals, "levels": only},
        "matrix": {"only": {"only": "none"}, "unknown": {"only": "none"}},
    }


def yaml_of(made: Made) -> str:
    """Return the text of a definition."""
    return json.dumps(made, ensure_ascii=False)


def plan_of(text: str) -> Plan:
    """Return the plan of a definition's text."""
    definition = read_definition(text, "parity", REFERENCES.zones(), "parity.yaml")
    return build_plan(definition, REFERENCES.zone(definition.timezone), REFERENCES.tables())
