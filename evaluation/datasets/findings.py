"""What a data set held and what it did not, counted once and said in one sentence. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.datasets.contract import NOT_TRANSCRIBED, Item, LineCount, Unreadable

MOST_REASONS = 4
LONGEST_ID = 80


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Things that will not be read for one and the same reason."""

    reason: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """The counts; `shortened` pages have a reference that lacks some of their lines."""

    pages: int
    single_lines: int
    referenced: int
    lines: LineCount
    shortened: int
    left_out: tuple[LeftOut, ...]
    remarks: tuple[str, ...] = ()
    """What else the reader of figures should know, a sentence each."""

    @property
    def items(self) -> int:
        """Everything that will be read."""
        return self.pages + self.single_lines

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        kinds = [(self.pages, "page"), (self.single_lines, "line")]
        found = " and ".join(counted(number, kind) for number, kind in kinds if number) or "nothing to read"
        referenced = f", {self.referenced} with a reference" if self.items else ""
        parts = [f"Found {found}{referenced}", *self._of_lines()]
        if total := sum(len(left.ids) for left in self.left_out):
            parts.append(f"left out {counted(total, 'thing')}: {_reasons(self.left_out)}")
        return "; ".join(parts) + "."

    def _of_lines(self) -> Iterable[str]:
        lines = self.lines
        if lines.untranscribed:
            said = f"{lines.untranscribed} of {counted(lines.total, 'line')} not transcribed"
            yield f"{said}, so {counted(self.shortened, 'reference')} shorter than the page" if self.shortened else said
        if lines.in_tables:
            yield f"{counted(lines.in_tables, 'line')} in tables"


def findings_of(found: Sequence[Item | Unreadable], remarks: Iterable[str] = ()) -> Findings:
    """Count what a walk over a data set came upon."""
    items = [one for one in found if isinstance(one, Item)]
    out = [one for one in found if isinstance(one, Unreadable)]
    bare = sum(one.reason == NOT_TRANSCRIBED for one in out)
    reasons: dict[str, list[str]] = {}
    for one in out:
        if one.reason != NOT_TRANSCRIBED:
            reasons.setdefault(one.reason, []).append(one.id)
    return Findings(
        pages=sum(item.level == "page" for item in items),
        single_lines=sum(item.level == "line" for item in items),
        referenced=sum(item.reference is not None for item in items),
        lines=LineCount(
            sum(item.lines.total for item in items) + bare,
            sum(item.lines.untranscribed for item in items) + bare,
            sum(item.lines.in_tables for item in items),
        ),
        shortened=sum(bool(item.reference and item.level == "page" and item.lines.untranscribed) for item in items),
        left_out=tuple(LeftOut(reason, tuple(ids)) for reason, ids in reasons.items()),
        remarks=tuple(remarks),
    )


def counted(number: int, noun: str) -> str:
    """ "1 page", "2 pages"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _reasons(left_out: Sequence[LeftOut]) -> str:
    most = sorted(left_out, key=lambda left: -len(left.ids))
    said = []
    for left in most[:MOST_REASONS]:
        more = f" and {len(left.ids) - 1} more" if len(left.ids) > 1 else ""
        said.append(f"{left.ids[0][:LONGEST_ID]}{more} ({left.reason})")
    if rest := sum(len(left.ids) for left in most[MOST_REASONS:]):
        said.append(f"{rest} for other reasons")
    return ", ".join(said)
