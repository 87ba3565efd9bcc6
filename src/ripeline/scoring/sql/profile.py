"""The profile in SQL: every subject's traits at the moment, derived ones looked up."""

from collections.abc import Iterator

from ripeline.scoring.profile import COUNTRY_RAW, UNDATED
from ripeline.scoring.sql.frame import LOOKED_UP_ONLY, LOOKUP_TWINS, SOURCES, TRUSTED, Frame

DOMAIN = "email:domain"
"""The host of an e-mail address, split off when the trait was written."""


def profile_steps(frame: Frame) -> Iterator[tuple[str, str]]:
    """Yield the steps (name, SELECT) that end in `profile`: one row for every subject."""
    for view in _views(frame):
        table = _table(view)
        yield f"{table}_again", _stated_again(frame, view)
        yield table, _stated(frame, view)
    yield "profile", _profile(frame)


def _views(frame: Frame) -> list[str]:
    """The profile as everyone states it, and as trusted statements alone do where that may differ."""
    return ["", TRUSTED] if frame.plan.trusted_traits and not frame.facts.all_trusted else [""]


def _traits_of(frame: Frame, view: str) -> tuple[str, ...]:
    return frame.plan.trusted_traits if view else frame.plan.traits


def _table(view: str) -> str:
    return "stated_trusted" if view else "stated"


def _stated_keys(frame: Frame, view: str) -> list[str]:
    """The raw traits that a view's traits need, and derived ones that may have been given."""
    keys: list[str] = []
    for trait in _traits_of(frame, view):
        own = [] if trait in {COUNTRY_RAW, "email_kind"} else [trait]
        sources = ("country",) if trait == COUNTRY_RAW else SOURCES.get(trait, ())
        keys.extend([*own, *sources])
    return [key for key in dict.fromkeys(keys) if frame.stated_twins(key)]


def _stated_again(frame: Frame, view: str) -> str:
    """Subjects with several statements. Most have one, and then nothing has to be compared."""
    return f"SELECT subject FROM ({_statements(frame, view, [])}) GROUP BY subject HAVING count(*) > 1"


def _stated(frame: Frame, view: str) -> str:
    """What each subject's statements come to: the one there is, or the last of several, trait by trait."""
    keys = _stated_keys(frame, view)
    names = [frame.dialect.name_of(key) for key in keys]
    once = [f"{_record(frame, key)} AS {name}" for key, name in zip(keys, names, strict=True)]
    latest = [f"{_latest(frame, key)} AS {name}" for key, name in zip(keys, names, strict=True)]
    among = f"subject IN (SELECT subject FROM {_table(view)}_again)"
    single = _statements(frame, view, ["t.*"])
    several = _statements(frame, view, ["t.*", f"{_rank(frame)} AS rank"])
    return (
        f"SELECT {', '.join([frame.keys, *once])} FROM ({single}) WHERE NOT {among} UNION ALL "
        f"SELECT {', '.join([frame.keys, *latest])} FROM ({several}) WHERE {among} GROUP BY {frame.keys}"
    )


def _statements(frame: Frame, view: str, columns: list[str]) -> str:
    trusted = " AND t.trusted" if view else ""
    selected = ", ".join([frame.subject("t"), *columns])
    return f"SELECT {selected} {frame.of('traits', 't', 't.ts')}{trusted}"


def _rank(frame: Frame) -> str:
    """One wide number by which statements are ordered: trusted, time, sequence."""
    trusted = "" if frame.facts.all_trusted else f"CASE WHEN t.trusted THEN {2**121} ELSE 0 END + "
    wide = frame.dialect.wide
    return f"{trusted}CAST(t.ts - ({UNDATED}) AS {wide}) * {2**40} + t.seq"


def _latest(frame: Frame, key: str) -> str:
    """The last statement of a trait: one that says nothing is passed over, one that unsets is not."""
    return frame.dialect.latest.format(value=_record(frame, key), key="rank")


