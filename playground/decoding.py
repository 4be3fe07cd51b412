"""Untrusted image or PDF bytes on stdin, one upright RGB PNG without metadata on stdout; run as a script, for one page.

A TIFF or PDF may hold several pages: "page N" takes the Nth, and says on stderr how many there are; "thumbnails N"
writes small JPEGs of the first ones, each with its length before it; "count" only counts.

A process of its own because image libraries crash, hang and swell on hostile files: the kernel caps its memory,
`playground.uploads` its time, and no key is in its environment. Knows nothing of names, hashes or the playground.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from time import monotonic
from typing import Any, BinaryIO, Literal, cast

from PIL import Image, ImageCms, ImageOps, TiffImagePlugin, UnidentifiedImageError

REFUSED = 3
"""Exit status when stderr ends with the reason, worded to follow the file's name, and its values, as JSON."""
MOST_MEGAPIXELS = 40
MOST_MEMORY_BYTES = 420_000_000
MOST_MEMORY_BYTES_OF_PDF = 1_500_000_000
MOST_ASPECT = 100
MOST_JPEG_SCANS = 200
MOST_TIFF_PAGES = 500
THUMBNAIL_EDGE = 200
THUMBNAIL_SECONDS = 8.0
"""Pages that come later are left without a picture; they can be chosen by their number."""
DOTS_PER_INCH = 200
POINTS_PER_INCH = 72
LONGEST_EDGE_OF_PDF = 6000
LONGEST_POINTS = 14_400
"""What PDF itself allows: five metres."""
MOST_PARTS = 20_000
"""Comments, chunks and the like; the largest page in the smallest chunks that are in use has a third of them."""
MOST_TIFF_PARTS = 200_000
"""Tiles of 16 x 16 pixels, the smallest that TIFF allows, come to 156,000 on the largest page."""
_EXIF_ORIENTATION, _FIRST_SIDEWAYS = 274, 5
_LEAST_STRETCH, _MOST_STRETCH = 1.2, 4.0
"""Between a fax of fine resolution, 204 x 196, and what is no resolution but a mistake."""
_MEANT_WHOLE = 0.05
_TIFF_SUBFILE_TYPE = 254  # its lowest bit says "a smaller version of another picture"
_TIFF_STRIPS, _TIFF_TILES = 273, 324  # where they begin
_TIFF_PHOTOMETRIC = 262  # 0 says that white is stored as zero
_FLOAT_WHITES = (1.0, 255.0)
_INTEGER_WHITES = (255, 1023, 4095, 16383, 65535)


def N_(reason: str) -> str:  # noqa: N802
    """As in `translations`, of which this process knows nothing."""
    return reason


LOCKED = N_("is a PDF locked by a password; save a copy without one")
BROKEN = N_("is a PDF that is damaged, cut off or too large; save it anew, or export its pages as images")
PIECES = N_("is cut into far too many pieces; open it in an image program and save it anew as PNG or JPEG")


class Refused(Exception):
    """The file cannot be read rightly; `reason` says why and what to do, with `values` in its braces."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason.format(**values))
        self.reason, self.values = reason, values


def main(what: str = "page", number: str = "1") -> int:
    """Decode stdin to stdout; the exit status is 0, `REFUSED`, or anything else for a broken file."""
    data = sys.stdin.buffer.read()
    pdf = is_pdf(data)
    _cap_memory(MOST_MEMORY_BYTES_OF_PDF if pdf else MOST_MEMORY_BYTES)
    try:
        (_answer_of_pdf if pdf else _answer)(what, int(number), data, sys.stdout.buffer)
    except Refused as refusal:
        return _refused(refusal)
    except MemoryError:
        return _refused(Refused(BROKEN if pdf else N_("takes too much memory to open; save it smaller or as JPEG")))
    return 0


def is_pdf(data: bytes) -> bool:
    """As readers of PDF tell it: the sign may come after some rubbish."""
    return b"%PDF-" in data[:1024]


def _refused(refusal: Refused) -> int:
    print(json.dumps([refusal.reason, refusal.values]), file=sys.stderr)
    return REFUSED


def _answer(what: str, number: int, data: bytes, to: BinaryIO) -> None:
    image = _opened(data)
    pages = _pages(image)
    if what == "thumbnails":
        began = monotonic()
        for page in pages[:number]:
            if monotonic() - began > THUMBNAIL_SECONDS:
                break
            image.seek(page)
            to.write(_small(image, data))
        return
    if what == "page":
        _check_number(number, len(pages))
        if number > 1:
            image.seek(pages[number - 1])
        _upright(image, data).save(to, "PNG", compress_level=1)
    print(len(pages), file=sys.stderr)


def _opened(data: bytes) -> Image.Image:
    """Raises Refused, MemoryError, or whatever Pillow raises on a damaged file."""
    if _parts(data) > MOST_PARTS:
        raise Refused(PIECES)
    _check_tiff_parts(data)
    image = _open(data)
    _check_header(image, data)
    return image


def _pages(image: Image.Image) -> list[int]:
    """The frames that are pages of their own; an animation and a photo of several pictures count as their first."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return [0]
    if _is_preview(image):
        raise Refused(N_("shows only a preview, as camera raw files do; export it as JPEG"))
    pages = [frame for frame in _frames(image) if not _is_preview(image)]
    image.seek(0)
    return pages


