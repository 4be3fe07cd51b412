"""HTTP as vendors' SDKs need it here: one absolute deadline, a capped answer, no redirect, no stranger. No engines.

A library's timeout starts again with every byte, so a server that sends one byte a second is never too slow for it.
Here every socket operation is given what is left until the deadline. One client serves one reading, so that the
deadline is a plain value and no connection is shared between threads. Only the look-up of a host's name is beyond it.

What a vendor has accepted is asked after for nothing: again until it is answered, and never bought twice.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from ipaddress import ip_address
from time import monotonic
from typing import Any, Self
from urllib.request import getproxies

import httpcore2
import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception, wait_exponential_jitter

from engines.errors import BadAnswer, EngineError, EngineRejected, EngineUnavailable, TimedOut, VendorDown
from engines.vendor_replies import error_in, retry_after_seconds, status_of
from translations import _

MOST_BYTES = 20_000_000
WRITE_BYTES = 65_536
CONNECT_SECONDS = 10.0


KNOWN_HEADERS = (
    "accept", "authorization", "connection", "content-", "host", "transfer-encoding", "user-agent", "x-amz-",
    "api-key", "x-api-key", "x-goog-", "ocp-apim-", "x-ms-", "x-client-", "x-stainless-", "anthropic-", "openai-",
    "cookie", "x-raw-response", "x-server-timeout",
)  # fmt: skip
"""How the names of headers begin that vendors' SDKs need. SDKs add others from variables of the environment (such as
OPENAI_CUSTOM_HEADERS), which may hold the host's secrets and would go to whatever address a row has."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on a clock that never goes back."""

    at: float
    clock: Callable[[], float] = monotonic

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """The moment `seconds` from now."""
        return cls(monotonic() + seconds)

    def left(self) -> float:
        """Seconds left, more than 0; raises `TimedOut` when it has passed."""
        seconds = self.at - self.clock()
        if seconds <= 0:
            raise TimedOut(_("No complete answer within the time allowed."))
        return seconds


def guarded_client(deadline: Deadline, *addresses: str, most_bytes: int = MOST_BYTES) -> httpx2.Client:
    """A client that talks to the hosts of `addresses` only; its errors are httpx2's and, for its own rules, ours."""
    # openai asks whether a client is httpx's, and breaks on one that another thread is still importing: wait for it.
    with suppress(ImportError):
        import_module("httpx")
    transport = _given.get() or _GuardedTransport(deadline, {_origin(address) for address in addresses}, most_bytes)
    # Compressed answers would slip a gigabyte under the cap.
    return httpx2.Client(
        transport=transport, headers={"accept-encoding": "identity"}, follow_redirects=False, timeout=None
    )


_given: ContextVar[httpx2.BaseTransport | None] = ContextVar("given", default=None)


@contextmanager
def sent_through(transport: httpx2.BaseTransport) -> Iterator[None]:
    """Clients made in this block, by this thread, use this transport instead of the guarded wire."""
    token = _given.set(transport)
    try:
        yield
    finally:
        _given.reset(token)


Origin = tuple[str, str, int | None]


def _origin(address: str) -> Origin:
    url = httpx2.URL(address)
    return url.scheme, url.host, url.port


@cache
def _trusted() -> ssl.SSLContext:
    return httpx2.create_ssl_context()


class _GuardedTransport(httpx2.HTTPTransport):
    """httpx2's transport over connection pools, one for each origin, whose sockets know the deadline."""

    def __init__(self, deadline: Deadline, origins: Iterable[Origin], most_bytes: int) -> None:
        # Not the parent's: it would build a pool of its own, and offers no place for a network backend.
        self._pools = {origin: _pool(deadline, origin) for origin in origins}
        self._deadline = deadline
        self._most_bytes = most_bytes

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        pool = self._pools.get(_origin(str(request.url)))
        if pool is None:
            raise EngineRejected(_("The vendor named another host to go on with; nothing was sent there."))
        self._deadline.left()
        for name in [name for name in request.headers if not name.lower().startswith(KNOWN_HEADERS)]:
            del request.headers[name]
        self._pool = pool  # the one that the parent sends through
        try:
            response = super().handle_request(request)
        except httpx2.ProxyError as error:
            raise _proxy_refusal(str(error)) from None
        refusal = _proxy_refusal("407") if response.status_code == PROXY_WANTS_PASSWORD else _refusal(response)
        if refusal:
            response.close()
            raise refusal
        assert isinstance(response.stream, httpx2.SyncByteStream)
        response.stream = _CappedStream(response.stream, self._most_bytes)
        return in_plain_form(response)


def _refusal(response: httpx2.Response) -> BadAnswer | EngineRejected | None:
    if response.has_redirect_location:
        return EngineRejected(
            _("The address redirects elsewhere; the redirect was not followed."),
            fix=_("Set the base URL to the new address."),
        )
    if response.headers.get("content-encoding", "identity") != "identity":
        return BadAnswer(_("The answer is compressed although a plain one was asked for."))
    kind = response.headers.get("content-type", "") if response.is_success else ""
    if kind.startswith("text/html"):
        return BadAnswer(
            _("The answer is a web page, not data."), fix=_("Check the base URL, and whether a proxy answers.")
        )
    if kind.startswith("text/event-stream"):
        return BadAnswer(
            _("The answer is a stream of events although a whole answer was asked for."),
            fix=_("Switch streaming off where the address leads."),
        )
    return None


