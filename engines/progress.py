"""How an engine says what it is doing while nobody can see it: a download, the eighth line of thirty.

A context variable, because it must follow the reading into its thread and reach code many calls deep.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

ProgressListener = Callable[[str, float | None], None]

listener: ContextVar[ProgressListener | None] = ContextVar("listener", default=None)


def report_progress(doing: str, share: float | None = None) -> None:
    """Tell whoever listens what is being done, and which share of it (0 to 1) is over if that is known."""
    listening = listener.get()
    if listening is not None:
        listening(doing, share)
