"""Files of a run to take along: made from the ledger when they are asked for, under the run's unguessable name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evaluation.datasets.contract import DatasetUnusable
from evaluation.hosted_runs import EvaluationRuns, Held
from evaluation.report.exporting import summary_json
from evaluation.report.media import memo_html, memo_pdf
from metrics.correction_cost import Assumptions
from ui.routes.downloads import attached

Maker = Callable[[EvaluationRuns, Held], bytes]


def _memo_html(runs: EvaluationRuns, held: Held) -> bytes:
    return memo_html(runs.memo(held)).encode()


def _memo_pdf(runs: EvaluationRuns, held: Held) -> bytes:
    return memo_pdf(runs.memo(held))


def _summary(runs: EvaluationRuns, held: Held) -> bytes:
    return summary_json(runs.memo(held))


def _readings(suffix: str) -> Maker:
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


FILES: dict[str, tuple[str, Maker]] = {
    "memo.html": ("text/html; charset=utf-8", _memo_html),
    "memo.pdf": ("application/pdf", _memo_pdf),
    "summary.json": ("application/json", _summary),
    "readings.csv": ("text/csv; charset=utf-8", _readings(".csv")),
    "readings.jsonl": ("application/x-ndjson", _readings(".jsonl")),
    "readings.parquet": ("application/vnd.apache.parquet", _readings(".parquet")),
    "layouts.zip": ("application/zip", _layouts),
    "evidence.zip": ("application/zip", _evidence(with_pages=False)),
    "evidence-with-pages.zip": ("application/zip", _evidence(with_pages=True)),
}


def addresses(ticket: str) -> list[tuple[str, str]]:
    """File names and their addresses, relative to the app."""
    return [(file, f"inkquest/evaluation/{ticket}/{file}") for file in FILES]


def evaluation_route(runs: EvaluationRuns) -> Route:
    """The route to mount in the app."""

    def serve(request: Request) -> Response:
        name = request.path_params["file"]
        held, made = runs.held(request.path_params["ticket"]), FILES.get(name)
        if held is None or made is None:
            return Response("This run is no longer open. Open it again on the Evaluate screen.", status_code=404)
        media_type, make = made
        headers = attached(name) | {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        try:
            return Response(make(runs, held), media_type=media_type, headers=headers)
        except DatasetUnusable:
            return Response("The pages of this run are no longer kept here. Send them again.", status_code=404)

    return Route("/inkquest/evaluation/{ticket}/{file}", serve)
