"""What the first answer of the app holds before any script has run: our tags, our style, and the strip at the top.

Gradio's own `head=` is applied in the browser, where chat programs do not look and after the first paint, so that the
page would be drawn twice: all of it stands in the page's template instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gradio import routes
from jinja2 import BaseLoader, Environment
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from samples import load_samples
from translations import ENGLISH, LANGUAGES, _, language
from ui.html import STATIC, LaidOut, page_head, render

PAGE = "frontend/index.html"
PICTURE = "inkquest/preview.jpg"
HERE = Path(__file__).parent
SENTENCES = ("label", "info", "placeholder", "value")
"""What a component says of itself; a value that is no sentence of ours stands in no catalogue."""
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
            source = source.replace('lang="en"', 'lang="{{ language() }}"', 1)
            source = source.replace("</head>", "{{ page_head(language()) }}\n</head>", 1)
            source = source.replace("<gradio-app", "{{ masthead() }}\n<gradio-app", 1)
            source = source.replace("{{ config | toorjson }}", "{{ config | said | toorjson }}", 1)
        return source, path, is_fresh

    @classmethod
    def take_over(cls) -> None:
        """From now on every page that Gradio serves begins so."""
        environment = routes.templates.env
        if environment.loader is not None and not isinstance(environment.loader, cls):
            environment.loader = cls(environment.loader)
            environment.globals |= {"_": _, "language": language, "masthead": _masthead, "page_head": page_head}
            environment.filters["said"] = said


def _masthead() -> Markup:
    return Markup(render("masthead.html", languages=LANGUAGES))  # noqa: S704 - our own template


def said(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Gradio's account of a screen, which is laid out once for all, in the language of whoever opens it now."""
    if language() == ENGLISH:
        return config
    return {**config, "components": [{**part, "props": _said(part["props"])} for part in config["components"]]}


def _said(props: Mapping[str, Any]) -> Mapping[str, Any]:
    told: dict[str, object] = {name: _drawn(props[name]) for name in SENTENCES if isinstance(props.get(name), str)}
    if "choices" in props:
        told["choices"] = [(_drawn(name), value) for name, value in props["choices"]]
        told.pop("value", None)  # one of the choices
    if isinstance(props.get("value"), list):
        told["value"] = [_captioned(part) for part in props["value"]]
    return {**props, **told}


def _drawn(sentence: str) -> str:
    return sentence.draw() if isinstance(sentence, LaidOut) else _(sentence)


def _captioned(part: object) -> object:
    """A picture of a gallery, or anything else that a list may hold."""
    return {**part, "caption": _(part["caption"])} if isinstance(part, dict) and part.get("caption") else part


def first_paint_routes() -> list[Route]:
    """The picture of the preview, the samples' and the fonts, to be mounted in the app."""
    samples = {sample.image.name: sample.image for sample in load_samples()}
    thumbnails = {sample.thumbnail.name: sample.thumbnail for sample in load_samples()}
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

    async def thumbnail(request: Request) -> Response:
        path = thumbnails.get(request.path_params["name"])
        if path is None:
            return Response("There is no such sample.", status_code=404)
        return FileResponse(path, headers=_KEPT_A_DAY)

    return [
        Route(f"/{PICTURE}", picture),
        Route("/inkquest/sample/thumbnails/{name}", thumbnail),
        Route("/inkquest/sample/{name}", sample),
        Route("/inkquest/fonts/{name}", font),
    ]
