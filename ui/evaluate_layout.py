"""The components of the Evaluate screen and where they stand. What they do is `evaluate_tab`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import gradio as gr

from engines.contract import EngineSpec
from ui.amounts import amount
from ui.evaluate_needs import NeedsParts, needs_parts
from ui.evaluation_runs import EvaluationRuns
from ui.html import render

LEVELS = {"Pages": "page", "Single lines (of PAGE or ALTO files)": "line"}
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "la", "sv", "da", "no", "fi", "pl", "cs")


@dataclass(frozen=True, slots=True)
class FormParts:
    """What is to be read by whom, and what that would cost."""

    files: gr.File
    problem: gr.HTML
    engines: gr.CheckboxGroup
    sample: gr.Textbox
    budget: gr.Textbox
    level: gr.Radio
    language: gr.Dropdown
    plan: gr.HTML
    earlier: gr.Dropdown

    @property
    def choices(self) -> tuple[gr.CheckboxGroup, gr.Textbox, gr.Textbox, gr.Radio, gr.Dropdown]:
        """Everything that changes the plan, besides the files."""
        return self.engines, self.sample, self.budget, self.level, self.language


@dataclass(frozen=True, slots=True)
class RunParts:
    """The run: its buttons and what is seen of it."""

    start: gr.Button
    pause: gr.Button
    resume: gr.Button
    cancel: gr.Button
    consent: gr.Column
    question: gr.HTML
    agree: gr.Button
    decline: gr.Button
    board: gr.HTML


@dataclass(frozen=True, slots=True)
class FoundParts:
    """What the run found: plots, bad pages, advice, files."""

    box: gr.Column
    plots: gr.HTML
    worst: gr.Radio
    page: gr.HTML
    advice: gr.HTML
    files: gr.HTML


@dataclass(frozen=True, slots=True)
class EvaluateParts:
    """Everything on the Evaluate screen that a listener reads or writes."""

    upload: gr.State
    ticket: gr.Textbox
    """Leads to the run that is shown; the browser keeps it while its tab lives."""
    form: FormParts
    run: RunParts
    found: FoundParts
    needs: NeedsParts


def lay_out(runs: EvaluationRuns) -> EvaluateParts:
    """Build the screen; must be called inside `gr.Blocks`."""
    upload = gr.State(None)
    ticket = gr.Textbox("", visible="hidden", elem_id="evaluate-ticket")
    intro = render(
        "evaluate_intro.html",
        public=runs.public,
        most=runs.most_pages,
        megabytes=runs.offer.settings.limits.upload_megabytes,
    )
    gr.HTML(intro, apply_default_css=False, elem_id="evaluate-intro")
    form = _form_parts(runs)
    run = _run_parts()
    with gr.Column(visible=False, elem_id="evaluate-found") as box:
        plots = gr.HTML(apply_default_css=False, elem_id="evaluate-plots")
        worst = gr.Radio(
            [], label="Worst pages first", info="Choose one to see it side by side.", elem_id="evaluate-worst"
        )
        page = gr.HTML(apply_default_css=False, elem_id="evaluate-page")
        needs = needs_parts()
        advice = gr.HTML(apply_default_css=False, elem_id="evaluate-advice")
        files = gr.HTML(apply_default_css=False, elem_id="evaluate-files")
    return EvaluateParts(upload, ticket, form, run, FoundParts(box, plots, worst, page, advice, files), needs)


def choices_of(specs: Sequence[EngineSpec]) -> list[tuple[str, str]]:
    """Label and id of each engine; one whose weights may have to be fetched first says how much that is."""
    return [
        (f"{spec.label} ({fetched} MB at first use)" if (fetched := _megabytes(spec)) else spec.label, spec.id)
        for spec in specs
    ]


def _megabytes(spec: EngineSpec) -> int:
    return spec.weights.megabytes if spec.weights and spec.weights.origin == "hub" else 0


def _form_parts(runs: EvaluationRuns) -> FormParts:
    with gr.Row(elem_id="evaluate-form"):
        with gr.Column(scale=5, min_width=300):
            files = gr.File(
                label="Your pages: a zip, or the files themselves",
                file_count="multiple",
                height=220,
                elem_id="evaluate-files-in",
            )
            problem = gr.HTML(visible=False, apply_default_css=False, elem_id="evaluate-problem")
            earlier = gr.Dropdown(
                [],  # listed when the tab is opened
                value=None,
                label="Or open an earlier run",
                visible=not runs.public,
                elem_id="evaluate-earlier",
            )
        with gr.Column(scale=4, min_width=300):
            ready = runs.engines("")
            engines = gr.CheckboxGroup(
                choices_of(ready),
                value=list(runs.offer.ready_without_keys()),
                label="Engines that are ready",
                elem_id="evaluate-engines",
            )
            with gr.Row():
                sample = amount("Only so many pages", "all", info="Drawn at random.", elem_id="evaluate-sample")
                budget = amount(
                    "Budget in US dollars",
                    "no limit",
                    info="Never exceeded.",
                    elem_id="evaluate-budget",
                )
            with gr.Accordion("Options", open=False):
                level = gr.Radio(list(LEVELS), value="Pages", label="What is one item?", elem_id="evaluate-level")
                language = gr.Dropdown(
                    list(LANGUAGES), value="en", label="Language of the pages", elem_id="evaluate-language"
                )
    plan = gr.HTML(apply_default_css=False, elem_id="evaluate-plan")
    return FormParts(files, problem, engines, sample, budget, level, language, plan, earlier)


def _run_parts() -> RunParts:
    with gr.Column(visible=False, elem_id="evaluate-consent") as consent:
        question = gr.HTML(apply_default_css=False)
        with gr.Row():
            agree = gr.Button("Agree and start", variant="primary", size="sm", elem_id="evaluate-agree")
            decline = gr.Button("Not now", size="sm")
    with gr.Row(elem_id="evaluate-buttons"):
        start = gr.Button("Start", variant="primary", interactive=False, elem_id="evaluate-start")
        pause = gr.Button("Pause", visible=False, elem_id="evaluate-pause")
        resume = gr.Button("Resume", variant="primary", visible=False, elem_id="evaluate-resume")
        cancel = gr.Button("Cancel", variant="stop", visible=False, elem_id="evaluate-cancel")
    board = gr.HTML(apply_default_css=False, elem_id="evaluate-run")
    return RunParts(start, pause, resume, cancel, consent, question, agree, decline, board)
