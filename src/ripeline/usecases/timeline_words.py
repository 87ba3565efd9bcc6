"""An entry of a timeline in words."""

from typing import Any

SHOWN = 100
"""Letters of one value that there is room for."""

MOST_SHOWN = 6
"""Fields of one act that there is room for; browsers tell dozens."""

Record = dict[str, Any]


def entry_text(entry: Record) -> tuple[str, str]:
    """Return what an entry of `timeline_record` is, and what was told beside it."""
    match entry["kind"]:
        case "event":
            return _act(entry), _fields(entry["fields"])
        case "set_aside":
            return _act(entry), f"set aside: {entry['reason']}"
        case "traits":
            return "facts", _fields(entry["traits"])
        case "link":
            return f"{entry['link']} with {name_text(entry['other'])}", ""
        case "account":
            return f"belongs to {entry['account']}", ""
        case "disposition":
            return f"{entry['answer']} by {entry['by']}", str(entry["reason"])
        case _:
            return str(entry["outcome"]), ""


def name_text(identifier: dict[str, str]) -> str:
    """Return an identifier behind its kind."""
    return f"{identifier['kind']} {identifier['value']}"


def _act(entry: dict[str, Any]) -> str:
    named = entry["name"] or ""
    return named if entry["type"] == "track" else f"{entry['type']} {named}".strip()


def _fields(fields: dict[str, Any]) -> str:
    """Return the first fields, what was told of an act before what its client adds, and how many more there are."""
    told = sorted(fields.items(), key=lambda field: field[0].startswith("context."))
    shown = [(key.removeprefix("properties.").removeprefix("context."), value) for key, value in told[:MOST_SHOWN]]
    more = [f"and {len(told) - MOST_SHOWN:,} more"] if len(told) > MOST_SHOWN else []
    return ", ".join([*(f"{key}: {_value(value)}" for key, value in shown), *more])


def _value(value: object) -> str:
    if value is None:
        return "unset"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
