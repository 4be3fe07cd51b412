"""What is counted: a text cut into characters and words; a letter's small and plain forms, abbreviations written out.

Knows nothing of rules or errors. Abbreviations are English, and what is common in French and German.

Names are looked for among words without what hangs on them, German ones as spelt now.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from metrics.rewriting import Rewrite

_EACH_IS_ONE = re.compile("[\x00-\x0c\x0e-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*")
"""Latin letters, general punctuation, currency: no code point here joins its neighbour (a carriage return may)."""
# Pairs of flag letters are told apart here: at each of them regex looks back to the first, which takes hours for many.
GRAPHEME = regex.compile(r"\p{GCB=RI}{2}[\p{GCB=EX}\p{GCB=ZWJ}\p{GCB=SM}]*+|\X")
"""One extended grapheme cluster (Unicode Annex 29)."""


def graphemes(text: str) -> Sequence[str]:
    """Extended grapheme clusters; the text itself where every code point is one."""
    if _EACH_IS_ONE.fullmatch(text):
        return text
    clusters: list[str] = GRAPHEME.findall(text)
    return text if len(clusters) == len(text) else clusters


def words(text: str) -> list[str]:
    """What stands between white space; punctuation stays on its word."""
    return text.split()


def as_characters(reference: Sequence[str], hypothesis: Sequence[str]) -> tuple[str, str]:
    """Spell every distinct unit as one character, the same in both: distances are quickest on plain strings.

    Units of one character stay themselves; the others get characters from the top of Unicode, where no script lives.
    """
    if isinstance(reference, str) and isinstance(hypothesis, str):
        return reference, hypothesis
    units = {*reference, *hypothesis}
    unused = (name for name in map(chr, range(0x10FFFF, 0, -1)) if name not in units)
    names = {unit: unit if len(unit) == 1 else next(unused) for unit in units}
    return "".join(map(names.__getitem__, reference)), "".join(map(names.__getitem__, hypothesis))


_SMALL = {"ς": "σ", "İ": "i"}
"""One capital stands for both small sigmas; the other is the only letter that grows when it is made small."""
_PARTS_FROM_DIGITS = {"<super>": "^", "<sub>": "_", "<fraction>": " ", "<circle>": " ", "<compat>": " "}
_SLASHES = "\u2044\u2215"


def small(text: str) -> str:
    """In small letters, character by character: no ligature, long or sharp s becomes two letters or another one."""
    return "".join(_SMALL.get(character) or character.lower() for character in text)


def without_accents(text: str) -> str:
    """Without what sits over, under or through a letter, the points of Hebrew and Arabic among it.

    Other marks below class 200 are vowel signs and the like, which spell the word.
    """
    parts = unicodedata.normalize("NFD", text)
    return unicodedata.normalize("NFC", "".join(part for part in parts if not _is_accent(unicodedata.combining(part))))


def composed(text: str) -> Iterator[Rewrite]:
    """What canonical composition (NFC) changes."""
    return _clusters(text) if not unicodedata.is_normalized("NFC", text) else iter(())


def plain(text: str) -> Iterator[Rewrite]:
    """What compatibility composition (NFKC) changes, but that a number stays the number: 1½ is no 11/2, 10² no 102.

    A lone accent stays too: it would become a space. The text must be composed again afterwards.
    """
    forms = {character for character in set(text) if not character.isascii() and _compatible(character)}
    if not forms:
        return
    for match in re.finditer(f"[{re.escape(''.join(forms))}]", text):
        start, end = match.span()
        yield Rewrite(start, end, _parted(text[start - 1 : start], match.group(), text[end : end + 1]))


def _compatible(character: str) -> bool:
    if character in _SLASHES:
        return True
    tagged = unicodedata.decomposition(character).startswith("<")
    new = unicodedata.normalize("NFKC", character)
    return (tagged or new != unicodedata.normalize("NFC", character)) and not (len(new) > 1 and new.startswith(" "))


def _parted(before: str, character: str, after: str) -> str:
    """The plain form, kept apart from the digits around it where it is not one of them."""
    new = unicodedata.normalize("NFKC", character)
    for slash in _SLASHES:
        new = new.replace(slash, "/")
    kind = _tag(character)
    gap = _PARTS_FROM_DIGITS.get(kind, "")
    same_run = kind in ("<super>", "<sub>") and kind == _tag(before)
    opening = gap if gap and new[0].isdigit() and before.isnumeric() and not same_run else ""
    closing = " " if gap and new[-1].isdigit() and after.isdecimal() and not _tag(after) else ""
    return opening + new + closing


def _tag(character: str) -> str:
    return unicodedata.decomposition(character).partition(" ")[0] if character else ""


def _clusters(text: str) -> Iterator[Rewrite]:
    for cluster in GRAPHEME.finditer(text):
        if not unicodedata.is_normalized("NFC", cluster.group()):
            yield Rewrite(*cluster.span(), unicodedata.normalize("NFC", cluster.group()))


def _is_accent(combining: int) -> bool:
    return combining == 1 or 10 <= combining <= 36 or combining >= 200


ABBREVIATIONS = {
    "mr": "mister",
    "dr": "doctor",
    "st": "saint",
    "prof": "professor",
    "rev": "reverend",
    "capt": "captain",
    "col": "colonel",
    "gen": "general",
    "lt": "lieutenant",
    "govt": "government",
    "gov't": "government",
    "dept": "department",
    "amt": "amount",
    "acct": "account",
    "univ": "university",
    "recd": "received",
    "rec'd": "received",
    "yr": "your",
    "wd": "would",
    "cd": "could",
    "shd": "should",
    "wh": "which",
    "&": "and",
    "mme": "madame",
    "mlle": "mademoiselle",
    "nr": "nummer",
    "str": "straße",
}
_AMBIGUOUS = {"st", "yr", "nr", "str"}
"""Saint or street, your or year: nobody can say from the letters alone, so these stay as they are."""
_CERTAIN = {short: long for short, long in ABBREVIATIONS.items() if short not in _AMBIGUOUS}
_SHORT = "|".join(re.escape(short) for short in _CERTAIN).replace("'", "['’]")
_ABBREVIATION = re.compile(rf"(?<![\w'’])(?:{_SHORT})(?![\w'’])\.?", re.IGNORECASE)


def written_out(text: str) -> Iterator[Rewrite]:
    """Every abbreviation that stands for one word only, and that word; a point that ends it goes with it."""
    for match in _ABBREVIATION.finditer(text):
        short = match.group().rstrip(".").replace("’", "'")
        long = _CERTAIN[short.casefold()]
        yield Rewrite(*match.span(), long.capitalize() if short[:1].isupper() else long)


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
