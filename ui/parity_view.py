"""The parity ledger: what each engine was really sent, and a warning where they were treated unequally."""

from __future__ import annotations

from collections.abc import Mapping

from engines.contract import EngineSpec, Reading
from playground.comparison import EngineRun
from playground.parity import unequal_treatment
from ui.html import render


def parity_html(runs: Mapping[str, EngineRun], specs: Mapping[str, EngineSpec]) -> str:
    """Empty until an engine has read."""
    rows = [
        (specs[engine_id].label, run, run.outcome)
        for engine_id, run in runs.items()
        if isinstance(run.outcome, Reading)
    ]
    if not rows:
        return ""
    sent = {label: reading.sent for label, _, reading in rows if reading.sent is not None}
    return render("parity.html", rows=rows, warnings=unequal_treatment(sent))
