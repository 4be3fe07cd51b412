"""What of an answer is the transcription: apart from the chatter around it, and where an engine got stuck.

Chatter is preambles, fences, headings, labels, remarks, marks of doubt. Nothing is lost: the parts, joined, are the
answer. Whether chatter is scored is for others to say.

A loop says the same again and again, or on several pages what stands on none; no reference is needed. Leave chatter out
before looking, for engines decline in the same words everywhere.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import Literal

import numpy as np
from cachetools import LRUCache, cached

from metrics.chatter import (
    announces,
    begins_notes,
    declines,
    describes,
    is_heading,
    leads_on,
    names_a_place,
    remarks,
    talks_on,
)
from metrics.editorial_marks import doubt_marks, place_labels, unread

PartKind = Literal[
    "transcription", "reasoning", "preamble", "heading", "fence", "label", "illegible", "doubt", "remark", "refusal"
]
Mark = tuple[PartKind, int, int]
"""What a stretch of the answer is."""


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

    @property
    def is_refusal(self) -> bool:
        """Whether the engine declined, in words, and next to nothing is left that it read: no text to score."""
        declined = self.count("refusal") > 0
        read, said = _letters(self.transcription), _letters("".join(part.text for part in self.parts))
        return declined and read <= max(_A_FEW_WORDS, said * _SCRAPS)

    def count(self, kind: PartKind) -> int:
        """How many parts are of that kind."""
        return sum(part.kind == kind for part in self.parts)


def is_refusal(text: str) -> bool:
    """Whether an answer is a refusal in prose: never a text to score, never a vote."""
    start = max((end for _, _, end in _reasoning(text)), default=0)
    # Taking a page apart costs milliseconds; hardly any answer says no where a refusal would.
    openings = islice(_SAID.finditer(text, start), _REFUSES_WITHIN)
    return any(declines(text[line.start() : line.start() + _REFUSES_BY]) for line in openings) and (
        parse_answer(text).is_refusal
    )


def parse_answer(text: str) -> Answer:
    """Recognise chatter by its wording and its place; what is in doubt is transcription."""
    marked = _reasoning(text)
    start, end = max((end for _, _, end in marked), default=0), len(text)
    marked += (openings := list(_openings(text[:end], start, {kind for kind, _, _ in marked})))
    start = max((last for _, _, last in openings), default=start)
    marked += (notes := list(_notes(text, start, end, among_chatter=start > 0)))
    end = min((first for _, first, _ in notes), default=end)
    for _ in range(_MOST_STRETCHES):
        if not (closing := _closing(text[start:end], {kind for kind, _, _ in marked})):
            break
        kind, length = closing
        marked.append((kind, end - length, end))
        end -= length
    if not openings and end < len(text):
        marked += (openings := list(_openings(text[:end], start, {kind for kind, _, _ in marked})))
        start = max((last for _, _, last in openings), default=start)
    if openings:
        marked += _quoted_whole(text, start, end)
    marked += [("fence", *token.span()) for token in _TOKEN.finditer(text)]
    marked += _labels(text, start, end)
    marked += [("illegible", *span) for span in unread(text)]
    marked += [("doubt", mark.start, mark.end) for mark in doubt_marks(text)]
    return Answer(tuple(_parts(text, sorted(marked, key=lambda mark: (mark[1], -mark[2])))))


_SAID = re.compile(r"\S[^\n]*")
"""A line from its first letter, or what is left of one: thoughts may end within it."""
_MOST_STRETCHES = 40
"""Of chatter before the transcription, and behind it: each costs a look at all the rest, and an answer may loop."""
_REFUSES_WITHIN, _REFUSES_BY = 12, 1500
"""Lines, and characters from their start, in which a refusal has said what it is."""
_A_FEW_WORDS, _SCRAPS = 40, 0.2
"""Letters that a refusal may leave over, and the share of the answer that may be scraps of the page."""
_NOTES_SEEN, _NOTES_MORE = 500, 500
"""Notes are hardly longer than what they are about: otherwise the page goes on below."""
_THINKING = r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|scratchpad|analysis)"
_THOUGHT = re.compile(rf"[<\[◁](?P<tag>{_THINKING})[>\]▷].*?(?:[<\[◁]/(?P=tag)[>\]▷]\s*|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHT_ENDS = re.compile(rf"[<\[◁]/{_THINKING}[>\]▷]\s*", re.IGNORECASE)
_TOKEN = re.compile(
    r"<\|[a-z_]{2,40}\|>|</?(?:answer|transcription|transcript|output|response|result|ocr)>"
    r"|\A\s*---\n(?:[a-z_]+: [^\n]*\n){3,}---\n",
    re.IGNORECASE,
)
"""Tokens and tags of the model's own format that leaked, and a heading of facts about the page."""
_FIRST_LINE = re.compile(r"\s*([^\n]+)(\n\s*|\Z)")
_UNDERLINE = re.compile(r"[=-]{3,}\s*\n")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LABELLED = re.compile(r"[*_#\W]*(?:\w+ )?(?:transcri\w+|transkri\w+|trascri\w+)[*_]*:[*_]* +(?=\S)", re.IGNORECASE)
_QUOTED_WHOLE = re.compile(r"(?s)\s*(?:(\")[^\"]+(\")|(“)[^“”]+(”)|(„)[^„“”]+([“”])|(«)[^«»]+(»))\s*")
_FENCE = re.compile(r"(?:```|~~~)[\w-]*")
_RULE = re.compile(r"-{3,}|={3,}|\*{3,}|_{3,}")
_LINE = re.compile(r"^[^\S\n]*(\S[^\n]*)$", re.MULTILINE)
_BRACKETED = re.compile(r"(?:\*\*)?\[{1,2}([^\[\]]{8,500})\]{1,2}(?:\*\*)?")
_PAGE_LABEL = re.compile(
    r"(?:#{1,6} ?|\*\*|__)\W{0,3}(?:page|side|left|right|first|second|column)"
    r"(?: (?:\d{1,3}|one|two|three|page|side|column|margin))?(?: ?\([\w ,/-]{1,40}\))?\W{0,4}"
    r"|(?:\*\*|__|#{1,6} )\[?(?:marginalia|left column|right column|center column|header|footer)\]?:?(?:\*\*|__)?:?"
    r"|[-=*_]{2,} ?page(?: break| \d{1,3})? ?[-=*_]{2,}|\[page break\]",
    re.IGNORECASE,
)


