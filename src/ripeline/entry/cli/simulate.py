"""`ripeline simulate`."""

import asyncio
import gc
import json
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from ipaddress import ip_address
from itertools import islice, takewhile
from pathlib import Path
from secrets import token_hex
from typing import Annotated, Any, TextIO

from cyclopts import Parameter
from rich.live import Live
from rich.text import Text

from ripeline.entry.bootstrap.traffic import Message, Pace, Play, Traffic, at_rate, at_speed
from ripeline.entry.cli.options import Format, err, now_us, out, print_json
from ripeline.entry.simulator.batches import Batch, batches
from ripeline.entry.simulator.connection import target_of
from ripeline.entry.simulator.sender import Sender
from ripeline.entry.simulator.tally import Outcome, quantiles_ms
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import Zone, instant_text
from ripeline.vocabulary.issues import InputError, UsageError

SHOWN_EVERY_S = 0.25
LARGEST_BATCH = 10_000
_RATE = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:/(s|m|h))?")
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(s|m|h)")
_UNITS_S = {"s": 1, "m": 60, "h": 3600}


def simulate(
    *,
    url: Annotated[str, Parameter(help="The server, such as http://127.0.0.1:8321.")],
    key: Annotated[str, Parameter(help="A web key: visitors' clients send with it.")],
    server_key: Annotated[
        str | None, Parameter(help="A server key: the mail program sends with it; without it there are no mails.")
    ] = None,
    rate: Annotated[str | None, Parameter(help="Messages a second, minute or hour: 50/s (default), 30/m.")] = None,
    speed: Annotated[
        float | None,
        Parameter(help="Instead of a rate: the story so many times as fast as life, 3600 for an hour a second."),
    ] = None,
    lasts: Annotated[str | None, Parameter(name="--for", help="How long: 30s, 5m, 1h. Default: until Ctrl-C.")] = None,
    events: Annotated[int | None, Parameter(help="Stop after so many messages.")] = None,
    batch: Annotated[int, Parameter(help="Most messages of one request.")] = 100,
    seed: Annotated[int, Parameter(help="Another number, another company.")] = 7,
    run: Annotated[
        str | None, Parameter(help="What message ids begin with; the same run again sends copies. Default: a new one.")
    ] = None,
    start: Annotated[str | None, Parameter(help="The instant at which it begins. Default: now.")] = None,
    connections: Annotated[int, Parameter(help="Most requests at once.")] = 32,
    faults: Annotated[bool, Parameter(negative="", help="Some messages are broken, one in two hundred.")] = False,
    log: Annotated[
        Path | None, Parameter(help="Write each message and what became of it to a file, as JSON Lines.")
    ] = None,
    anywhere: Annotated[
        bool, Parameter(negative="", help="Send to another machine than this one: it makes invented leads there.")
    ] = False,
    format: Format = "text",
) -> None:
    """Play the traffic of an invented company through the intake: visits, forms, downloads, requests, mails.

    Everybody in it is made up by a seeded program. The same seed, run and start send the same messages.
    """
    target = target_of(url)
    if not anywhere and not _is_here(target.host):
        raise InputError(f"{target.host} is not this machine; --anywhere sends invented leads there all the same")
    for name, number, most in (
        ("events", events, None),
        ("batch", batch, LARGEST_BATCH),
        ("connections", connections, 1_000),
    ):
        _must_be_within(name, number, most)
    start_us = now_us() if start is None else instant_of_text(start, Zone("UTC", ((-(2**62), 0),)))
    play = Play(run or token_hex(4), start_us, _pace(rate, speed), broken=faults)
    traffic = Traffic(seed=seed, mails=server_key is not None)
    gc.freeze()  # The story is never garbage: to look through it now and then would hold requests up.
    # Who chooses the start means it: without a time of sending no clock is set right.
    sent_us = now_us if start is None else _untold
    keys = {False: key, True: server_key or ""}
    with ExitStack() as open_:
        file = None if log is None else open_.enter_context(_opened(log))
        sender = Sender(target, keys, connections, sent_us, lambda *settled: _write(file, *settled))
        chosen = _chosen(traffic.messages(play), events, None if lasts is None else _seconds(lasts))
        asyncio.run(_played(sender, batches(chosen, batch)))
    record = {"url": url, "run": play.run, "seed": seed, "start": instant_text(start_us)}
    record |= sender.tally.record(sender.elapsed_s)
    if format == "json":
        print_json(record)
    else:
        out.print(_summary(record), highlight=False, soft_wrap=True)


def _untold() -> None:
    return None


