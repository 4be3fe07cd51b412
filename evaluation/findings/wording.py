"""Figures and findings in the words that the terminal, the memo and the screen share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, reduce

from engines.catalogue import is_brought
from engines.pricing import Free, Unknown, Usd, about_dollars, dollars, in_words
from evaluation.findings.changes import Change
from evaluation.findings.leaderboard import CanaryAnswer, Leaderboard, Pair, Row
from evaluation.findings.results import Bill
from evaluation.findings.statistics import SURE, Interval, Share
from metrics.critical_tokens import TokenKind
from metrics.error_rate import PageCost
from metrics.reference_free import CerEstimate
from playground.probes import Trap
from playground.together import LABEL, TOGETHER
from translations import N_, _, ngettext
from translations.wording import listed, percent

Labels = Mapping[str, str]
MOST_NAMED = 20


def in_units(words: str, unit: str) -> str:
    """Words of our own about pages, said of lines where lines were read; an item called "page-7" or "page 7" stays."""
    # Translators: what is read. The plural of each adds an n or an s; all three are of one gender, and begin alike.
    page, line, item = _("page|line|item").split("|")
    other = {"line": line, "item": item}.get(unit)
    if other is None:
        return words
    return _named(page).sub(lambda found: other.capitalize() if found[0][0].isupper() else other, words)


@cache
def _named(page: str) -> re.Pattern[str]:
    first, rest = page[0], page[1:]
    return re.compile(rf"(?<![\w./\\{{-])[{first.upper()}{first.lower()}]{rest}(?=[sn]?(?![\w./\\-]*\w|[ ]\d))")


def clauses(said: Sequence[str]) -> str:
    """Each makes sense alone; nothing where there is none."""
    return reduce(lambda before, one: _("{before}; {one}", before=before, one=one), said) if said else ""


def begun(words: str) -> str:
    """As they stand at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


CLUSTERS: Mapping[str, str] = {"writers": N_("writers"), "documents": N_("documents"), "pages": N_("pages")}


def clusters_in_words(clusters: str) -> str:
    """What intervals are over, as a leaderboard has it: "writers and pages"."""
    return listed([_(CLUSTERS[kind]) for kind in clusters.split(" and ")])


def clusters_counted(n: int, clusters: str) -> str:
    """So many of them; one alone is of one kind."""
    match clusters:
        case "writers":
            return ngettext("{n} writer", "{n} writers", n)
        case "documents":
            return ngettext("{n} document", "{n} documents", n)
        case "pages":
            return ngettext("{n} page", "{n} pages", n)
    return f"{n} {clusters_in_words(clusters)}"


def pair_sentence(pair: Pair, labels: Labels, unit: str = "page") -> str:
    """Whether two engines differ."""
    better, worse, gap = labels[pair.better], labels[pair.worse], f"{pair.difference * 100:.2f}"
    if pair.apart:
        said = _("{better} reads better than {worse} by {gap} points of CER on {pages} pages (p = {p}).")
        p_value = f"{pair.p_value:.3f}"
        return in_units(said, unit).format(better=better, worse=worse, gap=gap, pages=pair.pages, p=p_value)
    told = [
        in_units(_("{gap} points of CER on {pages} pages"), unit).format(gap=gap, pages=pair.pages),
        _("too few to tell, of this pair alone")
        if pair.sure is None
        else _("{sure} sure that {better} reads better, of this pair alone", sure=sureness(pair.sure), better=better),
        _("with all pairs tested at once (Holm) p = {p}", p=f"{pair.p_value:.2f}"),
        *_more(pair, unit),
    ]
    return _("{better} and {worse}: {said}.", better=better, worse=worse, said=clauses(told))


def _more(pair: Pair, unit: str) -> Iterator[str]:
    if pair.more_pages is None or (pair.sure or 0.0) > SURE:
        return
    if pair.more_pages > MOST_PAGES_ASKED_FOR:
        yield in_units(_("these two cannot be told apart on pages like these"), unit)
    else:
        yield in_units(_("about {more} more pages would show it"), unit).format(more=f"{pair.more_pages:,}")


MOST_PAGES_ASKED_FOR = 10_000


def sureness(probability: float) -> str:
    """In percent; beyond 95 nothing closer, since a page of a kind that none of these is may turn the order."""
    return _("over 95 %") if probability > SURE else f"{probability * 100:.0f} %"


