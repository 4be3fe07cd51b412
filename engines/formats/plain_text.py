"""Bytes of a text file to the text: UTF-8, or UTF-16 that says so with a byte order mark."""

from __future__ import annotations

from engines.formats.layout import UnreadableFormat

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BINARY = {
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"II*\x00": "an image",
    b"MM\x00*": "an image",
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip, or a document that is one",
    b"\x1f\x8b": "a compressed file",
}


def decoded(data: bytes) -> str:
    """The text without its byte order mark, otherwise unchanged; raises `UnreadableFormat`."""
    for start, what in _BINARY.items():
        if data.startswith(start):
            raise UnreadableFormat(f"is {what} and no text; give the text itself")
    try:
        text = data.decode("utf-16" if data.startswith(_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableFormat("is not UTF-8 text; save it as UTF-8") from None
    if "\0" in text:
        raise UnreadableFormat("holds bytes that are no text; save it as plain UTF-8 text")
    return text
