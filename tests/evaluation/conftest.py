"""Small pages on disk for the evaluation's tests."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.loopback_vendor import LoopbackVendor

ROOT = Path(__file__).parents[2]


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
def free_port():
    return find_free_port


def find_free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


@pytest.fixture(scope="session")
def postgres():
    """A PostgreSQL server of our own, thrown away afterwards."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL's server is not installed (apt install postgresql)")
    pytest.importorskip("psycopg")
    folder = Path(tempfile.mkdtemp(prefix="inkquest-postgres-"))  # not pytest's: that one is closed to other users
    user = None
    if os.getuid() == 0:  # the server refuses to be root
        user = "postgres"
        shutil.chown(folder, user)

    def run(program, *arguments):
        subprocess.run(
            [programs[-1] / program, "-D", folder / "data", *arguments],
            check=True,
            user=user,
            stdout=subprocess.DEVNULL,
        )

    port = find_free_port()
    options = f"-p {port} -k {folder} -c fsync=off -c max_connections=60"
    run("initdb", "-A", "trust", "-U", "postgres")
    run("pg_ctl", "-o", options, "-w", "-l", folder / "log", "start")
    yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    run("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(folder)


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
    """Run the command line; the ledger lies in `tmp_path`."""

    def run(vendor, *arguments, wait=True):
        environ = {**os.environ, "INKQUEST_DATA": str(tmp_path / "home"), "OPENAI_API_KEY": "sk-canary"}
        environ |= {"OPENAI_BASE_URL": vendor.url + "/v1", "INKQUEST_DEADLINE_SECONDS": "20", "COLUMNS": "200"}
        command = [sys.executable, "-m", "evaluation", *map(str, arguments)]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, text=True, stdout=-1, stderr=-1)
        if not wait:
            return process
        out, err = process.communicate(timeout=100)
        return process.returncode, out + err

    return run


def pytest_collection_modifyitems(items):
    """Several processes share two cores here: give each of these tests the time it needs, not more."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(120))
