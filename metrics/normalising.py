"""What counts as a difference, and texts made ready for counting by those rules. The originals are never changed.

Always: canonical composition (NFC), white space runs become one space, ends are trimmed, invisible direction and
joining marks are left out. Everything else is a rule that the user sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Literal

import regex

from metrics.abbreviations import written_out
from metrics.deletions import deletion_marks, deletions
from metrics.markdown import without_markdown
from metrics.rewriting import Rewrite, TracedText
from metrics.units import graphemes, words

Side = Literal["reference", "hypothesis"]


@dataclass(frozen=True, slots=True)
class Rules:
    """The visible toggles. Markdown is only ever removed from the hypothesis: a writer writes none."""

    ignore_case: bool = False
    ignore_punctuation: bool = False
    line_breaks_count: bool = False
    unify_quotes_and_dashes: bool = True
    remove_markdown: bool = True
    join_hyphenated: bool = False
    expand_abbreviations: bool = False
    ignore_deletion_marks: bool = False
    leave_out_deletions: bool = False
    ignore_accents: bool = False
    any_line_order: bool = False
    unit: Literal["grapheme", "code point"] = "grapheme"
    compatibility: bool = False
    """NFKC instead of NFC: ligatures and the long s count as plain letters."""

    def sentence(self) -> str:
        """What a reader of the figures must know, in words."""
        things = {
            "case": not self.ignore_case,
            "punctuation": not self.ignore_punctuation,
            "line breaks": self.line_breaks_count,
            "repeated spaces": False,
            "curly quotes": not self.unify_quotes_and_dashes,
            "Markdown marks": not self.remove_markdown,
        }
        counted = [name for name, counts in things.items() if counts]
        uncounted = [name for name, counts in things.items() if not counts] + ["accents"] * self.ignore_accents
        notes = {
            "Words hyphenated at a line end are joined.": self.join_hyphenated,
            "Common abbreviations count as the words they stand for.": self.expand_abbreviations,
            "Words marked as struck through do not count.": self.leave_out_deletions,
            "Marks around struck-through words do not count.": self.ignore_deletion_marks
            and not self.leave_out_deletions,
            "Lines may come in any order.": self.any_line_order,
            "Ligatures and the long s count as plain letters.": self.compatibility,
            "Characters are Unicode code points.": self.unit == "code point",
        }
        verb = "counts" if counted in (["case"], ["punctuation"]) else "count"
        opening = [f"{_listed(counted)} {verb}.", f"{_listed(uncounted)} do not."]
        return " ".join(
            [
                *(opening if counted else [f"{_listed(uncounted)} do not count."]),
                *(note for note, holds in notes.items() if holds),
                "Errors and characters are summed over all images.",
                "Above 100 % is possible when text was added.",
            ]
        )


DEFAULT_RULES = Rules()


@dataclass(frozen=True)
class Normalised:
    """A text ready for counting: `units[i]` stands for original[starts[i]:ends[i]].

    Prepare the side that stays the same once and pass it again: units and words are cut only once.
    Line breaks are still there where lines may come in any order, though they are not counted.
    """

    original: str
    text: str
    units: Sequence[str]
    starts: Sequence[int]
    ends: Sequence[int]
    markdown_marks: int = 0

    @cached_property
    def words(self) -> list[str]:
        """The words that the word error rate counts."""
        return words(self.text)

    def part(self, start: int, end: int) -> Normalised:
        """Only units[start:end], of the same original."""
        units = self.units[start:end]
        return Normalised(self.original, "".join(units), units, self.starts[start:end], self.ends[start:end])

    def without_spaces(self, kept: str = "") -> Normalised:
        """Without white space, but for the characters in `kept`."""
        places = [at for at, unit in enumerate(self.units) if unit in kept or not unit.isspace()]
        units = [self.units[at] for at in places]
        starts, ends = [self.starts[at] for at in places], [self.ends[at] for at in places]
        return Normalised(self.original, "".join(units), units, starts, ends, self.markdown_marks)

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """Where units[start:end] stand in the original; an empty range is a place between characters."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        place = self.starts[start] if start < len(self.units) else self.ends[-1] if self.units else 0
        return place, place


