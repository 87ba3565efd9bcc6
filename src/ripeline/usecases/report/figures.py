"""How good the learned points are, against the others."""

from collections.abc import Mapping
from typing import Any

from ripeline.usecases.report.bars import axis_below, dot_on
from ripeline.usecases.report.frame import as_table, grid, section, sign
from ripeline.usecases.report.markup import Html, joined, p, said, tag
from ripeline.usecases.report.numbers import SURE, number
from ripeline.usecases.report.scale import Scale, scale_of
from ripeline.usecases.report.words import FIGURES, JUDGED, WHO, Meaning, enumerated, pairs

Record = Mapping[str, Any]

_PARTS = 3


def figures(record: Record) -> Html:
    """Return the section."""
    every = record["evaluation"]
    drawn = [_figure(name, meaning, every) for name, meaning in FIGURES.items() if name in every["card"]]
    note = p(
        f"The dot is the figure; the line through it shows between which two it lies, at {SURE}. Dashed: everybody's "
        "chance, the same for all leads.",
        "small words",
    )
    lead = said(f"{_best(every)} Judged {JUDGED[record['split']['kind']]}.")
    table = as_table("The figures with their intervals", _table(every))
    return section("How good they are", lead, note, tag("div", *drawn, class_="pair"), table)


def right_order(every: Record) -> str:
    """Return in words in how many of 100 pairs of a won lead and another each method has the right order."""
    if "auc" not in every["card"]:
        return "Their chances are clearly better than giving every lead the same."
    others = [who for who in WHO if who not in {"card", "constant"} and who in every]
    told = ", ".join([*(f"{WHO[who]} in {pairs(every[who]['auc'])}" for who in others), "a coin would in 50"])
    return (
        f"Of a lead that was won and one that was not, the learned points put the right one first in "
        f"{pairs(every['card']['auc'])} of 100 pairs; {told}."
    )


def _best(every: Record) -> str:
    """Return who is best in which figures; of equal ones the learned points."""
    best: dict[str, list[str]] = {}
    for name, meaning in FIGURES.items():
        values = {who: every[who][name]["value"] for who in WHO if name in every.get(who, {})}
        if values:
            wanted = max if meaning.more_is_better else min
            best.setdefault(wanted(values, key=lambda who: values[who]), []).append(meaning.name)
    return " ".join(f"Best in {enumerated(names)}: {WHO[who]}." for who, names in best.items())


def _figure(name: str, meaning: Meaning, every: Record) -> Html:
    there = {who: every[who][name] for who in WHO if name in every.get(who, {})}
    scale = scale_of((one[end] for one in there.values() for end in ("value", "low", "high")), _PARTS)
    base = there["constant"]["value"] if "constant" in there else None
    rows = (_row(who, one, scale, base, meaning) for who, one in there.items())
    ticks = tag("tr", tag("td"), tag("td", axis_below(scale)), tag("td"))
    better = sign("more is better →" if meaning.more_is_better else "← less is better", "plain")
    head = tag("h3", joined([said(meaning.called), better], " "))
    return tag("div", head, p(meaning.told, "small"), tag("table", tag("tbody", *rows, ticks), class_="grid who"))


def _row(who: str, one: Record, scale: Scale, base: float | None, meaning: Meaning) -> Html:
    kind = "own" if who == "card" else "other"
    return tag(
        "tr",
        tag("th", said(WHO[who]), scope="row"),
        tag("td", dot_on(one["value"], (one["low"], one["high"]), scale, kind, base)),
        tag("td", said(number(one["value"], meaning.decimals) + meaning.unit), class_="number"),
        class_=kind,
    )


def _table(every: Record) -> Html:
    names = [name for name in FIGURES if name in every["card"]]
    rows = (
        [said(WHO[who]), *(said(_whole(every[who].get(name), FIGURES[name])) for name in names)]
        for who in WHO
        if who in every
    )
    return grid(["", *(FIGURES[name].name for name in names)], rows)


def _whole(one: Record | None, meaning: Meaning) -> str:
    if one is None:
        return "not known"
    value, low, high = (number(one[key], meaning.decimals) for key in ("value", "low", "high"))
    return f"{value} ({low} to {high})"


def own_is_better(evaluation: Record) -> bool:
    """Say whether the company's own points foretold better than the learned ones, by log loss and by AUC."""
    own, card = evaluation.get("rule_score"), evaluation.get("card")
    if not own or not card or "auc" not in own or "auc" not in card:
        return False
    worse_loss = card["log_loss"]["value"] > own["log_loss"]["value"]
    return bool(worse_loss and card["auc"]["value"] < own["auc"]["value"])
