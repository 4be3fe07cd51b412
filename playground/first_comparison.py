"""What a visitor sees before having done anything: one sample, read by this host itself, once, for nothing.

Only engines that came with their packages read it: nothing is paid, fetched or sent. Kept beside the host's other data,
so that the next start has it at once.
"""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Event, Lock, Thread

from pydantic import TypeAdapter, ValidationError

from playground import VERSION
from playground.engine_runs import Comparison
from playground.offer import Offer
from playground.scoring import task_for
from playground.uploads import accept
from samples import Sample, load_samples

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
