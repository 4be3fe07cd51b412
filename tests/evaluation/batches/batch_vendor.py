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
        self.die_before_keeping = False
        self.refusing = ""
        """The path at which nothing is taken."""
        self.stumbles = []
        """Statuses with which the next questions about batches are answered instead."""
        self.expire = set()
        """Positions of the requests that nobody looked at within the day."""
        self.break_down = set()
        """Positions of the requests at which the vendor itself failed."""
        self.end_without_answers = ""
        """Why a batch as a whole comes to nothing, if it does."""
        self.prefix = ""
        """The path that a gateway puts before the vendor's own."""
        self.created_at = "2036-11-23T00:00:00Z"
        """When Anthropic says that its batches were made; as a rule after whatever a test does."""
        self.results_at = ""
        """The host that Anthropic names for the results, where it is not this one."""
        self.fail = set()
        """Positions of the requests that fail, with `complaint` for a reason."""
        self.complaint = "bad image"
        self.text = "first line"
        """What is read on every page."""
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
        if self.die_before_keeping:
            return ""
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
        if not path.startswith(self.vendor.prefix):
            self._send({"error": {"message": f"the gateway knows no {path}"}}, 404)
            return
        path = path.removeprefix(self.vendor.prefix)
        if method == "GET" and self.vendor.stumbles:
            self._send({"error": {"message": "come back later"}}, self.vendor.stumbles.pop(0))
            return
        if path == self.vendor.refusing:
            self._send({"error": {"message": "not today"}}, 403)
            return
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
        if self.vendor.die_before_answering or self.vendor.die_before_keeping:
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
        assert json.loads(body)["endpoint"] == "/v1/responses"
        self._accept(requests, tag, lambda name: openai_batch(name, "validating", tag))

    def openai_list(self, _body):
        batches = [openai_batch(name, "in_progress", tag) for name, tag in self.vendor.tags.items()]
        self._send({"object": "list", "data": batches, "has_more": False})

    def openai_get(self, _body, name):
        if not self.vendor.done(name):
            self._send(openai_batch(name, "in_progress"))
        elif self.vendor.end_without_answers:
            error = {"code": "token_limit_exceeded", "message": self.vendor.end_without_answers}
            self._send({**openai_batch(name, "failed"), "errors": {"object": "list", "data": [error]}})
        else:
            self._send(openai_batch(name, "expired" if self.vendor.expire else "completed"))

    def openai_content(self, _body, name):
        self._send(self._lines(name, lambda: responses(self.server.vendor.text)))

    def _lines(self, name, good):
        lines = []
        for place, (custom_id, _, _) in enumerate(self.vendor.submitted[name]):
            if place in self.vendor.expire:
                error = {"code": "batch_expired", "message": "This request could not be executed in time."}
                lines.append({"custom_id": custom_id, "response": None, "error": error})
                continue
            status = 400 if place in self.vendor.fail else 500 if place in self.vendor.break_down else 200
            body = good() if status == 200 else {"error": {"message": self.vendor.complaint}}
            response = {"status_code": status, "body": body}
            lines.append({"custom_id": custom_id, "response": response, "error": None})
        return b"\n".join(json.dumps(line).encode() for line in reversed(lines))  # vendors promise no order

    def anthropic_create(self, body):
        requests = [(one["custom_id"], "/v1/messages", one["params"]) for one in json.loads(body)["requests"]]
        self._accept(requests, "", lambda name: anthropic_batch(self.vendor, name, "in_progress"))

    def anthropic_list(self, _body):
        batches = [
            anthropic_batch(self.vendor, name, "ended" if self.vendor.done(name) else "in_progress")
            for name in reversed(self.vendor.submitted)
        ]
        self._send({"data": batches, "has_more": False, "first_id": None, "last_id": None})

    def anthropic_get(self, _body, name):
        self._send(anthropic_batch(self.vendor, name, "ended" if self.vendor.done(name) else "in_progress"))

    def anthropic_results(self, _body, name):
        lines = []
        for place, (custom_id, _, _) in enumerate(self.vendor.submitted[name]):
            result = {"type": "succeeded", "message": messages(self.server.vendor.text)}
            if place in self.vendor.fail | self.vendor.break_down:
                kind = "invalid_request_error" if place in self.vendor.fail else "api_error"
                error = {"type": "error", "error": {"type": kind, "message": self.vendor.complaint}}
                result = {"type": "errored", "error": error}
            if place in self.vendor.expire:
                result = {"type": "expired"}
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

    def gemini_list(self, _body):
        jobs = [
            {"name": f"batches/{name}", "metadata": {"state": "BATCH_STATE_RUNNING", "displayName": tag}}
            for name, tag in self.vendor.tags.items()
        ]
        self._send({"operations": jobs})

    def gemini_get(self, _body, name):
        if not self.vendor.done(name):
            self._send({"name": f"batches/{name}", "metadata": {"state": "BATCH_STATE_RUNNING"}})
            return
        if self.vendor.end_without_answers:
            error = {"code": 8, "message": self.vendor.end_without_answers}
            self._send(
                {"name": f"batches/{name}", "metadata": {"state": "BATCH_STATE_FAILED"}, "done": True, "error": error}
            )
            return
        codes = {place: 3 for place in self.vendor.fail} | {place: 13 for place in self.vendor.break_down}
        answers = []
        for place, (custom_id, _, _) in enumerate(self.vendor.submitted[name]):
            error = {"error": {"code": codes.get(place), "message": self.vendor.complaint}}
            answer = error if place in codes else {"response": gemini(self.server.vendor.text)}
            if place not in self.vendor.expire:
                answers.append({"metadata": {"key": custom_id}, **answer})
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
        # Whatever filter was asked for.
        jobs = [mistral_job("another", "RUNNING", "not ours")]
        jobs += [mistral_job(name, "RUNNING", tag) for name, tag in self.vendor.tags.items()]
        self._send({"data": jobs, "object": "list", "total": len(jobs)})

    def mistral_get(self, _body, name):
        if not self.vendor.done(name):
            self._send(mistral_job(name, "RUNNING"))
        elif self.vendor.end_without_answers:
            errors = [{"message": self.vendor.end_without_answers, "count": 3}]
            self._send({**mistral_job(name, "FAILED"), "errors": errors})
        else:
            self._send(mistral_job(name, "SUCCESS"))

    def mistral_content(self, _body, name):
        self._send(self._lines(name, lambda: mistral(self.server.vendor.text)))


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
        "output_file_id": f"out-{name}" if status in {"completed", "expired"} else None, **USAGE,
    }  # fmt: skip


