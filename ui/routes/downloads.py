"""Files to take along, of a comparison and of a run: made when they are asked for, under an unguessable name."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engines.catalogue import labels_of, spec_of
from engines.contract import EngineSpec
from evaluation.datasets.contract import DatasetUnusable
from evaluation.hosted_runs import EvaluationRuns, Held
from evaluation.report.exporting import summary_json
from evaluation.report.media import memo_html, memo_pdf
from metrics.error_rate import Assumptions
from playground.engine_runs import readings_of
from playground.host.admission import LONG, Apart, NotCounted
from playground.host.budget import Payers
from playground.host.shelf import Shelf, TooLarge
from playground.panel import Panels, panels_of
from playground.share.exporting import as_csv, as_json, files_of, readings_of_comparison, zipped
from playground.share.pictures import panel_picture, preview_picture
from playground.share.sharing import SharedComparison
from playground.verdict import verdict_of
from translations import ENGLISH, _, language, spoken_in
from ui.html import SHARED_STYLE, own_files, render
from ui.routes.connections import payer_of

MOST_KEPT = 100
MOST_MADE_BYTES = 100_000_000
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Of every answer that is one visitor's own."""


class ExportShelf:
    """The latest comparisons that visitors asked to take along. Nothing is written to disk."""

    def __init__(self, specs: Sequence[EngineSpec], payers: Payers, apart: Apart, *, shared: bool = True) -> None:
        self.specs = specs
        self._payers = payers
        self._apart = apart
        self._kept = Shelf[tuple[SharedComparison, bytes]](MOST_KEPT, shared=shared)
        self._made = MadeFiles(shared=shared)

    def put(self, shared: SharedComparison, picture: bytes, payer: str) -> str:
        """Keep it for a while; gives the folder of its files, relative to the app."""
        name = secrets.token_urlsafe(16)
        self._kept.put(name, (shared, picture), payer)
        return f"inkquest/export/{name}"

    def route(self) -> Route:
        """The route to mount in the app."""
        return Route("/inkquest/export/{name}/{file}", self._serve)

    def _serve(self, request: Request) -> Response:
        name, file = request.path_params["name"], request.path_params["file"]
        kept = self._kept.get(name)
        payer = payer_of(self._payers, request.client, request.headers)

        def make() -> tuple[str, bytes] | None:
            return drawn(self._apart, exported, kept[0], file, *kept, self.specs) if kept else None

        try:
            made = self._made.get(f"{name}/{file}", make, payer)
        except NotCounted as refusal:
            return Response(str(refusal), status_code=503)
        if made is None:
            return Response(_("This export is no longer kept. Make it again."), status_code=404)
        media_type, body = made
        return Response(body, media_type=media_type, headers=attached(file))


class MadeFiles:
    """Files that were made once in a language, so that asking again costs nothing."""

    def __init__(self, *, shared: bool = True) -> None:
        self._kept = Shelf[tuple[str, bytes]](MOST_MADE_BYTES, shared=shared, size=lambda made: len(made[1]))

    def get(self, name: str, make: Callable[[], tuple[str, bytes] | None], payer: str) -> tuple[str, bytes] | None:
        """Media type and content, as kept or as made now."""
        called = f"{language()}/{name}"
        kept = self._kept.get(called)
        if kept is None and (kept := make()) is not None:
            with suppress(TooLarge):  # then it is made each time
                self._kept.put(called, kept, payer)
        return kept


def attached(name: str) -> dict[str, str]:
    """The headers of a file that is saved and not shown, nor kept on the way; a header takes other letters encoded."""
    plain = quote(name)
    called = f'filename="{name}"' if plain == name else f"filename*=utf-8''{plain}"
    return {"Content-Disposition": f"attachment; {called}", **HEADERS}


Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def drawn(
    apart: Apart,
    draw: Callable[Asked, Answer],
    shared: SharedComparison,
    *asked: Asked.args,
    **more: Asked.kwargs,
) -> Answer:
    """What a function of a module draws of a comparison, of long texts apart; raises `NotCounted`."""
    facts = shared.comparison
    letters = len(facts.reference) + sum(len(reading.text) for reading in readings_of(facts.runs).values())
    return draw(*asked, **more) if letters <= LONG else apart.run(letters, draw, *asked, **more)


