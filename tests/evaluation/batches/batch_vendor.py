"""A server that speaks the four vendors' batch interfaces: keeps what was submitted, is done when it is asked twice."""

import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.vendor_answers import gemini, messages, mistral, responses

USAGE = {"request_counts": {"total": 1, "completed": 1, "failed": 0}}


class BatchVendor:
    """`submitted` holds every batch with its requests; `asked` counts how often each was looked at."""

    def __init__(self):
        self.submitted = {}
        self.tags = {}
        self.asked = {}
        self.polls_until_done = 2
        self.refuse_with = 0
        self.die_before_answering = False
        self.fail = set()
        """Positions of the requests that fail, with `complaint` for a reason."""
        self.complaint = "bad image"
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.vendor = self
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self._server.shutdown()
        self._server.server_close()

    @property
    def requests(self):
        return [request for requests in self.submitted.values() for request in requests]

    def keep(self, requests, tag=""):
        name = f"batch_{len(self.submitted)}"
        self.submitted[name], self.tags[name] = requests, tag
        return name

    def done(self, name):
        self.asked[name] = self.asked.get(name, 0) + 1
        return self.asked[name] >= self.polls_until_done


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        pass

    def do_GET(self):
        self._route("GET", b"")

    def do_POST(self):
        self._route("POST", self.rfile.read(int(self.headers["content-length"])))

    def _route(self, method, body):
        path = self.path.split("?")[0]
        for pattern, answer in ROUTES:
            if match := re.fullmatch(pattern, f"{method} {path}"):
                answer(self, body, *match.groups())
                return
        self._send({"error": {"message": f"no route {method} {path}"}}, 404)

    @property
    def vendor(self):
        return self.server.vendor

    def _send(self, document, status=200):
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        # Files are bytes, whatever is in them.
        self.send_header(
            "content-type", "application/octet-stream" if isinstance(document, bytes) else "application/json"
        )
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _accept(self, requests, tag, answer):
        """Answer a submission, or refuse it, or hang up after having taken it."""
        if self.vendor.refuse_with:
            self._send({"error": {"message": "no"}}, self.vendor.refuse_with)
            return
        name = self.vendor.keep(requests, tag)
        if self.vendor.die_before_answering:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(answer(name))

    def openai_file(self, body):
        lines = [line for line in body.splitlines() if line.startswith(b'{"custom_id"')]
        self.server.lines = [json.loads(line) for line in lines]
        self._send(openai_file())

    def openai_create(self, body):
        tag = json.loads(body)["metadata"]["inkquest"]
        requests = [(line["custom_id"], line["url"], line["body"]) for line in self.server.lines]
        self._accept(requests, tag, lambda name: openai_batch(name, "validating", tag))

    def openai_list(self, _body):
        batches = [openai_batch(name, "in_progress", tag) for name, tag in self.vendor.tags.items()]
        self._send({"object": "list", "data": batches, "has_more": False})

    def openai_get(self, _body, name):
        self._send(openai_batch(name, "completed" if self.vendor.done(name) else "in_progress"))

    def openai_content(self, _body, name):
        self._send(self._lines(name, lambda: responses("first line")))

    def _lines(self, name, good):
        lines = []
        for place, (custom_id, _, _) in enumerate(self.vendor.submitted[name]):
            failed = place in self.vendor.fail
            answer = {"status_code": 400, "body": {"error": {"message": self.vendor.complaint}}} if failed else None
            lines.append(
                {"custom_id": custom_id, "response": answer or {"status_code": 200, "body": good()}, "error": None}
            )
        return b"\n".join(json.dumps(line).encode() for line in reversed(lines))  # vendors promise no order

    def anthropic_create(self, body):
        requests = [(one["custom_id"], "/v1/messages", one["params"]) for one in json.loads(body)["requests"]]
        self._accept(requests, "", lambda name: anthropic_batch(self.vendor, name, "in_progress"))

    def anthropic_get(self, _body, name):
        self._send(anthropic_batch(self.vendor, name, "ended" if self.vendor.done(name) else "in_progress"))

    def anthropic_results(self, _body, name):
        lines = []
        for place, (custom_id, _, _) in enumerate(self.vendor.submitted[name]):
            error = {"type": "error", "error": {"type": "invalid_request_error", "message": self.vendor.complaint}}
            good = {"type": "succeeded", "message": messages("first line")}
            result = {"type": "errored", "error": error} if place in self.vendor.fail else good
            lines.append(json.dumps({"custom_id": custom_id, "result": result}))
        self._send("\n".join(lines).encode())

    def gemini_create(self, body):
        batch = json.loads(body)["batch"]
        inline = batch["inputConfig"]["requests"]["requests"]
        requests = [(one["metadata"]["key"], "", one["request"]) for one in inline]
        self._accept(
            requests,
            batch["displayName"],
            lambda name: {"name": f"batches/{name}", "metadata": {"state": "BATCH_STATE_PENDING"}},
        )

    def gemini_get(self, _body, name):
        if not self.vendor.done(name):
            self._send({"name": f"batches/{name}", "metadata": {"state": "BATCH_STATE_RUNNING"}})
            return
        answers = [
            {
                "metadata": {"key": custom_id},
                **(
                    {"error": {"code": 3, "message": self.vendor.complaint}}
                    if place in self.vendor.fail
                    else {"response": gemini("first line")}
                ),
            }
            for place, (custom_id, _, _) in enumerate(self.vendor.submitted[name])
        ]
        output = {"inlinedResponses": {"inlinedResponses": answers}}
        self._send(
            {
                "name": f"batches/{name}",
                "metadata": {"state": "BATCH_STATE_SUCCEEDED", "output": output},
                "done": True,
                "response": output,
            }
        )

    def mistral_create(self, body):
        asked = json.loads(body)
        requests = [(one["custom_id"], asked["endpoint"], one["body"]) for one in asked["requests"]]
        self._accept(requests, asked["metadata"]["inkquest"], lambda name: mistral_job(name, "QUEUED"))

    def mistral_list(self, _body):
        jobs = [mistral_job(name, "RUNNING") for name in self.vendor.tags]
        self._send({"data": jobs, "object": "list", "total": len(jobs)})

    def mistral_get(self, _body, name):
        self._send(mistral_job(name, "SUCCESS" if self.vendor.done(name) else "RUNNING"))

    def mistral_content(self, _body, name):
        self._send(self._lines(name, lambda: mistral("first line")))


