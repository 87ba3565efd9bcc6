"""A cases file as people write it: what it may say, what is wrong with it, what a failure tells."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from ripeline.adapters.tables.references import ShippedReferences
from ripeline.plan.nodes import Plan
from ripeline.ports.scores import Asked, Progress, Scores
from ripeline.usecases.cases_file import Case, check_cases, read_cases
from ripeline.usecases.load_plan import load_plan
from ripeline.usecases.run_cases import CaseResult, result_lines, run_cases, told_of
from ripeline.vocabulary.history import LeadHistory
from ripeline.vocabulary.issues import DefinitionError, Issue, Place
from ripeline.vocabulary.values import typed

SMALL = """\
define: |
  version: 1
  required: []
  fit: {levels: {any: 0}}
  engagement:
    levels: {any: 0}
    signals:
      trial: {event: Trial, points: 25, decay: {half_life: 30d}, cap: 30}
  matrix: {any: {any: nurture}, unknown: {any: nurture}}
cases:
  half:
    as_of: 2026-03-31
    events: [{name: Trial, time: [2026-03-01T10:00:00Z, 2026-03-31T10:00:00Z]}]
    expect: {engagement: 37.5, contributions: {trial: 37.5, limit:trail: -7.5}}
"""


def one_case(text: str) -> Case:
    (case,) = read_cases(f"cases:\n  one:\n    as_of: 2026-03-31\n{text}\n    expect: {{fit: 0}}\n", "c.yaml").cases
    return case


def plan() -> Plan:
    define = read_cases(SMALL, "c.yaml").define
    assert define is not None
    return load_plan(define.text, "c", "c.yaml", ShippedReferences())


def half() -> CaseResult:
    (result,) = run_cases(read_cases(SMALL, "c.yaml").cases, plan(), {})
    return result


def test_a_failure_says_what_came_and_why() -> None:
    assert result_lines(half()) == [
        "half: failed",
        "  engagement: expected 37.5, came 30 (line 14)",
        "  contributions.limit:trail: expected -7.5, came no such line (line 14)",
        "  contributions.limit:trial: expected no such line, came -7.5 (line 14)",
        "  as of 2026-03-31T23:59:59.999999Z",
        "  fit 0 (unknown)",
        "  engagement 30 (any)",
        "    trial                37.5",
        "    limit:trial          -7.5",
    ]


def test_only_what_is_named_is_compared() -> None:
    text = SMALL.replace("{engagement: 37.5, contributions: {trial: 37.5, limit:trail: -7.5}}", "{rating: U1}")
    (result,) = run_cases(read_cases(text, "c.yaml").cases, plan(), {})
    assert result.passed


def test_every_issue_is_told_at_once() -> None:
    text = """\
difinition: q.yaml
cases:
  Bad Name:
    as_of: yesterday
    expect: {}
  two:
    asof: 2026-03-31
    events:
      - {nmae: Trial, time: 2026-03-01, times: 0}
    traits: [{traits: {a: {b: 1}}}]
    expect: {engagement: "12", engagment: 3, meets_definition: yes}
  two:
    as_of: 2026-03-31
    expect: {fit: 0.0000001, contributions: {a: 1, a: 2}}
