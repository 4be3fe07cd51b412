"""How many of the names, dates, amounts and numbers that a careful reader marks are found, and how many found are none.

Two kinds of texts: letters, invoices, registers and forms of our own with marks in them, and real pages, of which only
the places of the marks and the sha256 of the text are kept here. "Tuned" were looked at while the rules were written,
"held out" were not. A `?` is not counted: a common word inside the name of an institution, a title, a brand.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from benchmarks.accuracy.real_pages import REAL_ANSWERS, real_pages
from metrics.critical_tokens import TokenVerdict, critical_tokens, judge_tokens
from metrics.figures import essence
from playground.insight import vocabulary

MARKED = Path(__file__).resolve().parents[2] / "tests" / "metrics" / "critical_tokens"
LABELS = Path(__file__).with_suffix(".csv")
KINDS = {"n": "name", "d": "date", "a": "amount", "#": "number", "?": "optional"}
_MARK = re.compile(r"\{([nda#?]) ([^{}]+)\}")
_CHANGEABLE = re.compile(r"\d+|(?<!\w)(?!(?:the|den|vom)\b)[^\W\d_]{3,}")
_LABEL = re.compile(r"([nda#?])(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text, and what it is."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class MarkedText:
    """A text with everything in it that must be right."""

    name: str
    language: str
    split: str
    text: str
    marks: tuple[Mark, ...]


def own_texts() -> Iterator[MarkedText]:
    """Texts made up for this, several to a file, apart by a line of dashes."""
    for path in sorted(MARKED.glob("*.txt")):
        split, _, language = path.stem.rpartition("_")
        for number, marked in enumerate(path.read_text(encoding="utf-8").split("\n----\n"), start=1):
            yield _unmarked(f"{path.stem} {number}", language, split, marked)


def labelled_pages() -> Iterator[MarkedText]:
    """Real pages whose text is still the one that was labelled; the others are named and left out."""
    texts = {page.name: page.reference for page in real_pages()}
    for path in (REAL_ANSWERS.parent / "handwriting" / "pages").glob("*.txt"):
        texts[f"handwriting/{path.stem}"] = path.read_text(encoding="utf-8")
    with LABELS.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            text = texts.get(row["page"], "")
            if sha256(text.encode()).hexdigest() != row["sha256"]:
                print(f"{row['page']}: not the text that was labelled, left out")
                continue
            marks = tuple(Mark(KINDS[k], int(start), int(end)) for k, start, end in _LABEL.findall(row["marks"]))
            yield MarkedText(row["page"], row["language"], row["split"], text, marks)


def measure(texts: Iterable[MarkedText], show: bool = False) -> dict[tuple[str, str], Counter[str]]:
    """By language and split, and by kind: found, missed, and taken for one wrongly."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for text in texts:
        counts = counted.setdefault((text.language, text.split), Counter())
        counts.update(_digits(text))
        for kind, verdict, words in _compared(text):
            counts[f"{kind} {verdict}"] += 1
            if show and verdict != "found":
                print(f"{text.split:9}{text.name:28.28}{kind:8}{verdict:8}{words!r}")
    return counted


def _digits(text: MarkedText) -> Iterator[str]:
    """Of every digit in a mark, whether it is in a token: one under a wrong kind is judged all the same."""
    inside = {
        at for token in critical_tokens(text.text, vocabulary(text.language)) for at in range(token.start, token.end)
    }
    for mark in text.marks:
        digits = [at for at in range(mark.start, mark.end) if text.text[at].isdigit()]
        if mark.kind not in ("name", "optional") and digits:
            yield "figure judged" if inside.issuperset(digits) else "figure left out"


def _compared(text: MarkedText) -> Iterator[tuple[str, str, str]]:
    found = critical_tokens(text.text, vocabulary(text.language))
    left = [mark for mark in text.marks if mark.kind != "optional" and _core(text.text, mark) != ("",)]
    optional = [mark for mark in text.marks if mark.kind == "optional"]
    for token in found:
        mine = Mark(token.kind, token.start, token.end)
        same = [mark for mark in left if _overlap(mark, mine) and _core(text.text, mark) == _core(text.text, mine)]
        if same:
            left.remove(same[0])
            yield token.kind, "found", token.text
        elif not any(_overlap(mark, mine) for mark in optional):
            yield token.kind, "false", token.text
    yield from ((mark.kind, "missed", text.text[mark.start : mark.end]) for mark in left)


def _overlap(one: Mark, other: Mark) -> bool:
    return one.start < other.end and other.start < one.end


