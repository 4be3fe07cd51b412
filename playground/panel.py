"""One engine's answer as all who show it get it: the screen, the shared page, the file to keep, the picture.

A new figure is a function in `OF_THE_READING` or `OF_THE_RUN`, and stands in every panel. Knows nothing of HTML.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from typing import Literal
from unicodedata import east_asian_width

from engines.catalogue import spec_of
from engines.contract import EngineSpec, Reading
from engines.pricing import Charge, Unknown, Usd, charge_of, in_words, times
from metrics.comparing_texts import TextComparison, painted
from metrics.error_rate import ErrorRate
from metrics.normalising import Rules
from metrics.reference_free import DisputedSpan, disagreements
from playground.engine_runs import EngineRun, texts_of
from playground.scoring import EngineScore, Scores, score_reading, score_runs
from playground.together import LABEL, TOGETHER, Doubt, Together, together_of
from translations import N_, _, ngettext
from translations.wording import in_seconds, listed, percent

TIME, COST, A_THOUSAND = N_("Time"), N_("Cost"), N_("Per 1,000 pages")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its name, to be said by `_`; `note` says what it rests on. An empty text is no figure."""

    name: str
    text: str
    note: str = ""


def _is_wide(letter: str) -> bool:
    return east_asian_width(letter) in {"W", "F"}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch to draw; `start` is its offset in the reading's text."""

    kind: Literal["equal", "replace", "insert", "delete", "differs"]
    hypothesis: str
    reference: str
    start: int
    title: str = ""
    doubt: Doubt | None = None
    """The word of a reading together that it belongs to, where not all stand behind that."""

    @property
    def room(self) -> int:
        """By how many of its letters a correction is wider than what it stands above; answer.css shows the first 20."""
        above, below = ((len(text), sum(map(_is_wide, text))) for text in (self.reference, self.hypothesis))
        return max(0, ceil(min(above[0] + 0.7 * above[1], 20) - 0.5 - 0.78 * below[0] - 1.7 * below[1]))


@dataclass(frozen=True, slots=True)
class PanelView:
    """A run with what follows from it; an engine that this host no longer lists has no `spec` and goes by its id.

    `score` is None without a reference or without a transcription. `disputed` are the places where other engines read
    something else: None where there is a reference, or nobody to compare with.
    """

    run: EngineRun
    spec: EngineSpec | None
    score: EngineScore | None
    tied: bool
    disputed: Sequence[DisputedSpan] | None

    @property
    def label(self) -> str:
        """The name people know."""
        return self.spec.label if self.spec else self.run.engine_id

    @property
    def charge(self) -> Charge:
        """What it cost."""
        return charge_of(self.spec, self.run.cost) if self.spec else self.run.cost or Unknown()

    @property
    def doubts(self) -> Sequence[Doubt]:
        """Words that not all who voted stand behind; an engine has none."""
        return ()

    @property
    def reading(self) -> Reading | None:
        """What came back, a refusal too."""
        return self.run.outcome if isinstance(self.run.outcome, Reading) else None

    @property
    def standing(self) -> Literal["read", "refused", "did not read"]:
        """What became of it in a word or three, to be said by `_`."""
        if self.reading is None:
            return N_("did not read")
        return N_("refused") if self.run.refused else N_("read")

    @property
    def best(self) -> Literal["", "best", "shared best"]:
        """Whether no engine has a lower CER, to be said by `_`."""
        if self.score is None or not self.score.best_cer:
            return ""
        return N_("shared best") if self.tied else N_("best")

    @property
    def result(self) -> str:
        """All there is to say in one line: the CER, or else what became of it."""
        return f"{self.rates[0].name} {self.rates[0].text}" if self.rates else _(self.standing)

    @property
    def rates(self) -> tuple[Figure, ...]:
        """Figures of the reading against the reference, the one it is ranked by first; none without a score."""
        return tuple(figure(self.score) for figure in OF_THE_READING) if self.score else ()

    @property
    def effort(self) -> tuple[Figure, ...]:
        """Figures of the run, with or without a reference."""
        return tuple(figure(self) for figure in OF_THE_RUN)

    def figure(self, name: str) -> Figure | None:
        """The figure of that name, if this panel has it."""
        return next((figure for figure in (*self.rates, *self.effort) if figure.name == name), None)

    @property
    def disputed_places(self) -> int | None:
        """In how many places other engines read something else; None where nobody was compared."""
        return None if self.disputed is None else sum(bool(span.others) for span in self.disputed)

    @property
    def disagreement(self) -> str:
        """The same in words."""
        places = self.disputed_places
        return "" if places is None else ngettext("differs in {n} place", "differs in {n} places", places)

    @property
    def model(self) -> str:
        """The model that answered, by its own word where there is one."""
        if self.reading and self.reading.model_reported:
            return self.reading.model_reported
        if self.spec and self.spec.model:
            return _("{model} (not reported)", model=self.spec.model)
        return _("not reported")

    @property
    def settings(self) -> tuple[tuple[str, str], ...]:
        """What this engine got, where its adapter says so; prompt and limits are the task's, for all alike."""
        sent = self.reading.sent if self.reading else None
        return ((N_("image"), f"{sent.width} x {sent.height} px"), *sent.settings) if sent else ()

    @property
    def lines(self) -> int:
        """How many lines hold text."""
        return sum(bool(line.strip()) for line in self.reading.text.splitlines()) if self.reading else 0

    def pieces(self) -> Iterator[Piece]:
        """The text with what is wrong or disputed, stretch by stretch."""
        if self.score:
            yield from pieces_of(self.score.compared)
        elif self.disputed is not None:
            yield from disputed_pieces(self.disputed)
        elif self.reading and self.reading.text:
            yield Piece("equal", self.reading.text, self.reading.text, 0)


