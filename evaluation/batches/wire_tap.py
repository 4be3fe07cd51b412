"""An adapter's own request, taken down instead of sent; its own understanding of an answer that came another way.

The adapter runs unchanged against a server of this process: so a batch asks exactly what a single call asks, and reads
the answer exactly as a single call does. The server listens on the loopback for the moment of one request.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

from engines.catalogue import with_overrides
from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.errors import EngineError, EngineUnavailable
from engines.registry import build_engine
from evaluation.batches.contract import BatchAnswer, BatchRequest


def take_down(spec: EngineSpec, page: PageImage, task: ReadingTask, custom_id: str) -> BatchRequest:
    """The request the adapter would send; raises `EngineError` where it would send none."""
    with _tap(503, b"{}") as tap:
        try:
            _read(spec, page, task, tap)
        except EngineError as error:
            if tap.body is None:
                raise error from None
    if tap.body is None:
        raise EngineUnavailable(f"{spec.label} sent no request that could be put into a batch.")
    return BatchRequest(custom_id, tap.path, json.loads(tap.body), len(tap.body))


def understand(spec: EngineSpec, page: PageImage, task: ReadingTask, answer: BatchAnswer) -> Reading:
    """What the adapter makes of the answer; raises `EngineError`."""
    with _tap(answer.status, json.dumps(answer.body).encode()) as tap:
        return _read(spec, page, task, tap)


@dataclass(slots=True)
class _Tap:
    port: int
    secret: str
    body: bytes | None = field(default=None, repr=False)
    path: str = ""


def _read(spec: EngineSpec, page: PageImage, task: ReadingTask, tap: _Tap) -> Reading:
    address = f"http://127.0.0.1:{tap.port}{urlsplit(spec.base_url or '').path}"
    return build_engine(with_overrides(spec, base_url=address), tap.secret).read(page, task)


@contextmanager
def _tap(status: int, answer: bytes) -> Iterator[_Tap]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            # Only the adapter knows the key that was made up for this one request.
            if any(tap.secret in value for value in self.headers.values()):
                tap.body, tap.path = body, self.path
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_arguments: object) -> None:
            """Nobody wants to read this."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        tap = _Tap(server.server_port, secrets.token_hex(16))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield tap
        finally:
            server.shutdown()
            thread.join()
