"""What brings an event loop of its own runs in a thread of its own: where a browser was started, one runs here."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def in_own_thread(function, *arguments):
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *arguments).result()


def run_async(awaitable):
    return in_own_thread(asyncio.run, awaitable)
