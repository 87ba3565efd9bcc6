"""The files of a new workspace."""

import json
from collections.abc import Mapping

from ripeline.definition.schema import definition_schema

SCHEMA_FILE = ".ripeline/qualification.schema.json"
"""Where definitions look for their schema; editors then complete keys and show errors as one types."""


def workspace_files(definition: str, settings: str) -> Mapping[str, str]:
    """Return the text of every file of a new workspace, by its path."""
    return {
        "qualification.yaml": definition,
        "ripeline.toml": settings,
        SCHEMA_FILE: json.dumps(definition_schema(), indent=2) + "\n",
    }
