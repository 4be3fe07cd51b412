"""What every screen gets: the engines on offer, what the host keeps for its visitors, pictures and files in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.routing import Route

from playground.hosting import Hosting
from playground.offer import Offer
from playground.settings import Settings
from ui.evaluation_files import evaluation_route
from ui.evaluation_runs import EvaluationRuns
from ui.export_shelf import ExportShelf
from ui.hosting_routes import hosting_routes
from ui.insights_route import insights_routes
from ui.page_images import PageImages
from ui.session_uploads import SessionUploads


@dataclass(frozen=True, slots=True)
class House:
    """One per process, made by `app.py`."""

    offer: Offer
    hosting: Hosting
    images: PageImages
    shelf: ExportShelf
    evaluation: EvaluationRuns
    uploads: SessionUploads

    @classmethod
    def open(cls, settings: Settings, environ: Mapping[str, str]) -> House:
        """Open the stores; no model is loaded yet. Raises `StoreUnavailable`."""
        offer = Offer.from_settings(settings, environ)
        hosting = Hosting.open(settings, offer.specs, offer.engines, offer.keys)
        uploads = SessionUploads(settings.limits.upload_megabytes * 2**20)
        evaluation = EvaluationRuns(offer, hosting.guard)
        return cls(offer, hosting, PageImages(), ExportShelf(offer.specs), evaluation, uploads)

    def keep_sweeping(self) -> None:
        """Erase in the background what is kept for a time only."""
        self.hosting.keep_sweeping(self.evaluation.sweep)

    def routes(self) -> list[Route]:
        """Everything that is served beside Gradio's own screens."""
        own = [self.images.route(), self.shelf.route(), evaluation_route(self.evaluation), *insights_routes()]
        return [self.uploads.route(), *hosting_routes(self.hosting, self.offer), *own]
