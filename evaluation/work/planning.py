"""Before a run: which items it will have, what it will cost and how long it will take. Calls no engine.

Canary pages are made from the run's own pages: blank paper, a word painted over, another word in a word's place.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from engines.catalogue import brought_spec
from engines.contract import EngineSpec, PageImage, Reading, ReadingTask, Unit
from engines.pricing import Charge, Free, Usd, charge_of, estimated, times, together, worst_case
from engines.registry import not_known_to_read, reads
from evaluation.datasets.contract import Dataset, DatasetUnusable, Item, ItemUnreadable, Locator, Planting, Unreadable
from evaluation.datasets.readings import BroughtReading, ReadingSet, open_readings
from evaluation.ledger.runs import Page, Run, RunContents, RunSettings
from evaluation.ledger.work_items import without_regions
from evaluation.work.item_reading import PageLoader
from playground.boxes import Box
from playground.comparing import EngineSource, billing_day, compare_page
from playground.engine_runs import EngineRun, brought_run
from playground.offer import Offer, coming_changes
from playground.probes import Trap, agreed_words, blank_place, lines_around, word_place
from translations import N_, _
from translations.wording import listed

MOST_OF_EACH = 3
MOST_PLANTED = 3 * MOST_OF_EACH
PAGES_TRIED = 8
SHORTEST = 4
"""A shorter word may be read by chance."""
ALIKE = 1.6
"""Another word that is so many times as wide or high looks pasted in."""
TRAP_NAMES: dict[Trap, str] = {"blank": "blank paper", "masked": "a masked word", "altered": "a replaced word"}
NO_WORDS = N_(
    "No word could be masked or replaced for canary pages: no engine on this machine found a word where its page's "
    "reference has it."
)

Read = Callable[[PageImage, ReadingTask], Reading | None]
"""A page's words with their boxes, as far as anybody on this machine can tell."""
TaskFor = Callable[[Item], ReadingTask]


