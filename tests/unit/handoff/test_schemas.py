"""docs/schemas: what receivers of webhooks and readers of packets are promised is what the package says, and current."""

import json
import os
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ripeline.entry import schemas
from ripeline.entry.schemas import SUFFIX, schema
from ripeline.vocabulary.happenings import HAPPENINGS

DOCS = Path(__file__).parents[3] / "docs" / "schemas"
PACKAGE = Path(schemas.__file__).with_suffix("")


def handoff() -> Any:  # noqa: ANN401 - JSON
    return schema("handoffs")["properties"]["handoffs"]["items"]


def stage() -> Any:  # noqa: ANN401 - JSON
    return schema("stages")["properties"]["stages"]["items"]


def packet() -> dict[str, Any]:
    found = schema("packet")
    found["properties"]["handoff"] = handoff()
    return found


def webhook() -> dict[str, Any]:
    found = schema("webhook")
    for branch in found["oneOf"]:
        told = branch["properties"]
        if told["type"]["const"].startswith("handoff."):
            told["data"] = handoff()
        if told["type"]["const"] == "stage.changed":
            told["data"] = stage()
    return found


@pytest.mark.parametrize("current", [packet, webhook])
def test_it_is_what_the_package_says_and_routes_answer(current: Any) -> None:  # noqa: ANN401 - a function
    """RIPELINE_GOLDEN=renew writes both anew."""
    name, text = current.__name__, json.dumps(current(), indent=2, ensure_ascii=False) + "\n"
    for file in (PACKAGE / f"{name}{SUFFIX}", DOCS / f"{name}{SUFFIX}"):
        if os.environ.get("RIPELINE_GOLDEN") == "renew":
            file.write_text(text, "utf-8")
        assert file.read_text("utf-8") == text
    jsonschema.Draft202012Validator.check_schema(current())


def test_every_happening_is_described() -> None:
    assert [one["properties"]["type"]["const"] for one in schema("webhook")["oneOf"]] == list(HAPPENINGS)
    assert schema("webhook")["properties"]["type"]["enum"] == list(HAPPENINGS)


def test_the_page_for_receivers_names_every_happening_with_an_example_that_holds() -> None:
    whole = (DOCS.parent / "outbox.md").read_text("utf-8")
    page = whole.partition("### What webhooks are told")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `(\w+\.\w+)` \| (.+?) \|", page, re.MULTILINE)
    assert [name for name, _ in named] == list(HAPPENINGS)
    for name, meaning in named:
        assert meaning.startswith(HAPPENINGS[name]), name
    (example,) = re.findall(r"```json\n(.+?)```", page, re.DOTALL)
    jsonschema.Draft202012Validator(schema("webhook")).validate(json.loads(example))
