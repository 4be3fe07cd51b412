"""What screen, memo and terminal say of the words that a person must look at, as blocks. Computes no figure."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.findings.conclusion import Conclusion
from evaluation.findings.together import ASKED, ConfidenceCard
from evaluation.findings.word_checks import Checked, Review, WordChecks, cheapest
from evaluation.findings.wording import Labels, between
from evaluation.report.blocks import Block, Table, Text, of_units, plain_table
from evaluation.report.plots import confidence_against_truth, errors_let_through
from metrics.coverage import FEWEST_PAGES, RULE_OF_THREE, TARGET, Estimate
from metrics.wording import listed, percent

AT_MOST = f"{100 * TARGET:g} %"
TOLD = 8
"""Committees in the table: the cheapest ones."""


def checking_blocks(said: Conclusion) -> list[Block]:
    """Nothing where no engines of two families read the same pages."""
    if said.checks is None:
        return []
    lines = [("words", said.checks.words), ("names and figures", said.checks.critical)]
    picture = errors_let_through([(name, one.curve) for name, one in lines if one is not None], TARGET)
    blocks: list[Block] = [
        Text(_headline(said.checks), "headline"),
        *([] if said.checks.words.unread else [Text(_surest(said.checks.words))]),
        *([Text(_critical(said.checks.critical))] if said.checks.critical else []),
        Text(_alike(said.checks), "quiet", "Mind:"),
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
    title = "What the engines' own confidence is worth"
    blocks: list[Block] = [
        Text(_meaning(cards, said.labels), lead=f"{title}."),
        plain_table(title, CONFIDENCE, [_confidence_row(card, said.labels) for card in cards]),
        Text(HOW_TO_READ_CONFIDENCE, "quiet"),
        picture,
    ]
    return of_units(blocks, said.board.unit)


CONFIDENCE = (
    *("Engine", "Words", f"{ASKED:.2f} means", "Calibration error", "Brier score", "Errors let through"),
    "if it said nothing",
)
HOW_TO_READ_CONFIDENCE = (
    "Each word by where it stands; of the last four figures the lower is the better. The calibration error is how far "
    "confidence and truth lie apart on average; the Brier score also falls the better right words are told from wrong "
    "ones, and is 0.250 for always saying 0.50. Errors let through: the share of wrong words among those trusted, "
    "averaged over trusting few to trusting all, the surest first (the area under the risk-coverage curve)."
)


def _meaning(cards: Sequence[ConfidenceCard], labels: Labels) -> str:
    meant = [f"{percent(card.near_asked.seen)} with {labels[card.engine_id]}" for card in cards if card.near_asked]
    if not meant:
        return f"No engine says {ASKED:.2f} often enough to tell what that means."
    return (
        f"Where an engine says {ASKED:.2f} of a word, so many of these words are right on your pages: {listed(meant)}."
    )


def _confidence_row(card: ConfidenceCard, labels: Labels) -> tuple[str, ...]:
    return (
        labels[card.engine_id],
        f"{card.words:,}",
        f"{card.near_asked.seen:.2f} on your pages" if card.near_asked else "seldom said",
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
    return (
        f"With these engines {percent(found.share.middle)} of the words need no human [{_range(found.share)}]; "
        f"{percent(found.wrong.middle)} of those are wrong [{_range(found.wrong)}; asked for was at most {AT_MOST}]. "
        f"Per 1,000 pages {_about(words * (1 - found.share.middle))} words are to be reviewed and "
        f"{_about(words * let_through)} wrong ones let through."
    )


def _about(count: float) -> str:
    return f"about {float(f'{count:.2g}'):,.0f}" if count >= 10 else f"{count:,.0f}"


def _not_shown(checks: WordChecks) -> str:
    return (
        f"These {checks.pages} pages do not show that any of the words can go unchecked with at most {AT_MOST} of them "
        f"wrong: that takes at least {RULE_OF_THREE / TARGET:,.0f} words without an error, on at least {FEWEST_PAGES} "
        "pages, writers or documents."
    )


def _surest(checked: Checked) -> str:
    quarter, half, most = (percent(checked.curve.residual(share)) for share in (0.25, 0.5, 0.75))
    return (
        f"Of the surest quarter of the words {quarter} differ from the reference, of the surest half {half}, of the "
        f"surest three quarters {most}."
    )


def _critical(checked: Checked) -> str:
    found = checked.unread
    lead = f"Names, dates, amounts and numbers ({checked.words:,} words): "
    if found is None:
        return f"{lead}not shown by these pages. {_surest(checked)}"
    return (
        f"{lead}{percent(found.share.middle)} [{_range(found.share)}] need no human, {percent(found.wrong.middle)} of "
        f"those are wrong [{_range(found.wrong)}]."
    )


def _alike(checks: WordChecks) -> str:
    wrong = checks.words.wrong
    return (
        f"{checks.alike_and_wrong:,} of the {wrong:,} wrong words are wrong although all engines say the same: no "
        "comparison finds those, and some are mistakes of the reference. Words that no engine has are not counted here."
    )


def _range(estimate: Estimate) -> str:
    return f"{percent(estimate.low)} to {percent(estimate.high)}"


def _reviewing(said: Conclusion) -> list[Block]:
    if not said.reviews:
        return []
    best = cheapest(said.reviews, TARGET)
    assumed = (
        f"Assumed: {said.assumed.seconds_per_word_checked:g} s for each word looked at, ${said.assumed.hourly_rate:g} "
        "an hour. Looked at is every place at which those engines differ, and nothing else; a person who "
        "looks is taken to be right."
    )
    shown = list(dict.fromkeys([*([best] if best else []), *said.reviews]))[:TOLD]
    return [Text(_verdict(said, best)), _table(shown, said.labels), Text(assumed, "quiet")]


def _verdict(said: Conclusion, best: Review | None) -> str:
    """Whether two or three readers and a person where they differ pay, beside one whose whole text is corrected."""
    if best is None:
        nearest = min(said.reviews, key=lambda one: one.committee.wrong)
        return (
            f"No two or three of these engines leave at most {AT_MOST} of the words wrong when only their "
            f"disagreements are reviewed: {_names(nearest, said.labels)} leave the fewest, "
            f"{percent(nearest.committee.wrong)} ({between(nearest.committee.let_through_interval)})."
        )
    ours, whole, what = _compared(said, best)
    names, reach = _names(best, said.labels), f"labour ${best.low:.2f} to ${best.high:.2f}"
    stay = f"{percent(best.committee.wrong)} ({between(best.committee.let_through_interval)}) stay wrong"
    beside = (
        f" Correcting all that {said.labels[said.costs[0].engine_id]} reads costs {_usd(whole)}{what} a page."
        if said.costs
        else ""
    )
    if whole is not None and ours is not None and whole <= ours:
        return (
            f"Reviewing only where engines differ does not pay here: the cheapest that leave at most {AT_MOST} of the "
            f"words wrong are {names}, at {_usd(ours)}{what} a page ({reach}), and {stay}.{beside}"
        )
    return (
        f"The cheapest way to leave at most {AT_MOST} of the words wrong is to read with {names} and to review only "
        f"where they differ: {_usd(ours)}{what} a page ({reach}), and {stay}.{beside}"
    )


def _compared(said: Conclusion, best: Review) -> tuple[float | None, float | None, str]:
    """What a committee's page and the best engine's corrected page cost; the labour, where a price is not known."""
    alone = said.costs[0].page if said.costs else None
    if best.cost.total is None or (alone is not None and alone.total is None):
        return best.cost.labour, alone.labour if alone else None, " of labour"
    return best.cost.total, alone.total if alone else None, ""


def _table(shown: Sequence[Review], labels: Labels) -> Table:
    names = ("Read with", "Words looked at", "95 %", "Left wrong", "95 %", "Labour a page", "Together")
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
    return plain_table("Reader and checker: what a page costs", names, rows)


def _names(review: Review, labels: Labels) -> str:
    return listed([labels[engine_id] for engine_id in review.committee.engine_ids])


def _usd(amount: float | None) -> str:
    return "price unknown" if amount is None else f"${amount:.2f}"
