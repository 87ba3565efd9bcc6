"""A simulation as a reader sees it: how it goes, and what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.live import Live
from rich.text import Text

from ripeline.entry.cli.options import err
from ripeline.entry.simulator.sender import Sender
from ripeline.entry.simulator.tally import Outcome, quantiles_ms


@contextmanager
def shown_meanwhile(sender: Sender) -> Iterator[Callable[[], None] | None]:
    """Hand out what renews the line on the terminal that says how it goes; None where there is no terminal."""
    if not err.is_terminal:
        yield None
        return
    with Live(console=err, transient=True, auto_refresh=False) as line:
        yield lambda: line.update(Text(_so_far(sender)), refresh=True)


def _so_far(sender: Sender) -> str:
    tally, (p50, p99) = sender.tally, quantiles_ms(sender.tally.recent_s)
    return (
        f"{tally.sent:,} sent ({tally.sent / sender.elapsed_s:,.0f}/s), "
        f"{tally.outcomes[Outcome.ACKNOWLEDGED]:,} acknowledged, {tally.outcomes[Outcome.REFUSED]:,} refused; "
        f"p50 {_ms(p50)}, p99 {_ms(p99)}"
    )


def _ms(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:,.1f} ms"


def summary(record: dict[str, Any]) -> str:
    """Return what came of it as sentences, and how to send the same again."""
    waits = record["acknowledged_after_ms"]
    took = ", ".join(f"{_ms(waits[name])} ({name})" for name in ("p50", "p99", "max"))
    beside = f"{record['copies']:,} copies and {record['broken']:,} broken ones among them"
    lines = [
        f"{record['sent']:,} messages in {record['lasted_s']:,.1f} s ({record['sent_per_s']:,.0f}/s), {beside}.",
        f"{record['acknowledged']:,} acknowledged, {record['refused']:,} refused, {record['unanswered']:,} unanswered.",
        f"Acknowledged after {took}, counted from when a request was due.",
        f"{record['requests']:,} requests, {record['repeated']:,} of them sent again; last position {record['position']:,}.",
        f"The same messages again: --run {record['run']} --seed {record['seed']} --start {record['start']}",
    ]
    return "\n".join(lines)
