"""`python -m playground trust`: does an engine invent, is it the same each time, does it need a perfect scan?

Reads the page once, then once for every trap, repetition and damage. What costs money says its price and wants a yes.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from threading import Event
from typing import Any

from rich.console import Console

from engines.catalogue import labels_of
from engines.contract import EngineSpec, PageImage, ReadingTask
from engines.pricing import Free, Usd, in_words
from metrics.normalising import Rules
from playground.cli.page_files import PageFile, UnusableCommand, take_page
from playground.cli.read import chosen_engines
from playground.cli.terminal import print_trust, progress_bars, visible
from playground.documents import to_json
from playground.engine_runs import EngineRun, readings_of
from playground.offer import Offer
from playground.scoring import task_for
from playground.settings import Settings
from playground.trust import INQUIRIES, Asked, Question, TrustAnswers, price
from playground.uploads import UploadRefused


@dataclass(frozen=True, slots=True)
class TrustRequest:
    """What was asked for; `agreed` says yes to the price beforehand."""

    image: PageFile
    engine_ids: tuple[str, ...]
    questions: tuple[Question, ...]
    reference: str
    language: str
    rules: Rules
    turns: bool
    agreed: bool
    as_json: bool


def trust(request: TrustRequest) -> bool:
    """Ask the questions and print the answers; true only if every engine read everything.

    Raises `UnusableCommand`, also where it costs money and nobody agreed, or `UnusableSetting`.
    """
    settings = Settings.from_env(os.environ)
    offer = Offer.from_settings(settings, os.environ)
    specs = chosen_engines(offer, request.engine_ids)
    try:
        taken = take_page(request.image, offer.orientation if request.turns else None)
    except UploadRefused as refusal:
        raise UnusableCommand(str(refusal)) from None
    page = taken.page
    task = task_for(page, request.language, settings.limits.deadline_seconds)
    if taken.remark:
        print(visible(taken.remark), file=sys.stderr)
    _say_the_price(request, specs, page, task)
    with progress_bars(specs) as (doing, _):

        def read(engines: Sequence[EngineSpec], of: PageImage) -> Sequence[EngineRun]:
            return tuple(offer.compare(engines, of, task, visitor="", stop=Event(), on_progress=doing))

        readings = readings_of(read(specs, page))
        asked = [spec for spec in specs if spec.id in readings]
        answers = _answers(request, Asked(page, readings, request.reference, request.rules), partial(read, asked))
    if request.as_json:
        print(to_json(answers))
    else:
        print_trust(Console(), answers, labels_of(specs))
    return len(asked) == len(specs) and answers.failed == 0


def _say_the_price(request: TrustRequest, specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask) -> None:
    pages = 1 + sum(INQUIRIES[question].further for question in request.questions)
    cost = price(specs, [page] * pages, task)
    if isinstance(cost, Free) or request.agreed:
        return
    about = f"for about {in_words(cost)}" if isinstance(cost, Usd) else "at prices that are not published"
    raise UnusableCommand(f"This takes {pages} readings of {len(specs)} engines {about}. To go on, add --yes.")


def _answers(request: TrustRequest, asked: Asked, read: Callable[[PageImage], Sequence[EngineRun]]) -> TrustAnswers:
    """The questions one after the other: engines on this machine get slower when asked all at once."""
    answers: dict[str, Any] = {}
    runs: list[EngineRun] = []
    for question in request.questions:
        inquiry = INQUIRIES[question](asked)
        for _ in inquiry.run(read):
            pass
        answers[inquiry.told_as] = inquiry.answer()
        runs += (run for _, run in inquiry.runs)
    failed = sum(run.transcription is None for run in runs)
    return TrustAnswers(
        str(request.image), len(runs) + len(asked.readings), failed, bool(request.reference.strip()), **answers
    )
