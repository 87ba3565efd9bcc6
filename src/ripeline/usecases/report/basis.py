"""What was learned from, and how it was judged."""

from collections.abc import Mapping
from typing import Any

from ripeline.learning.enough import CLEAR
from ripeline.usecases.report.frame import facts, section
from ripeline.usecases.report.markup import Html, called, joined, said
from ripeline.usecases.report.numbers import counted, percent
from ripeline.usecases.report.words import JUDGED, clear, drawn, looks, minute, moments, within

Record = Mapping[str, Any]


def basis(record: Record) -> Html:
    """Return the section."""
    data, asked = record["data"], record["asked"]
    lines = {
        "Leads": said(_leads(record)),
        **({"Won": said(_won(record))} if data["snapshots"] else {}),
        **_dates(data),
        "Known by": said(minute(asked["as_of"])),
        **_judged(record),
        **_asked(asked),
        "Compared with": called(record["compared_with"]),
    }
    lead = said(f"{data['leads_looked_at']:,} of {counted(data['leads'], 'known lead')} could be learned from.")
    return section("What it was learned from", lead, facts(lines))


def _leads(record: Record) -> str:
    data, when = record["data"], moments(record["asked"]["score_at"])
    leads = counted(data["leads_looked_at"], "lead")
    if not data["snapshots"]:
        return f"{leads}: nobody could be looked at before an outcome."
    if looks(data) == "lead":
        return f"{leads}, looked at once, {when}.{drawn(data)}"
    each = "each a lead as it was known at that moment, and nothing later"
    return f"{leads}, looked at {when}: {counted(data['snapshots'], 'snapshot')}, {each}.{drawn(data)}"


def _won(record: Record) -> str:
    data, asked = record["data"], record["asked"]
    many = f"{counted(data['won'], looks(data))} ({percent(data['won'] / data['snapshots'])})"
    again = " A lead can be won again." if asked["repeat"] else ""
    if asked["win_within_days"] is None and looks(data) == "lead":
        return f"{many} won, {data['not_won']:,} not.{again}"
    return f"{many} followed by a win{within(asked)}, {data['not_won']:,} not.{again}"


def _dates(data: Record) -> dict[str, Html]:
    if data["from"] is not None:
        return {"Looked at": said(f"from {data['from']} to {data['to']}")}
    if data["snapshots"]:
        return {"Time": said("Outcomes have no times, so nothing tells what was known before them.")}
    return {}


def _judged(record: Record) -> dict[str, Html]:
    if record["split"] is None:
        return {}
    how_clear = f"{clear(record['gain'])}, on leads that were left out; at least {CLEAR:g} better are needed."
    return {"Judged": said(_split(record)), "How clear": said(how_clear)}


def _split(record: Record) -> str:
    split = record["split"]
    told = JUDGED[split["kind"]]
    begin = told[:1].upper() + told[1:]
    if split["kind"] == "folds":
        return f"{begin}."
    since = f" from {split['judged_from'][:10]} on" if split["judged_from"] else ""
    proposed = ", those proposed in all of them" if record["rules"] else ""
    return (
        f"{begin}: {counted(split['judged'], looks(record['data']))}{since}. The rules that were judged were found in "
        f"{split['learned']:,} others{proposed}."
    )


def _asked(asked: Record) -> dict[str, Html]:
    told = {}
    if asked["capacity_per_week"] is not None:
        told["Sales can answer"] = said(f"{counted(asked['capacity_per_week'], 'lead')} a week")
    for name, names in (("Left out as asked", asked["ignored"]), ("Used as asked", asked["kept"])):
        if names:
            told[name] = joined(map(called, names), ", ")
    return told
