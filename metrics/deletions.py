"""Words that the writer struck through, as transcribers and engines mark them. Knows nothing of rules or scores."""

from __future__ import annotations

import re
from collections.abc import Iterator

from metrics.rewriting import Rewrite

_STRUCK = re.compile(
    r"(\[)(?![^][\n]*(?:illegible|unreadable|unclear|indecipherable|illisible|unleserlich|…|\.{3}|\?))[^][\n]{1,300}(\])"
    r"|(⟦)[^⟦⟧\n]{1,300}(⟧)|(~~)(?=\S)[^~\n]{1,300}(?<=\S)(~~)|(<(?:del|s)>)[^<>\n]{1,300}(</(?:del|s)>)",
    re.IGNORECASE,
)
"""[words], ⟦words⟧, ~~words~~, <del>words</del>; a mark of doubt in brackets is something else."""


def deletion_marks(text: str) -> Iterator[Rewrite]:
    """The marks around struck-through words, to be left out: the words stay."""
    for match in _STRUCK.finditer(text):
        yield from (Rewrite(*match.span(group)) for group in range(1, 9) if match.group(group))


def deletions(text: str) -> Iterator[Rewrite]:
    """Struck-through words with their marks, to be left out."""
    return (Rewrite(*match.span()) for match in _STRUCK.finditer(text))
