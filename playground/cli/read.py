"""`python -m playground read`: images through several engines; `score`: texts; `trust`: three questions.

Images are read one after the other, shown or written as JSON. Texts are two files or a file with one pair a line.

Trust asks whether an engine invents, is the same each time, needs a perfect scan: it reads the page once, then once for
every trap, repetition and damage. What costs money says its price and wants a yes.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

from rich.console import Console

from engines.catalogue import labels_of
from engines.contract import EngineSpec, PageImage, ReadingTask
from engines.pricing import Free, Usd, in_words
from engines.registry import not_known_to_read
from metrics.comparing_texts import compare_texts
from metrics.error_rate import Assumptions, ErrorRate, cer, wer
from metrics.normalising import Rules
from playground.cli.page_files import (
    PageFile,
    UnusableCommand,
    page_files,
    read_bytes,
    read_text,
    reference_beside,
    take_page,
)
from playground.cli.terminal import (
    print_differences,
    print_page,
    print_ranking,
    print_rules,
    print_scores,
    print_together,
    print_totals,
    print_trust,
    progress_bars,
    visible,
)
from playground.documents import ScoreDocument, read_document, refused_document, score_document, to_json
from playground.engine_runs import EngineRun, readings_of
from playground.offer import Offer
from playground.panel import panels_of, together_view
from playground.scoring import Scores, score_runs, task_for, totals
from playground.settings import Settings
from playground.share.exporting import PictureOfPage, different, files_of, written_readings
from playground.trust import INQUIRIES, Asked, Question, TrustAnswers, price
from playground.uploads import OwnReading, UploadRefused, accept_reading, refuse_namesakes
from playground.verdict import verdict_of


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What was asked for; no engine ids means those that need neither key nor download, or with readings none."""

    paths: tuple[Path, ...]
    engine_ids: tuple[str, ...]
    readings: tuple[tuple[str, Path], ...]
    """Who has read the one image elsewhere, and the file that says what."""
    reference: str | None
    references_beside: bool
    language: str
    rules: Rules
    assumed: Assumptions
    turns: bool
    """Whether pages that certainly lie wrong are turned."""
    as_json: bool
    together: bool
    write: tuple[str, ...] = ()
    """Names of `FORMATS` in which each reading is written below `out`."""
    out: Path = Path()


@dataclass(frozen=True, slots=True)
class PageResult:
    """What became of one file: a page with its runs, or the reason why it is none."""

    name: str
    task: ReadingTask
    page: PageImage | None = None
    runs: tuple[EngineRun, ...] = ()
    scores: Scores | None = None
    turned: int = 0
    remark: str = ""
    error: str = ""

    @property
    def complete(self) -> bool:
        """Whether every engine read the page."""
        return not self.error and all(run.transcription is not None for run in self.runs)


def read(request: ReadRequest) -> bool:
    """Read every image and print what came out; true only if every engine read every image.

    Raises `UnusableCommand` or `UnusableSetting`; a file that is no page is told and stops no other.
    """
    settings = Settings.from_env(os.environ)
    offer = Offer.from_settings(settings, os.environ)
    own = own_readings(request.readings)
    specs = [] if own and not request.engine_ids else chosen_engines(offer, request.engine_ids)
    shown = [*specs, *(one.spec for one in own)]
    images = page_files(request.paths)
    if request.reference is not None and len(images) != 1:
        raise UnusableCommand(f"--reference is for one image, but there are {len(images)}; use --references-beside.")
    if own and len(images) != 1:
        raise UnusableCommand(f"--reading is for one image, but there are {len(images)}; use python -m evaluation run.")
    for said in filter(None, (not_known_to_read(spec, [request.language]) for spec in specs)):
        print(said, file=sys.stderr)
    stems = different([image.stem for image in images])
    complete = True
    runs: list[EngineRun] = []
    scores: list[Scores] = []
    for image, stem in zip(images, stems, strict=True):
        result = _read_file(image, request, offer, specs, own)
        _print_result(result, shown, request)
        if result.page and request.write:
            _write(result.page, image.path.name, stem, result.runs, request, labels_of(shown))
        complete = complete and result.complete
        runs += result.runs
        scores += [result.scores] if result.scores else []
    if scores and not request.as_json:
        print_rules(Console(), request.rules)
    if len(images) > 1 and not request.as_json:
        print_totals(Console(), totals(runs, scores), labels_of(shown))
    return complete


def chosen_engines(offer: Offer, engine_ids: Sequence[str]) -> list[EngineSpec]:
    """The engines asked for, or those that are ready without a key; raises `UnusableCommand`."""
    try:
        specs = [offer.spec(engine_id) for engine_id in engine_ids or offer.ready_without_keys()]
    except KeyError as error:
        raise UnusableCommand(error.args[0]) from None
    if not specs:
        raise UnusableCommand("No engine is ready here. See what is missing: python -m playground engines")
    return specs


