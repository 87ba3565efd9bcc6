"""`ripeline init`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.book import make_write_key
from ripeline.entry.bootstrap.shipped import template, template_names
from ripeline.entry.cli.options import Format, now_us, out, print_json
from ripeline.entry.workspace import FIRST_SETTINGS, SETTINGS_FILE, Workspace
from ripeline.usecases.make_workspace import workspace_files
from ripeline.vocabulary.issues import InputError, did_you_mean


def init(
    folder: Path,
    *,
    template_name: Annotated[str, Parameter(name="--template", help="Which definition to start from.")] = "b2b-saas",
    format: Format = "text",
) -> None:
    """Make a workspace in a folder: qualification.yaml and ripeline.toml; nothing that exists is touched.

    It prints the keys that clients send events with: one for web pages and one for servers.

    Parameters
    ----------
    folder
        The folder to make.
    """
    if template_name not in template_names():
        raise InputError(f'"{template_name}" is no template; {did_you_mean(template_name, template_names())}')
    if (folder / SETTINGS_FILE).exists():
        raise InputError(f"{folder} is a workspace already")
    make_workspace(folder, template(template_name))
    keys = {kind: make_write_key(Workspace(folder), kind, kind, (), now_us()) for kind in ("web", "server")}
    if format == "json":
        print_json({"workspace": str(folder), "template": template_name, "keys": keys})
        return
    out.print(f"Made the workspace [bold]{folder}[/] from the template {template_name}.", highlight=False)
    out.print(f"Web key:    [bold]{keys['web']}[/]  public: for your pages", highlight=False)
    out.print(f"Server key: [bold]{keys['server']}[/]  secret: shown only now", highlight=False)
    out.print(
        f"Next: edit {folder}/qualification.yaml, then: ripeline check {folder}/qualification.yaml", highlight=False
    )


def make_workspace(folder: Path, definition: str, settings: str = FIRST_SETTINGS) -> None:
    """Write the files of a new workspace; a definition that lies there already is kept."""
    for path, text in workspace_files(definition, settings).items():
        file = folder / path
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                file.write_text(text, encoding="utf-8")
        except OSError as error:
            raise InputError(f"{file} cannot be written: {error.strerror}") from error
