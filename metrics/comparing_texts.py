"""One hypothesis against one reference: rates, the very edits that were counted, and what the errors are made of.

Edits are located in both originals; the classes' counts add up to the distance: each edit is in exactly one. Of
characters taken for others the commonest comes first: rn for m is one confusion, not two edits.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import chain, groupby, pairwise, starmap
from typing import Literal, NamedTuple

from metrics.alignment import Block, Kind, cost, end_of, start_of
from metrics.error_rate import ErrorRate, cer, character_errors, counted, word_errors
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.passages import Passage, aligned
from metrics.units import as_characters, small
from translations import N_

Tile = tuple[int, int, int, int]
"""A stretch of both originals: ref_start, ref_end, hyp_start, hyp_end."""


class DiffSpan(NamedTuple):
    """A stretch of both originals. `equal` means equal under the rules: line breaks or Markdown may differ.

    A tuple because a page has thousands and a frozen dataclass takes four times as long to make.
    """

    kind: Kind
    reference: str
    hypothesis: str
    error_class: ErrorClass | None
    ref_start: int
    ref_end: int
    hyp_start: int
    hyp_end: int
    errors: int = 0
    """Edit operations counted here."""


ErrorClass = Literal["space", "case", "accent", "punctuation", "digit", "letter", "missing", "extra"]
ERROR_CLASSES: tuple[ErrorClass, ...] = (
    N_("space"),
    N_("case"),
    N_("accent"),
    N_("punctuation"),
    N_("digit"),
    N_("letter"),
    N_("missing"),
    N_("extra"),
)


@dataclass(frozen=True)
class TextComparison:
    """Rates at once; where the errors stand is worked out when it is asked for, which most callers never do."""

    cer: ErrorRate
    wer: ErrorRate
    reference: Normalised = field(repr=False)
    hypothesis: Normalised = field(repr=False)
    passages: Sequence[tuple[Passage, list[Block]]] = field(repr=False)

    @property
    def markdown_marks(self) -> int:
        """Markdown marks of the hypothesis that were not counted."""
        return self.hypothesis.markdown_marks

    @cached_property
    def spans(self) -> tuple[DiffSpan, ...]:
        """Joined they give both originals back, and their errors add up to those of `cer`.

        Where lines come in any order, they follow the hypothesis: the reference comes back sorted by `ref_start`.
        """
        return tuple(chain.from_iterable(self._spans(blocks, tile) for blocks, tile in self.tiled()))

    def errors_by_class(self) -> Mapping[ErrorClass, int]:
        """Every class with its edit operations, which add up to those of `cer`."""
        counts: dict[ErrorClass, int] = dict.fromkeys(ERROR_CLASSES, 0)
        for span in self.spans:
            if span.error_class:
                counts[span.error_class] += span.errors
        return counts

    def tiled(self) -> Iterator[tuple[list[Block], Tile]]:
        """The blocks of each passage, in units, and the stretch of the originals they are about."""
        ref_tiles = _tiles(self.reference, [passage.ref for passage, _ in self.passages])
        hyp_tiles = _tiles(self.hypothesis, [passage.hyp for passage, _ in self.passages])
        for (_, blocks), ref_tile, hyp_tile in zip(self.passages, ref_tiles, hyp_tiles, strict=True):
            yield blocks, (*ref_tile, *hyp_tile)

    def located(self, differing: Iterable[Block], tile: Tile) -> Iterator[Block]:
        """Blocks that differ, in units, as blocks of the originals; what lies between them is equal or not counted."""
        ref, hyp = self.reference, self.hypothesis
        ref_starts, ref_ends, hyp_starts, hyp_ends = ref.starts, ref.ends, hyp.starts, hyp.ends
        ref_done, ref_end, hyp_done, hyp_end = tile
        for kind, a, b, c, d in differing:
            ref_from, ref_to = (ref_starts[a], ref_ends[b - 1]) if a < b else ref.original_range(a, b)
            hyp_from, hyp_to = (hyp_starts[c], hyp_ends[d - 1]) if c < d else hyp.original_range(c, d)
            if ref_from < ref_done or hyp_from < hyp_done:
                # One original character may stand behind several units (an ellipsis): its first error takes it.
                ref_from, ref_to = max(ref_done, ref_from), max(ref_done, ref_to)
                hyp_from, hyp_to = max(hyp_done, hyp_from), max(hyp_done, hyp_to)
            if ref_done < ref_from or hyp_done < hyp_from:
                yield "equal", ref_done, ref_from, hyp_done, hyp_from
            yield kind, ref_from, ref_to, hyp_from, hyp_to
            ref_done, hyp_done = ref_to, hyp_to
        if ref_done < ref_end or hyp_done < hyp_end:
            yield "equal", ref_done, ref_end, hyp_done, hyp_end

    def _spans(self, blocks: Iterable[Block], tile: Tile) -> Iterator[DiffSpan]:
        ref, hyp = self.reference, self.hypothesis
        found = list(edits(blocks, ref.units, hyp.units))
        remaining = iter(found)
        for kind, ref_from, ref_to, hyp_from, hyp_to in self.located((edit.block for edit in found), tile):
            texts = ref.original[ref_from:ref_to], hyp.original[hyp_from:hyp_to]
            place = ref_from, ref_to, hyp_from, hyp_to
            edit = None if kind == "equal" else next(remaining)
            yield (
                DiffSpan(kind, *texts, edit.error_class, *place, edit.errors)
                if edit
                else DiffSpan(kind, *texts, None, *place)
            )


def compare_texts(
    reference: str | Normalised,
    hypothesis: str | Normalised,
    rules: Rules = DEFAULT_RULES,
    *,
    hint: int | None = None,
) -> TextComparison:
    """Count and locate the errors. A side that stays the same is best normalised once, by the same rules.

    `hint` is the last number of character errors of this pair, if known: it saves time and changes nothing.
    """
    ref = reference if isinstance(reference, Normalised) else normalise(reference, rules)
    hyp = hypothesis if isinstance(hypothesis, Normalised) else normalise(hypothesis, rules)
    ours, theirs = ref.counted(rules), hyp.counted(rules)
    passages = aligned(ours, theirs, rules, hint)
    characters = counted(chain.from_iterable(blocks for _, blocks in passages), len(ours.units))
    spaced = passages if ours is ref or not rules.any_line_order else aligned(ref, hyp, rules, hint)
    words = word_errors(ref, hyp, [passage for passage, _ in spaced], hint=characters.errors)
    return TextComparison(characters, words, ours, theirs, passages)


def _tiles(text: Normalised, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each range of units its stretch of the original; together the stretches are the whole original."""
    filled = [index for index, (start, end) in enumerate(ranges) if start < end] or [0]
    filled.sort(key=lambda index: ranges[index])
    bounds = [0, *(text.starts[ranges[index][0]] for index in filled[1:]), len(text.original)]
    tiles = dict(zip(filled, pairwise(bounds), strict=True))
    return [tiles.get(index) or text.original_range(start, start) for index, (start, _) in enumerate(ranges)]


