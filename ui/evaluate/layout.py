"""The components of the Evaluate screen and where they stand. What they do is `tab`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args

import gradio as gr
from gradio.components import Component

from engines.contract import CertificateName, Level, Unit
from evaluation.evaluations import Request
from evaluation.findings.data_requirements import TERRITORIES, DataNeeds
from evaluation.findings.published import contrasts
from evaluation.findings.recommending import Harm, Requirements
from evaluation.findings.total_cost import Machine
from evaluation.findings.wording import TOKEN_NAMES
from evaluation.hosted_runs import EvaluationRuns
from playground.scoring import language_choices
from translations import N_
from ui.blocks import UploadedPaths
from ui.compare.picker import EnginePicker, several_html
from ui.house import House, amount, amount_of
from ui.html import drawn_by, laid_out

LEVELS: Mapping[Unit, str] = {"page": N_("Pages"), "line": N_("Single lines (of PAGE or ALTO files)")}


Given = Mapping[Component, Any]
"""The value of each component that a listener asked for as a set."""


@dataclass(frozen=True, slots=True)
class FormParts:
    """What is to be read by whom, and what that would cost."""

    files: gr.File
    samples: gr.Button
    problem: gr.HTML
    picker: EnginePicker
    engines: gr.Textbox
    """The ids of those that were picked, with blanks between: the script writes it."""
    sample: gr.Textbox
    budget: gr.Textbox
    level: gr.Radio
    language: gr.Dropdown
    canaries: gr.Checkbox
    own: gr.File
    own_name: gr.Textbox
    plan: gr.HTML
    earlier: gr.Dropdown

    @property
    def choices(self) -> tuple[gr.Textbox | gr.Radio | gr.Dropdown | gr.Checkbox | gr.File, ...]:
        """Everything that changes the plan, besides the pages."""
        how = self.sample, self.budget, self.level, self.language, self.canaries
        return self.engines, *how, self.own, self.own_name

    def request(self, given: Given) -> Request:
        """What stands on the form; raises `NoAmount`. A budget of nothing is a budget."""
        drawn = amount_of(given[self.sample], N_("Only so many pages"))
        return Request(
            tuple(given[self.engines].split()),
            given[self.level],
            given[self.language],
            int(drawn) if drawn else None,
            canaries=given[self.canaries],
            budget_usd=amount_of(given[self.budget], N_("Budget")),
            readings=tuple(_named(given[self.own] or [], (given[self.own_name] or "").strip())),
        )


def _named(files: Sequence[Path], name: str) -> Iterable[tuple[str, Path]]:
    """Whose readings each file holds: a name that was typed is that of one file, and of several the first part."""
    for file in files:
        yield (file.stem if not name else name if len(files) == 1 else f"{name} {file.stem}"), file


@dataclass(frozen=True, slots=True)
class RunParts:
    """The run: its buttons and what is seen of it."""

    start: gr.Button
    pause: gr.Button
    resume: gr.Button
    cancel: gr.Button
    consent: gr.Column
    question: gr.HTML
    asked: gr.State
    """The companies that it names."""
    agree: gr.Button
    decline: gr.Button
    board: gr.HTML


@dataclass(frozen=True, slots=True)
class FoundParts:
    """What the run found: plots, bad pages, advice, files."""

    box: gr.Column
    plots: gr.HTML
    against: gr.HTML
    worst: gr.Radio
    page: gr.HTML
    corrected: gr.Textbox
    """The opened page's reference once a word of it was corrected: the script writes it."""
    advice: gr.HTML
    files: gr.HTML
    earlier: gr.Dropdown
    changes: gr.HTML


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


