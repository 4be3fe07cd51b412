"""`python -m playground trust`: does an engine invent, is it the same each time, does it need a perfect scan?

Reads the page once, then once for every trap, repetition and damage. What costs money says its price and wants a yes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import get_args

from rich.console import Console

from engines.contract import EngineSpec, PageImage, Reading, ReadingTask
from engines.pricing import Free, Usd, in_words
from metrics.normalising import Rules
from playground.cli.page_files import UnusableCommand, read_bytes
from playground.cli.read import chosen_engines
from playground.cli.terminal import print_trust, progress_bars
from playground.comparison import EngineRun, readings_of
from playground.documents import to_json
from playground.offer import Offer
from playground.settings import Settings
from playground.trust import (
    REPEATS,
    Canary,
    Caught,
    Question,
    Trap,
    TrapAnswer,
    TrustAnswers,
    canaries_for,
    damaged,
    endurance,
    inventions,
    price,
    repeats_of,
    steadiness,
)
from playground.uploads import UploadRefused, accept

EXTRA_READINGS: Mapping[Question, int] = {"invent": len(get_args(Trap)), "repeat": REPEATS, "endure": 5}
Read = Callable[[PageImage], Sequence[EngineRun]]


@dataclass(frozen=True, slots=True)
class TrustRequest:
    """What was asked for; `agreed` says yes to the price beforehand."""

    path: Path
    engine_ids: tuple[str, ...]
    questions: tuple[Question, ...]
    reference: str
    language: str
    rules: Rules
    agreed: bool
    as_json: bool


def trust(request: TrustRequest) -> bool:
    """Ask the questions and print the answers; true only if every engine read everything."""
    settings = Settings.from_env(os.environ)
    offer = Offer.from_settings(settings, os.environ)
    specs = chosen_engines(offer, request.engine_ids)
    task = ReadingTask(language=request.language, timeout_seconds=settings.limits.deadline_seconds)
    try:
        page = accept(read_bytes(request.path), request.path.name)
    except UploadRefused as refusal:
        raise UnusableCommand(str(refusal)) from None
    _say_the_price(request, specs, page, task)
    with progress_bars(specs) as (doing, _):

        def read(engines: Sequence[EngineSpec], of: PageImage) -> Sequence[EngineRun]:
            return tuple(offer.compare(engines, of, task, visitor="", stop=Event(), on_progress=doing))

        first = read(specs, page)
        readings = readings_of(first)
        asked = [spec for spec in specs if spec.id in readings]
        document = _answers(request, page, readings, partial(read, asked))
    if request.as_json:
        print(to_json(document))
    else:
        print_trust(Console(), document, {spec.id: spec.label for spec in specs})
    return len(asked) == len(specs) and document.failed == 0


def _say_the_price(request: TrustRequest, specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask) -> None:
    pages = 1 + sum(EXTRA_READINGS[question] for question in request.questions)
    cost = price(specs, [page] * pages, task)
    if isinstance(cost, Free) or request.agreed:
        return
    about = f"for about {in_words(cost)}" if isinstance(cost, Usd) else "at prices that are not published"
    raise UnusableCommand(f"This takes {pages} readings of {len(specs)} engines {about}. To go on, add --yes.")


def _answers(request: TrustRequest, page: PageImage, readings: Mapping[str, Reading], read: Read) -> TrustAnswers:
    """The questions one after the other: engines on this machine get slower when asked all at once."""
    texts = {engine_id: reading.text for engine_id, reading in readings.items()}
    runs: list[EngineRun] = []

    def again(of: PageImage) -> Sequence[EngineRun]:
        new = read(of)
        runs.extend(new)
        return new

    invented = repeated = endured = None
    if "invent" in request.questions:
        canaries = canaries_for(page, readings)
        invented = _traps(canaries, inventions((canary, run) for canary in canaries for run in again(canary.page)))
    if "repeat" in request.questions:
        repeated = steadiness(texts, [run for probe in repeats_of(page) for run in again(probe.page)], request.rules)
    if "endure" in request.questions:
        after = [(probe.name, run) for probe in damaged(page) for run in again(probe.page)]
        endured = endurance(texts, after, request.reference, request.rules)
    failed = sum(run.transcription is None for run in runs)
    reference = bool(request.reference.strip())
    return TrustAnswers(str(request.path), len(runs) + len(texts), failed, reference, invented, repeated, endured)


def _traps(
    canaries: Sequence[Canary], found: Mapping[str, Sequence[Caught | None]]
) -> Mapping[str, tuple[TrapAnswer, ...]]:
    return {
        engine_id: tuple(
            TrapAnswer(canary.trap, canary.own, one.verdict if one else None, one.words if one else ())
            for canary, one in zip(canaries, caught, strict=True)
        )
        for engine_id, caught in found.items()
    }
