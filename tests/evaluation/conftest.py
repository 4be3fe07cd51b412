"""Small pages on disk for the evaluation's tests."""

import os
import shutil
import socket
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw


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


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A PostgreSQL server of our own, thrown away afterwards."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("PostgreSQL's server is not installed (apt install postgresql)")
    pytest.importorskip("psycopg")
    folder = tmp_path_factory.mktemp("postgres")
    user = None
    if os.getuid() == 0:  # the server refuses to be root
        user = "postgres"
        shutil.chown(folder, user)
        for parent in folder.parents[:2]:
            parent.chmod(0o755)

    def run(program, *arguments):
        subprocess.run(
            [programs[-1] / program, "-D", folder / "data", *arguments],
            check=True,
            user=user,
            stdout=subprocess.DEVNULL,
        )

    port = free_port()
    options = f"-p {port} -k {folder} -c fsync=off -c max_connections=60"
    run("initdb", "-A", "trust", "-U", "postgres")
    run("pg_ctl", "-o", options, "-w", "-l", folder / "log", "start")
    yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    run("pg_ctl", "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgres"])
def ledger_url(request, tmp_path):
    """The address of an empty ledger, once for each database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'ledger.db'}"
        return
    import psycopg

    server = request.getfixturevalue("postgres")
    name = f"t{os.urandom(4).hex()}"
    with psycopg.connect(server.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"create database {name}")
    yield server.rpartition("/")[0] + f"/{name}"


def pytest_collection_modifyitems(items):
    """Several processes share two cores here: give each of these tests the time it needs, not more."""
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(120))