def lay_out(house: House) -> EvaluateParts:
    """Build the screen; must be called inside `gr.Blocks`."""
    runs = house.evaluation
    upload = gr.State(None)
    ticket = gr.Textbox("", visible="hidden", elem_id="evaluate-ticket")
    intro = laid_out(
        "evaluate_intro.html",
        public=runs.public,
        most=runs.most_pages,
        megabytes=runs.offer.settings.limits.upload_megabytes,
        contrasts=contrasts,
    )
    gr.HTML(intro, apply_default_css=False, elem_id="evaluate-intro")
    form = _form_parts(house)
    run = _run_parts()
    with gr.Column(visible=False, elem_id="evaluate-found") as box:
        needs = needs_parts()
        advice = gr.HTML(apply_default_css=False, elem_id="evaluate-advice")
        plots = gr.HTML(apply_default_css=False, elem_id="evaluate-plots")
        against = gr.HTML(apply_default_css=False, elem_id="evaluate-against")
        worst = gr.Radio(
            [], label=N_("Worst pages first"), info=N_("Choose one to see it side by side."), elem_id="evaluate-worst"
        )
        page = gr.HTML(apply_default_css=False, elem_id="evaluate-page")
        # Hidden, not absent, so that the script finds it.
        corrected = gr.Textbox(elem_id="evaluate-corrected", elem_classes="vh", show_label=False, container=False)
        earlier = gr.Dropdown(
            [],  # listed when the run rests
            value=None,
            label=N_("Compare with an earlier run over these pages"),
            info=N_("What got worse, what got better, and whether chance would do the same."),
            visible=not runs.public,
            elem_id="evaluate-against-run",
        )
        changes = gr.HTML(apply_default_css=False, elem_id="evaluate-changes")
        files = gr.HTML(apply_default_css=False, elem_id="evaluate-files")
    found = FoundParts(box, plots, against, worst, page, corrected, advice, files, earlier, changes)
    return EvaluateParts(upload, ticket, form, run, found, needs)


def _form_parts(house: House) -> FormParts:
    runs = house.evaluation
    with gr.Row(elem_id="evaluate-form"):
        with gr.Column(scale=5, min_width=300):
            _step(N_("1. Your pages"))
            files = gr.File(
                label=N_("Your pages: a zip, or the files themselves"),
                file_count="multiple",
                height=220,
                elem_id="evaluate-files-in",
            )
            samples = gr.Button(N_("No pages at hand? Take our samples"), size="sm", elem_id="evaluate-samples")
            own, own_name = _own_readings()
            problem = gr.HTML(visible=False, apply_default_css=False, elem_id="evaluate-problem")
            sample, budget, canaries, level, language = _how(runs)
            earlier = gr.Dropdown(
                [],  # listed when the tab is opened
                value=None,
                label=N_("Or open an earlier run"),
                visible=not runs.public,
                elem_id="evaluate-earlier",
            )
        with gr.Column(scale=4, min_width=300):
            _step(N_("2. Who reads them"))
            ready = runs.offer.ready_without_keys()
            picker = EnginePicker(house, drawn_by(partial(several_html, ready, runs.offer)), "evaluate-")
            engines = gr.Textbox(
                " ".join(ready), elem_id="evaluate-engines", elem_classes="vh", show_label=False, container=False
            )
    plan = gr.HTML(apply_default_css=False, elem_id="evaluate-plan")
    how = sample, budget, level, language, canaries, own, own_name
    return FormParts(files, samples, problem, picker, engines, *how, plan, earlier)


def _step(title: str) -> None:
    gr.HTML(laid_out("evaluate_step.html", title=title), apply_default_css=False, elem_classes="evaluate-heading")


def _own_readings() -> tuple[gr.File, gr.Textbox]:
    with gr.Accordion(N_("Readings made elsewhere"), open=False, elem_id="evaluate-own"):
        own = UploadedPaths(
            label=N_("A zip, CSV or JSONL for each reader"),
            file_count="multiple",
            height=150,
            elem_id="evaluate-own-in",
        )
        own_name = gr.Textbox(
            label=N_("Who read?"),
            placeholder=N_("called like the file"),
            info=N_("A zip holds one file a page; a table has the columns page, text, seconds, usd, word_confidences."),
            max_lines=1,
            elem_id="evaluate-own-name",
        )
    return own, own_name


