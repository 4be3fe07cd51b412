"""Two Ray nodes in one machine, one of them killed: everything is read, the rate is kept, the bill is explained."""

import json
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from engines.catalogue import spec_by_id
from evaluation.datasets.opening import open_dataset
from evaluation.ledger import Ledger, LedgerUnavailableError
from evaluation.planning import plan
from evaluation.results import bill, observations
from evaluation.runs import RunSettings, create_run, find_run
from evaluation.worker import WorkOptions

ROOT = Path(__file__).parents[2]
ITEMS, PER_SECOND = 150, 25

ray = pytest.importorskip("ray", reason="Ray is an optional extra (pip install ray==2.60.0)")
pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def vendor(free_port, monkeypatch):
    port = free_port()
    program = [sys.executable, "-m", "tests.evaluation.slow_vendor", str(port), "0.1", "0.02", "0"]
    with subprocess.Popen(program, cwd=ROOT, stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{port}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "loopback")

        def stats():
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/stats") as answer:
                return json.load(answer)

        yield stats
        process.kill()


@pytest.fixture
def cluster(monkeypatch, vendor):
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_health_check_period_ms", "1000")
    monkeypatch.setenv("RAY_health_check_failure_threshold", "3")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    small = {"include_dashboard": False, "object_store_memory": 100_000_000}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, **small})
    nodes = [cluster.add_node(num_cpus=1, object_store_memory=100_000_000) for _ in range(2)]
    ray.init(address=cluster.address, logging_level="ERROR", log_to_driver=False)
    yield cluster, nodes
    ray.shutdown()
    cluster.shutdown()


def new_run(ledger, folder):
    manifest = folder / "many.csv"
    manifest.write_text("file,text,writer\n" + "".join(f"a.png,first line,w{n % 25}\n" for n in range(ITEMS)))
    planned = plan(manifest, open_dataset(manifest), RunSettings((spec_by_id("gpt-4o"),)))
    return create_run(ledger, planned.contents)


def test_a_node_dies_and_the_run_finishes(cluster, vendor, lines, postgres_ledger):
    from evaluation.ray_launching import work_on_ray

    ledger = Ledger(postgres_ledger)
    run = new_run(ledger, lines)
    cluster, nodes = cluster

    def kill_a_node():
        while vendor()["billed"] < ITEMS // 3:
            time.sleep(0.1)
        cluster.remove_node(nodes[0], allow_graceful=False)

    killer = threading.Thread(target=kill_a_node)
    killer.start()
    work_on_ray(ledger, run, cluster.address, 2, WorkOptions(per_second=(("OpenAI", PER_SECOND),)))
    killer.join()
    found, stats = bill(ledger, run), vendor()
    assert len(observations(ledger, find_run(ledger, run))) == found.answered_calls == ITEMS
    assert ITEMS <= stats["billed"] <= ITEMS + found.lost_calls + found.unknown_calls
    assert found.lost_calls <= 8
    # The limiter spaces calls where they are granted; on the way they may bunch up a little.
    assert stats["busiest_second"] <= PER_SECOND * 1.2


def test_a_cluster_wants_a_ledger_that_all_its_machines_reach(cluster, tmp_path, lines):
    from evaluation.ray_launching import work_on_ray

    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    run = new_run(ledger, lines)
    with pytest.raises(LedgerUnavailableError, match="SQLite serves one machine"):
        work_on_ray(ledger, run, cluster[0].address, 1, WorkOptions())
