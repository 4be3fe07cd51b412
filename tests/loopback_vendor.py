"""One small HTTP server that speaks every vendor's wire format, with faults on demand. No vendor is ever called.

`vendor.fault` names what goes wrong (see FAULTS); `vendor.requests` holds what came in; `vendor.billed` counts the
calls a real vendor would charge for: those it did the work for, whether or not the answer arrived.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from urllib.parse import unquote_plus

from tests.vendor_answers import answer_of, counting, error_of, without_counts

STATUSES = {
    "401": 401, "402": 402, "403": 403, "404": 404, "408": 408, "413": 413, "422": 422, "429": 429,
    "429 retry-after": 429, "429 quota": 429, "500": 500, "503": 503, "504": 504, "529": 529,
}  # fmt: skip
UNBILLED = {*STATUSES, "redirect", "reset unsent", "error under 200"} - {"504"}
FAULTS = (
    *STATUSES, "redirect", "reset unsent", "reset sent", "drip", "header drip", "truncated json", "html",
    "empty object", "compressed", "huge", "empty", "refusal", "cut", "error under 200", "event stream", "half usage",
)  # fmt: skip

# Answers to these requests are not the reading itself: tokens, queue states, deletions.
SUBMITS = (":analyze", "/processes")


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def json(self):
        return json.loads(self.body)


class LoopbackVendor:
    """Use as a context manager; `url` is its address without a path."""

    def __init__(self, fault: str = "", *, key: str = "") -> None:
        self.fault = fault
        self.keys = (key,)
        """Its customers': an error repeats the one that was sent."""
        self.requests: list[Request] = []
        self.billed = 0
        self.retry_after = "7"
        self.polls_until_done = 1
        self.faults_left = 10**9
        self.fault_everywhere = False
        """Whether the fault strikes at every request, logging in too, and not only where it usually would."""
        self.answering = threading.Event()
        """Cleared, whoever asks waits for their answer."""
        self.answering.set()
        self.ended = threading.Event()
        self.poll_faults: list[str] = []
        """What goes wrong at the next questions after an accepted job, one fault each."""
        self.hanging_method = ""
        """Requests of this method are taken and never answered."""
        self.cached_tokens = 0
        """How many of a prompt's tokens come from the cache."""
        self.cache_writes = 0
        """How many of them it says that it wrote there, whatever was asked for."""
        self.counts: object = ...
        """What every count of a good answer is instead, if anything is said."""
        self.answers: dict[str, object] = {}
        """What to answer instead, by the end of the path."""
        self.success = 200, "application/json"
        """The status and the type of a good answer in JSON."""
        self.instead_of_dear = ""
        """What a reading says in the place of its first word, if anything."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.vendor = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.operations_at = self.url
        """Where Azure says that the result will be."""

    def __enter__(self) -> LoopbackVendor:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._server.server_close()

    def key_of(self, request: Request) -> str:
        """The only customer's key, or that of several which stands in the request."""
        if len(self.keys) == 1:
            return self.keys[0]
        sent = f"{request.headers} {unquote_plus(request.body.decode('latin-1'))}"
        return next((key for key in self.keys if key in sent), "")

    @property
    def reading_requests(self) -> list[Request]:
        """The requests that ask for a reading: one each, unless somebody retried."""
        return [request for request in self.requests if request.method == "POST" and "token" not in request.path]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    vendor: LoopbackVendor

    def handle_error(self, request, client_address):
        """A client that hangs up is expected here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle(self):
        if self.server.vendor.fault == "reset unsent":
            self._reset()
            return
        with suppress(ConnectionError):
            super().handle()

    def log_message(self, *_args):
        pass

    def do_GET(self):
        self._answer()

    def do_POST(self):
        self._answer()

    def do_DELETE(self):
        self._answer()

    def _answer(self):
        vendor = self.server.vendor
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        request = Request(self.command, self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        vendor.requests.append(request)
        vendor.answering.wait()
        if request.method == vendor.hanging_method:
            vendor.ended.wait()
        self.close_connection = True
        fault = vendor.fault if vendor.faults_left and self._concerns(request, vendor.fault) else ""
        vendor.faults_left -= bool(fault)
        if (
            vendor.poll_faults
            and request.method == "GET"
            and ("analyzeResults" in self.path or "/processes/" in self.path)
        ):
            fault = vendor.poll_faults.pop(0)
        asks_for_reading = request in vendor.reading_requests
        if asks_for_reading and fault not in UNBILLED:
            vendor.billed += 1
        if fault in STATUSES:
            headers = {"retry-after": vendor.retry_after} if fault == "429 retry-after" else {}
            self._send(STATUSES[fault], error_of(request, fault, vendor.key_of(request)), headers)
        elif fault:
            getattr(self, "_fault_" + fault.replace(" ", "_"))(request)
        else:
            self._send_answer(request, "")

    def _concerns(self, request: Request, fault: str) -> bool:
        """Whether the fault strikes here: refusals at the first request, broken answers at the reading itself."""
        if self.server.vendor.fault_everywhere:
            return True
        if "token" in request.path or request.method == "DELETE":
            return False
        if any(part in request.path for part in SUBMITS) or "analyzeResults" in request.path:
            at_submission = request.method == "POST"
            return at_submission == (fault in UNBILLED or fault in {"reset sent", "504"})
        return True

    def _send_answer(self, request: Request, fault: str):
        vendor = self.server.vendor
        for ending, answer in vendor.answers.items():
            if request.path.split("?")[0].endswith(ending):
                self._send(200, answer)
                return
        status, answer, headers = answer_of(request, fault, vendor)
        if fault == "half usage":
            answer = without_counts(answer)
        elif vendor.counts is not ...:
            answer = counting(answer, vendor.counts)
        self._send(status, answer, headers)

    def _send(self, status: int, answer: object, headers: Mapping[str, str] | None = None):
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        kind = "application/xml" if content.startswith(b"<?xml") else "application/json"
        if status == 200 and kind == "application/json":
            status, kind = self.server.vendor.success
        if status == 200 and self.server.vendor.instead_of_dear:
            content = content.replace(b"Dear", self.server.vendor.instead_of_dear.encode())
        self._send_raw(status, content, {"content-type": kind, **(headers or {})})

    def _send_raw(self, status: int, content: bytes, headers: Mapping[str, str]):
        self.send_response(status, "-")
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(content)

    def _reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def _fault_reset_sent(self, _request):
        self._reset()

    def _fault_redirect(self, _request):
        self._send_raw(307, b"", {"location": "http://127.0.0.1:9/stolen"})

    def _fault_drip(self, _request):
        self.wfile.write(b"HTTP/1.1 200 -\r\ncontent-type: application/json\r\ncontent-length: 100000\r\n\r\n{")
        self._drip(b" ")

    def _fault_header_drip(self, _request):
        self.wfile.write(b"HTTP/1.1 200 -\r\nx-slow: ")
        self._drip(b"x")

    def _drip(self, byte: bytes):
        for _ in range(100):
            self.wfile.write(byte)
            self.wfile.flush()
            sleep(0.1)

    def _fault_truncated_json(self, _request):
        self._send_raw(200, b'{"id": "x", "choices": [{"mess', {"content-type": "application/json"})

    def _fault_html(self, _request):
        self._send_raw(200, b"<html>sign in to the network</html>", {"content-type": "text/html; charset=utf-8"})

    def _fault_empty_object(self, _request):
        self._send(200, {})

    def _fault_error_under_200(self, _request):
        self._send(200, {"error": {"message": "Provider returned error: try later", "code": 429}})

    def _fault_event_stream(self, _request):
        self._send_raw(200, b"data: {}\n\ndata: [DONE]\n\n", {"content-type": "text/event-stream"})

    def _fault_half_usage(self, request):
        self._send_answer(request, "half usage")

    def _fault_compressed(self, _request):
        self._send_raw(200, b"\x1f\x8b\x08", {"content-type": "application/json", "content-encoding": "gzip"})

    def _fault_huge(self, _request):
        self.wfile.write(b'HTTP/1.1 200 -\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"a":"')
        for _ in range(300):
            self.wfile.write(b"x" * 1_000_000)

    def _fault_empty(self, request):
        self._send_answer(request, "empty")

    def _fault_refusal(self, request):
        self._send_answer(request, "refusal")

    def _fault_cut(self, request):
        self._send_answer(request, "cut")
