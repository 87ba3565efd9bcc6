"""What ships with Ripeline: tables, definitions to start from, the invented company."""

from importlib import resources
from pathlib import Path

from ripeline.adapters import templates
from ripeline.adapters.sources.demo_company import DemoFiles, write_demo_company
from ripeline.adapters.tables.references import ShippedReferences
from ripeline.ports.definitions import References


def references() -> References:
    """Return the tables that ship."""
    return ShippedReferences()


def template_names() -> tuple[str, ...]:
    """Return the names of the definitions to start from."""
    return tuple(templates.template_names())


def template(name: str) -> str:
    """Return the text of a definition to start from."""
    return templates.load_template(name)


def write_demo_files(folder: Path) -> DemoFiles:
    """Write the files of the invented company."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_demo_company(folder)


def demo_definition() -> str:
    """Return the definition of the invented company."""
    return _of_demo("qualification.yaml")


def demo_sales() -> str:
    """Return the settings of the invented company's salespeople."""
    return _of_demo("sales.toml")


def demo_team() -> str:
    """Return the settings of the same company's sales with somebody more, who answer in its past."""
    return _of_demo("team.toml")


def _of_demo(file: str) -> str:
    return resources.files("ripeline.adapters.sources.demo").joinpath(file).read_text(encoding="utf-8")
