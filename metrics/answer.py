"""The transcription apart from the chatter around it: preambles, code fences, headings, remarks, marks of doubt.

Nothing is lost: the parts, joined, are the answer. Whether chatter is scored is for others to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

PartKind = Literal["transcription", "reasoning", "preamble", "heading", "fence", "illegible", "remark"]


@dataclass(frozen=True, slots=True)
class AnswerPart:
    """A stretch of the answer, as it stands there."""

    kind: PartKind
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An engine's answer in parts that cover it without gaps."""

    parts: tuple[AnswerPart, ...]

    @property
    def transcription(self) -> str:
        """Only what the engine says stands on the page; a mark of doubt stands for nothing and is left out."""
        return "".join(part.text for part in self.parts if part.kind == "transcription").strip()

    @property
    def chatter(self) -> tuple[AnswerPart, ...]:
        """Everything else, in order."""
        return tuple(part for part in self.parts if part.kind != "transcription")

    def count(self, kind: PartKind) -> int:
        """How many parts are of that kind."""
        return sum(part.kind == kind for part in self.parts)


def parse_answer(text: str) -> Answer:
    """Recognise chatter by its wording and its place; what is in doubt is transcription."""
    start, end = 0, len(text)
    marked: list[tuple[PartKind, int, int]] = []
    while opening := _opening(text[start:end], after_chatter=bool(marked)):
        kind, length = opening
        marked.append((kind, start, start + length))
        start += length
    closed = False
    while closing := _closing(text[start:end], before_chatter=closed):
        kind, length = closing
        marked.append((kind, end - length, end))
        end -= length
        closed = True
    marked += [("illegible", *mark.span()) for mark in _ILLEGIBLE.finditer(text, start, end)]
    return Answer(tuple(_parts(text, sorted(marked, key=lambda part: part[1]))))


_ABOUT = frozenset(
    (
        *(
            "transcription",
            "transcript",
            "transcribed",
            "transcribe",
            "handwriting",
            "handwritten",
            "manuscript",
            "ocr",
        ),
        *("text", "image", "document", "letter", "page", "picture", "photo", "scan", "legible", "illegible"),
        *("unclear", "texte", "lettre", "handschrift", "abschrift"),
    )
)
_OPENERS = (
    *("sure", "certainly", "of course", "okay", "absolutely", "here is", "here's", "here are", "below is"),
    *("this is the", "this is a", "the following", "the text", "the image", "the handwritten", "the document"),
    *("i'll", "i will", "i can", "i have", "i've", "based on", "transcription of", "voici", "hier ist"),
)
_HEADING = frozenset(
    (
        *(
            "transcription",
            "transcript",
            "transcribed",
            "text",
            "handwritten",
            "handwriting",
            "extracted",
            "image",
            "ocr",
        ),
        *("output", "result", "content", "document", "page", "of", "the", "from", "full", "exact", "complete"),
    )
)
_HEADING_KEY = frozenset(("transcription", "transcript", "transcribed", "ocr", "handwritten", "extracted"))
_REMARKS = (
    *("note", "please note", "let me know", "i hope this", "if you need", "if you'd like", "if you would", "would you"),
    *("is there anything", "feel free", "please let", "the handwriting", "the image", "the text", "the transcription"),
    *(
        "some words",
        "some parts",
        "some of the",
        "this is a transcription",
        "this transcription",
        "remarque",
        "hinweis",
    ),
)
_OFFERS = frozenset(("help", "assist", "clarification", "clarify", "know", "anything"))
_REASONING = re.compile(r"\s*<think(?:ing)?>.*?</think(?:ing)?>\s*", re.DOTALL | re.IGNORECASE)
_FIRST_LINE = re.compile(r"\s*([^\n]+)(\n\s*|\Z)")
_FENCE = re.compile(r"(?:```|~~~)[\w-]*")
_RULE = re.compile(r"-{3,}|\*{3,}|_{3,}")
_ILLEGIBLE = re.compile(
    r"[\[({<][^][(){}<>\n]{0,20}(?:\b(?:illegible|unreadable|unclear|indecipherable|undecipherable|illisible|unleserlich)"
    r"\b[^][(){}<>\n]{0,20}[])}>])|\[(?:\?{1,3}|…|\.{3})\]",
    re.IGNORECASE,
)


def _opening(text: str, *, after_chatter: bool) -> tuple[PartKind, int] | None:
    """The chatter that the text begins with, and how long it is with the white space after it."""
    if reasoning := _REASONING.match(text):
        return "reasoning", reasoning.end()
    first = _FIRST_LINE.match(text)
    if not first:
        return None
    line, stands_alone = first[1].strip(), first[2].count("\n") > 1
    if _FENCE.fullmatch(line) or (after_chatter and _RULE.fullmatch(line)):
        return "fence", first.end()
    if first.end() == len(text):
        return None
    if _is_heading(line):
        return "heading", first.end()
    announces = _starts(line, _OPENERS) and bool(_ABOUT.intersection(_words(line)))
    return ("preamble", first.end()) if announces and (stands_alone or line.rstrip("*_ ").endswith(":")) else None


def _closing(text: str, *, before_chatter: bool) -> tuple[PartKind, int] | None:
    """The chatter that the text ends with, and how long it is with the white space before it."""
    body = text.rstrip()
    line = body[body.rfind("\n") + 1 :].strip()
    if "\n" in body and (_FENCE.fullmatch(line) or (before_chatter and _RULE.fullmatch(line))):
        return "fence", len(text) - len(body.removesuffix(line).rstrip())
    *before, paragraph = re.split(r"\n[^\S\n]*\n", body)
    if before and _starts(paragraph, _REMARKS) and (_ABOUT | _OFFERS).intersection(_words(paragraph)):
        return "remark", len(text) - len(body.removesuffix(paragraph).rstrip())
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.casefold().replace("’", "'"))


def _starts(text: str, openers: tuple[str, ...]) -> bool:
    opening = " ".join(_words(text[:80])) + " "
    return opening.startswith(tuple(f"{words} " for words in openers))


def _is_heading(line: str) -> bool:
    words = set(_words(line))
    marked = line.startswith(("#", "**", "__")) or line.endswith(":")
    return marked and words <= _HEADING and not words.isdisjoint(_HEADING_KEY)


def _parts(text: str, marked: Iterable[tuple[PartKind, int, int]]) -> Iterator[AnswerPart]:
    done = 0
    for kind, start, end in marked:
        if done < start:
            yield AnswerPart("transcription", text[done:start], done, start)
        yield AnswerPart(kind, text[start:end], start, end)
        done = end
    if done < len(text):
        yield AnswerPart("transcription", text[done:], done, len(text))
