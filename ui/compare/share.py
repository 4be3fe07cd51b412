"""Share or export what is on the desk: a deliberate click that says exactly what becomes public.

Before it nothing is kept.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from threading import Event
from typing import Any

import gradio as gr

from playground.host.admission import NoRoom
from playground.host.hosting import Hosting
from playground.scoring import rules_of
from playground.share.pictures import Rectangle, public_picture
from playground.share.sharing import (
    Expiry,
    NotShareable,
    ShareChoices,
    SharedComparison,
    refuse_more_than_a_page,
)
from playground.storage.blobs import StoreUnavailable
from translations import N_, _
from ui.compare.desk import Desk
from ui.house import visitor_of
from ui.html import laid_out, render
from ui.routes.downloads import COMPARISON_FILES, ExportShelf, reading_files

EXPIRIES = {N_("in 1 day"): Expiry.DAY, N_("in 30 days"): Expiry.MONTH, N_("never"): Expiry.NEVER}
MOST_RECTANGLES = 200


class ShareSection:
    """Must be made inside `gr.Blocks`."""

    def __init__(self, hosting: Hosting, shelf: ExportShelf) -> None:
        self._hosting = hosting
        self._shelf = shelf
        offered = hosting.sharing.expiries if hosting.sharing else ()
        with gr.Accordion(N_("Share or export"), open=False, elem_id="share"):
            gr.HTML(laid_out("share_intro.html", links=hosting.sharing is not None), apply_default_css=False)
            with gr.Row(visible=hosting.sharing is not None):
                self.with_picture = gr.Checkbox(True, label=N_("Show the page itself"), elem_id="share-picture")
                self.expiry = gr.Radio(
                    [label for label, expiry in EXPIRIES.items() if expiry in offered],
                    value="in 30 days",
                    label=N_("The link ends"),
                    elem_id="share-expiry",
                )
            # Written by the script while somebody draws on the page; hidden, not absent, so that the script finds it.
            self.blurred = gr.Textbox("[]", elem_id="blurred", elem_classes="vh", show_label=False, container=False)
            with gr.Row():
                self.share = gr.Button(
                    N_("Make a public link"),
                    variant="primary",
                    elem_id="make-link",
                    visible=hosting.sharing is not None,
                )
                self.export = gr.Button(N_("Export files"), elem_id="make-export")
            # Apart from what was exported: the link by which all is deleted is shown only once.
            self.result = gr.HTML(elem_id="share-result", apply_default_css=False)
            self.exported = gr.HTML(elem_id="export-result", apply_default_css=False)

    def connect(self, desk: gr.State, reference: gr.Textbox, rules: gr.CheckboxGroup) -> None:
        """Let the buttons work on what is on the desk."""
        facts = [desk, reference, rules]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        choices = [self.with_picture, self.blurred, self.expiry]
        self.share.click(self._share, [*facts, *choices], self.result, **quiet)
        self.export.click(self._export, facts, self.exported, **quiet)

    def _share(
        self,
        desk: Desk,
        reference: str,
        rules: list[str],
        with_picture: bool,
        blurred: str,
        expiry: str,
        request: gr.Request,
    ) -> str:
        if not desk.shown_runs() or desk.page is None or not desk.page.png:
            return _said(_("Compare a page of your own first: there is nothing to share yet."))
        visitor = visitor_of(request, self._hosting)
        try:
            choices = ShareChoices(with_picture, rectangles_of(blurred), EXPIRIES[expiry], rules_of(rules))
            with self._hosting.answering.turn(visitor.payer, Event()):
                shared = self._hosting.share(desk.comparison(reference, datetime.now(UTC)), desk.page, choices, visitor)
        except (NotShareable, StoreUnavailable, NoRoom) as refusal:
            return _said(str(refusal))
        return render("share_result.html", shared=shared, with_picture=with_picture, blurred=len(choices.blurred))

    def _export(self, desk: Desk, reference: str, rules: list[str], request: gr.Request) -> str:
        if not desk.shown_runs() or desk.page is None or not desk.page.png:
            return _said(_("Compare a page of your own first: there is nothing to export yet."))
        now, payer = datetime.now(UTC), visitor_of(request, self._hosting).payer
        try:
            comparison = desk.comparison(reference, now)
            refuse_more_than_a_page(comparison)
            shared = SharedComparison("", comparison, rules_of(rules), now, None, True, False)
            with self._hosting.answering.turn(payer, Event()):
                picture = public_picture(desk.page)
                folder = self._shelf.put(shared, picture, payer)
                readings = reading_files(shared, picture, self._shelf.specs)
        except (NotShareable, NoRoom) as refusal:
            return _said(str(refusal))
        return render("export_result.html", folder=folder, files=tuple(COMPARISON_FILES), readings=readings)


def rectangles_of(text: str) -> tuple[Rectangle, ...]:
    """What the script wrote: a list of [left, top, right, bottom] in page pixels.

    SECURITY: raises `NotShareable` for anything else, as a page must not become public with less blurred than drawn.
    """
    try:
        rectangles = tuple(Rectangle(*(int(edge) for edge in row)) for row in json.loads(text))
    except (ValueError, TypeError):
        raise NotShareable(_("The blurred parts did not arrive. Draw them again, or leave the page out.")) from None
    if len(rectangles) > MOST_RECTANGLES:
        raise NotShareable(_("At most {n} parts can be blurred. Draw fewer, larger ones.", n=MOST_RECTANGLES))
    return rectangles


def _said(sentence: str) -> str:
    return render("problem.html", message=sentence)
