"""Before the first page leaves this machine: which companies would get it, what they say they do with it, and a yes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import gradio as gr

from engines.contract import EngineSpec
from playground.consent import Company, Consents, companies
from ui.html import render


class ConsentSection:
    """Must be made inside `gr.Blocks`. The style sheet hides it while `question` is empty; `agree` means yes."""

    def __init__(self, consents: Consents) -> None:
        self._consents = consents
        with gr.Column(elem_id="consent"):
            self.question = gr.HTML(apply_default_css=False)
            with gr.Row():
                self.agree = gr.Button("Agree and compare", variant="primary", size="sm", elem_id="agree")
                self.decline = gr.Button("Not now", size="sm", elem_id="decline")
        self.decline.click(lambda: "", None, self.question, show_progress="hidden", api_visibility="private")

    def asks_about(self, session: str, specs: Iterable[EngineSpec]) -> Sequence[Company]:
        """The companies nobody has agreed to yet."""
        return self._consents.missing(session, specs)

    def ask(self, asked: Sequence[Company]) -> dict[object, object]:
        """Show the question."""
        return {self.question: render("consent.html", companies=asked)}

    def agreed(self, session: str, specs: Iterable[EngineSpec]) -> None:
        """The visitor said yes to the companies behind these engines, for this session."""
        self._consents.agree(session, [company.name for company in companies(specs)])
