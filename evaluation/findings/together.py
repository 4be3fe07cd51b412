"""What the engines of a run read together, page by page, and what that says of each where nothing is known to be right.

Readers' trust is learnt over all pages. What their own confidences are worth stands on a card for each engine that
gives any. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from engines.contract import Reading
from engines.pricing import Usd
from evaluation.findings.leaderboard import Leaderboard, beside
from evaluation.findings.observations import Observation
from evaluation.findings.results import Outcome, observation
from evaluation.ledger.runs import Run
from metrics.consensus import Consensus, consensus_of_set
from metrics.coverage import Bin, Calibration, calibration, curve, seen_near
from metrics.normalising import Rules
from metrics.passages import right_words
from metrics.reference_free import AgreedAgainst, CerEstimate, agreed_against, estimated_cers
from playground.engine_runs import EngineRun, Failure, readings_of, texts_of, votes_of
from playground.together import TOGETHER, effort_of, families_of, why_not_together
from translations import ENGLISH, N_, spoken_in

MOST_PAGES = 300
"""A page takes about a tenth of a second; more pages would change the figures little."""
NO_ESTIMATE = N_(
    "No CER can be estimated without references here: that takes ten pages read by engines of three families, of which "
    "at least two pairs agree on three quarters of what they say."
)


@dataclass(frozen=True, slots=True)
class AgainstReference:
    """A page, and where all its engines agree on something else than its reference says."""

    position: int
    item_id: str
    places: tuple[AgreedAgainst, ...]


@dataclass(frozen=True, slots=True)
class SetTogether:
    """Page by page what was read together, a failure where nothing was; empty where no page has a consensus."""

    read: tuple[tuple[Outcome, Observation], ...]
    estimates: tuple[CerEstimate, ...]
    against: tuple[AgainstReference, ...]

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Scored like an engine's."""
        return tuple(seen for _, seen in self.read)


def together_on(run: Run, found: Iterable[Outcome]) -> SetTogether:
    """The first pages of a large run; one reading of each page at a time where it was read more than once."""
    pages = _by_page(found)
    specs = {spec.id: spec for spec in run.settings.engines}
    families, rules = families_of(specs, specs), run.settings.rules
    runs = [[outcome.run for outcome in page] for page in pages]
    agreed = consensus_of_set([votes_of(texts_of(own)) for own in runs], families, rules)
    read = [_read(run, page, one, families) for page, one in zip(pages, agreed, strict=True)] if any(agreed) else []
    unknown = all(page[0].page.item.reference is None for page in pages)
    readings = (votes_of({who: reading.text for who, reading in readings_of(own).items()}) for own in runs)
    against = (_against(page, families, run) for page in pages)
    return SetTogether(
        tuple(read),
        estimated_cers(list(readings), families, rules) if unknown else (),
        tuple(one for one in against if one.places),
    )


def with_together(board: Leaderboard, seen: Sequence[Observation], found: SetTogether) -> Leaderboard:
    """The engines' rows as they are, and what is known of all together. Where nobody has a CER, by their estimates."""
    unknown = bool(board.rows) and all(row.cer.rate is None for row in board.rows)
    order = [estimate.reader for estimate in found.estimates]
    rows = sorted(board.rows, key=lambda row: order.index(row.engine_id) if row.engine_id in order else len(order))
    return replace(
        board,
        rows=tuple(rows) if unknown else board.rows,
        together=beside(board, seen, found.observations),
        estimates=found.estimates,
        no_estimate=NO_ESTIMATE if unknown and not found.estimates else "",
    )


def _by_page(found: Iterable[Outcome]) -> list[list[Outcome]]:
    pages: dict[tuple[int, int], list[Outcome]] = {}
    for outcome in found:
        key = outcome.page.position, outcome.repeat
        if key in pages or len(pages) < MOST_PAGES:
            pages.setdefault(key, []).append(outcome)
    return [pages[key] for key in sorted(pages)]


def _read(
    run: Run, page: Sequence[Outcome], agreed: Consensus | None, families: Mapping[str, str]
) -> tuple[Outcome, Observation]:
    specs = {spec.id: spec for spec in run.settings.engines}
    runs = [outcome.run for outcome in page]
    seconds, charge = effort_of(runs, specs)
    cost = charge if isinstance(charge, Usd) else None
    with spoken_in(ENGLISH):  # it is kept, and exported for programs
        why = why_not_together(texts_of(runs), families)
    made = Reading(agreed.text) if agreed else Failure("not-together", why)
    outcome = replace(
        page[-1],
        run=EngineRun(TOGETHER, made, seconds, cost=cost),
        finished_at=max(one.finished_at for one in page),
    )
    return outcome, observation(run, outcome, charge)


def _against(page: Sequence[Outcome], families: Mapping[str, str], run: Run) -> AgainstReference:
    item = page[0].page.item
    texts = texts_of(outcome.run for outcome in page)
    places = agreed_against(item.reference, texts, families, run.settings.rules) if item.reference else ()
    return AgainstReference(page[0].page.position, item.id, places)


ASKED = 0.9
"""The confidence of which a card says what it means."""
MOST_READINGS = 4000


@dataclass(frozen=True, slots=True)
class ConfidenceCard:
    """One engine: how often its words are right by what it says of them, each word where it stands in the text.

    `area` is that under the curve of coverage against residual error, by its confidence; `share_wrong` what it would
    be if the confidence said nothing.
    """

    engine_id: str
    words: int
    calibration: Calibration
    near_asked: Bin | None
    area: float
    share_wrong: float


def confidence_cards(run: Run, found: Iterable[Outcome]) -> tuple[ConfidenceCard, ...]:
    """Of a large run by its first readings."""
    said: dict[str, tuple[list[float], list[bool]]] = {}
    for outcome in islice(found, MOST_READINGS):
        values, right = said.setdefault(outcome.run.engine_id, ([], []))
        for value, is_right in _words(outcome, run.settings.rules):
            values.append(value)
            right.append(is_right)
    return tuple(_card(engine_id, values, right) for engine_id, (values, right) in said.items() if values)


def _words(outcome: Outcome, rules: Rules) -> Iterator[tuple[float, bool]]:
    reading, reference, given = outcome.run.transcription, outcome.page.item.reference, outcome.run.confidences
    if reading is None or reference is None or given is None:
        return
    right = right_words(reference, reading.text, rules)
    for start, value in zip(given.starts, given.values, strict=True):
        # Rules may leave out what stands before a word's first letter.
        end = start + len(reading.text[start:].split(maxsplit=1)[0])
        yield value, any(at in right for at in range(start, end))


def _card(engine_id: str, said: list[float], right: list[bool]) -> ConfidenceCard:
    wrong = [not one for one in right]
    return ConfidenceCard(
        engine_id,
        len(said),
        calibration(said, right),
        seen_near(said, right, ASKED),
        curve([1 - value for value in said], wrong).area,
        sum(wrong) / len(wrong),
    )
