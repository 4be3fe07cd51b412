"""What a batch interface takes and gives, and those of OpenAI, Anthropic, Google and Mistral through their own SDKs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx2

from engines.contract import EngineSpec, WireProtocol
from engines.endpoint import base_url, required_key
from engines.errors import EngineError, EngineRejected, ModelGone
from engines.guarded_http import Deadline, guarded_client
from engines.sdk_errors import quoted, translated, understood

MOST_SECONDS = 600.0
MOST_BYTES = 500_000_000
TAG = "inkquest"
CLOCKS_DIFFER_SECONDS = 3600.0
"""By how much the vendor's clock and the ledger's may differ."""

Body = Mapping[str, Any]
"""A JSON object as the vendor's interface defines it."""


@dataclass(frozen=True, slots=True)
class BatchRequest:
    """One page to be read: what would have been posted to `path`."""

    custom_id: str
    path: str
    body: Body = field(repr=False)
    size: int = 0


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What came back for one request; a status other than 200 is a failure that is not billed."""

    custom_id: str
    status: int
    body: Body = field(repr=False)


@dataclass(frozen=True, slots=True)
class BatchEnd:
    """A batch that is over; `complaint` is what the vendor says of it as a whole, in its own words."""

    answers: Sequence[BatchAnswer]
    complaint: str = ""
    unreadable: int = 0
    """Answers that came cut or in no known form: nobody can tell whose they are."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What is known at the vendor of a batch whose receipt got lost: what its tag and its requests tell."""

    tag: str
    custom_ids: frozenset[str]
    created_at: float


@dataclass(frozen=True, slots=True)
class Search:
    """The vendor's id of a lost batch, or whether one that is not over yet may turn out to be it."""

    batch_id: str | None = None
    undecided: bool = False


class BatchVendor(Protocol):
    """Every method raises `EngineError`."""

    def submit(self, requests: Sequence[BatchRequest], tag: str) -> str:
        """Send a batch; returns the vendor's id of it. `tag` is kept with it where the vendor keeps such things."""

    def find(self, lost: Lost) -> Search:
        """Look whether the vendor has it."""

    def end_of(self, batch_id: str) -> BatchEnd | None:
        """What came back, or None while the batch is not over."""


class _Account:
    """A row's address and key, and the guarded HTTP that its SDK shall use."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        self.spec = spec
        self.key = required_key(spec, key)
        self.address = base_url(spec)

    @contextmanager
    def http(self) -> Iterator[httpx2.Client]:
        """SDK errors become ours inside this block, and so does what stumbles over an answer."""
        deadline = Deadline.after(MOST_SECONDS)
        try:
            with (
                translated(self.spec, self.key),
                guarded_client(deadline, self.address, most_bytes=MOST_BYTES) as http,
                understood(self.spec),
            ):
                yield http
        except ModelGone as error:
            # 404 says no more than that.
            fix = f"{error.fix} Check the base URL, too.".lstrip()
            raise ModelGone(f"{error} Or no such batch, or no batches at all.", fix=fix) from None

    def quoted(self, messages: Iterable[str | None]) -> str:
        """The first of a vendor's complaints, on one line and without the key."""
        return quoted(next((message for message in messages if message), ""), [self.key])


class OpenAIBatches(_Account):
    """A file of requests, then a batch over it; answers come as one or two files."""

    def submit(self, requests: Sequence[BatchRequest], tag: str) -> str:
        lines = ({"custom_id": r.custom_id, "method": "POST", "url": r.path, "body": r.body} for r in requests)
        with self.http() as http:
            client = self._client(http)
            with _unpaid(), translated(self.spec, self.key):
                file = client.files.create(file=("batch.jsonl", _jsonl(lines)), purpose="batch")
            batch = client.batches.create(
                input_file_id=file.id, endpoint=requests[0].path, completion_window="24h", metadata={TAG: tag}
            )
        return str(batch.id)

    def find(self, lost: Lost) -> Search:
        with self.http() as http:
            batches = self._client(http).batches.list(limit=100)
            tagged = (batch.id for batch in batches if (batch.metadata or {}).get(TAG) == lost.tag)
            return Search(next(tagged, None))

    def end_of(self, batch_id: str) -> BatchEnd | None:
        with self.http() as http:
            client = self._client(http)
            batch = client.batches.retrieve(batch_id)
            if batch.status not in OPENAI_OVER:
                return None
            files = [file for file in (batch.output_file_id, batch.error_file_id) if file]
            lines = [line for file in files for line in _lines(client.files.content(file).read())]
        errors = (batch.errors.data or []) if batch.errors else []
        return _end(lines, _openai_answer, self.quoted(error.message for error in errors))

    def _client(self, http: httpx2.Client) -> Any:  # noqa: ANN401  (the SDK is imported only here)
        from openai import OpenAI

        return OpenAI(api_key=self.key, base_url=self.address, http_client=http, max_retries=0)


