"""What people are told when a vendor's engine fails: what happened, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

from engines.contract import EngineSpec
from engines.errors import (
    BadAnswer,
    ConnectionLost,
    EngineError,
    EngineRejected,
    EngineUnavailable,
    KeyRefused,
    ModelGone,
    PageRejected,
    QuotaExhausted,
    RateLimited,
    TimedOut,
    VendorDown,
)

HEADLINES: Mapping[type[EngineError], str] = {
    EngineUnavailable: "the request could not be made",
    EngineRejected: "the vendor refused the request",
    KeyRefused: "the vendor refused the key",
    QuotaExhausted: "the account has no credit left",
    ModelGone: "the vendor offers no such model at this address",
    PageRejected: "the vendor does not take this page",
    RateLimited: "too many requests at the moment",
    VendorDown: "the vendor cannot be reached or does not work",
    BadAnswer: "the answer is not what the vendor's interface promises",
    ConnectionLost: "the connection broke after the page was sent",
    TimedOut: "no complete answer within the time allowed",
}


def fix_for(kind: type[EngineError], spec: EngineSpec, retry_after_seconds: float | None) -> str:
    """What to do about it: a setting to check or another way to go on."""
    if kind is RateLimited and retry_after_seconds:
        return f"Try again in {retry_after_seconds:.0f} seconds."
    fixes: Mapping[type[EngineError], str] = {
        KeyRefused: f"Check {spec.key_env}.",
        QuotaExhausted: f"Add credit to your account with {spec.vendor}, or use another key.",
        ModelGone: f"Choose {spec.successor}, or set another model id." if spec.successor else "Set another model id.",
        PageRejected: "Use a smaller or clearer image.",
        EngineUnavailable: "Check the key and the base URL.",
        RateLimited: "Try again in a minute.",
        VendorDown: "Try again later; check the base URL and your connection.",
        BadAnswer: "Run it again; check the base URL if it stays so.",
        ConnectionLost: "Run it again: it may be billed twice.",
        TimedOut: "Run it again, or allow more time: it may be billed twice.",
    }
    return fixes.get(kind, "")
