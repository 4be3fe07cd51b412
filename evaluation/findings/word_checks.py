"""Which words of a run a person must look at: how many the engines together make sure of, and what a page costs when
only those places are reviewed at which some engines differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from engines.pricing import times
from evaluation.findings.leaderboard import Row
from evaluation.findings.results import Outcome
from evaluation.findings.statistics import Interval, share_of
from evaluation.ledger.runs import Page, Run
from metrics.consensus import consensus_of_set
from metrics.coverage import Curve, Unread, curve, unread_at
from metrics.critical_tokens import critical_tokens
from metrics.error_rate import Assumptions, PageCost, review_cost
from metrics.names import Vocabulary, language_of
from metrics.normalising import Rules
from metrics.passages import right_words
from metrics.reading_slots import align_readings
from metrics.word_risk import WordConfidence, held_out_risks, signs_of
from playground.engine_runs import WordConfidences
from playground.insight import vocabulary

MOST_PAGES = 150
"""Of a larger run its first pages: aligning a page of four readings takes a thirtieth of a second and more."""
MOST_ENGINES = 8
"""More have too many pairs and triples to be told about."""
_REFERENCE = ""
"""Stands among the readers' ids, none of which is empty."""


@dataclass(frozen=True, slots=True)
class Checked:
    """Words of one kind over all pages: how their errors lie by risk, and how many may go unread at the target.

    `unread` is None where these pages do not show that any may.
    """

    words: int
    wrong: int
    curve: Curve
    unread: Unread | None


@dataclass(frozen=True, slots=True)
class Committee:
    """Engines of which only the disagreements are reviewed: counts over the pages that all of them read.

    What they say alike is not looked at; `let_through` of its words are wrong.
    """

    engine_ids: tuple[str, ...]
    pages: int
    words: int
    looked_at: int
    let_through: int
    looked_at_interval: Interval | None
    let_through_interval: Interval | None

    @property
    def wrong(self) -> float:
        """The share of all words that is wrong when the review is done."""
        return self.let_through / self.words if self.words else 0.0


