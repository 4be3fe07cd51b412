"""What a data set held and what it did not, counted once and said in one sentence. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.datasets.contract import Item, LineCount, Unreadable
from metrics.wording import listed
from translations import _, ngettext

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
        parts = [self._of_items(), *self._of_lines()]
        if total := sum(len(left.ids) for left in self.left_out):
            reasons = _reasons(self.left_out)
            parts.append(
                ngettext(
                    "left out {n} thing: {reasons}",
                    "left out {n} things: {reasons}",
                    total,
                    n=f"{total:,}",
                    reasons=reasons,
                )
            )
        return "; ".join(parts) + "."

    def _of_items(self) -> str:
        if not self.items:
            return _("Found nothing to read")
        things = []
        if self.pages:
            things.append(ngettext("{n} page", "{n} pages", self.pages, n=f"{self.pages:,}"))
        if self.single_lines:
            things.append(ngettext("{n} line", "{n} lines", self.single_lines, n=f"{self.single_lines:,}"))
        return _("Found {things}, {n} with a reference", things=listed(things), n=self.referenced)

    def _of_lines(self) -> Iterable[str]:
        lines = self.lines
        if lines.untranscribed:
            said = ngettext(
                "{untranscribed} of {n} line not transcribed",
                "{untranscribed} of {n} lines not transcribed",
                lines.total,
                n=f"{lines.total:,}",
                untranscribed=lines.untranscribed,
            )
            yield self._with_shortened(said) if self.shortened else said
        if lines.in_tables:
            yield ngettext("{n} line in tables", "{n} lines in tables", lines.in_tables, n=f"{lines.in_tables:,}")

    def _with_shortened(self, untranscribed: str) -> str:
        return ngettext(
            "{untranscribed}, so {n} reference shorter than the page",
            "{untranscribed}, so {n} references shorter than the page",
            self.shortened,
            n=f"{self.shortened:,}",
            untranscribed=untranscribed,
        )


def findings_of(found: Sequence[Item | Unreadable], remarks: Iterable[str] = ()) -> Findings:
    """Count what a walk over a data set came upon."""
    items = [one for one in found if isinstance(one, Item)]
    out = [one for one in found if isinstance(one, Unreadable)]
    bare = sum(one.untranscribed for one in out)
    reasons: dict[str, list[str]] = {}
    for one in out:
        if not one.untranscribed:
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


def _reasons(left_out: Sequence[LeftOut]) -> str:
    most = sorted(left_out, key=lambda left: -len(left.ids))
    said = []
    for left in most[:MOST_REASONS]:
        first, more = left.ids[0][:LONGEST_ID], len(left.ids) - 1
        named = _("{first} and {n} more", first=first, n=more) if more else first
        said.append(f"{named} ({left.reason})")
    if rest := sum(len(left.ids) for left in most[MOST_REASONS:]):
        said.append(_("{n} for other reasons", n=rest))
    return ", ".join(said)
