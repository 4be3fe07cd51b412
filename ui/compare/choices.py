"""The convention picker: ticks on the screen <-> `Conventions`, and the scoring rules that go with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from playground.conventions import Conventions

CONVENTIONS: Mapping[str, Mapping[str, Any]] = {
    "Modern standard spelling": {"normalise": True},
    "Write abbreviations out": {"expand_abbreviations": True},
    "Leave struck-through words out": {"deletions": "left out"},
    "Keep struck-through words, in [brackets]": {"deletions": "kept"},
    "Join words hyphenated at line ends": {"join_hyphenated": True},
    "Run lines together": {"run_lines_together": True},
}
"""Label -> what it sets; of two that contradict each other the later one holds, and the sentence says so."""


def conventions_of(ticked: Sequence[str]) -> Conventions:
    """The conventions that these ticked labels stand for."""
    chosen = (CONVENTIONS[label] for label in CONVENTIONS if label in ticked)
    return Conventions(**{name: value for choice in chosen for name, value in choice.items()})