@dataclass(frozen=True, slots=True)
class WordChecks:
    """Over the pages that have a reference and were read by engines of two families at least."""

    pages: int
    words: Checked
    critical: Checked | None
    """Words of names, dates, amounts and numbers; None where there is none."""
    alike_and_wrong: int
    """Wrong words that all engines say alike: no comparison finds them. Some are mistakes of the reference."""
    committees: tuple[Committee, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """One page: what each engine read there, and how sure it says it is of its words."""

    page: Page
    texts: dict[str, str]
    confidences: dict[str, list[WordConfidence]]


@dataclass(frozen=True, slots=True)
class _Judged:
    """One page's words of the consensus."""

    page: Page
    risks: Sequence[float]
    wrong: Sequence[bool]
    critical: Sequence[bool]
    alike: Sequence[bool]


def word_checks(run: Run, found: Iterable[Outcome]) -> WordChecks | None:
    """None where no page was read together by engines of two families."""
    readings = _readings(found)
    judged = _judged(run, readings)
    if not judged:
        return None
    words = _checked(judged, [[True] * len(page.wrong) for page in judged])
    if words is None:
        return None
    alike = sum(wrong and alike for page in judged for wrong, alike in zip(page.wrong, page.alike, strict=True))
    critical = _checked(judged, [page.critical for page in judged])
    return WordChecks(len(judged), words, critical, alike, _committees(run, readings))


def _readings(found: Iterable[Outcome]) -> list[_Read]:
    """Of every page with a reference what each engine read there first."""
    pages: dict[int, _Read] = {}
    for outcome in found:
        position, made = outcome.page.position, outcome.run
        wanted = outcome.repeat == 0 and (position in pages or len(pages) < MOST_PAGES)
        if wanted and outcome.page.item.reference is not None and made.transcription is not None:
            read = pages.setdefault(position, _Read(outcome.page, {}, {}))
            read.texts[made.engine_id] = made.transcription.text
            read.confidences[made.engine_id] = _confidences(made.transcription.text, made.confidences)
    return [pages[position] for position in sorted(pages)]


def _confidences(text: str, given: WordConfidences | None) -> list[WordConfidence]:
    pairs = zip(given.starts, given.values, strict=True) if given else ()
    return [WordConfidence(start, start + len(text[start:].split(maxsplit=1)[0]), value) for start, value in pairs]


def _judged(run: Run, readings: Sequence[_Read]) -> list[_Judged]:
    families = {spec.id: spec.family for spec in run.settings.engines}
    rules = run.settings.rules
    pages, signs, wrong, critical = [], [], [], []
    every = consensus_of_set([read.texts for read in readings], families, rules)
    for read, together in zip(readings, every, strict=True):
        if together is not None and together.words:
            item = read.page.item
            reference = item.reference or ""
            known = vocabulary(run.settings.task_for(item).language or language_of(reference))
            right = right_words(reference, together.text, rules)
            pages.append(read.page)
            signs.append(signs_of(together, families, known, read.confidences))
            wrong.append([word.start not in right for word in together.words])
            critical.append(_critical(together.text, [(word.start, word.end) for word in together.words], known))
    return [
        _Judged(page, risks, errors, kinds, [not one.contradicted for one in own])
        for page, risks, errors, kinds, own in zip(
            pages, held_out_risks(signs, wrong), wrong, critical, signs, strict=True
        )
    ]


def _critical(text: str, words: Sequence[tuple[int, int]], known: Vocabulary) -> list[bool]:
    taken = bytearray(len(text))
    for token in critical_tokens(text, known):
        taken[token.start : token.end] = b"x" * (token.end - token.start)
    return [any(taken[start:end]) for start, end in words]


def _checked(judged: Sequence[_Judged], asked: Sequence[Sequence[bool]]) -> Checked | None:
    """Of the words asked for; pages of one writer or document go together when the threshold is tried."""
    clusters: dict[str, tuple[list[float], list[bool]]] = {}
    for page, wanted in zip(judged, asked, strict=True):
        risks, wrong = clusters.setdefault(page.page.item.cluster, ([], []))
        for risk, error, is_wanted in zip(page.risks, page.wrong, wanted, strict=True):
            if is_wanted:
                risks.append(risk)
                wrong.append(error)
    risks = [risk for own, _ in clusters.values() for risk in own]
    wrong = [error for _, own in clusters.values() for error in own]
    if not risks:
        return None
    return Checked(len(risks), sum(wrong), curve(risks, wrong).thinned(), unread_at(list(clusters.values())))


@dataclass(frozen=True, slots=True)
class _Places:
    """All places of all pages: a number for what each engine and the reference say there, -1 where the page was not
    read."""

    said: Mapping[str, NDArray[np.int64]]
    lengths: NDArray[np.int64]
    """How many words each of those numbers stands for."""
    cluster: NDArray[np.int64]
    page: NDArray[np.int64]


def _committees(run: Run, readings: Sequence[_Read]) -> tuple[Committee, ...]:
    engines = [spec.id for spec in run.settings.engines][:MOST_ENGINES]
    places = _places(engines, readings, run.settings.rules)
    several = (some for size in (2, 3) for some in combinations(engines, size))
    return tuple(found for some in several if (found := _committee(some, places)) is not None)


def _places(engines: Sequence[str], readings: Sequence[_Read], rules: Rules) -> _Places:
    rows: list[list[int]] = []
    numbers: dict[str, int] = {}
    clusters: dict[str, int] = {}
    for at, read in enumerate(readings):
        cluster = clusters.setdefault(read.page.item.cluster, len(clusters))
        ours = {engine_id: text for engine_id, text in read.texts.items() if engine_id in engines}
        for slot in align_readings({**ours, _REFERENCE: read.page.item.reference or ""}, rules):
            keys = {part.reader: part.key for part in slot.parts}
            said = (
                numbers.setdefault(keys[who], len(numbers)) if who in keys else -1 for who in (*engines, _REFERENCE)
            )
            rows.append([*said, cluster, at])
    columns = np.array(rows, np.int64).reshape(len(rows), len(engines) + 3).T
    lengths = np.array([len(text.split()) for text in numbers], np.int64)
    return _Places(dict(zip((*engines, _REFERENCE), columns, strict=False)), lengths, *columns[-2:])


def _committee(engine_ids: tuple[str, ...], places: _Places) -> Committee | None:
    said = np.stack([places.said[engine_id] for engine_id in engine_ids])
    read = (said >= 0).all(axis=0)
    if not read.any():
        return None
    said, written, cluster = said[:, read], places.said[_REFERENCE][read], places.cluster[read]
    alike = (said == said[0]).all(axis=0)
    words = places.lengths[np.vstack([said, written])].max(axis=0)
    of_words, of_looked, of_through = (
        np.bincount(cluster, counts)[np.unique(cluster)].astype(np.float64)
        for counts in (words, words * ~alike, words * (alike & (said[0] != written)))
    )
    return Committee(
        engine_ids,
        len(np.unique(places.page[read])),
        int(of_words.sum()),
        int(of_looked.sum()),
        int(of_through.sum()),
        share_of(of_looked, of_words).interval,
        share_of(of_through, of_words).interval,
    )


@dataclass(frozen=True, slots=True)
class Review:
    """A committee's cost for one page; `low` and `high` are its labour with the interval of the words looked at."""

    committee: Committee
    cost: PageCost
    low: float
    high: float


def reviews(committees: Sequence[Committee], rows: Sequence[Row], assumed: Assumptions) -> tuple[Review, ...]:
    """The cheapest first, those with an unknown price last."""
    usd = {row.engine_id: times(row.price_per_1000, 1 / 1000).usd for row in rows}
    return tuple(sorted((_review(one, usd, assumed) for one in committees if one.words), key=lambda one: one.cost.rank))


def cheapest(found: Sequence[Review], target: float) -> Review | None:
    """The cheapest of which at most the share `target` of the words is wrong afterwards, or none."""
    return next((one for one in found if one.committee.wrong <= target), None)


def _review(committee: Committee, usd: Mapping[str, float | None], assumed: Assumptions) -> Review:
    prices = [usd.get(engine_id) for engine_id in committee.engine_ids]
    engine = None if None in prices else sum(price for price in prices if price is not None)
    words = committee.words / committee.pages
    share, interval = committee.looked_at / committee.words, committee.looked_at_interval
    low, high = (interval.low, interval.high) if interval else (share, share)
    costs = [review_cost(words * one, engine, assumed) for one in (share, low, high)]
    return Review(committee, costs[0], costs[1].labour, costs[2].labour)
