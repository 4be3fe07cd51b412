"""SECURITY: planning in a process of its own, because strangers' data sets are parsed there.

A kilobyte of Parquet unfolds to gigabytes, a megabyte of XML takes minutes: the kernel caps the process's memory,
whoever asks its time, and no key is in its environment. What comes back is JSON, of which nothing is executed.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from evaluation.datasets.contract import DatasetUnusable
from evaluation.datasets.opening import open_dataset
from evaluation.ledger.runs import RunSettings
from evaluation.work.planning import NothingToRead, Plan, plan
from translations import N_, _, language, speak

REFUSED = 3
"""Exit status when stderr holds the reason, as a sentence."""
TOO_MUCH = N_(
    "These pages take too much time or memory to open. Send fewer, or as images with a text file beside each."
)
MOST_ANSWER_BYTES = 50_000_000
"""Of a plan: the texts of its pages, and the names of what cannot be read."""
_ROOT = str(Path(__file__).parents[2])
_CHILD = "import sys; sys.path.insert(0, sys.argv[1]); from evaluation.work.planning_apart import main; main()"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What planning may take; `most_unfolded_bytes` is for the part of a Parquet file that is read at once."""

    seconds: int = 600
    memory_bytes: int = 4_000_000_000
    most_unfolded_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What `plan` is to be called with, once the data set is open."""

    path: Path
    settings: RunSettings
    day: date
    bounds: Bounds = Bounds()
    seconds: Mapping[str, float] = field(default_factory=dict)
    readings: tuple[tuple[str, Path], ...] = ()
    spoken: str = field(default_factory=language)
    """What whoever asks is answered in."""


def plan_apart(asked: Asked) -> Plan:
    """`plan` for an untrusted data set, whose notes join the settings; raises `DatasetUnusable`."""
    command = [sys.executable, "-I", "-c", _CHILD, _ROOT]
    # Arrow's own allocator sets aside more address space than the process may have.
    environment = {"ARROW_DEFAULT_MEMORY_POOL": "system", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603
            command,
            input=_asks().dump_json(asked),
            capture_output=True,
            timeout=asked.bounds.seconds,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise DatasetUnusable(_(TOO_MUCH)) from None
    if done.returncode == REFUSED:
        raise DatasetUnusable(done.stderr.decode(errors="replace").strip())
    if done.returncode != 0:
        raise DatasetUnusable(_(TOO_MUCH))
    return _plans().validate_json(done.stdout)


def main() -> None:
    """The child: stdin -> stdout; the exit status is 0, `REFUSED`, or anything else where it was ended."""
    asked = _asks().validate_json(sys.stdin.buffer.read())
    _bound(asked.bounds)
    speak(asked.spoken)
    try:
        dataset = open_dataset(
            asked.path, level=asked.settings.level, most_unfolded_bytes=asked.bounds.most_unfolded_bytes
        )
        settings = replace(asked.settings, notes=(*asked.settings.notes, *dataset.notes))
        answer = _as_json(plan(asked.path, dataset, settings, asked.seconds, asked.readings, asked.day))
    except (DatasetUnusable, NothingToRead) as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(REFUSED)
    except (MemoryError, RecursionError):
        print(_(TOO_MUCH), file=sys.stderr)
        sys.exit(REFUSED)
    sys.stdout.buffer.write(answer)


def _as_json(planned: Plan) -> bytes:
    """Half a surrogate pair, which a text may end in, becomes a question mark; raises `MemoryError`."""
    answer = json.dumps(_plans().dump_python(planned, mode="json"), ensure_ascii=False).encode(errors="replace")
    if len(answer) > MOST_ANSWER_BYTES:
        raise MemoryError
    return answer


def _bound(bounds: Bounds) -> None:
    """Also for the processes that decode its pages, which would go on when this one was ended."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time holds there
        return
    with contextlib.suppress(OSError):
        os.nice(5)  # visitors who compare come first
    resource.setrlimit(resource.RLIMIT_DATA, (bounds.memory_bytes, bounds.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds))


@cache
def _asks() -> TypeAdapter[Asked]:
    return TypeAdapter(Asked)


@cache
def _plans() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)
