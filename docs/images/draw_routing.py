"""Draw docs/images/routing.svg: the path of a lead to its owner."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

WIDTH, STEP = 860, 104
LEFT, ASK_WIDTH, RIGHT, TO_WIDTH, HEIGHT = 30, 410, 580, 250, 62
INK, SOFT, LINE, OWNER, NOBODY = "#1b2733", "#5a6b7b", "#8a99a8", "#e3f2e6", "#fbe9e4"

STEPS = (
    ("Did somebody have this lead before?", "and can take it *", "yes", "Goes back to them", OWNER),
    ("Does somebody have others of its company?", "and can take it *", "yes", "Goes to them", OWNER),
    ("Which route fits?", "the first whose condition is true", "none", "No owner, and why", NOBODY),
    ("Who of its team can take it? *", "each with what keeps them from it", "nobody", "No owner, and why", NOBODY),
    ("Did it raise a hand?", "then only those at work now, if there are any", "", "", ""),
    ("Whose turn is it?", "by weight; of equals, who waited for longest", "", "Goes to them", OWNER),
)
ONWARD = ("no", "no", "its team", "some of them", "those who take part")
NOTE = "* did not let it lapse, has room for this working day, is not absent when work goes on"


def main() -> None:
    """Write the picture."""
    height = 30 + STEP * len(STEPS) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" font-family="sans-serif">',
        "<title>The path of a lead to its owner</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">',
        f'<path d="M0 0 8 4 0 8z" fill="{LINE}"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="#ffffff"/>',
        *(part for number in range(len(STEPS)) for part in _step(number)),
        _text(LEFT, height - 20, NOTE, SOFT, 13, "start"),
        "</svg>\n",
    ]
    Path(__file__).with_name("routing.svg").write_text("\n".join(parts), encoding="utf-8")


def _step(number: int) -> Iterator[str]:
    question, beside, answer, then, colour = STEPS[number]
    top, middle = 30 + STEP * number, 30 + STEP * number + HEIGHT // 2
    yield _box(LEFT, top, ASK_WIDTH, question, beside, "#eef3f8")
    if then:
        yield _arrow(LEFT + ASK_WIDTH, middle, RIGHT, middle)
        yield _text((LEFT + ASK_WIDTH + RIGHT) // 2, middle - 8, answer, SOFT, 13)
        yield _box(RIGHT, top, TO_WIDTH, then, "", colour)
    if number + 1 < len(STEPS):
        x = LEFT + ASK_WIDTH // 2
        yield _arrow(x, top + HEIGHT, x, top + STEP)
        yield _text(x + 10, top + HEIGHT + 27, ONWARD[number], SOFT, 13, "start")


def _box(x: int, y: int, width: int, text: str, beside: str, fill: str) -> str:
    middle = y + HEIGHT // 2 + (5 if not beside else -4)
    lines = [_text(x + width // 2, middle, text, INK, 15)]
    if beside:
        lines.append(_text(x + width // 2, middle + 20, beside, SOFT, 13))
    box = f'<rect x="{x}" y="{y}" width="{width}" height="{HEIGHT}" rx="8" fill="{fill}" stroke="{LINE}"/>'
    return "\n".join([box, *lines])


def _arrow(x: int, y: int, to_x: int, to_y: int) -> str:
    return f'<path d="M{x} {y}L{to_x} {to_y}" stroke="{LINE}" stroke-width="1.5" marker-end="url(#tip)"/>'


def _text(x: int, y: int, text: str, colour: str, size: int, anchor: str = "middle") -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}" font-size="{size}" text-anchor="{anchor}">{escape(text)}</text>'


if __name__ == "__main__":
    main()
