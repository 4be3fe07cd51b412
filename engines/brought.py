"""Readings that were made elsewhere, as rows like any engine's: the id says who has read, no catalogue does."""

from __future__ import annotations

from collections.abc import Mapping

from engines.contract import EngineSpec, WireProtocol

MARK = "brought, not read here"
LONGEST_NAME = 60
_PREFIX = "brought:"


def brought_spec(name: str) -> EngineSpec:
    """The row of whoever is called so.

    SECURITY: the name is a stranger's: one line, nothing that turns the direction of what follows, and not long.
    """
    shown = "".join(letter if letter.isprintable() else " " for letter in name[: 10 * LONGEST_NAME])
    label = " ".join(shown.split())[:LONGEST_NAME].strip() or "without a name"
    engine_id = _PREFIX + label
    return EngineSpec(engine_id, label, "", WireProtocol.NONE, "", runs="elsewhere", family=engine_id)


def is_brought(engine_id: str) -> bool:
    """Whether this id stands for readings that were brought along."""
    return engine_id.startswith(_PREFIX)


def spec_of(engine_id: str, listed: Mapping[str, EngineSpec]) -> EngineSpec | None:
    """The row of an id: listed, or of readings that were brought along; None for one that is neither."""
    known = listed.get(engine_id)
    if known is None and is_brought(engine_id):
        return brought_spec(engine_id.removeprefix(_PREFIX))
    return known
