"""A Space in small: run by test_zerogpu with ZeroGPU's settings in the environment. Prints what a visitor gets."""

# ruff: noqa: E402

import json
import sys
from contextvars import copy_context
from dataclasses import replace
from threading import Thread

from ui.quick_import import leave_out_stubs

leave_out_stubs()
sys.modules["torch"] = None  # spaces drives CUDA through torch, and this machine's torch may have none
import spaces  # noqa: F401

del sys.modules["torch"]
import gradio as gr
import httpx
from PIL import Image

from engines.catalogue import spec_by_id
from engines.contract import ReadingTask
from engines.page_fitting import page_from
from engines.registry import LoadedEngines, gpu_reader


def main(picture: str, trocr: str, token: str) -> None:
    specs = [
        replace(spec_by_id("trocr-small"), model=trocr, options={"device": "cpu"}),
        replace(spec_by_id("trocr-base"), model=trocr, options={"device": "cpu", "precision": "bf16"}),
        spec_by_id("dtrocr"),
    ]
    read = gpu_reader(LoadedEngines())
    page = page_from(Image.open(picture))

    def compare() -> str:
        outcomes: list[object] = []
        thread = Thread(target=copy_context().run, args=(lambda: outcomes.extend(read(specs, page, ReadingTask())),))
        thread.start()
        thread.join()
        return json.dumps([getattr(outcome, "text", type(outcome).__name__) for outcome in outcomes])

    with gr.Blocks() as demo:
        shown = gr.Textbox()
        gr.Button("compare").click(compare, None, shown, api_name="compare")
    _, url, _ = demo.launch(prevent_thread_lock=True, quiet=True, ssr_mode=False, server_name="127.0.0.1")
    visitor = httpx.Client(base_url=url, timeout=60, headers={"x-ip-token": token})
    event = visitor.post("gradio_api/call/compare", json={"data": []}).json()["event_id"]
    answer = visitor.get(f"gradio_api/call/compare/{event}").text
    print("ANSWER", json.loads(answer.rsplit("data:", 1)[1])[0])
    sys.stdout.flush()
    demo.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
