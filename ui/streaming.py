"""From an iterator that blocks in threads to an async one that a Gradio listener can yield from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextvars import copy_context
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
END = object()
Update = dict[Any, Any]
"""Component -> its new value, as Gradio takes it."""


def streamed(
    produce: Callable[[Callable[[T], None]], None], tick_seconds: float, news: asyncio.Queue[T | object]
) -> AsyncIterator[Sequence[T]]:
    """What `produce` emits from its own thread, which starts at once: all that waits together, nothing at every tick.

    It arrives through `news`; what the loop's own code puts there before the end is told too. Gradio notices that a
    visitor has gone only when a listener yields: the ticks give it the chance. The context is copied, because ZeroGPU
    finds the visitor's quota through it.
    """
    loop = asyncio.get_running_loop()

    def emit(item: T | object) -> None:
        loop.call_soon_threadsafe(news.put_nowait, item)

    def work() -> None:
        try:
            produce(emit)
        finally:
            emit(END)

    Thread(target=copy_context().run, args=(work,), name="comparison", daemon=True).start()
    return _arriving(news, tick_seconds)


async def _arriving(news: asyncio.Queue[T | object], tick_seconds: float) -> AsyncIterator[Sequence[T]]:
    ended = False
    while not ended or not news.empty():
        try:
            waiting = [await asyncio.wait_for(news.get(), tick_seconds)]
        except TimeoutError:
            yield ()
            continue
        while not news.empty():
            waiting.append(news.get_nowait())
        items = [item for item in waiting if item is not END]
        ended = ended or len(items) < len(waiting)
        if items:
            yield items  # type: ignore[misc]  # only END is not a T


async def steady(updates: AsyncIterator[Update], resting: Update) -> AsyncIterator[Update]:
    """Each update, completed by the last texts of what it leaves out; `resting` holds those before the first.

    Gradio makes a new component for everything that is left out or skipped, a millisecond each, while a text that is
    the same costs nothing and is not sent. The last update of a listener is sent once more, whole.
    """
    values = dict(resting)
    async for update in updates:
        values |= {part: value for part, value in update.items() if isinstance(value, str)}
        yield {**update, **values}
