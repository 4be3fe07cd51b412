"""What an answer that is no reading says: an error in whatever shape, under whatever status, in the vendor's own words.

Gateways pass on upstream errors under HTTP 200 and in shapes of their own. Imports no SDK: names are matched.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

ERRORS = ("error", "Error", "errors", "fault")
WORDS = ("message", "Message", "detail", "error_description", "faultstring", "title", "reason", "msg")
ANSWERS = (
    "choices", "output", "content", "candidates", "promptFeedback", "pages", "Blocks", "responses", "status", "done",
    "custom_id", "key",
)  # fmt: skip
"""What has one of these tells of its errors itself: a reading, an operation, a batch's line."""
RECEIPTS = ("id", "access_token", "processId")
"""What an answer has that names no error and is none."""
FAILED = frozenset({"error", "fail"})


def error_in(document: object) -> Mapping[str, object] | None:
    """The error that a document is about, its words as `message`; None for a document about something else."""
    document = document[0] if isinstance(document, list) and len(document) == 1 else document
    if not isinstance(document, Mapping):
        return None
    failed = str(document.get("status")) in FAILED
    if not failed and any(document.get(name) for name in ANSWERS):
        return None
    for found in map(document.get, ERRORS):
        error = found[0] if isinstance(found, list) and found else found
        if isinstance(error, str) and error:
            return {"code": error, "message": _words(document) or error}
        if isinstance(error, Mapping) and any(error.values()):
            return {**error, "message": _words(error) or _words(document)}
    words = _words(document)
    if not words or (not failed and any(document.get(name) for name in RECEIPTS)):
        return None
    return {**document, "message": words}


def _words(part: Mapping[str, object]) -> str:
    for said in map(part.get, WORDS):
        first = said[0] if isinstance(said, list) and said else said  # a server's complaints about several fields
        text = _words(first) if isinstance(first, Mapping) else first
        if isinstance(text, str) and text:
            return text
    return ""


_OF_WORDS = (
    ("rate_limit", 429), ("rate limit", 429), ("ratelimit", 429), ("too many", 429), ("throttl", 429), ("quota", 429),
    ("overloaded", 529), ("timeout", 504), ("timed out", 504), ("authentication", 401), ("api key", 401),
)  # fmt: skip
"""What an error that names no status comes to, also where a sentence says it."""
_OF_CODES = (
    *_OF_WORDS, ("exhausted", 429), ("auth", 401), ("api_key", 401), ("permission", 403), ("not_found", 404),
    ("unavailable", 503), ("server", 500), ("api_error", 500),
)  # fmt: skip


def status_of(error: Mapping[str, object]) -> int:
    """The HTTP status that an error would have been sent with, by its codes, else by its words."""
    named = [error.get(name) for name in ("code", "Code", "status", "type", "__type", "detail")]
    for value in named:
        if re.fullmatch(r"[45][0-9]{2}", str(value)):
            return int(str(value))
    said = ((" ".join(map(str, named)), _OF_CODES), (str(error.get("message", "")), _OF_WORDS))
    return next((status for text, known in said for word, status in known if word in text.lower()), 400)


@dataclass(frozen=True, slots=True)
class VendorReply:
    """An answer that an SDK could not use; `said` is the vendor's own text, one line, untrusted.

    A status below 400 means that the answer claims success and is broken.
    """

    status: int
    codes: str
    said: str
    retry_after_seconds: float | None = None


def reply_of(error: BaseException) -> VendorReply | None:
    """The reply an exception carries, or None if it tells of none."""
    status = _status(error)
    if status is None:
        return None
    document = _document(error)
    codes = _codes(error, document)
    if status < 400:
        failed = str(document.get("status")).lower() in {"failed", "canceled"}
        if not (codes and (failed or _words(document) or getattr(error, "error", None))):
            return VendorReply(status, "", "")
        # Azure reports a failed operation in an answer that is itself a success.
        status = 500 if "internal" in codes.lower() else 400
    said = " ".join(_message(error, document).split())
    return VendorReply(status, codes, said, _retry_after(error, codes))


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for status in (getattr(error, "status_code", None), getattr(response, "status_code", None)):
        if isinstance(status, int):
            return status
    code = getattr(error, "code", None)
    return code if isinstance(code, int) and 100 <= code < 600 else None


def _document(error: BaseException) -> Mapping[str, object]:
    """The JSON object of the answer, without what most vendors wrap an error in."""
    for candidate in (getattr(error, "body", None), getattr(error, "details", None), _content(error)):
        document = _parsed(candidate) if isinstance(candidate, str) else candidate
        if isinstance(document, Mapping | list):
            return error_in(document) or _inner(document)
    return {}


def _inner(document: Mapping[str, object] | list[object]) -> Mapping[str, object]:
    """The error of an operation that failed, or the document itself."""
    if isinstance(document, list):
        return {}
    error = document.get("error")
    return error if isinstance(error, Mapping) else document


def _content(error: BaseException) -> str:
    try:
        text = getattr(getattr(error, "response", None), "text", "")
        return str(text() if callable(text) else text)  # azure-core has a method of that name
    except RuntimeError:  # httpx2: the content was never read
        return ""


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _codes(error: BaseException, document: Mapping[str, object]) -> str:
    found = [document.get(name) for name in ("code", "Code", "type", "status", "details", "innererror", "__type")]
    found += [getattr(error, name, None) for name in ("code", "type", "error_code")]
    azure = getattr(error, "error", None)
    found += [getattr(azure, "code", None), getattr(azure, "innererror", None)]
    return " ".join(str(value) for value in found if value)


def _message(error: BaseException, document: Mapping[str, object]) -> str:
    azure, inner = getattr(error, "error", None), document.get("innererror")
    more = _words(inner) if isinstance(inner, Mapping) else ""
    said = " ".join(filter(None, (_words(document), more)))
    for text in (said, getattr(azure, "message", None), getattr(error, "message", None)):
        if isinstance(text, str) and text and not _OF_THE_SDK.match(text):
            return text
    return ""


_OF_THE_SDK = re.compile(
    r"\s*<|Operation returned an invalid status|Error code: \d+( - \W*)?$|API error occurred: Status \d+"
)
"""What SDKs say by themselves where the vendor says nothing, and a web page instead of words."""


def _retry_after(error: BaseException, codes: str) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None) or getattr(error, "headers", None) or {}
    if (seconds := retry_after_seconds(headers)) is not None:
        return seconds
    # Google says it in the body.
    in_body = re.search(r"retryDelay\W+(\d+(?:\.\d+)?)s", codes)
    return float(in_body[1]) if in_body else None


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """The pause that an answer asks for in its headers, as seconds or as a date."""
    text = str(headers.get("retry-after") or "")
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