def _choices(labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(label, value) for value, label in labels.items()]


def _how(runs: EvaluationRuns) -> tuple[gr.Textbox, gr.Textbox, gr.Checkbox, gr.Radio, gr.Dropdown]:
    with gr.Row():
        sample = amount(N_("Only so many pages"), N_("all"), info=N_("Drawn at random."), elem_id="evaluate-sample")
        budget = amount(
            N_("Budget in US dollars"),
            N_("no limit"),
            info=N_("Never exceeded."),
            elem_id="evaluate-budget",
        )
    canaries = gr.Checkbox(
        label=N_("Canary pages, too"),
        info=N_(
            "Up to nine made from your own: blank paper, a word painted over or replaced. Who reads what is not there?"
        ),
        elem_id="evaluate-canaries",
    )
    with gr.Accordion(N_("Options"), open=False):
        level = gr.Radio(_choices(LEVELS), value="page", label=N_("What is one item?"), elem_id="evaluate-level")
        language = gr.Dropdown(
            language_choices(runs.offer.languages()),
            value="",
            label=N_("Language of pages that name none"),
            elem_id="evaluate-language",
        )
    return sample, budget, canaries, level, language


def _run_parts() -> RunParts:
    with gr.Column(visible=False, elem_id="evaluate-consent") as consent:
        question, asked = gr.HTML(apply_default_css=False), gr.State(())
        with gr.Row():
            agree = gr.Button(N_("Agree and start"), variant="primary", size="md", elem_id="evaluate-agree")
            decline = gr.Button(N_("Not now"), size="md")
    with gr.Row(elem_id="evaluate-buttons"):
        start = gr.Button(N_("Start"), variant="primary", interactive=False, elem_id="evaluate-start")
        pause = gr.Button(N_("Pause"), visible=False, elem_id="evaluate-pause")
        resume = gr.Button(N_("Resume"), variant="primary", visible=False, elem_id="evaluate-resume")
        cancel = gr.Button(N_("Cancel"), variant="stop", visible=False, elem_id="evaluate-cancel")
    board = gr.HTML(apply_default_css=False, elem_id="evaluate-run")
    return RunParts(start, pause, resume, cancel, consent, question, asked, agree, decline, board)


HARMS: Mapping[Harm, str] = {
    "any": N_("Any wrong character"),
    "digit": N_("Wrong digits"),
    "missing": N_("Text left out"),
    "extra": N_("Text added"),
    "case": N_("Wrong capitals"),
    "punctuation": N_("Wrong punctuation"),
}
BOXES: Mapping[Level | Literal[""], str] = {
    "": N_("not needed"),
    "word": N_("of words"),
    "line": N_("of lines"),
    "paragraph": N_("of paragraphs"),
}
AGREEMENT, UNTRAINED = N_("a data-processing agreement"), N_("no training on pages")


LEAST_RIGHT = 99.0
"""Percent of the names or figures, where a buyer says that they must be right and not how many."""


