"""The words of a text as names are looked for among them: without what hangs on them, and German ones as spelt now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+|-[^\W\d_]+|-\s*\n\s*[a-zß-öø-ÿ]+)*")
LONGEST_END = 40
_BROKEN = re.compile(r"-\s*\n\s*")
_ELISION = re.compile(r"(?:[dlnmstcj]|qu)['’](?=[^\W\d_])", re.IGNORECASE)
_HANGS_ON = re.compile(r"['’](?:s|ve|m|ll|re)\Z", re.IGNORECASE)
_OLD_LETTERS = re.compile(r"ff(?=[^aeiou])|dt\Z|ey|ai|aa|tz?th|nn?dt")
_NEW_LETTERS = {
    "ff": "f",
    "dt": "d",
    "ey": "ei",
    "ai": "ei",
    "aa": "a",
    "tth": "t",
    "tzth": "tz",
    "ndt": "nd",
    "nndt": "nd",
}
_OLD_SPELLING = re.compile(r"c(?![hk])|(?<=r)th(?=a)|ph\Z")
_NEW_SPELLING = {"c": "k", "th": "t", "ph": "f"}


@dataclass(frozen=True, slots=True)
class Word:
    """A word without what hangs on it (`l'`, `'s`), and the text between it and the word before."""

    text: str
    start: int
    end: int
    gap: str
    folded: str
    is_capitalised: bool

    @property
    def is_initial(self) -> bool:
        return len(self.text) == 1 and self.text.isupper()

    @property
    def is_shouted(self) -> bool:
        return len(self.text) > 1 and self.text.isupper()


def words_of(text: str, french: bool) -> Iterator[Word]:
    done = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        elided = _ELISION.match(text, start, end) if french or text[start].islower() else None
        start = elided.end() if elided else start
        hanging = _HANGS_ON.search(text, start, end)
        end = hanging.start() if hanging else end
        if start < end:
            word = text[start:end]
            folded = _BROKEN.sub("", word).casefold().replace("’", "'")
            yield Word(word, start, end, _gap(text, done, start), folded, len(word) > 1 and word[0].isupper())
            done = match.end()


def _gap(text: str, start: int, end: int) -> str:
    """Both ends of what is long, or a page of empty lines would be searched from every one of them to its end."""
    if end - start <= 2 * LONGEST_END:
        return text[start:end]
    return text[start : start + LONGEST_END] + text[end - LONGEST_END : end]


def spellings(folded: str) -> set[str]:
    """As word lists write German: without `ß`, and as it is spelt since 1901."""
    modern = folded.replace("ß", "ss")
    return {
        modern,
        modern.removesuffix("s"),
        modern.replace("th", "t"),
        modern.replace("c", "k"),
        modern.replace("c", "z"),
        _OLD_LETTERS.sub(lambda match: _NEW_LETTERS[match.group()], modern),
    }


def respelt(folded: str) -> str:
    """`Catharina` as `Katharina`, `Hertha` as `Herta`: German names as they are written now."""
    return _OLD_SPELLING.sub(lambda match: _NEW_SPELLING[match.group()], folded)
