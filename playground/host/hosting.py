"""What a host keeps for its visitors, opened from its settings, and how a program of ours ends.

Links, budget, guard. SECURITY: every key in use is struck out of logs, tracebacks and whatever else a host writes. A
program ends at once and with its own exit status, also while an engine is still reading.
"""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from ctypes import CDLL
from dataclasses import dataclass
from io import TextIOBase
from itertools import chain
from threading import Event, Thread
from typing import NoReturn, TextIO
from urllib.parse import urlsplit

from engines.contract import EngineSpec, PageImage
from engines.key_redaction import forms_of, without_forms
from playground.comparing import EngineSource
from playground.engine_runs import Comparison
from playground.host.admission import Admission, Apart, Pace, Visits, room_of
from playground.host.budget import Budget, Payers
from playground.host.guard import Guard, Places, Visitor
from playground.host.keys import Keys
from playground.settings import Settings
from playground.share.sharing import Expiry, ManifestRecords, NotShareable, ShareChoices, Shared, Sharing, TableRecords
from playground.storage.blobs import Blobs, StoreUnavailable, open_blobs
from playground.storage.database import Database
from translations import _

log = logging.getLogger(__name__)

DECODED_AT_ONCE = 2
ANSWERED_AT_ONCE = 4
MOST_COUNTING_SECONDS = 600
"""Where strangers visit: several times what the longest evaluation that they may bring takes."""


@dataclass(frozen=True, slots=True)
class Hosting:
    """One per process. `sharing` is None where nothing would outlive a restart."""

    guard: Guard
    sharing: Sharing | None
    payers: Payers
    pace: Pace
    redact: Redactor
    database: Database
    blobs: Blobs | None
    """What lasts as long as links do; None where none would."""
    decoding: Admission
    """Decoding one hostile image may take 400 MB: two at a time, and nobody has both places."""
    answering: Admission
    """Details of a reading, shared pages, files to take along: what takes a second or more of one core."""
    apart: Apart
    """Where texts are counted that may be long."""
    visits: Visits
    """Who waits for what `answering` lets in."""

    @classmethod
    def open(cls, settings: Settings, specs: Sequence[EngineSpec], engines: EngineSource, keys: Keys) -> Hosting:
        """Open the stores; raises `StoreUnavailable`, as a host that cannot keep its promises must not start."""
        secrets = {settings.metrics_token, urlsplit(settings.database_url).password or ""}
        redact = Redactor(lambda: keys.live() | secrets)

        def redact_for(session: str) -> Redactor:
            return Redactor(lambda: keys.known_to(session) | secrets)

        database = Database(settings.database_url)
        budget = Budget(database, settings.caps) if settings.caps else None
        if budget and settings.disk_is_lost:
            budget.assume_half_spent()
        admission = Admission(room_of(settings, settings.limits.comparisons_at_once))
        guard = Guard(engines, keys, Places(specs), admission, budget, public=settings.public)
        if budget:
            guard.counters.tell_spending(budget.spending)
        blobs = open_blobs(settings.blobs_url) if settings.blobs_url else None
        sharing, payers = _sharing(settings, database, blobs, redact_for), Payers(settings.trusted_proxies)
        decoding = Admission(room_of(settings, DECODED_AT_ONCE))
        answering = Admission(room_of(settings, ANSWERED_AT_ONCE))
        apart = Apart(MOST_COUNTING_SECONDS if settings.public else math.inf)
        return cls(guard, sharing, payers, Pace(), redact, database, blobs, decoding, answering, apart, Visits())

    def share(self, comparison: Comparison, page: PageImage | None, choices: ShareChoices, visitor: Visitor) -> Shared:
        """`Sharing.share` for a visitor, not too often; raises `NotShareable` or `StoreUnavailable`."""
        if self.sharing is None:
            raise NotShareable(_("This host keeps no links. Export the comparison instead."))
        if not self.pace.allows(visitor.payer):
            raise NotShareable(_("You have made many links. Export this comparison, or try again in an hour."))
        shared = self.sharing.share(comparison, page, choices, visitor.session)
        self.guard.counters.shared("made")
        return shared

    def share_memo(self, title: str, body: str, expiry: Expiry, visitor: Visitor) -> Shared:
        """`Sharing.share_memo` for a visitor, not too often; raises `NotShareable` or `StoreUnavailable`."""
        if self.sharing is None:
            raise NotShareable(_("This host keeps no links. Take the memo along instead."))
        if not self.pace.allows(visitor.payer):
            raise NotShareable(_("You have made many links. Take the memo along, or try again in an hour."))
        shared = self.sharing.share_memo(title, body, expiry, visitor.session)
        self.guard.counters.shared("made")
        return shared

    def is_healthy(self) -> bool:
        """Whether the database answers."""
        try:
            return bool(self.database.read("select 1"))
        except StoreUnavailable:
            return False

    def keep_sweeping(self, also: Callable[[], None] = lambda: None, every_seconds: float = 600) -> Event:
        """Erase expired links, and what `also` erases, in the background until the event given back is set."""
        stop = Event()

        def sweep() -> None:
            while not stop.wait(every_seconds):
                try:
                    if self.sharing:
                        self.sharing.sweep()
                except StoreUnavailable as error:
                    log.warning("Expired links could not be erased this time: %s", error)
                also()

        Thread(target=sweep, name="sweeping", daemon=True).start()
        return stop


def keep_memory_low(every_seconds: float = 15) -> Event:
    """Give back to the machine what was freed, in the background until the event given back is set.

    The C library keeps what lies between pieces in use. Under strangers who upload and ask without end 110 MB of such
    pieces held 750 MB, and more with every minute; Python itself held as much as at the beginning.
    """
    stop = Event()
    trim = getattr(CDLL(None), "malloc_trim", None) if os.name == "posix" else None  # glibc's alone

    def give_back() -> None:
        while trim and not stop.wait(every_seconds):
            trim(0)

    Thread(target=give_back, name="giving memory back", daemon=True).start()
    return stop


def _sharing(
    settings: Settings, database: Database, blobs: Blobs | None, redact_for: Callable[[str], Redactor]
) -> Sharing | None:
    if blobs is None:
        return None
    records = ManifestRecords(blobs) if settings.disk_is_lost else TableRecords(database)
    return Sharing(records, blobs, may_last=settings.shares_may_last, redact_for=redact_for)


LAST_WORDS_SECONDS = 2.0
"""For clearing up after Ctrl-C, such as showing the cursor again."""


def leave(status: int) -> NoReturn:
    """End the process.

    Before 3.14 Python ends a daemon thread by unwinding its stack. Where that stack is an engine's C++ the process
    aborts ("terminate called without an active exception", exit status 134) or never ends, so nothing is unwound there.
    """
    if any(thread.daemon for thread in threading.enumerate()):
        with suppress(OSError):  # the reader of our output has gone
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
    sys.exit(status)


def end_at_interrupt(status: int) -> None:
    """From now on Ctrl-C ends the process for certain.

    It raises `KeyboardInterrupt`, as ever; but where that comes up inside a library's callback it may be swallowed.
    """

    def interrupted(*_: object) -> NoReturn:
        last = threading.Timer(LAST_WORDS_SECONDS, leave, [status])
        last.daemon = True
        last.start()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupted)


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
