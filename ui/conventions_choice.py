"""The convention picker: ticks on the screen <-> `Conventions`, and the scoring rules that go with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playground.conventions import Conventions

CONVENTIONS: Mapping[str, str] = {
    "Modern standard spelling": "normalise",
    "Write abbreviations out": "expand_abbreviations",
    "Keep struck-through words, in [brackets]": "keep_deletions",
    "Join words hyphenated at line ends": "join_hyphenated",
    "Run lines together": "run_lines_together",
}


def conventions_of(ticked: Sequence[str]) -> Conventions:
    """The conventions that these ticked labels stand for."""
    return Conventions(**{name: label in ticked for label, name in CONVENTIONS.items()})
