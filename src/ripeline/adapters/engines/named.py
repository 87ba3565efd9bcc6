"""Leads of whom a text was ever stated in some traits: one pass over these columns alone."""

from collections.abc import Collection, Sequence

from ripeline.adapters.columnar.columns import quoted
from ripeline.adapters.columnar.store import Store
from ripeline.adapters.engines.kin import identifiers_of, links_around
from ripeline.vocabulary.columns import REST


def leads_named(
    store: Store, text: str, keys: Collection[str], pairs: Collection[tuple[str, str]], at_us: int, most: int
) -> Sequence[str]:
    """Return the identifiers that so many such leads are shown by at most, without regard to case.

    pairs: traits that are read as one text, such as first and last names. What was stated later may say otherwise.
    """
    known = store.columns["traits"]
    columns = {
        key: quoted(f"{key}:text")
        for key in (*keys, *(one for pair in pairs for one in pair))
        if f"{key}:text" in known
    }
    read = list(columns.values())
    read += [
        f"concat_ws(' ', {', '.join(columns[one] for one in pair)})" for pair in pairs if set(pair) <= columns.keys()
    ]
    read += [REST] if REST in known else []
    if not read:
        return []
    where = " OR ".join(f"contains(lower({one}), $text)" for one in read)
    query = f"SELECT DISTINCT who FROM traits WHERE ts <= {at_us} AND ({where}) LIMIT {most}"
    found = {who for (who,) in store.con.execute(query, {"text": text.lower()}).fetchall()}
    if not found:
        return []
    whose = links_around(store, found).until(at_us)
    shown = identifiers_of(store, {whose.person(key) for key in found})
    return sorted(one.value for one in shown.values())
