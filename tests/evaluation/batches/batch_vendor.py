"""A server that speaks the four vendors' batch interfaces: keeps what was submitted, is done when it is asked twice."""

import json
import re
import socket
import struct
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.vendor_answers import gemini, messages, mistral, responses

PAGE = b"<!DOCTYPE html><html><body>Bad gateway: the origin is down</body></html>"
STUMBLES = {
    "page": (200, "text/html; charset=utf-8", PAGE),
    "page of a gateway": (502, "text/html", PAGE),
    "cut off": (200, "application/json", b'{"id": "batch_0", "object": "batch", "sta'),
    "half an object": (200, "application/json", b'{"id": "batch_0", "object": "batch", "sta'),
}
"""Beside "reset", which is no answer."""
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
        self.refusing_files = 0
        """The status with which no file is taken."""
        self.refusing = ""
        """The path at which nothing is taken."""
        self.stumbles = []
        """What comes of the next questions about batches instead: a status, or a `STUMBLE`."""
        self.refusals = []
        """Statuses with which the next submissions are refused before one is taken."""
        self.cancel = set()
        """Positions of the requests that were not looked at when the batch was cancelled."""
        self.cut = set()
        """Positions of the requests whose answer comes cut."""
        self.alter = list
        """What is done to the answers of a batch before they are sent."""
        self.whole_again = False
        """Whether a second look at the answers finds them as they should be."""
        self.odd_states = []
        """States that the SDK does not know, as the next questions after a batch are told."""
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
            self._stumble(self.vendor.stumbles.pop(0))
            return
        if path == self.vendor.refusing:
            self._send({"error": {"message": "not today"}}, 403)
            return
        for pattern, answer in ROUTES:
            if match := re.fullmatch(pattern, f"{method} {path}"):
                answer(self, body, *match.groups())
                return
        self._send({"error": {"message": f"no route {method} {path}"}}, 404)

    def _stumble(self, how):
        if isinstance(how, int):
            self._send({"error": {"message": "come back later"}}, how)
            return
        self.close_connection = True
        if how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        status, kind, body = STUMBLES[how]
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body) + 9 * (how == "cut off")))
        self.end_headers()
        self.wfile.write(body)

    def finish(self):
        """A connection that was reset has nothing left to flush."""
        with suppress(OSError, ValueError):
            super().finish()

    @property
    def vendor(self):
        return self.server.vendor

    def _sent(self, answers):
        """The answers of a batch as they go out; those that are cut as bytes."""
        vendor = self.vendor
        cut, altered = vendor.cut, vendor.alter(answers)
        if vendor.whole_again:
            vendor.cut, vendor.alter, vendor.whole_again = set(), list, False
        return [json.dumps(one).encode()[:-40] if place in cut else one for place, one in enumerate(altered)]

    def _as_lines(self, answers):
        sent = self._sent(answers)
        return b"\n".join(one if isinstance(one, bytes) else json.dumps(one).encode() for one in sent)

    def _send(self, document, status=200):
        data = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.send_response(status)
        # Files are bytes, whatever is in them.
        self.send_header(
            "content-type", "application/octet-stream" if isinstance(document, bytes) else "application/json"
        )
        self.send_header("content-length", str(len(data)))
        self.send_header("retry-after", "0")
        self.end_headers()
        self.wfile.write(data)

    def _accept(self, requests, tag, answer):
        """Answer a submission, or refuse it, or hang up after having taken it."""
        if self.vendor.refuse_with or self.vendor.refusals:
            status = self.vendor.refuse_with or self.vendor.refusals.pop(0)
            self._send({"error": {"message": "no"}}, status)
            return
        name = self.vendor.keep(requests, tag)
        if self.vendor.die_before_answering or self.vendor.die_before_keeping:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(answer(name))

    def openai_file(self, body):
        if self.vendor.refusing_files:
            self._send({"error": {"message": "no"}}, self.vendor.refusing_files)
            return
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
        if self.vendor.odd_states:
            self._send(openai_batch(name, self.vendor.odd_states.pop(0)))
        elif not self.vendor.done(name):
            self._send(openai_batch(name, "in_progress"))
        elif self.vendor.end_without_answers:
            error = {"code": "token_limit_exceeded", "message": self.vendor.end_without_answers}
            self._send({**openai_batch(name, "failed"), "errors": {"object": "list", "data": [error]}})
        else:
            said = "expired" if self.vendor.expire else "cancelled" if self.vendor.cancel else "completed"
            self._send(openai_batch(name, said))

    def openai_content(self, _body, name):
        self._send(self._lines(name, lambda: responses(self.server.vendor.text)))

    def _lines(self, name, good):
        lines = []
        for place, (custom_id, _, _) in enumerate(self.vendor.submitted[name]):
            if place in self.vendor.expire | self.vendor.cancel:
                code = "batch_expired" if place in self.vendor.expire else "batch_cancelled"
                error = {"code": code, "message": "This request could not be executed in time."}
                lines.append({"custom_id": custom_id, "response": None, "error": error})
                continue
            status = 400 if place in self.vendor.fail else 500 if place in self.vendor.break_down else 200
            body = good() if status == 200 else {"error": {"message": self.vendor.complaint}}
            response = {"status_code": status, "body": body}
            lines.append({"custom_id": custom_id, "response": response, "error": None})
        return self._as_lines(lines[::-1])  # vendors promise no order

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
        if self.vendor.odd_states:
            self._send(anthropic_batch(self.vendor, name, self.vendor.odd_states.pop(0)))
        else:
            self._send(anthropic_batch(self.vendor, name, "ended" if self.vendor.done(name) else "in_progress"))

    def anthropic_results(self, _body, name):
        lines = []
        for place, (custom_id, _, _) in enumerate(self.vendor.submitted[name]):
            result = {"type": "succeeded", "message": messages(self.server.vendor.text)}
            if place in self.vendor.fail | self.vendor.break_down:
                kind = "invalid_request_error" if place in self.vendor.fail else "api_error"
                error = {"type": "error", "error": {"type": kind, "message": self.vendor.complaint}}
                result = {"type": "errored", "error": error}
            if place in self.vendor.expire | self.vendor.cancel:
                result = {"type": "expired" if place in self.vendor.expire else "canceled"}
            lines.append({"custom_id": custom_id, "result": result})
        self._send(self._as_lines(lines))

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
        if self.vendor.odd_states or not self.vendor.done(name):
            state = self.vendor.odd_states.pop(0) if self.vendor.odd_states else "BATCH_STATE_RUNNING"
            self._send({"name": f"batches/{name}", "metadata": {"state": state}})
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
            if place not in self.vendor.expire | self.vendor.cancel:
                answers.append({"metadata": {"key": custom_id}, **answer})
        inlined = [{} if isinstance(one, bytes) else one for one in self._sent(answers)]
        output = {"inlinedResponses": {"inlinedResponses": inlined}}
        self._send(
            {
                "name": f"batches/{name}",
                "metadata": {
                    "state": "BATCH_STATE_CANCELLED" if self.vendor.cancel else "BATCH_STATE_SUCCEEDED",
                    "output": output,
                },
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
        if self.vendor.odd_states:
            self._send(mistral_job(name, self.vendor.odd_states.pop(0)))
        elif not self.vendor.done(name):
            self._send(mistral_job(name, "RUNNING"))
        elif self.vendor.end_without_answers:
            errors = [{"message": self.vendor.end_without_answers, "count": 3}]
            self._send({**mistral_job(name, "FAILED"), "errors": errors})
        else:
            self._send(mistral_job(name, "CANCELLED" if self.vendor.cancel else "SUCCESS"))

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
        "output_file_id": f"out-{name}" if status in {"completed", "expired", "cancelled"} else None, **USAGE,
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
        "output_file": f"mout-{name}" if status in {"SUCCESS", "CANCELLED"} else None, "model": "mistral-ocr-2512",
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
