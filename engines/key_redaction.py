"""SECURITY: strikes keys out of whatever is shown or written. Knows nothing of who keeps them.

By value, not by name: vendors, SDKs and tracebacks repeat keys in places nobody thought of.
"""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from string import ascii_lowercase, ascii_uppercase
from urllib.parse import quote, quote_plus

STRUCK_OUT = "[key]"
SHORTEST_KEY = 6
"""A shorter value is no secret, and striking it out would tear holes into ordinary words."""

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_BASE64_FOR_URLS = str.maketrans("+/", "-_")
_ESCAPES: tuple[Callable[[str], str], ...] = (
    quote,
    quote_plus,
    lambda text: quote(text, safe=""),
    lambda text: re.sub("%..", lambda sign: sign[0].lower(), quote(text, safe="")),
    lambda text: json.dumps(text)[1:-1],
    lambda text: json.dumps(text)[1:-1].replace("/", "\\/"),
    lambda text: repr(text)[1:-1],
    lambda text: repr(text + "'\"")[1:-4],  # both quotes in one text: the single ones are escaped
    html.escape,
)
_NEVER_ESCAPED = re.compile(r"[\w.~-]+", re.ASCII)


def without_keys(text: str, keys: Iterable[str | None]) -> str:
    """The text with every form of every key struck out: plain, in base64, and as URLs, JSON, Python and HTML quote it.

    Strike out before shortening: half a key is not found any more, and is too much.
    """
    return without_forms(text, (form for key in keys for form in forms_of(key)))


def forms_of(key: str | None) -> tuple[str, ...]:
    """Every form in which a text may hold the key: for whoever looks for the same key in many texts."""
    return tuple(_forms(key)) if key and len(key) >= SHORTEST_KEY else ()


def without_forms(text: str, forms: Iterable[str]) -> str:
    """`without_keys` for forms that are at hand."""
    for form in sorted({form for form in forms if form in text}, key=len, reverse=True):
        text = text.replace(form, STRUCK_OUT)
    return text


def without_pieces(text: str, keys: Iterable[str | None]) -> str:
    """The text without any piece of a key that is `SHORTEST_KEY` long, in whatever case or form, or in hex.

    For what vendors say of a failure, where half a key is as bad as a whole one, and a word too many does no harm.
    """
    usable = [key for key in keys if key and len(key) >= SHORTEST_KEY]
    forms = {form.translate(_LOWER) for key in usable for form in (*_forms(key), key.encode().hex())}
    pieces = {form[at : at + SHORTEST_KEY] for form in forms for at in range(len(form) - SHORTEST_KEY + 1)}
    lower = text.translate(_LOWER)
    found = (at for at in range(len(text)) if lower[at : at + SHORTEST_KEY] in pieces)
    struck = {at + further for at in found for further in range(SHORTEST_KEY)}
    runs = groupby(enumerate(text), lambda sign: sign[0] in struck)
    return "".join(STRUCK_OUT if is_struck else "".join(sign for _, sign in run) for is_struck, run in runs)


def _forms(key: str) -> Iterator[str]:
    yield key
    yield from _in_base64(key.encode())
    if _NEVER_ESCAPED.fullmatch(key):  # most keys: logging must not wait for the rest
        return
    once = {escape(key) for escape in _ESCAPES}
    yield from once
    yield from (escape(form) for form in once for escape in _ESCAPES)  # JSON inside JSON, a URL inside a URL


def _in_base64(key: bytes) -> Iterator[str]:
    """At each of the three places where it may begin in a longer text, without the signs that its neighbours change."""
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + key)
        inner = encoded[-(-8 * before // 6) : 8 * (before + len(key)) // 6].decode()
        yield inner
        yield inner.translate(_BASE64_FOR_URLS)
