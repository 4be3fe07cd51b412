"""`/r/<id>`: a shared comparison or evaluation as plain HTML outside Gradio, and its deletion.

SECURITY: no script, nothing foreign. Unknown, malformed, expired and deleted links get the same answer. Following a
link never deletes: only the form does, because mail programs and chat bots follow links.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from urllib.parse import parse_qs

from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from engines.contract import EngineSpec
from playground.host.admission import Apart, NotCounted
from playground.host.budget import Payers
from playground.share.sharing import SharedComparison, Sharing
from playground.storage.blobs import StoreUnavailable
from translations import _, language
from ui.html import SHARED_STYLE, own_files, render
from ui.routes.connections import payer_of
from ui.routes.downloads import COMPARISON_FILES, MadeFiles, attached, drawn, exported, reading_files, view_of_share

DEEPER = "../shared.css"
PAGES_KEPT = 32
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class SharedPages:
    """The routes under `/r`; all addresses inside the pages are relative, so they work under any root path."""

    def __init__(
        self,
        sharing: Sharing,
        specs: Sequence[EngineSpec],
        payers: Payers,
        apart: Apart,
        count: Callable[[str], None] = lambda event: None,
    ) -> None:
        """`count` is told "opened" and "deleted", never which."""
        self._sharing = sharing
        self._specs = specs
        self._payers = payers
        self._apart = apart
        self._count = count
        fonts = str(own_files("fonts.css")).replace('url("', 'url("../')  # as seen from `/r`
        self._css = f"{fonts}\n{own_files(*SHARED_STYLE)}".encode()
        self._memo_css = f"{fonts}\n{own_files(*SHARED_STYLE, 'evaluate.css')}".encode()
        # A share never changes but for the language, and the store is asked each time whether it is still there.
        self._drawn = lru_cache(PAGES_KEPT)(self._draw)
        self._made = MadeFiles()

    def routes(self) -> list[Route]:
        """What to mount in the app, before Gradio's own routes."""
        return [
            Route("/r/shared.css", self._style),
            Route("/r/memo.css", self._style),
            Route("/r/{share_id}", self._page),
            Route("/r/{share_id}/page.jpg", self._picture),
            Route("/r/{share_id}/delete", self._ask_to_delete, methods=["GET"]),
            Route("/r/{share_id}/delete", self._delete, methods=["POST"]),
            Route("/r/{share_id}/{file}", self._export),
        ]

    def _style(self, request: Request) -> Response:
        css = self._memo_css if request.url.path.endswith("memo.css") else self._css
        headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
        return Response(css, media_type="text/css", headers=headers)

    def _page(self, request: Request) -> Response:
        def answer(shared: SharedComparison) -> Response:
            self._count("opened")
            return HTMLResponse(self._drawn(shared, f"{_base(request)}/r/{shared.id}", language()), headers=HEADERS)

        def look() -> Response:
            memo = self._sharing.open_memo(request.path_params["share_id"])
            if memo is None:
                return _gone()
            self._count("opened")
            body = Markup(memo.body)  # noqa: S704  (made by autoescape, and kept as it was made)
            return HTMLResponse(render("shared_memo.html", memo=memo, body=body), headers=HEADERS)

        return self._answered(request, answer, otherwise=look)

    def _draw(self, shared: SharedComparison, address: str, _spoken: str) -> str:
        picture = self._sharing.picture(shared.id)
        return drawn(self._apart, page_html, shared, shared, picture, address, self._specs)

    def _picture(self, request: Request) -> Response:
        def answer(shared: SharedComparison) -> Response:
            picture = self._sharing.picture(shared.id)
            return Response(picture, media_type="image/jpeg", headers=HEADERS) if picture else _gone()

        return self._answered(request, answer)

    def _export(self, request: Request) -> Response:
        name = request.path_params["file"]

        def answer(shared: SharedComparison) -> Response:
            def make() -> tuple[str, bytes] | None:
                picture = self._sharing.picture(shared.id)
                return drawn(self._apart, exported, shared, name, shared, picture, self._specs)

            made = self._made.get(f"{shared.id}/{name}", make, payer_of(self._payers, request.client, request.headers))
            if made is None:
                return _gone()
            media_type, content = made
            # Shown in place only where it is a picture: our address must not serve a page made elsewhere.
            saved = {"Content-Disposition": "inline"} if media_type == "image/png" else attached(name)
            return Response(content, headers=HEADERS | saved, media_type=media_type)

        return self._answered(request, answer)

    def _answered(
        self,
        request: Request,
        answer: Callable[[SharedComparison], Response],
        otherwise: Callable[[], Response] | None = None,
    ) -> Response:
        try:
            shared = self._sharing.open_share(request.path_params["share_id"])
            return answer(shared) if shared else (otherwise or _gone)()
        except StoreUnavailable:
            return _unavailable()
        except NotCounted as refusal:
            return Response(str(refusal), status_code=503, headers=HEADERS)

    def _ask_to_delete(self, request: Request) -> Response:
        # No look at the store: the form looks the same for every id.
        sentence = _("The link and all that it shows will be erased. This cannot be undone.")
        token = request.query_params.get("token", "")
        return _notice(_("Delete what this link shows?"), sentence, 200, DEEPER, token)

    async def _delete(self, request: Request) -> Response:
        fields = parse_qs((await request.body()).decode(errors="replace"))
        token = fields.get("token", [""])[0]
        try:
            done = await run_in_threadpool(self._sharing.delete_share, request.path_params["share_id"], token)
        except StoreUnavailable:
            return _unavailable(DEEPER)
        if not done:
            return _gone(DEEPER)
        self._drawn.cache_clear()  # erased means erased here, too
        self._made = MadeFiles()
        self._count("deleted")
        return _notice(_("Deleted"), _("The link and all that it showed are erased."), 200, DEEPER)


def page_html(shared: SharedComparison, picture: bytes | None, address: str, specs: Sequence[EngineSpec]) -> str:
    """What the link shows; `address` is its own."""
    return render(
        "shared.html",
        view=view_of_share(shared, specs),
        picture=f"{shared.id}/page.jpg" if shared.has_picture else "",
        address=address,
        downloads=tuple(COMPARISON_FILES),
        readings=reading_files(shared, picture, specs),
    )


def _gone(css: str = "shared.css") -> Response:
    why = _("This link is unknown, has ended, or was deleted by whoever shared it.")
    return _notice(_("Nothing here"), why, 404, css)


def _unavailable(css: str = "shared.css") -> Response:
    return _notice(_("Not now"), _("The store does not answer. Try again in a minute."), 503, css)


def _notice(title: str, sentence: str, status: int, css: str, token: str | None = None) -> Response:
    html = render("shared_notice.html", title=title, sentence=sentence, token=token, css=css)
    return HTMLResponse(html, status, headers=HEADERS)


def _base(request: Request) -> str:
    """The app's own address as the visitor sees it; a Space's proxy says https in a header."""
    prefix = str(request.scope.get("root_path", "")).rstrip("/")
    if prefix.startswith(("http://", "https://")):
        return prefix  # GRADIO_ROOT_PATH may be the whole address
    scheme = "https" if request.headers.get("x-forwarded-proto", "").startswith("https") else request.url.scheme
    return f"{scheme}://{request.url.netloc}{prefix}"
