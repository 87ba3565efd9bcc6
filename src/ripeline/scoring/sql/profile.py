"""The profile in SQL: every subject's traits at the moment, derived ones looked up."""

from collections.abc import Iterator
from dataclasses import replace

from ripeline.scoring.profile import COUNTRY_RAW, UNDATED
from ripeline.scoring.sql.frame import LOOKED_UP_ONLY, LOOKUPS, SOURCES, TRUSTED, Frame
from ripeline.vocabulary.derived import USUAL_KIND
from ripeline.vocabulary.phones import PHONE_TRAITS


def profile_steps(frame: Frame) -> Iterator[tuple[str, str]]:
    """Yield the steps (name, SELECT) that end in `profile`: one row for every subject."""
    yield "stated_again", _stated_again(frame)
    yield "stated", _stated(frame)
    yield "profile", _profile(frame)


def phones_asked(frame: Frame) -> str | None:
    """Return SQL of the stated telephone numbers, each with its person's country: raw, country, which is '' if unknown.

    It reads lookup_country. None where no number was ever stated as a text.
    """
    if "text" not in frame.stated_twins("phone"):
        return None
    read = ("phone", "country")
    trusted = () if set(PHONE_TRAITS).isdisjoint(frame.plan.trusted_traits) else read
    asked = replace(frame, plan=replace(frame.plan, traits=read, trusted_traits=trusted))
    steps = ", ".join(f"{name} AS ({select})" for name, select in profile_steps(asked))
    return f"WITH {steps} " + " UNION ".join(_phones_of(asked, view) for view in _views(asked))


def _phones_of(frame: Frame, view: str) -> str:
    raw, country = (frame.dialect.name_of(f"{view}{key}:text") for key in ("phone", "country"))
    where = f"coalesce({country}, '')" if "text" in frame.trait_twins("country") else "''"
    return f"SELECT DISTINCT {raw} AS raw, {where} AS country FROM profile WHERE {raw} IS NOT NULL"


def _views(frame: Frame) -> list[str]:
    """The profile as everyone states it, and as trusted statements alone do where that may differ.

    A view is the prefix of its columns.
    """
    return ["", TRUSTED] if frame.plan.trusted_traits and "traits" in frame.facts.untrusted else [""]


def _traits_of(frame: Frame, view: str) -> tuple[str, ...]:
    return frame.plan.trusted_traits if view else frame.plan.traits


def _stated_keys(frame: Frame, view: str) -> list[str]:
    """The raw traits that a view's traits need, and derived ones that may have been given."""
    keys: list[str] = []
    for trait in _traits_of(frame, view):
        own = [] if trait in {COUNTRY_RAW, "email_kind"} else [trait]
        sources = ("country",) if trait == COUNTRY_RAW else SOURCES.get(trait, ())
        keys.extend([*own, *sources])
    return [key for key in dict.fromkeys(keys) if frame.stated_twins(key)]


# What was stated: one row a subject, one column for every twin of a key in a view


def _stated_again(frame: Frame) -> str:
    """Subjects with several statements. Most have one, and then nothing has to be compared."""
    return f"SELECT subject FROM ({_statements(frame, [])}) GROUP BY subject HAVING count(*) > 1"


def _stated(frame: Frame) -> str:
    """What each subject's statements come to: the one there is, or the last of several, key by key."""
    kept = [(view, key) for view in _views(frame) for key in _stated_keys(frame, view)]
    once = [column for view, key in kept for column in _only_one(frame, view, key)]
    latest = [_latest(frame, view, key) for view, key in kept]
    parts = [column for view, key in kept for column in _parts(frame, view, key)]
    among = "subject IN (SELECT subject FROM stated_again)"
    several = (
        f"SELECT {', '.join([frame.keys, *latest])} FROM ({_statements(frame, ['t.*', _rank(frame)])}) "
        f"WHERE {among} GROUP BY {frame.keys}"
    )
    return (
        f"SELECT {', '.join([frame.keys, *once])} FROM ({_statements(frame, ['t.*'])}) WHERE NOT {among} "
        f"UNION ALL SELECT {', '.join([frame.keys, *parts])} FROM ({several})"
    )


def _statements(frame: Frame, columns: list[str]) -> str:
    return f"SELECT {', '.join([frame.subject('traits'), *columns])} {frame.of('traits')}"


def _rank(frame: Frame) -> str:
    """One wide number by which statements are ordered: trusted, time, sequence."""
    first = f"CASE WHEN t.trusted THEN {2**121} ELSE 0 END + " if "traits" in frame.facts.untrusted else ""
    return f"{first}CAST(t.ts - ({UNDATED}) AS {frame.dialect.wide}) * {2**40} + t.seq AS rank"


def _only_one(frame: Frame, view: str, key: str) -> Iterator[str]:
    for column in _columns_of(frame, key):
        name = frame.dialect.name_of(f"{key}:{column}")
        value = f"CASE WHEN trusted THEN {name} END" if view else name
        yield f"{value} AS {frame.dialect.name_of(f'{view}{key}:{column}')}"


def _latest(frame: Frame, view: str, key: str) -> str:
    """The last statement of a trait: one that says nothing is passed over, one that unsets is not."""
    last = frame.dialect.latest.format(value=_record(frame, key), key="rank")
    return f"{last}{' FILTER (WHERE trusted)' if view else ''} AS {frame.dialect.name_of(view + key)}"