class AnthropicBatches(_Account):
    """Requests inline, answers as JSON lines. It keeps no tag: a lost batch is known by its requests once over."""

    def submit(self, requests: Sequence[BatchRequest], tag: str) -> str:
        with self.http() as http:
            batches = self._client(http).messages.batches
            made = batches.create(requests=[{"custom_id": r.custom_id, "params": r.body} for r in requests])
        return str(made.id)

    def find(self, lost: Lost) -> Search:
        undecided = False
        with self.http() as http:
            client = self._client(http)
            for batch in client.messages.batches.list(limit=100):  # the newest first
                if batch.created_at.timestamp() < lost.created_at - CLOCKS_DIFFER_SECONDS:
                    break
                if sum(batch.request_counts.model_dump().values()) != len(lost.custom_ids):
                    continue
                if batch.processing_status != "ended":
                    undecided = True
                elif not lost.custom_ids.isdisjoint(one.custom_id for one in self._results(client, batch.id).answers):
                    return Search(str(batch.id))
        return Search(undecided=undecided)

    def end_of(self, batch_id: str) -> BatchEnd | None:
        with self.http() as http:
            client = self._client(http)
            if client.messages.batches.retrieve(batch_id).processing_status != "ended":
                return None
            return self._results(client, batch_id)

    def _results(self, client: Any, batch_id: str) -> BatchEnd:  # noqa: ANN401
        """Where the row's address leads: the SDK would go to `results_url`, which passes by a gateway."""
        answer = client.get(f"/v1/messages/batches/{batch_id}/results", cast_to=httpx2.Response)
        return _end(_lines(answer.content), _anthropic_answer)

    def _client(self, http: httpx2.Client) -> Any:  # noqa: ANN401
        from anthropic import Anthropic

        return Anthropic(api_key=self.key, base_url=self.address, http_client=http, max_retries=0, timeout=MOST_SECONDS)


class GeminiBatches(_Account):
    """Requests inline, answers inline in the finished job."""

    def submit(self, requests: Sequence[BatchRequest], tag: str) -> str:
        with self.http() as http:
            client, types = self._client(http)
            inline = [
                types.InlinedRequest(
                    contents=[types.Content.model_validate(content) for content in request.body["contents"]],
                    config=types.GenerateContentConfig.model_validate(request.body.get("generationConfig", {})),
                    metadata={"key": request.custom_id},
                )
                for request in requests
            ]
            job = client.batches.create(model=self.spec.model, src=inline, config={"display_name": f"{TAG}-{tag}"})
        return str(job.name)

    def find(self, lost: Lost) -> Search:
        with self.http() as http:
            client, _ = self._client(http)
            named = (str(job.name) for job in client.batches.list() if job.display_name == f"{TAG}-{lost.tag}")
            return Search(next(named, None))

    def end_of(self, batch_id: str) -> BatchEnd | None:
        # Not through the SDK: it leaves out why a job came to nothing, and one odd answer would cost it all others.
        with self.http() as http:
            asked = http.get(f"{self.address}/v1beta/{batch_id}", headers={"x-goog-api-key": self.key})
            job = asked.raise_for_status().json()
            about = job.get("metadata") or {}
            if not job.get("done") and str(about.get("state")) not in GEMINI_OVER:
                return None
            output = job.get("response") or about.get("output") or {}
            inlined = (output.get("inlinedResponses") or {}).get("inlinedResponses") or []
            return _end(inlined, _gemini_answer, self.quoted([(job.get("error") or {}).get("message")]))

    def _client(self, http: httpx2.Client) -> tuple[Any, Any]:
        from google import genai

        options = genai.types.HttpOptions(
            base_url=self.address, httpx_client=http, timeout=int(MOST_SECONDS * 1000), api_version="v1beta"
        )
        return genai.Client(api_key=self.key, vertexai=False, http_options=options), genai.types


class MistralBatches(_Account):
    """Requests inline, answers as a file."""

    def submit(self, requests: Sequence[BatchRequest], tag: str) -> str:
        bodies = [
            {"custom_id": r.custom_id, "body": {k: v for k, v in r.body.items() if k != "model"}} for r in requests
        ]
        with self.http() as http:
            job = self._client(http).batch.jobs.create(
                endpoint=requests[0].path, requests=bodies, model=self.spec.model, metadata={TAG: tag}
            )
        return str(job.id)

    def find(self, lost: Lost) -> Search:
        with self.http() as http:
            jobs = self._client(http).batch.jobs.list(metadata={TAG: lost.tag}).data or []
        # Asked again here: a gateway may leave out the filter.
        return Search(next((str(job.id) for job in jobs if (job.metadata or {}).get(TAG) == lost.tag), None))

    def end_of(self, batch_id: str) -> BatchEnd | None:
        with self.http() as http:
            client = self._client(http)
            job = client.batch.jobs.get(job_id=batch_id)
            if job.status not in MISTRAL_OVER:
                return None
            files = [file for file in (job.output_file, job.error_file) if file]
            lines = [line for file in files for line in _lines(client.files.download(file_id=file).read())]
        return _end(lines, _openai_answer, self.quoted(error.message for error in job.errors))

    def _client(self, http: httpx2.Client) -> Any:  # noqa: ANN401
        from mistralai.client import Mistral

        return Mistral(api_key=self.key, server_url=self.address, client=http)


