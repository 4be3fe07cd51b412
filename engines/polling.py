"""Asking after a job that a vendor has accepted: free, so asked again until it is answered, and never bought twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential_jitter

from engines.errors import BadAnswer, EngineError
from engines.guarded_http import Deadline
from engines.vendor_replies import retry_after_seconds

BUSY = frozenset((408, 425, 429, *range(500, 600)))
BROKEN_ANSWERS = 2
"""How often an answer that cannot be read is fetched in all: a vendor that stays broken must not take all the time."""
NOT_THERE = 404
NOT_THERE_YET = 4
"""How often a result that is announced and not there is asked for in all: some stores are a moment behind."""


@contextmanager
def accepted() -> Iterator[None]:
    """Around all that follows an accepted job: it is paid for, so no failure in here is a reason to submit it again."""
    try:
        yield
    except EngineError as error:
        error.most_retries, error.maybe_billed = 0, True
        raise


def asked_until_answered(
    ask: Callable[[], httpx2.Response], deadline: Deadline, *, readable: Callable[[bytes], object] = bytes
) -> httpx2.Response:
    """The answer to a free request, asked again while the vendor is busy or the line breaks, until the deadline.

    `readable` raises ValueError for a body that is no use. Whatever does not pass by itself is raised or returned as it
    is: an answer of another error status is returned, and so is a busy one when there is no time left to ask again.
    """

    def once() -> httpx2.Response:
        answer = ask()
        if answer.status_code in {*BUSY, NOT_THERE}:
            answer.raise_for_status()
        if answer.is_success:
            readable(answer.content)
        return answer

    broken = missing = 0

    def may_pass(error: BaseException) -> bool:
        nonlocal broken, missing
        if isinstance(error, BadAnswer | ValueError):
            broken += 1
            return broken < BROKEN_ANSWERS
        if isinstance(error, httpx2.HTTPStatusError):
            missing += error.response.status_code == NOT_THERE
            return missing < NOT_THERE_YET
        return isinstance(error, httpx2.TransportError)

    retrying = Retrying(
        retry=retry_if_exception(may_pass),
        wait=_pause,
        stop=lambda state: state.upcoming_sleep >= deadline.left(),
        reraise=True,
    )
    try:
        return retrying(once)
    except httpx2.HTTPStatusError as error:
        return error.response


_BACKOFF = wait_exponential_jitter(initial=0.5, max=8, jitter=0.5)


def _pause(state: RetryCallState) -> float:
    """Seconds as the vendor asks for them, else twice as many each time."""
    error = state.outcome.exception() if state.outcome else None
    asked = retry_after_seconds(error.response.headers) if isinstance(error, httpx2.HTTPStatusError) else None
    return _BACKOFF(state) if asked is None else asked
