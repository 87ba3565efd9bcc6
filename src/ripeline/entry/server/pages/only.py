"""Whose leads figures count: everybody's, or those alone who first came by some channels; an agency sees no others'."""

from dataclasses import dataclass, replace
from typing import Final

from starlette.responses import Response

from ripeline.entry.server.answers import ApiError
from ripeline.entry.server.language.sentences import _
from ripeline.entry.server.pages.page import Visit
from ripeline.vocabulary.channels import MEDIUMS
from ripeline.vocabulary.issues import InputError, did_you_mean
from ripeline.vocabulary.logins import Only

CHANNEL: Final = "channel"
"""The parameter of an address; several channels stand in it with commas between them."""

NONE_CHOSEN: Final = _(
    "You see figures of the channels that your agency works on, and none is chosen for your login yet. "
    "An administrator chooses them under Settings, People."
)


@dataclass(frozen=True, slots=True)
class Counted:
    """Whose leads a page counts.

    only: the channels, None for everybody; choices: those that can be chosen; chosen: as the address has it, "" for all
    that may be seen; bound: somebody sees no others.
    """

    only: Only
    choices: tuple[str, ...]
    chosen: str
    bound: bool

    @property
    def told(self) -> str:
        """The channels in words, "" for everybody's."""
        return "" if self.only is None else ", ".join(one for one in MEDIUMS if one in self.only)


def counted_for(visit: Visit) -> Counted:
    """Return whose leads are counted for somebody: what they may see, and of that what they ask for.

    Whoever is bound to channels and asks for others is shown their own: there is no way round by an address.
    """
    asked, seen = _asked(visit), all_seen(visit)
    chosen = asked if seen.only is None else asked & seen.only
    return replace(seen, only=chosen, chosen=_text(chosen)) if chosen else seen


def all_seen(visit: Visit) -> Counted:
    """Return all that somebody may see, whatever they ask for."""
    may = visit.who.only
    choices = MEDIUMS if may is None else tuple(one for one in MEDIUMS if one in may)
    return Counted(may, choices, "", bound=may is not None)


def nothing_to_see(visit: Visit) -> Response | None:
    """Return what somebody is told for whom no figures were chosen, None for everybody else."""
    if visit.who.only != frozenset():
        return None
    return visit.shown("wrong.html", {"title": _("No figures yet"), "why": NONE_CHOSEN})


def must_see(visit: Visit) -> None:
    """The same for files: raise ApiError."""
    if visit.who.only == frozenset():
        raise ApiError(403, "not_allowed", NONE_CHOSEN)


def channels_named(names: list[str]) -> tuple[str, ...]:
    """Return channels in their order; InputError for what is none."""
    for name in names:
        if name not in MEDIUMS:
            raise InputError(f'"{name}" is no channel; {did_you_mean(name, MEDIUMS)}')
    return tuple(one for one in MEDIUMS if one in names)


def _asked(visit: Visit) -> frozenset[str]:
    text = visit.request.query_params.get(CHANNEL, "")
    named = [part.strip() for part in text.split(",") if part.strip()]
    if visit.who.only is not None:
        named = [one for one in named if one in MEDIUMS]
    return frozenset(channels_named(named))


def _text(only: frozenset[str]) -> str:
    return ",".join(one for one in MEDIUMS if one in only)
