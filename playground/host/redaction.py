"""SECURITY: every key in use is struck out of logs, tracebacks and whatever else a host writes."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from io import TextIOBase
from itertools import chain
from typing import TextIO

from engines.key_redaction import forms_of, without_forms

LONGEST_TOLD = 10_000
"""Of one message or traceback: an error may quote a whole request, and a disk is soon full of those."""


class Redactor:
    """`secrets` is asked anew each time: visitors' keys come and go. It must take no lock, as any code may log."""

    def __init__(self, secrets: Callable[[], Iterable[str]]) -> None:
        self._secrets = secrets
        self._forms: dict[str, tuple[str, ...]] = {}

    def __call__(self, text: str) -> str:
        """The text without any live key, in whatever form."""
        known = self._forms
        self._forms = forms = {key: known.get(key) or forms_of(key) for key in self._secrets()}
        return without_forms(text, chain.from_iterable(forms.values()))

    def shortened(self, text: str) -> str:
        """The same, no longer than a log should hold; a key that the first cut halves goes with the second."""
        if len(text) <= LONGEST_TOLD:
            return self(text)
        return f"{self(text[: 2 * LONGEST_TOLD])[:-LONGEST_TOLD]} ... ({len(text)} characters)"


class RedactingFilter(logging.Filter):
    """For log handlers: the message and the traceback lose their keys before anything is formatted.

    SECURITY: never after it, as a visitor's key can look like a part of the format.
    """

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrites the record in place, as logging wants it."""
        record.msg, record.args = self._redact.shortened(record.getMessage()), ()
        if record.exc_info:
            record.exc_text = self._redact.shortened(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, place, message. Our own messages hold no content of pages."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        return json.dumps(line | ({"traceback": record.exc_text} if record.exc_text else {}))


class RedactedStream(TextIOBase):
    """Standard error without keys: frameworks print tracebacks past all logging."""

    def __init__(self, stream: TextIO, redact: Redactor) -> None:
        self._stream = stream
        self._redact = redact

    def write(self, text: str) -> int:
        self._stream.write(self._redact.shortened(text))
        return len(text)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def fileno(self) -> int:
        return self._stream.fileno()


def keep_logs_clean(redact: Redactor, stream: TextIO) -> RedactedStream:
    """Send all logging through the redactor to a stream, which is given back for `sys.stderr` and `sys.stdout`."""
    handler = logging.StreamHandler(stream)
    handler.addFilter(RedactingFilter(redact))
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    return RedactedStream(stream, redact)
