"""Files of a comparison to take along: made when they are asked for, under an unguessable name, from memory."""

from __future__ import annotations

import base64
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from engines.contract import EngineSpec, Reading
from metrics.agreement import disagreements
from metrics.normalising import Rules
from playground.comparison import EngineRun, texts_of
from playground.scoring import EngineScore, Scores, score_runs
from playground.share.exporting import as_csv, as_json
from playground.share.panel_picture import panel_picture
from playground.share.sharing import SharedComparison
from ui.html import SHARED_STYLE, own_files, percent, render
from ui.tokens import Piece, disputed_pieces, pieces_of

MOST_KEPT = 100


class ExportShelf:
    """The latest comparisons that visitors asked to take along. Nothing is written to disk."""

    def __init__(self, specs: Sequence[EngineSpec]) -> None:
        self._specs = specs
        self._kept: OrderedDict[str, tuple[SharedComparison, bytes]] = OrderedDict()
        self._lock = Lock()

    def put(self, shared: SharedComparison, picture: bytes) -> list[tuple[str, str]]:
        """File names and their addresses, relative to the app."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[name] = (shared, picture)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return [(file, f"inkquest/export/{name}/{file}") for file in EXPORTS]

    def route(self) -> Route:
        """The route to mount in the app."""
        return Route("/inkquest/export/{name}/{file}", self._serve)

    async def _serve(self, request: Request) -> Response:
        kept, made = self._kept.get(request.path_params["name"]), EXPORTS.get(request.path_params["file"])
        if kept is None or made is None:
            return Response("This export is no longer kept. Make it again.", status_code=404)
        media_type, export = made
        body = await run_in_threadpool(export, *kept, self._specs)
        headers = {
            "Content-Disposition": f'attachment; filename="{request.path_params["file"]}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        }
        return Response(body, media_type=media_type, headers=headers)


Export = Callable[[SharedComparison, bytes | None, Sequence[EngineSpec]], bytes]


def as_html(shared: SharedComparison, picture: bytes | None, specs: Sequence[EngineSpec]) -> bytes:
    """A page that needs no network and runs no script; `picture` is a JPEG."""
    source = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" if picture else ""
    return render(
        "shared_export.html", view=view_of_share(shared, specs), picture=source, css=own_files(*SHARED_STYLE)
    ).encode()


def _json(shared: SharedComparison, _picture: bytes | None, _specs: Sequence[EngineSpec]) -> bytes:
    return as_json(shared.comparison, shared.rules).encode()


def _csv(shared: SharedComparison, _picture: bytes | None, _specs: Sequence[EngineSpec]) -> bytes:
    return as_csv(shared.comparison, shared.rules).encode("utf-8-sig")  # the mark makes Excel read UTF-8


def _png(shared: SharedComparison, _picture: bytes | None, specs: Sequence[EngineSpec]) -> bytes:
    return panel_picture(shared.comparison, shared.rules, {spec.id: spec.label for spec in specs})


EXPORTS: Mapping[str, tuple[str, Export]] = {
    "comparison.html": ("text/html; charset=utf-8", as_html),
    "comparison.json": ("application/json", _json),
    "comparison.csv": ("text/csv; charset=utf-8", _csv),
    "panels.png": ("image/png", _png),
}
"""File name -> media type and how it is made."""


@dataclass(frozen=True, slots=True)
class SharedPanel:
    """One engine as the link shows it; an engine that this host no longer lists has no row and goes by its id."""

    label: str
    vendor: str
    where: str
    model: str
    run: EngineRun
    score: EngineScore | None
    pieces: tuple[Piece, ...]
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class SharedView:
    """Everything `shared.html` draws."""

    shared: SharedComparison
    panels: tuple[SharedPanel, ...]
    has_reference: bool
    headline: str
    summary: str
    rules: str


def view_of_share(shared: SharedComparison, specs: Iterable[EngineSpec]) -> SharedView:
    """The panels in the order of the runs, with what each engine really got and what became of it."""
    comparison = shared.comparison
    rows = {spec.id: spec for spec in specs}
    scores = score_runs(comparison.runs, comparison.reference, shared.rules)
    has_reference = bool(comparison.reference.strip())
    drawn = _against_reference(scores) if has_reference else _against_each_other(comparison.runs, shared.rules)
    panels = tuple(_panel(run, rows.get(run.engine_id), scores, has_reference, drawn) for run in comparison.runs)
    return SharedView(
        shared=shared,
        panels=panels,
        has_reference=has_reference,
        headline=_headline(panels) if has_reference else f"{len(panels)} engines, one handwritten page",
        summary=", ".join(f"{panel.label} {_outcome(panel, has_reference)}" for panel in panels),
        rules=shared.rules.sentence(),
    )


def _panel(
    run: EngineRun, spec: EngineSpec | None, scores: Scores, has_reference: bool, drawn: Mapping[str, Sequence[Piece]]
) -> SharedPanel:
    reading = run.outcome if isinstance(run.outcome, Reading) else None
    whole = (Piece("equal", reading.text, reading.text, 0),) if reading else ()
    reported = reading.model_reported if reading else ""
    return SharedPanel(
        label=spec.label if spec else run.engine_id,
        vendor=spec.vendor if spec else "",
        where=("on the host's machine" if spec.runs == "local" else "cloud") if spec else "",
        model=reported or (f"{spec.model} (not reported)" if spec else "not reported"),
        run=run,
        score=scores.of(run.engine_id) if has_reference else None,
        pieces=tuple(drawn.get(run.engine_id, whole)),
        settings=_settings(reading),
    )


def _settings(reading: Reading | None) -> tuple[tuple[str, str], ...]:
    """What this engine got, where its adapter says so; the prompt and limits are the task's, for all alike."""
    if reading is None or reading.sent is None:
        return ()
    sent = reading.sent
    return (("image", f"{sent.width} x {sent.height} px"), *sent.settings)


def _against_reference(scores: Scores) -> Mapping[str, Sequence[Piece]]:
    return {score.engine_id: tuple(pieces_of(score.compared)) for score in scores.engines}


def _against_each_other(runs: Iterable[EngineRun], rules: Rules) -> Mapping[str, Sequence[Piece]]:
    texts = texts_of(runs)
    if len(texts) < 2:
        return {}
    return {reader: tuple(disputed_pieces(spans)) for reader, spans in disagreements(texts, rules).items()}


def _headline(panels: Sequence[SharedPanel]) -> str:
    best = [panel for panel in panels if panel.score and panel.score.best_cer]
    if not best or not best[0].score:
        return f"{len(panels)} engines against one reference"
    names = " and ".join(panel.label for panel in best)
    return f"{names} came closest: CER {percent(best[0].score.cer.rate)} %"


def _outcome(panel: SharedPanel, has_reference: bool) -> str:
    if not isinstance(panel.run.outcome, Reading):
        return "did not read"
    if panel.run.outcome.refused:
        return "refused"
    return f"CER {percent(panel.score.cer.rate)} %" if has_reference and panel.score else "read"
