"""Several engines' readings of a page as one text: voted word by word, no engine's, never one to choose among them.

Computed when readings change and kept, because every key pressed in the reference draws it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Literal

from engines.contract import EngineSpec
from engines.pricing import Charge, Unknown, charge_of
from engines.pricing import together as sum_of
from metrics.consensus import Consensus, consensus
from metrics.normalising import DEFAULT_RULES, Rules
from metrics.reading_slots import family_of
from metrics.reference_free import AgreedAgainst, agreed_against
from playground.engine_runs import EngineRun, texts_of, votes_of
from translations import N_, _

TOGETHER = "together"
"""Its id where engines have theirs."""
LABEL = N_("Together")
ONE_FAMILY = N_(
    "There is no reading together: all engines that read are of one family and share their mistakes. Add an engine of "
    "another family."
)
TOO_FAR_APART = N_(
    "There is no reading together: no two engines of different families are near enough to each other on this page to "
    "vote. Add one that reads such pages."
)
TRUST_SURE, TRUST_DOUBTFUL = 0.95, 0.6
"""Shares of the trust behind a word."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A word at text[start:end] that not all stand behind, and what to say of it."""

    start: int
    end: int
    level: Literal["unsure", "doubtful"]
    reason: str


@dataclass(frozen=True, slots=True)
class Together:
    """The text and its words, who had a vote, and what it took: the slowest engine's time and all engines' price."""

    consensus: Consensus
    readers: tuple[str, ...]
    seconds: float | None
    """None where that of a reading is not known."""
    cost: Charge

    @property
    def mark(self) -> str:
        """What it is, wherever it stands beside engines."""
        return _("voted from {n} readings, no engine", n=len(self.readers))

    def doubts(self, labels: Mapping[str, str]) -> tuple[Doubt, ...]:
        """The words to look at, in order."""
        reason = cache(partial(self._reason, labels))  # hundreds of words have a few reasons, and people type beside
        return tuple(
            Doubt(
                word.start,
                word.end,
                "unsure" if word.sure >= TRUST_DOUBTFUL else "doubtful",
                reason(word.readers, word.sure, by_letter=word.by_letter),
            )
            for word in self.consensus.words
            if word.sure < TRUST_SURE
        )

    def _reason(self, labels: Mapping[str, str], readers: Sequence[str], sure: float, *, by_letter: bool) -> str:
        if by_letter:
            return _("voted letter by letter: no engine has it so")
        return _(
            "read by {engines}: {n} of {all}, {trust}% of the trust",
            engines=", ".join(labels.get(reader, reader) for reader in readers),
            n=len(readers),
            all=len(self.readers),
            trust=f"{100 * sure:.0f}",
        )


def together_of(
    runs: Iterable[EngineRun], specs: Mapping[str, EngineSpec], rules: Rules = DEFAULT_RULES
) -> Together | str:
    """Or one sentence that says why there is none; an empty one where fewer than two engines have a vote."""
    runs = tuple(runs)
    texts = votes_of(texts_of(runs))
    if len(texts) < 2:
        return ""
    families = families_of(texts, specs)
    agreed = _consensus(tuple(texts.items()), tuple(families.items()), rules)
    if agreed is None:
        return why_not_together(texts, families)
    return Together(agreed, tuple(texts), *effort_of(runs, specs))


def why_not_together(readers: Iterable[str], families: Mapping[str, str]) -> str:
    """The sentence for readers that have no consensus."""
    return _(TOO_FAR_APART if len({family_of(reader, families) for reader in readers}) > 1 else ONE_FAMILY)


def places_against(
    runs: Iterable[EngineRun], reference: str, rules: Rules, specs: Mapping[str, EngineSpec]
) -> tuple[AgreedAgainst, ...]:
    """None without a reference, or with fewer than two families that read."""
    texts = texts_of(runs)
    return agreed_against(reference, texts, families_of(texts, specs), rules) if reference.strip() else ()


def families_of(readers: Iterable[str], specs: Mapping[str, EngineSpec]) -> dict[str, str]:
    """Who shares mistakes with whom; an engine that nobody lists is missing, and with that a family of its own."""
    return {reader: specs[reader].family for reader in readers if reader in specs}


def effort_of(runs: Sequence[EngineRun], specs: Mapping[str, EngineSpec]) -> tuple[float | None, Charge]:
    """Engines read at the same time, and each is paid."""
    answered = [run for run in runs if run.transcription is not None]
    seconds = [run.seconds for run in answered if run.seconds is not None]
    slowest = max(seconds) if seconds and len(seconds) == len(answered) else None
    return slowest, sum_of(_charge(run, specs.get(run.engine_id)) for run in answered)


def _charge(run: EngineRun, spec: EngineSpec | None) -> Charge:
    return charge_of(spec, run.cost) if spec else run.cost or Unknown()


@lru_cache(32)
def _consensus(
    texts: tuple[tuple[str, str], ...], families: tuple[tuple[str, str], ...], rules: Rules
) -> Consensus | None:
    return consensus(dict(texts), dict(families), rules)
