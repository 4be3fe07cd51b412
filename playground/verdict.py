"""What a buyer acts on: who read the page best and whether that is sure, lines as a sample, what correction costs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from engines.pricing import Free, Usd, dollars, in_words, times
from metrics.critical_tokens import judge_tokens
from metrics.error_rate import Assumptions, ErrorRate, page_cost, typing_cost
from metrics.names import language_of
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.reference_free import lines_to_separate, ranked_by_consensus, score_lines
from playground.engine_runs import EngineRun, readings_of, texts_of, votes_of
from playground.insight import vocabulary
from playground.panel import A_THOUSAND, TIME, Figure, Panels, PanelView
from playground.scoring import EngineScore, Scores
from playground.together import families_of
from translations import N_, _, ngettext

SHORT = 0.6
"""A reference shorter than this share of the readings is likely to be some lines of the page only."""


LONG = 3000
"""Characters of a reference from which on its names and figures are not judged while somebody types."""
CHI_SQUARE_5_PERCENT = 3.84
"""The chi-square of one degree of freedom that chance exceeds one time in twenty."""
SURELY_MORE = 2
"""So many times as many words must be wrong: pages differ by more than chance does (benchmarks/accuracy/README.md)."""
CRITICAL, CORRECTED = N_("Names, dates, sums"), N_("Corrected page")
AGREEMENT, DIFFERS = N_("Agreement"), N_("Differs")
SCORED = ("CER", CRITICAL, TIME, A_THOUSAND, CORRECTED)
AGREEING = (AGREEMENT, DIFFERS, TIME, A_THOUSAND)
"""What stands in the table with a reference, and without."""
A_MONTH = 1000
"""Pages that a price is said for: one page costs a fraction of a cent."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """One engine's place in the table: a figure for each column, an empty one where nothing is known."""

    panel: PanelView
    figures: tuple[Figure, ...]
    close: bool = False
    """Whether no one can tell it from the best on this page."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison comes to, alike wherever it is said: a sentence, what follows from it, everybody's place.

    `title` is the sentence where there is little room; all else is empty while nobody has read.
    """

    title: str
    headline: str = ""
    meaning: str = ""
    ranked: tuple[Ranked, ...] = ()


def verdict_of(found: Panels, language: str = "") -> Verdict:
    """Best first. Without a reference engines stand by how near they are to what all of them say together."""
    if not readings_of(panel.run for panel in found.panels):
        return Verdict(_how_many(found))
    return _scored(found, language) if found.has_reference else _agreeing(found)


def _scored(found: Panels, language: str) -> Verdict:
    free = [panel.run.engine_id for panel in found.panels if isinstance(panel.charge, Free)]
    correction = correction_of((panel.run for panel in found.panels), found.scores, Assumptions(), free)
    costs = {page.engine: page for page in correction.engines} if correction else {}
    panels = sorted(found.panels, key=_by_rate)
    close = _contenders([panel.score for panel in panels if panel.score])
    ranked = tuple(
        Ranked(
            panel,
            (
                panel.figure("CER") or Figure("CER", ""),
                _critical(panel, found.scores, language),
                *_effort(panel),
                _corrected(costs.get(panel.run.engine_id)),
            ),
            panel.run.engine_id in close,
        )
        for panel in panels
    )
    sure = close == {panel.run.engine_id for panel in found.closest}
    title, headline = _sentences(found, sure=sure)
    return Verdict(title, headline, _in_money(correction, found), ranked)


def _by_rate(panel: PanelView) -> tuple[bool, float]:
    rate = panel.score.cer.rate if panel.score else None
    return rate is None, rate or 0.0


def _contenders(scores: Sequence[EngineScore]) -> frozenset[str]:
    """The best and those that this page cannot tell from it; nobody among fewer than two. `scores` begin with the best.

    Words are counted, for characters go wrong in heaps.
    """
    if len(scores) < 2:
        return frozenset()
    fewest = scores[0].wer.errors
    return frozenset(score.engine_id for score in scores if not surely_more(score.wer.errors, fewest))


def surely_more(errors: int, fewest: int) -> bool:
    """Whether so many wrong words on one page are more than `fewest` on pages like it, too.

    McNemar's test as if no word were wrong in both readings, which calls fewer differences sure than there are.
    """
    by_chance = (errors - fewest - 1) ** 2 <= CHI_SQUARE_5_PERCENT * (errors + fewest)
    return errors > fewest and errors >= SURELY_MORE * fewest and not by_chance


