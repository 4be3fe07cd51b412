"""How a program of ours ends: at once and with its own exit status, also while an engine is still reading."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn


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
