"""What chat programs and search engines show of a link to the app, in place of what Gradio says of itself.

Gradio's own `head=` is applied in the browser, where such programs do not look: the tags stand in the page's template.
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

PAGE = "frontend/index.html"
PICTURE = "inkquest/preview.jpg"
HERE = Path(__file__).parent
_ITS_TAGS = re.compile(r"<meta\s+(?:property|name)=\"(?:og|twitter):[^>]*>\s*")


class OwnPreview(BaseLoader):
    """Gradio's templates, its page with our tags; these are filled with the page's own address, as Gradio knows it."""

    def __init__(self, gradios: BaseLoader) -> None:
        self._gradios = gradios
        self._tags = (HERE / "templates" / "link_preview.html").read_text(encoding="utf-8")

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        source, path, is_fresh = self._gradios.get_source(environment, template)
        if template == PAGE:
            source = _ITS_TAGS.sub("", source).replace("<head>", "<head>\n" + self._tags, 1)
        return source, path, is_fresh

    @classmethod
    def take_over(cls) -> None:
        """From now on every page that Gradio serves has our tags."""
        environment = routes.templates.env
        if environment.loader is not None and not isinstance(environment.loader, cls):
            environment.loader = cls(environment.loader)


def preview_route() -> Route:
    """The picture, to be mounted in the app."""

    async def picture(_request: Request) -> Response:
        headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
        return FileResponse(HERE.parent / "samples" / "thumbnail.jpg", media_type="image/jpeg", headers=headers)

    return Route(f"/{PICTURE}", picture)
