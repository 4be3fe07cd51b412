"""What an engine wrote otherwise than the writer though it read well: put right, or the same said otherwise.

A misspelling silently put right is worse than a misreading, for it looks perfect. A heuristic: it is a word in small
letters that the lexicon lacks. Knows no dictionary of its own, and says nothing of a language without one. An engine
that merely misreads is not correcting: see `_corrects`.

The same date, number, unit, abbreviation or word written otherwise (`14 Mar.` for `14 March`) means the same, so a
reader may not care; an edition does. Knows English, and what is common in French and German.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz.distance import Levenshtein

from metrics.normalising import DEFAULT_RULES, Rules
from metrics.passages import WordPair, kept_by_some, word_pairs
from metrics.units import ABBREVIATIONS
from translations import N_


@dataclass(frozen=True, slots=True)
class Misspelling:
    """A word the writer got wrong, and what the engine made of it."""

    fate: Literal["kept", "corrected", "misread"]
    words: WordPair


def misspellings(
    reference: str,
    hypothesis: str,
    lexicon: Collection[str],
    rules: Rules = DEFAULT_RULES,
    others: Sequence[str] = (),
) -> tuple[Misspelling, ...]:
    """Every misspelling in the reference; `lexicon` holds known words, casefolded: without one there is nothing to say.

    Where `others` (readings of other engines) are given, one reading at least must have the word as it was written:
    what nobody reads so is more often a slip of the reference.
    """
    pairs = word_pairs(reference, hypothesis, rules)
    suspects = [at for at, pair in enumerate(pairs) if _is_misspelt(pair.written, lexicon)]
    if not suspects or not _is_in_the_language(pairs, lexicon):
        return ()
    found = [Misspelling(_fate(pairs, at, lexicon), pairs[at]) for at in suspects]
    if not others:
        return tuple(found)
    kept = kept_by_some(reference, others, _bare, rules)
    return tuple(word for word in found if word.fate == "kept" or word.words.ref_start in kept)


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_ONE_WORD = re.compile(r"[^\w\s&-]*([^\W\d_]+(?:['’][^\W\d_]+)*)[^\w\s&-]*")
_MARKED = re.compile(r"[][(){}<>⟦⟧~*_?]|-|\w\.\w")
_ENDINGS = ("s", "es", "d", "ed", "ing", "ly", "er", "est", "'s", "ful", "ness", "less", "like")
_SHORTEST = 4
"""A shorter word is near too many others: it may only have two letters swapped."""
_SOUNDS = (set("aeiouy"), set("sz"), set("sc"), set("ck"), set("gj"), set("td"), set("fv"))
_CHANGED = 0.25
"""At most a quarter of the letters: otherwise it is another word."""
_IN_THE_LANGUAGE, _TOO_FEW = 0.6, 8
"""A page of another language has fewer words of this one; so few words are of any."""


def _is_in_the_language(pairs: Sequence[WordPair], lexicon: Collection[str]) -> bool:
    words = [word.casefold() for pair in pairs for word in _WORD.findall(pair.written)]
    return len(words) < _TOO_FEW or sum(word in lexicon for word in words) >= _IN_THE_LANGUAGE * len(words)


def _is_misspelt(written: str, lexicon: Collection[str]) -> bool:
    """No abbreviation, half of a word or name, nothing marked, nor a word that the list lacks in this form or spelling
    only."""
    one = _ONE_WORD.fullmatch(written)
    if not one or _MARKED.search(written) or one[1] != one[1].lower():
        return False
    word = one[1].replace("’", "'")
    if _is_known(word, lexicon) or word in ABBREVIATIONS:
        return False
    if len(word) < _SHORTEST:
        return any(swapped in lexicon for swapped in _swapped(word))
    return not (
        any(_is_known(_stem(word, ending), lexicon) for ending in _ENDINGS)
        or any(word[:at] in lexicon and word[at:] in lexicon for at in range(3, len(word) - 2))
    )


def _is_known(word: str, lexicon: Collection[str]) -> bool:
    return word in lexicon or spelt_as_today(word) in lexicon


def _swapped(word: str) -> list[str]:
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def _stem(word: str, ending: str) -> str:
    return word.removesuffix(ending) if word.endswith(ending) else ""


def _fate(pairs: Sequence[WordPair], at: int, lexicon: Collection[str]) -> Literal["kept", "corrected", "misread"]:
    written, read = _bare(pairs[at].written), _bare(pairs[at].read)
    if written == read.replace(" ", ""):
        return "kept"
    return "corrected" if _corrects(written, read, lexicon) and _is_read_well(pairs, at) else "misread"


def _corrects(written: str, read: str, lexicon: Collection[str]) -> bool:
    """Whether a word was put right: a known word that begins alike and sounds alike.

    Who spells wrongly swaps, drops and doubles letters, or writes another for the same sound; who reads wrongly takes
    one letter for another of the same shape.
    """
    if not _is_known(read, lexicon) or read[0] != written[0]:
        return False
    if read in _swapped(written):
        return True
    edits = list(Levenshtein.editops(written, read))
    replaced = [{written[edit.src_pos], read[edit.dest_pos]} for edit in edits if edit.tag == "replace"]
    alike = all(any(pair <= sound for sound in _SOUNDS) for pair in replaced)
    return alike and len(written) >= _SHORTEST and len(edits) <= max(1, int(_CHANGED * len(written)))


def _is_read_well(pairs: Sequence[WordPair], at: int) -> bool:
    """Whether the words around were read right: where they were not, a known word is luck."""
    around = [*pairs[max(0, at - 2) : at], *pairs[at + 1 : at + 3]]
    right = [_bare(pair.written) == _bare(pair.read) for pair in around if pair.written]
    return sum(right) * 4 >= len(right) * 3


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold().replace("’", "'")))


Rewording = Literal["date", "number", "unit", "abbreviation", "spelling"]


@dataclass(frozen=True, slots=True)
class OverNormalised:
    """What was written and what was read mean the same, and are of that kind."""

    kind: Rewording
    words: WordPair


def over_normalised(
    reference: str, hypothesis: str, rules: Rules = DEFAULT_RULES, others: Sequence[str] = ()
) -> tuple[OverNormalised, ...]:
    """Words that differ in more than case and punctuation and yet mean the same.

    Where `others` (readings of other engines) are given, one at least must have what was written: else it was the
    reference that wrote it otherwise. Of `&` nothing is said without them, for transcribers often write it out.
    """
    found: list[OverNormalised] = []
    for pair in word_pairs(reference, hypothesis, rules):
        written, read = _tokens(pair.written), _tokens(pair.read)
        if written != read and list(map(_meaning, written)) == list(map(_meaning, read)):
            differing = [(one, other) for one, other in zip(written, read, strict=True) if one != other]
            if others or not any("&" in both for both in differing):
                found.append(OverNormalised(_kind(*differing[0]), pair))
    if not found or not others:
        return tuple(found)
    kept = kept_by_some(reference, others, _tokens, rules)
    return tuple(one for one in found if one.words.ref_start in kept and "and" not in _signs_written_out(one.words))


def spelt_as_today(word: str) -> str:
    """A casefolded word as American word lists spell it today: `neighbour` as `neighbor`, `publick` as `public`.

    Not every result is a word (`promise` becomes `promize`): it is for telling whether two spellings are of one word.
    """
    one = word.removesuffix("s")
    if one in _TODAY:
        return _TODAY[one] + word[len(one) :]
    for spelling, today in _SPELT:
        word = spelling.sub(today, word)
    return word


def _signs_written_out(words: WordPair) -> set[str]:
    """`and` where the engine has the sign: nothing was written out but by the reference."""
    return set(_tokens(words.written)) - set(_tokens(words.read)) if "&" in _tokens(words.read) else set()


_MONTHS = [
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
]
_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
_DATE_WORDS = {
    **{month: str(number) for number, month in enumerate(_MONTHS, start=1)},
    **{month[:3]: str(number) for number, month in enumerate(_MONTHS, start=1)},
    "sept": "9",
}
_NUMBER_WORDS = {
    **{word: str(value) for value, word in enumerate(_NUMBERS)},
    **{word: str(value) for value, word in enumerate(_ORDINALS, start=1)},
}
_UNITS = {
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
    **dict.fromkeys(("oz", "ounce", "ounces"), "oz"),
    **dict.fromkeys(("ft", "foot", "feet"), "ft"),
    **dict.fromkeys(("yd", "yds", "yard", "yards"), "yd"),
    **dict.fromkeys(("hr", "hrs", "hour", "hours"), "hr"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("kg", "kilogram", "kilograms", "kilo", "kilos"), "kg"),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), "km"),
    **dict.fromkeys(("cm", "centimetre", "centimetres", "centimeter", "centimeters"), "cm"),
}
_SPELT = (
    (re.compile(r"(?<=[^\W\d_]{3})is(?=(?:e|ed|er|ers|es|ing|ation|ations)$)"), "iz"),
    (re.compile(r"(?<=al)ys(?=(?:e|ed|er|ers|es|ing)$)"), "yz"),
    (re.compile(r"(?<=[^\W\d_]{2})our"), "or"),
    (re.compile(r"(?<=[tb])re(?=(?:s|d)?$)"), "er"),
    (re.compile(r"(?<=f)ence(?=s?$|less$)"), "ense"),
)
_TODAY = {
    **{"aeroplane": "airplane", "connexion": "connection", "draught": "draft", "dreamt": "dreamed", "gaol": "jail"},
    **{"grey": "gray", "jewellery": "jewelry", "kerb": "curb", "manoeuvre": "maneuver", "marvellous": "marvelous"},
    **{"mould": "mold", "plough": "plow", "programme": "program", "pyjama": "pajama", "sceptical": "skeptical"},
    **{"waggon": "wagon", "woollen": "woolen", "cheque": "check", "storey": "story", "tyre": "tire"},
    **{
        "publick": "public",
        "musick": "music",
        "chuse": "choose",
        "shew": "show",
        "shewn": "shown",
        "cloathe": "clothe",
    },
    **{"compleat": "complete", "oeconomy": "economy", "tho": "though", "altho": "although", "thro": "through"},
}
"""British, and as was spelt long ago."""
_TOKEN = re.compile(r"\d+(?:[,'’]\d{3})+(?!\d)|\d+(?:st|nd|rd|th|er|e)\b|\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|&")


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold().replace("’", "'"))


def _meaning(token: str) -> str:
    if token[0].isdigit():
        return "".join(filter(str.isdigit, token)).lstrip("0") or "0"
    for words in (_DATE_WORDS, _NUMBER_WORDS, _UNITS, ABBREVIATIONS):
        if token in words:
            return words[token]
    return spelt_as_today(token)


def _kind(written: str, read: str) -> Rewording:
    if written in _DATE_WORDS or read in _DATE_WORDS:
        return N_("date")
    if written in _UNITS:
        return N_("unit")
    if spelt_as_today(written) == spelt_as_today(read):
        return N_("spelling")
    return N_("number") if _meaning(written).isdigit() else N_("abbreviation")
