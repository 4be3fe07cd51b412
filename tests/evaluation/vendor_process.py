"""The slow vendor in a process of its own, for tests and benchmarks."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.places import ROOT
from tests.waiting import until

USD_PER_CALL = (1000 * 2.5 + 300 * 10) / 1_000_000
"""At the list price of gpt-4o, for the tokens it says it used."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """Where it listens."""

    url: str

    @property
    def stats(self) -> dict[str, Any]:
        """What it counted so far."""
        with urllib.request.urlopen(f"{self.url}/stats") as answer:
            counted: dict[str, Any] = json.load(answer)
        return counted

    @property
    def environment(self) -> dict[str, str]:
        """What leads OpenAI's SDK to it."""
        return {"OPENAI_BASE_URL": f"{self.url}/v1", "OPENAI_API_KEY": "loopback"}


def until_billed(vendor: Vendor, calls: int) -> None:
    """Wait until it was asked for so many readings."""
    until(lambda: vendor.stats["billed"] >= calls)


@contextmanager
def slow_vendor(latency: float = 0.02, faulty_share: float = 0.0, per_second: float = 0) -> Iterator[Vendor]:
    """A vendor that runs as long as the block."""
    port = free_port()
    options = map(str, (port, latency, faulty_share, per_second))
    program = [sys.executable, "-m", "tests.evaluation.slow_vendor", *options]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        try:
            yield Vendor(f"http://127.0.0.1:{port}")
        finally:
            process.kill()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return int(server.getsockname()[1])
