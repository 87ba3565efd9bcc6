"""What a file is, and what its columns mean, is guessed well enough that most people only agree."""

import pytest

from ripeline.usecases.import_guess import Columns, What, guess, looks_like, roles_of

DAYS = [f"2026-03-{day:02d}" for day in range(1, 31)]
IDS = [f"L-{number}" for number in range(30)]
MAILS = [f"p{number}@x.example" for number in range(30)]


@pytest.mark.parametrize(
    ("columns", "what", "roles"),
    [
        (
            {"Lead Id": IDS, "Work contact": MAILS, "Created At": DAYS, "Company": ["Acme"] * 30},
            "leads",
            {"id": "Lead Id", "email": "Work contact", "created": "Created At"},
        ),
        (
            {
                "contact_id": IDS[:10] * 3,
                "event": ["Demo", "Visit", "Trial"] * 10,
                "timestamp": DAYS,
                "price": ["5"] * 30,
            },
            "events",
            {"lead": "contact_id", "name": "event", "time": "timestamp"},
        ),
        (
            {"lead": IDS, "Status": ["Closed Won", "closed lost", "won"] * 10, "Close date": DAYS},
            "outcomes",
            {"lead": "lead", "outcome": "Status", "time": "Close date"},
        ),
        ({"email": MAILS, "plan": ["pro"] * 30}, "leads", {"email": "email"}),
        ({"type": ['"track"'], "userId": ['"ada"'], "event": ['"Hit"']}, "calls", {}),
        ({"a": [], "b": ["x"]}, "leads", {}),
    ],
)
def test_what_a_file_is(columns: Columns, what: What, roles: dict[str, str]) -> None:
    found = guess(columns)
    assert found.what == what
    assert {role: one.column for role, one in found.roles.items()} == roles
    assert all(0.5 <= one.share <= 1 for one in found.roles.values())


def test_a_guess_tells_why_and_how_sure_it_is() -> None:
    found = roles_of("leads", {"id": IDS, "who": [*MAILS[:29], "nobody"]})
    assert found["email"].why == "an e-mail address in 96 % of rows"
    assert found["email"].share < found["id"].share == 1
    assert found["id"].why == "different in every row"


def test_a_status_beside_much_else_does_not_make_outcomes() -> None:
    """A list of customers that also has a flag."""
    columns = {"id": IDS, "email": MAILS, "Company": ["A"] * 30, "newsletter": ["yes", "no"] * 15, "size": ["5"] * 30}
    assert guess(columns).what == "leads"


def test_what_values_are_is_told() -> None:
    assert looks_like([*MAILS[:29], "nobody"]) == "e-mail addresses (96 %)"
    assert looks_like(["1774602000", "1774602000000"]) == "times"
    assert looks_like(["true", "False"]) == "true or false"
    assert looks_like(["a", "1"]) == "texts"
