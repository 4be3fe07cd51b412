"""How a program of ours ends: at once and with its own exit status, also while an engine is still reading."""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import suppress
from typing import NoReturn

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