def painted(compared: TextComparison) -> Iterator[Block]:
    """The stretches to paint, as blocks of both originals; a `replace` may be as long as a word on either side."""
    ours, theirs = as_characters(compared.reference.units, compared.hypothesis.units)
    ours, theirs = ours.replace("\n", " "), theirs.replace("\n", " ")
    return chain.from_iterable(
        compared.located(_whole_words(blocks, ours, theirs), tile) for blocks, tile in compared.tiled()
    )


def painted_texts(compared: TextComparison) -> Iterator[tuple[Kind, str, str]]:
    """The same as texts: kind, reference, hypothesis."""
    reference, hypothesis = compared.reference.original, compared.hypothesis.original
    for kind, ref_start, ref_end, hyp_start, hyp_end in painted(compared):
        yield kind, reference[ref_start:ref_end], hypothesis[hyp_start:hyp_end]


def _whole_words(blocks: Sequence[Block], reference: str, hypothesis: str) -> list[Block]:
    """The blocks that differ, those of a word with three of them or more than half its characters wrong as one."""
    if not blocks:
        return []
    found: list[Block] = []
    edits: list[Block] = []
    """Blocks that differ since the last space, none of which holds one."""
    errors = 0
    (ref_start, hyp_start), (ref_end, hyp_end) = start_of(blocks[0]), end_of(blocks[-1])
    left: Block = ("replace", ref_start, ref_start, hyp_start, hyp_start)
    end: Block = ("replace", ref_end, ref_end, hyp_end, hyp_end)
    for block in chain(blocks, [end]):
        kind, ref_start, ref_end, hyp_start, hyp_end = block
        if kind == "equal":
            if reference.find(" ", ref_start, ref_end) < 0:
                continue
        elif block is not end and " " not in reference[ref_start:ref_end] + hypothesis[hyp_start:hyp_end]:
            edits.append(block)
            errors += max(ref_end - ref_start, hyp_end - hyp_start)
            continue
        if errors:  # a lone wrong character is never more than half of a word that has others
            found += edits if errors < 2 else _inside_a_word(edits, errors, left, block, reference)
            edits, errors = [], 0
        if kind != "equal" and block is not end:
            found.append(block)
        left = block
    return found


