"""The packet: what a salesperson gets with a lead. All of it may have been written by a visitor."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ripeline.scoring.outlook import Fall
from ripeline.vocabulary.handoffs import Handoff
from ripeline.vocabulary.plain_text import one_line
from ripeline.vocabulary.visits import cut

LONGEST: Final = 160
"""Letters of a text that are shown."""

MOST_LINES: Final = 10
"""Lines of the timeline that are shown, over all visits."""

MOST_REASONS: Final = 3
MOST_PAGES: Final = 3
MOST_BEFORE: Final = 5
MOST_FACTS: Final = 12
MOST_COLLEAGUES: Final = 8

QUESTIONS: Final = ("budget", "need", "timing")

NAMES: Final = ("name", "full_name", "fullName")
GIVEN: Final = (("first_name", "last_name"), ("firstName", "lastName"))
PERSON_TRAITS: Final = (*NAMES, *(key for pair in GIVEN for key in pair), "email", "phone", "title")
"""What tells who somebody is."""

COMPANY_NAMES: Final = ("company", "company.name", "company_name")
WHAT: Final = (
    "properties.title",
    "properties.form",
    "properties.form_name",
    "properties.file",
    "properties.file_name",
    "properties.name",
    "properties.product",
    "properties.plan",
)
"""What of an act tells what it was about."""

CONSENT: Final = frozenset({"consent", "unsubscribed", "do_not_call", "do_not_email", "opt_in", "opt_out", "opted_in"})
CONSENT_ENDS: Final = ("_consent", "_opt_in", "_opt_out")


@dataclass(frozen=True, slots=True)
class Person:
    """Who the lead is, as far as it is known. lead: the name shown."""

    lead: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    title: str | None = None

    @property
    def named(self) -> str | None:
        """What to call the lead by rather than by an identifier, None where nothing is known."""
        return self.name or self.email

    @property
    def called(self) -> str:
        """How people call the lead."""
        return self.named or self.lead


@dataclass(frozen=True, slots=True)
class Company:
    """Where the lead works. account: None where it is not known; facts: what is said of it, in words."""

    name: str | None = None
    account: str | None = None
    facts: tuple[tuple[str, str], ...] = ()

    @property
    def called(self) -> str | None:
        """How people call the company."""
        return self.name or self.account


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule that gave points, or took some. evidence: in words; last: the local day of the last of it, as text."""

    name: str
    label: str
    micro: int
    evidence: str
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """Fit or interest: the score, its level, the reasons that gave most, and against: those that took most."""

    micro: int
    level: str
    reasons: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """Something that the lead did. fields: properties and context by their dotted names."""

    at_us: int
    type: str
    name: str
    fields: Mapping[str, object] = field(default_factory=dict)

    @property
    def page(self) -> str | None:
        """The path of the page on which it happened."""
        found = (self.fields.get(key) for key in ("context.page.path", "properties.path", "properties.url"))
        return next((line(one) for one in found if isinstance(one, str) and one), None)


@dataclass(frozen=True, slots=True)
class Visit:
    """Acts without a long silence between them. did: a line each, the first first; more: lines that are left out."""

    from_us: int
    until_us: int
    did: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody else of the lead's account, with levels and stage."""

    person: Person
    fit: str
    interest: str
    stage: str


