"""Codes of languages and what people call them. Knows nothing of who reads which.

Codes are ISO 639-1, with the script where there are two (`zh`, `zh-Hant`); several are joined by a plus sign. An empty
code means that nobody said the language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce

from babel import Locale

from translations import ENGLISH, _, language

NAMES: Mapping[str, str] = {
    "af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "bg": "Bulgarian", "bs": "Bosnian", "ca": "Catalan",
    "cs": "Czech", "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "ku": "Kurdish", "la": "Latin", "lb": "Luxembourgish",
    "lt": "Lithuanian", "lv": "Latvian", "mi": "Māori", "ms": "Malay", "mt": "Maltese", "nl": "Dutch",
    "no": "Norwegian", "oc": "Occitan", "pl": "Polish", "pt": "Portuguese", "qu": "Quechua", "rm": "Romansh",
    "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian",
    "sr-Latn": "Serbian in Latin letters", "sv": "Swedish", "sw": "Swahili", "th": "Thai", "tl": "Tagalog",
    "tr": "Turkish", "uk": "Ukrainian", "uz": "Uzbek", "vi": "Vietnamese", "yi": "Yiddish",
    "zh": "Chinese, simplified", "zh-Hant": "Chinese, traditional",
}  # fmt: skip
"""What people call the languages that some engine is known to read."""

_THREE_LETTERS: Mapping[str, str] = {
    "afr": "af", "alb": "sq", "ara": "ar", "aze": "az", "baq": "eu", "bos": "bs", "bul": "bg", "cat": "ca", "ces": "cs",
    "chi": "zh", "cym": "cy", "cze": "cs", "dan": "da", "deu": "de", "dut": "nl", "ell": "el", "eng": "en", "est": "et",
    "eus": "eu", "fas": "fa", "fil": "tl", "fin": "fi", "fra": "fr", "fre": "fr", "ger": "de", "gle": "ga", "glg": "gl",
    "gre": "el", "heb": "he", "hin": "hi", "hrv": "hr", "hun": "hu", "ice": "is", "ind": "id", "isl": "is", "ita": "it",
    "jpn": "ja", "kmr": "ku", "kor": "ko", "kur": "ku", "lat": "la", "lav": "lv", "lit": "lt", "ltz": "lb", "mao": "mi",
    "may": "ms", "mlt": "mt", "mri": "mi", "msa": "ms", "nld": "nl", "nob": "no", "nno": "no", "nor": "no", "oci": "oc",
    "per": "fa", "pol": "pl", "por": "pt", "que": "qu", "roh": "rm", "ron": "ro", "rum": "ro", "rus": "ru", "slk": "sk",
    "slo": "sk", "slv": "sl", "spa": "es", "sqi": "sq", "srp": "sr", "swa": "sw", "swe": "sv", "tgl": "tl", "tha": "th",
    "tur": "tr", "ukr": "uk", "uzb": "uz", "vie": "vi", "wel": "cy", "yid": "yi", "zho": "zh",
}  # fmt: skip
"""ISO 639-2 and -3."""
_OTHERWISE: Mapping[str, str] = {
    **_THREE_LETTERS,
    **{name.casefold(): code for code, name in NAMES.items()},
    **{code.casefold(): code for code in NAMES},
    "chinese": "zh", "zh-hans": "zh", "chi-sim": "zh", "chi-tra": "zh-Hant", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant", "srp-latn": "sr-Latn", "nb": "no", "nn": "no",
}  # fmt: skip
"""Casefolded, with hyphens: names, regions that write otherwise, and Tesseract's names -> codes."""
_NOTHING_SAID = frozenset({"", "und", "mul", "mis", "zxx"})
"""ISO 639's ways to say that it is not known, several, or none."""
_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}|[A-Za-z]{2,12}(_[A-Za-z0-9]{2,12}){1,3}")
"""A tag of BCP 47, or a name such as Tesseract's deu_frak."""
_OF_A_SYSTEM = re.compile(r"[A-Za-z]{2}_[A-Za-z]{2}")
"""Such as de_AT; with three letters it is Tesseract's name."""


_IN_CLDR: Mapping[str, str] = {"zh": "zh-Hans"}

MOST_LANGUAGES = 4
"""Of one page."""


def language_code(said: str) -> str | None:
    """The code for codes and English names, such as de, de-AT, DEU, German or eng+fra; None for what is no language.

    SECURITY: what comes out goes into prompts and file names; it is a few letters long.
    """
    parts = [_one_code(part.strip()) for part in said.split("+")]
    return None if len(parts) > MOST_LANGUAGES or None in parts else "+".join(filter(None, parts))


def english_name(code: str) -> str:
    """As `language_name`, for prompts: whoever asks, a model is told in English."""
    return " and ".join(NAMES.get(part, part) for part in code.split("+"))


def language_name(code: str) -> str:
    """What people call it who speak the language of whoever asks, or the code itself where there is no name."""
    if language() == ENGLISH:
        return english_name(code)
    return reduce(lambda said, name: _("{one} and {other}", one=said, other=name), map(_name, code.split("+")))


def _name(code: str) -> str:
    """By Unicode's CLDR."""
    if code not in NAMES:
        return code
    tag = _IN_CLDR.get(code, code)
    known: Mapping[str, str] = Locale.parse(language()).languages
    return known.get(tag.replace("-", "_")) or Locale.parse(tag, sep="-").get_display_name(language()) or NAMES[code]


def _one_code(said: str) -> str | None:
    folded = said.casefold()
    if folded in _NOTHING_SAID:
        return ""
    if known := _OTHERWISE.get(folded.replace("_", "-")):
        return known
    if not _CODE.fullmatch(said):
        return None
    tag = folded.replace("_", "-") if _OF_A_SYSTEM.fullmatch(said) else folded
    wider = (tag.rsplit("-", cut)[0] for cut in range(1, tag.count("-") + 1))
    return next((_OTHERWISE[one] for one in wider if one in _OTHERWISE), said)
