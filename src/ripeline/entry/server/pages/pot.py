"""Writes locale/ripeline.pot: every message of the pages, for whoever translates them. `make messages` runs it."""

import io
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import write_po

from ripeline.entry.server.language.catalogs import FOLDER
from ripeline.entry.server.language.messages import has_letters
from ripeline.entry.server.language.translating import messages_of
from ripeline.entry.server.pages.leads_address import COLUMNS
from ripeline.entry.server.pages.outbox import MEANS
from ripeline.entry.server.pages.rendering import called, environment, templates
from ripeline.insight.funnel import COHORTS
from ripeline.usecases.definition_words import DOES
from ripeline.vocabulary.access import KEY_KINDS, SCOPES
from ripeline.vocabulary.changes import WORDS
from ripeline.vocabulary.logins import ROLES
from ripeline.vocabulary.scores import ACTIONS
from ripeline.vocabulary.stages import STAGES

HEAD: Final = """\
# Messages of Ripeline's app. Made by `make messages`; docs/app.md tells how to add a language.
msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def messages() -> Iterator[tuple[str, str]]:
    """Return each message with the file that it stands in."""
    made = environment({})
    for name, source in templates().items():
        yield from ((message, f"templates/{name}") for message in messages_of(made.parse(source, name)))
    for file in resources.files("ripeline.entry.server.pages").iterdir():
        if file.name.endswith(".py"):
            yield from ((message, file.name) for message in _marked(file.read_bytes()))
    for name in (*STAGES, *ACTIONS, *ROLES, *COLUMNS, *MEANS):
        yield called(name), "rendering.py"
    for table in (WORDS, SCOPES, KEY_KINDS, DOES):
        yield from ((text, "pot.py") for text in table.values())
    yield from ((name, "pot.py") for name in COHORTS)


def _marked(program: bytes) -> Iterator[str]:
    """Yield what stands in _("..."), of which the first is the message."""
    for _, _, found, _ in extract_python(io.BytesIO(program), {"_": None}, [], {}):
        arguments: object = found
        yield str(arguments[0] if isinstance(arguments, tuple) else arguments)


def pot() -> str:
    """Return the file, which is the same on every machine and day."""
    catalog, written = Catalog(), io.BytesIO()
    for message, file in sorted(set(messages())):
        if has_letters(message):
            catalog.add(message, locations=[(file, 0)])
    write_po(written, catalog, omit_header=True, include_lineno=False, sort_output=True, width=100)
    return HEAD + written.getvalue().decode()


if __name__ == "__main__":
    Path(str(FOLDER.joinpath("ripeline.pot"))).write_text(pot(), "utf-8")