def _record(frame: Frame, key: str) -> str:
    """What one statement says of a trait as one value, NULL where it says nothing."""
    columns = _columns_of(frame, key)
    names = [frame.dialect.name_of(f"{key}:{column}") for column in columns]
    if len(names) == 1:
        return names[0]
    fields = ", ".join(f"{column}_ := {name}" for column, name in zip(columns, names, strict=True))
    said = " OR ".join(f"{name} IS NOT NULL" for name in names)
    return f"CASE WHEN {said} THEN {frame.dialect.record.format(fields=fields)} END"


def _parts(frame: Frame, view: str, key: str) -> Iterator[str]:
    columns, held = _columns_of(frame, key), frame.dialect.name_of(view + key)
    for column in columns:
        part = held if len(columns) == 1 else frame.dialect.part.format(record=held, field=f"{column}_")
        yield f"{part} AS {frame.dialect.name_of(f'{view}{key}:{column}')}"


def _columns_of(frame: Frame, key: str) -> list[str]:
    extra = ["domain"] if key == "email" else []
    return [
        column
        for column in (*frame.stated_twins(key), *extra, "unset")
        if f"{key}:{column}" in frame.facts.trait_columns
    ]


# The profile: derived traits beside the stated ones


def _profile(frame: Frame) -> str:
    own = "s.subject, s.today" if frame.moment.each else "s.subject"
    columns, joins = [own], list[str]()
    for view in _views(frame):
        for trait in _traits_of(frame, view):
            columns.extend(_trait(frame, view, trait))
            joins.extend(join for join in _lookup_join(frame, view, trait) if join not in joins)
    return f"SELECT {', '.join(columns)} FROM subjects s LEFT JOIN stated t ON t.subject = s.subject {' '.join(joins)}"


def _value(frame: Frame, view: str, key: str, column: str) -> str | None:
    """One column of a stated trait."""
    if column not in _columns_of(frame, key):
        return None
    return f"t.{frame.dialect.name_of(f'{view}{key}:{column}')}"


def _trait(frame: Frame, view: str, trait: str) -> Iterator[str]:
    for twin in frame.trait_twins(trait):
        name = frame.dialect.name_of(f"{view}{trait}:{twin}")
        yield f"{_twin(frame, view, trait, twin)} AS {name}"


def _twin(frame: Frame, view: str, trait: str, twin: str) -> str:
    """The looked-up value; the given one where the raw trait is unknown."""
    if trait == COUNTRY_RAW:
        return _value(frame, view, "country", twin) or "NULL"
    given = None if trait in LOOKED_UP_ONLY else _value(frame, view, trait, twin)
    if not frame.derived_twins(trait):
        return given or "NULL"
    looked = _looked_up(frame, view, trait, twin)
    if given is None:
        return looked
    # A given one gives way to the number, not to the country that the number is read by.
    sources = SOURCES[trait][:1] if trait in PHONE_TRAITS else SOURCES[trait]
    known = " OR ".join(_known(frame, view, source) for source in sources)
    return f"CASE WHEN {known} THEN {looked} ELSE {given} END"


def _looked_up(frame: Frame, view: str, trait: str, twin: str) -> str:
    """The twin that the lookup has; it holds neither plain domains nor those of the usual kind."""
    if twin not in frame.derived_twins(trait):
        return "NULL"
    found = f"{_lookup_name(view, trait)}.{frame.dialect.name_of(f'{trait}:{twin}')}"
    key = _lookup_key(frame, view, trait)
    if trait == "email_kind":
        return f"CASE WHEN {key} IS NOT NULL THEN coalesce({found}, {frame.dialect.text(USUAL_KIND)}) END"
    return key if trait == "email_domain" and twin == "text" else found


def _known(frame: Frame, view: str, key: str) -> str:
    twins = [_value(frame, view, key, twin) for twin in frame.stated_twins(key)]
    return "(" + (" OR ".join(f"{twin} IS NOT NULL" for twin in twins) or "FALSE") + ")"


def _lookup_name(view: str, trait: str) -> str:
    return f"looked_{'trusted_' if view else ''}{LOOKUPS.get(trait, trait)}"


def _lookup_join(frame: Frame, view: str, trait: str) -> Iterator[str]:
    if frame.derived_twins(trait):
        alias, key, where = _lookup_name(view, trait), _lookup_key(frame, view, trait), ""
        if trait in PHONE_TRAITS:
            yield from _lookup_join(frame, view, "country")
            where = f" AND {alias}.country = coalesce({_twin(frame, view, 'country', 'text')}, '')"
        yield f"LEFT JOIN lookup_{LOOKUPS.get(trait, trait)} {alias} ON {alias}.raw = {key}{where}"


def _lookup_key(frame: Frame, view: str, trait: str) -> str:
    """The text that a derived trait is looked up by."""
    if trait in {"email_domain", "email_kind", "company_domain"}:
        domain = _value(frame, view, "email", "domain") or "NULL"
        given = _value(frame, view, "email_domain", "text")
        if trait == "email_domain" or given is None:
            return domain
        return f"CASE WHEN {_known(frame, view, 'email')} THEN {domain} ELSE {given} END"
    key = SOURCES[trait][0]
    text, number = _value(frame, view, key, "text"), _value(frame, view, key, "number")
    if trait != "company_size_band" or number is None:
        return text or "NULL"
    whole = f"CAST(CASE WHEN {number} >= 0 THEN {frame.dialect.div(number, 1_000_000)} END AS VARCHAR)"
    return whole if text is None else f"coalesce({text}, {whole})"