"""
    found, issues = check_cases(text)
    assert found is None
    assert [(issue.place.line, issue.code) for issue in issues] == [
        (1, "unknown-key"),
        (3, "bad-name"),
        (4, "bad-value"),
        (5, "bad-value"),
        (7, "unknown-key"),
        (9, "unknown-key"),
        (9, "bad-value"),
        (9, "bad-value"),
        (10, "wrong-type"),
        (11, "bad-value"),
        (11, "unknown-key"),
        (11, "bad-value"),
        (12, "duplicate-key"),
        (14, "bad-value"),
        (14, "duplicate-key"),
    ]
    assert issues[0].hint == 'did you mean "definition"?'


def test_issues_are_raised_with_the_name_of_the_file() -> None:
    with pytest.raises(DefinitionError, match=r"c\.yaml has 1 error"):
        read_cases("definition: q.yaml\n", "c.yaml")


@pytest.mark.parametrize("text", ["", "- 1", "cases", "cases: [", "cases:\n", "a: &x 1\nb: *x\n", "\x00"])
def test_whatever_is_written_is_an_issue_and_no_crash(text: str) -> None:
    found, issues = check_cases(text)
    assert found is None
    assert issues


def test_definition_and_define_exclude_each_other() -> None:
    _, issues = check_cases("definition: q.yaml\n" + SMALL)
    assert [issue.message for issue in issues] == ['only one of "definition" and "define" can be given']


def test_an_issue_of_an_inline_definition_is_told_where_it_stands() -> None:
    define = read_cases(SMALL, "c.yaml").define
    assert define is not None
    assert define.here(Issue("x", "x", Place(1, 1))).place == Place(2, 3)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("240", typed(240)),
        ("-1.5e2", typed(Decimal(-150))),
        ("true", typed(True)),
        ("True", typed("True")),
        ('"240"', typed("240")),
        ("01234", typed("01234")),
        ("2026-03-31", typed("2026-03-31")),
        ("Head of IT", typed("Head of IT")),
        ("[a, 3]", typed(["a", 3])),
    ],
)
def test_a_value_is_typed_as_it_is_written(written: str, read: object) -> None:
    (statement,) = one_case(f"    traits: {{v: {written}}}").history.statements
    assert statement.traits["v"] == read


def test_nested_properties_have_dotted_names() -> None:
    (event,) = one_case(
        "    events: [{name: A, time: 2026-03-01T10:00, properties: {a: {b: x}}, context: {c.d: y, e: null}}]"
    ).history.events
    assert event.fields == {"properties.a.b": typed("x"), 'context."c.d"': typed("y")}


def test_answers_of_sales_are_a_time_or_a_list_of_times() -> None:
    assert one_case("    answered: 1970-01-01T00:00:01Z").history.answered_us == (1_000_000,)
    listed = one_case("    answered: [1970-01-01T00:00:02Z, 1970-01-01T00:00:01Z]")
    assert listed.history.answered_us == (2_000_000, 1_000_000)


def test_known_at_is_the_time_unless_it_says_otherwise() -> None:
    first, second = one_case(
        "    events: [{name: A, time: [1970-01-01T00:00:00Z, 1970-01-01T00:00:01Z]}]"
    ).history.events
    assert (first.known_us, second.known_us) == (0, 1_000_000)
    (late,) = one_case(
        "    events: [{name: A, time: 1970-01-01T00:00:00Z, known_at: 1970-01-01T00:00:02Z}]"
    ).history.events
    assert (late.time_us, late.known_us) == (0, 2_000_000)


def test_traits_without_a_time_are_undated_and_told_in_order() -> None:
    first, second = one_case(
        "    traits: [{traits: {a: 1}}, {time: 1970-01-01T00:00:00Z, traits: {b: null}}]"
    ).history.statements
    assert (first.time_us, first.sequence, first.known_us) == (None, 0, None)
    assert (second.time_us, second.sequence, second.traits) == (0, 1, {"b": None})


def test_the_example_of_the_documentation_passes() -> None:
    root = Path(__file__).parent
    page = (root.parent.parent / "docs" / "testing-a-definition.md").read_text(encoding="utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    acme = (root / "definitions" / "acme.yaml").read_text(encoding="utf-8")
    ours = load_plan(acme, "acme", "acme.yaml", ShippedReferences())
    results = run_cases(read_cases(example, "example.yaml").cases, ours, {})
    assert [result_lines(result) for result in results if not result.passed] == []
    assert len(results) == 3
    as_on_the_page = page.split("## When a case fails")[1].split("```")[1].strip().splitlines()
    wrong = read_cases(example.replace("engagement: 12.5 ", "engagement: 25 "), "example.yaml").cases
    assert result_lines(run_cases(wrong[:1], ours, {})[0]) == as_on_the_page


class OffByOne:
    """An engine that is wrong by a millionth of a point, and has lost every line."""

    def __init__(self, leads: Mapping[str, LeadHistory]) -> None:
        self._leads = leads

    def score(self, plan: Plan, asked: Asked, progress: Progress) -> Scores:
        return cast("Scores", self)

    def rows(self) -> list[Mapping[str, object]]:
        right = told_of(half().score)
        return [{**right, "lead": lead, "engagement": 30_000_001} for lead in self._leads]

    def contributions(self, plan: Plan, asked: Asked) -> Sequence[tuple[str, str, str, int]]:
        return []


def test_an_engine_that_disagrees_fails_a_case_that_is_right() -> None:
    text = SMALL.replace("engagement: 37.5, contributions: {trial: 37.5, limit:trail: -7.5}", "engagement: 30")
    (result,) = run_cases(read_cases(text, "c.yaml").cases, plan(), {"DuckDB": OffByOne})
    assert not result.passed
    assert not result.mismatches
    assert [str(one) for one in result.disagreements] == [
        "engagement: Python says 30, DuckDB says 30.000001; this is a defect of Ripeline",
        ("contributions: Python says [trial: 37.5, limit:trial: -7.5], DuckDB says []; this is a defect of Ripeline"),
    ]
