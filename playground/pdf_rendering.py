"""Untrusted PDF bytes on stdin; one page as PNG or small pictures of the pages on stdout, their number on stderr.

Run as a script: a process of its own, as `playground.decoding` is one and told the same words, without keys, capped in
memory here and in time by `playground.uploads`. Knows nothing of names or the playground.
"""

from __future__ import annotations

import contextlib
import json
import sys
from io import BytesIO
from time import monotonic
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from PIL import Image

REFUSED = 3
MOST_MEMORY_BYTES = 1_500_000_000
DOTS_PER_INCH = 200
POINTS_PER_INCH = 72
LONGEST_EDGE = 6000
LONGEST_POINTS = 14_400
"""What the format itself allows: five metres."""
MOST_ASPECT = 100
THUMBNAIL_EDGE = 200
THUMBNAIL_SECONDS = 8.0
"""Pages that are slow to draw are left without a picture; they can be chosen by their number."""


def N_(reason: str) -> str:  # noqa: N802
    """As in `translations`, of which this process knows nothing."""
    return reason


LOCKED = N_("is a PDF locked by a password; save a copy without one")
BROKEN = N_("is a PDF that is damaged, cut off or too large; save it anew, or export its pages as images")


class Refused(Exception):
    """The page cannot be drawn; `reason` says why and what to do, with `values` in its braces."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


def main(what: str) -> int:
    """Do what is asked: "count", "thumbnails N" or "page N", counted from 1; stderr has the number of pages."""
    with contextlib.suppress(ImportError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        document.init_forms()  # else what was typed into the fields of a form is not drawn
        _answer(document, *what.split(), to=sys.stdout.buffer)
    except Refused as refusal:
        return _refused(refusal)
    except (pypdfium2.PdfiumError, MemoryError) as error:
        locked = "password" in str(error).lower()
        return _refused(Refused(LOCKED if locked else BROKEN))
    return 0


def _refused(refusal: Refused) -> int:
    print(json.dumps([refusal.reason, refusal.values]), file=sys.stderr)
    return REFUSED


def _answer(document: Any, what: str, number: str = "1", *, to: BinaryIO) -> None:  # noqa: ANN401 - untyped
    if what == "thumbnails":
        began = monotonic()
        for page in range(min(int(number), len(document))):
            if monotonic() - began > THUMBNAIL_SECONDS:
                break
            _write_small(document[page], to)
        return
    if what == "page":
        if int(number) > len(document):
            raise Refused(N_("has {pages} pages; there is no page {number}"), pages=len(document), number=number)
        _drawn(document[int(number) - 1]).save(to, "PNG", compress_level=1)
    print(len(document), file=sys.stderr)


def _drawn(sheet: Any) -> Image.Image:  # noqa: ANN401
    """The page with what was typed into its form, on white."""
    width, height = sheet.get_size()
    if not 0 < max(width, height) <= LONGEST_POINTS:
        raise Refused(N_("has a page of more than five metres; export the page as an image"))
    if max(width, height) > MOST_ASPECT * min(width, height):
        reason = N_("has a page of {width} x {height} points, which is none; export it as an image")
        raise Refused(reason, width=round(width), height=round(height))
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, LONGEST_EDGE / max(width, height))
    image: Image.Image = sheet.render(scale=scale).to_pil()
    return image.convert("RGB")


def _write_small(sheet: Any, to: BinaryIO) -> None:  # noqa: ANN401
    """A JPEG with its length before it; nothing for a page that cannot be drawn."""
    longest = max(sheet.get_size())
    picture = BytesIO()
    if 0 < longest <= LONGEST_POINTS:
        sheet.render(scale=THUMBNAIL_EDGE / longest).to_pil().convert("RGB").save(picture, "JPEG", quality=70)
    to.write(len(picture.getvalue()).to_bytes(4, "big") + picture.getvalue())


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
