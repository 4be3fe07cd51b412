"""A shared comparison laid on the desk, to be looked at: `/?run=<id>`, which also works inside a Space's frame."""

from __future__ import annotations

from engines.contract import PageImage
from playground.offer import SLOTS, Offer
from playground.sharing import SharedComparison
from ui.desk import Desk


def shared_desk(shared: SharedComparison, offer: Offer) -> Desk:
    """The same facts, less engines that this host no longer lists. Its page holds no pixels: nothing can run."""
    facts = shared.comparison
    known = {spec.id for spec in offer.specs}
    runs = {run.engine_id: run for run in facts.runs if run.engine_id in known}
    slots = dict.fromkeys([*runs, *offer.default_slots(), *(spec.id for spec in offer.specs)])
    address = f"r/{shared.id}/page.jpg" if shared.has_picture else ""
    page = PageImage(facts.page_sha256, b"", facts.page_width, facts.page_height)
    return Desk(tuple(slots)[:SLOTS], page, address, facts.task.language, facts.task, runs)
