"""Azure Document Intelligence, prebuilt-read: words and lines with polygons, handwriting marked."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from engines.contract import EngineSpec, Level, PageImage, Reading, ReadingTask, Region, Sent, Usage
from engines.endpoint import base_url, required_key
from engines.errors import EngineError, TimedOut
from engines.guarded_http import Deadline, guarded_client
from engines.page_fitting import fitted
from engines.requests_bridge import azure_transport
from engines.sdk_errors import translated, understood

if TYPE_CHECKING:
    from azure.ai.documentintelligence.models import AnalyzeResult, DocumentLine, DocumentSpan, DocumentWord

POLL_SECONDS = 1


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
        sent = image.sent(self.spec)
        deadline = Deadline.after(task.timeout_seconds)
        with translated(self.spec, self._key), guarded_client(deadline, self._base_url) as http:
            client = self._connect(
                self._base_url,
                self._credential,
                polling_interval=POLL_SECONDS,
                retry_total=0,
                transport=azure_transport(http),
            )
            poller = client.begin_analyze_document(
                self.spec.model, image.data, content_type=image.media_type, string_index_type="unicodeCodePoint"
            )
            result = poller.result(timeout=deadline.left())
            if not poller.done():
                raise TimedOut(f"{self.spec.label} had not finished within the time allowed.", fix="Allow more time.")
            self._forget(client, poller)
        with understood(self.spec):
            return reading_of(result, page.width, page.height, sent)

    def _forget(self, client: Any, poller: Any) -> None:  # noqa: ANN401  (the SDK's types are not checked here)
        """Delete the page's result from the service; it would go by itself after 24 hours, so a failure is let be."""
        with suppress(EngineError), translated(self.spec, self._key):
            client.delete_analyze_result(self.spec.model, poller.details["operation_id"])


def reading_of(result: AnalyzeResult, width: float, height: float, sent: Sent | None = None) -> Reading:
    """What the result says, also one that was asked for elsewhere, on a page of that size."""
    regions: list[Region] = []
    handwriting = _handwritten_characters(result)
    for part in result.pages:
        # Without a size the coordinates cannot be placed: then text only. The unit is pixels for images.
        if not part.width or not part.height:
            continue
        scale = (width / part.width, height / part.height)
        for line in part.lines or []:
            regions += _region("line", line, scale, _mostly(handwriting, line.spans), None)
        for word in part.words or []:
            regions += _region("word", word, scale, _mostly(handwriting, [word.span]), word.confidence)
    return Reading(
        text=result.content,
        regions=tuple(regions),
        model_reported=f"{result.model_id} {result.api_version}",
        usage=Usage(pages=len(result.pages)),
        sent=sent,
    )


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
