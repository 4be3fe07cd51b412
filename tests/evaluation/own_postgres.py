"""A PostgreSQL server of our own that is thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.evaluation.vendor_process import free_port


def programs() -> Path | None:
    """Where the server's programs lie, or None where it is not installed."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def own_postgres() -> Iterator[str]:
    """The address of its one database, as SQLAlchemy takes it; a crash of the machine may lose what is in it."""
    found = programs()
    assert found is not None, "PostgreSQL's server is not installed (apt install postgresql)"
    folder = Path(tempfile.mkdtemp(prefix="inkquest-postgres-"))  # not pytest's: that one is closed to other users
    user = None
    if os.getuid() == 0:  # the server refuses to be root
        user = "postgres"
        shutil.chown(folder, user)

    def run(program: str, *arguments: str | Path) -> None:
        command = [found / program, "-D", folder / "data", *arguments]
        subprocess.run(command, check=True, user=user, stdout=subprocess.DEVNULL)

    port = free_port()
    options = f"-p {port} -k {folder} -c fsync=off -c max_connections=60"
    run("initdb", "-A", "trust", "-U", "postgres", "--no-sync")
    run("pg_ctl", "-o", options, "-w", "-l", folder / "log", "start")
    try:
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder)
