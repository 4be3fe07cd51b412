"""What the first answer of the app holds before any script has run: our tags, our style, and the strip at the top.

Gradio's own `head=` is applied in the browser, where chat programs do not look and after the first paint, so that the
page would be drawn twice: all of it stands in the page's template instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from gradio import routes
from jinja2 import BaseLoader, Environment
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from samples import load_samples
from ui.html import STATIC, page_head, render

PAGE = "frontend/index.html"
PICTURE = "inkquest/preview.jpg"
HERE = Path(__file__).parent
_ITS_TAGS = re.compile(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*")
_KEPT_A_DAY = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}


class OwnFirstPaint(BaseLoader):
    """Gradio's templates, its page with our tags, style and strip; tags are filled with the page's own address."""

    def __init__(self, gradios: BaseLoader) -> None:
        self._gradios = gradios
        self._tags = (HERE / "templates" / "first_paint.html").read_text(encoding="utf-8")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, is_fresh = self._gradios.get_source(environment, template)
        if template == PAGE:
            source = _ITS_TAGS.sub("", source).replace("<head>", "<head>\n" + self._tags, 1)
            source = _with_before("</head>", page_head(), source)
            source = _with_before("<gradio-app", render("masthead.html"), source)
        return source, path, is_fresh

    @classmethod
    def take_over(cls) -> None:
        """From now on every page that Gradio serves begins so."""
        environment = routes.templates.env
        if environment.loader is not None and not isinstance(environment.loader, cls):
            environment.loader = cls(environment.loader)


def _with_before(tag: str, html: str, source: str) -> str:
    """Ours as it stands: it is no template for Gradio's environment."""
    return source.replace(tag, "{% raw %}" + html + "{% endraw %}\n" + tag, 1)


def first_paint_routes() -> list[Route]:
    """The picture of the preview, the samples' and the fonts, to be mounted in the app."""
    samples = {sample.image.name: sample.image for sample in load_samples()}
    fonts = {path.name: path for path in (STATIC / "fonts").glob("*.woff2")}

    async def picture(_request: Request) -> Response:
        return FileResponse(HERE.parent / "samples" / "thumbnail.jpg", media_type="image/jpeg", headers=_KEPT_A_DAY)

    async def font(request: Request) -> Response:
        path = fonts.get(request.path_params["name"])
        if path is None:
            return Response("There is no such font.", status_code=404)
        return FileResponse(path, media_type="font/woff2", headers=_KEPT_A_DAY)

    async def sample(request: Request) -> Response:
        path = samples.get(request.path_params["name"])
        if path is None:
            return Response("There is no such sample.", status_code=404)
        return FileResponse(path, media_type="image/jpeg", headers=_KEPT_A_DAY)

    return [
        Route(f"/{PICTURE}", picture),
        Route("/inkquest/sample/{name}", sample),
        Route("/inkquest/fonts/{name}", font),
    ]
