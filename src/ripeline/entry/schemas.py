"""The schemas of what commands and API write, as the package holds them."""

import json
from importlib import resources
from typing import Any

SUFFIX = ".schema.json"


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema of what is written under a name, such as explain."""
    text = resources.files("ripeline.entry").joinpath("schemas", name + SUFFIX).read_text("utf-8")
    return dict(json.loads(text))
