"""Any SDK's exception becomes ours: its status decides, the names in its chain of causes come second.

The status is what the vendor really said, a name or a word in a message is a guess. Imports no SDK: names are matched.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields

from engines.contract import EngineSpec, Region, Usage
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
from engines.key_redaction import without_pieces
from engines.vendor_replies import VendorReply, reply_of
from translations import N_, _, ngettext

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
    # A gateway that gave up does not know whether the vendor behind it goes on.
    504: TimedOut,
    524: TimedOut,
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
        # AWS answers 400 to nearly everything, and names the error in its type.
        ("throttl", RateLimited),
        ("throughputexceeded", RateLimited),
        ("limitexceeded", RateLimited),
        ("servicequotaexceeded", QuotaExhausted),
        ("unrecognizedclient", KeyRefused),
        ("invalidsignature", KeyRefused),
        ("incompletesignature", KeyRefused),
        ("signaturedoesnotmatch", KeyRefused),
        ("missingauthentication", KeyRefused),
        ("accessdenied", KeyRefused),
        ("notauthorized", KeyRefused),
        ("expiredtoken", KeyRefused),
        ("optinrequired", KeyRefused),
        ("subscriptionrequired", KeyRefused),
        ("baddocument", PageRejected),
        ("documenttoolarge", PageRejected),
        ("unsupporteddocument", PageRejected),
    ),
    403: (("quota", QuotaExhausted), ("credit", QuotaExhausted), ("model_not_found", ModelGone)),
    429: (
        ("insufficient_quota", QuotaExhausted),
        ("servicequotaexceeded", QuotaExhausted),
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
    "RecursionError": BadAnswer,
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
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise BadAnswer(headline(BadAnswer, spec, because=type(error).__name__), fix=_("Run it again.")) from error


MOST_COUNTED = 10**9
"""Of tokens or pages: beyond it, and below nothing, is no count."""


def counted(count: Callable[[], Usage | None]) -> Usage | None:
    """What the vendor says it counted, or None where that cannot be read: bookkeeping loses no reading in hand."""
    try:
        usage = count()
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return None
    numbers = [getattr(usage, part.name) for part in fields(Usage)] if usage else []
    return usage if all(0 <= number <= MOST_COUNTED for number in numbers) else None


def placed(find: Callable[[], Iterable[Region]]) -> tuple[Region, ...]:
    """The regions of an answer, none where its places cannot be read: boxes lose no text in hand."""
    try:
        return tuple(find())
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return ()


def token_count(details: object, name: str) -> int:
    """A count among a usage's details, which gateways leave out whole or in part: 0 then."""
    return int(getattr(details, name, None) or 0)


def engine_error(error: Exception, spec: EngineSpec, secrets: tuple[str | None, ...] = ()) -> EngineError | None:
    """Our error for an SDK's exception, or None if it is not an SDK's."""
    chain = _causes(error)
    for cause in chain:
        if isinstance(cause, EngineError):
            return cause
    # The outermost exception that carries a reply is the SDK's own, which has read the vendor's codes.
    reply = next((reply for reply in map(reply_of, reversed(chain)) if reply), None)
    kind = kind_of(reply) if reply else _by_name(chain)
    if kind is None:
        return None
    return kind(
        headline(kind, spec, quoted(reply.said, secrets), f"HTTP {reply.status}") if reply else headline(kind, spec),
        fix=fix_for(kind, spec, reply.retry_after_seconds if reply else None, reply.said if reply else ""),
        retry_after_seconds=reply.retry_after_seconds if reply else None,
    )


def headline(kind: type[EngineError], spec: EngineSpec, said: str = "", because: str = "") -> str:
    """What an error of that kind comes to, with the vendor's own words as `quoted` gives them."""
    what = f"{_(HEADLINES[kind])} ({because})" if because else _(HEADLINES[kind])
    if said:
        return _("{engine}: {what}; it says: {said}.", engine=spec.label, what=what, said=said)
    return _("{engine}: {what}.", engine=spec.label, what=what)


def _causes(error: BaseException) -> list[BaseException]:
    """The exception and what caused it, the root cause first."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.insert(0, cause)
        cause = cause.__cause__ or cause.__context__
    return chain


def kind_of(reply: VendorReply) -> type[EngineError]:
    """Our kind of error for what a vendor replied: its status decides, a word refines it."""
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


HEADLINES: Mapping[type[EngineError], str] = {
    EngineUnavailable: N_("the request could not be made"),
    EngineRejected: N_("the vendor refused the request"),
    KeyRefused: N_("the vendor refused the key"),
    QuotaExhausted: N_("the account has no credit left"),
    ModelGone: N_("the vendor offers no such model at this address"),
    PageRejected: N_("the vendor does not take this page"),
    RateLimited: N_("too many requests at the moment"),
    VendorDown: N_("the vendor cannot be reached or does not work"),
    BadAnswer: N_("the answer is not what the vendor's interface promises"),
    ConnectionLost: N_("the connection broke after the page was sent"),
    TimedOut: N_("no complete answer within the time allowed"),
}


_TOO_SMALL = re.compile(r"too[ _-]?small|smaller than|less than|at least|minimum|below", re.IGNORECASE)
_TOO_LARGE = re.compile(r"too[ _-]?(large|big|many)|larger than|more than|at most|maximum|exceed|above", re.IGNORECASE)


def fix_of_page(said: str) -> str:
    """Which other image to try, by the vendor's words on this one."""
    small, large = _TOO_SMALL.search(said), _TOO_LARGE.search(said)
    if bool(small) == bool(large):
        return _("Use a clearer image, or one of another size.")
    return _("Use a larger image.") if small else _("Use a smaller image.")


def fix_for(kind: type[EngineError], spec: EngineSpec, retry_after_seconds: float | None, said: str = "") -> str:
    """What to do about it: a setting to check or another way to go on; `said` are the vendor's words."""
    if kind is RateLimited and retry_after_seconds:
        seconds = round(retry_after_seconds)
        return ngettext("Try again in {n} second.", "Try again in {n} seconds.", seconds)
    fixes: Mapping[type[EngineError], str] = {
        KeyRefused: _("Check {variable}.", variable=spec.key_env),
        QuotaExhausted: _("Add credit to your account with {vendor}, or use another key.", vendor=_(spec.vendor)),
        ModelGone: _("Choose {model}, or set another model id.", model=spec.successor)
        if spec.successor
        else _("Set another model id."),
        PageRejected: fix_of_page(said),
        EngineUnavailable: _("Check the key and the base URL."),
        RateLimited: _("Try again in a minute."),
        VendorDown: _("Try again later; check the base URL and your connection."),
        BadAnswer: _("Run it again; check the base URL if it stays so."),
        ConnectionLost: _("Run it again: it may be billed twice."),
        TimedOut: _("Run it again, or allow more time: it may be billed twice."),
    }
    return fixes.get(kind, "")


LONGEST_QUOTE = 200


def quoted(said: str, secrets: Iterable[str | None]) -> str:
    """A vendor's own words on one line, shortened, without its full stop and without a piece of any of `secrets`."""
    clean = without_pieces(" ".join(said[: 10 * LONGEST_QUOTE].split()), secrets)
    return (f"{clean[:LONGEST_QUOTE]}…" if len(clean) > LONGEST_QUOTE else clean).rstrip(".")