def _is_here(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _must_be_within(name: str, number: int | None, most: int | None) -> None:
    if number is not None and (number < 1 or (most is not None and number > most)):
        raise UsageError(f"--{name} is {number:,}; it takes " + (f"1 to {most:,}" if most else "1 or more"))


def _pace(rate: str | None, speed: float | None) -> Pace:
    if rate is not None and speed is not None:
        raise UsageError("--rate and --speed do not go together")
    if speed is None:
        return at_rate(_per_second(rate or "50/s"))
    if not 0 < speed < float("inf"):
        raise UsageError(f"--speed is {speed:g}; it takes a number above 0, such as 3600")
    return at_speed(speed)


def _per_second(rate: str) -> float:
    found = _RATE.fullmatch(rate.strip())
    if found is None or float(found[1]) == 0:
        raise UsageError(f'--rate is "{rate}"; it takes a number above 0 and a unit, such as 50/s or 30/m')
    return float(found[1]) / _UNITS_S[found[2] or "s"]


def _seconds(lasts: str) -> float:
    found = _DURATION.fullmatch(lasts.strip())
    if found is None or float(found[1]) == 0:
        raise UsageError(f'--for is "{lasts}"; it takes a number above 0 and a unit, such as 30s, 5m or 1h')
    return float(found[1]) * _UNITS_S[found[2]]


def _chosen(messages: Iterator[Message], events: int | None, lasts_s: float | None) -> Iterator[Message]:
    timely = messages if lasts_s is None else takewhile(lambda message: message.at_s < lasts_s, messages)
    return islice(timely, events)


def _opened(log: Path) -> TextIO:
    try:
        return log.open("w", encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{log} cannot be written: {error}") from error


def _write(file: TextIO | None, batch: Batch, outcome: Outcome, position: int | None) -> None:
    """Write a line for each message; a copy has that of the message it is a copy of."""
    if file is None:
        return
    said = {"key": "server" if batch.by_server else "web", "outcome": outcome.value, "position": position}
    for message in batch.messages:
        if not message.copy:
            line = {"id": message.id, "type": message.kind, "name": message.name, "reason": message.reason}
            file.write(json.dumps({**line, "time": instant_text(message.time_us), **said}) + "\n")


async def _played(sender: Sender, made: Iterator[Batch]) -> None:
    stop = asyncio.Event()
    with _interrupted_by(stop), Live(console=err, transient=True, auto_refresh=False) as live:
        showing = asyncio.create_task(_show(sender, live)) if err.is_terminal else None
        try:
            await sender.play(made, stop)
        finally:
            if showing is not None:
                showing.cancel()


@contextmanager
def _interrupted_by(stop: asyncio.Event) -> Iterator[None]:
    """The first Ctrl-C ends the traffic, the second one the command."""
    loop, before = asyncio.get_running_loop(), {}

    def first(number: int, _: object) -> None:
        loop.call_soon_threadsafe(stop.set)
        signal.signal(number, signal.default_int_handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        before[number] = signal.signal(number, first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _show(sender: Sender, live: Live) -> None:
    while True:
        tally, elapsed_s = sender.tally, sender.elapsed_s
        p50, p99 = quantiles_ms(tally.recent_s)
        shown = (
            f"{tally.sent:,} sent ({tally.sent / elapsed_s:,.0f}/s), {tally.outcomes[Outcome.ACKNOWLEDGED]:,} acknowledged, "
            f"{tally.outcomes[Outcome.REFUSED]:,} refused; p50 {_shown_ms(p50)}, p99 {_shown_ms(p99)}"
        )
        live.update(Text(shown), refresh=True)
        await asyncio.sleep(SHOWN_EVERY_S)


def _shown_ms(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:,.1f} ms"


def _summary(record: dict[str, Any]) -> str:
    waits = record["acknowledged_after_ms"]
    took = ", ".join(f"{_shown_ms(waits[name])} ({name})" for name in ("p50", "p99", "max"))
    beside = f"{record['copies']:,} copies and {record['broken']:,} broken ones among them"
    lines = [
        f"{record['sent']:,} messages in {record['lasted_s']:,.1f} s ({record['sent_per_s']:,.0f}/s), {beside}.",
        f"{record['acknowledged']:,} acknowledged, {record['refused']:,} refused, {record['unanswered']:,} unanswered.",
        f"Acknowledged after {took}, counted from when a request was due.",
        f"{record['requests']:,} requests, {record['repeated']:,} of them sent again; last position {record['position']:,}.",
        f"The same messages again: --run {record['run']} --seed {record['seed']} --start {record['start']}",
    ]
    return "\n".join(lines)
