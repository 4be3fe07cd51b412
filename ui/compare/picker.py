"""Who reads: chips, the dialog in which an engine is found, given what it needs, and chosen; or one's own reading.

On Compare an engine takes one of four places; in Evaluate as many are chosen as somebody likes. A reading of one's own
is pasted, or dropped as a file, and put into the slot that waits for it; it runs no engine. SECURITY: the file is a
stranger's. Its bytes are taken and the upload deleted at once (`ui.blocks.UntouchedFile`); `playground.uploads` says
what is too large, and every word of it goes through the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath
from threading import Event
from typing import Any

import gradio as gr

from engines.catalogue import brought_spec, is_brought
from engines.contract import EngineSpec
from engines.formats.layout import ForeignReading
from playground.engine_runs import EngineRun
from playground.host.admission import NoRoom
from playground.host.keys import KeyField
from playground.offer import OWN, Offer, Offered
from playground.uploads import OwnReading, UploadRefused, accept_reading, reading_or_refusal
from translations import N_, _
from ui.blocks import UntouchedFile, Update
from ui.compare.desk import Desk
from ui.house import House, amount, amount_of, session_of, visitor_of
from ui.html import laid_out, render
from ui.programs import MOST_OWN

BYTES_LIKE_A_LETTER = 50
"""SECURITY: seven million empty lists fit into 20 MB of JSON, and reading them keeps Python's one lock for seconds, so
that a file of more than 200 kB is read in a process of its own."""


@dataclass(frozen=True, slots=True)
class Vendor:
    """Engines that one account opens; `fields` are what a visitor can give for it, `own` if they did."""

    name: str
    engines: tuple[Offered, ...]
    fields: tuple[KeyField, ...] = ()
    own: bool = False


class EnginePicker:
    """Must be made inside `gr.Blocks`, where the chips are to stand; `screen` begins the ids of its parts."""

    def __init__(self, house: House, chips: str, screen: str = "") -> None:
        self._house = house
        self.chips = gr.HTML(chips, elem_id=f"{screen}pickers", apply_default_css=False)
        self._dialog = gr.HTML(elem_id=f"{screen}picker", apply_default_css=False)
        # The script presses it when a chip is pressed, and when an account was given or taken back.
        self._open = gr.Button(N_("Choose an engine"), elem_id=f"{screen}pick")

    def connect(self, desk: gr.State, local_only: gr.Checkbox, quiet: dict[str, Any]) -> None:
        """What can be picked for a desk is asked for when somebody wants to: it differs by visitor and by page."""

        def show(on_desk: Desk, only: bool, request: gr.Request) -> str:
            timed = {**self._first_runs(), **on_desk.runs}
            return picker_html(on_desk, self._house.offer, session_of(request), local_only=only, timed=timed)

        self._connect(show, [desk, local_only], self._dialog, quiet)

    def connect_several(self, chosen: gr.Textbox, quiet: dict[str, Any]) -> None:
        """As many as somebody likes: the script writes their ids into `chosen`, with blanks between."""
        offer = self._house.offer

        def show(ids: str, request: gr.Request) -> tuple[str, str]:
            dialog = picker_html(None, offer, session_of(request), timed=self._first_runs())
            return dialog, several_html(ids.split(), offer, session_of(request))

        def choose(ids: str, request: gr.Request) -> str:
            return several_html(ids.split(), offer, session_of(request))

        self._connect(show, [chosen], [self._dialog, self.chips], quiet)
        chosen.change(choose, chosen, self.chips, trigger_mode="always_last", **quiet)

    def _connect(self, show: Callable[..., object], inputs: list[Any], outputs: Any, quiet: dict[str, Any]) -> None:  # noqa: ANN401
        # `always_last`: else an account that is given while the dialog is on its way would not show.
        self._open.click(show, inputs, outputs, trigger_mode="always_last", **quiet)

    def _first_runs(self) -> Mapping[str, EngineRun]:
        first = self._house.first.comparison
        return {run.engine_id: run for run in first.runs} if first else {}


def chips_html(desk: Desk, offer: Offer, visitor: str = "") -> str:
    """The engines in the four places, each with its price and where it runs."""
    offered = [offer.offered(offer.spec_in_slot(engine_id), visitor) for engine_id in desk.slots]
    return render("chips.html", chips=offered, several=False)


def several_html(engine_ids: Iterable[str], offer: Offer, visitor: str = "") -> str:
    """As many engines as were chosen, each with its price and where it runs; ids that are not on offer are left out."""
    known = {spec.id: spec for spec in offer.specs}
    chosen = [known[engine_id] for engine_id in dict.fromkeys(engine_ids) if engine_id in known]
    return render("chips.html", chips=[offer.offered(spec, visitor) for spec in chosen], several=True)


def picker_html(
    desk: Desk | None, offer: Offer, visitor: str, *, local_only: bool = False, timed: Mapping[str, EngineRun]
) -> str:
    """Everybody who can be picked, vendor by vendor; `timed` are the last runs of engines here.

    Without a desk, whose places they would take, any number can be chosen.
    """
    everyone = [one for one in offer.to_pick(visitor) if one.spec.runs == "local" or not local_only]
    own = {OWN.id: OWN, **{spec.id: spec for spec in desk.own}} if desk else {}
    brought = [Vendor(_("Read elsewhere"), tuple(offer.offered(spec) for spec in own.values()))] if own else []
    seconds = {engine_id: run.seconds for engine_id, run in timed.items() if run.transcription}
    return render(
        "picker.html",
        several=desk is None,
        vendors=[*_by_vendor(everyone, offer, visitor), *brought],
        count=len(everyone) + len(own),
        places={engine_id: number for number, engine_id in enumerate(desk.slots if desk else (), 1)},
        seconds=seconds,
        local_only=local_only,
        public=offer.settings.public,
        session=visitor,
    )


def _by_vendor(everyone: Sequence[Offered], offer: Offer, visitor: str) -> list[Vendor]:
    """First who has engines that can run: here, then here after a download, then elsewhere. Else by name."""

    def account(one: Offered) -> tuple[str, str, str]:
        return one.spec.runs, one.spec.vendor, one.spec.key_env or ""

    groups = [tuple(group) for _vendor, group in groupby(sorted(everyone, key=account), account)]
    groups.sort(key=lambda group: min(map(_effort, group)))
    return [Vendor(group[0].spec.vendor, group, *account_of(group[0].spec, offer, visitor)) for group in groups]


def _effort(one: Offered) -> tuple[bool, bool, bool]:
    return one.missing is not None, one.spec.runs == "cloud", bool(one.first_use)


def account_of(spec: EngineSpec, offer: Offer, visitor: str) -> tuple[tuple[KeyField, ...], bool]:
    """What this visitor can give or take back of an account, and whether they gave it; nothing where the host did."""
    own = offer.keys.is_own(spec, visitor)
    waits = own or (spec.key_env is not None and offer.keys.key_for(spec, visitor) is None)
    return (offer.keys.fields(spec) if waits else ()), own


UNNAMED = N_("My reading")
COST = N_("What it cost in US dollars")


class OwnReadingForm:
    """Must be made inside `gr.Blocks`. The style sheet shows it while a slot waits for a reading."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._read = gr.State(None)
        with gr.Column(elem_id="own-reading"):
            self._said = gr.HTML(laid_out("own_reading.html", problem="", found=None), apply_default_css=False)
            with gr.Row():
                self._text = gr.Textbox(
                    label=N_("Paste what was read"),
                    lines=7,
                    max_lines=7,
                    elem_id="own-text",
                    scale=3,
                    html_attributes=gr.InputHTMLAttributes(spellcheck=False, autocomplete="off"),
                )
                self._file = UntouchedFile(
                    label=N_("Or drop its file: text, hOCR, ALTO, PAGE, a vendor's JSON"),
                    file_count="single",
                    height=190,
                    elem_id="own-file",
                    scale=2,
                )
            with gr.Row():
                self._name = gr.Textbox(
                    label=N_("Who read it?"), placeholder=UNNAMED, max_lines=1, min_width=150, elem_id="own-name"
                )
                self._usd = amount(COST, N_("not known"), elem_id="own-usd")
                self._add = gr.Button(N_("Add this reading"), variant="primary", elem_id="own-add", min_width=150)

    @property
    def inputs(self) -> list[Any]:
        """What `taken` needs, in its order."""
        return [self._text, self._name, self._usd, self._read]

    @property
    def outputs(self) -> list[Any]:
        """What the form itself changes when a reading was taken."""
        return [self._said, self._text, self._name, self._usd, self._file, self._read]

    def connect(
        self, add: Callable[..., Any], inputs: Sequence[Any], outputs: Sequence[Any], quiet: dict[str, Any]
    ) -> None:
        """Let the file be read when it comes, and `add` be called when the button is pressed."""
        read = [self._said, self._text, self._name, self._file, self._read]
        self._file.upload(self._take_file, [self._file, self._name], read, concurrency_limit=2, **quiet)
        self._add.click(add, inputs, outputs, concurrency_limit=2, **quiet)

    def _take_file(self, file: tuple[bytes, str] | None, name: str, request: gr.Request) -> Update:
        """What the file says, for its owner to see before it counts."""
        if file is None:
            return {self._said: gr.skip()}
        data, file_name = file
        hosting = self._house.hosting
        try:
            with hosting.decoding.turn(visitor_of(request, hosting).payer, Event()):
                letters = len(data) // BYTES_LIKE_A_LETTER
                found = hosting.apart.run(letters, reading_or_refusal, data, file_name)
        except NoRoom as refusal:
            found = str(refusal)
        if isinstance(found, str):
            return {**self.problem(found), self._file: None, self._read: None}
        return {
            self._said: render("own_reading.html", problem="", found=found),
            self._text: found.reading.text,
            self._name: name or PurePath(file_name).stem,
            self._file: None,
            self._read: found,
        }

    def taken(
        self, desk: Desk, text: str | None, name: str | None, usd: str | None, read: ForeignReading | None
    ) -> OwnReading:
        """The reading as it stands in the form; raises `UploadRefused` or `NoAmount`."""
        if sum(map(is_brought, desk.runs)) >= MOST_OWN:
            raise UploadRefused(
                _("{n} readings from elsewhere lie here already. Compare others on a new page.", n=MOST_OWN)
            )
        text, name = text or "", (name or "").strip()
        unchanged = read is not None and read.reading.text == text
        found = read if unchanged and read is not None else accept_reading(text.encode("utf-8", "replace"))
        if not text.strip():
            raise UploadRefused(_("There is no text. Paste what was read, or drop its file."))
        return OwnReading(name or _free_name(desk), found, amount_of(usd, COST))

    def problem(self, sentence: str) -> Update:
        """Say why nothing was taken."""
        return {self._said: render("own_reading.html", problem=sentence, found=None)}

    def emptied(self) -> Update:
        """Ready for the next one."""
        empty = dict.fromkeys((self._text, self._name, self._usd), "")
        return {**self.problem(""), **empty, self._file: None, self._read: None}


def _free_name(desk: Desk) -> str:
    unnamed = _(UNNAMED)
    names = (unnamed, *(f"{unnamed} {number}" for number in range(2, 100)))
    return next((name for name in names if brought_spec(name).id not in desk.runs), unnamed)