def openai_file():
    return {
        "id": "file-1",
        "object": "file",
        "bytes": 1,
        "created_at": 1,
        "filename": "b",
        "purpose": "batch",
        "status": "processed",
    }


def openai_batch(name, status, tag=""):
    return {
        "id": name, "object": "batch", "endpoint": "/v1/responses", "input_file_id": "file-1",
        "completion_window": "24h", "status": status, "created_at": 1, "metadata": {"inkquest": tag},
        "output_file_id": f"out-{name}" if status == "completed" else None, **USAGE,
    }  # fmt: skip


def anthropic_batch(vendor, name, status):
    return {
        "id": name, "type": "message_batch", "processing_status": status, "created_at": "2026-11-23T00:00:00Z",
        "expires_at": "2026-11-24T00:00:00Z", "ended_at": None, "archived_at": None, "cancel_initiated_at": None,
        "request_counts": {"processing": 0, "succeeded": 1, "errored": 0, "canceled": 0, "expired": 0},
        "results_url": f"{vendor.url}/v1/messages/batches/{name}/results" if status == "ended" else None,
    }  # fmt: skip


def mistral_job(name, status):
    return {
        "id": name, "object": "batch", "input_files": [], "endpoint": "/v1/ocr", "errors": [], "status": status,
        "created_at": 1, "total_requests": 1, "completed_requests": 1, "succeeded_requests": 1, "failed_requests": 0,
        "output_file": f"mout-{name}" if status == "SUCCESS" else None, "model": "mistral-ocr-2512", "metadata": {},
    }  # fmt: skip


ROUTES = (
    ("POST /v1/files", _Handler.openai_file),
    ("POST /v1/batches", _Handler.openai_create),
    ("GET /v1/batches", _Handler.openai_list),
    ("GET /v1/batches/([^/]+)", _Handler.openai_get),
    ("GET /v1/files/out-([^/]+)/content", _Handler.openai_content),
    ("POST /v1/messages/batches", _Handler.anthropic_create),
    ("GET /v1/messages/batches/([^/]+)", _Handler.anthropic_get),
    ("GET /v1/messages/batches/([^/]+)/results", _Handler.anthropic_results),
    ("POST /v1beta/models/[^/]+:batchGenerateContent", _Handler.gemini_create),
    ("GET /v1beta/batches/([^/]+)", _Handler.gemini_get),
    ("POST /v1/batch/jobs", _Handler.mistral_create),
    ("GET /v1/batch/jobs", _Handler.mistral_list),
    ("GET /v1/batch/jobs/([^/]+)", _Handler.mistral_get),
    ("GET /v1/files/mout-([^/]+)/content", _Handler.mistral_content),
)
