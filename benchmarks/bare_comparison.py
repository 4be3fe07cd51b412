"""What Gradio itself takes: one async generator, four HTML outputs, the same sleeping engines, and nothing of ours.

Its parts have the names of ours, so that whoever visits the app can visit this. The port comes from the environment.

    python -m benchmarks.bare_comparison STEP
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from html import escape

import gradio as gr

from benchmarks.load import TEXT
from samples import load_samples

ENGINES = 4
PANEL = '<article class="panel read"><div class="text">{}</div></article>'


def build(step: float) -> gr.Blocks:
    """A picture to choose, a button, four panels; engines take one to four `step` seconds."""

    async def compare() -> AsyncIterator[list[str]]:
        async def read(number: int) -> int:
            await asyncio.sleep(step * (number + 1))
            return number

        panels = [""] * ENGINES
        for reading in asyncio.as_completed([read(number) for number in range(ENGINES)]):
            panels[await reading] = PANEL.format(escape(TEXT))
            yield panels

    app: gr.Blocks
    with gr.Blocks(analytics_enabled=False) as app:
        pictures = [str(sample.thumbnail) for sample in load_samples()]
        gallery = gr.Gallery(pictures, allow_preview=False, interactive=False, elem_id="samples")
        run = gr.Button("Compare", elem_id="run")
        gallery.select(lambda: None, None, None)
        run.click(compare, None, [gr.HTML() for _ in range(ENGINES)], show_progress="hidden", concurrency_limit=None)
    return app


def main() -> None:
    """Serve until the process is ended."""
    app = build(float(sys.argv[1])).queue(max_size=200, default_concurrency_limit=None)
    app.launch(server_port=int(os.environ["PORT"]), quiet=True, run_history=False)


if __name__ == "__main__":
    main()
