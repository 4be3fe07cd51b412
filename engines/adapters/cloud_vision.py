"""Google Cloud Vision's document text detection: paragraphs, words and characters with boxes and confidences.

Its REST interface and an API key, because the vendor's client speaks gRPC past every limit of ours and takes whatever
account it finds on the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.endpoint import base_url, required_key
from engines.errors import (
    EngineError,
    KeyRefused,
    ModelGone,
    PageRejected,
    RateLimited,
    TimedOut,
    VendorDown,
)
from engines.formats.cloud_documents import read_vision
from engines.guarded_http import Deadline, guarded_client
from engines.languages import NAMES
from engines.page_fitting import FittedPage, fitted
from engines.sdk_errors import fix_for, headline, kind_of, quoted, translated, understood
from engines.vendor_replies import VendorReply, status_of

BY_RPC_CODE: Mapping[int, type[EngineError]] = {
    3: PageRejected,
    4: TimedOut,
    5: ModelGone,
    7: KeyRefused,
    8: RateLimited,
    13: VendorDown,
    14: VendorDown,
    16: KeyRefused,
}
"""By the numbers of google.rpc.Code: an image may have an error of its own under HTTP 200."""

HINTED = frozenset(NAMES) - {"ku", "lb"}
"""The languages that it takes as a hint; a page with another one is refused."""
OWN_CODES: Mapping[str, str] = {"he": "iw", "zh": "zh-Hans"}
"""Source of both: https://docs.cloud.google.com/vision/docs/languages (of 2026-04-08)."""


def hints(language: str) -> list[str]:
    """The page's languages as the vendor calls them; none where it does not know them all: half a hint misleads."""
    said = language.split("+") if language else []
    return [OWN_CODES.get(code, code) for code in said] if HINTED.issuperset(said) else []


class CloudVisionEngine:
    """Reads through `images:annotate`."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        self.spec = spec
        self._key = required_key(spec, key)
        self._base_url = base_url(spec)

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises `EngineError`."""
        image, told = fitted(page, self.spec), hints(task.language)
        deadline = Deadline.after(task.timeout_seconds)
        with translated(self.spec, self._key), guarded_client(deadline, self._base_url) as http:
            url, key = f"{self._base_url}/v1/images:annotate", {"x-goog-api-key": self._key}
            answer = http.post(url, json=self._request(image, told), headers=key).raise_for_status()
        sent = image.sent(self.spec, **({"language hints": ", ".join(told)} if told else {}))
        with understood(self.spec):
            return replace(self._reading(answer.json(), page), sent=sent)

    def _request(self, image: FittedPage, told: list[str]) -> Mapping[str, Any]:
        feature = {"type": "DOCUMENT_TEXT_DETECTION", "model": self.spec.model}
        request: dict[str, Any] = {"image": {"content": image.base64}, "features": [feature]}
        return {"requests": [{**request, "imageContext": {"languageHints": told}} if told else request]}

    def _reading(self, answer: Mapping[str, Any], page: PageImage) -> Reading:
        response = dict(answer["responses"][0])
        error = response.pop("error", None)
        # What was found beside an error is promised to be right.
        if error and error.get("code") != 0 and "fullTextAnnotation" not in response:
            raise self._refused(error)
        return read_vision(response).on_page(page.width, page.height)

    def _refused(self, error: Mapping[str, Any]) -> EngineError:
        code, said = error.get("code"), quoted(str(error.get("message", "")), (self._key,))
        kind = BY_RPC_CODE.get(code) if isinstance(code, int) else None
        kind = kind or kind_of(VendorReply(status_of(error), str(code), said))
        return kind(headline(kind, self.spec, said), fix=fix_for(kind, self.spec, None, said))
