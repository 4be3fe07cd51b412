"""The named API endpoint `/compare`: the same document as `python -m playground read --json`."""

from __future__ import annotations

import math
from threading import Event

import gradio as gr
from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from engines.contract import ReadingTask
from playground.documents import plain, read_document
from playground.host.admission import NoRoom
from playground.host.guard import Visitor
from playground.scoring import score_runs
from playground.uploads import UploadRefused, accept
from ui.blocks import UntouchedImage
from ui.house import House, visitor_of


def offer_api(house: House) -> None:
    """Add the endpoint; must be called inside `gr.Blocks`. Its components are never shown.

    Whoever names a cloud engine in a call means that its company gets the page.
    """
    offer, hosting = house.offer, house.hosting
    ids = [spec.id for spec in offer.specs]

    def answer(
        image: tuple[bytes, str] | None, engines: list[str], reference: str, visitor: Visitor
    ) -> dict[str, object]:
        if image is None:
            raise gr.Error("Send an image of the page.")
        specs = [offer.spec(engine_id) for engine_id in dict.fromkeys(engines or offer.ready_without_keys())]
        task, stop = ReadingTask(timeout_seconds=offer.settings.limits.deadline_seconds), Event()
        try:
            with hosting.decoding.turn(visitor.payer, stop):
                page = accept(*image)
            hosting.guard.consents.agree(visitor.session, [spec.vendor for spec in specs])
            runs = list(hosting.guard.compare(specs, page, task, visitor, stop=stop, on_gpu=offer.on_gpu))
        except (UploadRefused, NoRoom) as refusal:
            raise gr.Error(str(refusal)) from None
        scores = score_runs(runs, reference) if reference.strip() else None
        return plain(read_document(image[1], page, task, runs, scores))

    # Not in Gradio's threads: who waits for a turn must not keep the screens waiting. Admission bounds how many wait.
    threads = CapacityLimiter(math.inf)

    async def compare(
        image: tuple[bytes, str] | None, engines: list[str], reference: str, request: gr.Request
    ) -> dict[str, object]:
        visitor = visitor_of(request, hosting)
        return await run_sync(answer, image, engines, reference, visitor, limiter=threads)

    with gr.Row(visible=False):
        picture = UntouchedImage(type="filepath", image_mode=None, label="image")
        ids_chosen = gr.Dropdown(ids, multiselect=True, value=list(offer.ready_without_keys()), label="engines")
        text = gr.Textbox(label="reference")
        document = gr.JSON(label="document")
        gr.Button("compare").click(
            compare, [picture, ids_chosen, text], document, api_name="compare", concurrency_limit=None
        )
