"""Which languages each engine reads, as far as anybody says: what is installed, what a model was made for, or any.

Codes are ISO 639, with the script where there are two (`zh`, `zh-Hant`); Tesseract's own names where it has no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from engines.adapters.tesseract import installed_languages
from engines.contract import EngineSpec, WireProtocol

NAMES: Mapping[str, str] = {
    "af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech",
    "cy": "Welsh", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician", "he": "Hebrew", "hr": "Croatian",
    "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ku": "Kurdish",
    "la": "Latin", "lb": "Luxembourgish", "lt": "Lithuanian", "lv": "Latvian", "mi": "Māori", "ms": "Malay",
    "mt": "Maltese", "nl": "Dutch", "no": "Norwegian", "oc": "Occitan", "pl": "Polish", "pt": "Portuguese",
    "qu": "Quechua", "rm": "Romansh", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sq": "Albanian", "sr-Latn": "Serbian in Latin letters", "sv": "Swedish", "sw": "Swahili", "tl": "Tagalog",
    "tr": "Turkish", "uk": "Ukrainian", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese, simplified",
    "zh-Hant": "Chinese, traditional",
}  # fmt: skip
"""What people call the languages below; a code that is not here is its own name."""

_CHINESE_AND_ENGLISH = frozenset({"en", "zh", "zh-Hant"})
_LATIN_SCRIPT = frozenset(NAMES) - {"ar", "el", "en", "he", "ja", "ru", "uk", "zh", "zh-Hant"}
RECOGNISERS: Mapping[str, frozenset[str]] = {
    "v6-small": _CHINESE_AND_ENGLISH | {"ja"} | _LATIN_SCRIPT,
    "v6-tiny": _CHINESE_AND_ENGLISH | _LATIN_SCRIPT,
    "v5-mobile": _CHINESE_AND_ENGLISH | {"ja"},
}
"""PP-OCR's networks by the row's option. Source: `default_models.yaml` of rapidocr 3.10 for v6, of which the tiny one
knows no Japanese; PaddleOCR's introduction of PP-OCRv5."""

PROMPTED = frozenset({
    WireProtocol.OPENAI_RESPONSES, WireProtocol.OPENAI_CHAT, WireProtocol.ANTHROPIC_MESSAGES,
    WireProtocol.GEMINI_GENERATE, WireProtocol.HUGGINGFACE_CHAT,
})  # fmt: skip
"""Models for everything: they take a page in any language, and nobody says how well they read it."""


@dataclass(frozen=True, slots=True)
class Languages:
    """`known` lists the codes; `any` is taken and promised by nobody; of `unstated` nothing is known here."""

    kind: Literal["known", "any", "unstated"]
    codes: frozenset[str] = frozenset()


def languages_of(spec: EngineSpec) -> Languages:
    """What the row's engine reads on this machine, now."""
    if spec.protocol is WireProtocol.TESSERACT:
        return Languages("known", installed_languages())
    if spec.protocol is WireProtocol.RAPIDOCR:
        return Languages("known", RECOGNISERS[str(spec.options["recogniser"])])
    if spec.protocol is WireProtocol.TROCR and "path" not in spec.options:
        return Languages("known", frozenset({"en"}))  # trained on IAM, which is English
    return Languages("any" if spec.protocol in PROMPTED else "unstated")
