"""Figures and findings in the words that the terminal, the memo and the screen share."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from engines.catalogue import is_brought
from engines.pricing import Free, Unknown, Usd, about_dollars, dollars, in_words
from evaluation.findings.canaries import CanaryAnswer
from evaluation.findings.changes import Change
from evaluation.findings.leaderboard import Leaderboard, Pair, Row
from evaluation.findings.results import Bill
from evaluation.findings.statistics import SURE, Interval, Share
from metrics.correction_cost import PageCost
from metrics.critical_tokens import TokenKind
from metrics.reference_free import CerEstimate
from metrics.wording import listed, percent
from playground.probes import Trap
from playground.together import LABEL, TOGETHER

Labels = Mapping[str, str]
MOST_NAMED = 20


def in_units(words: str, unit: str) -> str:
    """Words of our own about pages, said of lines where lines were read; an item called "page-7" or "page 7" stays."""
    if unit == "page":
        return words
    return _PAGE.sub(lambda page: unit.capitalize() if page[0][0] == "P" else unit, words)


_PAGE = re.compile(r"(?<![\w./\\-])[Pp]age(?=s?(?![\w./\\-]*\w|[ ]\d))")


def pair_sentence(pair: Pair, labels: Labels, unit: str = "page") -> str:
    """Whether two engines differ."""
    better, worse = labels[pair.better], labels[pair.worse]
    gap = f"{pair.difference * 100:.2f} points of CER on {pair.pages} {unit}s"
    if pair.apart:
        return f"{better} reads better than {worse} by {gap} (p = {pair.p_value:.3f})."
    sure = "too few to tell" if pair.sure is None else f"{sureness(pair.sure)} sure that {better} reads better"
    all_pairs = f"with all pairs tested at once (Holm) p = {pair.p_value:.2f}"
    return f"{better} and {worse}: {gap}; {sure}, of this pair alone; {all_pairs}{_more(pair, unit)}."


def _more(pair: Pair, unit: str) -> str:
    if pair.more_pages is None or (pair.sure or 0.0) > SURE:
        return ""
    if pair.more_pages > MOST_PAGES_ASKED_FOR:
        return f"; these two cannot be told apart on {unit}s like these"
    return f"; about {pair.more_pages:,} more {unit}s would show it"


MOST_PAGES_ASKED_FOR = 10_000


def sureness(probability: float) -> str:
    """In percent; beyond 95 nothing closer, since a page of a kind that none of these is may turn the order."""
    return "over 95 %" if probability > SURE else f"{probability * 100:.0f} %"


def heavy_page_sentence(row: Row, label: str, unit: str = "page") -> str:
    """Which page makes most of an engine's errors, and what is left without it; nothing where there is none."""
    heavy = row.heavy_page
    if heavy is None:
        return ""
    known = heavy.cer_interval and heavy.cer_interval.high <= MOST_TOLD
    reach = f" ({between(heavy.cer_interval)})" if known else ""
    return (
        f"{label}: one {unit}, {heavy.item_id}, makes {100 * heavy.share:.0f} % of its errors. Without it "
        f"{percent(heavy.cer.rate)}{reach} of characters are wrong instead of {percent(row.cer.rate)}."
    )


def order_sentence(row: Row, label: str) -> str:
    """How many errors are only a matter of order; nothing where few are."""
    found = row.faithful
    if found is None:
        return ""
    said = []
    if found.lines_moved:
        rates = percent(found.as_read.rate), percent(found.any_order.rate)
        said.append(f"{rates[0]} of characters are wrong, {rates[1]} if lines may stand in any order")
    if found.words_moved:
        rates = percent(found.words_as_read.rate), percent(found.bag_rate)
        said.append(f"{rates[0]} of words are wrong, {rates[1]} if words may stand in any order")
    return f"{label}: {'; '.join(said)}." if said else ""


_TRAPS: Mapping[Trap, str] = {
    "blank": "wrote where nothing is written",
    "masked": "completed a word that was painted over",
    "altered": "read a word where another one stands",
}


def canary_sentence(answer: CanaryAnswer, label: str) -> str:
    """What an engine read that is not there."""
    said = " ".join(answer.words[:MOST_WORDS]) + (" \N{HORIZONTAL ELLIPSIS}" if len(answer.words) > MOST_WORDS else "")
    return f"{label} {_TRAPS[answer.trap]}: “{said}” ({answer.item_id})."


MOST_WORDS = 12


def estimated(estimate: CerEstimate) -> str:
    """A CER that nobody counted, and where it lies with 90 % confidence."""
    rate, low, high = (round(100 * share) for share in (estimate.rate, estimate.low, estimate.high))
    return f"estimate {rate} % [{low}\N{EN DASH}{high}]"


def together_sentences(board: Leaderboard, labels: Labels) -> list[str]:
    """What is to be said of all engines together, and of figures that rest on no reference."""
    sentences = []
    if board.together:
        sentences.append(
            f"{LABEL} is voted from the readings of all {len(board.rows)} engines: its price is their sum, its time "
            "the slowest one's, and it takes no place among them."
        )
        if pair := board.together.against_best:
            sentences.append(pair_sentence(pair, {**labels, TOGETHER: LABEL}))
    if board.estimates:
        sentences.append(
            "An estimate is no count: no page has a reference. It comes from how far an engine is from what all say "
            "together, and lies in its interval with 90 % confidence. What all misread alike is seen by nobody."
        )
    return [*sentences, *([board.no_estimate] if board.no_estimate else [])]