def _inside_a_word(edits: list[Block], errors: int, left: Block, right: Block, reference: str) -> list[Block]:
    """The edits of a word, or the word as one; `left` and `right` hold the spaces that part it from its neighbours."""
    ref_start, hyp_start = _after_last_space(left, reference)
    ref_end, hyp_end = _before_first_space(right, reference)
    word: Block = ("replace", ref_start, ref_end, hyp_start, hyp_end)
    is_whole = len(edits) == 1 and edits[0][1:] == word[1:]
    if not is_whole and (len(edits) >= 3 or errors * 2 > max(ref_end - ref_start, hyp_end - hyp_start)):
        return [word]
    return edits


def _after_last_space(block: Block, reference: str) -> tuple[int, int]:
    """Where the word begins; an error with a space in it has no letters to give."""
    kind, ref_start, ref_end, hyp_start, hyp_end = block
    if kind != "equal":
        return ref_end, hyp_end
    start = reference.rfind(" ", ref_start, ref_end) + 1
    return start, hyp_start + start - ref_start


def _before_first_space(block: Block, reference: str) -> tuple[int, int]:
    """Where the word ends."""
    kind, ref_start, ref_end, hyp_start, _ = block
    if kind != "equal":
        return ref_start, hyp_start
    end = reference.find(" ", ref_start, ref_end)
    return end, hyp_start + end - ref_start


class Edit(NamedTuple):
    """A run of edit operations of one kind and one class, in units."""

    block: Block
    error_class: ErrorClass

    @property
    def errors(self) -> int:
        """Edit operations in this run."""
        return cost(self.block)


def edits(blocks: Iterable[Block], reference: Sequence[str], hypothesis: Sequence[str]) -> Iterator[Edit]:
    """The blocks that differ, cut where the class changes.

    Left out or added text stays in one piece, however many kinds of character it holds.
    """
    for block in blocks:
        kind, ref_start, ref_end, hyp_start, hyp_end = block
        if kind == "delete":
            yield Edit(block, _one_sided("".join(reference[ref_start:ref_end]), "missing"))
        elif kind == "insert":
            yield Edit(block, _one_sided("".join(hypothesis[hyp_start:hyp_end]), "extra"))
        elif kind == "replace":
            at, shift = ref_start, hyp_start - ref_start
            pairs = zip(reference[ref_start:ref_end], hypothesis[hyp_start:hyp_end], strict=True)
            for error_class, run in groupby(starmap(replacement_class, pairs)):
                end = at + sum(1 for _ in run)
                yield Edit((kind, at, end, at + shift, end + shift), error_class)
                at = end