def _frames(image: Image.Image) -> Iterator[int]:
    """Every frame of a TIFF, sought when it is given."""
    for frame in count():
        if frame >= MOST_TIFF_PAGES:
            reason = N_("has more than {most} pages; save those you want as a file of their own")
            raise Refused(reason, most=MOST_TIFF_PAGES)
        try:
            image.seek(frame)
        except EOFError:
            return
        yield frame


def _is_preview(image: TiffImagePlugin.TiffImageFile) -> bool:
    return bool(image.tag_v2.get(_TIFF_SUBFILE_TYPE, 0) & 1)


def _small(image: Image.Image, data: bytes) -> bytes:
    """A JPEG with its length before it, empty for a page that cannot be read."""
    with contextlib.suppress(Refused):
        page = _upright(image, data)
        page.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
        return _with_length(_jpeg(page))
    return _with_length(b"")


def _jpeg(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, "JPEG", quality=70)
    return written.getvalue()


def _with_length(jpeg: bytes) -> bytes:
    return len(jpeg).to_bytes(4, "big") + jpeg


def _answer_of_pdf(what: str, number: int, data: bytes, to: BinaryIO) -> None:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
        document.init_forms()  # else what was typed into the fields of a form is not drawn
        if what == "thumbnails":
            began = monotonic()
            for page in range(min(number, len(document))):
                if monotonic() - began > THUMBNAIL_SECONDS:
                    break
                to.write(_small_sheet(document[page]))
            return
        if what == "page":
            _check_number(number, len(document))
            _drawn(document[number - 1]).save(to, "PNG", compress_level=1)
    except pypdfium2.PdfiumError as error:
        raise Refused(LOCKED if "password" in str(error).lower() else BROKEN) from None
    print(len(document), file=sys.stderr)


def _check_number(number: int, pages: int) -> None:
    if number > pages:
        raise Refused(N_("has {pages} pages; there is no page {number}"), pages=pages, number=number)


def _drawn(sheet: Any) -> Image.Image:  # noqa: ANN401 - untyped
    """The page of a PDF with what was typed into its form, on white."""
    width, height = sheet.get_size()
    if not 0 < max(width, height) <= LONGEST_POINTS:
        raise Refused(N_("has a page of more than five metres; export the page as an image"))
    if max(width, height) > MOST_ASPECT * min(width, height):
        reason = N_("has a page of {width} x {height} points, which is none; export it as an image")
        raise Refused(reason, width=round(width), height=round(height))
    scale = min(DOTS_PER_INCH / POINTS_PER_INCH, LONGEST_EDGE_OF_PDF / max(width, height))
    image: Image.Image = sheet.render(scale=scale).to_pil()
    return image.convert("RGB")


def _small_sheet(sheet: Any) -> bytes:  # noqa: ANN401
    longest = max(sheet.get_size())
    if not 0 < longest <= LONGEST_POINTS:
        return _with_length(b"")
    return _with_length(_jpeg(sheet.render(scale=THUMBNAIL_EDGE / longest).to_pil().convert("RGB")))


def _upright(image: Image.Image, data: bytes) -> Image.Image:
    """The frame in view as it is meant to be seen, on white paper."""
    _check_header(image, data)
    across, down = _stretch(image)
    if image.getexif().get(_EXIF_ORIENTATION, 1) >= _FIRST_SIDEWAYS:
        across, down = down, across
    ImageOps.exif_transpose(image, in_place=True)
    flat = _flatten(image)
    flat.info.clear()
    if across == down:
        return flat
    return flat.resize((round(flat.width * across), round(flat.height * down)), Image.Resampling.BICUBIC)


def _parts(data: bytes) -> int:
    """How many pieces a file has beside its picture, more or less: Pillow spends a second on each 30,000 of them."""
    if data.startswith(b"GIF8"):
        return data.count(b"!\xfe") + data.count(b"!\xff") + data.count(b"!\xf9\4")
    if data.startswith(b"\xff\xd8"):  # no other marker is written like these, the picture's own bytes neither
        return sum(1 for _ in re.finditer(rb"\xff[\xe0-\xef\xfe]", data))
    parts, start = 0, {b"\x89PNG": 8, b"RIFF": 12}.get(data[:4], len(data))
    order: Literal["big", "little"] = "big" if start == 8 else "little"
    while start + 8 <= len(data) and parts <= MOST_PARTS:
        length = data[start : start + 4] if order == "big" else data[start + 4 : start + 8]
        start += int.from_bytes(length, order) + (12 if order == "big" else 8)
        parts += 1
    return parts


