"""Two Ray nodes in one machine, one of them killed: everything is read, the rate is kept, the bill is explained."""

import threading

import pytest

from engines.catalogue import spec_by_id
from evaluation.datasets.opening import open_dataset
from evaluation.findings.kept_scores import observations
from evaluation.findings.results import bill
from evaluation.launching import ClusterUnusable, work_on_ray
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunSettings, create_run, find_run
from evaluation.work.planning import plan
from evaluation.work.worker import WorkOptions
from tests.evaluation.one_line import one_line
from tests.evaluation.sent_calls import busiest_second, moments_sent
from tests.evaluation.two_nodes import two_nodes
from tests.evaluation.vendor_process import slow_vendor, until_billed

ITEMS, PER_SECOND = 150, 25

pytest.importorskip("ray", reason="Ray is an optional extra (pip install ray==2.60.0)")
pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def vendor():
    with slow_vendor(latency=0.1, faulty_share=0.02) as vendor:
        yield vendor


@pytest.fixture(scope="module")
def cluster(vendor):
    with two_nodes(**vendor.environment) as cluster:
        yield cluster


def new_run(ledger, folder):
    manifest = one_line(folder, ITEMS)
    planned = plan(manifest, open_dataset(manifest), RunSettings((spec_by_id("gpt-4o"),)))
    return create_run(ledger, planned.contents)


def test_a_cluster_wants_a_ledger_that_all_its_machines_reach(cluster, tmp_path):
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    run = new_run(ledger, tmp_path)
    with pytest.raises(ClusterUnusable, match="SQLite serves one machine"):
        work_on_ray(ledger, run, cluster.address, 1, WorkOptions())


def test_a_node_dies_and_the_run_finishes(cluster, vendor, tmp_path, postgres_ledger):
    ledger = Ledger(postgres_ledger)
    run = new_run(ledger, tmp_path)

    def kill_a_node():
        until_billed(vendor, ITEMS // 3)
        cluster.kill_one()

    killer = threading.Thread(target=kill_a_node)
    killer.start()
    work_on_ray(ledger, run, cluster.address, 2, WorkOptions(per_second=(("OpenAI", PER_SECOND),)))
    killer.join()
    found, stats = bill(ledger, run), vendor.stats
    assert len(observations(ledger, find_run(ledger, run))) == found.answered_calls == ITEMS
    assert ITEMS <= stats["billed"] <= ITEMS + found.lost_calls + found.unknown_calls
    assert found.lost_calls <= 8
    assert busiest_second(moments_sent(ledger)) <= PER_SECOND
