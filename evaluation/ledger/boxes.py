"""Where the lines and words of a reading stand, kept beside its text: figures are made of all texts, and need no boxes.

Packed, because as they come they take many times the room of the text: coordinates in whole pixels, compressed.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from math import isfinite

from engines.contract import Region
from evaluation.ledger.calls import WorkKey
from playground.storage.database import Transaction

KEPT = frozenset({"line", "word"})


def keep_boxes(transaction: Transaction, key: WorkKey, regions: Iterable[Region]) -> None:
    """Write what is to be kept of these regions in place of what was there."""
    place = asdict(key)
    transaction.run(
        "delete from boxes where run = :run and engine = :engine and repeat = :repeat and position = :position", **place
    )
    kept = [region for region in regions if region.level in KEPT and _is_drawn(region)]
    if kept:
        transaction.run(
            "insert into boxes (run, engine, repeat, position, packed)"
            " values (:run, :engine, :repeat, :position, :packed)",
            packed=packed(kept),
            **place,
        )


def packed(regions: Iterable[Region]) -> str:
    """The regions as one text that `unpacked` reads."""
    rows = [
        [region.level, region.text, region.confidence, [round(side) for side in chain(*region.polygon)]]
        for region in regions
    ]
    return b64encode(zlib.compress(json.dumps(rows, separators=(",", ":")).encode())).decode()


def unpacked(text: str) -> tuple[Region, ...]:
    """The regions, each corner in whole pixels."""
    rows = json.loads(zlib.decompress(b64decode(text)))
    return tuple(
        Region(level, said, tuple(zip(sides[::2], sides[1::2], strict=True)), confidence)
        for level, said, confidence, sides in rows
    )


def _is_drawn(region: Region) -> bool:
    return bool(region.polygon) and all(isfinite(side) for side in chain(*region.polygon))