@dataclass(frozen=True, slots=True)
class NeedsParts:
    """The buyer's three questions and the options."""

    pages: gr.Number
    usd: gr.Textbox
    local: gr.Checkbox
    harm: gr.Radio
    territory: gr.Dropdown
    promised: gr.CheckboxGroup
    days: gr.Textbox
    boxes: gr.Dropdown
    seconds: gr.Textbox
    hourly: gr.Number
    machine: gr.Textbox
    must_be_right: gr.Dropdown
    least: gr.Textbox

    @property
    def fields(self) -> list[Component]:
        """All of them."""
        vendor: list[Component] = [self.territory, self.promised, self.days]
        right: list[Component] = [self.must_be_right, self.least]
        figures: list[Component] = [self.seconds, self.hourly, self.machine]
        return [self.pages, self.usd, self.local, self.harm, *vendor, self.boxes, *figures, *right]

    def requirements(self, given: Given) -> Requirements:
        """What the answers ask for; an empty one asks for nothing. Raises `NoAmount`."""
        return Requirements(
            pages_a_month=max(1, int(given[self.pages] or 1000)),
            usd_a_month=amount_of(given[self.usd], N_("Dollars a month")),
            must_stay_local=given[self.local],
            harm=given[self.harm],
            data=self._data_needs(given),
            boxes=given[self.boxes] or None,
            most_seconds=amount_of(given[self.seconds], N_("Seconds a page")),
            least_right=tuple((kind, self._least(given)) for kind in given[self.must_be_right] or ()),
            machine=Machine(usd)
            if (usd := amount_of(given[self.machine], N_("Dollars an hour of a machine")))
            else None,
        )

    def _data_needs(self, given: Given) -> DataNeeds:
        promised = given[self.promised] or []
        return DataNeeds(
            territory=given[self.territory] or None,
            certificates=tuple(name for name in get_args(CertificateName) if name in promised),
            agreement=AGREEMENT in promised,
            untrained=UNTRAINED in promised,
            most_days_kept=amount_of(given[self.days], N_("Days kept")),
        )

    def _least(self, given: Given) -> float:
        return min(amount_of(given[self.least], N_("Right in percent")) or LEAST_RIGHT, 100) / 100


def needs_parts() -> NeedsParts:
    """Build the form; must be called inside `gr.Blocks`."""
    gr.HTML(laid_out("evaluate_needs.html"), apply_default_css=False)
    with gr.Row():
        with gr.Column(min_width=200):
            pages = gr.Number(1000, label=N_("1. Pages a month"), precision=0, min_width=130, elem_id="needs-pages")
            usd = amount(
                N_("and for how many dollars at most?"),
                N_("no limit"),
                info=N_("The engine's bill alone; the time to correct is not in it."),
                elem_id="needs-usd",
            )
        with gr.Column(min_width=200):
            local = gr.Checkbox(
                label=N_("2. Pages must stay on this server"), info=N_("Rules out every vendor."), elem_id="needs-local"
            )
        with gr.Column(min_width=260):
            harm = gr.Radio(_choices(HARMS), value="any", label=N_("3. Which error hurts most?"))
    with gr.Accordion(N_("More requirements"), open=False), gr.Row():
        territory = gr.Dropdown(
            [(N_("anywhere"), ""), *((name, name) for name in TERRITORIES)],
            value="",
            label=N_("Processed in"),
            min_width=130,
            elem_id="needs-territory",
        )
        promised = gr.CheckboxGroup(
            [*get_args(CertificateName), AGREEMENT, UNTRAINED],
            label=N_("The vendor must have"),
            min_width=260,
            elem_id="needs-promised",
        )
        days = amount(N_("Days it may keep pages"), N_("no limit"), elem_id="needs-days")
        boxes = gr.Dropdown(_choices(BOXES), value="", label=N_("Boxes on the page"), min_width=130)
        seconds = amount(N_("Seconds a page at most"), N_("no limit"))
        hourly = gr.Number(30, label=N_("Dollars an hour for correction"), min_width=130)
        machine = amount(N_("Dollars an hour of a machine of your own"), N_("not counted"), elem_id="needs-machine")
        right = gr.Dropdown(
            [(name, kind) for kind, name in TOKEN_NAMES.items()],
            multiselect=True,
            label=N_("What must be right?"),
            min_width=200,
            elem_id="needs-right",
        )
        least = amount(N_("Right in percent, at least"), f"{LEAST_RIGHT:g}", elem_id="needs-least")
    return NeedsParts(pages, usd, local, harm, territory, promised, days, boxes, seconds, hourly, machine, right, least)
