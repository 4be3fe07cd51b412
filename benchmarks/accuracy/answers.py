"""Are answers of real models read right? `python -m benchmarks.accuracy.answers`, for real answers beside the checkout.

`answer_labels.csv` says, from reading all of them, which answers hold more than a transcription: the kinds of chatter,
and the checksum of the text (white space run together) that is left when all of it is gone; none where that is not done
today. Pages are held out by the checksum of their name: the first version of the rules was made without them.

`invented_answers.jsonl` holds lists of chatty answers of our own, in the manner of many models and in eight
languages, and of texts that only sound like one. Each was read by the rules as they stood before rules were made from
it; what they made of it then is in README.md beside it, what they make of it now says little of the next list.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from benchmarks.accuracy.real_pages import RealPage, real_pages
from metrics.answer import Answer, is_loop, parse_answer, said_elsewhere
from metrics.error_rate import cer
from metrics.line_matching import compare_lines
from metrics.normalising import Rules
from metrics.silent_corrections import misspellings
from playground.insight import known_words

LABELS = Path(__file__).with_name("answer_labels.csv")
INVENTED = Path(__file__).with_name("invented_answers.jsonl")
LISTS = 12
HELD_OUT = (12,)
"""Lists that no weight and no word was taken from."""
KINDS = ("preamble", "heading", "label", "remark", "fence", "refusal")
INKBENCH = Rules(letters_and_digits_only=True, remove_markdown=False)
TOO_LONG = 20_000
JUDGED = {
    ("mss1187900067-48.jpg", 286): "misspelt",
    ("mss1187900115-32.jpg", 333): "British",
    ("mss1187900115-32.jpg", 494): "misspelt",
    ("mss1288000772-26.jpg", 19): "misspelt",
    ("mss184240143-2.jpg", 1126): "misspelt",
    ("mss184240143-2.jpg", 1254): "in doubt",
}
"""Words that the reference has misspelt, by page and place, looked up on the picture."""
JUDGED_SHARES = {
    "google-gemini-3-pro-preview": 0.18,
    "openai-gpt-5.1": 0.52,
    "anthropic-claude-sonnet-4": 0.75,
    "qwen-qwen3-vl-235b-a22b-instruct": 0.93,
}
"""Which share of 29 sure misspellings each put right, counted by hand on 120 pages, of which these are a part."""


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer as it was read by the product and by a person."""

    page: RealPage
    model: str
    text: str
    answer: Answer
    kinds: frozenset[str]
    cleaned_sha256: str

    @property
    def held_out(self) -> bool:
        """Whether the page was not looked at until the first version of the rules stood."""
        return hashlib.sha256(Path(self.page.name).stem.encode()).hexdigest()[-1] in "012345"

    @property
    def found(self) -> frozenset[str]:
        """The kinds of chatter that the product finds; a refusal with a reading behind it is a preamble."""
        kinds = {"refusal"} if self.answer.is_refusal else {part.kind for part in self.answer.chatter}
        return frozenset("preamble" if kind == "refusal" and not self.answer.is_refusal else kind for kind in kinds)

    @property
    def is_clean(self) -> bool:
        """Whether nothing but the transcription is left."""
        text = " ".join(self.answer.transcription.split())
        return hashlib.sha256(text.encode()).hexdigest() == self.cleaned_sha256


def judged(pages: Iterable[RealPage]) -> Iterator[Judged]:
    """Every answer with its label; an answer without one is nothing but a transcription."""
    with LABELS.open(encoding="utf-8", newline="") as rows:
        labels = {(row["page"], row["model"]): row for row in csv.DictReader(rows)}
    for page in pages:
        for model, text in page.readings.items():
            label = labels.get((page.name, model), {})
            kinds = frozenset(label.get("kinds", "").split())
            yield Judged(page, model, text, parse_answer(text), kinds, label.get("cleaned_sha256", ""))


@dataclass(frozen=True, slots=True)
class OnInvented:
    """How a list of invented answers was read."""

    chatty: int
    cleaned: int
    plain: int
    swallowed: int

    def __str__(self) -> str:
        return f"{self.cleaned} of {self.chatty} cleaned, {self.swallowed} of {self.plain} plain texts cut"


def invented(number: int) -> OnInvented:
    """Of one list: chatty answers of which just the transcription is left, and plain texts that lost something."""
    rows = [json.loads(line) for line in INVENTED.read_text(encoding="utf-8").splitlines()]
    read = [
        (
            row["chatty"],
            parse_answer(row["answer"]).transcription.split() == row["transcription"].split(),
        )
        for row in rows
        if row["list"] == number
    ]
    chatty, plain = ([right for is_chatty, right in read if is_chatty == which] for which in (True, False))
    return OnInvented(len(chatty), sum(chatty), len(plain), len(plain) - sum(plain))


