"""What threads bring reaches a listener in as few updates as there are."""

import asyncio
from threading import Event

import pytest

from tests.own_thread import run_async
from ui.blocks import steady, streamed


async def all_of(iterator):
    return [item async for item in iterator]


async def holds(news, items):
    while news.qsize() < items:
        await asyncio.sleep(0.01)


def test_what_waits_comes_together_and_a_tick_brings_nothing():
    go = Event()

    def produce(emit):
        emit("one")
        emit("two")
        assert go.wait(60)
        emit("three")

    async def listen():
        news = asyncio.Queue()
        arriving = streamed(produce, 0.05, news)
        await holds(news, 2)
        first, tick = await anext(arriving), await anext(arriving)
        go.set()
        rest = [item for items in await all_of(arriving) for item in items]
        return list(first), list(tick), rest

    assert run_async(listen()) == (["one", "two"], [], ["three"])


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_producer_that_breaks_ends_the_stream():
    def produce(emit):
        emit("one")
        raise SystemExit

    async def listen():
        return await all_of(streamed(produce, 5, asyncio.Queue()))

    assert run_async(listen()) == [["one"]]


def test_what_the_loop_puts_in_before_the_end_is_told():
    """Even when the producer has ended and its last words are still being listened to."""

    async def listen():
        news = asyncio.Queue()
        arriving = streamed(lambda emit: emit("one"), 5, news)
        await holds(news, 2)  # what was emitted, and the end
        first = await anext(arriving)
        news.put_nowait("two")
        return [first, *await all_of(arriving)]

    assert run_async(listen()) == [["one"], ["two"]]


def test_every_update_carries_the_texts_that_stay():
    async def updates():
        yield {"panel": "old", "desk": 1}
        yield {}
        yield {"panel": "new"}

    told = run_async(all_of(steady(updates(), {"question": ""})))
    assert told == [
        {"question": "", "panel": "old", "desk": 1},
        {"question": "", "panel": "old"},
        {"question": "", "panel": "new"},
    ]
