"""Share a finished evaluation: a deliberate click that freezes the memo under a link. Before it nothing is kept."""

from __future__ import annotations

from functools import partial
from typing import Any

import gradio as gr

from evaluation.hosted_runs import Held
from evaluation.report.media import blocks_html
from evaluation.report.memo_blocks import memo_blocks
from playground.host.admission import NoRoom
from playground.host.guard import Visitor
from playground.share.sharing import NotShareable
from playground.storage.blobs import StoreUnavailable
from translations import N_, _
from ui.compare.share import EXPIRIES
from ui.house import House, in_turn, visitor_of
from ui.html import laid_out, render


class EvaluationShare:
    """Must be made inside `gr.Blocks`."""

    def __init__(self, house: House) -> None:
        self._runs = house.evaluation
        self._hosting = house.hosting
        sharing = house.hosting.sharing
        offered = sharing.expiries if sharing else ()
        with gr.Accordion(N_("Share this evaluation"), open=False, elem_id="evaluate-share"):
            gr.HTML(laid_out("evaluate_share.html", links=sharing is not None), apply_default_css=False)
            with gr.Row(visible=sharing is not None):
                self._quoting = gr.Checkbox(
                    False,
                    label=N_("Quote words and file names of my pages"),
                    info=N_("Without it the hardest pages and doubtful references are left out."),
                    elem_id="evaluate-quoting",
                )
                self._expiry = gr.Radio(
                    [label for label, expiry in EXPIRIES.items() if expiry in offered],
                    value="in 30 days",
                    label=N_("The link ends"),
                    elem_id="evaluate-expiry",
                )
            self._make = gr.Button(
                N_("Make a public link"), variant="primary", visible=sharing is not None, elem_id="evaluate-make-link"
            )
            self._result = gr.HTML(elem_id="evaluate-share-result", apply_default_css=False)

    def connect(self, ticket: gr.Textbox, quiet: dict[str, Any]) -> None:
        """Let the button work on the run that is shown."""
        self._make.click(self._share, [ticket, self._quoting, self._expiry], self._result, **quiet)
        ticket.change(lambda: "", None, self._result, **quiet)

    async def _share(self, ticket: str, quoting: bool, expiry: str, request: gr.Request) -> str:
        held, visitor = self._runs.held(ticket), visitor_of(request, self._hosting)
        if held is None:
            return render("problem.html", message=_("This run is no longer open here. Open it again first."))
        try:
            return await in_turn(self._hosting, visitor, partial(self._shared, held, quoting, expiry, visitor))
        except (NotShareable, StoreUnavailable, NoRoom) as refusal:
            return render("problem.html", message=str(refusal))

    def _shared(self, held: Held, quoting: bool, expiry: str, visitor: Visitor) -> str:
        memo = self._runs.memo(held, named=quoting).for_strangers(quoting=quoting)
        body = str(blocks_html(memo_blocks(memo), folds=False))
        shared = self._hosting.share_memo(memo.question, body, EXPIRIES[expiry], visitor)
        return render("share_result.html", shared=shared, with_picture=False, blurred=0)