def _sentences(found: Panels, *, sure: bool) -> tuple[str, str]:
    """The title and the headline."""
    if not found.closest:
        scored = [panel for panel in found.panels if panel.score and panel.score.cer.rate is not None]
        if len(scored) != 1:
            return _how_many(found), _("Scored against your reference.")
        only = scored[0]
        rate, wrong = only.result, only.rates[0].note
        said = _("{engine}: {rate}, {wrong} characters wrong.", engine=only.label, rate=rate, wrong=wrong)
        return _how_many(found), said
    best, count = found.closest[0], len(found.closest)
    told = {"names": found.closest_names, "rate": best.result, "wrong": best.rates[0].note}
    if sure:
        return _("{names} came closest: {rate}", **told), ngettext(
            "{names} is closest to your reference: {rate}, {wrong} characters wrong.",
            "{names} are closest to your reference: {rate}, {wrong} characters wrong.",
            count,
            **told,
        )
    return _("{names} came closest: {rate}, too close to call", **told), ngettext(
        "Too close to call on one page: {names} is closest to your reference, {wrong} characters wrong.",
        "Too close to call on one page: {names} are closest to your reference, {wrong} characters wrong.",
        count,
        **told,
    )


def _agreeing(found: Panels) -> Verdict:
    texts = texts_of(panel.run for panel in found.panels)
    families = families_of(texts, {panel.run.engine_id: panel.spec for panel in found.panels if panel.spec})
    near = _agreements(tuple(votes_of(texts).items()), tuple(families.items()), found.scores.rules)
    ranked = tuple(
        Ranked(
            panel,
            (_agreement(panel, near), _differs(panel), *_effort(panel)),
        )
        for panel in sorted(found.panels, key=lambda panel: -near.get(panel.run.engine_id, -1.0))
    )
    count = len(readings_of(panel.run for panel in found.panels))
    said = _("One reading, no reference yet.") if count == 1 else _("{n} readings, no reference yet.", n=count)
    first = ranked[0].panel.label
    nearest = _("{engine} is nearest to what all say together: a rank, no accuracy.", engine=first) if near else ""
    return Verdict(_how_many(found), said, nearest, ranked)


def _how_many(found: Panels) -> str:
    count = len(found.panels)
    if found.has_reference:
        return ngettext("{n} engine against one reference", "{n} engines against one reference", count)
    return ngettext("{n} engine, one handwritten page", "{n} engines, one handwritten page", count)


@lru_cache(32)
def _agreements(
    texts: tuple[tuple[str, str], ...], families: tuple[tuple[str, str], ...], rules: Rules
) -> Mapping[str, float]:
    """How much each says of what all say together; nobody's where they have no consensus."""
    standings = ranked_by_consensus([dict(texts)], dict(families), rules) if len(texts) > 1 else ()
    return {standing.reader: max(0.0, 1 - standing.disagreement) for standing in standings}


def _agreement(panel: PanelView, near: Mapping[str, float]) -> Figure:
    share = near.get(panel.run.engine_id)
    return Figure(AGREEMENT, "" if share is None else f"{100 * share:.1f} %")


def _differs(panel: PanelView) -> Figure:
    places = panel.disputed_places
    return Figure(DIFFERS, "" if places is None else ngettext("in {n} place", "in {n} places", places))


def _critical(panel: PanelView, scores: Scores, language: str) -> Figure:
    """The words that must not be wrong."""
    reading = panel.run.transcription
    if reading is None or len(scores.reference) > LONG:
        return Figure(CRITICAL, "")
    right, total = _judged(scores.reference, reading.text, scores.rules, language)
    return Figure(CRITICAL, _("{n} of {all}", n=right, all=total) if total else "")


@lru_cache(64)
def _judged(reference: str, text: str, rules: Rules, language: str) -> tuple[int, int]:
    verdicts = judge_tokens(reference, text, rules, vocabulary(language or language_of(reference)))
    return sum(verdict.fate == "right" for verdict in verdicts), len(verdicts)


def _effort(panel: PanelView) -> tuple[Figure, Figure]:
    known = panel.reading is not None and not (panel.spec and panel.spec.runs == "elsewhere")
    price = in_words(times(panel.charge, A_MONTH)) if known or isinstance(panel.charge, Usd) else ""
    return panel.figure(TIME) or Figure(TIME, ""), Figure(A_THOUSAND, price)


def _corrected(page: CorrectedPage | None) -> Figure:
    return Figure(CORRECTED, "" if page is None or page.total_usd is None else dollars(round(page.total_usd, 2)))


def _in_money(correction: Correction | None, found: Panels) -> str:
    """What reading and correcting a month's pages would cost with whoever makes that cheapest."""
    known = [page for page in correction.engines if page.total_usd is not None] if correction else []
    if not correction or not known:
        return ""
    label = next(panel.label for panel in found.panels if panel.run.engine_id == known[0].engine)
    usd = in_words(Usd(float(f"{A_MONTH * (known[0].total_usd or 0):.2g}"))).removesuffix(".00")
    return _(
        "Read by {engine} and corrected at ${rate} an hour, 1,000 pages like this cost about {usd}, the least here.",
        engine=label,
        rate=f"{correction.assumed.hourly_rate:g}",
        usd=usd,
    )


