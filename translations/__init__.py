"""The sentences of the screens, the shared page and the memo in the visitor's language. Knows nothing else of ours.

A sentence stands in English where it is said, inside `_`, with its values in braces by name; `de.po` and its siblings
say it otherwise, and what they lack stays English. Programs and the command line speak English: nobody sets another
language there. `python -m translations` brings the catalogues up to date with the sources.

A sentence that is written down at import stands inside `N_`, and inside `_` where it is shown. What is kept across
visitors, in a cache or a store, is kept by language or before it becomes a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from http.cookies import CookieError, SimpleCookie
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from babel import negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {ENGLISH: "English", "de": "Deutsch", "fr": "Français", "es": "Español"}
)
"""By code, each named in itself."""
COOKIE = "inkquest_language"
"""What a visitor picked; else the browser's own wishes hold."""
HERE = Path(__file__).parent
Sentence = TypeVar("Sentence", bound=str)
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


def N_(sentence: Sentence) -> Sentence:  # noqa: N802  (gettext's own name for it)
    """The sentence itself, marked for the catalogues; `_` is asked for it where it is shown."""
    return sentence


def _(sentence: str, /, **values: object) -> str:
    """The sentence in the language of whoever asks, its `{names}` filled in as `str.format` does."""
    said = _spoken(language()).gettext(sentence) if sentence else ""  # gettext says of nothing who translated
    return said.format(**values) if values else said


def ngettext(one: str, many: str, n: float, /, **values: object) -> str:
    """As `_`, of a number: `{n}` in both, unless values hold another `n`, such as one with separators."""
    return _spoken(language()).ngettext(one, many, n).format(**{"n": n} | values)  # type: ignore[arg-type]


def language() -> str:
    """The code of the language that is spoken here and now."""
    return _language.get()


def speak(code: str) -> None:
    """From now on, in this context."""
    _language.set(code)


@contextmanager
def spoken_in(code: str) -> Iterator[None]:
    """For as long as this lasts."""
    before = _language.set(code)
    try:
        yield
    finally:
        _language.reset(before)


def wished(headers: Mapping[str, str]) -> str:
    """The language that a request asks for: the picked one, else the browser's first that is spoken here."""
    try:
        picked = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        picked = None
    if picked is not None and picked.value in LANGUAGES:
        return picked.value
    return negotiate_locale(_by_weight(headers.get("accept-language", "")), LANGUAGES, sep="-") or ENGLISH


def _by_weight(accepted: str) -> list[str]:
    """The tags of an Accept-Language header, most wanted first (RFC 9110, section 12.5.4)."""
    wishes = [wish.partition(";") for wish in accepted[:1000].split(",")]
    weighed = [(_weight(weight), tag.strip()) for tag, _sep, weight in wishes]
    return [tag for weight, tag in sorted(weighed, key=lambda wish: -wish[0]) if tag and weight > 0]


def _weight(parameter: str) -> float:
    try:
        return float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        return 0.0


def catalogue(code: str) -> Catalog:
    """What `CODE.po` holds."""
    with (HERE / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code, abort_invalid=True)


def sentences_of(folder: str) -> dict[str, str | list[str]]:
    """What this language says for the sources in a folder, by the English; singular and plural of what has both."""
    said: dict[str, str | list[str]] = {}
    for message in catalogue(language()) if language() != ENGLISH else ():
        if message.string and any(file.startswith(folder) for file, _line in message.locations):
            if isinstance(message.id, str):
                said[message.id] = str(message.string)
            else:
                said[message.id[0]] = list(message.string)
    return said


@cache
def _spoken(code: str) -> NullTranslations:
    if code == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(code))
    compiled.seek(0)
    return Translations(compiled)
