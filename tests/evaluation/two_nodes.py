"""A Ray cluster of two nodes in this machine, small and quick to notice a dead one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.places import ROOT

ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_worker_niceness": "0",  # its default of 15 starves workers on a busy machine
    "RAY_health_check_period_ms": "1000",
    "RAY_health_check_failure_threshold": "5",
    "PYTHONPATH": str(ROOT),
}


@dataclass(slots=True)
class TwoNodes:
    """Its address, and the nodes that work; the head does not."""

    cluster: Any
    nodes: list[Any]

    @property
    def address(self) -> str:
        """What a client connects to."""
        return str(self.cluster.address)

    def kill_one(self) -> None:
        """End a node and all its workers at once, as a power cut does."""
        self.cluster.remove_node(self.nodes.pop(), allow_graceful=False)


@contextmanager
def two_nodes(**environment: str) -> Iterator[TwoNodes]:
    """The cluster; its workers have this process's environment and what is given here."""
    import ray

    before = dict(os.environ)
    os.environ.update(ENVIRONMENT | environment)
    cluster, nodes = _started()
    try:
        ray.init(address=cluster.address, logging_level="ERROR", log_to_driver=False)
        yield TwoNodes(cluster, nodes)
    finally:
        ray.shutdown()
        cluster.shutdown()
        os.environ.clear()
        os.environ.update(before)


def _started() -> tuple[Any, list[Any]]:
    """Ray gives a node 30 seconds to start, which a busy machine may exceed."""
    from ray.cluster_utils import Cluster

    small = {"object_store_memory": 100_000_000}
    for left in (2, 1, 0):
        cluster = Cluster()
        try:
            cluster.add_node(num_cpus=0, include_dashboard=False, **small)
            return cluster, [cluster.add_node(num_cpus=1, **small) for _ in range(2)]
        except Exception:
            cluster.shutdown()
            if not left:
                raise
    raise AssertionError
