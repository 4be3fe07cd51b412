"""Many items on a Ray cluster of two nodes in this machine, one of them killed: is all read, and is the rate kept?

    python -m benchmarks.evaluation_cluster [--items 20000] [--per-second 100] [--parallel 16]

The ledger is a PostgreSQL server of its own; the vendor answers after 50 ms and fails 2 calls in 100.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Thread

from benchmarks.evaluation_proof import FAULTY_SHARE, LATENCY_SECONDS, print_cost, print_proof
from benchmarks.process_watch import ProcessWatch
from engines.catalogue import spec_by_id
from evaluation.datasets.opening import open_dataset
from evaluation.launching import work_on_ray
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunSettings, create_run
from evaluation.work.planning import plan
from evaluation.work.worker import WorkOptions
from tests.evaluation.one_line import one_line
from tests.evaluation.own_postgres import own_postgres, programs
from tests.evaluation.two_nodes import TwoNodes, two_nodes
from tests.evaluation.vendor_process import Vendor, slow_vendor

SPEC = spec_by_id("gpt-4o")
KILLED_AT = 0.3


def main(arguments: Sequence[str] | None = None) -> None:
    """Run, kill a node, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--per-second", type=float, default=100)
    parser.add_argument("--parallel", type=int, default=16)
    args = parser.parse_args(arguments)
    if programs() is None or find_spec("ray") is None:
        print(
            "Cannot run here: it needs PostgreSQL's server (apt install postgresql) and ray (pip install ray==2.60.0)."
        )
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        own_postgres() as url,
        slow_vendor(LATENCY_SECONDS, FAULTY_SHARE) as vendor,
        two_nodes(**vendor.environment) as cluster,
    ):
        ledger, manifest = Ledger(url), one_line(Path(folder), args.items)
        run = create_run(ledger, plan(manifest, open_dataset(manifest), RunSettings((SPEC,))).contents)
        started = time.monotonic()
        options = WorkOptions((), ((SPEC.vendor, args.per_second),), ((SPEC.vendor, args.parallel),))
        with _Accident(ledger, vendor, cluster, round(KILLED_AT * args.items)) as accident:
            work_on_ray(ledger, run, cluster.address, 2, options)
        print_proof(ledger, vendor, args.items, args.per_second, time.monotonic() - started)
        print_cost(accident.watch, args.items)


class _Accident:
    """Watches the workers, and kills a node once so many calls were billed."""

    def __init__(self, ledger: Ledger, vendor: Vendor, cluster: TwoNodes, billed: int) -> None:
        self.watch = ProcessWatch()
        self._ledger, self._vendor, self._cluster, self._billed = ledger, vendor, cluster, billed
        self._over = Event()
        self._thread = Thread(target=self._run)

    def __enter__(self) -> _Accident:
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        alive = True
        while not self._over.wait(1):
            with self._ledger.transaction() as transaction:
                self.watch.look([row.pid for row in transaction.rows("select pid from worker")])
            if alive and self._vendor.stats["billed"] >= self._billed:
                self._cluster.kill_one()
                alive = False


if __name__ == "__main__":
    main()