@dataclass(frozen=True, slots=True)
class TogetherView(PanelView):
    """What the engines read together, drawn like an engine's answer: no engine's, and never the best of them."""

    together: Together
    doubts: tuple[Doubt, ...]

    @property
    def label(self) -> str:
        """Its name."""
        return _(LABEL)

    @property
    def charge(self) -> Charge:
        """What all engines together cost."""
        return self.together.cost

    @property
    def model(self) -> str:
        """That it is no model."""
        return self.together.mark

    @property
    def disagreement(self) -> str:
        """How many words are worth a look."""
        return _("{n} of {all} words not sure", n=len(self.doubts), all=len(self.together.consensus.words))

    def pieces(self) -> Iterator[Piece]:
        """The text stretch by stretch, cut where a word begins or ends that is not sure."""
        for piece in PanelView.pieces(self):
            yield from _cut(piece, self.doubts)


@dataclass(frozen=True, slots=True)
class Panels:
    """All answers of one comparison, in the order of the runs, and what they come to together.

    `not_together` is one sentence that says why that is None; empty where fewer than two engines have read.
    """

    panels: tuple[PanelView, ...]
    scores: Scores
    together: TogetherView | None = None
    not_together: str = ""

    @property
    def drawn(self) -> tuple[PanelView, ...]:
        """The engines' panels, and the one of what they read together."""
        return (*self.panels, self.together) if self.together else self.panels

    @property
    def has_reference(self) -> bool:
        """Whether the readings are held against a reference, or against each other."""
        return bool(self.scores.reference.strip())

    @property
    def closest(self) -> tuple[PanelView, ...]:
        """Those with the lowest CER; none where there is nothing to choose."""
        return tuple(panel for panel in self.panels if panel.best)

    @property
    def closest_names(self) -> str:
        """Their names as a list in a sentence."""
        return listed([panel.label for panel in self.closest])

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the figures that any of them has, for a table."""
        found = [panel.rates for panel in self.panels] + [panel.effort for panel in self.panels]
        return tuple(dict.fromkeys(figure.name for figures in found for figure in figures if figure.text))


def panels_of(runs: Iterable[EngineRun], reference: str, rules: Rules, specs: Mapping[str, EngineSpec]) -> Panels:
    """Score the runs, or set them against each other while there is no reference."""
    runs = tuple(runs)
    scores = score_runs(runs, reference, rules)
    has_reference, texts = bool(reference.strip()), texts_of(runs)
    disputed = disagreements(texts, rules) if len(texts) > 1 and not has_reference else {}
    tied = sum(score.best_cer for score in scores.engines) > 1
    return Panels(
        tuple(
            PanelView(
                run,
                spec_of(run.engine_id, specs),
                scores.of(run.engine_id) if has_reference else None,
                tied,
                disputed.get(run.engine_id),
            )
            for run in runs
        ),
        scores,
        *_together(runs, scores, specs),
    )


def together_view(runs: Iterable[EngineRun], scores: Scores, specs: Mapping[str, EngineSpec]) -> TogetherView | str:
    """What the engines read together, scored like their readings; or one sentence that says why there is nothing."""
    found = together_of(runs, specs, scores.rules)
    if isinstance(found, str):
        return found
    reading = Reading(found.consensus.text)
    score = score_reading(TOGETHER, reading, scores.reference, scores.rules) if scores.reference.strip() else None
    doubts = found.doubts({engine_id: spec.label for engine_id, spec in specs.items()})
    return TogetherView(EngineRun(TOGETHER, reading, found.seconds), None, score, False, None, found, doubts)


def _together(
    runs: Sequence[EngineRun], scores: Scores, specs: Mapping[str, EngineSpec]
) -> tuple[TogetherView | None, str]:
    found = together_view(runs, scores, specs)
    return (None, found) if isinstance(found, str) else (found, "")


def _cut(piece: Piece, doubts: Sequence[Doubt]) -> Iterator[Piece]:
    """The parts of a piece that lie in one word each, or in none; what is replaced stays whole."""
    start, end = piece.start, piece.start + len(piece.hypothesis)
    first, last = (
        bisect_right(doubts, start, key=lambda one: one.end),
        bisect_left(doubts, end, key=lambda one: one.start),
    )
    here = doubts[first:last]
    if not here or piece.kind not in {"equal", "insert"}:
        yield replace(piece, doubt=here[0]) if here else piece
        return
    edges = sorted({start, end, *(min(max(edge, start), end) for one in here for edge in (one.start, one.end))})
    for low, high in pairwise(edges):
        text = piece.hypothesis[low - start : high - start]
        doubt = next((one for one in here if one.start <= low < one.end), None)
        yield replace(piece, hypothesis=text, reference=text if piece.reference else "", start=low, doubt=doubt)


def pieces_of(compared: TextComparison) -> Iterator[Piece]:
    """What is wrong with a reading, as pieces to draw."""
    reference, hypothesis = compared.reference.original, compared.hypothesis.original
    for kind, ref_start, ref_end, hyp_start, hyp_end in painted(compared):
        yield Piece(kind, hypothesis[hyp_start:hyp_end], reference[ref_start:ref_end], hyp_start)


def disputed_pieces(spans: Iterable[DisputedSpan]) -> Iterator[Piece]:
    """Where other engines read something else, as pieces to draw."""
    for span in spans:
        if span.others:
            title = " / ".join(other or _("nothing") for other in span.others)
            yield Piece("differs", span.text, span.text, span.start, title)
        else:
            yield Piece("equal", span.text, span.text, span.start)


def _cer(score: EngineScore) -> Figure:
    return _rate("CER", score.cer)


def _wer(score: EngineScore) -> Figure:
    return _rate("WER", score.wer)


def _rate(name: str, rate: ErrorRate) -> Figure:
    return Figure(name, percent(rate.rate), _("{n} of {all}", n=rate.errors, all=rate.reference_length))


def _time(panel: PanelView) -> Figure:
    return Figure(TIME, "" if panel.run.seconds is None else in_seconds(panel.run.seconds))


def _cost(panel: PanelView) -> Figure:
    charge = panel.charge
    if isinstance(charge, Usd):
        said = _("as you said") if panel.spec is not None and panel.spec.runs == "elsewhere" else _certainty(charge)
        return Figure(COST, f"{'' if charge.measured else '≈ '}{in_words(charge)}", said)
    nobody_knows = panel.reading is None or (panel.spec is not None and panel.spec.runs == "elsewhere")
    return Figure(COST, "" if nobody_knows else in_words(charge))


def _per_1000_pages(panel: PanelView) -> Figure:
    """What people budget by: a run costs fractions of a cent."""
    charge = panel.charge
    if not isinstance(charge, Usd):
        return Figure(A_THOUSAND, "")
    price = _("{usd} per 1,000", usd=in_words(times(charge, 1000)))
    return Figure(A_THOUSAND, price, _("pages like this one"))


def _certainty(charge: Usd) -> str:
    return _("measured") if charge.measured else _("estimated")


OF_THE_READING: tuple[Callable[[EngineScore], Figure], ...] = (_cer, _wer)
OF_THE_RUN: tuple[Callable[[PanelView], Figure], ...] = (_time, _cost, _per_1000_pages)
