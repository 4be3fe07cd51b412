"""Every figure that is promised, one benchmark after another: `python -m benchmarks [NAME [its own options]]`.

Each runs in a process of its own, so that none pays for what another has loaded.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence

BENCHMARKS: Mapping[str, Sequence[str]] = {
    "comparison": (),
    "load": (),
    "scoring": (),
    "rescoring": (),
    "other_needs": (),
    "first_look": ("--items", "2000"),
    "line_models": (),
    "gpu": (),
    "start": (),
    "first_result": (),
    "threads": (),
    "memory": (),
    "evaluation_overhead": (),
    "evaluation_memory": (),
    "evaluation_kills": ("--items", "2000"),
    "interval_coverage": ("--runs", "300"),
    "share_page": (),
}
"""Names in the order of the README's table, with the options of a round over all of them."""
ASKED_FOR = ("live",)
"""Costs money, so it runs only by name."""


def main(arguments: Sequence[str]) -> int:
    """0 if every benchmark ran; one that cannot run on this machine says so and counts as run."""
    if arguments and arguments[0] not in (*BENCHMARKS, *ASKED_FOR):
        print(f"There is no benchmark {arguments[0]!r}. Choose from: {', '.join((*BENCHMARKS, *ASKED_FOR))}.")
        return 2
    wanted = {arguments[0]: arguments[1:]} if arguments else BENCHMARKS
    failed = [name for name, options in wanted.items() if not _runs(name, options)]
    if failed:
        print(f"\nFailed: {', '.join(failed)}.")
    return 1 if failed else 0


def _runs(name: str, options: Sequence[str]) -> bool:
    print(f"\n== {name}", flush=True)
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}", *options], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