@dataclass(frozen=True, slots=True)
class SampleScore:
    """One engine on the typed lines; `interval` holds the page's rate with 95 % confidence, None for a single line."""

    engine: str
    cer: ErrorRate
    interval: tuple[float, float] | None
    lines_found: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Best engine first. So many more lines would tell the two best apart; None where nobody can tell."""

    lines: int
    engines: tuple[SampleScore, ...]
    more_lines_to_separate: int | None


@dataclass(frozen=True, slots=True)
class Uncorrected:
    """One engine's page as it was read: edits that would make it right, its price (0 if free, None where unknown)."""

    label: str
    edits: int
    price: float | None


@dataclass(frozen=True, slots=True)
class CorrectedPage:
    """One engine's page made right. Nobody knows the total where nobody knows the engine's price."""

    engine: str
    edits: int
    minutes: float
    labour_usd: float
    engine_usd: float | None
    total_usd: float | None


@dataclass(frozen=True, slots=True)
class Correction:
    """What making every engine's page right is expected to cost, cheapest first, and typing it anew without any."""

    assumed: Assumptions
    engines: tuple[CorrectedPage, ...]
    typed_anew_minutes: float
    typed_anew_usd: float

    @property
    def dearer_than_typing(self) -> list[str]:
        """Engines whose labour and price, as far as it is known, come to more than typing the page anew."""
        return [one.engine for one in self.engines if one.labour_usd + (one.engine_usd or 0.0) > self.typed_anew_usd]


def is_partial(reference: str, readings: Iterable[str]) -> bool:
    """Whether the reference is so short that it may be only some lines of what the engines read."""
    typed, lengths = len(reference.strip()), [len(text.strip()) for text in readings]
    return bool(typed and lengths) and typed < SHORT * median(lengths)


def sample_of(runs: Iterable[EngineRun], scores: Scores) -> Sample | None:
    """None where the reference looks like the whole page."""
    runs = tuple(runs)
    if not is_partial(scores.reference, texts_of(runs).values()):
        return None
    texts = {engine_id: reading.text for engine_id, reading in readings_of(runs).items()}
    return sampled(scores.reference, texts, scores.rules)


def sampled(reference: str, readings: Mapping[str, str], rules: Rules = DEFAULT_RULES) -> Sample:
    """Find every typed line in every reading and score it there."""
    typed = [line for line in reference.splitlines() if line.strip()]
    scores = {reader: score_lines(typed, text, rules) for reader, text in readings.items()}
    ranked = sorted(scores.items(), key=lambda pair: (pair[1].cer.rate is None, pair[1].cer.rate or 0.0))
    more = lines_to_separate(ranked[0][1], ranked[1][1]) if len(ranked) > 1 else None
    engines = (
        SampleScore(reader, score.cer, score.interval, sum(line.end > 0 for line in score.lines))
        for reader, score in ranked
    )
    return Sample(len(typed), tuple(engines), more)


def correction_of(
    runs: Iterable[EngineRun], scores: Scores, assumed: Assumptions, free: Collection[str]
) -> Correction | None:
    """None without a reference of the whole page; `free` names the engines that cost nothing."""
    by_id = {run.engine_id: run for run in runs}
    if not scores.reference.strip() or is_partial(scores.reference, texts_of(by_id.values()).values()):
        return None
    characters = max((score.cer.reference_length for score in scores.engines), default=0)
    return corrected(
        characters, (_uncorrected(by_id[score.engine_id], score.cer, free) for score in scores.engines), assumed
    )


def corrected(characters: int, engines: Iterable[Uncorrected], assumed: Assumptions) -> Correction:
    """The price of pages of that many characters."""
    costs = [(engine, page_cost(characters, engine.edits, engine.price, assumed)) for engine in engines]
    costs.sort(key=lambda found: found[1].rank)
    anew = typing_cost(characters, assumed)
    return Correction(
        assumed,
        tuple(
            CorrectedPage(engine.label, engine.edits, cost.minutes, cost.labour, cost.engine, cost.total)
            for engine, cost in costs
        ),
        anew.minutes,
        anew.labour,
    )


def _uncorrected(run: EngineRun, cer: ErrorRate, free: Collection[str]) -> Uncorrected:
    usd = run.cost.usd if run.cost else 0.0 if run.engine_id in free else None
    return Uncorrected(run.engine_id, cer.errors, usd)
