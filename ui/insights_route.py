"""What went wrong, on demand: the browser posts readings and reference when details are opened.

Stateless, so that opening details never waits for a comparison and typing never pays for details nobody looks at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from metrics.normalising import Rules
from playground.insight import insight_of
from playground.partial import partial_scores
from ui.correction_view import CorrectionRequest, correction_html
from ui.html import render
from ui.insights_view import insight_html

MOST_BYTES = 400_000
MOST_TYPED_LINES = 300
Asked = TypeVar("Asked")
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class InsightRequest:
    """What a panel knows of itself."""

    reference: str
    hypothesis: str
    rules: Rules
    language: str = "en"
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartialRequest:
    """Some lines of the page, and every reading by the engine's label."""

    reference: str
    readings: dict[str, str]
    rules: Rules


def insights_routes() -> list[Route]:
    """To be mounted in the app."""
    return [
        Route("/inkquest/insight", partial(_answer, InsightRequest, _insight), methods=["POST"]),
        Route("/inkquest/partial", partial(_answer, PartialRequest, _partial), methods=["POST"]),
        Route("/inkquest/correction", partial(_answer, CorrectionRequest, correction_html), methods=["POST"]),
    ]


async def _answer(asks: type[Asked], html: Callable[[Asked], str], request: Request) -> Response:
    if int(request.headers.get("content-length", MOST_BYTES + 1)) > MOST_BYTES:
        return Response("This text is too long to look into.", 413, headers=HEADERS)
    try:
        asked = TypeAdapter(asks).validate_json(await request.body())
    except ValidationError:
        return Response("Send the texts and the rules as JSON.", 400, headers=HEADERS)
    return HTMLResponse(await run_in_threadpool(html, asked), headers=HEADERS)


def _partial(asked: PartialRequest) -> str:
    if asked.reference.count("\n") > MOST_TYPED_LINES:
        return render("problem.html", message="These are too many lines for a sample of the page.")
    return render("partial.html", scores=partial_scores(asked.reference, asked.readings, asked.rules))


def _insight(asked: InsightRequest) -> str:
    readings = (asked.hypothesis, *asked.others)
    found = insight_of(asked.reference, asked.hypothesis, asked.rules, language=asked.language, readings=readings)
    return insight_html(found)
