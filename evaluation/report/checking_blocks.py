"""What screen, memo and terminal say of what a person must look at, as blocks. Computes no figure.

The words to check, and the names and figures that must be right and are not: told engine by engine, and cut out of
their pages.
"""

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
from evaluation.findings.together import ASKED, ConfidenceCard
from evaluation.findings.word_checks import Checked, Review, WordChecks, cheapest
from evaluation.findings.wording import TOKEN_NAMES, Labels, between, clauses
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, page_at
from evaluation.report.memo import Block, Cut, Cuts, Points, Table, Text, of_units, plain_table
from evaluation.report.plots import confidence_against_truth, errors_let_through
from evaluation.work.item_reading import PageLoader
from metrics.consensus import Place
from metrics.coverage import FEWEST_PAGES, RULE_OF_THREE, TARGET, Estimate
from metrics.critical_tokens import TokenKind
from metrics.normalising import Rules
from metrics.passages import word_pairs
from playground.boxes import Box, PlacedReadings, joined, lend_boxes
from playground.engine_runs import EngineRun
from translations import N_, _
from translations.wording import listed, percent

AT_MOST = f"{100 * TARGET:g} %"
TOLD = 8
"""Committees in the table: the cheapest ones."""


def checking_blocks(said: Conclusion) -> list[Block]:
    """Nothing where no engines of two families read the same pages."""
    if said.checks is None:
        return []
    lines = [(_("words"), said.checks.words), (_("names and figures"), said.checks.critical)]
    picture = errors_let_through([(name, one.curve) for name, one in lines if one is not None], TARGET)
    blocks: list[Block] = [
        Text(_headline(said.checks), "headline"),
        *([] if said.checks.words.unread else [Text(_surest(said.checks.words))]),
        *([Text(_critical(said.checks.critical))] if said.checks.critical else []),
        Text(_alike(said.checks), "quiet", _("Mind:")),
        picture,
        *_reviewing(said),
    ]
    return of_units(blocks, said.board.unit)


def confidence_blocks(said: Conclusion) -> list[Block]:
    """What each engine's confidence means, a row for each that gives any, best reader first, and the plot."""
    order = {row.engine_id: place for place, row in enumerate(said.board.rows)}
    cards = sorted(said.confidences, key=lambda card: order.get(card.engine_id, len(order)))
    picture = confidence_against_truth(cards, said.labels)
    if picture is None:
        return []
    title, names = _("What the engines' own confidence is worth"), tuple(_(name, asked=ASKED) for name in CONFIDENCE)
    blocks: list[Block] = [
        Text(_meaning(cards, said.labels), lead=f"{title}."),
        plain_table(title, names, [_confidence_row(card, said.labels) for card in cards]),
        Text(_(HOW_TO_READ_CONFIDENCE), "quiet"),
        picture,
    ]
    return of_units(blocks, said.board.unit)


CONFIDENCE = (
    *(N_("Engine"), N_("Words"), N_("{asked:.2f} means"), N_("Calibration error"), N_("Brier score")),
    *(N_("Errors let through"), N_("if it said nothing")),
)
HOW_TO_READ_CONFIDENCE = N_(
    "Each word by where it stands; of the last four figures the lower is the better. The calibration error is how far "
    "confidence and truth lie apart on average; the Brier score also falls the better right words are told from wrong "
    "ones, and is 0.250 for always saying 0.50. Errors let through: the share of wrong words among those trusted, "
    "averaged over trusting few to trusting all, the surest first (the area under the risk-coverage curve)."
)


def _meaning(cards: Sequence[ConfidenceCard], labels: Labels) -> str:
    meant = [
        _("{share} with {engine}", share=percent(card.near_asked.seen), engine=labels[card.engine_id])
        for card in cards
        if card.near_asked
    ]
    asked = f"{ASKED:.2f}"
    if not meant:
        return _("No engine says {asked} often enough to tell what that means.", asked=asked)
    return _(
        "Where an engine says {asked} of a word, so many of these words are right on your pages: {shares}.",
        asked=asked,
        shares=listed(meant),
    )


def _confidence_row(card: ConfidenceCard, labels: Labels) -> tuple[str, ...]:
    return (
        labels[card.engine_id],
        f"{card.words:,}",
        _("{share} on your pages", share=f"{card.near_asked.seen:.2f}") if card.near_asked else _("seldom said"),
        f"{card.calibration.expected_error:.3f}",
        f"{card.calibration.brier:.3f}",
        f"{card.area:.3f}",
        f"{card.share_wrong:.3f}",
    )


def _headline(checks: WordChecks) -> str:
    found = checks.words.unread
    if found is None:
        return _not_shown(checks)
    let_through = found.share.middle * found.wrong.middle
    words = 1000 * checks.words.words / checks.pages
    return _(
        "With these engines {share} of the words need no human [{shares}]; {wrong} of those are wrong [{wrongs}; asked "
        "for was at most {most}]. Per 1,000 pages {reviewed} words are to be reviewed and {through} wrong ones let "
        "through.",
        share=percent(found.share.middle),
        shares=_range(found.share),
        wrong=percent(found.wrong.middle),
        wrongs=_range(found.wrong),
        most=AT_MOST,
        reviewed=_about(words * (1 - found.share.middle)),
        through=_about(words * let_through),
    )


def _about(count: float) -> str:
    return _("about {n}", n=f"{float(f'{count:.2g}'):,.0f}") if count >= 10 else f"{count:,.0f}"


