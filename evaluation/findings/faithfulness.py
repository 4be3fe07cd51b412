"""What a mean hides: names and figures, silent corrections, words in another order or from nowhere, loops. Pure.

One reading at a time first, then what an engine's readings come to over a run or a slice of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np

from evaluation.findings.statistics import FEWEST_CLUSTERS, Counts, Interval, Share, rate_interval, share_of
from evaluation.findings.wording import TOKEN_NAMES, share_cell
from evaluation.ledger.runs import Run
from metrics.answer import is_loop, said_elsewhere
from metrics.comparing_texts import compare_texts
from metrics.critical_tokens import TokenCount, TokenKind, TokenVerdict, judge_tokens, token_counts
from metrics.error_rate import ErrorRate, pooled
from metrics.line_matching import bag_of_words_errors
from metrics.names import language_of, told_language
from metrics.normalising import normalise
from metrics.silent_corrections import Misspelling, misspellings
from playground.insight import known_words, vocabulary
from translations import _

if TYPE_CHECKING:
    from evaluation.findings.leaderboard import Leaderboard
    from evaluation.findings.results import Outcome

MOST_READINGS = 4000
"""Of a larger run the first ones: a page takes a fiftieth of a second."""
MOST_MISSED = 100
OTHERWISE_ORDERED = 0.25
"""So much of an engine's errors, and of all words or characters `NOTICED`, must be due to the order to be said."""
NOTICED = 0.02


@dataclass(frozen=True, slots=True)
class CloseReading:
    """One reading word by word. `misspellings` is None in a language without a word list."""

    engine_id: str
    position: int
    repeat: int
    item_id: str
    cluster: str
    tokens: tuple[TokenCount, ...]
    missed: tuple[TokenVerdict, ...]
    misspellings: tuple[Misspelling, ...] | None
    as_read: ErrorRate
    any_order: ErrorRate
    """Of characters, lines taken in any order."""
    words_as_read: ErrorRate
    bag_errors: int
    """Word errors if order did not matter at all."""
    added: int
    """Words that stand against none of the reference, lines taken in any order."""
    stuck: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """A name or figure that was not read right; it stands at reference[start:end] of the page at `position`."""

    kind: TokenKind
    item_id: str
    written: str
    read: str
    position: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Faithfulness:
    """What one engine's readings with a reference come to."""

    engine_id: str
    right: Mapping[TokenKind, Share]
    """Of the names, dates, amounts and numbers of the references those that were read right."""
    missed: tuple[Missed, ...]
    """Those of the items with the most of them first."""
    corrected: Share | None
    """Of the writers' misspellings those that were silently put right; None in languages without a word list."""
    as_read: ErrorRate
    any_order: ErrorRate
    words_as_read: ErrorRate
    bag_errors: int
    added: int
    """Words from nowhere; `added_interval` is that of their number for each word of the references."""
    added_interval: Interval | None
    stuck: int
    """Readings in which the engine says the same again and again."""

    @property
    def bag_rate(self) -> float | None:
        """The bag-of-words WER."""
        return self.bag_errors / self.words_as_read.reference_length if self.words_as_read.reference_length else None

    @property
    def added_rate(self) -> float | None:
        """Words from nowhere for each word of the references; over 1 where most is invented."""
        return self.added / self.words_as_read.reference_length if self.words_as_read.reference_length else None

    @property
    def lines_moved(self) -> bool:
        """Whether a good part of the wrong characters is only that lines stand in another order."""
        return _moved(self.as_read, self.any_order.errors)

    @property
    def words_moved(self) -> bool:
        """Whether a good part of the wrong words is only that they stand in another order."""
        return _moved(self.words_as_read, self.bag_errors)


def _moved(before: ErrorRate, after: int) -> bool:
    least = max(OTHERWISE_ORDERED * before.errors, NOTICED * before.reference_length)
    return 0 < least <= before.errors - after


