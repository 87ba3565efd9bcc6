"""A definition as a form: what it shows, and that only what was changed is written."""

from decimal import Decimal
from difflib import ndiff

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ripeline.adapters.templates import load_template, template_names
from ripeline.definition.model import Definition
from ripeline.usecases.definition_form import fields_of, with_fields
from ripeline.usecases.definition_rules import with_rule, without_rule
from ripeline.vocabulary.issues import InputError
from tests.how_many import most
from tests.unit.definition.acme import ACME
from tests.unit.definition.texts import ZONES, read

SIGNALS, CRITERIA = "engagement/signals", "fit/criteria"


def lines(old: str, new: str) -> list[str]:
    return [line for line in ndiff(old.splitlines(), new.splitlines()) if line.startswith(("+", "-"))]


def changed(said: dict[str, str], text: str = ACME) -> str:
    return with_fields(text, read(text), said, ZONES)


@pytest.mark.parametrize("text", [ACME, *map(load_template, template_names())])
def test_a_form_that_is_sent_back_as_it_is_changes_nothing(text: str) -> None:
    fields = fields_of(read(text))
    assert len(fields) > 10
    assert changed(fields, text) == text


@pytest.mark.parametrize(
    ("place", "value", "now"),
    [
        (f"{CRITERIA}/mid_size/points", "35", "points: 35}"),
        (f"{CRITERIA}/mid_size/label", "Some hundred people: enough", '"Some hundred people: enough"'),
        (f"{CRITERIA}/buyer/when", "title_function = 'sales'", "\"title_function = 'sales'\""),
        ("fit/levels/good", "62.5", "good: 62.5"),
        (f"{SIGNALS}/trial_download/cap", "45", "cap: 45"),
        (f"{SIGNALS}/pricing_page/days", "20", "decay: {half_life: 20d}"),
        (f"{SIGNALS}/pricing_page/decay", "fade", "decay: {fade: 14d}"),
        ("matrix/good/high", "follow_up", "high: {action: follow_up, rating: hot}"),
        ("matrix/poor/low", "none", "low: none"),
    ],
)
def test_one_field_changes_its_value_and_no_other_line(place: str, value: str, now: str) -> None:
    fields = fields_of(read(ACME))
    assert fields[place] != value
    text = changed({**fields, place: value})
    assert now in text
    gone, come = lines(ACME, text)
    assert (gone[0], come[0]) == ("-", "+")
    assert fields_of(read(text)) == {**fields, place: value}


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ({f"{SIGNALS}/trial_download/cap": ""}, "cap: 30"),
        ({f"{SIGNALS}/trial_download/decay": "none"}, "decay: {half_life: 30d}"),
        ({f"{SIGNALS}/pricing_page/when": ""}, "'/pricing%'"),
    ],
)
def test_an_empty_field_takes_its_value_out(said: dict[str, str], gone: str) -> None:
    text = changed(said)
    assert text.count(gone) == ACME.count(gone) - 1
    assert fields_of(read(text)).items() >= said.items()


@pytest.mark.parametrize(
    ("place", "value", "why"),
    [
        (f"{CRITERIA}/mid_size/points", "many", 'points of 100 to 500 people: "many" is no number'),
        (f"{CRITERIA}/mid_size/points", "1e5", '"1e5" is no number'),
        (f"{CRITERIA}/mid_size/points", "", '"" is no number'),
        (f"{CRITERIA}/mid_size/label", " ", "100 to 500 people: it must be called something"),
        (f"{CRITERIA}/mid_size/label", "x" * 1_001, "at most 1,000 characters"),
        (f"{CRITERIA}/buyer/when", "title_function =", "something is missing"),
        (f"{CRITERIA}/buyer/when", "", "when"),
        ("fit/levels/good", "10", "good"),
        (f"{SIGNALS}/pricing_page/days", "0", "whole number from 1 to 9999"),
        (f"{SIGNALS}/pricing_page/decay", "melt", 'not by "melt"'),
        ("matrix/good/high", "call", 'there is no action "call"'),
    ],
)
def test_what_cannot_be_is_told_and_not_written(place: str, value: str, why: str) -> None:
    with pytest.raises(InputError) as told:
        changed({**fields_of(read(ACME)), place: value})
    assert why in str(told.value)


