"""Small pages on disk for the evaluation's tests."""

import os
import subprocess
import sys
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from evaluation.__main__ import main
from playground import uploads
from tests.command_line import run_here
from tests.evaluation.own_postgres import own_postgres, programs
from tests.loopback_vendor import LoopbackVendor
from tests.places import ROOT

decoded_once = lru_cache(50)(uploads.decode_apart)


@pytest.fixture(scope="module", autouse=True)
def no_picture_is_decoded_twice():
    """The same few come back in every test; the process of its own that decodes one costs more than many tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uploads, "decode_apart", decoded_once)
        yield


def png(text="hello", size=(200, 60)):
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).text((10, 20), text, fill="black")
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def draw_png():
    return png


@pytest.fixture
def lines(tmp_path: Path):
    """A folder of three lines by two writers, with a manifest."""
    folder = tmp_path / "lines"
    folder.mkdir()
    rows = [("a.png", "first line", "anna"), ("b.png", "second line", "anna"), ("c.png", "third line", "bert")]
    for name, text, _ in rows:
        (folder / name).write_bytes(png(text))
    table = ["file,text,writer,level", *(f"{name},{text},{writer},line" for name, text, writer in rows)]
    (folder / "manifest.csv").write_text("\n".join(table), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of our own, thrown away afterwards."""
    if programs() is None:
        pytest.skip("PostgreSQL's server is not installed (apt install postgresql)")
    pytest.importorskip("psycopg")
    with own_postgres() as address:
        yield address


@pytest.fixture
def postgres_ledger(postgres):
    """The address of an empty PostgreSQL database."""
    import psycopg

    name = f"t{os.urandom(4).hex()}"
    with psycopg.connect(postgres.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return postgres.rpartition("/")[0] + f"/{name}"


@pytest.fixture(params=["sqlite", "postgres"])
def ledger_url(request, tmp_path):
    """The address of an empty ledger, once for each database."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_ledger")
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture
def loopback():
    """The vendor of every wire format, with a fault."""
    return lambda fault: LoopbackVendor(fault, key="sk-canary")


@pytest.fixture
def evaluate(tmp_path):
    """Run the command line, in a process of its own where nobody waits for it; the ledger lies in `tmp_path`."""

    def run(vendor, *arguments, wait=True):
        environ = {**os.environ, "INKQUEST_DATA": str(tmp_path / "home"), "OPENAI_API_KEY": "sk-canary"}
        environ |= {"OPENAI_BASE_URL": vendor.url + "/v1", "INKQUEST_DEADLINE_SECONDS": "20", "COLUMNS": "200"}
        if wait:
            done = run_here(main, *arguments, environ=environ)
            return done.returncode, done.stdout + done.stderr
        command = [sys.executable, "-m", "evaluation", *map(str, arguments)]
        return subprocess.Popen(command, cwd=ROOT, env=environ, text=True, stdout=-1, stderr=-1)

    return run


def pytest_collection_modifyitems(items):
    """Several processes share two cores here: give each of these tests the time it needs, not more."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(120))
