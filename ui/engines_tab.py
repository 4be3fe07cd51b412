"""Every engine of the catalogue in one table: what it costs, what it returns, what it needs here."""

from __future__ import annotations

from datetime import date

from engines.availability import ending
from engines.contract import ReadingTask
from playground.offer import Offer
from ui.html import render


def engines_html(offer: Offer) -> str:
    """The table; rows that cannot run here are greyed and say the fix."""
    task = ReadingTask()
    rows = [
        {
            "spec": spec,
            "missing": offer.missing(spec),
            "price": offer.estimated_usd(spec, None, task),
            "ending": ending(spec, date.today()),
        }
        for spec in offer.specs
    ]
    rows.sort(key=lambda row: row["missing"] is not None)
    return render("engines.html", rows=rows)
