"""What became of every line: in its place, moved, misread, missing, invented or repeated; and what the order costs."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Levenshtein

from metrics.alignment import align
from metrics.answer import parse_answer
from metrics.editorial_marks import marginal_notes
from metrics.error_rate import ErrorRate, cer, wer
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise
from metrics.passages import Passage, line_spans, pair_lines
from metrics.units import as_characters

LineFate = Literal["in place", "moved", "misread", "missing", "invented", "repeated"]


@dataclass(frozen=True, slots=True)
class LineMatch:
    """A line of the reference, the hypothesis or both, with offsets into the originals; an absent side is empty.

    A misread line has what stands in its place: hardly anything in it is right.
    """

    fate: LineFate
    reference: str
    hypothesis: str
    ref_start: int
    ref_end: int
    hyp_start: int
    hyp_end: int


@dataclass(frozen=True, slots=True)
class LineComparison:
    """Lines in the hypothesis's order, missing ones last."""

    lines: tuple[LineMatch, ...]
    as_read: ErrorRate
    any_order: ErrorRate
    """The same characters with lines taken in any order. It says little where the line breaks were lost."""
    reading_order_share: float | None
    """WER minus bag-of-words WER: what is due to words that are all there, but elsewhere. None without a reference."""

    def count(self, fate: LineFate) -> int:
        """How many lines met that fate."""
        return sum(line.fate == fate for line in self.lines)


def compare_lines(reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES) -> LineComparison:
    """Say what became of every line, wherever the hypothesis breaks its own; marks and chatter are no lines."""
    rules = replace(rules, any_line_order=True)
    words_only = replace(rules, ignore_marginal_marks=True, ignore_doubt_marks=True)
    ref, hyp = normalise(reference, words_only), normalise(hypothesis, words_only)
    as_read = replace(rules, any_line_order=False)
    lines = [_original(line, ref, hyp) for line in _lines(*as_characters(ref.units, hyp.units))]
    apart = [*marginal_notes(hypothesis), *((part.start, part.end) for part in parse_answer(hypothesis).chatter)]
    return LineComparison(
        tuple(line for line in lines if line.reference or not _within((line.hyp_start, line.hyp_end), apart)),
        as_read=cer(reference, hypothesis, as_read),
        any_order=cer(reference, hypothesis, rules),
        reading_order_share=_reading_order_share(reference, hypothesis, as_read),
    )


def bag_of_words_errors(reference: Sequence[str], hypothesis: Sequence[str]) -> int:
    """Word errors if order did not matter (Vidal et al. 2023, eq. 8): never more than the word distance."""
    same = sum((Counter(reference) & Counter(hypothesis)).values())
    return max(len(reference), len(hypothesis)) - same


_READ_ON = 0.6
"""A line with this share of its characters right where the texts run side by side was read there."""
_STANDS_FOR = 0.5
"""A line against which at least this share of characters stands, right or wrong, is misread and not missing."""
_AS_MUCH = 1.5
"""So many times the characters are still about as many: a misread line may be shorter or longer than the right one."""
_SAME_LINE = 0.8
"""A line this similar to one that stands elsewhere in the hypothesis is said again, not invented."""
_Fated = tuple[LineFate, Passage]
_Span = tuple[int, int]


