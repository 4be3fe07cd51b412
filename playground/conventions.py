"""How a page is to be transcribed: one choice that drives the prompt and the scoring together.

An engine that was told to join hyphenated words must not be scored as if it had not been told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from engines.contract import MOST_OUTPUT_TOKENS, PageImage, ReadingTask, output_room
from engines.language_codes import english_name
from metrics.normalising import Rules
from metrics.wording import in_clauses, listed
from translations import ENGLISH, N_, _, spoken_in


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