@lru_cache(10_000)
def replacement_class(reference: str, hypothesis: str) -> ErrorClass:
    """What it is to read one character as another."""
    if reference.isspace() or hypothesis.isspace():
        return "space"
    if small(reference) == small(hypothesis):
        return "case"
    if not (reference.isascii() and hypothesis.isascii()) and _bare(reference) == _bare(hypothesis):
        return "accent"
    if _is_mark(reference) and _is_mark(hypothesis):
        return "punctuation"
    return "digit" if reference.isdigit() or hypothesis.isdigit() else "letter"


def _one_sided(text: str, otherwise: Literal["missing", "extra"]) -> ErrorClass:
    if text.isspace():
        return "space"
    if text.isdigit():
        return "digit"
    return "punctuation" if all(map(_is_mark, text)) else otherwise


def _bare(character: str) -> str:
    return small(unicodedata.normalize("NFD", character)[0])


def _is_mark(character: str) -> bool:
    return unicodedata.category(character[0])[0] in "PS"


@dataclass(frozen=True, slots=True)
class Place:
    """Offsets into both originals."""

    ref_start: int
    ref_end: int
    hyp_start: int
    hyp_end: int


@dataclass(frozen=True, slots=True)
class Confusion:
    """`reference` was read as `hypothesis`; either may be empty. `errors` are the edits of all places together."""

    reference: str
    hypothesis: str
    errors: int
    places: tuple[Place, ...]


def confusions(spans: Iterable[DiffSpan]) -> tuple[Confusion, ...]:
    """Neighbouring edits taken together, never across a space. Whole words that are missing or extra are left out."""
    found: dict[tuple[str, str], list[tuple[Place, int]]] = defaultdict(list)
    for run in _runs(spans):
        texts = "".join(span.reference for span in run), "".join(span.hypothesis for span in run)
        place = Place(run[0].ref_start, run[-1].ref_end, run[0].hyp_start, run[-1].hyp_end)
        found[texts].append((place, sum(span.errors for span in run)))
    listed = [
        Confusion(*texts, sum(errors for _, errors in places), tuple(place for place, _ in places))
        for texts, places in found.items()
    ]
    return tuple(sorted(listed, key=lambda one: (-len(one.places), -one.errors, one.reference, one.hypothesis)))


def _runs(spans: Iterable[DiffSpan]) -> Iterator[list[DiffSpan]]:
    """Edits that touch each other; one that holds a space stands alone, and only if it is nothing but a space."""
    for edits, neighbours in groupby(spans, key=lambda span: span.kind != "equal"):
        if not edits:
            continue
        for spaced, run in groupby(neighbours, key=_holds_space):
            if not spaced:
                yield list(run)
            else:
                yield from ([span] for span in run if span.error_class == "space")


def _holds_space(span: DiffSpan) -> bool:
    return any(map(str.isspace, span.reference + span.hypothesis))


@dataclass(frozen=True, slots=True)
class Step:
    """The rate with this and everything named before it forgiven."""

    name: str
    cer: ErrorRate


def waterfall(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> tuple[Step, ...]:
    """Five steps; what the rules forgive already costs nothing in its step."""
    caseless = replace(rules, ignore_case=True)
    plain = replace(caseless, ignore_punctuation=True)
    spaceless = _without_spaces(reference, hypothesis, plain)
    unordered = _without_spaces(reference, hypothesis, replace(plain, any_line_order=True))
    return (
        Step("as counted", cer(reference, hypothesis, rules)),
        Step("without case", cer(reference, hypothesis, caseless)),
        Step("without punctuation", cer(reference, hypothesis, plain)),
        Step("without spaces", spaceless),
        Step("without line order", min(spaceless, unordered, key=lambda rate: rate.errors)),
    )


def _without_spaces(reference: str, hypothesis: str, rules: Rules) -> ErrorRate:
    """Line breaks stay as long as lines are to be told apart; they are never counted."""
    kept = "\n" if rules.any_line_order else ""
    ref, hyp = normalise(reference, rules), normalise(hypothesis, rules)
    rate = character_errors(ref.without_spaces(kept), hyp.without_spaces(kept), rules)
    return replace(rate, reference_length=sum(not unit.isspace() for unit in ref.units))