def _reasoning(text: str) -> list[Mark]:
    """Thoughts in tags, whether they were closed or cut off, and all before a closing tag that nothing opened."""
    marked: list[Mark] = [("reasoning", *thought.span()) for thought in _THOUGHT.finditer(text)]
    inside = [(start, end) for _, start, end in marked]
    lone = [close for close in _THOUGHT_ENDS.finditer(text) if not any(a <= close.start() < b for a, b in inside)]
    return [("reasoning", 0, lone[-1].end())] if lone else marked


def _openings(text: str, start: int, seen: set[PartKind]) -> Iterator[Mark]:
    for _ in range(_MOST_STRETCHES):
        if not (opening := _opening(text[start:], seen)):
            return
        kind, length = opening
        yield kind, start, start + length
        seen |= {kind}
        start += length


def _opening(text: str, seen: set[PartKind]) -> tuple[PartKind, int] | None:
    """The chatter that the text begins with, and how long it is with the white space after it."""
    if token := _TOKEN.match(text):
        return "fence", token.end()
    first = _FIRST_LINE.match(text)
    if not first:
        return None
    blank = _BLANK_LINE.search(text, first.start(1))
    paragraph, after = (text[: blank.start()], blank.end()) if blank else (text, len(text))
    line = first[1].strip()
    if declines(paragraph):
        return "refusal", after
    if "refusal" in seen and talks_on(paragraph):
        return "preamble", after
    if _FENCE.fullmatch(line) or (seen & {"preamble", "refusal", "heading"} and _RULE.fullmatch(line)):
        return "fence", first.end()
    among_chatter = bool(seen & {"preamble", "refusal", "remark"} or _UNDERLINE.match(text, first.end()))
    return _announcement(text, first, paragraph, after, among_chatter=among_chatter)