def anthropic_batch(vendor, name, status):
    return {
        "id": name, "type": "message_batch", "processing_status": status,
        "created_at": vendor.created_at, "expires_at": "2036-11-24T00:00:00Z",
        "ended_at": None, "archived_at": None, "cancel_initiated_at": None,
        "request_counts": {
            "processing": 0, "succeeded": len(vendor.submitted[name]), "errored": 0, "canceled": 0, "expired": 0,
        },
        "results_url": f"{vendor.results_at or vendor.url}/v1/messages/batches/{name}/results"
        if status == "ended" else None,
    }  # fmt: skip


def mistral_job(name, status, tag=""):
    return {
        "id": name, "object": "batch", "input_files": [], "endpoint": "/v1/ocr", "errors": [], "status": status,
        "created_at": 1, "total_requests": 1, "completed_requests": 1, "succeeded_requests": 1, "failed_requests": 0,
        "output_file": f"mout-{name}" if status == "SUCCESS" else None, "model": "mistral-ocr-2512",
        "metadata": {"inkquest": tag},
    }  # fmt: skip


ROUTES = (
    ("POST /v1/files", _Handler.openai_file),
    ("POST /v1/batches", _Handler.openai_create),
    ("GET /v1/batches", _Handler.openai_list),
    ("GET /v1/batches/([^/]+)", _Handler.openai_get),
    ("GET /v1/files/out-([^/]+)/content", _Handler.openai_content),
    ("POST /v1/messages/batches", _Handler.anthropic_create),
    ("GET /v1/messages/batches", _Handler.anthropic_list),
    ("GET /v1/messages/batches/([^/]+)", _Handler.anthropic_get),
    ("GET /v1/messages/batches/([^/]+)/results", _Handler.anthropic_results),
    ("POST /v1beta/models/[^/]+:batchGenerateContent", _Handler.gemini_create),
    ("GET /v1beta/batches", _Handler.gemini_list),
    ("GET /v1beta/batches/([^/]+)", _Handler.gemini_get),
    ("POST /v1/batch/jobs", _Handler.mistral_create),
    ("GET /v1/batch/jobs", _Handler.mistral_list),
    ("GET /v1/batch/jobs/([^/]+)", _Handler.mistral_get),
    ("GET /v1/files/mout-([^/]+)/content", _Handler.mistral_content),
)
