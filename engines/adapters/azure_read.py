"""Azure Document Intelligence, prebuilt-read: words and lines with polygons, handwriting marked.

azure-core speaks through `requests`; a bridge lets it use our guarded HTTP client.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx2
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from engines.contract import EngineSpec, Level, PageImage, Reading, ReadingTask, Region, Sent, Usage
from engines.endpoint import base_url, required_key
from engines.errors import BadAnswer, EngineError, TimedOut
from engines.guarded_http import Deadline, accepted, asked_until_answered, guarded_client
from engines.languages import NAMES
from engines.page_fitting import fitted
from engines.sdk_errors import counted, placed, translated, understood
from translations import _

if TYPE_CHECKING:
    from azure.ai.documentintelligence.models import AnalyzeResult, DocumentLine, DocumentSpan, DocumentWord
    from azure.core.pipeline.transport import RequestsTransport


def azure_transport(http: httpx2.Client, deadline: Deadline) -> RequestsTransport:
    """An azure-core transport whose every request goes through `http`; raises what `http` raises.

    A GET asks after an operation that was accepted, and is repeated until it is answered.
    """
    from azure.core.pipeline.transport import RequestsTransport

    session = Session()
    # Otherwise requests looks for proxies and passwords of its own.
    session.trust_env = False
    session.mount("http://", _GuardedAdapter(http, deadline))
    session.mount("https://", _GuardedAdapter(http, deadline))
    return RequestsTransport(session=session, session_owner=False)


class _GuardedAdapter(BaseAdapter):
    def __init__(self, http: httpx2.Client, deadline: Deadline) -> None:
        super().__init__()
        self._http = http
        self._deadline = deadline

    def send(self, request: PreparedRequest, *_settings: object, **_more: object) -> Response:
        """Send through our client, which knows the deadline; the settings are `requests`' own timeouts and proxies."""
        assert request.method
        assert request.url
        assert request.body is None or isinstance(request.body, str | bytes)
        headers = {name: value for name, value in request.headers.items() if isinstance(value, str)}
        headers["accept-encoding"] = "identity"
        ask = partial(self._http.request, request.method, request.url, headers=headers, content=request.body)
        polls = request.method == "GET"
        answer = asked_until_answered(ask, self._deadline, readable=_refuse_unknown_state) if polls else ask()
        response = Response()
        response.request = request
        response.url = request.url
        response.status_code = answer.status_code
        response.reason = answer.reason_phrase
        response.headers = CaseInsensitiveDict(answer.headers)
        response.raw = BytesIO(answer.content)
        return response

    def close(self) -> None:
        """The client belongs to whoever made it."""


STATES = frozenset({"notstarted", "running", "succeeded", "failed", "canceled"})
"""What azure-core knows; it would wait for the end of any other until the deadline."""


def _refuse_unknown_state(body: bytes) -> None:
    operation = json.loads(body)
    if not isinstance(operation, dict) or str(operation.get("status")).lower() not in STATES:
        raise ValueError("an operation in no state")


POLL_SECONDS = 1
FORGET_SECONDS = 3
"""A deletion may take that long: the reading is in hand, and the result goes by itself after 24 hours."""