Export = Callable[[SharedComparison, bytes | None, Sequence[EngineSpec]], bytes]


def as_html(shared: SharedComparison, picture: bytes | None, specs: Sequence[EngineSpec]) -> bytes:
    """A page that needs no network and runs no script; `picture` is a JPEG."""
    source = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" if picture else ""
    return render(
        "shared_export.html", view=view_of_share(shared, specs), picture=source, css=own_files(*SHARED_STYLE)
    ).encode(errors="replace")


def _json(shared: SharedComparison, _picture: bytes | None, _specs: Sequence[EngineSpec]) -> bytes:
    return as_json(shared.comparison, shared.rules).encode(errors="replace")


def _csv(shared: SharedComparison, _picture: bytes | None, _specs: Sequence[EngineSpec]) -> bytes:
    return as_csv(shared.comparison, shared.rules).encode("utf-8-sig", "replace")  # the mark makes Excel read UTF-8


def _png(shared: SharedComparison, _picture: bytes | None, specs: Sequence[EngineSpec]) -> bytes:
    return panel_picture(shared.comparison, shared.rules, {spec.id: spec for spec in specs})


def _readings(shared: SharedComparison, picture: bytes | None, specs: Sequence[EngineSpec]) -> bytes:
    return zipped(readings_of_comparison(shared.comparison, picture, labels_of(specs)))


COMPARISON_FILES: Mapping[str, tuple[str, Export]] = {
    "comparison.html": ("text/html; charset=utf-8", as_html),
    "comparison.json": ("application/json", _json),
    "comparison.csv": ("text/csv; charset=utf-8", _csv),
    "panels.png": ("image/png", _png),
    "readings.zip": ("application/zip", _readings),
}
"""File name -> media type and how it is made."""


PREVIEW_FILE = "preview.png"
"""For whoever shows a link; nothing to take along."""


def exported(
    file: str, shared: SharedComparison, picture: bytes | None, specs: Sequence[EngineSpec]
) -> tuple[str, bytes] | None:
    """Media type and content of a file of the comparison or of one of its readings, None for any other name."""
    if file in COMPARISON_FILES:
        media_type, export = COMPARISON_FILES[file]
        return media_type, export(shared, picture, specs)
    if file == PREVIEW_FILE:
        view = view_of_share(shared, specs)
        return "image/png", preview_picture(view.headline, view.answers.panels, picture)
    written = readings_of_comparison(shared.comparison, picture, labels_of(specs))
    for name, engine_id, made in files_of(written):
        if file == name:
            return made.media_type, made.write(written[engine_id].page)
    return None


@dataclass(frozen=True, slots=True)
class ReadingFiles:
    """One engine's reading to take along: whose boxes its files have, and label and name of each file."""

    label: str
    boxes: str
    files: tuple[tuple[str, str], ...]


def reading_files(
    shared: SharedComparison, picture: bytes | None, specs: Sequence[EngineSpec]
) -> tuple[ReadingFiles, ...]:
    """Every reading that can be written, in the order of the runs."""
    labels = {run.engine_id: spec.label for run in shared.comparison.runs if (spec := spec_of(run.engine_id, {}))}
    labels |= labels_of(specs)
    written = readings_of_comparison(shared.comparison, picture, labels)
    files: dict[str, list[tuple[str, str]]] = {}
    for name, engine_id, made in files_of(written):
        files.setdefault(engine_id, []).append((made.label, name))
    return tuple(
        ReadingFiles(labels.get(engine_id, engine_id), reading.boxes, tuple(files[engine_id]))
        for engine_id, reading in written.items()
    )


