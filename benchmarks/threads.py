"""Four embedded engines at once against one after the other, on this machine's cores: `python -m benchmarks.threads`.

Models are loaded first; every round reads one page both ways. Tells whether the engines' thread counts fit the cores,
and after how long the first and the last of them have read.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from functools import partial
from statistics import median
from time import perf_counter

from benchmarks.side_by_side import Work, in_turns, table
from engines.contract import EngineSpec, ReadingTask
from playground.comparing import compare_page
from playground.offer import Offer
from playground.settings import Settings, calm_threads
from playground.uploads import accept
from samples import load_samples


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.threads", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sample", default="letter", help="which of the samples is read")
    parser.add_argument("--engines", nargs="*", help="instead of all that need neither key nor download")
    wanted = parser.parse_args(arguments)
    calm_threads()
    offer = Offer.from_settings(Settings.from_env({}), {})
    specs = [offer.spec(engine_id) for engine_id in wanted.engines or offer.ready_without_keys()]
    for spec in specs:
        offer.engines.warm(spec)
    image = next(sample.image for sample in load_samples() if sample.id == wanted.sample)
    page = accept(image.read_bytes(), image.name)

    def read(chosen: Sequence[EngineSpec]) -> None:
        began = perf_counter()
        ended = [
            perf_counter() - began for _ in compare_page(chosen, page, ReadingTask(), offer.engines, lambda _spec: None)
        ]
        if chosen is specs:
            first.append(ended[0])
            last.append(ended[-1])

    first: list[float] = []
    last: list[float] = []

    def read_one_by_one() -> None:
        for spec in specs:
            read([spec])

    alone: dict[str, Work] = {f"only {spec.label}": partial(read, [spec]) for spec in specs}
    rivals: dict[str, Work] = {"all at once": partial(read, specs), "one after the other": read_one_by_one, **alone}
    in_turns(rivals, 1)
    print(f"{len(specs)} engines, {os.cpu_count()} cores, a page of {page.width} x {page.height} pixels")
    print(table(in_turns(rivals, wanted.rounds), "one after the other"))
    print(f"all at once: the first has read after {median(first):.2f} s, the last after {median(last):.2f} s")


if __name__ == "__main__":
    main()