def _read_file(
    image: PageFile,
    request: ReadRequest,
    offer: Offer,
    specs: Sequence[EngineSpec],
    own: Sequence[OwnReading],
) -> PageResult:
    seconds = offer.settings.limits.deadline_seconds
    try:
        taken = take_page(image, offer.orientation if request.turns else None)
        reference = reference_beside(image) if request.references_beside else request.reference
    except (UploadRefused, UnusableCommand) as error:
        return PageResult(str(image), task_for(None, request.language, seconds), error=str(error))
    task = task_for(taken.page, request.language, seconds)
    with progress_bars(specs) as (doing, ended):
        runs = []
        for run in offer.compare(specs, taken.page, task, visitor="", stop=Event(), on_progress=doing):
            ended(run.engine_id, run.outcome.kind)
            runs.append(run)
    runs += [one.run_on(taken.page, taken.turned) for one in own]
    scores = score_runs(runs, reference, request.rules) if reference and reference.strip() else None
    return PageResult(str(image), task, taken.page, tuple(runs), scores, taken.turned, taken.remark)


def own_readings(named: Iterable[tuple[str, Path]]) -> list[OwnReading]:
    """What others have read, from files of any format we know; raises `UnusableCommand`."""
    try:
        own = [OwnReading(name, accept_reading(read_bytes(path), path.name)) for name, path in named]
        refuse_namesakes(own)
    except UploadRefused as error:
        raise UnusableCommand(str(error)) from None
    return own


def _print_result(result: PageResult, specs: Sequence[EngineSpec], request: ReadRequest) -> None:
    task = result.task
    if result.error or result.remark:
        print(visible(result.error or f"{result.name}: {result.remark}"), file=sys.stderr)
    if request.as_json:
        document = (
            read_document(result.name, result.page, task, result.runs, result.scores, request.assumed, result.turned)
            if result.page
            else refused_document(result.name, task, result.error)
        )
        print(to_json(document), flush=True)
    elif result.page:
        print_page(Console(), result.name, result.runs, result.scores, labels_of(specs))
        by_id, scores = {spec.id: spec for spec in specs}, result.scores or Scores("", request.rules, ())
        if len(result.runs) > 1:
            answers = panels_of(result.runs, scores.reference, request.rules, by_id)
            print_ranking(Console(), verdict_of(answers, task.language))
        if request.together:
            print_together(Console(), together_view(result.runs, scores, by_id))


def _write(
    page: PageImage, name: str, stem: str, runs: Sequence[EngineRun], request: ReadRequest, labels: Mapping[str, str]
) -> None:
    """STEM.ENGINE.SUFFIX for each reading; raises `UnusableCommand` where the folder takes none."""
    written = written_readings(runs, PictureOfPage.of(name, page, request.write), labels, datetime.now(UTC))
    for called, engine_id, made in files_of(written, request.write):
        path = request.out / f"{stem}.{called}"
        try:
            request.out.mkdir(parents=True, exist_ok=True)
            path.write_bytes(made.write(written[engine_id].page))
        except OSError as error:
            raise UnusableCommand(f"{path} cannot be written: {error.strerror}.") from None
        print(visible(f"Wrote {path}"), file=sys.stderr)
    for engine_id, reading in written.items():
        print(visible(f"{labels[engine_id]}: {reading.boxes}"), file=sys.stderr)


def score_files(reference_path: str, hypothesis_path: str, rules: Rules, language: str, *, as_json: bool) -> bool:
    """Score one text against another and print the result."""
    reference, hypothesis = read_text(reference_path), read_text(hypothesis_path)
    if as_json:
        print(to_json(score_document(reference, hypothesis, rules, language)))
        return True
    compared = compare_texts(reference, hypothesis, rules)
    console = Console()
    print_differences(console, compared)
    print_scores(console, compared.cer, compared.wer)
    print_rules(console, rules)
    return True


def score_pairs(path: str, rules: Rules, *, as_json: bool) -> bool:
    """Score a file of {"reference": ..., "hypothesis": ...} lines as it is read; stops at the first line that is none.

    As JSON one result a line, else the rates over all pairs: errors and lengths summed.
    """
    total_cer, total_wer = ErrorRate(), ErrorRate()
    for reference, hypothesis in _pairs(path):
        rates = cer(reference, hypothesis, rules), wer(reference, hypothesis, rules)
        if as_json:
            print(to_json(ScoreDocument(*rates, rules)))
        total_cer += rates[0]
        total_wer += rates[1]
    if not as_json:
        print_scores(Console(), total_cer, total_wer)
        print_rules(Console(), rules)
    return True


def _pairs(path: str) -> Iterator[tuple[str, str]]:
    try:
        with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield _pair(line, f"{path}, line {number}")
    except OSError as error:
        raise UnusableCommand(f"{path} cannot be read: {error.strerror}.") from None


def _pair(line: bytes, place: str) -> tuple[str, str]:
    try:
        pair = json.loads(line)
    except ValueError as error:
        raise UnusableCommand(f"{place} is not JSON: {error}.") from None
    match pair:
        case {"reference": str(reference), "hypothesis": str(hypothesis)}:
            return reference, hypothesis
    raise UnusableCommand(f'{place} must be {{"reference": "...", "hypothesis": "..."}} with two texts.')


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