def heavy_page_sentence(row: Row, label: str, unit: str = "page") -> str:
    """Which page makes most of an engine's errors, and what is left without it; nothing where there is none."""
    heavy = row.heavy_page
    if heavy is None:
        return ""
    known = heavy.cer_interval and heavy.cer_interval.high <= MOST_TOLD
    reach = f" ({between(heavy.cer_interval)})" if known else ""
    said = _(
        "{engine}: one page, {item}, makes {share} % of its errors. Without it {rate} of characters are wrong instead "
        "of {before}."
    )
    share, rate = f"{100 * heavy.share:.0f}", f"{percent(heavy.cer.rate)}{reach}"
    before = percent(row.cer.rate)
    return in_units(said, unit).format(engine=label, item=heavy.item_id, share=share, rate=rate, before=before)


def order_sentence(row: Row, label: str) -> str:
    """How many errors are only a matter of order; nothing where few are."""
    found = row.faithful
    if found is None:
        return ""
    told = []
    if found.lines_moved:
        read, otherwise = percent(found.as_read.rate), percent(found.any_order.rate)
        said = _("{rate} of characters are wrong, {other} if lines may stand in any order", rate=read, other=otherwise)
        told.append(said)
    if found.words_moved:
        read, otherwise = percent(found.words_as_read.rate), percent(found.bag_rate)
        told.append(_("{rate} of words are wrong, {other} if words may stand in any order", rate=read, other=otherwise))
    return _("{engine}: {said}.", engine=label, said=clauses(told)) if told else ""


_TRAPS: Mapping[Trap, str] = {
    "blank": N_("{engine} wrote where nothing is written: “{words}” ({item})."),
    "masked": N_("{engine} completed a word that was painted over: “{words}” ({item})."),
    "altered": N_("{engine} read a word where another one stands: “{words}” ({item})."),
}


def canary_sentence(answer: CanaryAnswer, label: str) -> str:
    """What an engine read that is not there."""
    said = " ".join(answer.words[:MOST_WORDS]) + (" \N{HORIZONTAL ELLIPSIS}" if len(answer.words) > MOST_WORDS else "")
    return _(_TRAPS[answer.trap], engine=label, words=said, item=answer.item_id)


MOST_WORDS = 12


def estimated(estimate: CerEstimate) -> str:
    """A CER that nobody counted, and where it lies with 90 % confidence."""
    rate, low, high = (round(100 * share) for share in (estimate.rate, estimate.low, estimate.high))
    return _("estimate {rate} % [{low}\N{EN DASH}{high}]", rate=rate, low=low, high=high)


def together_sentences(board: Leaderboard, labels: Labels) -> list[str]:
    """What is to be said of all engines together, and of figures that rest on no reference."""
    sentences = []
    if board.together:
        said = _(
            "{together} is voted from the readings of all {n} engines: its price is their sum, its time the slowest "
            "one's, and it takes no place among them.",
            together=_(LABEL),
            n=len(board.rows),
        )
        sentences.append(said)
        if pair := board.together.against_best:
            sentences.append(pair_sentence(pair, {**labels, TOGETHER: _(LABEL)}))
    if board.estimates:
        said = _(
            "An estimate is no count: no page has a reference. It comes from how far an engine is from what all say "
            "together, and lies in its interval with 90 % confidence. What all misread alike is seen by nobody."
        )
        sentences.append(said)
    return [*sentences, *([_(board.no_estimate)] if board.no_estimate else [])]


def change_sentence(change: Change, labels: Labels) -> str:
    """Whether an engine reads differently from the earlier run."""
    said = _(
        "{engine}: CER {before} then, {now} now on {pages} pages; {differing} pages have another number of errors.",
        engine=labels[change.engine_id],
        before=percent(change.before.rate),
        now=percent(change.now.rate),
        pages=change.pages,
        differing=change.pages_that_differ,
    )
    p_value = f"{change.p_value:.3f}"
    if change.changed:
        verdict = _("It has changed (p = {p}).", p=p_value)
    else:
        verdict = _("No change that chance would not make (p = {p}).", p=p_value)
    models = ", ".join(change.models_now)
    other = [_("The vendor reports another model: {models}.", models=models)] if change.model_changed else []
    return " ".join([said, verdict, *other])


MOST_TOLD = 3.0
"""Wider than this an interval comes from a handful of pages and says nothing."""