def _announcement(
    text: str, first: re.Match[str], paragraph: str, after: int, *, among_chatter: bool
) -> tuple[PartKind, int] | None:
    """A title or a sentence, in the first line or the first paragraph, that something else comes after."""
    line, stands_alone = first[1].strip(), first[2].count("\n") > 1
    fenced = line.endswith(":") and _FENCE.match(text, first.end())
    if label := _LABELLED.match(line):
        return "heading", first.start(1) + label.end()
    if first.end() < len(text):
        if is_heading(line, among_chatter=among_chatter, stands_alone=stands_alone):
            return "heading", first.end()
        if _is_marked_whole(line) or names_a_place(line) or any(map(_PAGE_LABEL.fullmatch, (line, f"**{line}"))):
            return None
        if fenced or announces(line, stands_alone=stands_alone, among_chatter=among_chatter):
            return "preamble", first.end()
    whole = after < len(text) and announces(paragraph.strip(), stands_alone=True, among_chatter=among_chatter)
    return ("preamble", after) if whole else None


def _closing(text: str, seen: set[PartKind]) -> tuple[PartKind, int] | None:
    """The chatter that the text ends with, and how long it is with the white space before it."""
    body = text.rstrip()
    line = body[body.rfind("\n") + 1 :].strip()
    if token := _TOKEN.fullmatch(body, max(0, body.rfind("<"))):
        return "fence", len(text) - token.start()
    if "\n" in body and (_FENCE.fullmatch(line) or (seen & {"remark", "fence"} and _RULE.fullmatch(line))):
        return "fence", len(text) - len(body.removesuffix(line).rstrip())
    paragraph = _last_paragraph(body)
    among_chatter = bool(seen & {"preamble", "fence", "heading", "remark", "refusal"})
    for piece in (paragraph, line):
        if not piece or len(piece) == len(body) or _is_marked_whole(piece):
            continue
        if remarks(piece, among_chatter=among_chatter) or ("refusal" in seen and talks_on(piece)):
            return "remark", len(text) - len(body.removesuffix(piece).rstrip())
    return None


def _quoted_whole(text: str, start: int, end: int) -> Iterator[Mark]:
    """The quotation marks around all that an engine says stands there."""
    if whole := _QUOTED_WHOLE.fullmatch(text, start, end):
        yield from (("fence", *whole.span(number)) for number in range(1, 9) if whole[number])


def _is_marked_whole(piece: str) -> bool:
    """Whether it only stands in for words that nobody read, or names a place."""
    spans = [*unread(piece), *place_labels(piece)]
    return any(not _letters(piece[:start] + piece[end:]) for start, end in spans)


def _last_paragraph(body: str) -> str:
    """The lines after the last blank one; line by line from the end, for an answer may have thousands of paragraphs."""
    start = len(body)
    while start > 0:
        line = body.rfind("\n", 0, start)
        if not body[line + 1 : start].strip():
            return body[start + 1 :]
        start = line
    return body


def _notes(text: str, start: int, end: int, *, among_chatter: bool) -> Iterator[Mark]:
    """Notes on the transcription from their heading to the end."""
    for line in _LINE.finditer(text, start, end):
        short = end - line.start() <= line.start() - start + _NOTES_MORE
        if (
            line.start() > start
            and short
            and begins_notes(line[1].strip(), text[line.end() : line.end() + _NOTES_SEEN], among_chatter=among_chatter)
        ):
            yield "remark", line.start(), end
            return


def _labels(text: str, start: int, end: int) -> Iterator[Mark]:
    """Labels of pages and places, and brackets that describe what is to be seen."""
    for first, last in place_labels(text):
        if start <= first and last <= end:
            yield "label", first, last
    for line in _LINE.finditer(text, start, end):
        if _PAGE_LABEL.fullmatch(line[1].strip()) or names_a_place(line[1]):
            yield "label", *line.span()
        elif leads_on(line[1]):
            yield "remark", *line.span()
        elif _FENCE.fullmatch(line[1].strip()):
            yield "fence", *line.span()
    for bracketed in _BRACKETED.finditer(text, start, end):
        if describes(bracketed[1]):
            yield "remark", *bracketed.span()


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


