"""What files are called that are named after other people's pages and readers.

SECURITY: such a name leaves no folder, and holds nothing that an address or another disk takes for a sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

LONGEST_PART = 120


def file_name(item_id: str) -> str:
    """An item's name as a path that leaves no folder."""
    parts = map(_one_part, re.split(r"[/\\]", item_id))
    return "/".join(part for part in parts if part) or "page"


def stems_of(engine_ids: Iterable[str]) -> dict[str, str]:
    """How the files of each engine's readings begin, all different: who brought a reading chose its engine's name."""
    ids = list(engine_ids)
    return dict(zip(ids, different([_one_part(engine_id) or "reading" for engine_id in ids]), strict=True))


def different(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that would be the same file: nothing is written over."""
    taken: set[str] = set()
    kept = []
    for name in names:
        free = name
        number = 1
        while free.casefold() in taken:
            number += 1
            free = f"{name}-{number}"
        taken.add(free.casefold())
        kept.append(free)
    return kept


def _one_part(name: str) -> str:
    return re.sub(r"[^\w.,()+ -]", "_", name).strip(" .")[:LONGEST_PART]
