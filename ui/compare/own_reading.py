"""A reading of one's own: pasted, or dropped as a file, and put into the slot that waits for it. Runs no engine.

SECURITY: the file is a stranger's. Its bytes are taken and the upload deleted at once (`ui.blocks.UntouchedFile`);
`playground.uploads` says what is too large, and every word of it goes through the templates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePath
from threading import Event
from typing import Any

import gradio as gr

from engines.catalogue import brought_spec, is_brought
from engines.formats.layout import ForeignReading
from playground.host.admission import NoRoom
from playground.uploads import OwnReading, UploadRefused, accept_reading
from translations import N_, _
from ui.blocks import UntouchedFile
from ui.compare.desk import Desk
from ui.house import House, amount, amount_of, visitor_of
from ui.html import laid_out, render
from ui.programs import MOST_OWN
from ui.streaming import Update

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
                found = accept_reading(data, file_name)
        except (UploadRefused, NoRoom) as refusal:
            return {**self.problem(str(refusal)), self._file: None, self._read: None}
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
