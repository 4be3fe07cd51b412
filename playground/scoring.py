"""How a page is to be transcribed, and runs + reference + rules -> scores: derived whenever shown, never stored.

One choice of conventions drives the prompt and the scoring together: an engine that was told to join hyphenated words
must not be scored as if it had not been told. Runs no engine.

What is ticked stands for conventions and rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from engines.contract import MOST_OUTPUT_TOKENS, PageImage, Reading, ReadingTask, output_room
from engines.languages import english_name, language_name
from metrics.comparing_texts import DiffSpan, TextComparison, compare_texts
from metrics.error_rate import ErrorRate, pooled
from metrics.normalising import DEFAULT_RULES, Normalised, Rules, normalise, toggles_of
from playground.engine_runs import EngineRun, readings_of
from translations import ENGLISH, N_, _, spoken_in
from translations.wording import in_clauses, listed


@dataclass(frozen=True, slots=True)
class Conventions:
    """All off is a diplomatic transcription: exactly as it is written."""

    normalise: bool = False
    expand_abbreviations: bool = False
    deletions: Literal["as they come", "kept", "left out"] = "as they come"
    """What is struck through; kept words stand in [brackets]."""
    join_hyphenated: bool = False
    run_lines_together: bool = False

    def prompt(self) -> str:
        """What engines that take a prompt are told, in English; without any choice it is `ReadingTask`'s own."""
        manner = "in modern standard spelling" if self.normalise else "exactly as it is written"
        kept = ["punctuation"] if self.normalise else ["spelling", "capital letters", "punctuation"]
        kept += [] if self.run_lines_together else ["line breaks"]
        forbidden = [*([] if self.normalise else ["correct"]), "complete", "translate or explain anything"]
        with spoken_in(ENGLISH):
            keep = listed(kept)
        sentences = [
            f"Transcribe the handwriting in this image {manner}.",
            f"Keep the writer's {keep}; do not {', '.join(forbidden)}.",
            *(sentence for chosen, sentence in self._wishes() if chosen),
            "Write [illegible] for what cannot be read. Answer with the transcription only.",
        ]
        return " ".join(sentences)

    def rules(self, rules: Rules) -> Rules:
        """The scoring rules that go with these choices; what they do not touch stays."""
        return replace(
            rules,
            compatibility=self.normalise,
            join_hyphenated=self.join_hyphenated,
            expand_abbreviations=self.expand_abbreviations,
            ignore_deletion_marks=self.deletions == "kept",
            leave_out_deletions=self.deletions == "left out",
            line_breaks_count=rules.line_breaks_count and not self.run_lines_together,
        )

    def sentence(self) -> str:
        """For people and exports: what a reference has to look like."""
        return conventions_in_words(self.kept())

    def kept(self) -> str:
        """The same as a task keeps it, in English; `conventions_in_words` says it."""
        chosen = [
            N_("Normalised: modern standard spelling") if self.normalise else N_("Diplomatic: exactly as written"),
            N_("abbreviations written out") if self.expand_abbreviations else N_("abbreviations kept"),
            _DELETIONS[self.deletions],
            N_("hyphenated line ends joined") if self.join_hyphenated else N_("hyphenated line ends kept"),
            N_("lines run together") if self.run_lines_together else N_("line breaks kept"),
        ]
        return f"{_BETWEEN.join(chosen)}."

    def _wishes(self) -> tuple[tuple[bool, str], ...]:
        return (
            (self.expand_abbreviations, "Write abbreviations out."),
            (self.deletions == "kept", "Put words that are struck through in [square brackets]."),
            (self.deletions == "left out", "Leave out words that are struck through."),
            (self.join_hyphenated, "Join words that are hyphenated at a line end."),
            (self.run_lines_together, "Run the lines of a paragraph together."),
        )


def conventions_in_words(sentence: str) -> str:
    """What a task keeps of its conventions, for whoever reads it now."""
    parts = sentence.removesuffix(".")
    return in_clauses([_(part) for part in parts.split(_BETWEEN)]) + sentence[len(parts) :]


def task_for(
    page: PageImage | None,
    language: str,
    seconds: float,
    conventions: Conventions = Conventions(),
) -> ReadingTask:
    """The conditions for a page, whoever asks. A run over many pages knows none yet: its engines may write the most."""
    room = output_room(page) if page else MOST_OUTPUT_TOKENS
    return in_language(ReadingTask(conventions.prompt(), "", room, seconds, conventions.kept()), language)