def normalise(text: str, rules: Rules, side: Side) -> Normalised:
    """Leave out of a text what the rules do not count."""
    traced, marks = _without_deletions(TracedText.of(text), rules), 0
    if side == "hypothesis" and rules.remove_markdown:
        traced, marks = without_markdown(traced)
    traced = _composed(traced, "NFKC" if rules.compatibility else "NFC")
    if rules.join_hyphenated:
        traced = traced.rewritten(Rewrite(*match.span()) for match in _HYPHENATION.finditer(traced.text))
    if rules.expand_abbreviations:
        traced = traced.rewritten(written_out(traced.text))
    traced = traced.respelt(_spelling(set(traced.text), rules))
    traced = traced.rewritten(_single_spaces(traced.text, rules.line_breaks_count or rules.any_line_order)).stripped()
    units = traced.text if rules.unit == "code point" else graphemes(traced.text)
    starts, ends = traced.starts, traced.ends
    if len(units) != len(traced.text):
        after = list(accumulate(map(len, units)))
        starts = [starts[end - len(unit)] for end, unit in zip(after, units, strict=True)]
        ends = [ends[end - 1] for end in after]
    return Normalised(text, traced.text, units, starts, ends, marks)


_INVISIBLE = dict.fromkeys(
    "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff", ""
)
_PLAIN_QUOTES_AND_DASHES = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
}
_HYPHENATION = regex.compile(r"(?<=\p{L}\p{M}*)[-\u00ad‐‑¬⸗][^\S\n]*\n\s*(?=\p{L})")
_CLUSTER = regex.compile(r"\X")
_NOT_ONE_SPACE = re.compile(r"(?! (?!\s))\s+")
_NOT_ONE_SPACE_OR_BREAK = re.compile(r"(?![ \n](?!\s))\s+")


def _listed(names: list[str]) -> str:
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return listed[:1].upper() + listed[1:]


def _without_deletions(traced: TracedText, rules: Rules) -> TracedText:
    """Before Markdown goes, which would leave struck-through words and take their marks."""
    if rules.leave_out_deletions:
        return traced.rewritten(deletions(traced.text))
    return traced.rewritten(deletion_marks(traced.text)) if rules.ignore_deletion_marks else traced


def _composed(traced: TracedText, form: Literal["NFC", "NFKC"]) -> TracedText:
    if unicodedata.is_normalized(form, traced.text):
        return traced
    return traced.rewritten(
        Rewrite(*cluster.span(), unicodedata.normalize(form, cluster.group()))
        for cluster in _CLUSTER.finditer(traced.text)
        if not unicodedata.is_normalized(form, cluster.group())
    )


def _spelling(characters: set[str], rules: Rules) -> Mapping[str, str]:
    spelling = {character: _spelt(character, rules) for character in characters}
    return {character: new for character, new in spelling.items() if new != character}


def _spelt(character: str, rules: Rules) -> str:
    new = _INVISIBLE.get(character, character)
    if rules.unify_quotes_and_dashes:
        new = _PLAIN_QUOTES_AND_DASHES.get(new, new)
    if rules.ignore_accents:
        new = _without_accents(new)
    if rules.ignore_punctuation:
        new = "".join(part for part in new if unicodedata.category(part)[0] != "P")
    return new.casefold() if rules.ignore_case else new


def _without_accents(text: str) -> str:
    """Class 200 and above sit over or under a letter; below are vowel signs and the like, which spell the word."""
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(part for part in parts if unicodedata.combining(part) < 200))


def _single_spaces(text: str, keep_lines: bool) -> Iterator[Rewrite]:
    if not keep_lines:
        return (Rewrite(*run.span(), " ") for run in _NOT_ONE_SPACE.finditer(text))
    return (
        Rewrite(*run.span(), "\n" if len(f"|{run.group()}|".splitlines()) > 1 else " ")
        for run in _NOT_ONE_SPACE_OR_BREAK.finditer(text)
    )
