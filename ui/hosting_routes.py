"""Everything that is served beside Gradio's own screens, in one list for `launch(app_kwargs={"routes": ...})`."""

from __future__ import annotations

from starlette.routing import Route

from playground.hosting import Hosting
from playground.offer import Offer
from ui.session_routes import SessionRoutes
from ui.shared_page import SharedPages


def hosting_routes(hosting: Hosting, offer: Offer) -> list[Route]:
    """Keys, health, counters, the doors kept shut, and the shared pages where this host keeps any."""
    counters = hosting.guard.counters
    session = SessionRoutes(
        offer.keys, counters, is_healthy=hosting.is_healthy, metrics_token=offer.settings.metrics_token
    )
    pages = SharedPages(hosting.sharing, offer.specs, counters.shared).routes() if hosting.sharing else []
    return [*session.routes(), *pages]
