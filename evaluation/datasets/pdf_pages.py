"""The pages of an untrusted PDF of a data set, counted and drawn where the playground opens files."""

from __future__ import annotations

from evaluation.datasets.contract import ItemUnreadable
from playground.decoding import Refused
from playground.uploads import decode_apart

MOST_PAGES = 5000


def count_pages(pdf: bytes) -> int:
    """How many pages it has; raises `ItemUnreadable`."""
    try:
        pages = int(decode_apart(pdf, "count").stderr.split()[-1])
    except Refused as refusal:
        raise ItemUnreadable(str(refusal)) from None
    if not 0 < pages <= MOST_PAGES:
        raise ItemUnreadable(f"has {pages} pages; split it into files of 1 to {MOST_PAGES}")
    return pages


def draw_page(pdf: bytes, page: int) -> bytes:
    """One page, counted from 0, as PNG; raises `ItemUnreadable`."""
    try:
        return decode_apart(pdf, "page", str(page + 1)).stdout
    except Refused as refusal:
        raise ItemUnreadable(str(refusal)) from None