def _core(text: str, mark: Mark) -> tuple[str, ...]:
    """A mark may take an article or a full stop more than a token does; the kind must be the same."""
    said = text[mark.start : mark.end]
    if mark.kind == "name":
        return mark.kind, "".join(filter(str.isalpha, said))
    said = re.sub(r"^(?:the|le|la|am|im|den|der|vom|in|en)\s+", "", said, flags=re.IGNORECASE)
    return mark.kind, *essence(said, mark.kind)


def _unmarked(name: str, language: str, split: str, marked: str) -> MarkedText:
    text, done = "", 0
    marks: list[Mark] = []
    for match in _MARK.finditer(marked):
        text += marked[done : match.start()]
        start, done = len(text), match.end()
        text += match[2]
        marks.append(Mark(KINDS[match[1]], start, len(text)))
    return MarkedText(name, language, split, text + marked[done:], tuple(marks))


def judged(text: MarkedText, seed: int) -> Iterator[tuple[str, str, str]]:
    """Kind, what was done to a token, and the verdict, in a reading with one letter in twenty wrong elsewhere.

    A third of the tokens is left as it is or spaced and pointed otherwise, a third has one character changed, a third
    is left out.
    """
    random = Random(f"{text.name} {seed}")
    marks = sorted((mark for mark in text.marks if mark.kind != "optional"), key=lambda mark: mark.start)
    done, read = 0, ""
    made: dict[int, str] = {}
    for mark in marks:
        read += _noisy(text.text[done : mark.start], random)
        made[mark.start] = random.choice(("kept", "changed", "left out"))
        read += _MADE[made[mark.start]](text.text[mark.start : mark.end], random)
        done = mark.end
    for verdict in judge_tokens(text.text, read + text.text[done:], vocabulary=vocabulary(text.language)):
        of = next((mark for mark in marks if _is_marked(text.text, verdict, mark)), None)
        if of is not None:
            yield of.kind, made[of.start], verdict.fate


def _is_marked(text: str, verdict: TokenVerdict, mark: Mark) -> bool:
    mine = Mark(verdict.token.kind, verdict.token.start, verdict.token.end)
    return _overlap(mark, mine) and _core(text, mark) == _core(text, mine)


def _noisy(text: str, random: Random) -> str:
    return "".join(random.choice("aeinrst") if c.isalpha() and random.random() < 0.05 else c for c in text)


def _kept(text: str, random: Random) -> str:
    return random.choice((text, text.replace(".", "").strip() if not re.search(r"\d\.\d", text) else text, f"{text},"))


def _changed(text: str, random: Random) -> str:
    """One digit, or one letter of a word that is no article and no ordinal's ending."""
    words = [match.span() for match in _CHANGEABLE.finditer(text)] or [(0, len(text))]
    places = [at for start, end in words for at in range(start, end) if text[at].isalnum()]
    at = random.choice(places)
    others = "0123456789" if text[at].isdigit() else "bdfghkpqvwxz"
    return text[:at] + random.choice([c for c in others if c != text[at].casefold()]) + text[at + 1 :]


_MADE: dict[str, Callable[[str, Random], str]] = {
    "kept": _kept,
    "changed": _changed,
    "left out": lambda text, random: "",
}


def _share(part: int, rest: int) -> str:
    return f"{part}/{part + rest} {100 * part / (part + rest):5.1f} %" if part + rest else "none"


def report(title: str, counted: dict[tuple[str, str], Counter[str]]) -> None:
    """Precision and recall of every kind."""
    for (language, split), counts in sorted(counted.items()):
        judged, left_out = counts["figure judged"], counts["figure left out"]
        print(f"{title:10}{language:4}{split:11}figures judged, whatever their kind: {_share(judged, left_out)}")
        for kind in ("name", "date", "amount", "number"):
            found, false, missed = (counts[f"{kind} {verdict}"] for verdict in ("found", "false", "missed"))
            print(
                f"{title:10}{language:4}{split:11}{kind:8}"
                f"precision {_share(found, false):20} recall {_share(found, missed)}"
            )


def report_judging(texts: Iterable[MarkedText]) -> None:
    """Of the tokens read right, how many are called so; of the others, how many are called wrong or missing."""
    counts: Counter[tuple[str, str, bool, bool]] = Counter()
    for text in texts:
        for seed in range(10):
            for kind, made, fate in judged(text, seed):
                counts[text.language, kind, made == "kept", fate == "right"] += 1
    for language, kind in sorted({(language, kind) for language, kind, _, _ in counts}):
        right = [counts[language, kind, True, called] for called in (True, False)]
        wrong = [counts[language, kind, False, called] for called in (False, True)]
        print(
            f"judged    {language:4}{kind:8}right called right {_share(*right):22} wrong called wrong {_share(*wrong)}"
        )


if __name__ == "__main__":
    show = "--show" in sys.argv
    report("own texts", measure(own_texts(), show))
    report("real pages", measure(labelled_pages(), show))
    report_judging(own_texts())
