"""The templates are right, and hold a ready signal for everything that people score."""

import pytest

from ripeline.adapters.templates import load_template, template_names
from ripeline.definition.model import Definition
from ripeline.vocabulary.issues import InputError
from tests.unit.definition.texts import checked, read

READY = {
    "trial download": "Trial Downloaded", "e-book download": "E-book Downloaded", "demo use": "Demo Used",
    "form": "Form Submitted", "newsletter": "Newsletter Subscribed", "subscription": "Subscription Started",
    "favourites": "Product Favorited", "wish list": "Product Added to Wishlist", "cart": "Product Added",
    "contact request": "Contact Requested", "webinar": "Webinar Attended", "events": "Event Attended",
    "podcast": "Podcast Played", "social": "Social Interaction", "call to action": "CTA Clicked",
    "mail reply": "Email Replied", "quote": "Quote Requested", "pricing": "Pricing Requested",
    "demo booking": "Demo Booked",
}  # fmt: skip
FILLED = [name for name in template_names() if name != "empty"]


def test_there_are_four() -> None:
    assert template_names() == ("b2b-saas", "ecommerce", "education", "empty")


def test_an_unknown_one_is_told_with_the_nearest() -> None:
    with pytest.raises(InputError, match='did you mean "ecommerce"'):
        load_template("ecomerce")


@pytest.mark.parametrize("name", template_names())
def test_it_has_no_issue(name: str) -> None:
    assert checked(load_template(name)) == []


@pytest.mark.parametrize("name", template_names())
def test_it_opens_with_the_line_for_editors(name: str) -> None:
    first = load_template(name).splitlines()[0]
    assert first == "# yaml-language-server: $schema=.ripeline/qualification.schema.json"


@pytest.mark.parametrize("name", template_names())
def test_it_teaches(name: str) -> None:
    lines = load_template(name).splitlines()
    assert sum("#" in line for line in lines) >= 15


@pytest.mark.parametrize("name", template_names())
def test_it_suppresses_own_staff_competitors_and_throw_away_mail(name: str) -> None:
    assert {"own_staff", "competitors", "throw_away"} <= {one.name for one in read(load_template(name)).suppress}


@pytest.mark.parametrize("name", FILLED)
def test_free_mail_is_a_criterion(name: str) -> None:
    text = load_template(name)
    assert "free_mail" in {one.name for one in read(text).fit.criteria}


def events_of(definition: Definition) -> set[str]:
    forms = [signal.form for signal in definition.engagement.signals]
    return {name for form in forms if hasattr(form, "match") for name in form.match.names or ()}


def test_every_common_act_has_a_ready_signal() -> None:
    known = set().union(*(events_of(read(load_template(name))) for name in FILLED))
    assert {act for act, event in READY.items() if event not in known} == set()


def test_most_of_them_are_in_b2b_saas() -> None:
    known = events_of(read(load_template("b2b-saas")))
    assert len([event for event in READY.values() if event in known]) >= 15


@pytest.mark.parametrize("name", FILLED)
def test_page_views_tell_of_visits_time_advertisements_and_landing_pages(name: str) -> None:
    text = load_template(name)
    words = ("measure: visits", "measure: minutes", "channel.medium")
    assert [word for word in words if word not in text] == []
