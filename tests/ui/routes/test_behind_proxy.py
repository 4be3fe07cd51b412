"""The app published under a prefix, by proxies that take it off and by those that leave it on."""

import gradio as gr
import httpx2
import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ui.routes.gate import BehindProxy

PREFIXES = ("", "/ocr", "/inkquest", "/inkquest/page", "/r", "/tools/inkquest", "/gradio_api/inkquest")
OWN = {
    "/inkquest/health": "health",
    "/inkquest/page/abc.png": "page abc.png",
    "/inkquest/export/abc/panels.png": "export abc panels.png",
    f"/r/{'a' * 22}": f"share {'a' * 22}",
    f"/r/{'a' * 22}/page.jpg": f"picture {'a' * 22}",
    "/r/shared.css": "style",
}
GRADIOS = ("/config", "/theme.css", "/gradio_api/info")


def told(word):
    def endpoint(request):
        return PlainTextResponse(" ".join([word, *request.path_params.values()]))

    return endpoint


ROUTES = [
    Route("/inkquest/health", told("health")),
    Route("/inkquest/page/{name}", told("page")),
    Route("/inkquest/export/{name}/{file}", told("export")),
    Route("/inkquest/keys", told("key"), methods=["POST"]),
    Route("/r/shared.css", told("style")),
    Route("/r/{share_id}", told("share")),
    Route("/r/{share_id}/page.jpg", told("picture")),
]


@pytest.fixture(scope="module", params=PREFIXES, ids=lambda prefix: prefix or "none")
def published(request):
    """Prefix and address of an app that knows its prefix, without the proxy."""
    with gr.Blocks(analytics_enabled=False) as app:
        gr.HTML()
    routes = [BehindProxy(route) for route in ROUTES]
    _, url, _ = app.launch(
        root_path=request.param, app_kwargs={"routes": routes}, prevent_thread_lock=True, quiet=True, ssr_mode=False
    )
    yield request.param, f"http://127.0.0.1:{httpx2.URL(url).port}"
    app.close()


@pytest.mark.parametrize("proxy", ["takes the prefix off", "leaves it on"])
def test_every_address_is_found(published, proxy):
    prefix, url = published
    arrives = url + (prefix if proxy == "leaves it on" else "")
    assert {path: httpx2.get(arrives + path).text for path in OWN} == OWN
    assert httpx2.post(f"{arrives}/inkquest/keys").text == "key"
    assert httpx2.get(f"{arrives}/inkquest/keys").status_code == 405
    for path in GRADIOS:
        answer = httpx2.get(arrives + path)
        assert answer.status_code == 200, path
        assert answer.text not in OWN.values()
