"""What this host offers: its engines, which can run here, what a page costs with each, and what is there at first.

A visitor who has done nothing sees one sample, read by this host itself, once, for nothing: only engines that came with
their packages read it; nothing is paid, fetched or sent. Kept beside the host's other data, so that the next start has
it at once.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from threading import Event, Lock, Thread

from pydantic import TypeAdapter, ValidationError

from engines.catalogue import brought_spec, spec_of
from engines.contract import EngineSpec, PageImage, ReadingTask
from engines.errors import EngineError
from engines.page_orientation import OrientationFinder
from engines.pricing import Charge, change_in_words, estimated, times
from engines.registry import (
    Availability,
    GpuReader,
    LoadedEngines,
    Missing,
    Ready,
    availability,
    ending,
    gpu_reader,
    languages_to_pick,
    wants_gpu,
)
from playground import VERSION
from playground.comparing import Progress, billing_day, compare_page
from playground.engine_runs import ASK_THE_HOST, Comparison, EngineRun
from playground.host.keys import Keys
from playground.scoring import task_for
from playground.settings import Settings, catalogue
from playground.uploads import accept
from samples import Sample, load_samples
from translations import N_, _
from translations.wording import in_clauses

SLOTS = 4
OWN = brought_spec(N_("A reading of your own"))
"""Stands in a slot until the reading is there and has a name."""
FOR_PRINT = "tesseract"
"""The family that reads print: beside readers of handwriting it is the measure of how hard a page is."""
A4_AT_150_DPI = PageImage("", b"", 1240, 1754)


def coming_changes(spec: EngineSpec, day: date) -> str:
    """What the vendor has announced for this engine: its end, another price; nothing as a rule."""
    price = change_in_words(spec, day)
    changes = ending(spec, day), _("price: {change}", change=price) if price else ""
    return in_clauses([change for change in changes if change])


@dataclass(frozen=True, slots=True)
class Offered:
    """An engine to pick: whether it can run here, what it costs and what is announced for it."""

    spec: EngineSpec
    availability: Availability
    price: Charge
    ending: str

    @property
    def missing(self) -> Missing | None:
        """What keeps it from running here."""
        return self.availability if isinstance(self.availability, Missing) else None

    @property
    def first_use(self) -> str:
        """What has to be done before it can read for the first time, such as a download."""
        return self.availability.note if isinstance(self.availability, Ready) else ""

    @property
    def a_thousand(self) -> Charge:
        """What a thousand pages cost."""
        return times(self.price, 1000)


@dataclass(frozen=True, slots=True)
class Offer:
    """One per process, made by `app.py`; it owns the loaded models."""

    settings: Settings
    specs: tuple[EngineSpec, ...]
    engines: LoadedEngines
    keys: Keys
    on_gpu: GpuReader | None = None
    """On ZeroGPU, how engines that want a GPU share one call."""
    orientation: OrientationFinder = field(default_factory=OrientationFinder)

    @classmethod
    def from_settings(cls, settings: Settings, environ: Mapping[str, str]) -> Offer:
        """Everything built from the settings; no model is loaded yet."""
        engines = LoadedEngines()
        on_gpu = gpu_reader(engines) if settings.zero_gpu else None
        return cls(settings, catalogue(settings), engines, Keys.from_env(environ, settings), on_gpu)

    def spec(self, engine_id: str) -> EngineSpec:
        """The offered row of that id; raises KeyError with a sentence to show."""
        for spec in self.specs:
            if spec.id == engine_id:
                return spec
        known = [spec.id for spec in self.specs]
        near = get_close_matches(engine_id.lower(), known, n=1)
        told = {"engine": repr(engine_id), "known": ", ".join(known)}
        if near:
            meant = _(
                "There is no engine {engine} here. Did you mean {near}? Choose from: {known}.", near=near[0], **told
            )
            raise KeyError(meant)
        raise KeyError(_("There is no engine {engine} here. Choose from: {known}.", **told))

    def spec_in_slot(self, engine_id: str) -> EngineSpec:
        """The row of whoever stands in a slot: an engine on offer, or a reading that was brought along."""
        return spec_of(engine_id, {}) or self.spec(engine_id)

    def missing(self, spec: EngineSpec, visitor: str = "") -> Missing | None:
        """What keeps this engine from running here for this visitor, or None."""
        found = self._found(spec, visitor)
        return found if isinstance(found, Missing) else None

    def _found(self, spec: EngineSpec, visitor: str) -> Availability:
        """To strangers no name of a setting and no path of this machine is told."""
        found = availability(spec, lambda name: self.keys.has(name, visitor))
        if isinstance(found, Missing) and self.settings.public:
            return replace(found, fix=_(ASK_THE_HOST))
        return found

    def ready_without_keys(self) -> tuple[str, ...]:
        """Ids of the engines whose weights came with their packages: what a fresh machine starts with."""
        packaged = (spec for spec in self.specs if spec.weights and spec.weights.origin == "package")
        return tuple(spec.id for spec in packaged if self.missing(spec) is None)[:SLOTS]

    def default_slots(self) -> tuple[str, ...]:
        """Four engines to begin with, unlike each other as far as there are such; relatives share their mistakes.

        The reader of a Space's free GPU, a cheap and a strong cloud engine that the host pays for, the first of each
        family that came with a package, then whatever is there; what was made for print comes last.
        """
        packaged = self.ready_without_keys()
        first_of = {self.spec(engine_id).family: engine_id for engine_id in reversed(packaged)}
        unlike = sorted(first_of.values(), key=packaged.index)
        everyone = [*self._on_free_gpu(), *self._paid_by_the_host(), *unlike, *packaged, *(s.id for s in self.specs)]
        four = list(dict.fromkeys(everyone))[:SLOTS]
        return tuple(sorted(four, key=lambda engine_id: self.spec(engine_id).family == FOR_PRINT))

    def _on_free_gpu(self) -> list[str]:
        waiting = (spec for spec in self.specs if self.settings.zero_gpu and wants_gpu(spec))
        return [spec.id for spec in waiting if self.missing(spec) is None][:1]

    def _paid_by_the_host(self) -> list[str]:
        """The cheapest engine, and of the other vendors the dearest: among cloud models price goes with skill."""
        most, today = self.settings.caps.visitor_usd if self.settings.caps else None, billing_day()
        prices: dict[str, float] = {}
        for spec in self.specs:
            usd = self.price(spec, None, ReadingTask()).usd
            paid = spec.runs == "cloud" and self.keys.key_for(spec) is not None and self.missing(spec) is None
            if paid and usd is not None and (most is None or usd <= most) and not ending(spec, today):
                prices[spec.id] = usd
        if not prices:
            return []
        cheap = min(prices, key=prices.__getitem__)
        others = [engine_id for engine_id in prices if self.spec(engine_id).vendor != self.spec(cheap).vendor]
        return [cheap, *([max(others, key=prices.__getitem__)] if others else [])]

    def warm(self) -> None:
        """Load the models a fresh machine starts with, in the background; those that are loaded stay as they are."""

        def load() -> None:
            with suppress(EngineError):  # then no page is turned
                self.orientation.load()
            for engine_id in self.ready_without_keys():
                with suppress(EngineError):  # who reads with it is told
                    self.engines.warm(self.spec(engine_id))

        Thread(target=load, name="warming", daemon=True).start()

    def local_slots(self, slots: Sequence[str]) -> tuple[str, ...]:
        """These slots with every cloud engine replaced by a local one that is not there yet; what was brought stays."""
        kept = [engine_id for engine_id in slots if self.spec_in_slot(engine_id).runs != "cloud"]
        others = [
            i for i in (*self.ready_without_keys(), *(s.id for s in self.specs if s.runs == "local")) if i not in kept
        ]
        spare = iter(dict.fromkeys(others))
        return tuple(engine_id if engine_id in kept else next(spare) for engine_id in slots)

    def offered(self, spec: EngineSpec, visitor: str = "") -> Offered:
        """This engine as this visitor can pick it."""
        price = self.price(spec, None, ReadingTask())
        return Offered(spec, self._found(spec, visitor), price, coming_changes(spec, billing_day()))

    def to_pick(self, visitor: str = "") -> list[Offered]:
        """Every engine, those that can run here first."""
        everyone = [self.offered(spec, visitor) for spec in self.specs]
        return sorted(everyone, key=lambda one: one.missing is not None)

    def languages(self, visitor: str = "") -> Sequence[str]:
        """The codes of what any engine that is ready for this visitor reads, by name."""
        return languages_to_pick(spec for spec in self.specs if self.missing(spec, visitor) is None)

    def price(self, spec: EngineSpec, page: PageImage | None, task: ReadingTask) -> Charge:
        """What one reading is likely to cost; an A4 page at 150 dpi stands in while there is none."""
        return estimated(spec, page or A4_AT_150_DPI, task, billing_day())

    def compare(
        self,
        specs: Sequence[EngineSpec],
        page: PageImage,
        task: ReadingTask,
        *,
        visitor: str,
        stop: Event,
        on_progress: Progress | None = None,
    ) -> Iterator[EngineRun]:
        """Run the engines with this visitor's keys; see `compare_page`."""
        return compare_page(
            specs,
            page,
            task,
            self.engines,
            lambda spec: self.keys.key_for(spec, visitor),
            stop=stop,
            on_progress=on_progress,
        )


