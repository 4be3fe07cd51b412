"""What a vendor said in an SDK's exception: status, codes, message, when to come back. Knows no SDK by name."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import quote, quote_plus

LONGEST_QUOTE = 200
SHORTEST_SECRET = 4


@dataclass(frozen=True, slots=True)
class VendorReply:
    """An answer that an SDK could not use; `said` is the vendor's own text, shortened, one line, untrusted.

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
        if not codes:
            return VendorReply(status, "", "")
        # Azure reports a failed operation in an answer that is itself a success.
        status = 500 if "internal" in codes.lower() else 400
    said = " ".join(_message(error, document).split())
    if len(said) > LONGEST_QUOTE:
        said = said[:LONGEST_QUOTE] + "…"
    return VendorReply(status, codes, said, _retry_after(error, codes))


def without_secrets(text: str, secrets: Iterable[str | None]) -> str:
    """The text with every form of every secret struck out: plain, URL-quoted, base64, JSON- or Python-escaped."""
    forms = {form for secret in secrets if secret and len(secret) >= SHORTEST_SECRET for form in _forms(secret)}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, "[key]")
    return text


def _forms(secret: str) -> Iterable[str]:
    raw = secret.encode()
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield repr(secret)[1:-1]
    for encoded in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        # The last character depends on what follows the secret.
        yield encoded.decode().rstrip("=")[:-1]


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for status in (getattr(error, "status_code", None), getattr(response, "status_code", None)):
        if isinstance(status, int):
            return status
    code = getattr(error, "code", None)
    return code if isinstance(code, int) and 100 <= code < 600 else None


def _document(error: BaseException) -> Mapping[str, object]:
    """The JSON object of the answer, without the `error` that most vendors wrap it in."""
    for candidate in (getattr(error, "body", None), getattr(error, "details", None), _content(error)):
        document = _parsed(candidate) if isinstance(candidate, str) else candidate
        if isinstance(document, Mapping):
            inner = document.get("error")
            return inner if isinstance(inner, Mapping) else document
    return {}


def _content(error: BaseException) -> str:
    try:
        return str(getattr(getattr(error, "response", None), "text", ""))
    except RuntimeError:  # httpx2: the content was never read
        return ""


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _codes(error: BaseException, document: Mapping[str, object]) -> str:
    found = [document.get(name) for name in ("code", "type", "status", "details", "innererror")]
    found += [getattr(error, name, None) for name in ("code", "type", "error_code")]
    azure = getattr(error, "error", None)
    found += [getattr(azure, "code", None), getattr(azure, "innererror", None)]
    return " ".join(str(value) for value in found if value)


def _message(error: BaseException, document: Mapping[str, object]) -> str:
    azure = getattr(error, "error", None)
    candidates = (document.get("message"), document.get("detail"), document.get("error_description"))
    for text in (*candidates, getattr(azure, "message", None), getattr(error, "message", None)):
        if isinstance(text, str) and text:
            return text
    return ""


def _retry_after(error: BaseException, codes: str) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None) or getattr(error, "headers", None) or {}
    text = str(headers.get("retry-after") or "")
    if not text:
        # Google says it in the body.
        in_body = re.search(r"retryDelay\W+(\d+(?:\.\d+)?)s", codes)
        return float(in_body[1]) if in_body else None
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
