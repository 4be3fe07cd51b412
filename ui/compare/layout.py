"""The components of the Compare screen and where they stand. What they do is `tab`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import gradio as gr

from engines.contract import EngineSpec
from engines.pricing import Charge
from metrics.normalising import DEFAULT_RULES
from playground.host.budget import Company, Consents
from playground.host.guard import Visitor
from playground.offer import SLOTS
from playground.scoring import CONVENTIONS, RULES, Conventions, language_choices, ticks_of
from samples import Sample
from translations import N_, _
from ui.blocks import UntouchedFile, UntouchedImage, UntouchedUpload
from ui.compare.desk import Desk
from ui.compare.disputes import Disputes
from ui.compare.drawer import ShareSection, Trust
from ui.compare.picker import EnginePicker, OwnReadingForm, chips_html
from ui.house import House
from ui.html import drawn_by, render

ANYWHERE = N_("Or drop or paste it anywhere in this window.")


@dataclass(frozen=True, slots=True)
class PageParts:
    """A page, or the means to choose one."""

    upload: gr.Image
    file: gr.UploadButton
    stack: gr.Column
    image: gr.HTML
    boxes: gr.HTML
    note: gr.HTML
    straighten: gr.Button
    turn: gr.Button
    other: gr.Button
    chooser: gr.Column
    number: gr.Number
    thumbnails: gr.HTML
    problem: gr.HTML
    gallery: gr.Gallery


@dataclass(frozen=True, slots=True)
class TaskParts:
    """The reference, what counts, and the start."""

    reference: gr.Textbox
    language: gr.Dropdown
    conventions: gr.CheckboxGroup
    conventions_sentence: gr.Markdown
    rules: gr.CheckboxGroup
    rules_sentence: gr.Markdown
    run: gr.Button
    stop: gr.Button
    local_only: gr.Checkbox
    price: gr.HTML


@dataclass(frozen=True, slots=True)
class CompareParts:
    """Everything on the Compare screen that a listener reads or writes."""

    desk: gr.State
    standing: gr.HTML
    page: PageParts
    task: TaskParts
    consent: ConsentSection
    kept: gr.File
    """The account of a desk that comes back; the script uploads it."""
    account: gr.HTML
    """What the script is to keep of the desk."""
    keys_changed: gr.Button
    again: gr.Textbox
    """The engine that is to read once more."""
    use: gr.Textbox
    """The engine that is to take a place, and which; the first where none is named."""
    verdict: gr.HTML
    disputes: Disputes
    own: OwnReadingForm
    trust: Trust
    parity: gr.HTML
    share: ShareSection
    picker: EnginePicker
    panels: tuple[gr.HTML, ...]
    together: gr.HTML


def lay_out(house: House, samples: Sequence[Sample], standing: gr.HTML) -> CompareParts:
    """Build the screen; must be called inside `gr.Blocks`."""
    slots = house.offer.default_slots()
    desk = gr.State(Desk(slots))
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="page-choice", min_width=0):
            page = _page_parts(samples)
        with gr.Row(elem_id="top"):
            with gr.Column(elem_id="engine-choice", min_width=0):
                picker, language, local_only, price = _engine_parts(house, slots)
            task = _task_parts(language, local_only, price)
        verdict = gr.HTML(elem_id="verdict", apply_default_css=False)
        with gr.Column(elem_id="answers", min_width=0):
            own = OwnReadingForm(house)
            with gr.Row(elem_id="slots"):
                panels = tuple(gr.HTML(elem_id=f"panel-{number}", apply_default_css=False) for number in range(SLOTS))
            gr.HTML(render("by_line.html"), apply_default_css=False, elem_id="lines")  # the script fills it
            together = gr.HTML(elem_id="together", apply_default_css=False)
            disputes = Disputes(house)
    consent = ConsentSection(house.hosting.guard.consents)
    kept = UntouchedFile(visible="hidden", elem_id="kept")
    account = gr.HTML(elem_id="account", apply_default_css=False)
    # The script presses it when the server has taken a visitor's key.
    keys_changed = gr.Button(N_("Keys changed"), elem_id="keys-changed")
    again, use = (
        gr.Textbox(elem_id=name, elem_classes="vh", show_label=False, container=False) for name in ("again", "use")
    )
    trust = Trust(house)
    parity = gr.HTML(elem_id="parity", apply_default_css=False)
    share = ShareSection(house.hosting, house.shelf)
    return CompareParts(
        desk=desk,
        standing=standing,
        page=page,
        task=task,
        consent=consent,
        kept=kept,
        account=account,
        keys_changed=keys_changed,
        again=again,
        use=use,
        verdict=verdict,
        disputes=disputes,
        own=own,
        trust=trust,
        parity=parity,
        share=share,
        picker=picker,
        panels=panels,
        together=together,
    )


def _served(sample: Sample) -> dict[str, object]:
    """What Gradio draws of a picture, with an address of ours; with a path it would look for the file."""
    return {"image": {"url": f"inkquest/sample/thumbnails/{sample.thumbnail.name}"}, "caption": sample.title}


def _page_parts(samples: Sequence[Sample]) -> PageParts:
    upload = UntouchedImage(
        type="filepath",
        image_mode=None,
        sources=["upload", "clipboard", "webcam"],
        label=N_("A photo or scan of handwriting"),
        height=150,
        buttons=[],
        elem_id="upload",
    )
    with gr.Column(elem_id="page-stack", visible=False) as stack:
        image = gr.HTML(elem_id="page-image", apply_default_css=False)
        boxes = gr.HTML(elem_id="page-boxes", apply_default_css=False)
    with gr.Column(elem_id="page-chooser", visible=False) as chooser:
        number = gr.Number(label=N_("Page"), precision=0, minimum=1, elem_id="page-number")
        thumbnails = gr.HTML(elem_id="page-thumbnails", apply_default_css=False)
    with gr.Row(elem_id="page-actions"):
        note = gr.HTML(
            drawn_by(lambda: render("page_note.html", sentence=_(ANYWHERE), own=False)),
            elem_id="page-note",
            apply_default_css=False,
        )
        straighten = gr.Button(N_("Undo"), size="sm", visible=False, elem_id="straighten-page")
        turn = gr.Button(N_("Turn by 90 degrees"), size="sm", visible=False, elem_id="turn-page")
        other = gr.Button(N_("Choose another page"), size="sm", visible=False, elem_id="other-page")
        # What is dropped or pasted anywhere in the window comes in here, too: an image component takes no PDF.
        file = UntouchedUpload(N_("Choose an image, PDF or TIFF"), size="sm", elem_id="page-file")
    problem = gr.HTML(visible=False, elem_id="problem", apply_default_css=False)
    gallery = gr.Gallery(
        label=N_("Samples"),
        show_label=False,
        container=False,
        columns=len(samples),
        height=150,
        object_fit="cover",
        allow_preview=False,
        interactive=False,
        buttons=[],
        elem_id="samples",
    )
    # SECURITY: Gradio would copy the files and tell everybody where on this machine they lie.
    gallery.value = [_served(sample) for sample in samples]
    return PageParts(
        upload=upload,
        file=file,
        stack=stack,
        image=image,
        boxes=boxes,
        note=note,
        straighten=straighten,
        turn=turn,
        other=other,
        chooser=chooser,
        number=number,
        thumbnails=thumbnails,
        problem=problem,
        gallery=gallery,
    )


def _engine_parts(house: House, slots: Sequence[str]) -> tuple[EnginePicker, gr.Dropdown, gr.Checkbox, gr.HTML]:
    picker = EnginePicker(house, drawn_by(lambda: chips_html(Desk(tuple(slots)), house.offer)))
    language = gr.Dropdown(
        language_choices(house.offer.languages()), value="", label=N_("Language of the page"), elem_id="language"
    )
    local_only = gr.Checkbox(label=N_("Local only: the page stays on this server"), elem_id="local-only")
    price = gr.HTML(elem_id="price", apply_default_css=False)
    return picker, language, local_only, price


def _task_parts(language: gr.Dropdown, local_only: gr.Checkbox, price: gr.HTML) -> TaskParts:
    reference = gr.Textbox(
        label=N_("What the page really says (optional)"),
        placeholder=N_("Type or paste it to see who made which error. Scores follow; no engine is run again."),
        # Equal on purpose: Gradio fits the height to the text in quadratic time, 15 seconds for 28,000 characters.
        lines=6,
        max_lines=6,
        elem_id="reference",
        html_attributes=gr.InputHTMLAttributes(spellcheck=False, autocomplete="off"),
    )
    with gr.Column(elem_id="start", min_width=0):
        run = gr.Button(N_("Compare"), variant="primary", elem_id="run", interactive=False)
        # The style sheet shows one of the two: an update of a button costs the server more than one of all panels.
        stop = gr.Button(N_("Stop"), variant="stop", elem_id="stop")
        with gr.Accordion(N_("How to transcribe"), open=False):
            conventions = gr.CheckboxGroup(
                list(CONVENTIONS),
                label=N_("Conventions"),
                info=N_(
                    "Told to the engines and kept in the scoring, both together. Nothing ticked: exactly as written."
                ),
                elem_id="conventions",
            )
            conventions_sentence = _sentence(Conventions().sentence, "conventions-sentence")
        with gr.Accordion(N_("What counts as an error"), open=False):
            rules = gr.CheckboxGroup(
                list(RULES),
                value=ticks_of(DEFAULT_RULES),
                label=N_("Scoring rules"),
                show_label=False,
                elem_id="rules",
            )
            rules_sentence = _sentence(DEFAULT_RULES.sentence, "rules-sentence")
    return TaskParts(
        reference, language, conventions, conventions_sentence, rules, rules_sentence, run, stop, local_only, price
    )


def _sentence(said: Callable[[], str], elem_id: str) -> gr.Markdown:
    shown = gr.Markdown(elem_id=elem_id)
    shown.value = drawn_by(said)  # what is given when it is made it copies as plain text
    return shown


class ConsentSection:
    """Before the first page leaves this machine: which companies would get it, what they do with it, and a yes.

    Must be made inside `gr.Blocks`. The style sheet hides it while `question` is empty; `agree` means yes.
    """

    def __init__(self, consents: Consents) -> None:
        self._consents = consents
        with gr.Column(elem_id="consent"):
            self.question = gr.HTML(apply_default_css=False)
            self.asked = gr.State(())
            self.only = gr.State("")
            with gr.Row():
                self.agree = gr.Button(N_("Agree and compare"), variant="primary", size="md", elem_id="agree")
                self.decline = gr.Button(N_("Not now"), size="md", elem_id="decline")
        self.decline.click(lambda: "", None, self.question, show_progress="hidden", api_visibility="private")

    def asks_about(self, session: str, specs: Iterable[EngineSpec]) -> Sequence[Company]:
        """The companies nobody has agreed to yet."""
        return self._consents.missing(session, specs)

    def ask(self, asked: Sequence[Company], cost: Charge, most: Charge, only: str) -> dict[object, object]:
        """Show the question, with what the run is likely to cost and what each try may cost at most.

        A yes is for the run that asked: of `only` that engine, where it is not empty.
        """
        names = tuple(company.name for company in asked)
        question = render("consent.html", companies=asked, cost=cost, most=most)
        return {self.question: question, self.asked: names, self.only: only}

    def agreed(self, visitor: Visitor, asked: Sequence[str]) -> None:
        """The visitor said yes, for this session, to the companies that `asked` holds: those that were named."""
        self._consents.agree(visitor.session, asked, visitor.payer)
