"""What documents are made of, and the one dated document that a buyer can attach to a purchase.

Each medium (HTML, PDF, terminal) is one loop over blocks; none knows what they say. A memo is everything in it, before
it becomes HTML or PDF.
"""

from __future__ import annotations

import shlex
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from evaluation.datasets.contract import Unreadable
from evaluation.findings.analysis import (
    Distribution,
    ErrorClasses,
    Slice,
    Stretch,
    WorstPage,
    distributions,
    failures,
    over_time,
    slices,
    worst_pages,
)
from evaluation.findings.changes import Change, changes
from evaluation.findings.conclusion import Conclusion, Findings
from evaluation.findings.kept_scores import observations
from evaluation.findings.leaderboard import Row
from evaluation.findings.observations import Observations
from evaluation.findings.published import CAUTION, PUBLISHED, Published
from evaluation.findings.results import Bill, bill, progress
from evaluation.findings.together import AgainstReference
from evaluation.findings.wording import clusters_in_words, in_units
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, State, turned_pages, unreadable_of
from evaluation.report.plots import Picture, cost_against_cer, kinds_of_error, reliability, spread_of_pages
from translations import N_, _

Tone = Literal["plain", "quiet", "headline", "code"]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 is the document's title."""

    words: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `lead` stands before it and stands out."""

    words: str
    tone: Tone = "plain"
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """Sentences below each other; where a screen can fold them away, `folded` says that it may."""

    items: tuple[str, ...]
    lead: str = ""
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One of several things to choose from."""

    heading: str
    parts: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Cards:
    """Things to choose from, the first one first."""

    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The top of a column; `tooltip` explains it where a mouse can rest. A table's names are its rows' headings."""

    name: str
    kind: Literal["name", "number", "words"] = "number"
    tooltip: str = ""
    main: bool = False
    """Whether this is the figure to look at first."""


@dataclass(frozen=True, slots=True)
class Spread:
    """A cell with an interval and its middle as shares of a common scale, for media that can draw it."""

    words: str
    low: float
    middle: float
    high: float

    def __str__(self) -> str:
        return self.words


Cell = str | Spread


@dataclass(frozen=True, slots=True)
class Table:
    """`best` says that the first row stands out; where a screen can fold it away, `folded` says that it may."""

    title: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    best: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a page, and what is to be said of it."""

    words: str
    jpeg: bytes

    @property
    def address(self) -> str:
        """The picture itself, for a document that fetches nothing."""
        return f"data:image/jpeg;base64,{b64encode(self.jpeg).decode()}"


@dataclass(frozen=True, slots=True)
class Cuts:
    """Pieces of pages beside each other; a terminal leaves them out."""

    cuts: tuple[Cut, ...]


Block = Heading | Text | Points | Cards | Table | Picture | Cuts


def of_units(blocks: Sequence[Block], unit: str) -> list[Block]:
    """The same blocks, their sentences and headings said of lines where lines were read; cells and cards stay."""
    return [_of_units(block, unit) for block in blocks]


def _of_units(block: Block, unit: str) -> Block:
    match block:
        case Heading():
            return replace(block, words=in_units(block.words, unit))
        case Text() if block.tone != "code":
            return replace(block, words=in_units(block.words, unit), lead=in_units(block.lead, unit))
        case Points():
            items = tuple(in_units(item, unit) for item in block.items)
            return replace(block, items=items, lead=in_units(block.lead, unit))
        case Table():
            said = (
                replace(head, name=in_units(head.name, unit), tooltip=in_units(head.tooltip, unit))
                for head in block.heads
            )
            return replace(block, title=in_units(block.title, unit), heads=tuple(said))
        case Picture():
            return replace(block, title=in_units(block.title, unit))
        case _:
            return block


def plain_table(title: str, names: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: bool = True) -> Table:
    """A table whose first column names its rows."""
    kind: Literal["number", "words"] = "number" if numbers else "words"
    first, *others = names
    heads = (Head(first, "name"), *(Head(name, kind) for name in others))
    return Table(title, heads, tuple(tuple(row) for row in rows))


METHOD = (
    N_(
        "Every engine got the same pixels, prompt, limits and time. A page without a reading is counted as a failure "
        "and never as a text. Rates are pooled: errors of all pages over characters (or words) of all references, not "
        "clipped."
    ),
    N_(
        "Engines are advised in the order of what a page costs in the end: the engine, attempts that may have been "
        "billed in vain, and a person who corrects. A page without a reading, or with one worse than none, is typed "
        "anew."
    ),
    N_(
        "Intervals are at 95 %, over whole {clusters}, because errors of one hand or document hang together: t "
        "intervals on the logarithm, half of the variance the jackknife's and half a model's in which it grows with "
        "length. How sure an order is comes from the same variance of the paired difference, not corrected for the "
        "number of pairs."
    ),
    N_(
        "Places follow that figure, from 95 % on. Letters are stricter: engines that share one could not be told apart "
        "by a paired permutation test on the pages that both have read, at 5 % after Holm's correction for the number "
        "of pairs."
    ),
    N_("Engines that run on the same machine shared its processor, so their seconds are those of a busy machine."),
)

BROUGHT_METHOD = N_(
    "Readings that were brought along were made elsewhere: with which pixels, prompt and settings nobody here knows; "
    "a difference may come from those. Engines are compared on the pages that both have read."
)