def _not_shown(checks: WordChecks) -> str:
    return _(
        "These {pages} pages do not show that any of the words can go unchecked with at most {most} of them wrong: "
        "that takes at least {words} words without an error, on at least {fewest} pages, writers or documents.",
        pages=checks.pages,
        most=AT_MOST,
        words=f"{RULE_OF_THREE / TARGET:,.0f}",
        fewest=FEWEST_PAGES,
    )


def _surest(checked: Checked) -> str:
    quarter, half, most = (percent(checked.curve.residual(share)) for share in (0.25, 0.5, 0.75))
    return _(
        "Of the surest quarter of these words {quarter} differ from the reference, of the surest half {half}, of the "
        "surest three quarters {most}.",
        quarter=quarter,
        half=half,
        most=most,
    )


def _critical(checked: Checked) -> str:
    found, words = checked.unread, f"{checked.words:,}"
    if found is None:
        said = _("Names, dates, amounts and numbers ({words} words): not shown by these pages.", words=words)
        return f"{said} {_surest(checked)}"
    return _(
        "Names, dates, amounts and numbers ({words} words): {share} [{shares}] need no human, {wrong} of those are "
        "wrong [{wrongs}].",
        words=words,
        share=percent(found.share.middle),
        shares=_range(found.share),
        wrong=percent(found.wrong.middle),
        wrongs=_range(found.wrong),
    )


def _alike(checks: WordChecks) -> str:
    return _(
        "{n} of the {wrong} wrong words are wrong although all engines say the same: no comparison finds those, and "
        "some are mistakes of the reference. Words that no engine has are not counted here.",
        n=f"{checks.alike_and_wrong:,}",
        wrong=f"{checks.words.wrong:,}",
    )


def _range(estimate: Estimate) -> str:
    return _("{low} to {high}", low=percent(estimate.low), high=percent(estimate.high))


def _reviewing(said: Conclusion) -> list[Block]:
    if not said.reviews:
        return []
    best = cheapest(said.reviews, TARGET)
    assumed = _(
        "Assumed: {seconds} s for each word looked at, {usd} an hour. Looked at is every place at which those engines "
        "differ, and nothing else; a person who looks is taken to be right.",
        seconds=f"{said.assumed.seconds_per_word_checked:g}",
        usd=f"${said.assumed.hourly_rate:g}",
    )
    shown = list(dict.fromkeys([*([best] if best else []), *said.reviews]))[:TOLD]
    return [Text(_verdict(said, best)), _table(shown, said.labels), Text(assumed, "quiet")]


def _verdict(said: Conclusion, best: Review | None) -> str:
    """Whether two or three readers and a person where they differ pay, beside one whose whole text is corrected."""
    if best is None:
        nearest = min(said.reviews, key=lambda one: one.committee.wrong)
        return _(
            "No two or three of these engines leave at most {most} of the words wrong when only their disagreements "
            "are reviewed: {engines} leave the fewest, {wrong} ({reach}).",
            most=AT_MOST,
            engines=_names(nearest, said.labels),
            wrong=percent(nearest.committee.wrong),
            reach=between(nearest.committee.let_through_interval),
        )
    ours, whole, a_page = _compared(said, best)
    pays_not = whole is not None and ours is not None and whole <= ours
    told = (
        _(
            "Reviewing only where engines differ does not pay here: the cheapest that leave at most {most} of the "
            "words wrong are {engines}, at {cost} (labour {low} to {high}), and {wrong} ({reach}) stay wrong."
        )
        if pays_not
        else _(
            "The cheapest way to leave at most {most} of the words wrong is to read with {engines} and to review only "
            "where they differ: {cost} (labour {low} to {high}), and {wrong} ({reach}) stay wrong."
        )
    )
    told = told.format(
        most=AT_MOST,
        engines=_names(best, said.labels),
        cost=a_page.format(usd=_usd(ours)),
        low=f"${best.low:.2f}",
        high=f"${best.high:.2f}",
        wrong=percent(best.committee.wrong),
        reach=between(best.committee.let_through_interval),
    )
    if not said.costs:
        return told
    label, cost = said.labels[said.costs[0].engine_id], a_page.format(usd=_usd(whole))
    beside = _("Correcting all that {engine} reads costs {cost}.", engine=label, cost=cost)
    return f"{told} {beside}"


def _compared(said: Conclusion, best: Review) -> tuple[float | None, float | None, str]:
    """What a committee's page and the best engine's corrected page cost; the labour, where a price is not known."""
    alone = said.costs[0].page if said.costs else None
    if best.cost.total is None or (alone is not None and alone.total is None):
        return best.cost.labour, alone.labour if alone else None, _("{usd} of labour a page")
    return best.cost.total, alone.total if alone else None, _("{usd} a page")


def _table(shown: Sequence[Review], labels: Labels) -> Table:
    names = (
        *(_("Read with"), _("Words looked at"), "95 %", _("Left wrong"), "95 %"),
        *(_("Labour a page"), _("Total")),
    )
    rows = [
        (
            _names(one, labels),
            percent(one.committee.looked_at / one.committee.words),
            between(one.committee.looked_at_interval),
            percent(one.committee.wrong),
            between(one.committee.let_through_interval),
            f"${one.cost.labour:.2f}",
            _usd(one.cost.total),
        )
        for one in shown
    ]
    return plain_table(_("Reader and checker: what a page costs"), names, rows)


def _names(review: Review, labels: Labels) -> str:
    return listed([labels[engine_id] for engine_id in review.committee.engine_ids])


def _usd(amount: float | None) -> str:
    return _("price unknown") if amount is None else f"${amount:.2f}"


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
