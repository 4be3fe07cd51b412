"""A shared page against a static file of the same bytes from the same server: `python -m benchmarks.share_page`.

Page and file are asked for in turns over one connection; the server runs in a thread of this process.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.responses import FileResponse
from starlette.routing import Route

from benchmarks.app_process import free_port
from benchmarks.rescoring import misread, page_of
from benchmarks.side_by_side import in_turns, table
from engines.contract import Reading, ReadingTask
from playground.engine_runs import Comparison, EngineRun
from playground.host.admission import Apart
from playground.host.budget import Payers
from playground.offer import Offer
from playground.settings import Settings
from playground.share.sharing import ShareChoices, Sharing, TableRecords
from playground.storage.blobs import open_blobs
from playground.storage.database import Database
from ui.routes.shared_page import SharedPages


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each length of the shared texts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.share_page", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    wanted = parser.parse_args(arguments)
    for characters in (400, 2_000):
        with TemporaryDirectory() as home, serving(Path(home), characters) as (client, address):
            size = len(client.get(address).content)
            rivals = {
                "the shared page": partial(_ask, client, address),
                "the same bytes as a static file": partial(_ask, client, "/static.html"),
            }
            print(f"Four readings of {characters} characters, {size / 1000:.0f} kB:")
            print(table(in_turns(rivals, wanted.rounds), "the same bytes as a static file"))


def _ask(client: httpx2.Client, address: str) -> None:
    client.get(address).raise_for_status()


@contextmanager
def serving(home: Path, characters: int) -> Iterator[tuple[httpx2.Client, str]]:
    """A server with one share, and the share's address."""
    offer = Offer.from_settings(Settings.from_env({}), {})
    sharing = Sharing(TableRecords(Database(f"sqlite:///{home / 'links.db'}")), open_blobs(f"file://{home}/pictures"))
    link = sharing.share(comparison(offer.default_slots(), characters), None, ShareChoices(with_picture=False)).link
    file = home / "static.html"
    static = Route("/static.html", lambda _request: FileResponse(file))
    port = free_port()
    app = Starlette(routes=[static, *SharedPages(sharing, offer.specs, Payers(), Apart()).routes()])
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        file.write_bytes(client.get(f"/{link}").content)
        yield client, f"/{link}"
    server.should_exit = True
    thread.join()


def comparison(engine_ids: Sequence[str], characters: int) -> Comparison:
    """What four engines made of a page with that many characters."""
    text = page_of(characters)
    runs = tuple(
        EngineRun(engine_id, Reading(misread(text, 0.05, seed)), 1.0) for seed, engine_id in enumerate(engine_ids)
    )
    return Comparison("a", datetime.now(UTC), "", 1000, 1400, ReadingTask(), text, runs, "")


if __name__ == "__main__":
    main()
