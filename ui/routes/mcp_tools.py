"""The questions of `ui.programs` as tools of the Model Context Protocol. Imported at the first call: it takes long."""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from typing import Annotated, Any

from anyio.to_thread import run_sync
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult, ToolAnnotations
from pydantic import BeforeValidator, Field, ValidationError

from playground import VERSION
from playground.host.guard import Visitor
from playground.scoring import CONVENTIONS, RULES
from translations import ENGLISH, spoken_in
from ui.programs import (
    CONVENTION,
    ENGINES,
    HYPOTHESIS,
    KINDS,
    LANGUAGE_CODE,
    PAGE_NUMBER,
    PURPOSES,
    READINGS,
    REFERENCE,
    RULE,
    THREADS,
    USUAL_RULES,
    Page,
    Programs,
    Refused,
    page_number,
)
from ui.routes.connections import payer_of


def _listed(sent: object) -> object:
    return [sent] if isinstance(sent, str) else sent


Encoded = Annotated[str, Field(description=f"The page as base64: {KINDS}.")]
PageNumber = Annotated[int, Field(description=PAGE_NUMBER)]
OwnReadings = Annotated[list[dict[str, Any]], Field(description=READINGS)]
EngineIds = Annotated[list[str], BeforeValidator(_listed), Field(description=ENGINES)]
Code = Annotated[str, Field(description=LANGUAGE_CODE)]
ReferenceText = Annotated[str, Field(description=REFERENCE)]
Hypothesis = Annotated[str, Field(description=HYPOTHESIS)]
ConventionNames = Annotated[
    list[str], BeforeValidator(_listed), Field(description=f"{CONVENTION} Of: {'; '.join(CONVENTIONS)}.")
]
RuleNames = Annotated[list[str], BeforeValidator(_listed), Field(description=f"{RULE} Of: {'; '.join(RULES)}.")]
Answer = dict[str, Any]


class Tools(MCPServer[Any]):
    """Null stands for the default here, and what cannot be done is said in our words alone."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        said = {argument: value for argument, value in arguments.items() if value is not None}
        try:
            return await super().call_tool(name, said, context)
        except ToolError as error:
            match error.__cause__:
                case ValidationError() as fault:
                    raise ToolError(_unfit(name, fault)) from None
                case ToolError() as refusal:
                    raise refusal from None
            raise


def _unfit(tool: str, fault: ValidationError) -> str:
    """Which arguments are missing or of another type, without what was sent."""
    said = (f"{'.'.join(map(str, one['loc']))}: {one['msg'][:1].lower()}{one['msg'][1:]}" for one in fault.errors())
    return f"{tool} cannot be called so: {'; '.join(said)}. The tool's list of parameters says what it takes."


def server_of(programs: Programs) -> MCPServer[Any]:
    """A server with four tools, none of which changes anything; a refusal is an error that says what to do."""
    server = Tools("Inkquest", version=VERSION, instructions=PURPOSES["compare"], log_level="WARNING")
    told = ToolAnnotations(read_only_hint=True)

    async def compare(
        context: Context[Any, Any],
        image_base64: Encoded,
        engines: EngineIds = [],  # noqa: B006  (the schema's default)
        reference: ReferenceText = "",
        language: Code = "",
        conventions: ConventionNames = [],  # noqa: B006
        rules: RuleNames = [*USUAL_RULES],  # noqa: B006
        readings: OwnReadings = [],  # noqa: B006
        page: PageNumber = 0,
    ) -> Answer:
        visitor = _visitor(programs, context)
        try:
            data = _decoded(image_base64)
            asked = engines, reference, language, conventions, rules, readings
            found: Answer = await _told(
                lambda: programs.compare(Page(data, "page", page_number(page)), visitor, *asked)
            )
        finally:
            programs.hosting.guard.forget(visitor.session)
        return found

    async def score(
        context: Context[Any, Any],
        reference: ReferenceText,
        hypothesis: Hypothesis,
        rules: RuleNames = [*USUAL_RULES],  # noqa: B006
        language: Code = "",
    ) -> Answer:
        found: Answer = await _told(programs.score, reference, hypothesis, _visitor(programs, context), rules, language)
        return found

    async def engines() -> list[Answer]:
        found: list[Answer] = await _told(programs.engines)
        return found

    async def languages() -> Answer:
        found: Answer = await _told(programs.languages)
        return found

    for tool in (compare, score, engines, languages):
        server.add_tool(tool, description=PURPOSES[tool.__name__], annotations=told)
    return server


async def _told(ask: Callable[..., Any], *asked: object) -> Any:  # noqa: ANN401  (JSON values)
    try:
        with spoken_in(ENGLISH):
            return await run_sync(ask, *asked, limiter=THREADS)
    except Refused as refusal:
        raise ToolError(str(refusal)) from None


def _visitor(programs: Programs, context: Context[Any, Any]) -> Visitor:
    """Each call is a visit of its own; who pays is told by the address, as on the screens."""
    request = context.request_context.request
    payer = payer_of(programs.hosting.payers, request.client if request else None, context.headers or {})
    return Visitor(f"mcp-{secrets.token_urlsafe(16)}", payer)


def _decoded(encoded: str) -> bytes:
    """The bytes, of a data URL too; raises `ToolError`."""
    body = encoded.partition(",")[2] if encoded.startswith("data:") else encoded
    try:
        return base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ToolError("image_base64 is not base64. Send the file's bytes in base64.") from None
