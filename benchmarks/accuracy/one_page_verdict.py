"""Does a verdict on one page hold on others? `python -m benchmarks.accuracy.one_page_verdict`

Sixty times for each page two, three or four of the models that read it are drawn, and the one with the fewest wrong
characters is taken to be the best: sure, or too close to call. It is right if it also has the lowest CER on the other
pages of the same collection, on all other pages, or, judged by the first half of a page, on its second half.
`playground.verdict.SURELY_MORE` was chosen on every second page, beginning with the first; the others are held out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from random import Random

from benchmarks.accuracy.real_pages import RealPage, real_pages
from metrics.comparing_texts import compare_texts
from metrics.error_rate import ErrorRate, cer, pooled, wer
from playground.verdict import surely_more

DRAWS, SIZES = 60, (2, 3, 4)
Rates = tuple[ErrorRate, ErrorRate]
"""Of characters and of words."""
Read = Mapping[str, Rates]
"""One page, or a part of it, by model."""
Case = tuple[Read, Sequence[Read]]
"""What is judged on, and what the judgement is held against."""


def main() -> None:
    """Print the table."""
    pages = real_pages()
    whole: list[Read] = [
        {model: _rates(page.reference, text) for model, text in page.readings.items()} for page in pages
    ]
    halves: list[tuple[Read, Read]] = [_halves(page) for page in pages]

    def elsewhere(which: Callable[[RealPage, RealPage], bool]) -> list[Case]:
        return [
            (whole[at], [whole[other] for other, there in enumerate(pages) if other != at and which(page, there)])
            for at, page in enumerate(pages)
        ]

    cases: dict[str, list[Case]] = {
        "other half": [(first, [second]) for first, second in halves],
        "same collection": elsewhere(lambda page, there: page.collection == there.collection),
        "all others": elsewhere(lambda page, there: True),
    }
    for against, found in cases.items():
        for split, start in (("tuned", 0), ("held out", 1)):
            print(f"{against:17}{split:10}{'   '.join(map(_shown, _counted(found[start::2])))}")


def _rates(reference: str, text: str) -> Rates:
    return cer(reference, text), wer(reference, text)


def _halves(page: RealPage) -> tuple[Read, Read]:
    """Cut after half of its lines, and every reading where the alignment puts that place."""
    lines = page.reference.splitlines(keepends=True)
    middle = sum(map(len, lines[: len(lines) // 2]))
    first, second = page.reference[:middle], page.reference[middle:]
    cuts = {model: _place_of(middle, page.reference, text) for model, text in page.readings.items()}
    return (
        {model: _rates(first, page.readings[model][:cut]) for model, cut in cuts.items()},
        {model: _rates(second, page.readings[model][cut:]) for model, cut in cuts.items()},
    )


def _place_of(middle: int, reference: str, text: str) -> int:
    for span in compare_texts(reference, text).spans:
        if span.ref_end > middle:
            return min(span.hyp_start + max(0, middle - span.ref_start), span.hyp_end)
    return len(text)


def _counted(cases: Iterable[Case]) -> list[Counter[tuple[bool, bool]]]:
    """For each number of models: whether the verdict was sure, and whether it was right."""
    random = Random(1)
    counts: list[Counter[tuple[bool, bool]]] = [Counter() for _ in SIZES]
    for read, others in cases:
        for size, count in zip(SIZES, counts, strict=True):
            count.update(_judged(read, others, size, random))
    return counts


def _judged(read: Read, others: Sequence[Read], size: int, random: Random) -> Iterator[tuple[bool, bool]]:
    for _ in range(DRAWS):
        best, *behind = sorted(random.sample(sorted(read), size), key=lambda model: read[model][0].errors)
        there = [page for page in others if all(model in page for model in (best, *behind))]
        if not there or read[best][0].errors == read[behind[0]][0].errors:
            continue
        fewest, *more = (pooled(page[model][0] for page in there).rate or 0.0 for model in (best, *behind))
        sure = all(surely_more(read[model][1].errors, read[best][1].errors) for model in behind)
        yield sure, fewest < min(more)


def _shown(count: Counter[tuple[bool, bool]]) -> str:
    sure, close = (count[said, True] + count[said, False] for said in (True, False))
    return (
        f"sure {sure / (sure + close):4.0%}, right {count[True, True]}/{sure} {count[True, True] / sure:5.1%}; "
        f"close right {count[False, True] / close:4.0%}"
    )


if __name__ == "__main__":
    main()