@dataclass(frozen=True, slots=True)
class SharedView:
    """Everything `shared.html` draws."""

    shared: SharedComparison
    answers: Panels
    headline: str

    @property
    def summary(self) -> str:
        """Every engine and its result in one line, for whoever shows a preview of the link."""
        return ", ".join(f"{panel.label} {panel.result}" for panel in self.answers.panels)


def view_of_share(shared: SharedComparison, specs: Iterable[EngineSpec]) -> SharedView:
    """The answers in the order of the runs, scored anew by the rules that the comparison was shared with."""
    facts = shared.comparison
    answers = panels_of(facts.runs, facts.reference, shared.rules, {spec.id: spec for spec in specs})
    return SharedView(shared, answers, verdict_of(answers, facts.task.language).title)


Maker = Callable[[EvaluationRuns, Held], bytes]


def _memo_html(runs: EvaluationRuns, held: Held) -> bytes:
    return memo_html(runs.memo(held)).encode()


def _memo_pdf(runs: EvaluationRuns, held: Held) -> bytes:
    return memo_pdf(runs.memo(held))


def _summary(runs: EvaluationRuns, held: Held) -> bytes:
    with spoken_in(ENGLISH):  # programs read it
        return summary_json(runs.memo(held))


def _zipped_readings(suffix: str) -> Maker:
    def make(runs: EvaluationRuns, held: Held) -> bytes:
        with TemporaryDirectory() as folder:
            written = runs.evaluations.export(held.run_id, Path(folder))
            return next((path.read_bytes() for path in written if path.suffix == suffix), b"")

    return make


def _layouts(runs: EvaluationRuns, held: Held) -> bytes:
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "layouts.zip"
        runs.evaluations.export_layouts(held.run_id, archive)
        return archive.read_bytes()


def _evidence(*, with_pages: bool) -> Maker:
    def make(runs: EvaluationRuns, held: Held) -> bytes:
        with TemporaryDirectory() as folder:
            archive = Path(folder) / "evidence.zip"
            assumed = Assumptions(held.hourly_rate)
            runs.evaluations.evidence(held.run_id, held.needs, assumed, archive, with_pages=with_pages)
            return archive.read_bytes()

    return make


RUN_FILES: dict[str, tuple[str, Maker]] = {
    "memo.html": ("text/html; charset=utf-8", _memo_html),
    "memo.pdf": ("application/pdf", _memo_pdf),
    "summary.json": ("application/json", _summary),
    "readings.csv": ("text/csv; charset=utf-8", _zipped_readings(".csv")),
    "readings.jsonl": ("application/x-ndjson", _zipped_readings(".jsonl")),
    "readings.parquet": ("application/vnd.apache.parquet", _zipped_readings(".parquet")),
    "layouts.zip": ("application/zip", _layouts),
    "evidence.zip": ("application/zip", _evidence(with_pages=False)),
    "evidence-with-pages.zip": ("application/zip", _evidence(with_pages=True)),
}


def addresses(ticket: str) -> list[tuple[str, str]]:
    """File names and their addresses, relative to the app."""
    return [(file, f"inkquest/evaluation/{ticket}/{file}") for file in RUN_FILES]


def evaluation_route(runs: EvaluationRuns) -> Route:
    """The route to mount in the app."""

    def serve(request: Request) -> Response:
        name = request.path_params["file"]
        held, made = runs.held(request.path_params["ticket"]), RUN_FILES.get(name)
        if held is None or made is None:
            return Response(_("This run is no longer open. Open it again on the Evaluate screen."), status_code=404)
        media_type, make = made
        headers = attached(name) | {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        try:
            return Response(make(runs, held), media_type=media_type, headers=headers)
        except DatasetUnusable:
            return Response(_("The pages of this run are no longer kept here. Send them again."), status_code=404)
        except NotCounted as refusal:
            return Response(str(refusal), status_code=503)

    return Route("/inkquest/evaluation/{ticket}/{file}", serve)