def _lines(reference: str, hypothesis: str) -> list[_Fated]:
    """The lines of both texts, each once: a line of the reference is in place, moved, misread or missing."""
    sides = _SideBySide(reference, hypothesis)
    elsewhere = _read_elsewhere(sides, reference, hypothesis)
    there = sorted([*sides.read_on, *elsewhere], key=lambda passage: passage.hyp_start)
    in_order = _longest_rising([passage.ref_start for passage in there])
    lines: list[_Fated] = [("in place" if at in in_order else "moved", passage) for at, passage in enumerate(there)]
    ours, theirs = {passage.ref for passage in elsewhere}, {passage.hyp for passage in elsewhere}
    left = [span for span in sides.lacking if span not in ours]
    extra = [span for span in sides.unaccounted if span not in theirs]
    again = _said_again(reference, hypothesis, [passage.hyp for passage in there], extra)
    extra = [span for span in extra if span not in again]
    misread, invented = _told_apart(sides, left, extra, [there[at] for at in sorted(in_order)])
    lines += [("repeated", Passage(0, 0, *span)) for span in again]
    lines += [("misread", passage) for passage in misread if not _within(passage.hyp, again)]
    lines += [("invented", Passage(0, 0, *span)) for span in invented if _says_something(hypothesis[slice(*span)])]
    lines.sort(key=lambda line: line[1].hyp_start)
    found, end = {passage.ref for _, passage in lines}, len(hypothesis)
    return [*lines, *(("missing", Passage(*line, end, end)) for line in left if line not in found)]


def _read_elsewhere(sides: _SideBySide, reference: str, hypothesis: str) -> list[Passage]:
    """Lines that were not read in their place, each with the nearest of those nobody wrote there, if half right."""
    ours = [reference[slice(*span)] for span in sides.lacking]
    theirs = [hypothesis[slice(*span)] for span in sides.unaccounted]
    return [
        Passage(*sides.lacking[row], *sides.unaccounted[column])
        for row, column, errors in pair_lines(ours, theirs)
        if errors * 2 <= max(len(ours[row]), len(theirs[column]))
    ]