LONGEST_ERROR = 100_000
"""A text that may be an error, though it is not called JSON."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def in_plain_form(response: httpx2.Response) -> httpx2.Response:
    """The same for every SDK: JSON is called so, success is 200, and what holds nothing but an error has its status.

    Gateways pass on upstream errors under HTTP 200; so every SDK reads the vendor's words, and a busy vendor is one.
    """
    kind = response.headers.get("content-type", "").lower()
    short = 0 < int(response.headers.get("content-length") or 0) <= LONGEST_ERROR
    if not response.is_success or not ("json" in kind or (short and (not kind or kind.startswith("text/plain")))):
        return response
    body = response.read().removeprefix(_BYTE_ORDER_MARK)
    try:
        document = json.loads(body)
        error = error_in(document)
    except (ValueError, RecursionError):
        return httpx2.Response(response.status_code, headers=response.headers, content=body)
    body = body if _counts_can_be_read(document) else json.dumps(document | {_GEMINI_COUNTS: {}}).encode()
    plain = 200 if response.status_code in {201, 203, 206} else response.status_code
    headers = [(name, value) for name, value in response.headers.multi_items() if name not in _OF_THE_BODY]
    content_type = ("content-type", kind if kind.startswith("application/json") else "application/json")
    return httpx2.Response(status_of(error) if error else plain, headers=[*headers, content_type], content=body)


_GEMINI_COUNTS = "usageMetadata"


def _counts_can_be_read(document: object) -> bool:
    """Whether every count is a number: for one that is none Google's SDK refuses the whole answer, reading and all."""
    counts = document.get(_GEMINI_COUNTS, {}) if isinstance(document, dict) else {}
    told = counts.items() if isinstance(counts, dict) else [("TokenCount", counts)]
    return all(type(count) is int for name, count in told if name.endswith("TokenCount"))


_OF_THE_BODY = {"content-type", "content-length", "transfer-encoding"}


class _CappedStream(httpx2.SyncByteStream):
    def __init__(self, stream: httpx2.SyncByteStream, most_bytes: int) -> None:
        self._stream = stream
        self._most_bytes = most_bytes

    def __iter__(self) -> Iterator[bytes]:
        received = 0
        for chunk in self._stream:
            received += len(chunk)
            if received > self._most_bytes:
                raise BadAnswer(_("The answer is larger than {size} MB.", size=f"{self._most_bytes / 1e6:.0f}"))
            yield chunk

    def close(self) -> None:
        self._stream.close()


PROXY_WANTS_PASSWORD = 407


def _proxy_refusal(said: str) -> EngineError:
    """What the machine's proxy said where it should have opened a way to the vendor: nothing reached the vendor."""
    status = said[:3]
    if status == str(PROXY_WANTS_PASSWORD):
        return EngineUnavailable(
            _("The proxy that this machine names wants a user name and password, or others."),
            fix=_("Set them in HTTPS_PROXY, as in http://name:password@host:port."),
        )
    if status.startswith("5"):
        return VendorDown(
            _("The proxy that this machine names reached no vendor ({status}).", status=status),
            fix=_("Try again later."),
        )
    told = _("The proxy that this machine names does not lead to the vendor.")
    if status.isdecimal():
        told = _("The proxy that this machine names does not lead to the vendor ({status}).", status=status)
    return EngineUnavailable(
        told,
        fix=_("Have the proxy let the vendor's host through, or name the host in NO_PROXY."),
    )


def _pool(deadline: Deadline, origin: Origin) -> httpcore2.ConnectionPool:
    backend = _DeadlineBackend(deadline)
    proxy = _proxy(*origin)
    if proxy is None:
        return httpcore2.ConnectionPool(ssl_context=_trusted(), network_backend=backend)
    return httpcore2.HTTPProxy(
        proxy_url=str(proxy.url.copy_with(username=None, password=None)),
        proxy_auth=proxy.raw_auth,
        ssl_context=_trusted(),
        network_backend=backend,
    )


def _proxy(scheme: str, host: str, port: int | None) -> httpx2.Proxy | None:
    """The machine's proxy for an origin, as its environment or system settings say: a given transport knows none.

    None for this machine itself, of which a proxy knows nothing.
    """
    proxies = getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address or _is_this_machine(host):
        return None
    from requests.utils import should_bypass_proxies  # knows networks and ports in NO_PROXY

    shown = f"[{host}]" if ":" in host else host
    if should_bypass_proxies(f"{scheme}://{shown}:{port}" if port else f"{scheme}://{shown}", no_proxy=None):
        return None
    try:
        proxy = httpx2.Proxy(address if "://" in address else f"http://{address}")
    except (httpx2.InvalidURL, ValueError):
        proxy = None
    if proxy is None or not proxy.url.host or proxy.url.scheme not in {"http", "https"}:
        raise EngineUnavailable(
            _("The proxy that this machine names is of a kind that cannot be used here."),
            fix=_(
                "Set HTTPS_PROXY (or ALL_PROXY) to an address that starts with http://, or name the host in NO_PROXY."
            ),
        )
    return proxy


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class _DeadlineBackend(httpcore2.NetworkBackend):
    """Opens connections whose every operation ends at the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._backend = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        seconds = min(CONNECT_SECONDS, self._deadline.left())
        stream = self._backend.connect_tcp(host, port, seconds, local_address, socket_options)
        return _DeadlineStream(stream, self._deadline)


class _DeadlineStream(httpcore2.NetworkStream):
    """A connection that also knows whether the request went out: what was not sent whole cannot have been billed."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline
        self._cut_off = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            received = self._stream.read(max_bytes, self._deadline.left())
        except httpcore2.ReadError:
            if not self._cut_off:
                raise
            received = b""
        if self._cut_off and not received:
            raise httpcore2.ConnectError("The connection broke while the request was being sent.")
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            for start in range(0, len(buffer), WRITE_BYTES):
                self._stream.write(buffer[start : start + WRITE_BYTES], self._deadline.left())
        except httpcore2.WriteError:
            self._cut_off = True
            raise

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  (as httpcore2 declares it)
        return self._stream.get_extra_info(info)


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
