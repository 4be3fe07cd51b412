"""T11: more visitors than fit, and one who asks for everything: at the real app, over HTTP and in a real browser."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from secrets import token_bytes

import httpx2
import pytest

from samples import load_samples
from tests.live_app import serve
from tests.loopback_vendor import LoopbackVendor
from tests.waiting import until

LINE = next(sample for sample in load_samples() if sample.id == "line")
WAITS = "openai-compatible"
BUSY = "Your page and your text stay here: try again in a minute."


@pytest.fixture
def silent():
    """A vendor that keeps everybody waiting."""
    with LoopbackVendor() as vendor:
        vendor.answering.clear()
        yield vendor
        vendor.answering.set()


@contextmanager
def serving(folder, vendor, **environment):
    process, url = serve(
        folder, OPENAI_COMPATIBLE_BASE_URL=f"{vendor.url}/v1", INKQUEST_DEADLINE_SECONDS="100", **environment
    )
    try:
        yield url
    finally:
        vendor.answering.set()
        process.terminate()
        process.wait(100)


def compared(url, engine, network="203.0.113"):
    """What `/compare` says to a program at an address of this network."""
    headers = {"X-Forwarded-For": f"{network}.7"}
    with httpx2.Client(base_url=url, headers=headers, timeout=120) as client:
        page = LINE.image.read_bytes() + token_bytes(8)  # Gradio keeps equal files once
        files = {"files": ("line.png", page, "image/png")}
        [path] = client.post("/gradio_api/upload", files=files).json()
        image = {"path": path, "orig_name": "line.png", "meta": {"_type": "gradio.FileData"}}
        call = client.post(
            "/gradio_api/call/compare", json={"data": [image, [engine], "", "en", [], [], [], None]}
        ).json()
        return client.get(f"/gradio_api/call/compare/{call['event_id']}").text


def test_whoever_finds_the_line_full_is_told_what_to_do_and_loses_nothing(tmp_path, silent, browser):
    limits = {"INKQUEST_MAX_PARALLEL": "1", "INKQUEST_QUEUE_SIZE": "1"}
    with ThreadPoolExecutor(4) as pool, serving(tmp_path, silent, **limits) as url:
        page = browser.new_page()
        page.goto(url)
        samples = [sample.id for sample in load_samples()]
        page.locator("#samples .thumbnail-item").nth(samples.index("line")).click()
        page.wait_for_selector("#other-page", state="visible")
        page.fill("#reference textarea", "what I typed")
        page.wait_for_function("document.querySelector('#verdict').innerText")

        crowd = [pool.submit(compared, url, WAITS) for _ in range(4)]
        until(lambda: sum(call.done() for call in crowd) == 2)  # one runs, one waits
        until(lambda: silent.requests)
        for call in crowd:
            # Before the error a slow machine is sent heartbeats, each with data of its own.
            assert not call.done() or json.loads(call.result().rpartition("data: ")[2])["error"].endswith(BUSY)

        page.click("#run")
        page.wait_for_selector(f"#verdict [role=alert]:has-text('{BUSY}')")
        assert page.locator(f":text('{BUSY}')").count() == 1
        assert page.input_value("#reference textarea") == "what I typed"
        assert page.locator("#page-stack img").is_visible()
        assert page.locator("#verdict table.ranking").is_visible()
        page.wait_for_selector("#run", state="visible")
        assert page.locator(".panel.idle").count() == 4

        silent.answering.set()
        assert sum("event: complete" in call.result() for call in crowd) == 2
        page.click("#run:not([disabled])")
        page.wait_for_function("document.querySelectorAll('.panel footer').length >= 4", timeout=60_000)
        page.wait_for_selector("#run", state="visible")

        silent.answering.clear()
        crowd = [pool.submit(compared, url, WAITS) for _ in range(4)]
        until(lambda: sum(call.done() for call in crowd) == 2)
        page.locator("#trust > button").click()
        page.get_by_role("button", name="Does it need a perfect scan").click()
        page.wait_for_selector(f"#trust [role=status]:has-text('{BUSY}')")
        silent.answering.set()
        page.close()


def test_one_visitor_who_asks_for_everything_takes_a_share_only(tmp_path, silent):
    limits = {"INKQUEST_MAX_PARALLEL": "4", "INKQUEST_QUEUE_SIZE": "8"}
    with (
        ThreadPoolExecutor(12) as pool,
        serving(tmp_path, silent, INKQUEST_PUBLIC="1", INKQUEST_TRUSTED_PROXIES="1", **limits) as url,
    ):
        greedy = [pool.submit(compared, url, WAITS) for _ in range(12)]
        until(lambda: sum(call.done() for call in greedy) == 9)  # one runs, two wait
        until(lambda: silent.requests)
        refused = [call.result() for call in greedy if call.done()]
        assert all("from your network" in answer for answer in refused)
        assert '"status": "reading"' in compared(url, "tesseract", network="198.51.100")
        assert len(silent.requests) == 1
        silent.answering.set()
        assert sum("event: complete" in call.result() for call in greedy) == 3