class AzureReadEngine:
    """Reads through `begin_analyze_document`, waits for the result and asks for its deletion."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        from azure.ai.documentintelligence import DocumentIntelligenceClient
        from azure.core.credentials import AzureKeyCredential

        self.spec = spec
        self._key = required_key(spec, key)
        self._base_url = base_url(spec)
        self._credential = AzureKeyCredential(self._key)
        self._connect = DocumentIntelligenceClient

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises `EngineError`."""
        image = fitted(page, self.spec)
        locale = _locale(task.language)
        sent = image.sent(self.spec, **({"locale": locale} if locale else {}))
        deadline = Deadline.after(task.timeout_seconds)
        with translated(self.spec, self._key), guarded_client(deadline, self._base_url) as http:
            operations: list[str] = []
            poller = self._client(http, deadline).begin_analyze_document(
                self.spec.model,
                image.data,
                content_type=image.media_type,
                string_index_type="unicodeCodePoint",
                locale=locale,
                raw_response_hook=lambda answer: operations.append(
                    answer.http_response.headers.get("operation-location", "")
                ),
            )
            try:
                with accepted(), understood(self.spec):
                    return reading_of(self._result(poller, deadline), page.width, page.height, sent)
            finally:
                self._forget(operations[0])

    def _client(self, http: httpx2.Client, deadline: Deadline) -> Any:  # noqa: ANN401  (the SDK's types are not checked)
        return self._connect(
            self._base_url,
            self._credential,
            polling_interval=POLL_SECONDS,
            retry_total=0,
            transport=azure_transport(http, deadline),
        )

    def _result(self, poller: Any, deadline: Deadline) -> AnalyzeResult:  # noqa: ANN401
        with translated(self.spec, self._key):
            result = poller.result(timeout=deadline.left())
        if not poller.done():
            raise TimedOut(
                _("{engine} had not finished within the time allowed.", engine=self.spec.label),
                fix=_("Allow more time."),
            )
        return result

    def _forget(self, operation: str) -> None:
        """Delete the page's result from the service, read or given up; a failure is let be.

        The poller's own `details` fail where the service lies behind a path.
        """
        result_id = urlsplit(operation).path.rpartition("/")[2]
        deadline = Deadline.after(FORGET_SECONDS)
        with (
            suppress(EngineError),
            translated(self.spec, self._key),
            guarded_client(deadline, self._base_url) as http,
        ):
            self._client(http, deadline).delete_analyze_result(self.spec.model, result_id)


def _locale(language: str) -> str | None:
    """The one language to read in, as the service calls it; without it the text tells, line by line."""
    return {"zh": "zh-Hans"}.get(language, language) if language in NAMES else None


def reading_of(result: AnalyzeResult, width: float, height: float, sent: Sent | None = None) -> Reading:
    """What the result says, also one that was asked for elsewhere, on a page of that size; raises `BadAnswer`."""
    if not result.get("content") and not result.get("pages"):
        raise BadAnswer(_("The vendor ended without a page."), fix=_("Run it again."))
    whole = result.get("content")  # as it was sent: the attribute makes a text of anything
    return Reading(
        text=whole if whole is not None else _lines(result),
        regions=placed(lambda: _regions(result, width, height)),
        model_reported=f"{result.model_id} {result.api_version}".strip(),
        usage=counted(lambda: Usage(pages=len(result.pages or []))),
        sent=sent,
    )


def _regions(result: AnalyzeResult, width: float, height: float) -> Iterator[Region]:
    handwriting = _handwritten_characters(result)
    for part in result.pages or []:
        # Without a size the coordinates cannot be placed: then text only. The unit is pixels for images.
        if not part.width or not part.height:
            continue
        scale = (width / part.width, height / part.height)
        for line in part.lines or []:
            yield from _region("line", line, scale, _mostly(handwriting, line.spans), None)
        for word in part.words or []:
            yield from _region("word", word, scale, _mostly(handwriting, [word.span]), word.confidence)


def _lines(result: AnalyzeResult) -> str:
    """The text line by line, where the service leaves out the whole."""
    return "\n".join(line.content or "" for part in result.pages or [] for line in part.lines or [])


def _region(
    level: Level,
    part: DocumentLine | DocumentWord,
    scale: tuple[float, float],
    handwritten: bool | None,
    confidence: float | None,
) -> list[Region]:
    if not part.polygon:
        return []
    points = zip(part.polygon[::2], part.polygon[1::2], strict=True)
    polygon = tuple((x * scale[0], y * scale[1]) for x, y in points)
    return [Region(level, part.content, polygon, confidence=confidence, handwritten=handwritten)]


def _handwritten_characters(result: AnalyzeResult) -> set[int] | None:
    """Offsets of handwritten characters in the content, or None where the service says nothing about handwriting."""
    if result.styles is None:
        return None
    spans = [span for style in result.styles if style.is_handwritten for span in style.spans]
    return {offset for span in spans for offset in range(span.offset, span.offset + span.length)}


def _mostly(handwriting: set[int] | None, spans: list[DocumentSpan]) -> bool | None:
    if handwriting is None:
        return None
    offsets = [offset for span in spans for offset in range(span.offset, span.offset + span.length)]
    return 2 * sum(offset in handwriting for offset in offsets) > len(offsets)
