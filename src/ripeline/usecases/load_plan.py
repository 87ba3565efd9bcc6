"""Definition text to a plan, with the tables that ship."""

from ripeline.definition.read import read_definition
from ripeline.plan.build import build_plan
from ripeline.plan.nodes import Plan
from ripeline.ports.definitions import References


def load_plan(text: str, stem: str, file: str, references: References) -> Plan:
    """Return the plan of a definition's text; DefinitionError with every issue where it has errors.

    stem: its name where the text gives none. file: how messages call it.
    """
    definition = read_definition(text, stem, references.zones(), file)
    return build_plan(definition, references.zone(definition.timezone), references.tables())