def _check_tiff_parts(data: bytes) -> None:
    """Opening a TIFF lists its strips or tiles; millions of them take half a minute and all the memory there is."""
    if data[:4] not in (b"II*\0", b"MM\0*"):
        return
    directory = TiffImagePlugin.ImageFileDirectory_v2(data[:8])
    file = BytesIO(data)
    file.seek(directory.next)
    directory.load(file)
    for tag in (_TIFF_STRIPS, _TIFF_TILES):
        places = directory.get(tag, ())
        if isinstance(places, tuple) and len(places) > MOST_TIFF_PARTS:
            raise Refused(PIECES)


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(data), formats=_decodable(data))
    except UnidentifiedImageError:
        reason = N_("is not a readable image; choose a PNG, JPEG, WebP, TIFF, BMP, GIF, HEIC or AVIF")
        raise Refused(reason) from None
    except Image.DecompressionBombError:
        reason = N_("unfolds to far more than {most} megapixels; save it smaller")
        raise Refused(reason, most=MOST_MEGAPIXELS) from None


def _decodable(data: bytes) -> tuple[str, ...]:
    """The formats let near the bytes; each decoder is imported by name, as loading all forty takes 60 ms."""
    if data[4:8] == b"ftyp":
        import pillow_heif
        from PIL import AvifImagePlugin  # noqa: F401

        pillow_heif.register_heif_opener()
        return ("AVIF", "HEIF")
    from PIL import BmpImagePlugin, GifImagePlugin, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401

    return ("PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF")


def _check_header(image: Image.Image, data: bytes) -> None:
    """What the file claims, before a pixel of it is decoded."""
    across, down = _stretch(image)
    width, height = round(image.width * across), round(image.height * down)
    megapixels = width * height / 1e6
    if megapixels > MOST_MEGAPIXELS:
        reason = N_("has {megapixels} megapixels; save it with at most {most}")
        raise Refused(reason, megapixels=round(megapixels), most=MOST_MEGAPIXELS)
    if max(width, height) > MOST_ASPECT * min(width, height):
        reason = N_("measures {width} x {height} pixels, which is no page; crop it to the writing")
        raise Refused(reason, width=width, height=height)
    # Each scan of a progressive JPEG walks the whole picture, so a few megabytes of empty scans take hours.
    if image.format in ("JPEG", "MPO") and data.count(b"\xff\xda") > MOST_JPEG_SCANS:
        raise Refused(N_("is a JPEG built of too many scans; open it in an image program and save it anew"))


def _stretch(image: Image.Image) -> tuple[float, float]:
    """How many times wider and taller the picture is drawn for its pixels to be square: a fax stores half the lines.

    204 x 98 dots an inch are taken for 2 : 1, as they were meant; no pixel is dropped.
    """
    named = (image.info.get(name) for name in ("dpi", "resolution", "aspect", "jfif_density"))
    dots = next((found for found in named if isinstance(found, tuple) and len(found) == 2), (1, 1))
    across, down = map(float, dots)
    if not (0 < across < math.inf and 0 < down < math.inf):
        return 1.0, 1.0
    factor = max(across, down) / min(across, down)
    if not _LEAST_STRETCH <= factor <= _MOST_STRETCH:
        return 1.0, 1.0
    if abs(factor / round(factor) - 1) <= _MEANT_WHOLE:
        factor = round(factor)
    return (1.0, factor) if across > down else (factor, 1.0)


def _flatten(image: Image.Image) -> Image.Image:
    """Any colour kind as RGB: deep greys scaled, inks by their profile, transparency on white."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        return _scale_grey(image).convert("RGB")
    if image.mode in ("CMYK", "LAB"):
        return _print_to_screen(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image if image.mode == "RGBA" else image.convert("RGBA")  # convert() alone would copy it
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _scale_grey(image: Image.Image) -> Image.Image:
    """Greys of 10 to 32 bits or floats, scaled by the range they use; Pillow alone would clip them at 255."""
    grey = image if image.mode in ("I", "F", "I;16") else image.convert("I")
    low, high = cast("tuple[float, float]", grey.getextrema())
    if not (math.isfinite(low) and math.isfinite(high)):
        raise Refused(N_("holds pixels that are not numbers; export it as PNG or JPEG"))
    if low >= 0:
        whites = _FLOAT_WHITES if grey.mode == "F" else _INTEGER_WHITES
        low, high = 0, next((white for white in whites if high <= white), high)
    scale = 255 / ((high - low) or 1)
    grey = grey.point(lambda value: value * scale + (0.5 - low * scale)).convert("L")
    return ImageOps.invert(grey) if _is_negative(image) else grey


def _is_negative(image: Image.Image) -> bool:
    """Whether a TIFF stores white as zero, which Pillow heeds up to 8 bits only."""
    return isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.get(_TIFF_PHOTOMETRIC) == 0


def _print_to_screen(image: Image.Image) -> Image.Image:
    """Inks to light by the file's profile; without one, or with a broken one, by Pillow's plain arithmetic."""
    inks = ImageCms.createProfile("LAB") if image.mode == "LAB" else BytesIO(image.info.get("icc_profile", b""))
    try:
        shown = ImageCms.profileToProfile(image, inks, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        shown = None
    return shown or image.convert("RGB")


def _cap_memory(most_bytes: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the header checks still hold there
        return
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