def test_fields_of_nothing_are_not_looked_at() -> None:
    assert changed({"version": "2", "fit/criteria/gone/points": "9", "seal": "x", "../../etc": "1"}) == ACME


PLACES = [place for place in fields_of(read(ACME)) if place.endswith("/points")]


@settings(deadline=None, max_examples=most(40))
@given(
    st.dictionaries(
        st.sampled_from(PLACES), st.decimals(-99, 99, places=2, allow_nan=False).filter(bool), min_size=1, max_size=5
    )
)
def test_any_points_are_read_back_as_they_were_said(said: dict[str, Decimal]) -> None:
    # Whoever turns the sign of a signal's points turns its cap too: the check says so.
    now = fields_of(read(ACME))
    said = {place: abs(value) if Decimal(now[place]) > 0 else -abs(value) for place, value in said.items()}
    text = changed({**now, **{place: str(value) for place, value in said.items()}})
    found = fields_of(read(text))
    assert {place: Decimal(found[place]) for place in said} == said
    assert {place: found[place] for place in now if place not in said} == {
        place: now[place] for place in now if place not in said
    }


# ---- rules that come and go ---------------------------------------------------------------------------------


def test_a_new_criterion_stands_behind_the_others() -> None:
    said = {"label": " Uses our rival ", "when": "uses = 'rival'", "points": "12.5"}
    text = with_rule(ACME, read(ACME), "criterion", said, ZONES)
    assert len(lines(ACME, text)) == 1
    assert read(text).fit.criteria[-1].name == "uses_our_rival"
    assert fields_of(read(text)).items() >= {
        (f"{CRITERIA}/uses_our_rival/label", "Uses our rival"),
        (f"{CRITERIA}/uses_our_rival/points", "12.5"),
        (f"{CRITERIA}/uses_our_rival/when", "uses = 'rival'"),
    }


def test_a_new_signal_counts_an_event_and_fades() -> None:
    said = {"label": "Cart", "event": "Cart: filled", "points": "5", "decay": "fade", "days": "9"}
    text = with_rule(ACME, read(ACME), "signal", said, ZONES)
    assert read(text).engagement.signals[-1].name == "cart_2"
    assert 'cart_2: {label: Cart, event: "Cart: filled", points: 5, decay: {fade: 9d}}' in text


def test_the_first_rule_of_its_kind_makes_their_list() -> None:
    text = ACME
    for one in read(ACME).fit.criteria[:-1]:
        text = without_rule(text, read(text), f"{CRITERIA}/{one.name}", ZONES)
    bare = text.replace("  criteria:\n", "").replace("    free_mail:", "#")
    assert not read(bare).fit.criteria
    made = with_rule(bare, read(bare), "criterion", {"label": "A", "when": "a = 1", "points": "1"}, ZONES)
    assert [one.name for one in read(made).fit.criteria] == ["a"]


@pytest.mark.parametrize(
    ("kind", "said", "why"),
    [
        ("criterion", {"when": "a = 1", "points": "1"}, "what the new rule is called"),
        ("criterion", {"label": "A", "points": "1"}, "say of whom it is true"),
        ("criterion", {"label": "A", "when": "a = ", "points": "1"}, "something is missing"),
        ("signal", {"label": "A", "points": "1"}, "which event counts"),
        ("signal", {"label": "A", "event": "B", "points": "x"}, '"x" is no number'),
        ("signal", {"label": "A", "event": "B", "points": "1", "decay": "fade"}, "whole number"),
    ],
)
def test_a_rule_that_cannot_be_is_told(kind: str, said: dict[str, str], why: str) -> None:
    with pytest.raises(InputError) as told:
        with_rule(ACME, read(ACME), kind, said, ZONES)
    assert why in str(told.value)


def test_a_rule_goes_and_all_others_stay() -> None:
    for place in (f"{CRITERIA}/mid_size", f"{SIGNALS}/cart"):
        text = without_rule(ACME, read(ACME), place, ZONES)
        assert names(read(text)) == names(read(ACME)) - {place}
    with pytest.raises(InputError, match="not there any more"):
        without_rule(ACME, read(ACME), "fit/levels", ZONES)


def names(definition: Definition) -> set[str]:
    return {
        *(f"{CRITERIA}/{one.name}" for one in definition.fit.criteria),
        *(f"{SIGNALS}/{one.name}" for one in definition.engagement.signals),
    }
