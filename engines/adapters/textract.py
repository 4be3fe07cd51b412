"""Amazon Textract: lines and words with polygons and confidences, handwriting marked; and its answers kept as files.

Of AWS's SDK only the signature is used, with the two values it is given: its client would look for keys in files,
profiles and the machine's metadata service, and would retry by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from engines.contract import EngineSpec, Level, PageImage, Point, Reading, ReadingTask, Region, Usage
from engines.endpoint import ACCOUNT_SETTINGS, account_setting, base_url, required_key
from engines.errors import EngineUnavailable
from engines.formats.layout import ForeignReading, UnreadableFormat, box, share
from engines.guarded_http import Deadline, guarded_client
from engines.page_fitting import fitted
from engines.sdk_errors import counted, placed, translated, understood
from translations import _

LEVELS: Mapping[str, Level] = {"LINE": "line", "WORD": "word"}
VERSIONS = ("DetectDocumentTextModelVersion", "AnalyzeDocumentModelVersion")
SIDE = 1
"""Textract counts in shares of the page, whatever its size."""


def read_textract(answer: Mapping[str, Any]) -> ForeignReading:
    """Lines as they are listed, page after page, on a page of 1 x 1; raises `UnreadableFormat` for a failed job."""
    if answer.get("JobStatus", "SUCCEEDED") not in {"SUCCEEDED", "PARTIAL_SUCCESS"}:
        state = str(answer["JobStatus"]).lower()
        raise UnreadableFormat(_("is a Textract job that is {state} and holds no text", state=state))
    blocks = [block for block in answer["Blocks"] if block.get("BlockType") in LEVELS]
    pages = max([1, *(int(block.get("Page") or 1) for block in blocks)])
    kinds = [block["BlockType"] for block in blocks]
    said = [block["Text"] for block in blocks if block["BlockType"] == "LINE" or "LINE" not in kinds]
    reading = Reading(
        text=("\n" if "LINE" in kinds else " ").join(said),
        regions=placed(lambda: _regions(blocks)) if pages == 1 else (),
        truncated=bool(answer.get("NextToken")),
        model_reported=str(next((answer[name] for name in VERSIONS if answer.get(name)), "")),
        usage=counted(lambda: Usage(pages=int((answer.get("DocumentMetadata") or {}).get("Pages") or pages))),
    )
    return ForeignReading(reading, "Amazon Textract answer", SIDE, SIDE, pages)


def _regions(blocks: Iterable[Mapping[str, Any]]) -> Iterator[Region]:
    return (region for block in blocks if (region := _region_of_block(block)).polygon)


def _region_of_block(block: Mapping[str, Any]) -> Region:
    kind = block.get("TextType")
    return Region(
        LEVELS[block["BlockType"]],
        str(block.get("Text") or ""),
        _polygon(block.get("Geometry") or {}),
        confidence=share(block.get("Confidence"), 100),
        handwritten=None if kind is None else kind == "HANDWRITING",
    )


def _polygon(geometry: Mapping[str, Any]) -> tuple[Point, ...]:
    if corners := geometry.get("Polygon"):
        return tuple((float(corner["X"]), float(corner["Y"])) for corner in corners)
    sides = geometry.get("BoundingBox") or {}
    left, top = float(sides.get("Left", 0)), float(sides.get("Top", 0))
    return box(left, top, left + float(sides.get("Width", 0)), top + float(sides.get("Height", 0)))


HEADERS = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "Textract.DetectDocumentText"}


class TextractEngine:
    """Reads through `DetectDocumentText`, in the region that the host names."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        self.spec = spec
        self._secret = required_key(spec, key)
        key_id = account_setting(spec, "AWS_ACCESS_KEY_ID")
        region = _region(account_setting(spec, "AWS_REGION"))
        own = f"https://textract.{region}.amazonaws.com"
        self._address = base_url(replace(spec, base_url=spec.base_url or own)) + "/"
        self._signer = SigV4Auth(Credentials(key_id, self._secret), "textract", region)
        self._request_type = AWSRequest

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises `EngineError`."""
        image = fitted(page, self.spec)
        deadline = Deadline.after(task.timeout_seconds)
        with translated(self.spec, self._secret), guarded_client(deadline, self._address) as http:
            content = json.dumps({"Document": {"Bytes": image.base64}}).encode()
            answer = http.post(self._address, content=content, headers=self._signed(content)).raise_for_status()
        with understood(self.spec):
            reading = read_textract(answer.json()).on_page(page.width, page.height)
        return replace(reading, sent=image.sent(self.spec))

    def _signed(self, content: bytes) -> dict[str, str]:
        request = self._request_type("POST", self._address, headers=HEADERS, data=content)
        self._signer.add_auth(request)
        return dict(request.headers.items())


def _region(name: str) -> str:
    """SECURITY: it becomes a part of the address that the page is sent to."""
    if not re.fullmatch(ACCOUNT_SETTINGS["AWS_REGION"].shape, name):
        raise EngineUnavailable(
            _("AWS_REGION is no region."), fix=_("Set it to the region to read in, such as eu-west-1.")
        )
    return name
