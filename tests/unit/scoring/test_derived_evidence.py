"""An explanation names the values of derived fields that a signal went by."""

import pytest

from ripeline.adapters.tables.references import ShippedReferences
from ripeline.scoring.evaluate import judge, observe
from ripeline.scoring.explain import engagement_evidence
from ripeline.usecases.load_plan import load_plan
from ripeline.vocabulary.calendar import DAY_US
from ripeline.vocabulary.history import Event, LeadHistory
from ripeline.vocabulary.values import Value

AS_OF_US = 1_774_994_399_999_999
DEFINITION = """\
version: 1
required: []
fit: {{levels: {{any: 0}}}}
engagement:
  signals:
    found_us: {{type: page, {when} points: 5, within: 30d}}
  levels: {{any: 0}}
matrix: {{any: {{any: nurture}}, unknown: {{any: nurture}}}}
"""


def page(age: int, referrer: str) -> Event:
    fields = {"context.page.url": Value(text="https://acme.example/"), "context.page.referrer": Value(text=referrer)}
    return Event("page", "Home", AS_OF_US - age * DAY_US, AS_OF_US, fields)


HOSTS = {"bing.com": 0, "google.com": 1, "google.de": 2, "x.com": 3, "kagi.com": 40}
HISTORY = LeadHistory(tuple(page(age, f"https://{host}/") for host, age in HOSTS.items()))


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("when: channel.medium = 'organic search',", {"channel.medium": ["organic search"]}),
        (
            "when: channel.medium like 'organic%' and channel.source is not null,",
            {"channel.medium": ["organic search", "organic social"], "channel.source": ["bing", "google", "x"]},
        ),
        ("", {}),
    ],
)
def test_values_of_the_events_that_count(when: str, told: dict[str, list[str]]) -> None:
    plan = load_plan(DEFINITION.format(when=when), "evidence", "evidence.yaml", ShippedReferences())
    observed, day = observe(plan, HISTORY, AS_OF_US), plan.zone.day(AS_OF_US)
    (line,) = judge(plan, observed, day).engagement.contributions
    evidence = engagement_evidence(plan, observed, day, line)
    assert {key: value for key, value in evidence.items() if "." in key} == told
