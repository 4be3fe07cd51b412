"""The Evaluate screen before a run: pages come, engines are chosen, the price is said, consent is given.

Where things stand is `layout`; the run itself is shown by `following`.

Sharing a finished evaluation is a deliberate click that freezes the memo under a link; before it nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.blocks import Block

from engines.pricing import Usd, about
from evaluation.hosted_runs import Held, NotStarted, UploadNotKept
from evaluation.report.media import blocks_html
from evaluation.report.memo_blocks import memo_blocks
from evaluation.work.planning import Plan
from playground.host.admission import NoRoom
from playground.host.guard import Visitor
from playground.share.sharing import NotShareable
from playground.storage.blobs import StoreUnavailable
from samples import sample_files
from translations import N_, _
from ui.blocks import Update
from ui.compare.drawer import EXPIRIES
from ui.compare.picker import several_html
from ui.evaluate.following import FETCH, Findings, Following
from ui.evaluate.layout import EvaluateParts, Given, lay_out
from ui.evaluate.view import plan_html
from ui.house import House, NoAmount, in_turn, session_of, visitor_of
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


class EvaluateTab:
    """Many pages, several engines. Must be made inside `gr.Tabs`."""

    def __init__(self, house: House) -> None:
        self._runs = house.evaluation
        self._hosting = house.hosting
        self._consents = house.hosting.guard.consents
        with gr.Tab(N_("Evaluate"), elem_id="evaluate") as tab:
            self._parts: EvaluateParts = lay_out(house)
            with self._parts.found.box:
                share = EvaluationShare(house)
        findings = Findings(house, self._parts)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        self._connect(quiet)
        parts = self._parts
        parts.form.picker.connect_several(parts.form.engines, quiet)
        shown = [parts.ticket, parts.form.picker.chips, parts.form.earlier]
        tab.select(self._opened, [parts.ticket, parts.form.engines], shown, js=FETCH, **quiet)
        Following(house, self._parts, findings).connect(quiet)
        findings.connect(quiet)
        share.connect(parts.ticket, quiet)

    def _connect(self, quiet: dict[str, Any]) -> None:
        parts, form, run = self._parts, self._parts.form, self._parts.run
        asked: set[Block] = {parts.upload, *form.choices}
        planned = [parts.upload, form.plan, form.problem, run.start]
        planning = {**quiet, "trigger_mode": "always_last"}
        form.files.change(self._take, {form.files, *asked}, planned, **planning)
        form.samples.click(self._take_samples, asked, planned, **quiet)
        gr.on([choice.change for choice in form.choices], self._plan, asked, planned, **planning)
        started = [parts.ticket, *planned[1:], run.consent, run.question, run.asked, parts.found.box]
        run.start.click(self._start, asked, started, **quiet)
        agreed = run.agree.click(self._agree, run.asked, run.consent, **quiet)
        agreed.then(self._start, asked, started, **quiet)
        run.decline.click(lambda: gr.update(visible=False), None, run.consent, **quiet)

    def _opened(self, ticket: str, engines: str, request: gr.Request) -> Update:
        """The screen was opened: since the last time keys may have come, and runs."""
        form = self._parts.form
        chips = several_html(engines.split(), self._runs.offer, session_of(request))
        earlier = gr.update(choices=self._runs.earlier())
        return {self._parts.ticket: ticket, form.picker.chips: chips, form.earlier: earlier}

    def _take(self, given: Given, request: gr.Request) -> Update:
        return self._taken([Path(file) for file in given[self._parts.form.files] or ()], given, request)

    def _take_samples(self, given: Given, request: gr.Request) -> Update:
        return self._taken(sample_files(), given, request)

    def _taken(self, files: Sequence[Path], given: Given, request: gr.Request) -> Update:
        before = given[self._parts.upload]
        if before is not None:
            self._runs.drop_unused(before)
        if not files:
            return {self._parts.upload: None, **self._said("", None)}
        try:
            upload = self._runs.take(files, visitor_of(request, self._hosting))
        except UploadNotKept as refusal:
            return {self._parts.upload: None, **self._said(str(refusal), None)}
        return {self._parts.upload: upload, **self._planned(upload, given, request)}

    def _plan(self, given: Given, request: gr.Request) -> Update:
        return self._planned(given[self._parts.upload], given, request)

    def _planned(self, upload: Path | None, given: Given, request: gr.Request) -> Update:
        if upload is None:
            return {self._parts.form.plan: gr.skip()}
        try:
            planned = self._runs.plan(upload, self._parts.form.request(given), visitor_of(request, self._hosting))
        except (NoAmount, NotStarted) as refusal:
            return self._said(str(refusal), None)
        return self._said("", planned)

    def _said(self, problem: str, planned: Plan | None) -> Update:
        """The plan and its price on the button, or why there is none."""
        said = gr.update(value=render("problem.html", message=problem) if problem else "", visible=bool(problem))
        form, start = self._parts.form, self._parts.run.start
        if planned is None:
            return {form.problem: said, form.plan: "", start: gr.update(value=_("Start"), interactive=False)}
        button = gr.update(value=_start(planned), interactive=True)
        return {form.problem: said, form.plan: plan_html(planned), start: button}

    def _start(self, given: Given, request: gr.Request) -> Update:
        """Ask for consent or begin; the new ticket makes `Following` show the run."""
        parts, visitor = self._parts, visitor_of(request, self._hosting)
        upload: Path | None = given[parts.upload]
        if upload is None:
            return {parts.form.plan: gr.skip()}
        try:
            planned = self._runs.plan(upload, parts.form.request(given), visitor)
            settings = planned.contents.settings
            if missing := self._consents.missing(visitor.session, settings.engines):
                question = render("evaluate_consent.html", companies=missing, plan=planned)
                asked = tuple(company.name for company in missing)
                shown = gr.update(visible=True)
                return {parts.run.consent: shown, parts.run.question: question, parts.run.asked: asked}
            ticket = self._runs.start(planned, visitor)
        except (NoAmount, NotStarted) as refusal:
            return self._said(str(refusal), None)
        return {parts.ticket: ticket, parts.form.plan: "", parts.found.box: gr.update(visible=False)}

    def _agree(self, asked: tuple[str, ...], request: gr.Request) -> Update:
        """To the companies that were named, whatever engines were ticked since."""
        visitor = visitor_of(request, self._hosting)
        self._consents.agree(visitor.session, asked, visitor.payer)
        return {self._parts.run.consent: gr.update(visible=False)}


def _start(planned: Plan) -> str:
    if not planned.estimates:
        return _("Start")
    price = about(planned.cost)
    return _("Start · about {price}", price=price) if isinstance(planned.cost, Usd) else f"{_('Start')} · {price}"
