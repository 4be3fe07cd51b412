"""What counts as a difference, and texts made ready for counting by those rules. The originals are never changed.

Always: canonical composition (NFC), white space runs become one space, ends are trimmed, what is invisible (direction,
joining and control characters, choices of glyph) is left out. Everything else is a rule that the user sees.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property, lru_cache
from itertools import accumulate
from threading import Lock
from typing import Literal, NamedTuple

import regex
from cachetools import LRUCache, cached

from metrics.editorial_marks import deletion_marks, deletions, doubt_marks, marginal_marks, without_markdown
from metrics.rewriting import Rewrite, TracedText
from metrics.units import composed, graphemes, plain, small, without_accents, words, written_out
from translations import N_, _, ngettext
from translations.wording import listed


@dataclass(frozen=True, slots=True)
class Toggle:
    """How people meet a rule: its name on screens (empty: it is set elsewhere), and its part in the sentence, marked.

    While it is on it says its own sentence (`note`), or a thing counts no more (`ignores`) or only now (`counts`).
    """

    label: str
    note: str = ""
    ignores: str = ""
    counts: str = ""
    named_when_off: bool = True


def _rule(label: str, note: str = "", *, on: bool = False) -> bool:
    rule: bool = field(default=on, metadata={"toggle": Toggle(label, note)})
    return rule


def _thing(label: str, ignores: str = "", *, on: bool = False, counts: str = "", named_when_off: bool = True) -> bool:
    rule: bool = field(default=on, metadata={"toggle": Toggle(label, "", ignores, counts, named_when_off)})
    return rule


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts, one field a rule. Screens, command line, exports and interfaces follow these fields.

    A new rule is its field here and what it does to a text: of single characters in `_spelt`, with editors' marks in
    `_without_marks`, anything else in `normalise` before `_spelling`. Its field is `_rule(label, note)`; `_thing` where
    all there is to say is that something counts or does not.
    """

    ignore_case: bool = _thing(N_("Ignore case"), N_("case"))
    ignore_punctuation: bool = _thing(N_("Ignore punctuation"), N_("punctuation"))
    ignore_symbols: bool = _thing(N_("Ignore symbols"), N_("symbols"), named_when_off=False)
    ignore_accents: bool = _thing(N_("Ignore accents"), N_("accents"), named_when_off=False)
    letters_and_digits_only: bool = _rule(
        N_("Letters and digits only"),
        N_("Only the letters a to z and the digits count, small or capital; spaces only part words."),
    )
    line_breaks_count: bool = _thing(N_("Line breaks count"), counts=N_("line breaks"))
    unify_quotes_and_dashes: bool = _thing(N_("Unify quotes and dashes"), N_("curly quotes"), on=True)
    remove_markdown: bool = _thing(N_("Remove Markdown"), N_("Markdown marks"), on=True)
    """HTML too, and on both sides: a text must not differ from itself."""
    join_hyphenated: bool = _rule(N_("Join hyphenated line ends"), N_("Words hyphenated at a line end are joined."))
    expand_abbreviations: bool = _rule(
        N_("Abbreviations as written out"), N_("Common abbreviations count as the words they stand for.")
    )
    leave_out_deletions: bool = _rule(
        N_("Leave struck-through words out"), N_("Words marked as struck through do not count.")
    )
    ignore_deletion_marks: bool = _rule(
        N_("Ignore marks around struck-through words"), N_("Marks around struck-through words do not count.")
    )
    ignore_marginal_marks: bool = _rule(
        N_("Ignore marks of the margin"),
        N_("Marks around notes in the margin and labels of places on the page do not count."),
    )
    ignore_doubt_marks: bool = _rule(
        N_("Ignore marks of doubt"), N_("Marks of doubt, and marks for what cannot be read, do not count.")
    )
    ignore_leaders: bool = _rule(
        N_("Ignore leaders and fill-in lines"), N_("Leaders and fill-in lines (. . . . or ____) do not count.")
    )
    compatibility: bool = _rule(
        N_("Ligatures and long s as plain letters"), N_("Ligatures and the long s count as plain letters.")
    )
    """NFKC instead of NFC, but that no number becomes another."""
    any_line_order: bool = _rule("", N_("Lines may come in any order."))
    unit: Literal["grapheme", "code point"] = "grapheme"

    def sentence(self) -> str:
        """What a reader of the figures must know, in words."""
        toggles = {name: toggle for name, toggle in toggles_of().items() if getattr(self, name)}
        notes = [_(toggle.note) for name, toggle in toggles.items() if toggle.note and not self._is_moot(name)]
        return " ".join(
            [
                *([] if self.letters_and_digits_only else self._opening()),
                *notes,
                *([_("Characters are Unicode code points.")] if self.unit == "code point" else []),
                _("Errors and characters are summed over all images."),
                _("Above 100 % is possible when text was added."),
            ]
        )

    def _opening(self) -> list[str]:
        things = self._things()
        counted = [thing for thing, counts in things.items() if counts]
        uncounted = [thing for thing, counts in things.items() if not counts]
        these, others = (listed([_(thing) for thing in named]) for named in (counted, uncounted))
        if not counted:
            return [_begun(_("{things} do not count.", things=others))]
        n = 1 if counted in (["case"], ["punctuation"]) else 2
        told = ngettext("{things} counts.", "{things} count.", n, things=these)
        return [_begun(told), _begun(_("{things} do not.", things=others))]

    def _things(self) -> dict[str, bool]:
        """What the rules are about, and whether it counts; what is only named at times comes last."""
        toggles = [(toggle, bool(getattr(self, name))) for name, toggle in toggles_of().items() if not toggle.note]
        toggles.sort(key=lambda one: not one[0].named_when_off)
        things: dict[str, bool] = {}
        for toggle, is_on in toggles:
            if is_on or toggle.named_when_off:
                things[toggle.ignores or toggle.counts] = is_on == bool(toggle.counts)
            if toggle.counts == "line breaks":
                things[N_("repeated spaces")] = False
        return things

    def _is_moot(self, name: str) -> bool:
        return name == "ignore_deletion_marks" and self.leave_out_deletions