def plant(items: Sequence[Item], load: Callable[[Locator], PageImage], read: Read, task_for: TaskFor) -> list[Item]:
    """At most three canary pages of each kind. Which word stands where is sure where a reader and a reference agree."""
    found: list[Item] = []
    planted: Counter[Trap] = Counter()
    for item in items[:: max(1, len(items) // PAGES_TRIED)][:PAGES_TRIED]:
        if planted.total() == MOST_PLANTED:
            break
        try:
            page = load(item.locator)
        except ItemUnreadable:
            continue  # the run lists it when its turn comes
        for planting in _plantings(page, item, read, task_for(item)):
            if planted[planting.trap] < MOST_OF_EACH:
                planted[planting.trap] += 1
                locator = replace(item.locator, planting=planting)
                name = f"{item.id} \N{MIDDLE DOT} {TRAP_NAMES[planting.trap]}"
                found.append(replace(item, id=name, locator=locator, reference=None))
    return found


def reader_here(offer: Offer, engines: EngineSource | None = None) -> Read:
    """Reads with an engine of this machine that has boxes of words: the first that is known to read the language.

    `engines` may be guarded ones.
    """
    ready = (offer.spec(engine_id) for engine_id in offer.ready_without_keys())
    boxed = [spec for spec in ready if spec.runs == "local" and "word" in spec.box_levels]

    def read(page: PageImage, task: ReadingTask) -> Reading | None:
        known = [spec for spec in boxed if reads(spec, task.language)] or boxed
        if not known:
            return None
        return next(compare_page(known[:1], page, task, engines or offer.engines, lambda _: None)).transcription

    return read


def _plantings(page: PageImage, item: Item, read: Read, task: ReadingTask) -> Iterator[Planting]:
    if item.level == "page" and (blank := blank_place(page)):
        yield Planting("blank", blank)
    reading = read(page, task) if item.reference else None
    if reading is None or item.reference is None:
        return
    agreed = agreed_words({"reader": reading, "reference": Reading(item.reference)})
    words = [(word, box) for word, box in agreed if len(word) >= SHORTEST]
    if words:
        word, box = words[0]
        yield Planting("masked", lines_around(page, box), word_place(box), bait=(word,))
    for at, (word, box) in enumerate(words[1:], start=1):
        other = next((rival for _, rival in words[:at] if _alike(box, rival)), None)
        if other:
            yield Planting("altered", lines_around(page, box), word_place(box), word_place(other), (word,))
            return


def _alike(one: Box, other: Box) -> bool:
    sides = ((one.right - one.left, other.right - other.left), (one.bottom - one.top, other.bottom - other.top))
    return all(max(pair) <= ALIKE * min(pair) for pair in sides)


LOOKED_AT = 8
ASSUMED_SECONDS: Mapping[tuple[str, str], float] = {
    ("cloud", "page"): 8.0,
    ("cloud", "line"): 3.0,
    ("local", "page"): 3.0,
    ("local", "line"): 0.7,
}
"""Where no earlier run has measured it; an engine that reads lines takes a page line by line."""
LINES_A_PAGE = 30
NAMED_VERSIONS = ("openai", "anthropic", "google-genai", "mistralai", "azure-ai-documentintelligence", "botocore",
                  "rapidocr", "transformers", "torch", "tesserocr")  # fmt: skip


class NothingToRead(Exception):
    """The data set has no item to read; the message is one sentence."""


class BudgetCannotHold(Exception):
    """An engine of the run has no price that is known here; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one engine is expected to need."""

    engine_id: str
    items: int
    cost: Charge
    worst: Charge
    seconds: float
    seconds_measured: bool
    """Whether an earlier run of this ledger has measured the time of a page; else it is assumed."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is about to be run."""

    contents: RunContents
    estimates: tuple[Estimate, ...]
    referenced: int

    @property
    def cost(self) -> Charge:
        """What the whole run is expected to cost."""
        return together(estimate.cost for estimate in self.estimates)

    @property
    def most(self) -> Charge:
        """The most that the whole run can cost; a budget is never exceeded."""
        worst, budget = together(estimate.worst for estimate in self.estimates), self.contents.budget_usd
        return worst if budget is None or isinstance(worst, Free) else Usd(min(budget, worst.usd or budget))

    @property
    def seconds(self) -> float:
        """How long the whole run takes: vendors answer side by side, engines on this machine share its processor."""
        local = {spec.id for spec in self.contents.settings.engines if spec.runs == "local"}
        here = sum(one.seconds for one in self.estimates if one.engine_id in local)
        return max([here, *(one.seconds for one in self.estimates if one.engine_id not in local)])

    def within(self, budget_usd: float | None) -> Plan:
        """The same run under a budget, None for no limit; raises `BudgetCannotHold`."""
        unpriced = [spec.label for spec in self.contents.settings.engines if spec.runs == "cloud" and not spec.price]
        if budget_usd is not None and unpriced:
            raise BudgetCannotHold(
                _(
                    "No price is known for {engines}, so no budget can hold. Leave it out, or the budget.",
                    engines=", ".join(unpriced),
                )
            )
        return replace(self, contents=replace(self.contents, budget_usd=budget_usd))


def plan(
    path: Path,
    dataset: Dataset,
    settings: RunSettings,
    seconds: Mapping[str, float] | None = None,
    brought: Sequence[tuple[str, Path]] = (),
    day: date | None = None,
) -> Plan:
    """Walk the data set once and look at a few of its pages; `seconds` were measured before at this level, by engine.

    Readings that were made elsewhere, `brought` by name or lying in the data set, become engines that have read.
    Prices are those of `day`, else today's.

    Raises `NothingToRead`, or `DatasetUnusable` for readings that are none of these pages.
    """
    found = list(dataset.items())
    unreadable = [item for item in found if isinstance(item, Unreadable)]
    all_items = [item for item in found if isinstance(item, Item)]
    items = sampled(all_items, settings)
    if not items:
        raise NothingToRead(_why_nothing(path, unreadable, settings))
    day, read = day or billing_day(), len(items) + (MOST_PLANTED if settings.canaries else 0)
    settings = replace(settings, notes=(*settings.notes, *_remarks(settings, items, day)))
    pages = list(_some_pages(dataset, items)) if settings.engines else []
    estimates = tuple(_estimate(spec, pages, settings, read, seconds or {}, day) for spec in settings.engines)
    sets = [*dataset.readings.values(), *(_given(name, place, all_items) for name, place in brought)]
    known = [_brought(one, items) for one in sets]
    runs = {one.spec.id: one.runs for one in known if one.runs}
    if not settings.engines and not runs:
        raise NothingToRead(_("Choose at least one engine, or bring readings along."))
    contents = RunContents(str(path.resolve()), _with_brought(settings, known), items, unreadable, brought=runs)
    return Plan(contents, estimates, sum(item.reference is not None for item in items))


def plan_again(run: Run, pages: Sequence[Page], looked_at: Sequence[PageImage], day: date | None = None) -> Plan:
    """These pages of a run once more, by its engines, under its conditions and turned alike; `looked_at` are some.

    Raises `NothingToRead` where all its readings were brought along.
    """
    if not run.settings.to_run or not pages:
        raise NothingToRead(_("Nothing in run {run} was read here, so nothing can be read again.", run=run.id))
    note = _("The pages of run {run}, read again to see whether anything changed.", run=run.id)
    settings = replace(
        run.settings, engines=run.settings.to_run, brought_from=(), notes=(note,), versions=versions_here()
    )
    day = day or billing_day()
    estimates = tuple(_estimate(spec, looked_at, settings, len(pages), {}, day) for spec in settings.engines)
    turned = {position: page.turned for position, page in enumerate(pages) if page.turned is not None}
    contents = RunContents(run.dataset, settings, [page.item for page in pages], turned=turned)
    return Plan(contents, estimates, sum(page.item.reference is not None for page in pages))


def with_planted(planned: Plan, dataset: Dataset, read: Read) -> Plan:
    """The same plan with its canary pages, where they were asked for and an engine is to read."""
    contents = planned.contents
    if not contents.settings.canaries or not contents.settings.to_run:
        return planned
    load = PageLoader(dataset, turns=contents.settings.turns).load
    found = plant(contents.items, load, read, contents.settings.task_for)
    notes = contents.settings.notes
    if all(item.locator.planting and item.locator.planting.trap == "blank" for item in found):
        notes = (*notes, _(NO_WORDS))
    settings = replace(contents.settings, notes=notes)
    return replace(planned, contents=replace(contents, settings=settings, items=[*contents.items, *found]))


def _remarks(settings: RunSettings, items: Sequence[Item], day: date) -> Iterator[str]:
    """For each engine the languages of these pages that it is not known to read, and what its vendor has announced."""
    languages = {settings.task_for(item).language for item in items}
    for spec in settings.engines:
        if unread := not_known_to_read(spec, languages):
            yield unread
        if coming := coming_changes(spec, day):
            yield _("{engine}: {what}.", engine=spec.label, what=coming)


def sampled(items: Iterable[Item], settings: RunSettings) -> list[Item]:
    """The items with the wanted tag, or so many of them drawn at random; the same every time for one seed."""
    wanted = [item for item in items if not settings.only_tag or settings.only_tag in item.tags]
    if settings.sample is None or settings.sample >= len(wanted):
        return wanted
    drawn = random.Random(settings.seed).sample(range(len(wanted)), settings.sample)  # noqa: S311  (no secret)
    return [wanted[place] for place in sorted(drawn)]


@dataclass(frozen=True, slots=True)
class _Brought:
    """One set of readings as an engine that has read some of the items, by their position."""

    spec: EngineSpec
    runs: Mapping[int, EngineRun]
    sentence: str


def _given(name: str, path: Path, items: Sequence[Item]) -> ReadingSet:
    found = open_readings(name, path, items)
    if not found.by_item:
        advice = _("Name each file like its page.")
        raise DatasetUnusable(f"{found.sentence(len(items))} {advice}")
    return found


def _brought(found: ReadingSet, items: Sequence[Item]) -> _Brought:
    """What of a set is about these items: a sample may leave some out."""
    spec = brought_spec(found.name)
    kept = {place: found.by_item[item.id] for place, item in enumerate(items) if item.id in found.by_item}
    runs = {place: _run_of(spec, reading) for place, reading in kept.items()}
    told = replace(found, by_item={items[place].id: reading for place, reading in kept.items()})
    return _Brought(spec, runs, told.sentence(len(items)))


def _run_of(spec: EngineSpec, brought: BroughtReading) -> EngineRun:
    """As an engine's run; of regions only the confidences are kept, like those of the other readings of a run."""
    return without_regions(brought_run(spec.id, brought.foreign.reading, brought.seconds, brought.usd))


def _with_brought(settings: RunSettings, found: Sequence[_Brought]) -> RunSettings:
    """The sets among the engines, and what is to be said of them; raises `DatasetUnusable` for two of one name."""
    specs = tuple(one.spec for one in found if one.runs)
    if twice := [name for name, seen in Counter(spec.label for spec in specs).items() if seen > 1]:
        raise DatasetUnusable(
            _("Two sets of readings are called {name}. Give one of them another name.", name=twice[0])
        )
    notes = (*(one.sentence for one in found), *_said_twice(found))
    return replace(settings, engines=(*settings.engines, *specs), notes=(*settings.notes, *notes))


def _said_twice(found: Sequence[_Brought]) -> Iterator[str]:
    """Of sets that hold the same texts: whether they are one engine's nobody can tell, so each keeps its voice."""
    names: dict[tuple[tuple[int, str | None], ...], list[str]] = {}
    for one in (one for one in found if one.runs):
        read = ((place, run.transcription) for place, run in sorted(one.runs.items()))
        texts = tuple((place, reading.text if reading else None) for place, reading in read)
        names.setdefault(texts, []).append(one.spec.label)
    for same in names.values():
        if len(same) > 1:
            yield _(
                "{names} hold the same texts on every page. If one engine read them, leave one set only: where engines "
                "agree, it would count more than once.",
                names=listed(same),
            )


def versions_here() -> tuple[tuple[str, str], ...]:
    """The packages whose version may change what engines answer."""
    found = []
    for name in NAMED_VERSIONS:
        try:
            found.append((name, version(name)))
        except PackageNotFoundError:
            continue
    return tuple(found)


def _some_pages(dataset: Dataset, items: Sequence[Item]) -> Iterable[PageImage]:
    loader, step = PageLoader(dataset), max(1, len(items) // LOOKED_AT)
    for item in items[::step][:LOOKED_AT]:
        try:
            yield loader.load(item.locator)
        except ItemUnreadable:
            continue  # it will be listed when its turn comes


def _estimate(
    spec: EngineSpec,
    pages: Sequence[PageImage],
    settings: RunSettings,
    items: int,
    measured: Mapping[str, float],
    day: date,
) -> Estimate:
    readings = items * settings.repeats
    seconds = measured.get(spec.id, _assumed_seconds(spec, settings.level))
    at_once = spec.max_parallel if spec.runs == "cloud" else 1
    return Estimate(
        spec.id,
        readings,
        _mean([estimated(spec, page, settings.task, day) for page in pages], spec, readings),
        _mean([worst_case(spec, page, settings.task, day) for page in pages], spec, readings),
        readings * seconds / at_once,
        spec.id in measured,
    )


def _assumed_seconds(spec: EngineSpec, level: Unit) -> float:
    by_lines = level == "page" and spec.runs == "local" and spec.reads == "line"
    return LINES_A_PAGE * ASSUMED_SECONDS["local", "line"] if by_lines else ASSUMED_SECONDS[spec.runs, level]


def _mean(charges: Sequence[Charge], spec: EngineSpec, readings: int) -> Charge:
    """For so many readings, from those of a few pages; unknown too where none of them can be read."""
    if not charges:
        return charge_of(spec, None)
    return times(together(charges), readings / len(charges))


def _why_nothing(path: Path, unreadable: Sequence[Unreadable], settings: RunSettings) -> str:
    if settings.only_tag:
        return _("No item of {name} has the tag {tag}.", name=path.name, tag=repr(settings.only_tag))
    if unreadable:
        first = unreadable[0]
        return _(
            "Nothing in {name} can be read: {first}, and {n} more.",
            name=path.name,
            first=f"{first.id} {first.reason}",
            n=len(unreadable) - 1,
        )
    return _("There is nothing to read in {name}.", name=path.name)
