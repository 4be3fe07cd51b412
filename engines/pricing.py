"""What a reading costs: nothing, nobody here knows, or US dollars, measured from the vendor's usage or estimated.

How large a page a vision model sees, and how many tokens it counts for it, follows from the row's options. Sources:
OpenAI's images-vision guide (tiles of 512 px after scaling into 2048 px and to 768 px on the short side; patches of
32 px under a cap, times a factor), Anthropic's vision guide (patches of 28 px), Google's media resolution page (a
fixed number for each resolution). The estimate assumes a full handwritten page: 600 tokens of text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, timedelta
from math import ceil, floor, log10, sqrt
from typing import Literal

from engines.contract import MOST_OUTPUT_TOKENS, EngineSpec, PageImage, Price, PriceChange, Rates, ReadingTask, Usage
from translations import _

TILE, TILED_SQUARE, TILED_SHORT_SIDE = 512, 2048, 768


def seen_size(spec: EngineSpec, width: int, height: int) -> tuple[int, int]:
    """Width and height in pixels of what the model looks at, after its own limits; never larger than the page."""
    scale = min(1.0, (spec.image_limit.long_edge or max(width, height)) / max(width, height))
    width, height = _scaled(width, height, scale)
    match spec.options.get("vision"):
        case "tiles":
            return _tiled_size(width, height)
        case "patches":
            return _patched_size(width, height, _number(spec, "patch"), _number(spec, "most_patches"))
        case "fixed" | None:
            return width, height
        case other:
            raise _no_such_vision(spec, other)


def image_tokens(spec: EngineSpec, width: int, height: int) -> int:
    """Input tokens counted for a page of that size; 0 for engines that do not count tokens."""
    width, height = seen_size(spec, width, height)
    match spec.options.get("vision"):
        case "tiles":
            tiles = ceil(width / TILE) * ceil(height / TILE)
            return int(_number(spec, "base_tokens") + tiles * _number(spec, "tile_tokens"))
        case "patches":
            patch = _number(spec, "patch")
            return ceil(ceil(width / patch) * ceil(height / patch) * _number(spec, "tokens_per_patch"))
        case "fixed":
            return int(_number(spec, "image_tokens"))
        case None:
            return 0
        case other:
            raise _no_such_vision(spec, other)


def _no_such_vision(spec: EngineSpec, vision: object) -> ValueError:
    """A row's slip: counted as nothing, every estimate and every worst case of its engine would be too cheap."""
    return ValueError(f"{spec.id}: vision is tiles, patches or fixed, not {vision!r}.")


def _tiled_size(width: int, height: int) -> tuple[int, int]:
    width, height = _scaled(width, height, min(1.0, TILED_SQUARE / max(width, height)))
    return _scaled(width, height, min(1.0, TILED_SHORT_SIDE / min(width, height)))


def _patched_size(width: int, height: int, patch: float, most_patches: float) -> tuple[int, int]:
    if ceil(width / patch) * ceil(height / patch) <= most_patches:
        return width, height
    scale = sqrt(patch * patch * most_patches / (width * height))
    # Shrink until one side is whole patches: a partly filled row of patches would count as a full one.
    across, down = width * scale / patch, height * scale / patch
    scale *= min(floor(across) / across, floor(down) / down) if min(across, down) >= 1 else 1.0
    return _scaled(width, height, scale)


def _scaled(width: int, height: int, scale: float) -> tuple[int, int]:
    return max(1, int(width * scale + 1e-6)), max(1, int(height * scale + 1e-6))


def _number(spec: EngineSpec, option: str) -> float:
    return float(spec.options[option])


TEXT_TOKENS = 600
WORDS_PER_TOKEN = 0.75
TOKENS_PER_BOX = 22
REASONING_SHARE = 0.25
"""Of the room left for reasoning, what a page is expected to use at the lowest effort."""
CHARACTERS_PER_TOKEN = 4
WORST_CHARACTERS_PER_TOKEN = 1
WORST_IMAGE_FACTOR = 2
"""Some vendors do not publish how they count; twice the rule we know has not been seen."""
BATCH_SHARE = 0.5
"""What a batch costs of the list price, at all four vendors."""
LASTS = timedelta(days=7)
"""How much later than it began a call may be billed: batches take a day, a run may pause."""


