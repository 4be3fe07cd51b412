"""A server in a process of its own, and how much memory and processor it uses. Knows nothing of what it serves."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import httpx2

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 120


@contextmanager
def running(
    program: Sequence[str], out: IO[str] | None = None, **environ: str
) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """What Python runs with these arguments, once it answers at the address given back. Its data are lost."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with TemporaryDirectory() as home:
        environment = {**os.environ, "PORT": str(port), "INKQUEST_DATA": home, "GRADIO_ANALYTICS_ENABLED": "False"}
        process = subprocess.Popen(
            [sys.executable, *program], cwd=ROOT, env={**environment, **environ}, stdout=out or subprocess.DEVNULL
        )
        try:
            wait_for(url, process)
            yield process, url
        finally:
            process.terminate()
            process.wait(20)


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until the address answers with 200; raises `RuntimeError` when the process ends before."""
    until = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            if httpx2.get(url, timeout=10).status_code == 200:
                return
        except httpx2.HTTPError:
            time.sleep(0.02)
    raise RuntimeError(f"No answer from {url}.")


def resident_megabytes(pid: int) -> int:
    """Memory that the process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) // 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def processor_seconds(pid: int) -> float:
    """Processor time that the process has used, its children left out."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
