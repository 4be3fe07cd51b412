"""Any SDK's exception becomes ours: its status decides, the names in its chain of causes come second.

The status is what the vendor really said, a name or a word in a message is a guess. Imports no SDK: names are matched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from engines.contract import EngineSpec
from engines.error_sentences import HEADLINES, fix_for
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
from engines.vendor_reply import VendorReply, reply_of, without_secrets

BY_STATUS: Mapping[int, type[EngineError]] = {
    401: KeyRefused,
    402: QuotaExhausted,
    403: KeyRefused,
    404: ModelGone,
    408: VendorDown,  # the server gave up before it had the whole request
    409: VendorDown,
    410: ModelGone,
    413: PageRejected,
    415: PageRejected,
    429: RateLimited,
    529: RateLimited,  # Anthropic is overloaded
}

# What a code or message may turn these statuses into: the vendors use them for several things.
BY_WORD: Mapping[int, tuple[tuple[str, type[EngineError]], ...]] = {
    400: (
        ("api_key_invalid", KeyRefused),
        ("api key not valid", KeyRefused),
        ("invalid_api_key", KeyRefused),
        ("invalid_grant", KeyRefused),
        ("credit balance", QuotaExhausted),
        ("billing", QuotaExhausted),
        ("model_not_found", ModelGone),
        ("invalid_model", ModelGone),
        ("model_decommissioned", ModelGone),
        ("invalid_image", PageRejected),
        ("invalid_base64_image", PageRejected),
        ("image_", PageRejected),
        ("process image", PageRejected),
        ("input image", PageRejected),
        ("image exceeds", PageRejected),
        ("image dimensions", PageRejected),
        ("invalidcontent", PageRejected),
        ("unsupportedmediatype", PageRejected),
    ),
    403: (("quota", QuotaExhausted), ("credit", QuotaExhausted), ("model_not_found", ModelGone)),
    429: (
        ("insufficient_quota", QuotaExhausted),
        ("billing_hard_limit", QuotaExhausted),
        ("credit balance", QuotaExhausted),
        ("spend_limit", QuotaExhausted),
        ("spend limit", QuotaExhausted),
        ("perday", QuotaExhausted),  # Google's quota ids
    ),
}

BY_NAME: Mapping[str, type[EngineError]] = {
    # httpx2 and httpcore2: nothing was sent
    "ConnectError": VendorDown,
    "ConnectTimeout": VendorDown,
    "PoolTimeout": VendorDown,
    "ProxyError": VendorDown,
    "ConnectionNotAvailable": VendorDown,
    "UnsupportedProtocol": EngineUnavailable,
    "InvalidURL": EngineUnavailable,
    "LocalProtocolError": EngineUnavailable,
    "CookieConflict": EngineUnavailable,
    # httpx2 and httpcore2: sent
    "TimeoutException": TimedOut,
    "NetworkError": ConnectionLost,
    "ProtocolError": ConnectionLost,
    "TransportError": ConnectionLost,
    "DecodingError": BadAnswer,
    "StreamError": BadAnswer,
    "TooManyRedirects": EngineRejected,
    "HTTPError": ConnectionLost,
    # answers that cannot be read
    "JSONDecodeError": BadAnswer,
    "UnicodeDecodeError": BadAnswer,
    "ValidationError": BadAnswer,
    "APIResponseValidationError": BadAnswer,
    "ResponseValidationError": BadAnswer,
    "DecodeError": BadAnswer,
    "DeserializationError": BadAnswer,
    "UnknownApiResponseError": BadAnswer,
    "ContinuationInterruptedError": BadAnswer,
    # SDKs about the connection
    "APITimeoutError": TimedOut,
    "APIConnectionError": ConnectionLost,
    "NoResponseError": ConnectionLost,
    "ServiceRequestError": VendorDown,
    "ServiceResponseTimeoutError": TimedOut,
    "ServiceResponseError": ConnectionLost,
    # SDKs about themselves
    "CredentialsError": KeyRefused,
    "WorkloadIdentityError": KeyRefused,
    "SerializationError": EngineUnavailable,
    "OpenAIError": EngineRejected,
    "AnthropicError": EngineRejected,
    "APIError": EngineRejected,
    "MistralError": EngineRejected,
    "AzureError": EngineRejected,
}


@contextmanager
def translated(spec: EngineSpec, *secrets: str | None) -> Iterator[None]:
    """Turn what an SDK raises into an `EngineError` without any of `secrets`; other exceptions are bugs and pass."""
    try:
        yield
    except Exception as error:
        ours = engine_error(error, spec, secrets)
        if ours is None:
            raise
        # The cause is dropped: vendors echo keys in their messages.
        raise ours from None


@contextmanager
def understood(spec: EngineSpec) -> Iterator[None]:
    """Around code that takes a vendor's answer apart: what does not fit there is a bad answer, not a bug."""
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        reason = f"{spec.label}: {HEADLINES[BadAnswer]} ({type(error).__name__})."
        raise BadAnswer(reason, fix="Run it again.") from error


def engine_error(error: Exception, spec: EngineSpec, secrets: tuple[str | None, ...] = ()) -> EngineError | None:
    """Our error for an SDK's exception, or None if it is not an SDK's."""
    chain = _causes(error)
    for cause in chain:
        if isinstance(cause, EngineError):
            return cause
    # The outermost exception that carries a reply is the SDK's own, which has read the vendor's codes.
    reply = next((reply for reply in map(reply_of, reversed(chain)) if reply), None)
    kind = _by_reply(reply) if reply else _by_name(chain)
    if kind is None:
        return None
    said = reply.said if reply else ""
    message = f"{spec.label}: {HEADLINES[kind]}"
    if reply:
        message += f" (HTTP {reply.status})"
    message += f"; it says: {said.rstrip('.')}." if said else "."
    return kind(
        without_secrets(message, secrets),
        fix=fix_for(kind, spec, reply.retry_after_seconds if reply else None),
        retry_after_seconds=reply.retry_after_seconds if reply else None,
    )


def _causes(error: BaseException) -> list[BaseException]:
    """The exception and what caused it, the root cause first."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.insert(0, cause)
        cause = cause.__cause__ or cause.__context__
    return chain


def _by_reply(reply: VendorReply) -> type[EngineError]:
    words = f"{reply.codes} {reply.said}".lower()
    for word, kind in BY_WORD.get(reply.status, ()):
        if word in words:
            return kind
    if reply.status in BY_STATUS:
        return BY_STATUS[reply.status]
    if reply.status < 300:
        return BadAnswer
    return VendorDown if reply.status >= 500 else EngineRejected


def _by_name(chain: list[BaseException]) -> type[EngineError] | None:
    for cause in chain:
        for ancestor in type(cause).__mro__:
            if ancestor.__name__ in BY_NAME:
                return BY_NAME[ancestor.__name__]
    return None