@dataclass(frozen=True, slots=True)
class Free:
    """Read on this machine: no vendor is paid."""

    kind: Literal["free"] = "free"

    @property
    def usd(self) -> float:
        """Nothing."""
        return 0.0


@dataclass(frozen=True, slots=True)
class Unknown:
    """A vendor is paid, and nobody here knows how much: never cheap, never free."""

    kind: Literal["unknown"] = "unknown"

    @property
    def usd(self) -> None:
        """No figure."""
        return


@dataclass(frozen=True, slots=True)
class Usd:
    """US dollars; `measured` from the usage the vendor reported, otherwise estimated from list prices."""

    usd: float
    measured: bool = False
    kind: Literal["usd"] = "usd"


Charge = Free | Unknown | Usd


def charge_of(spec: EngineSpec, known: Usd | None) -> Charge:
    """What an engine's reading cost; without a figure it was free on this machine only."""
    return Free() if spec.runs == "local" else known or Unknown()


def together(charges: Iterable[Charge]) -> Charge:
    """The sum: unknown as soon as a part is, measured only if all of it is."""
    found = list(charges)
    paid = [charge for charge in found if isinstance(charge, Usd)]
    if any(isinstance(charge, Unknown) for charge in found):
        return Unknown()
    return Usd(sum(charge.usd for charge in paid), all(charge.measured for charge in paid)) if paid else Free()


def times(charge: Charge, factor: float) -> Charge:
    """The charge for so many times as much."""
    return Usd(charge.usd * factor, charge.measured) if isinstance(charge, Usd) else charge


def a_month(spec: EngineSpec, a_page: Charge, pages: int) -> Charge:
    """So many pages a month; `a_page` was observed below the vendor's volume rates, with whatever was read twice."""
    price = spec.price
    if price is None or not price.usd_per_page:
        return times(a_page, pages)
    bounds = [*(rate.beyond_pages_a_month for rate in price.volume), pages]
    counted: float = min(pages, bounds[0])
    for rate, end in zip(price.volume, bounds[1:], strict=True):
        counted += max(0, min(pages, end) - rate.beyond_pages_a_month) * rate.usd_per_page / price.usd_per_page
    return times(a_page, counted)


def in_words(charge: Charge) -> str:
    """For people, everywhere the same: "free", "price unknown" or an amount."""
    if isinstance(charge, Usd):
        return dollars(charge.usd)
    return _("free") if isinstance(charge, Free) else _("price unknown")


def about(charge: Charge) -> str:
    """An estimate in words, to two digits."""
    return about_dollars(charge.usd) if isinstance(charge, Usd) else in_words(charge)


def about_dollars(usd: float) -> str:
    """An estimated amount to two digits, as more would claim too much: $2,200, $17, $1.70, $0.042."""
    rounded = float(f"{usd:.2g}")
    return f"${rounded:,.0f}" if rounded >= 10 else dollars(rounded)


def dollars(usd: float) -> str:
    """An amount with the digits that matter, below a dollar three: $1,234.50, $0.42, $0.0165."""
    if usd == 0 or usd >= 1:
        return f"${usd:,.2f}" if usd else "$0"
    decimals = max(2, 2 - floor(log10(usd)))
    cents, rest = f"{usd:.{decimals}f}"[:4], f"{usd:.{decimals}f}"[4:].rstrip("0")
    return f"${cents}{rest}"


def measured_usd(spec: EngineSpec, usage: Usage | None, day: date, *, by_batch: bool = False) -> float | None:
    """The cost by that day's list price of what the vendor says it counted, or None if either is unknown."""
    if spec.price is None or usage is None or min(getattr(usage, part.name) for part in fields(usage)) < 0:
        return None  # nobody counts below nothing: such a count is no measure
    if spec.price.usd_per_million_input_tokens is not None and not (usage.input_tokens or usage.output_tokens):
        return None
    return _usd(_rates(spec.price, day, by_batch=by_batch), usage)


