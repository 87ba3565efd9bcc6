"""One lead by two definitions, line by line: what each gives, and what that comes to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ripeline.usecases.explain import Explanation, label_of
from ripeline.vocabulary.points import shown_parts, shown_total, tenths_text
from ripeline.vocabulary.scores import Score


@dataclass(frozen=True, slots=True)
class LineBeside:
    """A line of a score. before, after: its points as they are shown, None where a definition has no such line."""

    label: str
    before: str | None
    after: str | None
    moved: str


@dataclass(frozen=True, slots=True)
class PartBeside:
    """Fit or engagement. lines: those that differ; moved: their sum, with its sign, "" for nothing."""

    before: str
    after: str
    levels: tuple[str, str]
    moved: str
    lines: tuple[LineBeside, ...]


def beside(before: Explanation, after: Explanation, part: str) -> PartBeside:
    """Return a part of a lead's score by two definitions. part: fit or engagement."""
    old, new = (shown_total(_score(one, part).micro) for one in (before, after))
    levels = (_score(before, part).level, _score(after, part).level)
    return PartBeside(tenths_text(old), tenths_text(new), levels, _moved(new - old), tuple(_lines(before, after, part)))


def _lines(before: Explanation, after: Explanation, part: str) -> Iterator[LineBeside]:
    old, new = (_shown(one, part) for one in (before, after))
    labels = _labels(before, part) | _labels(after, part)
    for name in dict.fromkeys((*new, *old)):
        was, now = old.get(name), new.get(name)
        if was != now:
            moved = (0 if now is None else now) - (0 if was is None else was)
            yield LineBeside(labels[name].strip(), _told(was), _told(now), _moved(moved))


def _shown(one: Explanation, part: str) -> Mapping[str, int]:
    lines = _score(one, part).contributions
    return dict(zip([line.name for line in lines], shown_parts([line.micro for line in lines]), strict=True))


def _labels(one: Explanation, part: str) -> dict[str, str]:
    return {line.name: label_of(one, part, line) for line in _score(one, part).contributions}


def _score(one: Explanation, part: str) -> Score:
    return one.score.fit if part == "fit" else one.score.engagement


def _told(tenths: int | None) -> str | None:
    return None if tenths is None else tenths_text(tenths)


def _moved(tenths: int) -> str:
    return f"{'+' if tenths > 0 else ''}{tenths_text(tenths)}" if tenths else ""