log = logging.getLogger(__name__)

SAMPLE = "letter"
FILE = "first_comparison.json"


class FirstComparison:
    """One per process. Any thread may call it; what the visitor sees is never half a comparison."""

    def __init__(self, offer: Offer, folder: Path) -> None:
        self._offer = offer
        self._file = folder / FILE
        self._lock = Lock()
        self._begun = False
        self.ended = Event()
        """Set once there is a comparison, or none can be had."""
        self.comparison: Comparison | None = None

    @property
    def sample(self) -> Sample:
        """The page it is about."""
        return next(sample for sample in load_samples() if sample.id == SAMPLE)

    def begin(self) -> None:
        """Take what an earlier start kept, or read in the background; the second call changes nothing."""
        with self._lock:
            begun, self._begun = self._begun, True
        if begun:
            return
        self.comparison = self._kept()
        if self.comparison is None and self._offer.ready_without_keys():
            Thread(target=self._read, name="first-comparison", daemon=True).start()
        else:
            self.ended.set()

    def _kept(self) -> Comparison | None:
        try:
            kept = _document().validate_json(self._file.read_bytes())
        except (OSError, ValidationError):
            return None
        return kept if kept.app_version == VERSION else None

    def _read(self) -> None:
        try:
            sample = self.sample
            page = accept(sample.image.read_bytes(), sample.image.name)
            specs = [self._offer.spec(engine_id) for engine_id in self._offer.ready_without_keys()]
            task = task_for(page, sample.language, self._offer.settings.limits.deadline_seconds)
            runs = tuple(self._offer.compare(specs, page, task, visitor="", stop=Event()))
            now = datetime.now(UTC)
            self.comparison = Comparison(
                "", now, page.sha256, page.width, page.height, task, sample.reference, runs, VERSION
            )
            self._keep(self.comparison)
        finally:
            self.ended.set()

    def _keep(self, comparison: Comparison) -> None:
        written = self._file.with_suffix(f".{os.getpid()}")
        try:
            written.write_bytes(_document().dump_json(comparison))
            written.replace(self._file)
        except OSError as error:
            log.warning("The first comparison is read anew at the next start: %s", error)


@cache
def _document() -> TypeAdapter[Comparison]:
    return TypeAdapter(Comparison)
