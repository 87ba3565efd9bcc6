"""The published JSON Schema agrees with the check."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from ripeline.adapters.templates import load_template, template_names
from ripeline.definition.schema import definition_schema
from tests.unit.definition.acme import ACME
from tests.unit.definition.problems import ERRORS, WARNINGS
from tests.unit.definition.texts import checked, definition_text, marked

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "src/ripeline/entry/schemas/qualification.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(definition_schema())
STRUCTURAL = {"unknown-key", "missing-key", "wrong-type", "points-range"}
"""Codes of what a schema can say. A missing row of the matrix, an order of levels it cannot."""


def loaded(text: str) -> Any:  # noqa: ANN401 - plain data, as a validator takes it
    return YAML(typ="safe", pure=True).load(text)


def accepted() -> Iterator[str]:
    yield ACME
    yield definition_text()
    yield from (load_template(name) for name in template_names())
    yield from (path.read_text("utf-8") for path in sorted((ROOT / "examples").rglob("qualification*.yaml")))
    yield from (marked(text)[0] for _, text in WARNINGS)


def test_the_published_schema_is_up_to_date() -> None:
    text = json.dumps(definition_schema(), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("RIPELINE_GOLDEN") == "renew":
        PUBLISHED.write_text(text, "utf-8")
    assert PUBLISHED.read_text("utf-8") == text, "renew it with `make golden` or RIPELINE_GOLDEN=renew"


def test_it_is_a_schema() -> None:
    meta = jsonschema.Draft202012Validator(jsonschema.Draft202012Validator.META_SCHEMA)
    assert [error.message for error in meta.iter_errors(definition_schema())] == []


@pytest.mark.parametrize("text", list(accepted()))
def test_it_accepts_what_the_check_accepts(text: str) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(loaded(text))] == []


@pytest.mark.parametrize("text", [text for code, text in ERRORS if code in STRUCTURAL])
def test_it_refuses_what_has_a_structural_problem(text: str) -> None:
    assert list(VALIDATOR.iter_errors(loaded(marked(text)[0])))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("engagement", "signals", "cart", "points"), "25"),
        (("engagement", "signals", "cart", "at_most"), "3 a day"),
        (("engagement", "signals", "cart", "decay"), {"half_life": "30d", "fade": "3d"}),
        (("engagement", "signals", "cart", "decay"), {}),
        (("engagement", "signals", "cart", "type"), "view"),
        (("engagement", "signals", "cart", "event"), []),
        (("engagement", "signals", "cart", "hand_raise"), "yes"),
        (("engagement", "signals", "Cart"), {"points": 1}),
        (("engagement", "weak_share"), 25),
        (("matrix", "good", "high"), "sell"),
        (("learned", "likelihood", "table"), [[1, 2, 3]]),
        (("version",), 2),
    ],
)
def test_it_refuses_values_that_do_not_read(path: tuple[str, ...], value: object) -> None:
    raw = loaded(ACME)
    holder = raw
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    assert list(VALIDATOR.iter_errors(raw))


def test_every_key_tells_what_it_means() -> None:
    def undescribed(schema: dict[str, Any], path: str) -> Iterator[str]:
        for key, inner in schema.get("properties", {}).items():
            if not inner.get("description"):
                yield f"{path}.{key}"
            yield from undescribed(inner, f"{path}.{key}")
        for inner in (*schema.get("patternProperties", {}).values(), *schema.get("anyOf", ())):
            yield from undescribed(inner, path)

    assert list(undescribed(definition_schema(), "")) == []
    assert checked(ACME) == []
