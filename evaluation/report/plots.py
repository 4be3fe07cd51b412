"""Pictures of a run as shapes in pixels, and as SVG. Computes no statistics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import ceil, floor, log10
from pathlib import Path
from statistics import median

from jinja2 import Environment
from markupsafe import Markup

from engines.pricing import Unknown, in_words
from evaluation.findings.analysis import Distribution, ErrorClasses, Stretch
from evaluation.findings.leaderboard import Leaderboard, Row
from evaluation.findings.together import ConfidenceCard
from evaluation.findings.wording import in_units
from metrics.comparing_texts import ERROR_CLASSES, ErrorClass
from metrics.coverage import Curve
from translations import _
from translations.templates import templates_in

INK = "#2a3b8f"
WIDTH, LEFT, RIGHT, TOP, ROW = 720, 190, 60, 34, 34
AXIS = 64
"""Left of the drawing where its rows have no names: room for the figures of the axis."""
LONGEST_NAME = 22
MOST_UNPRICED = 2
PALE, MID, BAD = "#dfe3f5", "#8d97cf", "#b3261e"
CLASS_COLOURS: Mapping[ErrorClass, str] = dict(
    zip(
        ERROR_CLASSES,
        ("#332288", "#88ccee", "#44aa99", "#117733", "#999933", "#cc6677", "#882255", "#aa4499"),
        strict=True,
    )
)  # Tol's muted palette, told apart by colour-blind readers

Labels = Mapping[str, str]
Place = Callable[[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a place; `anchor` as in SVG."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    colour: str = "#333333"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `title` is what it stands for."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = "#bbbbbb"
    width: float = 1


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    colour: str = INK
    title: str = ""


Shape = Label | Box | Line | Dot


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes in drawing order; `title` says in one sentence what is to be seen."""

    title: str
    height: float
    shapes: tuple[Shape, ...]
    width: float = 720


def cost_against_cer(board: Leaderboard, labels: Labels) -> Picture | None:
    """Every engine as a point with its interval: lower left is better. None if none has a price above nothing.

    An engine whose price is unknown has no place here; it is named below.
    """
    scored = [row for row in board.rows if row.cer.rate is not None]
    points = [(row, row.price_per_1000.usd) for row in scored if not isinstance(row.price_per_1000, Unknown)]
    if not any(usd for _row, usd in points):
        return None
    height, bottom = 380.0, 330.0
    across = _scale([usd for _row, usd in points])
    up = _scale([min(1.5, rate) * 100 for row, _usd in points for rate in _told_rates(row)])

    def place(usd: float, cer: float) -> tuple[float, float]:
        return AXIS + across.share(usd) * (WIDTH - AXIS - RIGHT), bottom - up.share(cer * 100) * (bottom - TOP)

    shapes: list[Shape] = [
        Label(AXIS, 18, _("CER in %, lower is better")),
        Label(WIDTH - RIGHT, height - 8, in_units(_("US dollars per 1,000 pages"), board.unit), "end"),
    ]
    for tick in up.ticks:
        y = place(0, tick / 100)[1]
        shapes += [Line(AXIS, y, WIDTH - RIGHT, y, "#e6e6e6"), Label(AXIS - 8, y + 4, f"{tick:g}", "end")]
    for tick in across.ticks:
        x = place(tick, 0)[0]
        shapes += [Line(x, bottom, x, bottom + 4), Label(x, bottom + 18, f"{tick:g}", "middle")]
    lowest_label = 0.0
    for row, usd in sorted(points, key=lambda point: -(point[0].cer.rate or 0)):
        x, y = place(usd, row.cer.rate or 0)
        lowest_label = max(y + 4, lowest_label + 15)  # names that would lie on each other go below each other
        shapes += _engine_point(row, (x, y), place, best=_is_best_buy((row, usd), points))
        # On the side with more room, as a name may be as long as half the picture.
        aside, anchor = (-10, "end") if x > WIDTH / 2 else (10, "start")
        shapes.append(Label(x + aside, lowest_label, _short(labels[row.engine_id]), anchor))
    if unpriced := [labels[row.engine_id] for row in scored if isinstance(row.price_per_1000, Unknown)]:
        named, others = ", ".join(map(_short, unpriced[:MOST_UNPRICED])), len(unpriced) - MOST_UNPRICED
        told = (
            _("Price unknown: {engines} and {n} more", engines=named, n=others)
            if others > 0
            else _("Price unknown: {engines}", engines=named)
        )
        shapes.append(Label(AXIS, height + 10, told))
        height += 18
    return Picture(_("Cost against character error rate, with 95 % intervals"), height, tuple(shapes))