def _record(frame: Frame, key: str) -> str:
    """What one statement says of a trait, NULL where it says nothing."""
    dialect, columns = frame.dialect, _columns_of(frame, key)
    names = [dialect.name_of(f"{key}:{column}") for column in columns]
    if len(names) == 1:
        return names[0]
    fields = ", ".join(f"{column}_ := {name}" for column, name in zip(columns, names, strict=True))
    said = " OR ".join(f"{name} IS NOT NULL" for name in names)
    return f"CASE WHEN {said} THEN {dialect.record.format(fields=fields)} END"


def _columns_of(frame: Frame, key: str) -> list[str]:
    extra = ["domain"] if key == "email" else []
    return [
        column
        for column in (*frame.stated_twins(key), *extra, "unset")
        if f"{key}:{column}" in frame.facts.trait_columns
    ]


def _value(frame: Frame, table: str, key: str, column: str) -> str | None:
    """One column of a stated trait, as `stated` carries it."""
    columns, held = _columns_of(frame, key), f"{table}.{frame.dialect.name_of(key)}"
    if column not in columns:
        return None
    return held if len(columns) == 1 else frame.dialect.part.format(record=held, field=f"{column}_")


def _profile(frame: Frame) -> str:
    own = "s.subject, s.today" if frame.moment.each else "s.subject"
    columns, joins = [own], []
    for view in _views(frame):
        table = _table(view)
        joins.append(f"LEFT JOIN {table} ON {table}.subject = s.subject")
        for trait in _traits_of(frame, view):
            columns.extend(_trait(frame, view, table, trait))
            joins.extend(_lookup_join(frame, view, table, trait))
    return f"SELECT {', '.join(columns)} FROM subjects s {' '.join(joins)}"


def _trait(frame: Frame, view: str, table: str, trait: str) -> Iterator[str]:
    for twin in frame.trait_twins(trait):
        name = frame.dialect.name_of(f"{view}{trait}:{twin}")
        if not frame.is_derived(trait):
            yield f"{_value(frame, table, 'country' if trait == COUNTRY_RAW else trait, twin)} AS {name}"
        else:
            yield f"{_derived(frame, view, table, trait, twin)} AS {name}"


def _derived(frame: Frame, view: str, table: str, trait: str, twin: str) -> str:
    """The looked-up value; the given one where the raw trait is unknown."""
    looked = f"{_lookup_name(view, trait)}.{twin}_" if twin in LOOKUP_TWINS else "NULL"
    if trait in LOOKED_UP_ONLY:
        return looked
    given = _value(frame, table, trait, twin)
    if given is None:
        return looked
    return f"CASE WHEN {_known(frame, table, SOURCES[trait][0])} THEN {looked} ELSE {given} END"


def _known(frame: Frame, table: str, key: str) -> str:
    twins = [_value(frame, table, key, twin) for twin in frame.stated_twins(key)]
    return "(" + (" OR ".join(f"{twin} IS NOT NULL" for twin in twins) or "FALSE") + ")"


def _lookup_name(view: str, trait: str) -> str:
    return f"looked_{'trusted_' if view else ''}{trait}"


def _lookup_join(frame: Frame, view: str, table: str, trait: str) -> Iterator[str]:
    if frame.is_derived(trait):
        alias, key = _lookup_name(view, trait), _lookup_key(frame, table, trait)
        yield f"LEFT JOIN lookup_{trait} {alias} ON {alias}.raw = {key}"


def _lookup_key(frame: Frame, table: str, trait: str) -> str:
    """The text that a derived trait is looked up by."""
    if trait in {"email_domain", "email_kind"}:
        domain = _value(frame, table, "email", "domain") or "NULL"
        given = _value(frame, table, "email_domain", "text")
        if trait == "email_domain" or given is None:
            return domain
        return f"CASE WHEN {_known(frame, table, 'email')} THEN {domain} ELSE {given} END"
    key = SOURCES[trait][0]
    text, number = _value(frame, table, key, "text"), _value(frame, table, key, "number")
    if trait != "company_size_band" or number is None:
        return text or "NULL"
    whole = f"CAST(CASE WHEN {number} >= 0 THEN {frame.dialect.div(number, 1_000_000)} END AS VARCHAR)"
    return whole if text is None else f"coalesce({text}, {whole})"
