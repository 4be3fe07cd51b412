"""Which languages each engine reads, as far as anybody says: what is installed, what a model was made for, or any.

Codes are those of `language_codes`; Tesseract's own names where it has no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from engines.adapters.cloud_vision import HINTED
from engines.adapters.tesseract import installed_languages
from engines.catalogue import WIRES
from engines.contract import EngineSpec, WireProtocol
from engines.language_codes import NAMES, language_name
from translations import _

_CHINESE_AND_ENGLISH = frozenset({"en", "zh", "zh-Hant"})
_LATIN_SCRIPT = frozenset(NAMES) - {
    "ar", "bg", "el", "en", "fa", "he", "hi", "ja", "ko", "ru", "sr", "th", "uk", "vi", "yi", "zh", "zh-Hant",
}  # fmt: skip
RECOGNISERS: Mapping[str, frozenset[str]] = {
    "v6-small": _CHINESE_AND_ENGLISH | {"ja"} | _LATIN_SCRIPT,
    "v6-tiny": _CHINESE_AND_ENGLISH | _LATIN_SCRIPT - {"az", "ro"},
    "v5-mobile": _CHINESE_AND_ENGLISH | {"ja"},
}
"""PP-OCR's networks by the row's option. Source: `default_models.yaml` of rapidocr 3.10 for v6, of which the tiny one
knows no Japanese, less the languages whose letters its alphabet lacks: Vietnamese, in the tiny one Azerbaijani and
Romanian; PaddleOCR's introduction of PP-OCRv5."""
AZURE_HANDWRITING = frozenset({"ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "th", "zh"})
"""Source: Microsoft's page on language support of the read model 4.0, handwritten text. It reads print in many more."""
TEXTRACT_HANDWRITING = frozenset({"en"})
"""Source: Amazon's questions and answers on Textract, handwriting. It reads print in five more."""
VISION_HANDWRITING = HINTED - {"ar", "fa", "he", "th", "yi"}
"""Source: the scripts of handwriting on Google's page on language support of Cloud Vision, experimental ones too."""

HANDWRITING: Mapping[WireProtocol, frozenset[str]] = {
    WireProtocol.AZURE_READ: AZURE_HANDWRITING,
    WireProtocol.TEXTRACT: TEXTRACT_HANDWRITING,
    WireProtocol.CLOUD_VISION: VISION_HANDWRITING,
}

PROMPTED = frozenset(protocol for protocol, wire in WIRES.items() if wire.prompted)
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
    if spec.protocol in HANDWRITING:
        return Languages("known", HANDWRITING[spec.protocol])
    return Languages("any" if spec.protocol in PROMPTED else "unstated")


def languages_to_pick(specs: Iterable[EngineSpec]) -> list[str]:
    """The codes of what any of these is known to read, by name; all that have a name where one takes whatever comes."""
    found = [languages_of(spec) for spec in specs]
    codes = {code for one in found for code in (NAMES if one.kind == "any" else one.codes)}
    return sorted(codes, key=language_name)


def reads(spec: EngineSpec, language: str) -> bool:
    """Whether the engine reads every language that the page has, as far as anybody says; an empty code is none."""
    found = languages_of(spec)
    return found.kind != "known" or not language or found.codes.issuperset(language.split("+"))


def not_known_to_read(spec: EngineSpec, languages: Iterable[str]) -> str:
    """What to say beside an engine before it reads pages in these languages; nothing where it may read them all."""
    unread = sorted(language_name(code) for code in set(languages) if not reads(spec, code))
    if not unread:
        return ""
    *others, last = unread
    named = _("{one} and {other}", one=", ".join(others), other=last) if others else last
    return _(
        "{engine} is not known to read {languages}. It can run all the same; expect little.",
        engine=spec.label,
        languages=named,
    )