def spread_of_pages(distributions: Sequence[Distribution], labels: Labels) -> Picture | None:
    """For each engine: from the best to the worst tenth of its pages, the middle half thick, the median marked."""
    if not distributions:
        return None
    scale = _scale([min(1.5, rate) * 100 for found in distributions for rate in (found.median, found.p90)])

    def x_of(rate: float) -> float:
        return LEFT + scale.share(rate * 100) * (WIDTH - LEFT - RIGHT)

    shapes, bottom = _rows_frame([labels[found.engine_id] for found in distributions])
    for tick in scale.ticks:
        x = x_of(tick / 100)
        shapes += [Line(x, TOP - 8, x, bottom, "#e6e6e6"), Label(x, bottom + 16, f"{tick:g} %", "middle")]
    for number, found in enumerate(distributions):
        y = TOP + number * ROW + ROW / 2
        title = _(
            "median {median}, middle half {low} to {high}",
            median=f"{found.median:.1%}",
            low=f"{found.p25:.1%}",
            high=f"{found.p75:.1%}",
        )
        shapes += [
            Line(x_of(found.p10), y, x_of(found.p90), y, MID, 2),
            Box(x_of(found.p25), y - 7, max(1, x_of(found.p75) - x_of(found.p25)), 14, MID, title),
            Box(x_of(found.median) - 1.5, y - 10, 3, 20, INK, title),
        ]
    return Picture(_("Character error rate of single pages"), bottom + 30, tuple(shapes))


