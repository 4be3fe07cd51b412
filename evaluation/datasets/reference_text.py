"""Reference texts from untrusted files: a text of a length that a page can have, or none; never an empty one.

IAM's `lines.txt`, and the data sets made from it, are cut into tokens ("( Parlophone ) , it 's"): a perfect
transcription of three well-known IAM lines scores 5.3 % CER and 47 % WER against them. Here they are made natural
again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import count

from engines.formats.layout import UnreadableFormat, decoded, is_blank
from evaluation.datasets.contract import ItemUnreadable
from evaluation.datasets.file_tree import FileTree, read_bytes
from translations import N_, _

MOST_TEXT_BYTES = 100_000


def read_reference(tree: FileTree, name: str) -> str | None:
    """The file's text without the line breaks at its end, None for a blank one; raises `ItemUnreadable`."""
    try:
        return as_reference(decoded(read_bytes(tree, name, MOST_TEXT_BYTES)))
    except UnreadableFormat as error:
        raise ItemUnreadable(_("has a reference that {fault} ({name})", fault=error, name=name)) from None


def as_reference(value: object) -> str | None:
    """A cell as a reference, None for a blank one; raises `ItemUnreadable` for a list, a number or an object."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ItemUnreadable(_("has a reference that is no text but {kind}; give the text itself", kind=_kind(value)))
    text = _sequence(value) if value.lstrip().startswith("{") else value
    return None if is_blank(text) else text.rstrip("\r\n")


def _sequence(text: str) -> str:
    """What Donut's data sets wrap a plain text in, unwrapped; no other JSON object is what stands on a page."""
    try:
        wrapped = json.loads(text)
    except (ValueError, RecursionError):
        return text
    parsed = wrapped.get("gt_parse") if isinstance(wrapped, dict) else None
    sequence = parsed.get("text_sequence") if isinstance(parsed, dict) else None
    if not isinstance(sequence, str):
        raise ItemUnreadable(_("has a reference that is no text but a JSON object; give the text itself"))
    return sequence


KINDS: tuple[tuple[type, str], ...] = (
    (bool, N_("a yes or no")),
    (int, N_("a number")),
    (float, N_("a number")),
    (list, N_("a list")),
    (dict, N_("an object")),
    (bytes, N_("bytes")),
    (object, N_("something else")),
)


def _kind(value: object) -> str:
    return _(next(name for kind, name in KINDS if isinstance(value, kind)))


FEWEST_MARKS = 5
SHARE_APART = 0.9
NOTE = N_(
    "The references looked cut into tokens, as IAM's are (a space before commas and full stops); those spaces were "
    "removed before scoring."
)

# French writes a space before ; : ! ? so only these two tell.
_MARKS = re.compile(r"(\s?)[,.](?=\s|$)")
# A run of white space is looked at from its beginning only: from each of its places, a million of them take hours.
_REJOINED = (
    (re.compile(r"(?<!\s)\s++(?=[,.;:!?)\]}%](?:\s|$|[,.;:!?)\]'\"]))"), ""),
    (re.compile(r"(?<=[(\[{])\s+"), ""),
    (re.compile(r"(?<=\w)\s+(?='(?:s|t|d|m|ll|re|ve)\b)", re.IGNORECASE), ""),
    (re.compile(r"(?<=\w)\s+(?=n't\b)", re.IGNORECASE), ""),
)
_QUOTE = re.compile(r"(?:(?<!\s)(\s+))?+\"(\s*)")


def looks_tokenised(references: Iterable[str]) -> bool:
    """Whether nearly every comma and full stop stands apart from its word."""
    spaces = [match[1] for text in references for match in _MARKS.finditer(text)]
    return len(spaces) >= FEWEST_MARKS and sum(map(bool, spaces)) >= SHARE_APART * len(spaces)


def detokenised(text: str) -> str:
    """The text with marks back at their words; quotes open and close in turn."""
    for pattern, joined in _REJOINED:
        text = pattern.sub(joined, text)
    turn = count()
    return _QUOTE.sub(lambda match: f'{match[1] or ""}"' if next(turn) % 2 == 0 else f'"{match[2]}', text)
