"""What both proofs say in the end: everything is read, the ledger explains the vendor's bill, no second was too full.

The ledger may count more calls as lost than the vendor billed twice, never fewer.
"""

from __future__ import annotations

from benchmarks.process_watch import ProcessWatch
from evaluation.findings.results import bill, progress
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import find_run
from tests.evaluation.vendor_process import USD_PER_CALL, Vendor

LATENCY_SECONDS, FAULTY_SHARE = 0.05, 0.02


def print_proof(ledger: Ledger, vendor: Vendor, items: int, per_second: float, seconds: float) -> None:
    """The figures; raises AssertionError where a promise is broken."""
    run = find_run(ledger, "")
    found, counted = bill(ledger, run.id), vendor.stats
    done = sum(seen.done for seen in progress(ledger, run.id))
    billed, busiest = counted["billed"], counted["busiest_second"]
    in_doubt = found.lost_calls + found.unknown_calls
    print(
        f"{done} of {items} items in {seconds:.0f} s: {items / seconds:.0f} a second, at most {counted['peak']} at once"
    )
    print(f"vendor billed {billed} calls, ${counted['usd']:.4f}; it failed {counted['failed']}")
    print(f"ledger: {found.answered_calls} answered, ${found.answered_usd:.4f}, and as in doubt {in_doubt} calls:")
    print(f"  {found.lost_calls} in flight when a worker died, {found.unknown_calls} unanswered")
    print(f"paid twice: {billed - items}")
    print(f"busiest second at the vendor: {busiest} calls" + (f", allowed {per_second:g}" if per_second else ""))
    assert done == items == found.answered_calls
    assert items <= billed <= items + in_doubt
    assert round(found.answered_usd / USD_PER_CALL) == items
    assert not per_second or busiest <= per_second


def print_cost(watch: ProcessWatch, items: int) -> None:
    """Processor time and memory of the workers."""
    print(f"processor time a call, SDK, ledger and every start: {1000 * watch.cpu_seconds / items:.1f} ms")
    print(f"memory of the largest worker in MB, in tenths of the run: {watch.tenths()}")
