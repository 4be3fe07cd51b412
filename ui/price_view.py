"""What the next comparison is likely to cost, and who pays: said before the click."""

from __future__ import annotations

from engines.contract import ReadingTask
from playground.guard import Visitor
from ui.desk import Desk
from ui.house import House
from ui.html import render


def price_html(desk: Desk, house: House, visitor: Visitor) -> str:
    """The expected price of the engines in the slots that can run; where the host pays, what this visitor has left."""
    offer, guard = house.offer, house.hosting.guard
    specs = [offer.spec(engine_id) for engine_id in dict.fromkeys(desk.slots)]
    cloud = [spec for spec in specs if spec.runs == "cloud" and offer.missing(spec, visitor.session) is None]
    prices = {spec.label: offer.estimated_usd(spec, desk.page, ReadingTask()) for spec in cloud}
    hosts = any(spec.key_env and offer.keys.vault.get(visitor.session, spec.key_env) is None for spec in cloud)
    left = guard.budget.left(visitor.payer) if guard.budget and hosts else None
    return render("price.html", prices=prices, total=sum(filter(None, prices.values())), left=left)
