"""TrOCR on a page, line finding included, against the published snippet: `python -m benchmarks.line_models`.

Weights are random, of the published sizes (see `random_trocr`). The snippet reads one line at a time, gets its lines
cut, and runs as its checkpoint is set: one beam and no cache of keys and values. Beside it stands the same snippet with
the cache turned on. All stop a line at the same number of tokens. On a busy machine, trust the processor's time.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from statistics import fmean, median
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

from PIL import Image

from benchmarks.random_trocr import SIZES, save_random_trocr
from benchmarks.roofline import measured, work_of
from benchmarks.side_by_side import in_turns, ratio, table
from engines.adapters.line_models import TrOCREngine, load_network, load_processor, token_cap
from engines.catalogue import spec_by_id
from engines.contract import PageImage, ReadingTask
from engines.line_finding import AROUND_A_LINE, LineFinder, TextLine, crop, widened
from engines.page_fitting import Pixels, page_from, rgb_pixels
from playground.settings import calm_threads
from samples import load_samples

Times = dict[str, list[float]]
SNIPPET = "the published snippet, one line at a time"
CACHED = "the same with its cache turned on"
PRECISIONS = ("fp32", "bf16", "int8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print both clocks' tables, whether the texts are the same, and how far the fp32 engine is from the limit."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.line_models", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--lines", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--precisions", nargs="*", choices=PRECISIONS, default=PRECISIONS)
    wanted = parser.parse_args(arguments)
    calm_threads()
    page = page_with_lines(wanted.lines)
    with TemporaryDirectory() as home:
        folder = save_random_trocr(Path(home), wanted.size)
        told: dict[str, str] = {}
        crops = _lines_of(page)
        snippet = _Snippet(folder)
        rivals: dict[str, Callable[[], object]] = {
            SNIPPET: lambda: told.update({SNIPPET: snippet.read(crops)}),
            CACHED: lambda: told.update({CACHED: snippet.read(crops, use_cache=True)}),
        }
        for precision in wanted.precisions:
            rivals[f"ours, {precision}"] = partial(_keep, told, precision, _ours(folder, precision), page)
        print(f"TrOCR {wanted.size}, random weights, {len(crops)} lines", flush=True)
        seconds, worked = _both_clocks(rivals, wanted.rounds)
        print(f"  {snippet.lengths()}")
        for clock, times in (("wall clock", seconds), ("processor", worked)):
            print(f" {clock}\n{table(times, SNIPPET)}")
        for precision in wanted.precisions:
            _tell(precision, told, seconds, worked)
        if "fp32" in wanted.precisions:
            _tell_limit(snippet, crops, median(worked["ours, fp32"]) / len(crops))
    print(
        "  Whether bf16 and int8 stay within 0.1 points of CER cannot be measured here: there are no trained weights."
    )


def _both_clocks(rivals: Mapping[str, Callable[[], object]], rounds: int) -> tuple[Times, Times]:
    """Seconds on the wall and of the processor, of the same rounds."""
    worked: Times = {name: [] for name in rivals}

    def timed(name: str) -> None:
        started = process_time()
        rivals[name]()
        worked[name].append(process_time() - started)

    return in_turns({name: partial(timed, name) for name in rivals}, rounds), worked


def _tell(precision: str, told: Mapping[str, str], seconds: Times, worked: Times) -> None:
    same = "the same text" if told[precision] == told[SNIPPET] else "another text"
    print(f"  {precision}, {same}:")
    for clock, times in (("on the wall", seconds), ("in processor time", worked)):
        plain, cached = (ratio(times, rival, f"ours, {precision}") for rival in (SNIPPET, CACHED))
        print(f"    {plain:.2f} times as fast {clock}, {cached:.2f} times with the snippet's cache turned on")


def _tell_limit(snippet: _Snippet, crops: Sequence[Pixels], seconds_a_line: float) -> None:
    """The limit for fp32 in batches of eight, in seconds of one core, against what a line of ours took."""
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # so that processor time is the time of one core
    machine = measured("cpu", torch.float32, clock=process_time)
    torch.set_num_threads(threads)
    batch = (list(crops) * 8)[:8]
    work = work_of(partial(snippet.generate, batch), snippet.model, snippet.model.decoder, snippet.mean_length())
    print(
        f"  a core: {machine.flops_per_second / 1e9:.0f} GFLOP/s, {machine.bytes_per_second / 1e9:.1f} GB/s; "
        f"batches of 8 in fp32, {seconds_a_line:.3f} s of processor a line"
    )
    print(work.told(machine, seconds_a_line * 8))


def page_with_lines(count: int) -> PageImage:
    """Handwritten lines of the samples, one below the other."""
    strips = [crop(pixels, line) for pixels, line in islice(_sample_lines(), count)]
    chosen = [Image.fromarray(strips[number % len(strips)]) for number in range(count)]
    page = Image.new("RGB", (max(strip.width for strip in chosen) + 160, count * 110 + 100), "white")
    for number, strip in enumerate(chosen):
        strip.thumbnail((strip.width, 70))
        page.paste(strip, (80, 60 + number * 110))
    return page_from(page)


def _sample_lines() -> Iterator[tuple[Pixels, TextLine]]:
    finder = LineFinder()
    images = [sample.image for sample in load_samples() if sample.language == "en" and sample.reference][:3]
    for image in images:
        pixels = rgb_pixels(page_from(Image.open(image)))
        for line in finder.find(pixels):
            yield pixels, line


def _lines_of(page: PageImage) -> list[Pixels]:
    pixels = rgb_pixels(page)
    return [crop(pixels, widened(line, AROUND_A_LINE, AROUND_A_LINE)) for line in LineFinder().find(pixels)]


def _keep(told: dict[str, str], name: str, read: Callable[[Any], str], what: object) -> None:
    told[name] = read(what)


def _ours(folder: Path, precision: str) -> Callable[[PageImage], str]:
    engine = TrOCREngine(replace(spec_by_id("trocr-small"), model=str(folder), options={"precision": precision}))
    engine.load()
    task = ReadingTask(timeout_seconds=3600)
    return lambda page: engine.read(page, task).text


class _Snippet:
    """The model card's code around each line, at the checkpoint's own settings but for the number of tokens."""

    def __init__(self, folder: Path) -> None:
        # the snippet's own `from_pretrained` loads base and large so that they fail at the first token
        self.processor, self.model = load_processor(folder), load_network(folder)
        self._tokens: list[int] = []

    def read(self, lines: Sequence[Pixels], **settings: bool) -> str:
        """The lines' texts; remembers how many tokens each had."""
        texts = []
        self._tokens = []
        for line in lines:
            pixel_values = self.processor(images=Image.fromarray(line), return_tensors="pt").pixel_values
            generated_ids = self.model.generate(pixel_values, max_new_tokens=token_cap(line), **settings)
            texts.append(str(self.processor.batch_decode(generated_ids, skip_special_tokens=True)[0]).strip())
            self._tokens.append(generated_ids.shape[1] - 1)
        return "\n".join(filter(None, texts))

    def generate(self, lines: Sequence[Pixels], tokens: int) -> object:
        """That many tokens for a batch, as we write them, to count what it takes."""
        pixel_values = self.processor(images=list(lines), return_tensors="pt").pixel_values
        return self.model.generate(pixel_values, min_new_tokens=tokens, max_new_tokens=tokens, use_cache=True)

    def mean_length(self) -> float:
        """Mean number of tokens of the lines last read."""
        return fmean(self._tokens)

    def lengths(self) -> str:
        """How long the lines last read were."""
        return f"{self.mean_length():.1f} tokens a line, from {min(self._tokens)} to {max(self._tokens)}"


if __name__ == "__main__":
    main()
