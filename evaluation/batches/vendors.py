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
from engines.errors import EngineRejected
from engines.guarded_http import Deadline, guarded_client
from engines.sdk_errors import translated

MOST_SECONDS = 600.0
MOST_BYTES = 500_000_000
TAG = "inkquest"


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


class BatchVendor(Protocol):
    """Every method raises `EngineError`."""

    def submit(self, requests: Sequence[BatchRequest], tag: str) -> str:
        """Send a batch; returns the vendor's id of it. `tag` is kept with it where the vendor keeps such things."""

    def find(self, tag: str) -> str | None:
        """The id of the batch with this tag, if one was made and the vendor can be asked."""

    def answers(self, batch_id: str) -> Iterator[BatchAnswer] | None:
        """What came back, or None while the batch is not over."""


class _Account:
    """A row's address and key, and the guarded HTTP that its SDK shall use."""

    def __init__(self, spec: EngineSpec, key: str | None) -> None:
        self.spec = spec
        self.key = required_key(spec, key)
        self.address = base_url(spec)

    @contextmanager
    def http(self) -> Iterator[httpx2.Client]:
        """SDK errors become ours inside this block."""
        deadline = Deadline.after(MOST_SECONDS)
        with (
            translated(self.spec, self.key),
            guarded_client(deadline, self.address, most_bytes=MOST_BYTES) as http,
        ):
            yield http


class OpenAIBatches(_Account):
    """A file of requests, then a batch over it; answers come as one or two files."""

    def submit(self, requests: Sequence[BatchRequest], tag: str) -> str:
        lines = ({"custom_id": r.custom_id, "method": "POST", "url": r.path, "body": r.body} for r in requests)
        with self.http() as http:
            client = self._client(http)
            file = client.files.create(file=("batch.jsonl", _jsonl(lines)), purpose="batch")
            batch = client.batches.create(
                input_file_id=file.id, endpoint=requests[0].path, completion_window="24h", metadata={TAG: tag}
            )
        return str(batch.id)

    def find(self, tag: str) -> str | None:
        with self.http() as http:
            found = (b.id for b in self._client(http).batches.list(limit=100) if (b.metadata or {}).get(TAG) == tag)
            return next(found, None)

    def answers(self, batch_id: str) -> Iterator[BatchAnswer] | None:
        with self.http() as http:
            client = self._client(http)
            batch = client.batches.retrieve(batch_id)
            if batch.status in {"validating", "in_progress", "finalizing", "cancelling"}:
                return None
            files = [file for file in (batch.output_file_id, batch.error_file_id) if file]
            lines = [line for file in files for line in _lines(client.files.content(file).read())]
        return (_openai_answer(line) for line in lines)

    def _client(self, http: httpx2.Client) -> Any:  # noqa: ANN401  (the SDK is imported only here)
        from openai import OpenAI

        return OpenAI(api_key=self.key, base_url=self.address, http_client=http, max_retries=0)


class AnthropicBatches(_Account):
    """Requests inline, answers as JSON lines. It keeps no tag, so a batch lost at its submission stays lost."""

    def submit(self, requests: Sequence[BatchRequest], tag: str) -> str:
        with self.http() as http:
            batches = self._client(http).messages.batches
            made = batches.create(requests=[{"custom_id": r.custom_id, "params": r.body} for r in requests])
        return str(made.id)

    def find(self, tag: str) -> str | None:
        return None

    def answers(self, batch_id: str) -> Iterator[BatchAnswer] | None:
        with self.http() as http:
            batches = self._client(http).messages.batches
            if batches.retrieve(batch_id).processing_status != "ended":
                return None
            found = [one.model_dump(mode="json") for one in batches.results(batch_id)]
        return (_anthropic_answer(one) for one in found)

    def _client(self, http: httpx2.Client) -> Any:  # noqa: ANN401
        from anthropic import Anthropic

        address = self.address.removesuffix("/v1")
        return Anthropic(api_key=self.key, base_url=address, http_client=http, max_retries=0, timeout=MOST_SECONDS)


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

    def find(self, tag: str) -> str | None:
        with self.http() as http:
            client, _ = self._client(http)
            return next((str(job.name) for job in client.batches.list() if job.display_name == f"{TAG}-{tag}"), None)

    def answers(self, batch_id: str) -> Iterator[BatchAnswer] | None:
        with self.http() as http:
            client, _ = self._client(http)
            job = client.batches.get(name=batch_id)
            if job.state and job.state.name in {"JOB_STATE_PENDING", "JOB_STATE_QUEUED", "JOB_STATE_RUNNING"}:
                return None
            inlined = (job.dest.inlined_responses if job.dest else None) or []
        return (_gemini_answer(one) for one in inlined)

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

    def find(self, tag: str) -> str | None:
        with self.http() as http:
            jobs = self._client(http).batch.jobs.list(metadata={TAG: tag})
            return next((str(job.id) for job in jobs.data or []), None)

    def answers(self, batch_id: str) -> Iterator[BatchAnswer] | None:
        with self.http() as http:
            client = self._client(http)
            job = client.batch.jobs.get(job_id=batch_id)
            if job.status in {"QUEUED", "RUNNING", "CANCELLATION_REQUESTED"}:
                return None
            files = [file for file in (job.output_file, job.error_file) if file]
            lines = [line for file in files for line in _lines(client.files.download(file_id=file).read())]
        return (_openai_answer(line) for line in lines)

    def _client(self, http: httpx2.Client) -> Any:  # noqa: ANN401
        from mistralai.client import Mistral

        return Mistral(api_key=self.key, server_url=self.address.removesuffix("/v1"), client=http)


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


def _lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines() if line.strip()]


def _openai_answer(line: Mapping[str, Any]) -> BatchAnswer:
    response = line.get("response") or {}
    body = response.get("body") or {"error": line.get("error") or {"message": "no answer"}}
    return BatchAnswer(str(line["custom_id"]), int(response.get("status_code") or 500), body)


def _anthropic_answer(found: Mapping[str, Any]) -> BatchAnswer:
    result = found["result"]
    if result["type"] == "succeeded":
        return BatchAnswer(found["custom_id"], 200, result["message"])
    # Errored requests were refused by the interface; canceled and expired ones were never looked at.
    return BatchAnswer(found["custom_id"], 400 if result["type"] == "errored" else 503, result.get("error") or {})


def _gemini_answer(found: Any) -> BatchAnswer:  # noqa: ANN401  (the SDK's type)
    custom_id = (found.metadata or {}).get("key", "")
    if found.response is None:
        message = found.error.message if found.error else "no answer"
        return BatchAnswer(custom_id, 400, {"error": {"message": message}})
    return BatchAnswer(custom_id, 200, found.response.model_dump(mode="json", by_alias=True, exclude_none=True))
