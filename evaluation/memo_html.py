"""The memo as one HTML file that needs nothing else: no script, no fetch, prints well."""

from __future__ import annotations

from evaluation.drawing import fill, svg
from evaluation.memo import Memo
from evaluation.wording import between, change_sentence, dollars, pair_sentence, price_of
from playground.terminal import percent


def memo_html(memo: Memo) -> str:
    """The document."""
    return fill(
        "memo.html",
        memo=memo,
        svg=svg,
        percent=percent,
        between=between,
        dollars=dollars,
        price_of=price_of,
        pair_sentence=pair_sentence,
        change_sentence=change_sentence,
    )
