"""Long work: begun once, told how far it is, stopped at its next step, and never kept without end."""

import asyncio

import pytest

from ripeline.entry.server.work import MOST_KEPT, Works
from ripeline.ports.scores import Progress
from ripeline.vocabulary.issues import InputError


def run(story: object) -> None:
    asyncio.run(story)  # type: ignore[arg-type]


def test_the_same_work_is_done_once() -> None:
    async def story() -> None:
        works, begun = Works(), list[str]()
        goes_on = asyncio.Event()

        async def do(progress: Progress) -> object:
            begun.append("once")
            progress("counting", 0.5)
            await goes_on.wait()
            return 7

        first = works.begin("sums", do)
        assert works.begin("sums", do) is first
        await asyncio.sleep(0)
        assert (first.doing, first.share, first.is_over) == ("counting", 0.5, False)
        goes_on.set()
        await works.close()
        assert (first.result, first.is_over, begun) == (7, True, ["once"])
        assert works.begin("sums", do) is first
        assert works.begin("sums", do, again=True) is not first
        await works.close()
        assert len(begun) == 2
        assert works.of("other") is None

    run(story())


def test_what_is_stopped_ends_at_its_next_step_and_may_begin_again() -> None:
    async def story() -> None:
        works, steps = Works(), list[int]()

        async def do(progress: Progress) -> object:
            for step in range(1_000):
                progress("counting", step / 1_000)
                steps.append(step)
                await asyncio.sleep(0)
            return "all"

        work = works.begin("sums", do)
        await asyncio.sleep(0)
        works.stop("sums")
        await works.close()
        assert (work.result, work.why, len(steps)) == (None, "it was stopped", 1)
        assert works.begin("sums", do) is work
        again = works.begin("sums", do, again=True)
        assert again is not work
        await asyncio.sleep(0)
        assert len(steps) == 2
        await works.close()

    run(story())


@pytest.mark.parametrize(
    ("error", "why"),
    [(InputError("the text is wrong"), "the text is wrong"), (ZeroDivisionError("secret"), "a defect")],
)
def test_what_failed_says_why(error: Exception, why: str) -> None:
    async def story() -> None:
        async def do(_: Progress) -> object:
            raise error

        works = Works()
        work = works.begin("sums", do)
        await works.close()
        assert why in work.why
        assert "secret" not in work.why

    run(story())


def test_what_is_over_is_not_kept_for_ever() -> None:
    async def story() -> None:
        works = Works()

        async def do(_: Progress) -> object:
            return 1

        for number in range(3 * MOST_KEPT):
            works.begin(number, do)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
        assert works.of(0) is None
        assert works.of(3 * MOST_KEPT - 1) is not None
        assert sum(works.of(number) is not None for number in range(3 * MOST_KEPT)) <= MOST_KEPT + 1

    run(story())