@dataclass(frozen=True, slots=True)
class Shown:
    """Whether the pages show that an engine reads at least the `requirement`'s share of a kind right, and why."""

    requirement: str
    answer: Literal["met", "missed", "not shown"]
    because: str


LeastRight = tuple[tuple[TokenKind, float], ...]
"""Of each kind the share that must be right."""


def shown_right(found: Faithfulness | None, least: LeastRight) -> Iterator[Shown]:
    """The answer for each kind: the whole interval must lie on one side."""
    for kind, share in least:
        right = found.right[kind] if found else Share(0, 0)
        answer: Literal["met", "missed", "not shown"] = "not shown"
        if right.interval and right.interval.low >= share:
            answer = "met"
        elif right.interval and right.interval.high < share:
            answer = "missed"
        yield Shown(asked_right(kind, share), answer, _because(kind, right, found))


def asked_right(kind: TokenKind, share: float) -> str:
    """What is asked for, such as at least 99 % of amounts right."""
    return _("at least {share} % of {names} right", share=f"{100 * share:g}", names=_(TOKEN_NAMES[kind]))


def _because(kind: TokenKind, right: Share, found: Faithfulness | None) -> str:
    if found is None or not right.total:
        return _("there are no {names} on what it read", names=_(TOKEN_NAMES[kind]))
    if right.interval:
        return _("{share} are right", share=share_cell(right))
    return _("{share} are right, from fewer than {n} pages or writers", share=share_cell(right), n=FEWEST_CLUSTERS)


