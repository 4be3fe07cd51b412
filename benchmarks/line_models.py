"""TrOCR on a page, line finding included, against the published snippet: `python -m benchmarks.line_models`.

Weights are random, of the published sizes: speed does not depend on them, except that random weights never end a line,
so both sides write as many tokens as the line can hold. The snippet reads one line at a time and gets its lines cut.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from benchmarks.random_trocr import SIZES, save_random_trocr
from benchmarks.side_by_side import in_turns, ratio, table
from engines.adapters.trocr import TrOCREngine
from engines.catalogue import spec_by_id
from engines.contract import PageImage, ReadingTask
from engines.line_finding import LineFinder, crop, widened
from engines.line_reading import AROUND_A_LINE
from engines.pixels import Pixels, page_from, rgb_pixels
from engines.trocr_model import load_processor, token_cap
from playground.settings import calm_threads
from samples import load_samples

SNIPPET = "the published snippet, one line at a time"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and whether the texts are the same."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.line_models", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--lines", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    wanted = parser.parse_args(arguments)
    calm_threads()
    page = page_with_lines(wanted.lines)
    with TemporaryDirectory() as home:
        folder = save_random_trocr(Path(home), wanted.size)
        crops = _lines_of(page)
        texts: dict[str, str] = {}
        rivals: dict[str, Callable[[], object]] = {SNIPPET: partial(_told, texts, SNIPPET, _snippet(folder), crops)}
        for precision in ("fp32", "bf16", "int8"):
            rivals[f"ours, {precision}"] = partial(_told, texts, precision, _ours(folder, precision), page)
        print(f"TrOCR {wanted.size}, random weights, {len(crops)} lines", flush=True)
        seconds = in_turns(rivals, wanted.rounds)
    print(table(seconds, SNIPPET))
    for precision in ("fp32", "bf16", "int8"):
        same = "the same text" if texts[precision] == texts[SNIPPET] else "another text"
        print(f"  {precision}: {ratio(seconds, SNIPPET, f'ours, {precision}'):.2f} times as fast, {same}")
    print(
        "  Whether bf16 and int8 stay within 0.1 points of CER cannot be measured here: there are no trained weights."
    )


def page_with_lines(count: int) -> PageImage:
    """Handwritten lines of the samples, one below the other."""
    strips = [crop(pixels, line) for pixels, line in _sample_lines()]
    chosen = [Image.fromarray(strips[number % len(strips)]) for number in range(count)]
    page = Image.new("RGB", (max(strip.width for strip in chosen) + 160, count * 110 + 100), "white")
    for number, strip in enumerate(chosen):
        strip.thumbnail((strip.width, 70))
        page.paste(strip, (80, 60 + number * 110))
    return page_from(page)


def _sample_lines() -> list[tuple[Pixels, Any]]:
    finder = LineFinder()
    images = [sample.image for sample in load_samples() if sample.language == "en" and sample.reference][:3]
    pages = [rgb_pixels(page_from(Image.open(image))) for image in images]
    return [(pixels, line) for pixels in pages for line in finder.find(pixels)]


def _lines_of(page: PageImage) -> list[Pixels]:
    pixels = rgb_pixels(page)
    return [crop(pixels, widened(line, AROUND_A_LINE, AROUND_A_LINE)) for line in LineFinder().find(pixels)]


def _told(texts: dict[str, str], name: str, read: Callable[[Any], str], what: object) -> None:
    texts[name] = read(what)


def _ours(folder: Path, precision: str) -> Callable[[PageImage], str]:
    engine = TrOCREngine(replace(spec_by_id("trocr-small"), model=str(folder), options={"precision": precision}))
    engine.load()
    task = ReadingTask(timeout_seconds=3600)
    return lambda page: engine.read(page, task).text


def _snippet(folder: Path) -> Callable[[Sequence[Pixels]], str]:
    from transformers import VisionEncoderDecoderModel

    processor, model = load_processor(folder), VisionEncoderDecoderModel.from_pretrained(folder)

    def read(line: Pixels) -> str:
        pixel_values = processor(images=Image.fromarray(line), return_tensors="pt").pixel_values
        generated_ids = model.generate(pixel_values, max_new_tokens=token_cap(line))
        return str(processor.batch_decode(generated_ids, skip_special_tokens=True)[0]).strip()

    return lambda lines: "\n".join(filter(None, map(read, lines)))


if __name__ == "__main__":
    main()