# A state that is not here may be one of waiting: taken for the end, every page would be bought again.
OPENAI_OVER = {"completed", "failed", "expired", "cancelled"}
MISTRAL_OVER = {"SUCCESS", "FAILED", "TIMEOUT_EXCEEDED", "CANCELLED"}
GEMINI_OVER = {
    "BATCH_STATE_SUCCEEDED", "BATCH_STATE_PARTIALLY_SUCCEEDED", "BATCH_STATE_FAILED", "BATCH_STATE_CANCELLED",
    "BATCH_STATE_EXPIRED",
}  # fmt: skip

# What a request that failed inside a batch would have been answered alone; what is not here is the vendor's own fault.
ANTHROPIC_STATUS = {
    "invalid_request_error": 400, "authentication_error": 401, "billing_error": 402, "permission_error": 403,
    "not_found_error": 404, "request_too_large": 413, "rate_limit_error": 429, "timeout_error": 503,
    "overloaded_error": 529,
}  # fmt: skip
GOOGLE_STATUS = {3: 400, 5: 404, 7: 403, 8: 429, 9: 400, 11: 400, 16: 401}
"""By google.rpc.Code: invalid argument, not found, permission denied, resource exhausted and their like."""

VENDORS: Mapping[WireProtocol, Callable[[EngineSpec, str | None], BatchVendor]] = {
    WireProtocol.OPENAI_RESPONSES: OpenAIBatches,
    WireProtocol.ANTHROPIC_MESSAGES: AnthropicBatches,
    WireProtocol.GEMINI_GENERATE: GeminiBatches,
    WireProtocol.MISTRAL_OCR: MistralBatches,
}


def batch_vendor(spec: EngineSpec, key: str | None) -> BatchVendor:
    """The batch interface for a row; raises `EngineError` where there is none or no key."""
    if spec.protocol not in VENDORS:
        raise EngineRejected(f"{spec.label} has no batch interface.", fix="Leave out --batch.")
    return VENDORS[spec.protocol](spec, key)


def _jsonl(lines: Iterable[object]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def _lines(data: bytes) -> list[bytes]:
    return [line for line in data.splitlines() if line.strip()]


@contextmanager
def _unpaid() -> Iterator[None]:
    """Around what costs nothing whatever becomes of it."""
    try:
        yield
    except EngineError as error:
        error.maybe_billed = False
        raise


def _end(found: Iterable[Any], answer_of: Callable[[Any], BatchAnswer], complaint: str = "") -> BatchEnd:
    """The end of a batch by its answers, of which one that cannot be read loses no other."""
    answers, unreadable = [], 0
    for one in found:
        try:
            answers.append(answer_of(json.loads(one) if isinstance(one, bytes) else one))
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
            unreadable += 1
    return BatchEnd(answers, complaint, unreadable)


def _openai_answer(line: Mapping[str, Any]) -> BatchAnswer:
    response = line.get("response") or {}
    body = response.get("body") or {"error": line.get("error") or {"message": "no answer"}}
    # Without a response it expired or was cancelled: nobody looked at the page.
    return BatchAnswer(str(line["custom_id"]), int(response.get("status_code") or 503), dict(body))


def _anthropic_answer(found: Mapping[str, Any]) -> BatchAnswer:
    result = found["result"]
    if result["type"] == "succeeded":
        return BatchAnswer(str(found["custom_id"]), 200, dict(result["message"]))
    error = result.get("error") or {"error": {"message": f"The vendor says: {result['type']}"}}
    kind = (error.get("error") or {}).get("type", "") if result["type"] == "errored" else "timeout_error"
    return BatchAnswer(str(found["custom_id"]), ANTHROPIC_STATUS.get(kind, 500), error)


def _gemini_answer(found: Mapping[str, Any]) -> BatchAnswer:
    custom_id = str((found.get("metadata") or {})["key"])
    if answer := found.get("response"):
        return BatchAnswer(custom_id, 200, dict(answer))
    error = found.get("error") or {}
    said = {"error": {"message": error.get("message") or "no answer"}}
    return BatchAnswer(custom_id, GOOGLE_STATUS.get(error.get("code") or 0, 500), said)
