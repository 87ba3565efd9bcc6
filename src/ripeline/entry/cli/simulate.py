"""`ripeline simulate`."""

import asyncio
from pathlib import Path
from secrets import token_hex
from typing import Annotated

from cyclopts import Parameter

from ripeline.entry.bootstrap.traffic import Play, Traffic
from ripeline.entry.cli.garbage import never_garbage
from ripeline.entry.cli.options import Format, now_us, out, print_json
from ripeline.entry.cli.show_simulation import shown_meanwhile, summary
from ripeline.entry.simulator.asked import messages_asked, must_be_within, pace_asked, seconds, target_asked
from ripeline.entry.simulator.batches import batches
from ripeline.entry.simulator.log import logged_to
from ripeline.entry.simulator.playing import play
from ripeline.entry.simulator.sender import Sender
from ripeline.usecases.moments import instant_of_text
from ripeline.vocabulary.calendar import UTC_ZONE, instant_text

LARGEST_BATCH = 10_000
MOST_CONNECTIONS = 1_000


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
    target = target_asked(url, anywhere=anywhere)
    must_be_within("events", events)
    must_be_within("batch", batch, LARGEST_BATCH)
    must_be_within("connections", connections, MOST_CONNECTIONS)
    start_us = now_us() if start is None else instant_of_text(start, UTC_ZONE)
    story = Play(run or token_hex(4), start_us, pace_asked(rate, speed), broken=faults)
    lasts_s = None if lasts is None else seconds(lasts)
    traffic = Traffic(seed=seed, mails=server_key is not None)
    due = batches(messages_asked(traffic.messages(story), events, lasts_s), batch)
    # Who chooses the start means it: without a time of sending no clock is set right.
    sent_us = now_us if start is None else _untold
    with logged_to(log) as settled:
        sender = Sender(target, {False: key, True: server_key or ""}, connections, sent_us, settled)
        with never_garbage(), shown_meanwhile(sender) as show:
            asyncio.run(play(sender, due, show))
    record = {"url": url, "run": story.run, "seed": seed, "start": instant_text(start_us)}
    record |= sender.tally.record(sender.elapsed_s)
    if format == "json":
        print_json(record)
    else:
        out.print(summary(record), highlight=False, soft_wrap=True)


def _untold() -> None:
    return None