def kinds_of_error(classes: Sequence[ErrorClasses], labels: Labels) -> Picture | None:
    """A bar for each engine, cut by kind of error, in errors per thousand characters."""
    if not classes:
        return None
    totals = [sum(found.per_thousand(kind) for kind in ERROR_CLASSES) for found in classes]
    flattened = [total for total in totals if total <= FLATTENS * median(totals)]
    scale = (WIDTH - LEFT - RIGHT) / (max(flattened, default=0) or max(totals) or 1)
    shapes, bottom = _rows_frame([labels[found.engine_id] for found in classes])
    for number, found in enumerate(classes):
        x, y = float(LEFT), TOP + number * ROW + 7.0
        for kind in ERROR_CLASSES:
            width = min(found.per_thousand(kind) * scale, WIDTH - RIGHT - x)
            many = f"{found.per_thousand(kind):.1f}"
            title = _("{kind}: {n} in 1,000", kind=_(kind), n=many)
            shapes.append(Box(x, y, width, 20, CLASS_COLOURS[kind], title))
            x += width
        shapes.append(Label(x + 6, y + 15, f"{totals[number]:.0f}"))
    for number, kind in enumerate(ERROR_CLASSES):
        left, base = LEFT + (number % 4) * 125, bottom + 14 + (number // 4) * 20
        shapes += [Box(left, base - 10, 12, 12, CLASS_COLOURS[kind]), Label(left + 17, base, _(kind))]
    return Picture(_("Errors per 1,000 characters, by kind"), bottom + 50, tuple(shapes))


def reliability(stretches: Sequence[Stretch], labels: Labels) -> Picture | None:
    """Each engine's run from first to last page in ten stretches; the red part of a stretch gave no reading."""
    engines = list(dict.fromkeys(found.engine_id for found in stretches))
    if not engines:
        return None
    shapes, bottom = _rows_frame([labels[engine_id] for engine_id in engines])
    for found in stretches:
        count = sum(one.engine_id == found.engine_id for one in stretches)
        step = (WIDTH - LEFT - RIGHT) / count
        x, y = LEFT + found.number * step, TOP + engines.index(found.engine_id) * ROW + 5
        share = found.failed / found.readings if found.readings else 0.0
        title = _("{n} of {all} without a reading", n=found.failed, all=found.readings)
        shapes += [
            Box(x, y, step - 2, 24, PALE, title),
            Box(x, y + 24 * (1 - share), step - 2, 24 * share, BAD, title),
        ]
        if found.seconds_median is not None:
            shapes.append(Label(x + step / 2 - 1, y + 16, f"{found.seconds_median:.1f} s", "middle"))
    return Picture(_("Median seconds in ten stretches of the run; red: no reading"), bottom + 6, tuple(shapes))


def errors_let_through(curves: Sequence[tuple[str, Curve]], target: float) -> Picture:
    """Coverage against residual error: the further right a line stays below the target's, the fewer words to check."""
    height, bottom = 300.0, 250.0
    up = _ticks(100 * max(target, *(max(curve.wrong) for _name, curve in curves)))

    def place(coverage: float, wrong: float) -> tuple[float, float]:
        return AXIS + coverage * (WIDTH - AXIS - RIGHT), bottom - min(1.0, wrong * 100 / up[-1]) * (bottom - TOP)

    shapes: list[Shape] = [
        Label(AXIS, 18, _("% of the words not looked at that are wrong")),
        Label(WIDTH - RIGHT, height - 8, _("% of the words not looked at, the surest first"), "end"),
    ]
    for tick in up:
        y = place(0, tick / 100)[1]
        shapes += [Line(AXIS, y, WIDTH - RIGHT, y, "#e6e6e6"), Label(AXIS - 8, y + 4, f"{tick:g}", "end")]
    for tick in range(0, 101, 20):
        shapes.append(Label(place(tick / 100, 0)[0], bottom + 18, str(tick), "middle"))
    shapes.append(Line(*place(0, target), *place(1, target), BAD))
    for (name, curve), colour in zip(curves, (INK, CLASS_COLOURS[ERROR_CLASSES[5]]), strict=False):
        points = [place(*point) for point in zip(curve.coverage, curve.wrong, strict=True)]
        shapes += [Line(*one, *other, colour, 2) for one, other in pairwise(points)]
        shapes += [Dot(*points[-1], 4, colour, name), Label(points[-1][0] - 8, points[-1][1] - 8, name, "end")]
    title = _("Errors let through by words not looked at; red: {share} %", share=f"{100 * target:g}")
    return Picture(title, height, tuple(shapes))


def confidence_against_truth(cards: Sequence[ConfidenceCard], labels: Labels) -> Picture | None:
    """Reliability: on the grey line words are right as often as their engine says; below it the engine boasts."""
    if not cards:
        return None
    height, bottom = 380.0, 330.0

    def place(said: float, right: float) -> tuple[float, float]:
        return AXIS + said * (WIDTH - AXIS - RIGHT), bottom - right * (bottom - TOP)

    shapes: list[Shape] = [
        Label(AXIS, 18, _("% of the words right")),
        Label(WIDTH - RIGHT, height - 8, _("confidence of the engine in %"), "end"),
        Line(*place(0, 0), *place(1, 1), MID),
    ]
    for tick in range(0, 101, 20):
        x, y = place(tick / 100, tick / 100)
        shapes += [Label(x, bottom + 18, str(tick), "middle"), Label(AXIS - 8, y + 4, str(tick), "end")]
    colours = [CLASS_COLOURS[kind] for kind in ERROR_CLASSES]
    for number, card in enumerate(cards):
        colour, name = colours[number % len(colours)], labels[card.engine_id]
        points = [(one, place(one.said, one.seen)) for one in card.calibration.bins]
        shapes += [Line(*one, *other, colour, 2) for (_bin, one), (_next, other) in pairwise(points)]
        for one, (x, y) in points:
            title = _(
                "{engine}: {said} said, {right} right, {n} words",
                engine=name,
                said=f"{one.said:.2f}",
                right=f"{one.seen:.2f}",
                n=one.count,
            )
            shapes.append(Dot(x, y, 4, colour, title))
        shapes += [Dot(AXIS + 14, TOP + 10 + 18 * number, 4, colour), Label(AXIS + 24, TOP + 14 + 18 * number, name)]
    return Picture(_("What engines say of their words, and how often these are right"), height, tuple(shapes))


MonthPoint = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MonthlyCost:
    """What an engine costs by pages a month: pages, then dollars at least, likely, at most."""

    name: str
    points: tuple[MonthPoint, ...]


def monthly_costs(curves: Sequence[MonthlyCost]) -> Picture | None:
    """Lines over pages a month, pale ones the ends of the 95 % intervals; None where there is nothing to compare."""
    if len(curves) < 2:
        return None
    height, bottom = 320.0, 270.0
    points = [point for curve in curves for point in curve.points]
    across, up = _ticks(max(point[0] for point in points)), _ticks(max(point[3] for point in points))

    def place(pages: float, usd: float) -> tuple[float, float]:
        return AXIS + pages / across[-1] * (WIDTH - AXIS - RIGHT), bottom - usd / up[-1] * (bottom - TOP)

    shapes: list[Shape] = [
        Label(AXIS, 18, _("dollars a month, correction included")),
        Label(WIDTH - RIGHT, height - 8, _("pages a month"), "end"),
    ]
    for tick in up:
        y = place(0, tick)[1]
        shapes += [Line(AXIS, y, WIDTH - RIGHT, y, "#e6e6e6"), Label(AXIS - 8, y + 4, f"{tick:,.0f}", "end")]
    shapes += [Label(place(tick, 0)[0], bottom + 18, f"{tick:,.0f}", "middle") for tick in across]
    for number, (curve, colour) in enumerate(zip(curves, (INK, BAD), strict=False)):
        for end, drawn, width in ((1, MID, 1), (3, MID, 1), (2, colour, 2)):
            line = [place(point[0], point[end]) for point in curve.points]
            shapes += [Line(*one, *other, drawn, width) for one, other in pairwise(line)]
        shapes += [
            Dot(AXIS + 14, TOP + 10 + 18 * number, 4, colour),
            Label(AXIS + 24, TOP + 14 + 18 * number, curve.name),
        ]
    title = _("A month with a machine of your own and with a vendor; pale: 95 % intervals")
    return Picture(title, height, tuple(shapes))


def _short(name: str) -> str:
    """A name that fits beside its row; both of its ends tell engines of one family apart."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME // 2]}…{name[1 - LONGEST_NAME // 2 :]}"


def _rows_frame(names: Sequence[str]) -> tuple[list[Shape], float]:
    shapes: list[Shape] = [
        Label(LEFT - 10, TOP + number * ROW + ROW / 2 + 4, _short(name), "end") for number, name in enumerate(names)
    ]
    return shapes, TOP + len(names) * ROW


def _engine_point(row: Row, at: tuple[float, float], place: Place, *, best: bool) -> list[Shape]:
    x, y = at
    shapes: list[Shape] = []
    if row.cer_interval:
        ends = [place(0, edge)[1] for edge in (row.cer_interval.low, row.cer_interval.high)]
        shapes.append(Line(x, ends[0], x, ends[1], MID, 2))
    rate, price = f"{(row.cer.rate or 0) * 100:.1f}", in_words(row.price_per_1000)
    title = _("CER {rate} %, {price} per 1,000", rate=rate, price=price)
    return [*shapes, Dot(x, y, 6 if best else 4, INK if best else MID, title)]


def _is_best_buy(point: tuple[Row, float], points: Sequence[tuple[Row, float]]) -> bool:
    """Whether no engine is both cheaper and better."""
    row, price = point
    return not any(usd <= price and (other.cer.rate or 0.0) < (row.cer.rate or 0.0) for other, usd in points)


FLATTENS = 8
"""A value beyond so many times the middle one would press the others together on an axis of equal steps."""
MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from its first to its last tick, in equal steps or, `by_powers`, in equal ratios."""

    ticks: tuple[float, ...]
    by_powers: bool = False

    def share(self, value: float) -> float:
        """How far along the axis a value stands, from 0 to 1; what lies beyond stands at the end."""
        low, high = self.ticks[0], self.ticks[-1]
        value = min(max(value, low), high)
        return log10(value / low) / log10(high / low) if self.by_powers else (value - low) / (high - low)


def _scale(values: Sequence[float]) -> Scale:
    """Equal steps from nothing; equal ratios where one value would press the others together."""
    if min(values) <= 0 or max(values) <= FLATTENS * median(values):
        return Scale(tuple(_ticks(max(values) or 1)))
    first, last = floor(log10(min(values))), ceil(log10(max(values)))
    powers = [10.0**power for power in range(first, last + 1)]
    between = [factor * power for power in powers[:-1] for factor in (1, 2, 5)] + powers[-1:]
    low = max(tick for tick in between if tick <= min(values))
    high = min(tick for tick in between if tick >= max(values))
    ticks = tuple(tick for tick in between if low <= tick <= high)
    return Scale(ticks if len(ticks) <= MOST_TICKS else tuple(powers), by_powers=True)


def _told_rates(row: Row) -> tuple[float, ...]:
    rate = row.cer.rate or 0.0
    return (rate, row.cer_interval.high) if row.cer_interval else (rate,)


def _ticks(most: float) -> list[float]:
    """Round numbers from 0 to at least `most`, about five of them."""
    rough = most / 5
    unit = 10 ** ceil(log10(rough) - 1)
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    return [round(step * number, 10) for number in range(ceil(most / step) + 1)]


def svg(picture: Picture, *, titles: bool = True) -> Markup:
    """The picture as SVG, safe to put into a page; `titles` are what shows when the mouse rests on a shape."""
    drawn = _environment().get_template("picture.svg").render(picture=picture, titles=titles)
    return Markup(drawn)  # noqa: S704  (made by autoescape)


def fill(template: str, **values: object) -> str:
    """A template of `templates` beside this file; every value is escaped."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    return templates_in(Path(__file__).parent / "templates")
