"""From an iterator that blocks in threads to an async one that a Gradio listener can yield from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
END = object()


async def streamed(produce: Callable[[Callable[[T], None]], None], tick_seconds: float) -> AsyncIterator[T | None]:
    """What `produce` emits from its own thread, and None at every tick without news.

    Gradio notices that a visitor has gone only when a listener yields: the ticks give it the chance. The context is
    copied, because ZeroGPU finds the visitor's quota through it.
    """
    news: asyncio.Queue[T | object] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def emit(item: T | object) -> None:
        loop.call_soon_threadsafe(news.put_nowait, item)

    def work() -> None:
        try:
            produce(emit)
        finally:
            emit(END)

    Thread(target=copy_context().run, args=(work,), name="comparison", daemon=True).start()
    while True:
        try:
            item = await asyncio.wait_for(news.get(), tick_seconds)
        except TimeoutError:
            yield None
            continue
        if item is END:
            return
        yield item  # type: ignore[misc]  # only END is not a T