def _told_apart(
    sides: _SideBySide, left: Iterable[_Span], extra: Iterable[_Span], in_place: Sequence[Passage]
) -> tuple[list[Passage], list[_Span]]:
    """Of lines that were not read and lines too many: what was misread, and what was invented.

    Where as much stands in a place as was written there, all of it was misread, however it breaks its lines.
    """
    gaps: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for side, spans in enumerate((left, extra)):
        starts = [(passage.ref_start, passage.hyp_start)[side] for passage in in_place]
        for span in spans:
            gaps.setdefault(bisect_left(starts, span[0]), ([], []))[side].append(span)
    misread: list[Passage] = []
    invented: list[_Span] = []
    for written, read in gaps.values():
        here = [Passage(*line, *place) for line in written if (place := sides.place_of(line))]
        lengths = [sum(end - start for start, end in spans) for spans in (written, read)]
        if read and lengths[0] <= _AS_MUCH * lengths[1]:
            here = [Passage(*line, *read[at * len(read) // len(written)]) for at, line in enumerate(written)]
        if lengths[1] > _AS_MUCH * lengths[0]:
            places = [passage.hyp for passage in here]
            invented += [span for span in read if not _within(span, places) and not sides.stands_for_something(span)]
        misread += here
    return misread, invented


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def _said_again(reference: str, hypothesis: str, there: Iterable[_Span], extra: Iterable[_Span]) -> list[_Span]:
    """Stretches that say again what was read before, or has its place elsewhere."""
    written = [reference[start:end] for start, end in line_spans(reference)]
    places = list(there)
    again: list[_Span] = []
    for span in extra:
        line = hypothesis[slice(*span)]
        said = [hypothesis[start:end] for start, end in places if end <= span[0] or span[1] <= start] + written
        if any(Levenshtein.normalized_similarity(line, other) >= _SAME_LINE for other in said) or _is_made_of(
            line, said
        ):
            again.append(span)
        places.append(span)
    return again


def _is_made_of(text: str, said: Iterable[str]) -> bool:
    """Whether most of a stretch are words that follow each other like that elsewhere."""
    threes = _threes(text)
    known = {three for line in said for three in _threes(line)}
    return len(threes) > 1 and 2 * sum(three in known for three in threes) >= len(threes)


def _threes(text: str) -> list[tuple[str, ...]]:
    words = text.split()
    return list(zip(words, words[1:], words[2:], strict=False))


def _within(place: _Span, spans: Iterable[_Span]) -> bool:
    """Whether half of a stretch lies in one of the others."""
    return any(min(end, place[1]) - max(start, place[0]) >= (place[1] - place[0]) / 2 for start, end in spans)


class _SideBySide:
    """Both texts along their minimal alignment: which lines were read, and what stands against the others."""

    def __init__(self, reference: str, hypothesis: str) -> None:
        self._right: dict[int, int] = {}
        self._against: dict[int, int] = {}
        flat = reference.replace("\n", " "), hypothesis.replace("\n", " ")
        for kind, ref_start, ref_end, hyp_start, hyp_end in align(*flat):
            if kind in ("equal", "replace"):
                pairs = dict(zip(range(ref_start, ref_end), range(hyp_start, hyp_end), strict=True))
                self._against |= pairs
                self._right |= pairs if kind == "equal" else {}
        self._covered = set(self._against.values())
        self.read_on: list[Passage] = []
        self.lacking: list[_Span] = []
        for line in line_spans(reference):
            place = self._place(self._right, line, _READ_ON)
            if place:
                self.read_on.append(Passage(*line, *place))
            else:
                self.lacking.append(line)
        used = set(self._right.values())
        lines = _pieces(hypothesis, reference, self._covered)
        self.unaccounted = [(a, b) for a, b in lines if sum(at in used for at in range(a, b)) < _READ_ON * (b - a)]

    def place_of(self, line: _Span) -> _Span | None:
        """What stands in the place of a line of the reference, right or wrong."""
        return self._place(self._against, line, _STANDS_FOR)

    def stands_for_something(self, span: _Span) -> bool:
        """Whether a stretch of the hypothesis stands in the place of something that was written."""
        return sum(at in self._covered for at in range(*span)) >= _STANDS_FOR * (span[1] - span[0])

    @staticmethod
    def _place(partner: Mapping[int, int], line: _Span, least: float) -> _Span | None:
        start, end = line
        places = [partner[at] for at in range(start, end) if at in partner]
        # Letters that fit by chance lie far apart.
        if places and len(places) >= least * (end - start) and places[-1] - places[0] < 2 * (end - start):
            return places[0], places[-1] + 1
        return None


def _pieces(hypothesis: str, reference: str, covered: Collection[int]) -> list[_Span]:
    """The lines of the hypothesis; of lines that hold several of the reference's, what stands against nothing."""
    lines = line_spans(hypothesis)
    longest = max((end - start for start, end in line_spans(reference)), default=len(hypothesis))
    pieces: list[_Span] = []
    for start, end in lines:
        if end - start <= 2 * longest:
            pieces.append((start, end))
            continue
        for bare, run in groupby(range(start, end), key=lambda at: at not in covered):
            places = list(run)
            if bare and len(places) > longest / 2:
                pieces.append((places[0], places[-1] + 1))
    return pieces


def _original(line: _Fated, ref: Normalised, hyp: Normalised) -> LineMatch:
    fate, passage = line
    ref_start, ref_end = ref.original_range(passage.ref_start, passage.ref_end)
    hyp_start, hyp_end = hyp.original_range(passage.hyp_start, passage.hyp_end)
    texts = ref.original[ref_start:ref_end], hyp.original[hyp_start:hyp_end]
    return LineMatch(fate, *texts, ref_start, ref_end, hyp_start, hyp_end)


def _longest_rising(values: Sequence[int]) -> set[int]:
    """Which values make a longest run that rises: as many lines as possible count as being in place."""
    tails: list[int] = []
    chains: list[tuple[int, ...]] = []
    for number, value in enumerate(values):
        at = bisect_left(tails, value)
        chain = (*(chains[at - 1] if at else ()), number)
        tails[at : at + 1] = [value]
        chains[at : at + 1] = [chain]
    return set(chains[-1]) if chains else set()


def _reading_order_share(reference: str, hypothesis: str, rules: Rules) -> float | None:
    ref, hyp = normalise(reference, rules).words, normalise(hypothesis, rules).words
    if not ref:
        return None
    return (wer(reference, hypothesis, rules).errors - bag_of_words_errors(ref, hyp)) / len(ref)
