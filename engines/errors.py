"""Why an engine could not read a page.

* EngineError
  x EngineUnavailable   nothing was sent: a package, binary, key or setting is missing
    + WeightsMissing
  x EngineRejected      sent and refused: asking again changes nothing
    + KeyRefused
    + QuotaExhausted
    + ModelGone
    + PageRejected
  x EngineBusy          sent and not served: asking again may help
    + RateLimited
    + VendorDown
    + BadAnswer
  x EngineSilent        sent, fate unknown: it may have been billed
    + ConnectionLost
    + TimedOut
  x EngineCrashed       a local model broke: out of memory, a broken file
  x Cancelled           the user stopped it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from translations import N_, _

if TYPE_CHECKING:
    from engines.contract import Usage


class EngineError(Exception):
    """Base of every failure an adapter may raise.

    The message names the cause, `fix` the command, setting or action; both are shown to the user and hold no key.
    """

    most_retries = 0
    maybe_billed = False
    _meanwhile = ""

    def __init__(
        self, message: str, *, fix: str = "", retry_after_seconds: float | None = None, usage: Usage | None = None
    ) -> None:
        """`usage` is what the vendor counted for an answer that brought no reading: it is billed."""
        super().__init__(message)
        self.fix = fix
        self.retry_after_seconds = retry_after_seconds
        self.usage = usage

    @property
    def meanwhile(self) -> str:
        """What is the matter, for whoever waits until it is tried again."""
        return _(self._meanwhile)


class EngineUnavailable(EngineError):
    """The engine cannot be called on this machine as it is set up."""


class WeightsMissing(EngineUnavailable):
    """The model's weights are not here and could not be fetched."""


class EngineRejected(EngineError):
    """The engine refused the request."""


class KeyRefused(EngineRejected):
    """The API key is wrong, expired or lacks permission."""


class QuotaExhausted(EngineRejected):
    """The account has no credit left."""


class ModelGone(EngineRejected):
    """The vendor no longer offers this model id, or never did."""


class PageRejected(EngineRejected):
    """The vendor will not take this page: too large, unreadable or unfit."""


class EngineBusy(EngineError):
    """The engine did not serve the request this time."""


class RateLimited(EngineBusy):
    """Too many requests."""

    most_retries = 5
    _meanwhile = N_("rate-limited")


class VendorDown(EngineBusy):
    """The vendor's servers failed, or no connection could be made."""

    most_retries = 3
    _meanwhile = N_("the vendor does not answer")


class BadAnswer(EngineBusy):
    """The answer was not what the vendor's interface promises: broken, too large or of another kind."""

    most_retries = 1
    maybe_billed = True
    _meanwhile = N_("the answer was broken")


class EngineSilent(EngineError):
    """The request went out and nobody knows what became of it."""

    maybe_billed = True


class ConnectionLost(EngineSilent):
    """The connection broke after the request was sent."""


class TimedOut(EngineSilent):
    """No answer within the time allowed."""


class EngineCrashed(EngineError):
    """A local model failed while it was reading."""


class Cancelled(EngineError):
    """The reading was stopped by the user."""

    maybe_billed = True
