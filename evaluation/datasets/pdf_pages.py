"""The pages of an untrusted PDF, counted and drawn by `pdf_rendering` in a process of its own. Loads no PDF library."""

from __future__ import annotations

import subprocess
import sys

from evaluation.datasets import pdf_rendering
from evaluation.datasets.contract import ItemUnreadable

MOST_SECONDS = 60.0
MOST_PAGES = 5000


def count_pages(pdf: bytes) -> int:
    """How many pages it has; raises `ItemUnreadable`."""
    pages = int(_run(pdf, "count"))
    if not 0 < pages <= MOST_PAGES:
        raise ItemUnreadable(f"has {pages} pages; split it into files of 1 to {MOST_PAGES}")
    return pages


def draw_page(pdf: bytes, page: int) -> bytes:
    """One page at 200 dots an inch as PNG; raises `ItemUnreadable`."""
    return _run(pdf, str(page))


def _run(pdf: bytes, page: str) -> bytes:
    command = [sys.executable, "-I", pdf_rendering.__file__, page]
    try:
        done = subprocess.run(command, input=pdf, capture_output=True, timeout=MOST_SECONDS, env={}, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise ItemUnreadable("takes too long to draw; export its pages as images") from None
    if done.returncode != 0:
        raise ItemUnreadable("is a PDF that cannot be opened: damaged, cut off or locked by a password")
    return done.stdout