def estimated(spec: EngineSpec, page: PageImage, task: ReadingTask, day: date, *, by_batch: bool = False) -> Charge:
    """The cost to expect for a page that is read on that day."""
    if spec.runs == "local" or spec.price is None:
        return charge_of(spec, None)
    output = TEXT_TOKENS + REASONING_SHARE * reasoning_room(spec)
    if spec.options.get("boxes"):
        output += TEXT_TOKENS * WORDS_PER_TOKEN * TOKENS_PER_BOX
    prompt = len(task.prompt) / CHARACTERS_PER_TOKEN
    inputs = image_tokens(spec, page.width, page.height) + prompt
    expected = Usage(round(inputs), round(min(output, output_limit(spec, task))), pages=1)
    return Usd(_usd(_rates(spec.price, day, by_batch=by_batch), expected))


def worst_case(spec: EngineSpec, page: PageImage, task: ReadingTask, day: date, *, by_batch: bool = False) -> Charge:
    """The most that one attempt can cost, for budgets; where that is unknown a budget lets nothing through.

    What begins on that day may be billed `LASTS` later: the dearest rates until then count.
    """
    if spec.runs == "local" or spec.price is None:
        return charge_of(spec, None)
    prompt = len(task.prompt) / WORST_CHARACTERS_PER_TOKEN
    inputs = round(WORST_IMAGE_FACTOR * image_tokens(spec, page.width, page.height) + prompt)
    # A gateway may leave out that nothing is to be cached.
    usage = Usage(inputs, output_limit(spec, task), pages=1, cache_write_tokens=inputs)
    days = {day, *(change.on for change in spec.price.changes if day < change.on <= day + LASTS)}
    return Usd(max(_usd(_rates(spec.price, then, by_batch=by_batch), usage) for then in days))


def reasoning_room(spec: EngineSpec) -> int:
    """Output tokens beyond the transcription that are left for thinking."""
    return int(spec.options.get("reasoning_room", 0))


def output_limit(spec: EngineSpec, task: ReadingTask) -> int:
    """The most output tokens that are asked for: what adapters send, and what the worst case counts.

    Boxes take more room than the text in them, whatever the size of the page.
    """
    boxes = MOST_OUTPUT_TOKENS if spec.options.get("boxes") else 0
    return max(task.max_output_tokens, boxes) + reasoning_room(spec)


def next_change(spec: EngineSpec, day: date) -> PriceChange | None:
    """The next change of its price after that day, where one is known."""
    return next((change for change in spec.price.changes if change.on > day), None) if spec.price else None


def change_in_words(spec: EngineSpec, day: date) -> str:
    """What becomes of the price after that day, or nothing where no change is known."""
    change = next_change(spec, day)
    if spec.price is None or change is None:
        return ""
    now, last_day = spec.price.rates_on(day), change.on - timedelta(days=1)
    parts = (
        (_("a page {before} until {day}, then {after}"), now.usd_per_page, change.rates.usd_per_page),
        (
            _("a million input tokens {before} until {day}, then {after}"),
            now.usd_per_million_input_tokens,
            change.rates.usd_per_million_input_tokens,
        ),
        (
            _("a million output tokens {before} until {day}, then {after}"),
            now.usd_per_million_output_tokens,
            change.rates.usd_per_million_output_tokens,
        ),
    )
    said = [
        sentence.format(before=dollars(before), day=last_day, after=dollars(after))
        for sentence, before, after in parts
        if before is not None and after is not None and before != after
    ]
    return "; ".join(said)


def _rates(price: Price, day: date, *, by_batch: bool) -> Rates:
    rates = price.rates_on(day)
    if not by_batch:
        return rates
    halves = {part.name: _half(getattr(rates, part.name)) for part in fields(Rates)}
    cached = rates.usd_per_million_cached_tokens_by_batch
    return Rates(**halves | ({} if cached is None else {"usd_per_million_cached_tokens": cached}))


def _half(rate: float | None) -> float | None:
    return None if rate is None else rate * BATCH_SHARE


def _usd(rates: Rates, usage: Usage) -> float:
    plain = rates.usd_per_million_input_tokens or 0.0
    cached, written = rates.usd_per_million_cached_tokens, rates.usd_per_million_cache_write_tokens
    tokens = plain * max(0, usage.input_tokens - usage.cached_tokens - usage.cache_write_tokens)
    tokens += (plain if cached is None else cached) * usage.cached_tokens
    tokens += (plain if written is None else written) * usage.cache_write_tokens
    tokens += (rates.usd_per_million_output_tokens or 0.0) * usage.output_tokens
    return tokens / 1_000_000 + (rates.usd_per_page or 0.0) * usage.pages
