"""Mistral's OCR models: Markdown without a prompt, from version 4 on with a box for each block."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Region, Sent, Usage
from engines.endpoint import base_url, required_key
from engines.errors import BadAnswer
from engines.guarded_http import Deadline, guarded_client
from engines.page_fitting import fitted
from engines.sdk_errors import counted, placed, translated, understood
from translations import _

if TYPE_CHECKING:
    from mistralai.client.models import OCRPageObject, OCRResponse


class MistralOCREngine:
    """Reads through `ocr.process`; the Markdown is kept as it is."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        from mistralai.client import Mistral
        from mistralai.client.errors import ResponseValidationError

        self.spec = spec
        self._key = required_key(spec, key)
        self._base_url = base_url(spec)
        self._connect = Mistral
        self._invalid = ResponseValidationError

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises `EngineError`."""
        image = fitted(page, self.spec)
        blocks = bool(self.spec.options["blocks"])
        sent = image.sent(self.spec, include_blocks=blocks)
        deadline = Deadline.after(task.timeout_seconds)
        with translated(self.spec, self._key), guarded_client(deadline, self._base_url) as http:
            client = self._connect(api_key=self._key, server_url=self._base_url, client=http)
            try:
                answer = client.ocr.process(
                    model=self.spec.model,
                    document={"type": "image_url", "image_url": image.data_url},
                    include_image_base64=False,
                    include_blocks=blocks,
                    # Versions before 4 have no blocks to be confident about.
                    confidence_scores_granularity="block" if blocks else None,
                )
            except self._invalid as error:
                with understood(self.spec):
                    return _texts_alone(error.body, sent)
        with understood(self.spec):
            return reading_of(answer, page.width, page.height, sent)


def reading_of(answer: OCRResponse, width: float, height: float, sent: Sent | None = None) -> Reading:
    """What the answer says, also one that was asked for elsewhere, on a page of that size; raises `BadAnswer`."""
    if not answer.pages:
        raise BadAnswer(_("The vendor ended without a page."), fix=_("Run it again."))
    pages = sorted(answer.pages, key=lambda part: part.index)
    return Reading(
        text="\n\n".join(part.markdown for part in pages),
        regions=placed(lambda: (region for part in pages for region in _regions(part, width, height))),
        model_reported=answer.model,
        usage=counted(lambda: Usage(pages=answer.usage_info.pages_processed)),
        sent=sent,
    )


def _texts_alone(body: str, sent: Sent) -> Reading:
    """The texts of an answer in which the SDK finds something amiss, such as what it should count."""
    document = json.loads(body)
    texts = [part["markdown"] for part in document["pages"]]
    model = str(document.get("model", ""))
    return Reading("\n\n".join(texts), model_reported=model, usage=Usage(pages=len(texts)), sent=sent)


def _regions(part: OCRPageObject, width: float, height: float) -> list[Region]:
    """Text blocks, from the space of the vendor's rendering to the page's pixels."""
    from mistralai.client.models import UnknownBlock

    if not part.blocks or not part.dimensions:
        return []
    across, down = width / part.dimensions.width, height / part.dimensions.height
    regions = []
    for block in part.blocks:
        if isinstance(block, UnknownBlock) or not block.content:
            continue
        left, right = block.top_left_x * across, block.bottom_right_x * across
        top, bottom = block.top_left_y * down, block.bottom_right_y * down
        polygon = ((left, top), (right, top), (right, bottom), (left, bottom))
        scores = block.confidence_scores
        confidence = scores.average_content_confidence_score if scores else None
        confidence = confidence if isinstance(confidence, float) else None  # the SDK has a falsy "unset" of its own
        regions.append(Region("paragraph", block.content, polygon, confidence=confidence))
    return regions
