"""One dated document that a buyer can attach to a purchase: everything in it, before it becomes HTML or PDF."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from engines.pricing import times
from evaluation.datasets.contract import Unreadable
from evaluation.findings.analysis import (
    ErrorClasses,
    Slice,
    WorstPage,
    distributions,
    error_classes,
    failures,
    over_time,
    slices,
    worst_pages,
)
from evaluation.findings.changes import Change, changes
from evaluation.findings.leaderboard import Leaderboard, Observation, Row, leaderboard
from evaluation.findings.recommending import CAUTION, HARM_NAMES, PUBLISHED, Advice, Published, Requirements, advise
from evaluation.findings.results import Bill, bill, observations, outcomes
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, unreadable_of
from evaluation.report.plots import Picture, cost_against_cer, kinds_of_error, reliability, spread_of_pages
from metrics.correction_cost import Assumptions, PageCost, page_cost

METHOD = (
    "Every engine got the same pixels, prompt, limits and time. A page without a reading is counted as a failure and "
    "never as a text. Rates are pooled: errors of all pages over characters (or words) of all references, not clipped.",
    "Intervals are at 95 % and come from resampling {clusters} whole (symmetric studentised bootstrap; below 20 of "
    "them a t interval with the jackknife's standard error), because errors of one hand or document hang together.",
    "One engine is called better than another only if a paired permutation test on the pages that both have read says "
    "so at 5 % after Holm's correction for the number of pairs. Engines that share a letter could not be told apart.",
    "Engines that run on the same machine shared its processor, so their seconds are those of a busy machine.",
)


@dataclass(frozen=True, slots=True)
class Memo:
    """What the document says."""

    made_at: datetime
    run: Run
    labels: Mapping[str, str]
    needs: Requirements
    assumed: Assumptions
    pages: int
    referenced: int
    board: Leaderboard
    advice: Advice
    corrections: tuple[tuple[str, PageCost], ...]
    """Engine and the expected cost of one of these pages, corrected by a person."""
    slices: tuple[Slice, ...]
    worst: tuple[WorstPage, ...]
    failures: tuple[tuple[str, str, int], ...]
    """Engine, reason, how often."""
    unreadable: tuple[Unreadable, ...]
    bill: Bill
    pictures: tuple[Picture, ...]
    changes: tuple[Change, ...]
    compared_with: str
    published: tuple[Published, ...] = PUBLISHED
    caution: str = CAUTION

    @property
    def question(self) -> str:
        """What the document answers."""
        count = len(self.run.settings.engines)
        return f"Which of {count} engines should read pages like these, at what cost, and how sure can one be?"

    @property
    def method(self) -> tuple[str, ...]:
        """How the figures came about."""
        return tuple(sentence.format(clusters=self.board.clusters) for sentence in METHOD)

    @property
    def harm(self) -> str:
        """The error that hurts, in words."""
        return HARM_NAMES[self.needs.harm]

    @property
    def command(self) -> str:
        """How to do it again."""
        return reproduce_command(self.run)


def make_memo(
    ledger: Ledger,
    run: Run,
    needs: Requirements | None = None,
    assumed: Assumptions | None = None,
    against: Run | None = None,
) -> Memo:
    """Everything the ledger knows of the run, and the advice for these needs; `against` is an earlier run."""
    needs, assumed = needs or Requirements(), assumed or Assumptions(hourly_rate=30.0)
    seen = observations(ledger, run)
    board, labels = leaderboard(seen), {spec.id: spec.label for spec in run.settings.engines}
    classes = error_classes(run, outcomes(ledger, run))
    return Memo(
        made_at=datetime.now(UTC),
        run=run,
        labels=labels,
        needs=needs,
        assumed=assumed,
        pages=len({one.position for one in seen}),
        referenced=len({one.position for one in seen if one.cer is not None}),
        board=board,
        advice=advise(board, run.settings.engines, needs, classes),
        corrections=tuple(corrections(board.rows, assumed)),
        slices=tuple(slices(seen)),
        worst=tuple(worst_pages(seen, 10)),
        failures=tuple((engine, why, n) for engine, found in failures(seen).items() for why, n in found.most_common()),
        unreadable=tuple(unreadable_of(ledger, run.id)),
        bill=bill(ledger, run.id),
        pictures=tuple(pictures(board, seen, classes, labels)),
        changes=tuple(changes(observations(ledger, against), seen)) if against else (),
        compared_with=against.id if against else "",
    )


def pictures(
    board: Leaderboard, seen: Sequence[Observation], classes: Sequence[ErrorClasses], labels: Mapping[str, str]
) -> list[Picture]:
    """The plots there is something to show in; engines come in the order of the leaderboard."""
    order = [row.engine_id for row in board.rows]
    seen = sorted(seen, key=lambda one: order.index(one.engine_id))
    classes = sorted(classes, key=lambda found: order.index(found.engine_id))
    drawn = (
        cost_against_cer(board, labels),
        spread_of_pages(distributions(seen), labels),
        kinds_of_error(classes, labels),
        reliability(over_time(seen), labels),
    )
    return [picture for picture in drawn if picture is not None]


def corrections(rows: Sequence[Row], assumed: Assumptions) -> list[tuple[str, PageCost]]:
    """What one page costs with each engine that has scored pages, the time of the person who corrects it included."""
    return [
        (
            row.engine_id,
            page_cost(
                row.cer.reference_length / row.scored,
                row.cer.errors / row.scored,
                times(row.price_per_1000, 1 / 1000).usd,
                assumed,
            ),
        )
        for row in rows
        if row.scored
    ]


def reproduce_command(run: Run) -> str:
    """The command that reads the same items with the same engines."""
    settings = run.settings
    parts = ["python", "-m", "evaluation", "run", str(Path(run.dataset))]
    parts += ["--engines", ",".join(spec.id for spec in settings.engines), "--language", settings.task.language]
    optional = {
        "--level": "" if settings.level == "page" else settings.level,
        "--repeats": "" if settings.repeats == 1 else str(settings.repeats),
        "--sample": "" if settings.sample is None else str(settings.sample),
        "--seed": str(settings.seed) if settings.sample is not None else "",
        "--tag": settings.only_tag,
        "--budget": "" if run.budget_usd is None else f"{run.budget_usd:g}",
    }
    parts += [part for name, value in optional.items() if value for part in (name, value)]
    return shlex.join(parts)
