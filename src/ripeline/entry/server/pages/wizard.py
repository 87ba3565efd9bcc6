"""A file is imported step by step: sent, told what it is, tried without storing anything, imported."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final, cast

from starlette.responses import Response

from ripeline.entry.bootstrap.imports import Look, Wanted, bring_in, look_into
from ripeline.entry.bootstrap.shipped import references
from ripeline.entry.bootstrap.uploads import MOST_MB, Upload, Uploads
from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Page, Visit, form_of, sent_to
from ripeline.entry.server.pages.upload import SentForm
from ripeline.entry.server.services import Services
from ripeline.entry.server.work import Work
from ripeline.ports.files import Imported
from ripeline.ports.scores import Progress
from ripeline.usecases.import_guess import ROLES, Guessed, What, guess, looks_like, roles_of
from ripeline.usecases.import_how import (
    FORM,
    MEANS,
    MOST_WORDS,
    WORDS,
    how_of,
    likely_meaning,
    meanings,
    must_be_told,
    words_of,
)
from ripeline.vocabulary.issues import InputError, did_you_mean

PATH: Final = "/data/import"
LONGEST: Final = 120
WHATS: Final[Mapping[What, str]] = {
    "leads": _("Leads: what is known of them"),
    "events": _("Events: what leads did"),
    "outcomes": _("Outcomes: who was won or lost"),
    "calls": _("Calls of tracking clients"),
}


class WizardPages:
    """The pages."""

    def __init__(self, services: Services) -> None:
        """Take what they work with."""
        self._with = services

    def pages(self) -> list[Page]:
        """Return the pages."""
        return [
            Page("GET", PATH, "bring_in", self.begin),
            Page("POST", PATH, "bring_in", self.sent, uploads=True),
            Page("GET", PATH + "/{key}", "bring_in", self.columns),
            Page("POST", PATH + "/{key}", "bring_in", self.told),
            Page("GET", PATH + "/{key}/try", "bring_in", self.tried),
            Page("POST", PATH + "/{key}/stop", "bring_in", self.stop),
            Page("POST", PATH + "/{key}/run", "bring_in", self.run),
            Page("GET", PATH + "/{key}/done", "bring_in", self.done),
            Page("POST", PATH + "/{key}/drop", "bring_in", self.drop),
        ]

    @property
    def _uploads(self) -> Uploads:
        return Uploads(self._with.workspace)

    def _upload(self, visit: Visit) -> Upload:
        found = self._uploads.find(visit.request.path_params["key"])
        if found is None:
            raise ApiError(404, "no_such_upload", "this file is not here any more: it was imported, or left for a day")
        return found

    # ---- the file --------------------------------------------------------------------------------------------

    async def begin(self, visit: Visit) -> Response:
        """Where a file is chosen."""
        return _begin(visit)

    async def sent(self, visit: Visit) -> Response:
        """Take a file."""
        try:
            form = SentForm(visit.request, MOST_MB)
        except ApiError as error:
            return visit.not_ours() if error.code != "too_much" else _begin(visit, str(error), error.status)
        try:
            name = await form.file_name()
            if not visit.is_sealed(form.fields.get("seal", "")):
                return visit.not_ours()
            one = await self._saved(visit, form, name)
        except (ApiError, InputError) as error:
            return _begin(visit, str(error), error.status if isinstance(error, ApiError) else 400)
        return _to(one)

    async def _saved(self, visit: Visit, form: SentForm, name: str) -> Upload:
        if not name:
            raise InputError("choose a file first")
        self._uploads.clean(visit.at_us)
        one = self._uploads.begin(name, visit.at_us, visit.who.name)
        try:
            await form.save(self._uploads.file(one))
        except BaseException:
            self._uploads.remove(one)
            raise
        return one

    async def drop(self, visit: Visit) -> Response:
        """Do not import a file after all."""
        self._uploads.remove(self._upload(visit))
        return sent_to("/data")

    # ---- what its columns are --------------------------------------------------------------------------------

    def _look(self, one: Upload) -> Work:
        file = self._uploads.file(one)

        async def do(progress: Progress) -> Look:
            progress("reading the file", None)
            try:
                return await asyncio.to_thread(look_into, self._with.workspace, file)
            except InputError as error:
                raise InputError(str(error).replace(str(file), one.name)) from error

        return self._with.works.begin(("look", one.key), do)

    async def columns(self, visit: Visit) -> Response:
        """What the file is, and what its columns mean: as it was guessed, and as somebody says."""
        one = self._upload(visit)
        return _columns(visit, one, self._look(one), one.how)

    async def told(self, visit: Visit) -> Response:
        """Keep what somebody says of the columns; go on where that is enough."""
        one, form = self._upload(visit), await form_of(visit.request)
        work = self._look(one)
        how = {
            name: form.get(name, "")[:LONGEST].strip()
            for name in (*FORM, *(one for one in form if one.startswith(MEANS)))
        }
        if not isinstance(work.result, Look):
            return _to(one)
        if form.get("again"):
            return _columns(visit, one, work, {"what": how["what"], "source": how["source"], "zone": how["zone"]})
        try:
            how_of(how, work.result.columns)
            must_be_told(how, work.result.columns)
            _zone(how["zone"])
        except InputError as error:
            return _columns(visit, one, work, how, str(error))
        self._uploads.keep(replace(one, how=how))
        return _to(one, "/try")

    # ---- trying and importing --------------------------------------------------------------------------------

    def _wanted(self, visit: Visit, one: Upload, look: Look, *, dry: bool) -> Wanted:
        how = how_of(one.how, look.columns)
        source, zone = one.how["source"] or _stem(one), one.how["zone"] or "UTC"
        return Wanted(self._uploads.file(one), one.name, how, source, zone, visit.at_us, visit.who.name, dry)

    async def tried(self, visit: Visit) -> Response:
        """What importing the file would do; nothing is stored."""
        one = self._upload(visit)
        look = self._look(one)
        if not one.how or not isinstance(look.result, Look):
            return _to(one)
        wanted = self._wanted(visit, one, look.result, dry=True)

        async def do(progress: Progress) -> Imported:
            # Files know who came by clients, too, so that nobody is counted as new who is not.
            await self._with.live.compact()
            return await asyncio.to_thread(bring_in, self._with.workspace, wanted, progress)

        again = "again" in visit.request.query_params
        work = self._with.works.begin(_trying(one), do, again=again)
        return visit.shown("import_try.html", {"title": _("Before it is imported"), "one": one, "work": work})

    async def stop(self, visit: Visit) -> Response:
        """Try no further."""
        one = self._upload(visit)
        self._with.works.stop(_trying(one))
        return _to(one, "/try")

    async def run(self, visit: Visit) -> Response:
        """Import the file."""
        one = self._upload(visit)
        look = self._look(one)
        if not one.how or not isinstance(look.result, Look):
            return _to(one)
        wanted = self._wanted(visit, one, look.result, dry=False)

        async def do(progress: Progress) -> Imported:
            done = await asyncio.to_thread(bring_in, self._with.workspace, wanted, progress)
            self._uploads.remove(one)
            self._with.live.wake()
            return done

        failed = self._with.works.of(("run", one.key))
        self._with.works.begin(("run", one.key), do, again=failed is not None and bool(failed.why))
        return _to(one, "/done")

    async def done(self, visit: Visit) -> Response:
        """How importing goes, and what came of it."""
        key = visit.request.path_params["key"]
        work = self._with.works.of(("run", key))
        if work is None:
            return sent_to("/data/imports")
        return visit.shown("import_done.html", {"title": _("Import"), "key": key, "work": work})


def _to(one: Upload, step: str = "") -> Response:
    return sent_to(f"{PATH}/{one.key}{step}")


def _begin(visit: Visit, wrong: str = "", status: int = 200) -> Response:
    return visit.shown("import.html", {"title": _("Import a file"), "most_mb": MOST_MB, "wrong": wrong}, status)


def _stem(one: Upload) -> str:
    """Return what a file is called before its endings, as where it comes from."""
    return one.name.replace("\\", "/").rpartition("/")[2].partition(".")[0][:LONGEST] or "file"


def _zone(name: str) -> None:
    if name and name not in references().zones():
        raise InputError(f'"{name}" is not a time zone; {did_you_mean(name, references().zones())}')


def _trying(one: Upload) -> tuple[str, str, str]:
    """Return what trying a file is known by: said otherwise, it is tried anew."""
    return "try", one.key, _digest(one.how)


def _digest(how: Mapping[str, str]) -> str:
    return sha256(repr(sorted(how.items())).encode()).hexdigest()


def _columns(visit: Visit, one: Upload, work: Work, how: Mapping[str, str], wrong: str = "") -> Response:
    told: dict[str, Any] = {
        "title": _("What the columns are"),
        "one": one,
        "work": work,
        "wrong": wrong,
        "whats": WHATS,
    }
    if isinstance(work.result, Look):
        told |= _described(one, work.result, how)
    return visit.shown("import_columns.html", told, 400 if wrong else 200)


def _described(one: Upload, look: Look, how: Mapping[str, str]) -> dict[str, Any]:
    guessed = guess(look.columns)
    if (what := how.get("what")) in ROLES and what != guessed.what:
        guessed = Guessed(cast("What", what), "you said so", roles_of(cast("What", what), look.columns))
    chosen = {
        role: how.get(role, guessed.roles[role].column if role in guessed.roles else "") for role in ROLES[guessed.what]
    }
    return {
        "look": look,
        "guessed": guessed,
        "roles": ROLES[guessed.what],
        "chosen": chosen,
        "how": {
            "source": how.get("source") or _stem(one),
            "zone": how.get("zone") or "UTC",
            "event": how.get("event", ""),
        },
        "words": _words(look, chosen, how) if guessed.what == "outcomes" else [],
        "meanings": WORDS,
        "field": MEANS,
        "kinds": {name: looks_like(values) for name, values in look.columns.items()},
    }


def _words(look: Look, chosen: Mapping[str, str], how: Mapping[str, str]) -> list[tuple[str, int, str]]:
    """Return the words of the column of outcomes to be told, how often each is there, and what it means so far."""
    found, said = words_of(look.columns.get(chosen["outcome"], ())), meanings(how)
    if len(found) > MOST_WORDS:
        return []
    return [(word, count, said.get(word, likely_meaning(word))) for word, count in found.items()]