def _parts(text: str, marked: Iterable[Mark]) -> Iterator[AnswerPart]:
    done = 0
    for kind, start, end in marked:
        if start < done:
            continue
        if done < start:
            yield AnswerPart("transcription", text[done:start], done, start)
        if start < end:
            yield AnswerPart(kind, text[start:end], start, end)
        done = end
    if done < len(text):
        yield AnswerPart("transcription", text[done:], done, len(text))


WINDOWS = (400, 2000)
"""Characters: a phrase comes again within the short one, a paragraph only within the long one. Steps are quarters."""
STUCK = 3.2
"""A window of a page shrinks to a half or, with marks of doubt in it, to 0.4; where an engine loops, to a fifth."""
_WORDS_ALIKE = 10
"""So many words in a row are not the same by chance; a greeting or an address is shorter."""
_A_ROW = 4
_LEAST_AGAIN, _SHARE_AGAIN = 20, 0.05


def loops(text: str) -> tuple[tuple[int, int], ...]:
    """The stretches of a text in which hardly anything new is said, found by how far they can be compressed."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(span for window in WINDOWS for span in _stuck(text, window)):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return tuple(found)


def _stuck(text: str, window: int) -> Iterator[tuple[int, int]]:
    step = window // 4
    for at in range(0, max(1, len(text) - window + step), step):
        if _shrinks(text[at : at + window]):
            yield at, min(len(text), at + window)


@cached(LRUCache(10_000), key=hash, lock=Lock())
def is_loop(text: str) -> bool:
    """Whether an engine got stuck: such a reading has no vote, and its errors are those of the loop.

    Kept, because every figure of a run and every drawing of a screen asks again; the text itself is not.
    """
    return bool(loops(text))


def said_elsewhere(
    readings: Mapping[str, str], witnesses: Mapping[str, Collection[str]] | None = None
) -> frozenset[str]:
    """Pages of one engine whose reading holds a passage that it also read on another page: an example, or a habit.

    What a witness (another engine's reading of the page, its reference) has too stands there, as on printed forms.
    """
    passages = {page: np.array(sorted(_passages(text)), np.int64) for page, text in readings.items()}
    every, pages_with = np.unique(np.concatenate([*passages.values(), np.empty(0, np.int64)]), return_counts=True)
    on_some = every[pages_with > 1]
    elsewhere: set[str] = set()
    for page, found in passages.items():
        again = set(np.intersect1d(found, on_some, assume_unique=True).tolist())
        enough = max(_LEAST_AGAIN, _SHARE_AGAIN * len(found))
        for text in (witnesses or {}).get(page, ()) if len(again) >= enough else ():
            again -= _passages(text)
        if len(again) >= enough:
            elsewhere.add(page)
    return frozenset(elsewhere)


def _shrinks(stretch: str) -> bool:
    plain = _LEADER.sub("...", _COUNTER.sub("", stretch))
    packed = " ".join(plain.split()).encode(errors="replace")
    dense = len(packed) > WINDOWS[0] // 2 and len(packed) >= STUCK * len(zlib.compress(packed, 9))
    return dense and _is_said_again(plain)


_COUNTER = re.compile(r"^\s*\d{1,4}[.):]?\s", re.MULTILINE)
"""Who counts while saying the same is stuck, too; the numbers of an account stand within its lines or end them."""
_LEADER = re.compile(r"(?<![._-])(?<![._-] )([._-])(?: ?\1){3,79}(?! ?\1)")
"""Of a form or a table; who is stuck makes longer ones."""


def _is_said_again(window: str) -> bool:
    """The rows of an account are alike and shrink as far, but their numbers differ."""
    rows = _in_a_row(window, _A_ROW)
    return len(set(rows)) <= len(rows) / 2


def _passages(text: str) -> set[int]:
    """Their hashes: a run has a million passages, which as words would take a hundred times the room of its texts."""
    return set(map(hash, _in_a_row(text, _WORDS_ALIKE)))


def _in_a_row(text: str, length: int) -> list[tuple[str, ...]]:
    """All runs of so many words."""
    words: Sequence[str] = re.findall(r"\w+", text.casefold())
    return [tuple(words[at : at + length]) for at in range(len(words) - length + 1)]
