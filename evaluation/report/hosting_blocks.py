"""What memo and screen say of how long a month takes, and of local engines on a machine that somebody pays for."""

from __future__ import annotations

from collections.abc import Iterator

from engines.contract import Pace
from engines.pricing import dollars
from evaluation.findings.conclusion import Conclusion
from evaluation.findings.total_cost import HOURS_A_MONTH, BreakEven, Hosting, Throughput, TotalCost
from evaluation.findings.wording import duration, in_units
from evaluation.report.memo import Block, Heading, Points, Text, plain_table
from evaluation.report.plots import MonthlyCost, MonthPoint, monthly_costs
from translations import _
from translations.wording import in_seconds

STEPS = 60


def hosting_blocks(said: Conclusion) -> list[Block]:
    """What each local engine costs there, and from how many pages a month that is less; nothing without a machine."""
    if not said.hostings:
        return []
    machine, pages = said.hostings[0].machine, said.needs.pages_a_month
    unit = said.board.unit
    assumed = in_units(
        _(
            "Assumed: {machine} at {usd} an hour, kept on all month ({hours} hours, {month}), as fast as the machine "
            "of this run, one page after the other."
        ),
        unit,
    ).format(
        machine=_(machine.name),
        usd=dollars(machine.usd_per_hour),
        hours=HOURS_A_MONTH,
        month=dollars(machine.usd_a_month),
    )
    rows = [
        (
            said.labels[one.engine_id],
            f"{one.pages_an_hour:,.0f}",
            dollars(one.usd_busy),
            dollars(one.usd_a_month(pages)),
        )
        for one in said.hostings
    ]
    heads = _("Pages an hour"), _("A page, if it never waits")
    names = (_("Engine"), *(in_units(head, unit) for head in heads), _("{n} a month", n=f"{pages:,}"))
    title = _("Local engines on a machine that you pay for")
    points = tuple(_sentence(one, said) for one in said.break_evens)
    picture = monthly_costs(list(_curves(said)))
    return [
        Heading(title),
        Text(assumed, "quiet"),
        plain_table(title, names, rows),
        *([Points(points, _("When does it pay?"))] if points else []),
        *([picture] if picture else []),
    ]


def throughput_blocks(said: Conclusion) -> list[Block]:
    """How long a month's pages take with each engine that was timed, and what its vendor lets a new account ask."""
    if not said.throughputs:
        return []
    unit, pages = said.board.unit, said.needs.pages_a_month
    rows = [
        (
            said.labels[one.engine_id],
            in_seconds(one.seconds),
            str(one.at_once),
            f"{one.pages_an_hour:,.0f}",
            duration(3600 * pages / one.pages_an_hour),
        )
        for one in said.throughputs
    ]
    heads = _("Seconds a page"), _("At once"), _("Pages an hour"), _("{n} pages take")
    names = (_("Engine"), *(in_units(head, unit).format(n=f"{pages:,}") for head in heads))
    title = in_units(_("How long {n} pages take"), unit).format(n=f"{pages:,}")
    paces = [(one, one.pace) for one in said.throughputs if one.pace]
    points = tuple(
        _("{lead}: {said}", lead=said.labels[one.engine_id], said=_pace_sentence(one, pace)) for one, pace in paces
    )
    assumed = _(
        "From the median seconds of this run, and from how many a vendor is asked for at once; an engine here reads "
        "one by one."
    )
    limits = [Points(points, _("What vendors let a new account ask"))] if points else []
    return [Heading(title), Text(assumed, "quiet"), plain_table(title, names, rows), *limits]


def _pace_sentence(one: Throughput, pace: Pace) -> str:
    pace = pace.said()
    words = pace.words
    if pace.only_if:
        words = _("{said}, if {condition}", said=words, condition=pace.only_if)
    said = _("{said} ({source}, read {date}).", said=words, source=pace.source, date=pace.as_of)
    if one.pages_an_hour < one.measured_an_hour:
        said = f"{said} {_('That is what holds it up in the table.')}"
    return said


def _sentence(one: BreakEven, said: Conclusion) -> str:
    ours, theirs, unit = said.labels[one.hosted], said.labels[one.rival], said.board.unit
    if one.pages is None:
        never = in_units(
            _("{engine} there never costs less in the end than {other}, whatever the number of pages."), unit
        )
        return never.format(engine=ours, other=theirs)
    low = f"{one.low:,.0f}" if one.low is not None else _("never")
    high = f"{one.high:,.0f}" if one.high is not None else _("never")
    from_then = _(
        "{engine} there costs less in the end than {other} from {pages} pages a month on, correction included (band: "
        "{low} to {high})."
    )
    pages = f"{one.pages:,.0f}"
    return in_units(from_then, unit).format(engine=ours, other=theirs, pages=pages, low=low, high=high)


def _curves(said: Conclusion) -> Iterator[MonthlyCost]:
    """The best hosted engine and the vendor's that costs least in the end."""
    if not said.break_evens:
        return
    first, costs = said.break_evens[0], {cost.engine_id: cost for cost in said.costs}
    hosting = next(one for one in said.hostings if one.engine_id == first.hosted)
    end = 2 * max(said.needs.pages_a_month, first.pages or 0)
    places = [end * step / STEPS for step in range(STEPS + 1)]
    share = hosting.usd_a_month(said.needs.pages_a_month) / said.needs.pages_a_month
    yield MonthlyCost(said.labels[first.hosted], _points(places, costs[first.hosted], share, hosting))
    yield MonthlyCost(said.labels[first.rival], _points(places, costs[first.rival], 0.0, None))


def _points(places: list[float], cost: TotalCost, share: float, hosting: Hosting | None) -> tuple[MonthPoint, ...]:
    """`share` is what of the cost is the machine's and comes in whole machines instead."""
    ends = (cost.interval.low, cost.interval.high) if cost.interval else (cost.known, cost.known)
    low, likely, high = (max(0.0, usd - share) for usd in (ends[0], cost.known, ends[1]))
    fixed = [hosting.usd_a_month(pages) if hosting else 0.0 for pages in places]
    return tuple(
        (pages, machine + pages * low, machine + pages * likely, machine + pages * high)
        for pages, machine in zip(places, fixed, strict=True)
    )