def in_language(task: ReadingTask, language: str) -> ReadingTask:
    """The task for a page in that language, which engines that take a prompt are told in it; an empty one says nothing.

    Of a task that says one already the new one stands.
    """
    bare = task.prompt.removesuffix(_told(task.language))
    return replace(task, prompt=bare + _told(language), language=language)


def _told(language: str) -> str:
    return f" The page is written in {english_name(language)}." if language else ""


_BETWEEN = "; "
_DELETIONS = {
    "as they come": N_("nothing asked about struck-through words"),
    "kept": N_("struck-through words in [brackets]"),
    "left out": N_("struck-through words left out"),
}


@dataclass(frozen=True, slots=True)
class EngineScore:
    """One engine's reading against the reference; `best_cer` and `best_wer` are shared by all engines that tie."""

    engine_id: str
    compared: TextComparison
    truncated: bool
    best_cer: bool = False
    best_wer: bool = False

    @property
    def cer(self) -> ErrorRate:
        return self.compared.cer

    @property
    def wer(self) -> ErrorRate:
        return self.compared.wer

    @property
    def spans(self) -> Sequence[DiffSpan]:
        """The alignment that was counted, in reading order."""
        return self.compared.spans


@dataclass(frozen=True, slots=True)
class Scores:
    """The scores of one comparison; an engine that failed or refused has none."""

    reference: str
    rules: Rules
    engines: tuple[EngineScore, ...]

    def of(self, engine_id: str) -> EngineScore | None:
        """That engine's score, or None if it has no transcription to score."""
        return next((score for score in self.engines if score.engine_id == engine_id), None)


def score_runs(runs: Iterable[EngineRun], reference: str, rules: Rules = DEFAULT_RULES) -> Scores:
    """Score every transcription against the reference and mark the best.

    An empty text is a transcription, and so is one cut off at the limit (flagged). With fewer than two transcriptions,
    or an empty reference, nothing is best.
    """
    scores = [score_reading(engine_id, reading, reference, rules) for engine_id, reading in readings_of(runs).items()]
    best_cer = _lowest([score.cer for score in scores])
    best_wer = _lowest([score.wer for score in scores])
    return Scores(
        reference,
        rules,
        tuple(
            replace(score, best_cer=score.cer.rate in best_cer, best_wer=score.wer.rate in best_wer) for score in scores
        ),
    )


def score_reading(engine_id: str, reading: Reading, reference: str, rules: Rules) -> EngineScore:
    """One reading by itself: it is the best of nothing."""
    return EngineScore(
        engine_id, compare_texts(_ready(reference, rules), _ready(reading.text, rules), rules), reading.truncated
    )


@lru_cache(maxsize=16)
def _ready(text: str, rules: Rules) -> Normalised:
    """A text made ready for counting: kept, because people type the reference letter by letter beside the readings."""
    return normalise(text, rules)


def _lowest(rates: Sequence[ErrorRate]) -> set[float]:
    """The lowest rate, or nothing where there is none to choose: all rates have the same reference length."""
    known = [rate.rate for rate in rates if rate.rate is not None]
    return {min(known)} if len(known) > 1 else set()


@dataclass(frozen=True, slots=True)
class EngineTotal:
    """One engine over several pages; a failure or a refusal is counted here and never enters the rates."""

    engine_id: str
    cer: ErrorRate
    wer: ErrorRate
    scored: int
    truncated: int
    refused: int
    failed: int
    seconds: float | None
    """None where no run says how long it took."""


def totals(runs: Sequence[EngineRun], scores: Sequence[Scores]) -> tuple[EngineTotal, ...]:
    """Engine by engine over the runs of every page, and the scores of those that have a reference."""
    return tuple(_total(engine_id, runs, scores) for engine_id in dict.fromkeys(run.engine_id for run in runs))


def _total(engine_id: str, runs: Sequence[EngineRun], scores: Sequence[Scores]) -> EngineTotal:
    own = [run for run in runs if run.engine_id == engine_id]
    readings = [run.outcome for run in own if isinstance(run.outcome, Reading)]
    scored = [score for page in scores if (score := page.of(engine_id))]
    seconds = [run.seconds for run in own if run.seconds is not None]
    return EngineTotal(
        engine_id,
        cer=pooled(score.cer for score in scored),
        wer=pooled(score.wer for score in scored),
        scored=len(scored),
        truncated=sum(reading.truncated for reading in readings),
        refused=sum(run.refused for run in own),
        failed=len(own) - len(readings),
        seconds=sum(seconds) if seconds else None,
    )


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
