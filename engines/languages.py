"""Codes of languages and what people call them. Knows nothing of who reads which.

Codes are ISO 639-1, with the script where there are two (`zh`, `zh-Hant`); several are joined by a plus sign. An empty
code means that nobody said the language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import reduce

from translations import N_, _

NAMES: Mapping[str, str] = {
    "af": N_("Afrikaans"), "ar": N_("Arabic"), "az": N_("Azerbaijani"), "bg": N_("Bulgarian"), "bs": N_("Bosnian"),
    "ca": N_("Catalan"), "cs": N_("Czech"), "cy": N_("Welsh"), "da": N_("Danish"), "de": N_("German"),
    "el": N_("Greek"), "en": N_("English"), "es": N_("Spanish"), "et": N_("Estonian"), "eu": N_("Basque"),
    "fa": N_("Persian"), "fi": N_("Finnish"), "fr": N_("French"), "ga": N_("Irish"), "gl": N_("Galician"),
    "he": N_("Hebrew"), "hi": N_("Hindi"), "hr": N_("Croatian"), "hu": N_("Hungarian"), "id": N_("Indonesian"),
    "is": N_("Icelandic"), "it": N_("Italian"), "ja": N_("Japanese"), "ko": N_("Korean"), "ku": N_("Kurdish"),
    "la": N_("Latin"), "lb": N_("Luxembourgish"), "lt": N_("Lithuanian"), "lv": N_("Latvian"), "mi": N_("Māori"),
    "ms": N_("Malay"), "mt": N_("Maltese"), "nl": N_("Dutch"), "no": N_("Norwegian"), "oc": N_("Occitan"),
    "pl": N_("Polish"), "pt": N_("Portuguese"), "qu": N_("Quechua"), "rm": N_("Romansh"), "ro": N_("Romanian"),
    "ru": N_("Russian"), "sk": N_("Slovak"), "sl": N_("Slovenian"), "sq": N_("Albanian"), "sr": N_("Serbian"),
    "sr-Latn": N_("Serbian in Latin letters"), "sv": N_("Swedish"), "sw": N_("Swahili"), "th": N_("Thai"),
    "tl": N_("Tagalog"), "tr": N_("Turkish"), "uk": N_("Ukrainian"), "uz": N_("Uzbek"), "vi": N_("Vietnamese"),
    "yi": N_("Yiddish"), "zh": N_("Chinese, simplified"), "zh-Hant": N_("Chinese, traditional"),
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
    names = (_(NAMES.get(part, part)) for part in code.split("+"))
    return reduce(lambda said, name: _("{one} and {other}", one=said, other=name), names)


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
