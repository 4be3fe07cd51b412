"""Workers on a Ray cluster: Ray places them and starts them again when a node dies; the ledger decides everything else.

Ray's own ports have no password by default (`RAY_AUTH_MODE=token` gives them one): use it in a trusted network only.
"""

from __future__ import annotations

import os
from pathlib import Path

from evaluation.launching import work_here
from evaluation.ledger import Ledger, LedgerUnavailableError
from evaluation.results import progress
from evaluation.runs import find_run
from evaluation.worker import WorkOptions
from playground.offer import Offer
from playground.settings import Settings

RESTARTS = 20
ROOT = Path(__file__).parent.parent
PACKAGES = ("engines", "metrics", "playground", "evaluation", "samples")


def work_on_ray(ledger: Ledger, run_id: str, address: str, workers: int, options: WorkOptions) -> None:
    """Serve the run with so many workers for the cloud engines and as many for each local one, until it is over.

    Raises `LedgerUnavailableError` for a ledger that other machines cannot reach or a Ray that is not installed.
    """
    try:
        import ray
    except ImportError:
        raise LedgerUnavailableError("Ray is not installed here. Run: pip install ray==2.60.0") from None
    packages = [str(ROOT / name) for name in PACKAGES if (ROOT / name).exists()]
    if not ray.is_initialized():
        ray.init(address=address, runtime_env={"py_modules": packages}, log_to_driver=False, logging_level="ERROR")
    nodes = sum(node["Alive"] for node in ray.nodes())
    if ledger.on_one_machine and nodes > 1 and address not in {"local", "auto"}:
        raise LedgerUnavailableError("SQLite serves one machine. Give --ledger postgresql+psycopg://... for a cluster.")
    gpus = ray.cluster_resources().get("GPU", 0)
    waiting = []
    for engine_ids, on_gpu in crews(ledger, run_id, options):
        place = ray.remote(num_cpus=1, num_gpus=1 if on_gpu and gpus else 0, max_retries=RESTARTS)(serve)
        crew = WorkOptions(engine_ids, options.per_second, options.most_parallel, options.on_ambiguous)
        waiting += [place.remote(ledger.url, run_id, crew) for _ in range(workers)]
    ray.get(waiting)


def crews(ledger: Ledger, run_id: str, options: WorkOptions) -> list[tuple[tuple[str, ...], bool]]:
    """Which engines share a worker, and whether it wants a GPU: cloud engines only wait, a local one needs a place."""
    run = find_run(ledger, run_id)
    with_work = {seen.engine_id for seen in progress(ledger, run_id) if seen.left}
    chosen = [
        spec
        for spec in run.settings.engines
        if spec.id in with_work and (not options.engine_ids or spec.id in options.engine_ids)
    ]
    cloud = tuple(spec.id for spec in chosen if spec.runs == "cloud")
    local = [((spec.id,), "torch" in spec.packages) for spec in chosen if spec.runs == "local"]
    return ([(cloud, False)] if cloud else []) + local


def serve(ledger_url: str, run_id: str, options: WorkOptions) -> None:
    """What a worker on the cluster does; keys are those of its machine's environment."""
    offer = Offer.from_settings(Settings.from_env(os.environ), os.environ)
    work_here(Ledger(ledger_url), run_id, offer, options)
