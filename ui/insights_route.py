"""What went wrong, on demand: the browser posts one reading and its reference when a panel's details are opened.

Stateless, so that opening details never waits for a comparison and typing never pays for details nobody looks at.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from metrics.normalising import Rules
from playground.insight import insight_of
from ui.insights_view import insight_html

MOST_BYTES = 400_000
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class InsightRequest:
    """What a panel knows of itself."""

    reference: str
    hypothesis: str
    rules: Rules
    language: str = "en"
    others: tuple[str, ...] = ()


def insights_route() -> Route:
    """To be mounted in the app."""
    return Route("/inkquest/insight", _answer, methods=["POST"])


async def _answer(request: Request) -> Response:
    if int(request.headers.get("content-length", MOST_BYTES + 1)) > MOST_BYTES:
        return Response("This text is too long to look into.", 413, headers=HEADERS)
    try:
        asked = TypeAdapter(InsightRequest).validate_json(await request.body())
    except ValidationError:
        return Response("Send reference, hypothesis and rules as JSON.", 400, headers=HEADERS)
    return HTMLResponse(await run_in_threadpool(_html, asked), headers=HEADERS)


def _html(asked: InsightRequest) -> str:
    readings = (asked.hypothesis, *asked.others)
    found = insight_of(asked.reference, asked.hypothesis, asked.rules, language=asked.language, readings=readings)
    return insight_html(found)