DEFAULT_RULES = Rules()


def toggles_of() -> dict[str, Toggle]:
    """Every rule that is either on or off, by the name of its field, in the order in which screens show them."""
    return {rule.name: rule.metadata["toggle"] for rule in fields(Rules) if "toggle" in rule.metadata}


class Word(NamedTuple):
    """A word as the rules leave it (`key`), and where it stands in the original."""

    key: str
    start: int
    end: int


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

    @cached_property
    def placed_words(self) -> Sequence[Word]:
        """The same in order, with their places."""
        units, starts, ends = self.units, self.starts, self.ends
        shape = units if isinstance(units, str) else "".join(" " if unit[0].isspace() else "x" for unit in units)
        spans = (match.span() for match in re.finditer(r"\S+", shape))
        return [Word("".join(units[start:end]), starts[start], ends[end - 1]) for start, end in spans]

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

    def counted(self, rules: Rules) -> Normalised:
        """The characters that the character error rate counts."""
        if not rules.letters_and_digits_only:
            return self
        return self.without_spaces("\n" if rules.any_line_order else "")

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """Where units[start:end] stand in the original; an empty range is a place between characters."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        place = self.starts[start] if start < len(self.units) else self.ends[-1] if self.units else 0
        return place, place


CHARACTERS_KEPT = 300_000
"""A text made ready takes some hundred bytes a character."""
CHARACTERS_KNOWN = 4096
"""A text has a hundred different ones, and the next text the same: they were a tenth of the time of scoring."""


@cached(LRUCache(CHARACTERS_KEPT, getsizeof=lambda kept: 20 + len(kept.original)), lock=Lock())
def normalise(text: str, rules: Rules) -> Normalised:
    """Leave out of a text what the rules do not count: of reference and hypothesis alike.

    Kept, because every measure of a page, and every pair of its readings, asks for the same few texts.
    """
    traced, marks = _without_marks(TracedText.of(text), rules), 0
    if rules.remove_markdown:
        traced, marks = without_markdown(traced)
    kept = _SOFT_HYPHEN if rules.join_hyphenated else ""
    traced = traced.respelt(dict.fromkeys(filter(_is_invisible, set(traced.text) - {kept}), ""))
    if rules.compatibility:
        traced = traced.rewritten(plain(traced.text))
    traced = traced.rewritten(composed(traced.text))
    if rules.join_hyphenated:
        traced = traced.rewritten(Rewrite(*match.span()) for match in _HYPHENATION.finditer(traced.text))
    if rules.expand_abbreviations:
        traced = traced.rewritten(written_out(traced.text))
    traced = traced.respelt(_spelling(set(traced.text), rules))
    keep_lines = rules.line_breaks_count or rules.any_line_order
    if not keep_lines:  # character by character first, which is quick: most runs of white space are one line break
        traced = traced.respelt(dict.fromkeys(filter(str.isspace, set(traced.text) - {" "}), " "))
    traced = traced.rewritten(_single_spaces(traced.text, keep_lines)).stripped()
    units = traced.text if rules.unit == "code point" else graphemes(traced.text)
    starts, ends = traced.starts, traced.ends
    if len(units) != len(traced.text):
        after = list(accumulate(map(len, units)))
        starts = [starts[end - len(unit)] for end, unit in zip(after, units, strict=True)]
        ends = [ends[end - 1] for end in after]
    return Normalised(text, traced.text, units, starts, ends, marks)


_INVISIBLE = regex.compile(r"[\p{Default_Ignorable_Code_Point}\p{Cc}\uFFF9-\uFFFB]")
_SOFT_HYPHEN = "\u00ad"
"""Invisible within a line, a hyphen at its end."""
_PLAIN_QUOTES_AND_DASHES = {
    **dict.fromkeys("‘’‚‛′`´", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
}
_HYPHENATION = regex.compile(r"(?<=\p{L}\p{M}*)[-\u00ad‐‑¬⸗][^\S\n]*\n\s*(?=\p{L})")
_LEADERS = re.compile(r"[.·•‥](?:[ \t\u00a0]*[.·•‥…]){3,}|…(?:[ \t]*[.…])+|_(?:[ \t]*_){2,}|[-–—](?:[ \t]*[-–—]){3,}")
"""Three points are an ellipsis, three dashes may be one."""
_LETTERS_AND_DIGITS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
_NOT_ONE_SPACE = re.compile(r"(?! (?!\s))\s+")
_NOT_ONE_SPACE_OR_BREAK = re.compile(r"(?![ \n](?!\s))\s+")


def _begun(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _without_marks(traced: TracedText, rules: Rules) -> TracedText:
    """Before Markdown goes, which would take marks and leave words. Doubt first: it stands inside the others."""
    for chosen, marks in (
        (rules.ignore_doubt_marks, doubt_marks),
        (rules.ignore_marginal_marks, marginal_marks),
        (rules.leave_out_deletions, deletions),
        (rules.ignore_deletion_marks and not rules.leave_out_deletions, deletion_marks),
    ):
        traced = traced.rewritten(marks(traced.text)) if chosen else traced
    if rules.ignore_leaders:
        traced = traced.rewritten(Rewrite(*run.span(), " ") for run in _LEADERS.finditer(traced.text))
    return traced


@lru_cache(CHARACTERS_KNOWN)
def _is_invisible(character: str) -> bool:
    return bool(_INVISIBLE.fullmatch(character)) and not character.isspace()


def _spelling(characters: set[str], rules: Rules) -> Mapping[str, str]:
    spelling = {character: _spelt(character, rules) for character in characters}
    return {character: new for character, new in spelling.items() if new != character}


@lru_cache(CHARACTERS_KNOWN)
def _spelt(character: str, rules: Rules) -> str:
    new = "" if character == _SOFT_HYPHEN else character
    if rules.unify_quotes_and_dashes:
        new = _PLAIN_QUOTES_AND_DASHES.get(new, new)
    if rules.ignore_accents:
        new = without_accents(new)
    ignored = "P" * rules.ignore_punctuation + "S" * rules.ignore_symbols
    new = "".join(part for part in new if unicodedata.category(part)[0] not in ignored)
    new = small(new) if rules.ignore_case or rules.letters_and_digits_only else new
    if rules.letters_and_digits_only:
        return "".join(part for part in new if part in _LETTERS_AND_DIGITS or part.isspace())
    return new


def _single_spaces(text: str, keep_lines: bool) -> Iterator[Rewrite]:
    if not keep_lines:
        return (Rewrite(*run.span(), " ") for run in _NOT_ONE_SPACE.finditer(text))
    return (
        Rewrite(*run.span(), "\n" if len(f"|{run.group()}|".splitlines()) > 1 else " ")
        for run in _NOT_ONE_SPACE_OR_BREAK.finditer(text)
    )
