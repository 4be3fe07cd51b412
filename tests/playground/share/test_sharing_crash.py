"""kill -9 at random moments: no share that was shown to its user is lost, none is half-written."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from playground.share.sharing import ManifestRecords, Sharing, TableRecords
from playground.storage.blobs import open_blobs
from playground.storage.database import Database
from tests.places import ROOT


@pytest.mark.parametrize("kind", ["table", "manifest"])
def test_kills_lose_nothing(kind: str, tmp_path: Path) -> None:
    command = [sys.executable, str(Path(__file__).with_name("sharing_writer.py")), kind, str(tmp_path), "16", "10"]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    shown = done.stdout.split()
    assert len(shown) >= 10
    _check(kind, tmp_path, shown)


def _check(kind: str, folder: Path, shown: list[str]) -> None:
    blobs = open_blobs(str(folder / "blobs"))
    database = Database(f"sqlite:///{folder}/facts.db")
    sharing = Sharing(TableRecords(database) if kind == "table" else ManifestRecords(blobs), blobs)
    begun = {path.stem for path in folder.rglob("*.json")} | {row[0] for row in database.read("select id from share")}
    assert set(shown) <= begun
    for share_id in begun:
        opened = sharing.open_share(share_id)
        assert opened is not None
        assert opened.comparison.reference == opened.comparison.runs[0].outcome.text  # type: ignore[union-attr]
        with Image.open(io.BytesIO(sharing.picture(share_id) or b"")) as picture:
            picture.load()  # raises when the file is cut off
    assert database.read("pragma integrity_check") == [("ok",)]
