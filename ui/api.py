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
from playground.uploads import OwnReading, UploadRefused, accept, accept_reading, refuse_namesakes
from ui.blocks import UntouchedImage
from ui.house import House, visitor_of

MOST_OWN = 20
SHAPE = 'Give readings as a list of {"name": "who read", "text": "what was read"}, "usd" if it is known, '


def own_readings(given: object) -> tuple[OwnReading, ...]:
    """Readings that were made elsewhere, as a program sends them; raises `UploadRefused`."""
    listed = given if given is not None else []
    if not isinstance(listed, list) or len(listed) > MOST_OWN:
        raise UploadRefused(f"{SHAPE}and at most {MOST_OWN}.")
    own = tuple(_own_reading(one) for one in listed)
    refuse_namesakes(own)
    return own


def _own_reading(given: object) -> OwnReading:
    match given:
        case {"name": str(name), "text": str(text), **rest} if name.strip() and rest.keys() <= {"usd"}:
            usd = rest.get("usd")
            if usd is None or (isinstance(usd, int | float) and math.isfinite(usd) and usd >= 0):
                return OwnReading(name, accept_reading(text.encode("utf-8", "replace")), usd)
    raise UploadRefused(f"{SHAPE}and nothing else.")


def offer_api(house: House) -> None:
    """Add the endpoint; must be called inside `gr.Blocks`. Its components are never shown.

    Whoever names a cloud engine in a call means that its company gets the page.
    """
    offer, hosting = house.offer, house.hosting
    ids = [spec.id for spec in offer.specs]

    def answer(
        image: tuple[bytes, str] | None, engines: list[str], reference: str, readings: object, visitor: Visitor
    ) -> dict[str, object]:
        if image is None:
            raise gr.Error("Send an image of the page.")
        try:
            own = own_readings(readings)
        except UploadRefused as refusal:
            raise gr.Error(str(refusal)) from None
        named = engines or (() if own else offer.ready_without_keys())
        specs = [offer.spec(engine_id) for engine_id in dict.fromkeys(named)]
        task, stop = ReadingTask(timeout_seconds=offer.settings.limits.deadline_seconds), Event()
        try:
            with hosting.decoding.turn(visitor.payer, stop):
                page = accept(*image)
            hosting.guard.consents.agree(visitor.session, [spec.vendor for spec in specs])
            runs = list(hosting.guard.compare(specs, page, task, visitor, stop=stop, on_gpu=offer.on_gpu))
        except (UploadRefused, NoRoom) as refusal:
            raise gr.Error(str(refusal)) from None
        runs += [one.run_on(page) for one in own]
        scores = score_runs(runs, reference) if reference.strip() else None
        return plain(read_document(image[1], page, task, runs, scores))

    # Not in Gradio's threads: who waits for a turn must not keep the screens waiting. Admission bounds how many wait.
    threads = CapacityLimiter(math.inf)

    async def compare(
        image: tuple[bytes, str] | None, engines: list[str], reference: str, readings: object, request: gr.Request
    ) -> dict[str, object]:
        visitor = visitor_of(request, hosting)
        return await run_sync(answer, image, engines, reference, readings, visitor, limiter=threads)

    with gr.Row(visible=False):
        picture = UntouchedImage(type="filepath", image_mode=None, label="image")
        ids_chosen = gr.Dropdown(ids, multiselect=True, value=list(offer.ready_without_keys()), label="engines")
        text = gr.Textbox(label="reference")
        own = gr.JSON(label="readings", value=[])
        document = gr.JSON(label="document")
        gr.Button("compare").click(
            compare, [picture, ids_chosen, text, own], document, api_name="compare", concurrency_limit=None
        )
