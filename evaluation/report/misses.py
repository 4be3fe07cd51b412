"""The names and figures that must be right and are not: told engine by engine, and cut out of their pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO

from rapidfuzz import fuzz

from engines.contract import PageImage, Reading
from engines.page_fitting import rgb_image
from evaluation.datasets.contract import DatasetUnusable, ItemUnreadable
from evaluation.findings.conclusion import Conclusion
from evaluation.findings.faithfulness import Missed
from evaluation.findings.results import outcomes_of
from evaluation.findings.wording import TOKEN_NAMES, clauses
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, page_at
from evaluation.report.blocks import Block, Cut, Cuts, Points
from evaluation.work.item_reading import PageLoader
from metrics.consensus import Place
from metrics.critical_tokens import TokenKind
from metrics.normalising import Rules
from metrics.word_pairing import word_pairs
from playground.boxes import Box, PlacedReadings, joined, lend_boxes
from playground.engine_runs import EngineRun
from translations import _

NAMED = 3
"""So many of an engine's mistakes of a kind stand for all."""
MOST_CUT = 12
AROUND, ALIKE = 30, 60
"""A word that was read as another stands between words that were read, so many letters away and in percent alike."""
REFERENCE = "the reference"


def missed_blocks(conclusion: Conclusion, cuts: Sequence[Cut] = ()) -> list[Block]:
    """Nothing where no kind of word was said to have to be right."""
    sentences = tuple(
        _(
            "{engine}, {names}: {said}",
            engine=conclusion.labels[engine_id],
            names=_(TOKEN_NAMES[kind]),
            said=clauses([_("{lead}: {said}", lead=one.item_id, said=_instead(one)) for one in found]),
        )
        for engine_id, kind, found in _named(conclusion)
    )
    told: list[Block] = [Points(sentences, _("What was not read right"), folded=True)] if sentences else []
    return [*told, *([Cuts(tuple(cuts))] if cuts else [])]


def cut_missed(ledger: Ledger, run: Run, conclusion: Conclusion) -> tuple[Cut, ...]:
    """The ink of the words that are named, where an engine gave boxes and the pages are still there."""
    wanted: dict[tuple[int, int, int], list[tuple[str, Missed]]] = {}
    for engine_id, _kind, found in _named(conclusion):
        for one in found:
            wanted.setdefault((one.position, one.start, one.end), []).append((engine_id, one))
    try:
        loader = PageLoader.of(run) if wanted else None
    except DatasetUnusable:
        return ()
    cuts = []
    for (position, start, end), misread in list(wanted.items())[:MOST_CUT] if loader else ():
        if loader and (jpeg := _cut(ledger, run, loader, position, (start, end))):
            first = misread[0][1]
            said = clauses([_misread(conclusion.labels[engine_id], one) for engine_id, one in misread])
            cuts.append(Cut(_("{item}, “{word}”. {said}", item=first.item_id, word=first.written, said=said), jpeg))
    return tuple(cuts)


def _misread(label: str, one: Missed) -> str:
    return _("{engine}: “{word}”", engine=label, word=one.read) if one.read else _("{engine}: left out", engine=label)


def _named(conclusion: Conclusion) -> Iterator[tuple[str, TokenKind, list[Missed]]]:
    """Of each engine and kind the first ones, those of the worst pages."""
    for row in conclusion.board.rows:
        for kind, _share in conclusion.needs.least_right:
            missed = row.faithful.missed if row.faithful else ()
            if found := [one for one in missed if one.kind == kind][:NAMED]:
                yield row.engine_id, kind, found


def _instead(one: Missed) -> str:
    if one.read:
        return _("“{read}” instead of “{written}”", read=one.read, written=one.written)
    return _("“{written}” left out", written=one.written)


def _cut(ledger: Ledger, run: Run, loader: PageLoader, position: int, word: tuple[int, int]) -> bytes:
    """A JPEG, empty where nobody knows where the word stands; a line that was read alone is shown whole."""
    entry = page_at(ledger, run.id, position)
    try:
        page = loader.load(entry.item.locator, entry.turned)
    except (ItemUnreadable, DatasetUnusable):
        return b""
    if entry.item.level == "line":
        return _jpeg(page, Box(0, 0, page.width, page.height))
    box = _box(outcomes_of(ledger, run.id, position), entry.item.reference or "", run.settings.rules, word)
    return _jpeg(page, box) if box else b""


def _box(runs: Sequence[EngineRun], reference: str, rules: Rules, word: tuple[int, int]) -> Box | None:
    """Of the word, or between those on either side of it, where an engine with boxes read something like them."""
    by_id = {one.engine_id: one for one in runs} | {REFERENCE: EngineRun(REFERENCE, Reading(reference), 0.0)}
    lending = lend_boxes(by_id, rules)
    lent, lender = lending.runs[REFERENCE].transcription, by_id[lending.lenders.get(REFERENCE, REFERENCE)].transcription
    if not lent or not lent.regions or not lender:
        return None
    known = [
        (pair.hyp_start, pair.hyp_end)
        for pair in word_pairs(lender.text, reference, rules)
        if fuzz.ratio(lender.text[pair.ref_start : pair.ref_end], reference[pair.hyp_start : pair.hyp_end]) >= ALIKE
    ]
    start, end = word
    shown = [(a, b) for a, b in known if a < end and start < b]
    if not shown:
        before = [(a, b) for a, b in known if start - AROUND <= b <= start]
        after = [(a, b) for a, b in known if end <= a <= end + AROUND]
        shown = [before[-1], after[0]] if before and after else []
    placed = PlacedReadings({REFERENCE: lent})
    return joined(placed.box_around([Place(REFERENCE, *stretch)]) for stretch in shown)


def _jpeg(page: PageImage, box: Box) -> bytes:
    """With as much around it as tells the word from its neighbours."""
    room = 0.5 * (box.bottom - box.top)
    left, top = max(0, int(box.left - room)), max(0, int(box.top - room))
    right, bottom = min(page.width, int(box.right + room) + 1), min(page.height, int(box.bottom + room) + 1)
    if right - left < 2 or bottom - top < 2:
        return b""
    written = BytesIO()
    rgb_image(page).crop((left, top, right, bottom)).save(written, "JPEG", quality=80)
    return written.getvalue()