def change_sentence(change: Change, labels: Labels) -> str:
    """Whether an engine reads differently from the earlier run."""
    rates = f"CER {percent(change.before.rate)} then, {percent(change.now.rate)} now on {change.pages} pages"
    verdict = "It has changed" if change.changed else "No change that chance would not make"
    models = f" The vendor reports another model: {', '.join(change.models_now)}." if change.model_changed else ""
    differ = f"{change.pages_that_differ} pages have another number of errors"
    return f"{labels[change.engine_id]}: {rates}; {differ}. {verdict} (p = {change.p_value:.3f}).{models}"


MOST_TOLD = 3.0
"""Wider than this an interval comes from a handful of pages and says nothing."""


def between(interval: Interval | None) -> str:
    """An interval in percent, or that there are too few pages for one."""
    if interval is None:
        return "n/a"
    if interval.high > MOST_TOLD:
        return "too few pages to tell"
    return f"{interval.low * 100:.1f}\N{EN DASH}{interval.high * 100:.1f} %"


DASH = "\N{EN DASH}"
TOKEN_NAMES: Mapping[TokenKind, str] = {"name": "names", "date": "dates", "amount": "amounts", "number": "numbers"}


def share_cell(share: Share | None) -> str:
    """How many of how many, and the interval of the share if there is one; a dash where nothing was looked at."""
    if share is None or not share.total:
        return DASH
    return f"{share.count:,} of {share.total:,}{_reach(share.interval)}"


def _reach(interval: Interval | None) -> str:
    """Of a share: in whole percent, but where nearly all are right, with a tenth."""
    if interval is None:
        return ""
    digits = 1 if interval.low > NEARLY_ALL else 0
    return f" [{interval.low * 100:.{digits}f}\N{EN DASH}{interval.high * 100:.{digits}f} %]"


NEARLY_ALL = 0.9


def between_dollars(interval: Interval) -> str:
    """An interval of dollars, to two digits."""
    return f"{about_dollars(interval.low)}\N{EN DASH}{about_dollars(interval.high)}"


def price_of(row: Row) -> str:
    """What a thousand pages cost; a dash for readings from elsewhere that came without a price."""
    if is_brought(row.engine_id) and isinstance(row.price_per_1000, Unknown):
        return DASH
    estimate = isinstance(row.price_per_1000, Usd) and not row.price_per_1000.measured
    return in_words(row.price_per_1000) + (" est." if estimate else "")


def bill_sentences(bill: Bill) -> list[str]:
    """What was paid, and which calls may have been paid for nothing; nothing where no vendor was called."""
    unsure = (
        (bill.unknown_calls, bill.unknown_usd, "went unanswered"),
        (bill.lost_calls, bill.lost_usd, "were in flight when a worker died"),
    )
    paid = [f"{bill.answered_calls} paid calls: {dollars(bill.answered_usd)}."]
    more = [f"{n} calls {what} and may be billed: at most {dollars(usd)}." for n, usd, what in unsure if n]
    return [*paid, *more] if bill.answered_calls or more else []


def correction_cells(cost: PageCost, pages_a_month: int) -> tuple[str, ...]:
    """Minutes, labour, engine, together and a month; what nobody can price is said to cost more than its labour."""
    engine = "price unknown" if cost.engine is None else in_words(Usd(cost.engine) if cost.engine else Free())
    least, more = cost.labour + (cost.engine or 0.0), "more than " if cost.total is None else ""
    together = f"{more}${least:,.2f}", f"{more}${least * pages_a_month:,.0f}"
    return f"{cost.minutes:.1f}", f"${cost.labour:,.2f}", engine, *together


def verdict(board: Leaderboard, labels: Labels) -> str:
    """Who reads best, as far as the pages show it; nothing where no page was scored."""
    ranked = [row for row in board.rows if row.cer.rate is not None]
    if not ranked:
        return ""
    best, *others = ranked
    sure = {pair.worse: pair.sure for pair in board.pairs if pair.better == best.engine_id}
    shown = {pair.worse for pair in board.pairs if pair.better == best.engine_id and pair.surely}
    open_ = [row.engine_id for row in others if row.engine_id not in shown]
    name, rate = labels[best.engine_id], f"{percent(best.cer.rate)} of characters wrong"
    if not open_:
        return f"{name} reads best: {rate}."
    told = [(one, probability) for one in open_ if (probability := sure.get(one)) is not None]
    if not told:
        rivals = listed([labels[one] for one in open_])
        return f"{name} is in front with {rate}; these {board.unit}s cannot tell it from {rivals}."
    against = listed([f"{sureness(probability)} against {labels[one]}" for one, probability in told])
    return f"{name} is in front with {rate}, but not for sure: {against}."


def turned_sentences(pages: Sequence[tuple[str, int]]) -> list[str]:
    """Which pages were turned before they were read, by their degrees; nothing as a rule."""
    named = [f"{name} by {degrees}°" for name, degrees in pages[:MOST_NAMED]]
    more = [f"{len(pages) - MOST_NAMED} more"] if len(pages) > MOST_NAMED else []
    told = (
        "1 page that certainly lay wrong was"
        if len(pages) == 1
        else f"{len(pages)} pages that certainly lay wrong were"
    )
    return [f"{told} turned clockwise before any engine read: {listed([*named, *more])}."] if pages else []


def duration(seconds: float) -> str:
    """A span of time to two digits, which is more than anybody knows beforehand."""
    if seconds < 90:
        return f"{_two_digits(seconds)} s"
    if seconds < 5400:
        return f"{_two_digits(seconds / 60)} min"
    hours = seconds / 3600
    return f"{_two_digits(hours)} h" if hours < 72 else f"{_two_digits(hours / 24)} days"


def _two_digits(number: float) -> str:
    return f"{number:.1f}" if number < 9.95 else f"{float(f'{number:.2g}'):.0f}"
