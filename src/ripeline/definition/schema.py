"""The JSON Schema of a definition, made from the grammar, for editors and for people who write programs."""

from ripeline.definition.grammar import DEFINITION

SCHEMA_ID = "urn:ripeline:schema:qualification"


def definition_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of a definition.

    It knows keys, kinds of values and what is required. What the check finds beyond that (levels out of
    order, a group that is not defined, a condition that cannot be read) a schema cannot say.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Ripeline definition",
        "description": "What a marketing qualified lead (MQL) is, for one business.",
        **DEFINITION.schema(),
    }
