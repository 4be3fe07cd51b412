"""One page of a PDF or of a TIFF of several: drawn right, counted right, refused in a sentence where it does harm."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from playground.uploads import MOST_PAGES, UploadRefused, accept, accept_page, thumbnails

A4 = "0 0 595 842"


def pdf(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1; the first is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n" % (len(objects) + 1, table)
    where = len(out) - len(table) - len(b"trailer\n") - len(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    return bytes(out) + b"<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, where)


def flat(pages: int, box: str = A4, content: bytes = b"") -> bytes:
    """Equal pages under one node."""
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(pages))
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]/Contents 3 0 R>>".encode()
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (
        len(zlib.compress(content)),
        zlib.compress(content),
    )
    tree = b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids)
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", tree, stream, *[page] * pages])


def deep_tree(depth: int = 20_000) -> bytes:
    """One page below as many nodes."""
    nodes = [
        b"<</Type/Pages/Count 1/Kids[%d 0 R]/Parent %d 0 R>>" % (number + 3, number + 1) for number in range(depth)
    ]
    page = f"<</Type/Page/Parent {depth + 1} 0 R/MediaBox[{A4}]>>".encode()
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", *nodes, page])


TEXT, CHOICE = b"/FT/Tx/V(%s)", b"/FT/Ch/Ff 131072/Opt[(Anna Weber)(Bert)()]/V(%s)"


def form(value: bytes, kind: bytes = TEXT) -> bytes:
    """A page with one field, filled in or empty, whose look is left to whoever draws it."""
    told = kind % value
    field = b"<</Type/Annot/Subtype/Widget/T(name)%s/Rect[100 600 400 640]/F 4/DA(/Helv 24 Tf 0 g)/P 3 0 R>>"
    helvetica = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    fields = b"<</Fields[4 0 R]/NeedAppearances true/DA(/Helv 24 Tf 0 g)/DR<</Font<</Helv 5 0 R>>>>>>"
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R>>",
            b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            f"<</Type/Page/Parent 2 0 R/MediaBox[{A4}]/Annots[4 0 R]>>".encode(),
            field % told,
            helvetica,
            fields,
        ]
    )


def tiff(*frames: Image.Image) -> bytes:
    file = BytesIO()
    frames[0].save(file, "TIFF", save_all=True, append_images=frames[1:])
    return file.getvalue()


def pixels(data: bytes, number: int = 1) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(accept_page(data, number=number).page.png)))


def test_a_page_of_a_pdf_is_drawn_at_200_dots_an_inch() -> None:
    taken = accept_page(flat(3), "letter.pdf", 3)
    assert (taken.number, taken.pages) == (3, 3)
    assert (taken.page.width, taken.page.height) == (1653, 2339)


@pytest.mark.parametrize(
    "kind", [TEXT, CHOICE, TEXT.replace(b"/FT/Tx", b"/FT/Tx/Ff 4096"), CHOICE.replace(b"131072", b"0")]
)
def test_what_was_typed_into_a_form_is_drawn(kind: bytes) -> None:
    filled, empty = pixels(form(b"Anna Weber", kind)), pixels(form(b"", kind))
    assert (filled != empty).any(axis=2).sum() > 500


def test_its_small_picture_shows_it_too() -> None:
    [filled], [empty] = thumbnails(form(b"Anna Weber")), thumbnails(form(b""))
    assert filled != empty


def test_a_page_of_a_tiff_is_its_own_picture() -> None:
    data = tiff(Image.new("RGB", (40, 30), "red"), Image.new("L", (30, 40), 255), Image.new("1", (20, 20), 0))
    assert pixels(data, 1)[5, 5].tolist() == [255, 0, 0]
    assert pixels(data, 2).shape == (40, 30, 3)
    assert pixels(data, 3)[5, 5].tolist() == [0, 0, 0]


@pytest.mark.parametrize("several", [flat(2), tiff(Image.new("L", (40, 30)), Image.new("L", (40, 30)))])
def test_no_page_of_several_is_taken_in_silence(several: bytes) -> None:
    with pytest.raises(UploadRefused, match=r"more than one page \(2\)"):
        accept(several, "scan")
    with pytest.raises(UploadRefused, match="has 2 pages; there is no page 3"):
        accept_page(several, "scan", 3)


def test_the_only_page_needs_no_number() -> None:
    assert accept(flat(1)).width == 1653
    assert accept_page(tiff(Image.new("L", (40, 30)))).pages == 1


@pytest.mark.parametrize("several", [flat(2), tiff(Image.new("L", (400, 300)), Image.new("L", (400, 300)))])
def test_every_page_has_a_small_picture(several: bytes) -> None:
    sizes = [Image.open(BytesIO(picture)).size for picture in thumbnails(several)]
    assert len(sizes) == 2
    assert all(max(size) == 200 for size in sizes)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "thousands of pages": (lambda: flat(5000), f"has 5000 pages; .* at most {MOST_PAGES}"),
    "a page of kilometres": (lambda: flat(1, "0 0 9000000 9000000"), "five metres"),
    "a page of no height": (lambda: flat(1, "0 0 14000 1"), "which is none"),
    "a tree of twenty thousand storeys": (deep_tree, "damaged"),
    "cut off": (lambda: flat(3)[:150], "damaged"),
    "nothing but a name": (lambda: b"%PDF-1.7 nothing more", "damaged"),
    "no pages": (lambda: flat(0), "damaged"),
    "thousands of pictures": (lambda: tiff(*[Image.new("1", (8, 8))] * (MOST_PAGES + 1)), "more than"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_does_harm_is_refused_in_one_sentence(name: str) -> None:
    make, why = HOSTILE[name]
    with pytest.raises(UploadRefused, match=why) as refusal:
        accept_page(make(), "scan.pdf")
    assert str(refusal.value).startswith("scan.pdf ")
    assert str(refusal.value).count("\n") == 0
