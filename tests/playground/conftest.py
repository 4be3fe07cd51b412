"""Stores of every kind we promise to work on, and a comparison to keep in them."""

from __future__ import annotations

import glob
import io
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from engines.contract import PageImage, Reading, ReadingTask, Region, Sent
from engines.pricing import Usd
from playground.engine_runs import Comparison, EngineRun, Failure
from playground.storage.database import Database


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of our own on a socket in a temporary folder; gives a URL with `{}` for the database."""
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not programs:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    folder = Path("/tmp") / f"inkquest-postgres-{os.getpid()}"  # a socket's path has at most 107 characters
    folder.mkdir()
    as_user: list[str] = []
    if os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
        as_user = ["runuser", "-u", "postgres", "--"]

    def run(program: str, *arguments: str) -> None:
        subprocess.run([*as_user, f"{programs[-1]}/{program}", *arguments], check=True, capture_output=True, cwd=folder)

    run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "tester", "--no-sync")
    run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -h ''", "start")
    try:
        yield f"postgresql+psycopg://tester@/{{}}?host={folder}"
    finally:
        run("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> str:
    """A fresh PostgreSQL database."""
    import psycopg

    name = f"test_{abs(hash(request.node.nodeid))}"
    folder = postgres_server.partition("host=")[2]
    with psycopg.connect(f"host={folder} user=tester dbname=postgres", autocommit=True) as connection:
        connection.execute(f"create database {name}")
    return postgres_server.format(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    is_sqlite = request.param == "sqlite"
    return f"sqlite:///{tmp_path}/facts.db" if is_sqlite else request.getfixturevalue("postgres_url")


@pytest.fixture
def database(empty_url: str) -> Iterator[Database]:
    """An empty database of each kind."""
    opened = Database(empty_url)
    yield opened
    opened.close()


@pytest.fixture
def page() -> PageImage:
    """A grey page with a black square where the name stands."""
    image = Image.new("RGB", (600, 400), (200, 190, 180))
    image.paste((0, 0, 0), (100, 100, 160, 160))
    out = io.BytesIO()
    image.save(out, "PNG")
    return PageImage("ab" * 32, out.getvalue(), 600, 400)


@pytest.fixture
def comparison(page: PageImage) -> Comparison:
    """Two readings and a failure, with a reference."""
    line = Region("line", "the bat sat", ((1.0, 2.0), (30.0, 2.0), (30.0, 9.0), (1.0, 9.0)), 0.9)
    sent = Sent(600, 400, "Transcribe.", (("temperature", "0"),))
    return Comparison(
        id="c1",
        created_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        page_sha256=page.sha256,
        page_width=600,
        page_height=400,
        task=ReadingTask(),
        reference="the cat sat",
        runs=(
            EngineRun(
                "gpt-5", Reading("the bat sat", (line,), model_reported="gpt-5-2025-08-07", sent=sent), 1.5,
                cost=Usd(0.0042, measured=True),
            ),
            EngineRun("tesseract", Reading("the cat sat"), 0.4),
            EngineRun("gpt-4o", Failure("timed-out", "No reading within 5 seconds.", "Run it again."), 5.0),
        ),
        app_version="test",
    )  # fmt: skip
