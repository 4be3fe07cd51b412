"""All local engines of a comparison in one GPU call, as a Hugging Face ZeroGPU Space wants it; elsewhere a plain call.

Every GPU call is scheduled and charged to the visitor's quota by itself, so engines share one. Whoever calls must be in
a copy of the visitor's context (`contextvars.copy_context`), or the Space's own quota is charged.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from math import ceil
from typing import Protocol

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.errors import EngineError
from engines.line_finding import LineFinder, find_lines
from engines.page_fitting import rgb_pixels
from engines.registry import LoadedEngines

SECONDS_TO_START = 5
SECONDS_PER_LINE = 0.2
SECONDS_PER_PAGE = 25
"""What a vision-language model takes for a full page."""

Outcome = Reading | EngineError
"""Errors come back as values: from a ZeroGPU worker, a raised one would arrive as no more than its class's name."""


class GpuReader(Protocol):
    """Reads a page with several engines in one GPU call."""

    def __call__(self, specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask) -> list[Outcome]:
        """One outcome per row, in order."""


def wants_gpu(spec: EngineSpec) -> bool:
    """Whether a row's engine gains from a GPU: those that run on torch."""
    return spec.runs == "local" and "torch" in spec.packages


def gpu_seconds(specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask, lines: int) -> int:
    """How long a GPU call shall be reserved: what is not reserved is cut off, what is not used is not charged."""
    per_engine = [SECONDS_PER_LINE * lines if spec.reads == "line" else SECONDS_PER_PAGE for spec in specs]
    return ceil(min(SECONDS_TO_START + sum(per_engine), task.timeout_seconds))


def gpu_reader(engines: LoadedEngines) -> GpuReader:
    """A reader for those of these engines that want a GPU; the others' threads do not survive the worker's fork.

    Make it before the app is launched: ZeroGPU counts its tasks at that moment.
    """

    def read_on_gpu(specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask, lines: int) -> list[Outcome]:
        return [_outcome(engines, spec, page, task) for spec in specs]

    on_gpu = read_on_gpu
    if find_spec("spaces") is not None:
        import spaces

        on_gpu = spaces.GPU(read_on_gpu, duration=gpu_seconds)  # off Spaces this is read_on_gpu itself
    finder = LineFinder()

    def read(specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask) -> list[Outcome]:
        failed = {spec.id: error for spec in specs if (error := _load_error(engines, spec))}
        ready = [spec for spec in specs if spec.id not in failed]
        lines = len(find_lines(rgb_pixels(page), finder)) if ready else 0
        outcomes = dict(
            zip([spec.id for spec in ready], on_gpu(ready, page, task, lines) if ready else [], strict=True)
        )
        return [failed.get(spec.id) or outcomes[spec.id] for spec in specs]

    return read


def _load_error(engines: LoadedEngines, spec: EngineSpec) -> EngineError | None:
    """Load here rather than in the worker: downloads cost no GPU time, and what a worker loads is lost with it."""
    try:
        engines.warm(spec)
    except EngineError as error:
        return error
    return None


def _outcome(engines: LoadedEngines, spec: EngineSpec, page: PageImage, task: ReadingTask) -> Outcome:
    try:
        return engines.get(spec).read(page, task)
    except EngineError as error:
        return error
