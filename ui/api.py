"""The named API endpoint `/compare`: the same document as `python -m playground read --json`."""

from __future__ import annotations

from threading import Event

import gradio as gr

from engines.contract import ReadingTask
from playground.documents import plain, read_document
from playground.scoring import score_runs
from playground.uploads import UploadRefused, accept
from ui.house import House
from ui.untouched_image import UntouchedImage
from ui.visitor import visitor_of


def offer_api(house: House) -> None:
    """Add the endpoint; must be called inside `gr.Blocks`. Its components are never shown.

    Whoever names a cloud engine in a call means that its company gets the page.
    """
    offer, guard = house.offer, house.hosting.guard
    ids = [spec.id for spec in offer.specs]

    def compare(
        image: tuple[bytes, str] | None, engines: list[str], reference: str, request: gr.Request
    ) -> dict[str, object]:
        if image is None:
            raise gr.Error("Send an image of the page.")
        try:
            page = accept(*image)
        except UploadRefused as refusal:
            raise gr.Error(str(refusal)) from None
        specs = [offer.spec(engine_id) for engine_id in dict.fromkeys(engines or offer.ready_without_keys())]
        task = ReadingTask(timeout_seconds=offer.settings.limits.deadline_seconds)
        visitor = visitor_of(request, house.hosting)
        guard.consents.agree(visitor.session, [spec.vendor for spec in specs])
        runs = list(guard.compare(specs, page, task, visitor, stop=Event(), on_gpu=offer.on_gpu))
        scores = score_runs(runs, reference) if reference else None
        return plain(read_document(image[1], page, task, runs, scores))

    with gr.Row(visible=False):
        picture = UntouchedImage(type="filepath", image_mode=None, label="image")
        ids_chosen = gr.Dropdown(ids, multiselect=True, value=list(offer.ready_without_keys()), label="engines")
        text = gr.Textbox(label="reference")
        document = gr.JSON(label="document")
        gr.Button("compare").click(
            compare, [picture, ids_chosen, text], document, api_name="compare", concurrency_limit=4
        )