def close_readings(run: Run, found: Iterable[Outcome], part: int = 0, parts: int = 1) -> tuple[CloseReading, ...]:
    """Every reading of a page with a reference; what others read there tells a writer's slip from a reference's.

    Of so many `parts`, which together are the whole in its order, the one of that number, counted from 0.
    """
    pages: dict[tuple[int, int], list[Outcome]] = {}
    count = 0
    for outcome in found:
        place = outcome.page.position, outcome.repeat
        wanted = outcome.page.item.reference is not None and (place in pages or count < MOST_READINGS)
        if wanted and outcome.run.transcription is not None:  # asked last: it takes a look at the text
            pages.setdefault(place, []).append(outcome)
            count += 1
    again = _told_of_other_pages(pages)
    start, end = (len(pages) * number // parts for number in (part, part + 1))
    close = (_closely(run, outcome, page) for page in islice(pages.values(), start, end) for outcome in page)
    return tuple(replace(one, stuck=one.stuck or (one.engine_id, one.position, one.repeat) in again) for one in close)


def _told_of_other_pages(pages: Mapping[tuple[int, int], Sequence[Outcome]]) -> set[tuple[str, int, int]]:
    """Engine, position and repeat of each reading that says what the engine also says of a page where it stands not."""
    own: dict[tuple[str, int], dict[str, str]] = {}
    witnesses: dict[tuple[str, int], dict[str, list[str]]] = {}
    for (position, repeat), page in pages.items():
        texts = {one.run.engine_id: one.run.transcription.text for one in page if one.run.transcription}
        for engine_id, text in texts.items():
            others = [other for name, other in texts.items() if name != engine_id]
            own.setdefault((engine_id, repeat), {})[str(position)] = text
            seen = [page[0].page.item.reference or "", *others]
            witnesses.setdefault((engine_id, repeat), {})[str(position)] = seen
    return {
        (engine_id, int(position), repeat)
        for (engine_id, repeat), readings in own.items()
        for position in said_elsewhere(readings, witnesses[engine_id, repeat])
    }


def faithfulness(close: Iterable[CloseReading]) -> dict[str, Faithfulness]:
    """By engine."""
    engines: dict[str, list[CloseReading]] = {}
    for one in close:
        engines.setdefault(one.engine_id, []).append(one)
    return {engine_id: _of_engine(engine_id, own) for engine_id, own in engines.items()}


def with_faithfulness(board: Leaderboard, close: Iterable[CloseReading]) -> Leaderboard:
    """The rows with what is known of their readings beyond their rates."""
    found = faithfulness(close)
    return replace(board, rows=tuple(replace(row, faithful=found.get(row.engine_id)) for row in board.rows))


def _closely(run: Run, outcome: Outcome, page: Sequence[Outcome]) -> CloseReading:
    item, reading, rules = outcome.page.item, outcome.run.transcription, run.settings.rules
    reference, text = item.reference or "", reading.text if reading else ""
    language = run.settings.task_for(item).language
    known = known_words(language or told_language(reference))
    others = [other.run.transcription.text for other in page if other is not outcome and other.run.transcription]
    verdicts = judge_tokens(reference, text, rules, vocabulary(language or language_of(reference)))
    as_read, any_order = replace(rules, any_line_order=False), replace(rules, any_line_order=True)
    in_order, in_any = compare_texts(reference, text, as_read), compare_texts(reference, text, any_order)
    return CloseReading(
        engine_id=outcome.run.engine_id,
        position=outcome.page.position,
        repeat=outcome.repeat,
        item_id=item.id,
        cluster=item.cluster,
        tokens=token_counts(verdicts),
        missed=tuple(verdict for verdict in verdicts if verdict.fate != "right"),
        misspellings=misspellings(reference, text, known, rules, others) if known else None,
        as_read=in_order.cer,
        any_order=in_any.cer,
        words_as_read=in_order.wer,
        bag_errors=bag_of_words_errors(normalise(reference, as_read).words, normalise(text, as_read).words),
        added=in_any.wer.insertions,
        stuck=is_loop(text),
    )


def _of_engine(engine_id: str, own: Sequence[CloseReading]) -> Faithfulness:
    return Faithfulness(
        engine_id=engine_id,
        right={kind: _share(own, _right(kind), _written(kind)) for kind in get_args(TokenKind)},
        missed=_missed(own),
        corrected=_corrected([one for one in own if one.misspellings is not None]),
        as_read=pooled(one.as_read for one in own),
        any_order=pooled(one.any_order for one in own),
        words_as_read=pooled(one.words_as_read for one in own),
        bag_errors=sum(one.bag_errors for one in own),
        added=sum(one.added for one in own),
        added_interval=rate_interval(
            *_by_cluster(own, lambda one: one.added, lambda one: one.words_as_read.reference_length)
        ),
        stuck=sum(one.stuck for one in own),
    )


def _right(kind: TokenKind) -> Callable[[CloseReading], int]:
    return lambda one: next((count.right for count in one.tokens if count.kind == kind), 0)


def _written(kind: TokenKind) -> Callable[[CloseReading], int]:
    return lambda one: next((count.total for count in one.tokens if count.kind == kind), 0)


def _corrected(own: Sequence[CloseReading]) -> Share | None:
    if not own:
        return None
    return _share(
        own,
        lambda one: sum(word.fate == "corrected" for word in one.misspellings or ()),
        lambda one: len(one.misspellings or ()),
    )


def _share(
    own: Iterable[CloseReading], hits: Callable[[CloseReading], int], of: Callable[[CloseReading], int]
) -> Share:
    return share_of(*_by_cluster(own, hits, of))


def _by_cluster(
    own: Iterable[CloseReading], hits: Callable[[CloseReading], int], of: Callable[[CloseReading], int]
) -> tuple[Counts, Counts]:
    sums: dict[str, list[int]] = {}
    for one in own:
        counted = sums.setdefault(one.cluster, [0, 0])
        counted[0] += hits(one)
        counted[1] += of(one)
    counts, totals = np.array(list(sums.values()), float).reshape(-1, 2).T
    return counts, totals


def _missed(own: Sequence[CloseReading]) -> tuple[Missed, ...]:
    many = Counter(one.item_id for one in own for _each in one.missed)
    found = [
        Missed(token.kind, one.item_id, token.text, verdict.read, one.position, token.start, token.end)
        for one in own
        for verdict in one.missed
        for token in (verdict.token,)
    ]
    return tuple(sorted(found, key=lambda missed: (-many[missed.item_id], missed.item_id))[:MOST_MISSED])
