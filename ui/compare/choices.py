"""What is ticked on the screen <-> conventions and scoring rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from engines.language_codes import language_name
from metrics.normalising import DEFAULT_RULES, Rules, toggles_of
from playground.scoring import Conventions
from translations import N_, _

CONVENTIONS: Mapping[str, Mapping[str, Any]] = {
    N_("Modern standard spelling"): {"normalise": True},
    N_("Write abbreviations out"): {"expand_abbreviations": True},
    N_("Leave struck-through words out"): {"deletions": "left out"},
    N_("Keep struck-through words, in [brackets]"): {"deletions": "kept"},
    N_("Join words hyphenated at line ends"): {"join_hyphenated": True},
    N_("Run lines together"): {"run_lines_together": True},
}
"""Label -> what it sets; of two that contradict each other the later one holds, and the sentence says so."""


def conventions_of(ticked: Sequence[str]) -> Conventions:
    """The conventions that these ticked labels stand for."""
    chosen = (CONVENTIONS[label] for label in CONVENTIONS if label in ticked)
    return Conventions(**{name: value for choice in chosen for name, value in choice.items()})


def language_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Name and code of each language; before them that nobody says it."""
    return [(_("Tell from the text"), ""), *((language_name(code), code) for code in codes)]


RULES = {toggle.label: name for name, toggle in toggles_of().items() if toggle.label}


def rules_of(ticked: Sequence[str]) -> Rules:
    """The rules that these ticked labels stand for."""
    switches: dict[str, Any] = {name: label in ticked for label, name in RULES.items()}
    return replace(DEFAULT_RULES, **switches)


def ticks_of(rules: Rules) -> list[str]:
    """The labels to tick for these rules."""
    return [label for label, name in RULES.items() if getattr(rules, name)]