@dataclass(frozen=True, slots=True)
class Memo:
    """What the document says."""

    made_at: datetime
    run: Run
    conclusion: Conclusion
    pages: int
    referenced: int
    slices: tuple[Slice, ...]
    worst: tuple[WorstPage, ...]
    failures: tuple[tuple[str, str, int], ...]
    """Engine, reason, how often."""
    unreadable: tuple[Unreadable, ...]
    turned: tuple[tuple[str, int], ...]
    """Pages that lay on their side or upside down, and the degrees clockwise by which they were turned."""
    bill: Bill
    pictures: tuple[Picture, ...]
    against_reference: tuple[AgainstReference, ...]
    """Pages on which all engines agree on another word than the reference."""
    changes: tuple[Change, ...]
    compared_with: str
    state: Literal["finished"] | State
    cuts: tuple[Cut, ...] = ()
    """Pieces of the pages: the names and figures that had to be right and are not."""
    published: tuple[Published, ...] = PUBLISHED
    caution: str = CAUTION

    @property
    def question(self) -> str:
        """What the document answers."""
        count = len(self.run.settings.engines)
        unit = self.conclusion.board.unit
        said = _("Which of {n} engines should read pages like these, at what cost, and how sure can one be?")
        return in_units(said, unit).format(n=count)

    @property
    def method(self) -> tuple[str, ...]:
        """How the figures came about."""
        board = self.conclusion.board
        clusters = clusters_in_words(board.clusters)
        said = tuple(in_units(_(sentence).format(clusters=clusters), board.unit) for sentence in METHOD)
        return (*said, _(BROUGHT_METHOD)) if len(self.run.settings.to_run) < len(self.run.settings.engines) else said

    def for_strangers(self, *, quoting: bool) -> Memo:
        """SECURITY: what a public link may say: nothing of this machine, no piece of a page, words only if wanted."""
        run = self.run.for_strangers
        if quoting:
            return replace(self, run=run, cuts=())
        board = self.conclusion.board
        rows = tuple(_quiet(row) for row in board.rows)
        # Notes name files, and tags are words of whoever made the data set.
        return replace(
            self,
            run=replace(run, dataset="PAGES", settings=replace(run.settings, notes=(), brought_from=(), only_tag="")),
            conclusion=replace(self.conclusion, board=replace(board, rows=rows)),
            worst=(),
            cuts=(),
            against_reference=(),
            unreadable=(),
            turned=tuple((_("one"), degrees) for _name, degrees in self.turned),
            changes=tuple(replace(change, worse=(), better=()) for change in self.changes),
            slices=tuple(
                replace(part, board=replace(part.board, rows=tuple(map(_quiet, part.board.rows))))
                for part in self.slices
                if part.by != "tag"
            ),
        )

    @property
    def command(self) -> str:
        """How to do it again."""
        return reproduce_command(self.run)


def _quiet(row: Row) -> Row:
    """The row's figures without any word or file name."""
    faithful = replace(row.faithful, missed=()) if row.faithful else None
    canaries = tuple(replace(one, item_id="", words=()) for one in row.canaries)
    return replace(row, heavy_page=None, faithful=faithful, canaries=canaries)


def make_memo(ledger: Ledger, run: Run, found: Findings, conclusion: Conclusion, against: Run | None = None) -> Memo:
    """The document for a conclusion; `against` is an earlier run over the same pages."""
    seen = Observations.of(found.observations)
    return Memo(
        made_at=datetime.now(UTC),
        run=run,
        conclusion=conclusion,
        pages=len(set(seen.position.tolist())),
        referenced=len(set(seen.position[seen.has_cer].tolist())),
        slices=tuple(slices(seen, found.close)),
        worst=tuple(worst_pages(seen, 10)),
        failures=tuple((engine, why, n) for engine, whys in failures(seen).items() for why, n in whys.most_common()),
        unreadable=tuple(unreadable_of(ledger, run.id)),
        turned=tuple((page.item.id, page.turned or 0) for page in turned_pages(ledger, run.id)),
        bill=bill(ledger, run.id),
        pictures=tuple(pictures(found, conclusion.labels)),
        against_reference=tuple(found.against_reference),
        changes=tuple(changes(observations(ledger, against), seen)) if against else (),
        compared_with=against.id if against else "",
        state=run.state if any(one.left for one in progress(ledger, run.id)) else "finished",
    )


def pictures(found: Findings, labels: Mapping[str, str]) -> list[Picture]:
    """The plots there is something to show in; engines come in the order of the leaderboard."""
    order = [row.engine_id for row in found.board.rows]

    def place(one: Distribution | ErrorClasses | Stretch) -> int:
        return order.index(one.engine_id)

    drawn = (
        cost_against_cer(found.board, labels),
        spread_of_pages(sorted(distributions(found.observations), key=place), labels),
        kinds_of_error(sorted(found.classes, key=place), labels),
        reliability(sorted(over_time(found.observations), key=place), labels),
    )
    return [picture for picture in drawn if picture is not None]


def reproduce_command(run: Run) -> str:
    """The command that reads the same items with the same engines."""
    settings = run.settings
    parts = ["python", "-m", "evaluation", "run", str(Path(run.dataset))]
    engines = ",".join(spec.id for spec in settings.to_run)
    parts += ("--engines", engines) if engines else ()
    parts += [] if settings.turns else ["--no-turn"]
    parts += [part for name, path in settings.brought_from for part in ("--readings", f"{name}={path}")]
    optional = {
        "--language": settings.task.language,
        "--level": "" if settings.level == "page" else settings.level,
        "--repeats": "" if settings.repeats == 1 else str(settings.repeats),
        "--sample": "" if settings.sample is None else str(settings.sample),
        "--seed": str(settings.seed) if settings.sample is not None else "",
        "--tag": settings.only_tag,
        "--budget": "" if run.budget_usd is None else f"{run.budget_usd:g}",
    }
    parts += [part for name, value in optional.items() if value for part in (name, value)]
    parts += ["--canaries"] if settings.canaries else []
    return shlex.join(parts)
