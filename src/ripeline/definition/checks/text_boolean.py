"""text-boolean: `x = 'true'` looks for a text, and files and forms send a boolean."""

from ripeline.definition.checks.draft import Draft, warning
from ripeline.definition.conditions import Compare, Literal, parts_of
from ripeline.definition.conditions_of import conditions_of
from ripeline.vocabulary.issues import Issue


def check(draft: Draft) -> list[Issue]:
    """Return a warning for each comparison with true or false in quotes."""
    return [
        warning(
            "text-boolean",
            f"'{part.right.value.text}' in quotes is a text; true and false of an import are not",
            draft.at_value(*one.path),
            f"write {part.right.value.text} without quotes",
        )
        for one in conditions_of(draft.raw)
        for part in parts_of(one.when)
        if isinstance(part, Compare) and isinstance(part.right, Literal)
        if part.right.value.text in {"true", "false"}
    ]