@dataclass(frozen=True, slots=True)
class BuyingGroup:
    """What an account comes to, and who else is part of it: the most interested ones; more: how many besides."""

    fit: str
    interest: str
    people: tuple[Colleague, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Packet:
    """What a salesperson gets with a lead, as of an instant; every text is one line without control characters.

    hand_raise: what the lead asked for. visits: the last ones, the youngest first. questions: what sales asks,
    None where it is not known. pages: those looked at most, with how often. consent: what is known of it. before:
    earlier handoffs of the lead, the youngest first. fall: when its level falls if nothing happens. group: the lead's
    account, where that is what qualifies.
    """

    handoff: Handoff
    as_of_us: int
    definition: str
    person: Person
    company: Company
    fit: Side
    interest: Side
    hand_raise: Reason | None
    visits: tuple[Visit, ...]
    questions: Mapping[str, str | None]
    pages: tuple[tuple[str, int], ...]
    opening: str
    consent: tuple[tuple[str, str], ...]
    before: tuple[Handoff, ...]
    fall: Fall | None
    group: BuyingGroup | None = None


def line(value: object) -> str:
    r"""Return what somebody wrote as one line that can do no harm: no control characters, and not too long.

    >>> line("Ada\nExample\x1b[31m"), line(True), line(["a", 2])
    ('Ada Example [31m', 'yes', 'a, 2')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    shown = one_line(text[: 4 * LONGEST])
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


# ---- who --------------------------------------------------------------------------------------------------


def person_of(lead: str, traits: Mapping[str, object]) -> Person:
    """Return who a lead is, by its traits."""
    return Person(line(lead), _name(traits), *(_text(traits, (key,)) for key in ("email", "phone", "title")))


def _name(traits: Mapping[str, object]) -> str | None:
    whole = _text(traits, NAMES)
    parts = (" ".join(filter(None, (_text(traits, (key,)) for key in pair))) for pair in GIVEN)
    return whole or next(filter(None, parts), None)


def company_of(account: str | None, traits: Mapping[str, object], said: Mapping[str, object]) -> Company:
    """Return where a lead works. traits: the lead's; said: what is known of the account itself."""
    name = _text(said, ("name",)) or _text(traits, COMPANY_NAMES)
    size = {"company_size": traits["company_size"]} if traits.get("company_size") is not None else {}
    country = {"country": traits["country"]} if traits.get("country") is not None else {}
    facts = {**size, **country, **{key: value for key, value in said.items() if key != "name"}}
    told = tuple((line(key.replace("_", " ")), line(value)) for key, value in facts.items() if value is not None)
    return Company(name, None if account is None else line(account), told[:MOST_FACTS])


def _text(traits: Mapping[str, object], keys: Iterable[str]) -> str | None:
    found = (traits.get(key) for key in keys)
    return next((shown for one in found if isinstance(one, str | int | float) and (shown := line(one))), None)


def consent_of(traits: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Return what is known of what the lead allows."""
    found = {key: value for key, value in traits.items() if value is not None and _is_consent(key)}
    return tuple((line(key), line(value)) for key, value in sorted(found.items()))


def _is_consent(key: str) -> bool:
    return key in CONSENT or key.startswith("consent.") or key.endswith(CONSENT_ENDS)


def questions_of(known: Sequence[Handoff], traits: Mapping[str, object]) -> dict[str, str | None]:
    """Return what is known of budget, need and timing: what sales found out last, else what traits say."""
    told = {}
    for name in QUESTIONS:
        found = next((text for one in reversed(known) if (text := getattr(one.found, name))), None)
        told[name] = line(found) if found else _text(traits, (name,))
    return told


# ---- what they did ----------------------------------------------------------------------------------------


def visits_of(acts: Iterable[Act]) -> tuple[Visit, ...]:
    """Return the last visits, the youngest first, of acts in any order; not more lines than MOST_LINES."""
    room, found = MOST_LINES, list[Visit]()
    for visit in reversed(cut(acts, lambda one: one.at_us)):
        did = list(dict.fromkeys(map(told, visit)))
        shown = did[-room:]
        found.append(Visit(visit[0].at_us, visit[-1].at_us, tuple(shown), len(did) - len(shown)))
        room -= len(shown)
        if not room:
            break
    return tuple(found)


def told(act: Act) -> str:
    """Return an act in a line.

    >>> told(Act(0, "page", "", {"context.page.path": "/pricing"})), told(Act(0, "track", "Demo Requested"))
    ('looked at /pricing', 'Demo Requested')
    """
    name = line(act.name)
    if act.type != "track":
        return f"looked at {act.page or name or 'a page'}"
    about = next((line(one) for key in WHAT if isinstance(one := act.fields.get(key), str) and one), "")
    return f"{name} ({about})" if about and about != name else name


def pages_of(acts: Iterable[Act]) -> tuple[tuple[str, int], ...]:
    """Return the pages that were looked at most, with how often."""
    seen = Counter(act.page or line(act.name) for act in acts if act.type != "track")
    return tuple((page, count) for page, count in seen.most_common(MOST_PAGES) if page)


# ---- how to begin -----------------------------------------------------------------------------------------


def opening_of(
    called: str, asked: Reason | None, interest: Side, fit: Side, questions: Mapping[str, str | None]
) -> str:
    """Return how a conversation may begin, by what is known alone.

    >>> opening_of("Ada", None, Side(0, "low"), Side(0, "unknown"), {"budget": "10 k"})
    'Ada did nothing lately that says more; ask what brings them here.'
    """
    unknown = [name for name, found in questions.items() if found is None]
    then = f" Ask about {_listed(unknown)}: nothing is known of that yet." if unknown else ""
    return _first(called, asked, interest, fit) + then


def _first(called: str, asked: Reason | None, interest: Side, fit: Side) -> str:
    if asked is not None:
        when = f" on {asked.last}" if asked.last else ""
        return f"{called} asked to talk to sales{when} ({asked.label}): answer that first."
    acted = next((one for one in interest.reasons if one.last), None)
    if acted is not None:
        return f"Begin with what {called} did: {acted.label}, last on {acted.last}."
    if fit.reasons:
        return f"{called} did nothing lately that says more; what fits: {fit.reasons[0].label}."
    return f"{called} did nothing lately that says more; ask what brings them here."


def _listed(names: Sequence[str]) -> str:
    """Return names as a sentence has them.

    >>> _listed(["budget", "need", "timing"]), _listed(["need"])
    ('budget, need and timing', 'need')
    """
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
