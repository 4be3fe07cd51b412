"""The most memory that `evaluation run` and `report` take: `python -m benchmarks.evaluation_memory [--pages 500 2000]`.

Pages of 1,600 characters, all different, read by OpenAI's SDK at a vendor in a process of its own, which misreads one
character in twenty-five. Counted is the largest process of each command, by the kernel.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from base64 import b64decode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from benchmarks.rescoring import misread, page_of
from tests.places import ROOT

ANSWER = {
    "id": "r", "object": "response", "created_at": 1, "model": "gpt-4o-2026", "status": "completed",
    "parallel_tool_calls": True, "tool_choice": "auto", "tools": [],
    "usage": {"input_tokens": 1000, "output_tokens": 600, "total_tokens": 1600,
              "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}},
}  # fmt: skip
CHARACTERS = 1600
ERRORS = 0.04
MOST_GROWTH = 1.2


def main(arguments: Sequence[str] | None = None) -> None:
    """Print megabytes, and how many times those of the smallest number of pages they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[500, 2000])
    sizes = parser.parse_args(arguments).pages
    first: dict[str, int] = {}
    for pages in sizes:
        with TemporaryDirectory() as folder, vendor(pages) as url:
            for name, megabytes in measured(write_pages(Path(folder), pages), url):
                growth = megabytes / first.setdefault(name, megabytes)
                print(f"{pages:,} pages, {name}: {megabytes} MB, {growth:.2f} x (limit {MOST_GROWTH} x)", flush=True)


def measured(manifest: Path, url: str) -> Iterator[tuple[str, int]]:
    """The name of each command and its megabytes."""
    folder = manifest.parent
    ledger = ["--ledger", f"sqlite:///{folder / 'ledger.db'}"]
    environment = {**os.environ, "OPENAI_BASE_URL": url, "OPENAI_API_KEY": "loopback", "INKQUEST_DATA": str(folder)}
    run = ["run", str(manifest), "--engines", "gpt-4o", "--no-turn", "--yes", "--parallel", "OpenAI=16", *ledger]
    for name, command in (("run", run), ("report", ["report", "--out", str(folder / "out"), *ledger])):
        program = [sys.executable, "-m", "evaluation", *command]
        process = os.posix_spawn(sys.executable, program, environment, file_actions=[_silent(1), _silent(2)])
        _, status, used = os.wait4(process, 0)
        assert status == 0
        yield name, used.ru_maxrss // 1000


def _silent(descriptor: int) -> tuple[int, int, str, int, int]:
    return os.POSIX_SPAWN_OPEN, descriptor, os.devnull, os.O_WRONLY, 0


def texts_of(pages: int) -> list[str]:
    """What is written on each page."""
    text, dice = page_of(40 * CHARACTERS), random.Random(1)
    starts = (dice.randrange(39 * CHARACTERS) for _ in range(pages))
    return [text[start : start + CHARACTERS].strip() for start in starts]


def write_pages(folder: Path, pages: int) -> Path:
    """Small pictures, whose first pixel is their number, and the table that names them."""
    rows = []
    for number, text in enumerate(texts_of(pages)):
        image = Image.new("RGB", (400, 60), "white")
        image.putpixel((0, 0), (0, *divmod(number, 256)))
        image.save(folder / f"{number}.png")
        rows.append({"file": f"{number}.png", "text": text, "writer": f"w{number % 50}"})
    manifest = folder / "pages.jsonl"
    manifest.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return manifest


@contextmanager
def vendor(pages: int) -> Iterator[str]:
    """Its address, as long as the block lasts."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(pages, theirs), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}/v1"
    finally:
        process.kill()


def _serve(pages: int, told: Connection) -> None:
    readings = [misread(text, ERRORS, number) for number, text in enumerate(texts_of(pages))]

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            picture = asked["input"][0]["content"][0]["image_url"].partition(",")[2]
            _, high, low = Image.open(BytesIO(b64decode(picture))).convert("RGB").tobytes()[:3]
            said = [{"type": "output_text", "text": readings[256 * high + low], "annotations": []}]
            output = [{"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": said}]
            body = json.dumps(ANSWER | {"output": output}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: what counts is printed in the end."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    told.send(server.server_address[1])
    server.serve_forever()


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