def main() -> None:
    """Print every figure."""
    for number in range(1, LISTS + 1):
        print(f"invented list {number}: {invented(number)}")
    answers = list(judged(real_pages()))
    for name, some in (
        ("all", answers),
        ("tuned on", [one for one in answers if not one.held_out]),
        ("held out at first", [one for one in answers if one.held_out]),
    ):
        print(f"\n{name}: {len(some)} answers")
        _print_chatter(some)
    print()
    _print_loops(answers)
    _print_rules(answers)
    _print_lines(answers)
    _print_corrections(answers)


def _print_chatter(answers: Collection[Judged]) -> None:
    for kind in KINDS:
        said = [one for one in answers if kind in one.kinds]
        found = [one for one in answers if kind in one.found]
        right = sum(kind in one.kinds for one in found)
        print(f"  {kind:10} precision {right} of {len(found)}, recall {right} of {len(said)}")
    chatty = [one for one in answers if one.kinds & {*KINDS}]
    print(f"  fully cleaned {sum(one.is_clean for one in chatty)} of {len(chatty)} chatty answers")


def _print_loops(answers: Collection[Judged]) -> None:
    found, said = [one for one in answers if is_loop(one.text)], [one for one in answers if "loop" in one.kinds]
    print(f"loops: precision {sum(one in said for one in found)} of {len(found)}, recall of {len(said)}")
    found_elsewhere = right = 0
    for model in sorted({one.model for one in answers}):
        own = {one.page.name: one for one in answers if one.model == model}
        for name in said_elsewhere({name: one.answer.transcription for name, one in own.items()}):
            found_elsewhere += 1
            right += "elsewhere" in own[name].kinds
    said_so = sum("elsewhere" in one.kinds for one in answers)
    print(f"texts from elsewhere: precision {right} of {found_elsewhere}, recall {right} of {said_so}")


def _print_rules(answers: Collection[Judged]) -> None:
    """InkBench: lower case, then only [0-9a-z], then the distance over the length of the reference."""
    same = count = 0
    for one in answers:
        if len(one.text) < TOO_LONG:
            ours = cer(one.page.reference, one.text, INKBENCH)
            texts = [re.sub(r"[^0-9a-z]", "", text.lower()) for text in (one.page.reference, one.text)]
            same += (ours.errors, ours.reference_length) == (Levenshtein.distance(*texts), len(texts[0]))
            count += 1
    print(f"letters and digits only: {same} of {count} answers as InkBench counts them")


def _print_lines(answers: Collection[Judged]) -> None:
    """As answered, and with every line break lost: then nothing may be invented or said again."""
    for name, lost in (("lines", False), ("line breaks lost", True)):
        fates = {"in place": 0, "moved": 0, "misread": 0, "missing": 0, "invented": 0, "repeated": 0}
        for one in answers:
            if not one.answer.is_refusal and not is_loop(one.text) and len(one.text) < TOO_LONG:
                text = one.answer.transcription
                for line in compare_lines(one.page.reference, text.replace("\n", " ") if lost else text).lines:
                    fates[line.fate] += 1
        print(f"{name}:", ", ".join(f"{count} {fate}" for fate, count in fates.items()))


def _print_corrections(answers: Collection[Judged]) -> None:
    readers = [one for one in answers if not one.answer.is_refusal and not is_loop(one.text)]
    found = {model: _misspellings(model, readers) for model in sorted({one.model for one in readers})}
    flags = [place for words in found.values() for place, fate in words if fate == "corrected"]
    right, doubtful = (sum(JUDGED.get(place) == judged for place in flags) for judged in ("misspelt", "in doubt"))
    print(f"misspellings put right: {right} of {len(flags)} flags true, {doubtful} in doubt; put right / kept:")
    shares: dict[str, float] = {}
    for model, words in found.items():
        corrected, kept = (sum(fate == one for _, fate in words) for one in ("corrected", "kept"))
        shares[model] = corrected / max(1, corrected + kept)
        print(f"  {model:38} {corrected:3} / {kept}")
    ranked = [(shares[model], share) for model, share in JUDGED_SHARES.items() if model in shares]
    print(f"  Kendall tau against {len(ranked)} engines judged by hand: {_kendall(ranked):.2f}")


def _misspellings(model: str, readers: Collection[Judged]) -> list[tuple[tuple[str, int], str]]:
    """Where the model met a misspelling, and what it made of it."""
    lexicon = known_words("en")
    words: list[tuple[tuple[str, int], str]] = []
    for one in (one for one in readers if one.model == model):
        others = [
            other.answer.transcription for other in readers if other.page.name == one.page.name and other.model != model
        ]
        found = misspellings(one.page.reference, one.answer.transcription, lexicon, others=others)
        words += [((one.page.name, word.words.ref_start), word.fate) for word in found]
    return words


def _kendall(pairs: Sequence[tuple[float, float]]) -> float:
    """Tau b: pairs of engines that stand equal count for neither side."""
    signs = [((a > c) - (a < c), (b > d) - (b < d)) for (a, b), (c, d) in combinations(pairs, 2)]
    untied = [sum(bool(sign[side]) for sign in signs) for side in (0, 1)]
    return sum(one * other for one, other in signs) / max(1.0, sqrt(untied[0] * untied[1]))


if __name__ == "__main__":
    main()
