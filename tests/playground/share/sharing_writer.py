"""Writers that share without end, each killed at a random moment, until enough were killed and enough was shared.

A link is printed once `share` has returned.

Run by test_sharing_crash. The writers are forks, so that the time goes into sharing and not into starting Python.
"""

import io
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime

from PIL import Image

from engines.contract import PageImage, Reading, ReadingTask
from playground.engine_runs import Comparison, EngineRun
from playground.share.sharing import ManifestRecords, ShareChoices, Sharing, TableRecords
from playground.storage.blobs import open_blobs
from playground.storage.database import Database

AT_ONCE = 4


def share_without_end(kind: str, folder: str, links: int) -> None:
    random.seed()
    blobs = open_blobs(f"{folder}/blobs")
    records = TableRecords(Database(f"sqlite:///{folder}/facts.db")) if kind == "table" else ManifestRecords(blobs)
    sharing = Sharing(records, blobs)
    out = io.BytesIO()
    Image.frombytes("RGB", (200, 200), random.randbytes(120_000)).save(out, "PNG")
    page = PageImage("0" * 64, out.getvalue(), 200, 200)
    while True:
        text = "word " * random.randint(1, 5_000)  # more than any buffer holds
        runs = (EngineRun("gpt-5", Reading(text), 1.0),)
        comparison = Comparison("c", datetime.now(UTC), page.sha256, 200, 200, ReadingTask(), text, runs, "test")
        os.write(links, f"{sharing.share(comparison, page, ShareChoices()).id}\n".encode())


def start_writer(kind: str, folder: str, links: int) -> int:
    child = os.fork()
    if child == 0:
        share_without_end(kind, folder, links)
    return child


def passed_on(links: int) -> int:
    """Print the links that have come so far, and say how many."""
    try:
        come = os.read(links, 65536)
    except BlockingIOError:
        return 0
    os.write(1, come)
    return come.count(b"\n")


def kill(writer: int) -> None:
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)


def main(kind: str, folder: str, kills: int, shares: int) -> None:
    Database(f"sqlite:///{folder}/facts.db").close()
    come, links = os.pipe()
    os.set_blocking(come, False)
    writers = [start_writer(kind, folder, links) for _ in range(AT_ONCE)]
    killed = shown = 0
    while killed < kills or shown < shares:
        time.sleep(random.uniform(0.02, 0.12))
        kill(writers.pop(random.randrange(len(writers))))
        writers.append(start_writer(kind, folder, links))
        killed, shown = killed + 1, shown + passed_on(come)
    for writer in writers:
        kill(writer)
    passed_on(come)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