def between(interval: Interval | None) -> str:
    """An interval in percent, or that there are too few pages for one."""
    if interval is None:
        return _("n/a")
    if interval.high > MOST_TOLD:
        return _("too few pages to tell")
    return f"{interval.low * 100:.1f}\N{EN DASH}{interval.high * 100:.1f} %"


DASH = "\N{EN DASH}"
TOKEN_NAMES: Mapping[TokenKind, str] = {
    "name": N_("names"),
    "date": N_("dates"),
    "amount": N_("amounts"),
    "number": N_("numbers"),
}


def share_cell(share: Share | None) -> str:
    """How many of how many, and the interval of the share if there is one; a dash where nothing was looked at."""
    if share is None or not share.total:
        return DASH
    return _("{n} of {all}", n=f"{share.count:,}", all=f"{share.total:,}") + _reach(share.interval)


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
    price = in_words(row.price_per_1000)
    estimate = isinstance(row.price_per_1000, Usd) and not row.price_per_1000.measured
    return _("{price} est.", price=price) if estimate else price


def bill_sentences(bill: Bill) -> list[str]:
    """What was paid, and which calls may have been paid for nothing; nothing where no vendor was called."""
    said = [_("{n} paid calls: {usd}.", n=bill.answered_calls, usd=dollars(bill.answered_usd))]
    if bill.unknown_calls:
        said.append(
            _(
                "{n} calls went unanswered and may be billed: at most {usd}.",
                n=bill.unknown_calls,
                usd=dollars(bill.unknown_usd),
            )
        )
    if bill.lost_calls:
        said.append(
            _(
                "{n} calls were in flight when a worker died and may be billed: at most {usd}.",
                n=bill.lost_calls,
                usd=dollars(bill.lost_usd),
            )
        )
    return said if bill.answered_calls or len(said) > 1 else []


def correction_cells(cost: PageCost, pages_a_month: int) -> tuple[str, ...]:
    """Minutes, labour, engine, together and a month; what nobody can price is said to cost more than its labour."""
    engine = _("price unknown") if cost.engine is None else in_words(Usd(cost.engine) if cost.engine else Free())
    least = cost.labour + (cost.engine or 0.0)
    together = f"${least:,.2f}", f"${least * pages_a_month:,.0f}"
    if cost.total is None:
        together = _("more than {usd}", usd=together[0]), _("more than {usd}", usd=together[1])
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
    name, rate = labels[best.engine_id], percent(best.cer.rate)
    if not open_:
        return _("{engine} reads best: {rate} of characters wrong.", engine=name, rate=rate)
    told = [(one, probability) for one in open_ if (probability := sure.get(one)) is not None]
    if not told:
        said = _("{engine} is in front with {rate} of characters wrong; these pages cannot tell it from {rivals}.")
        rivals = listed([labels[one] for one in open_])
        return in_units(said, board.unit).format(engine=name, rate=rate, rivals=rivals)
    against = [_("{sure} against {engine}", sure=sureness(chance), engine=labels[one]) for one, chance in told]
    return _(
        "{engine} is in front with {rate} of characters wrong, but not for sure: {against}.",
        engine=name,
        rate=rate,
        against=listed(against),
    )


def turned_sentences(pages: Sequence[tuple[str, int]]) -> list[str]:
    """Which pages were turned before they were read, by their degrees; nothing as a rule."""
    if not pages:
        return []
    named = [_("{page} by {degrees}°", page=name, degrees=degrees) for name, degrees in pages[:MOST_NAMED]]
    more = [_("{n} more", n=len(pages) - MOST_NAMED)] if len(pages) > MOST_NAMED else []
    said = ngettext(
        "{n} page that certainly lay wrong was turned clockwise before any engine read: {pages}.",
        "{n} pages that certainly lay wrong were turned clockwise before any engine read: {pages}.",
        len(pages),
        pages=listed([*named, *more]),
    )
    return [said]


def duration(seconds: float) -> str:
    """A span of time to two digits, which is more than anybody knows beforehand."""
    if seconds < 90:
        return f"{_two_digits(seconds)} s"
    if seconds < 5400:
        return f"{_two_digits(seconds / 60)} min"
    hours = seconds / 3600
    return f"{_two_digits(hours)} h" if hours < 72 else _("{n} days", n=_two_digits(hours / 24))


def _two_digits(number: float) -> str:
    return f"{number:.1f}" if number < 9.95 else f"{float(f'{number:.2g}'):.0f}"
