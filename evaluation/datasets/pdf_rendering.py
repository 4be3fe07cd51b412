"""Untrusted PDF bytes on stdin; their number of pages, or one page as PNG, on stdout; run as a script, once per page.

A process of its own, as `playground.decoding` is one: capped in memory here and in time by `pdf_pages`, without keys.
"""

from __future__ import annotations

import contextlib
import sys

REFUSED = 3
MOST_MEMORY_BYTES = 1_500_000_000
DOTS_PER_INCH = 200
POINTS_PER_INCH = 72
LONGEST_EDGE = 6000


def main(page: str) -> int:
    """Print the number of pages for "count", else write that page's PNG (counted from 0)."""
    with contextlib.suppress(ImportError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(sys.stdin.buffer.read())
        if page == "count":
            print(len(document))
            return 0
        document.init_forms()  # else what was typed into the fields of a form is not drawn
        sheet = document[int(page)]
        scale = min(DOTS_PER_INCH / POINTS_PER_INCH, LONGEST_EDGE / max(sheet.get_size()))
        sheet.render(scale=scale).to_pil().save(sys.stdout.buffer, "PNG", compress_level=1)
    except (pypdfium2.PdfiumError, MemoryError, IndexError, ZeroDivisionError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
