"""An adapter's own request, taken down instead of sent; its own understanding of an answer that came another way.

The adapter runs unchanged over a transport that is no wire: so a batch asks exactly what a single call asks, and reads
the answer exactly as a single call does. Nothing leaves: the address is none, and so is the key.
"""

from __future__ import annotations

import json

import httpx2

from engines.catalogue import with_overrides
from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.errors import EngineError, EngineUnavailable
from engines.guarded_http import in_plain_form, sent_through
from engines.registry import build_engine
from evaluation.batches.vendors import BatchAnswer, BatchRequest, Body

NOWHERE = "http://batch.invalid"


def take_down(spec: EngineSpec, page: PageImage, task: ReadingTask, custom_id: str) -> BatchRequest:
    """The request the adapter would send; raises `EngineError` where it would send none."""
    tap = _Tap(503, {})
    try:
        _read(spec, page, task, tap)
    except EngineError as error:
        if tap.request is None:
            raise error from None
    if tap.request is None:
        raise EngineUnavailable(f"{spec.label} sent no request that could be put into a batch.")
    body = tap.request.read()
    return BatchRequest(custom_id, tap.request.url.raw_path.decode(), json.loads(body), len(body))


def understand(spec: EngineSpec, page: PageImage, task: ReadingTask, answer: BatchAnswer) -> Reading:
    """What the adapter makes of the answer; raises `EngineError`."""
    return _read(spec, page, task, _Tap(answer.status, answer.body))


class _Tap(httpx2.BaseTransport):
    def __init__(self, status: int, answer: Body) -> None:
        self._status = status
        self._answer = answer
        self.request: httpx2.Request | None = None

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.request = request
        return in_plain_form(httpx2.Response(self._status, json=self._answer))


def _read(spec: EngineSpec, page: PageImage, task: ReadingTask, tap: _Tap) -> Reading:
    # No path of the row's own: a batch names its requests as the vendor does, whatever a gateway puts before that.
    nowhere = with_overrides(spec, base_url=NOWHERE)
    with sent_through(tap):
        return build_engine(nowhere, "no key").read(page, task)
