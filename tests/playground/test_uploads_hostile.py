"""Every file that cannot be read right is refused with one clear sentence, in little memory and time."""

from __future__ import annotations

import json
import os
import re
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from playground import decoding, uploads
from playground.uploads import UploadRefused, accept
from tests.places import ROOT


def encode(image: Image.Image, kind: str, **settings: object) -> bytes:
    file = BytesIO()
    image.save(file, kind, **settings)
    return file.getvalue()


def grain(width: int = 300, height: int = 200) -> Image.Image:
    return Image.fromarray(np.random.default_rng(1).integers(0, 255, (height, width, 3), np.uint8))


def cut(kind: str, share: float = 0.5) -> bytes:
    whole = encode(grain(), kind)
    return whole[: int(len(whole) * share)]


def png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", zlib.compress(b"\0" * 99))


def png_with_swollen_remark() -> bytes:
    whole = encode(Image.new("RGB", (40, 40)), "PNG")
    remark = png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 200_000_000, 9))
    return whole[:33] + remark + whole[33:]


def jpeg_of_endless_scans() -> bytes:
    whole = encode(grain(2000, 1500), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last : last + 30] * 20_000 + b"\xff\xd9"


def tiff_of_three_million_tiles() -> bytes:
    """1750 x 1750 pixels in tiles of one pixel: the lists of tiles swell, not the pixels."""
    count = 1750 * 1750
    entries = [(256, 3, 1, 1750), (257, 3, 1, 1750), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (277, 3, 1, 1)]
    entries += [(322, 3, 1, 1), (323, 3, 1, 1), (324, 4, count, 200), (325, 4, count, 200 + 4 * count)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + bytes(4)
    head = b"II*\0" + struct.pack("<I", 8) + directory
    return head.ljust(200, b"\0") + struct.pack("<I", 8) * count + struct.pack("<I", 1) * count


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "0 bytes": (lambda: b"", "empty"),
    "text": (lambda: b"Dear Anna, thank you for your letter.", "not a readable image"),
    "web page": (lambda: b"<!doctype html><html><body><img src=x>", "not a readable image"),
    "zip": (lambda: b"PK\x03\x04" + bytes(60), "not a readable image"),
    "random": (lambda: np.random.default_rng(2).bytes(9000), "not a readable image"),
    "EPS": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not a readable image"),
    "ICO": (lambda: encode(grain(64, 64), "ICO"), "not a readable image"),
    "signature only": (lambda: b"\x89PNG\r\n\x1a\n", "not a readable image"),
    "SVG": (lambda: b'<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "PDF": (lambda: b"%PDF-1.7\n1 0 obj\n", "PDF"),
    "26 MB": (lambda: b"\xff\xd8\xff" + bytes(26_000_000), "26 MB"),
    "cut PNG": (lambda: cut("PNG"), "damaged"),
    "cut JPEG": (lambda: cut("JPEG"), "damaged"),
    "cut GIF": (lambda: cut("GIF"), "damaged"),
    "cut TIFF": (lambda: cut("TIFF"), "damaged"),
    "cut BMP": (lambda: cut("BMP"), "damaged"),
    "cut WebP": (lambda: cut("WEBP"), "damaged|not a readable"),
    "cut AVIF": (lambda: cut("AVIF"), "damaged|not a readable"),
    "PNG without its pixels": (lambda: png_claiming(900, 900), "damaged"),
    "80 megapixels": (lambda: encode(Image.new("1", (10_000, 8_000)), "PNG"), "80 megapixels"),
    "80 megapixels, GIF": (lambda: encode(Image.new("L", (10_000, 8_000)), "GIF"), "80 megapixels"),
    "900 megapixels": (lambda: png_claiming(30_000, 30_000), "megapixels"),
    "4 gigapixels a side": (lambda: png_claiming(2**31 - 1, 2**31 - 1), "megapixels"),
    "65000 x 1": (lambda: encode(Image.new("1", (65_000, 1)), "PNG"), "65000 x 1"),
    "1 x 65000": (lambda: encode(Image.new("L", (1, 65_000)), "TIFF"), "1 x 65000"),
    "no numbers": (lambda: encode(Image.fromarray(np.full((9, 9), np.inf, np.float32)), "TIFF"), "not numbers"),
    "two pages": (lambda: encode(grain(), "TIFF", save_all=True, append_images=[grain()]), "more than one page"),
    "camera raw": (lambda: encode(grain(), "TIFF", tiffinfo={254: 1}), "preview"),
    "swollen remark": (png_with_swollen_remark, "damaged"),
    "endless scans": (jpeg_of_endless_scans, "too many scans"),
    "three million tiles": (tiff_of_three_million_tiles, "too many pieces"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_one_sentence(case: str) -> None:
    make, reason = REFUSED[case]
    data = make()
    with pytest.raises(UploadRefused, match=reason) as refusal:
        accept(data, "page.dat")
    sentence = str(refusal.value)
    assert re.fullmatch(r"page\.dat [^\n]+\.", sentence), sentence
    assert re.search(r"; (save|choose|send|export|crop|open)|upload that", sentence), "says what to do"


def test_eighty_megapixels_fit_in_twenty_kilobytes() -> None:
    assert len(REFUSED["80 megapixels"][0]()) < 20_000


def test_a_file_name_cannot_speak_for_us() -> None:
    with pytest.raises(UploadRefused) as refusal:
        accept(b"", "../../etc/\x1b[31mpage\n\u202egnp.exe" + "x" * 500)
    sentence = str(refusal.value)
    assert sentence.startswith("[31mpagegnp.exe")
    assert len(sentence) < 200


def test_a_long_remark_within_reason_is_read() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "x" * 500_000, zip=True)
    page = accept(encode(grain(), "PNG", pnginfo=note))
    assert (page.width, page.height) == (300, 200)


def test_a_decoder_that_hangs_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sleeper = tmp_path / "sleeper.py"
    sleeper.write_text("import time; time.sleep(60)")
    monkeypatch.setattr(decoding, "__file__", str(sleeper))
    monkeypatch.setattr(uploads, "MOST_SECONDS", 0.5)
    with pytest.raises(UploadRefused, match="too long"):
        accept(b"any")


def test_a_decoder_that_crashes_takes_nobody_along(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    crasher = tmp_path / "crasher.py"
    crasher.write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setattr(decoding, "__file__", str(crasher))
    with pytest.raises(UploadRefused, match="damaged"):
        accept(b"any")


def test_the_decoder_sees_no_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    teller = tmp_path / "teller.py"
    teller.write_text("import os, sys; print(sorted(os.environ), file=sys.stderr); sys.exit(3)")
    monkeypatch.setenv("OPENAI_API_KEY", "canary")
    monkeypatch.setattr(decoding, "__file__", str(teller))
    with pytest.raises(UploadRefused) as refusal:
        accept(b"any")
    assert "OPENAI" not in str(refusal.value)


@pytest.mark.skipif(os.name == "nt", reason="the memory cap is the Unix kernel's")
@pytest.mark.parametrize("case", ["rgba", "cmyk", "float", "turned", "webp", "bomb", "noise", "tiles"])
def test_memory_stays_within_half_a_gigabyte(case: str, tmp_path: Path) -> None:
    file = tmp_path / "page"
    file.write_bytes(LARGEST[case]())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(file)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    measured = json.loads(done.stdout)
    assert measured["megabytes"] < 500, measured


MEASURE = """
import json, pathlib, resource, sys
from playground.uploads import UploadRefused, accept
peak = lambda who: resource.getrusage(who).ru_maxrss / 1024
data = pathlib.Path(sys.argv[1]).read_bytes()
idle = peak(resource.RUSAGE_SELF)
try:
    accept(data); verdict = "read"
except UploadRefused as refusal:
    verdict = str(refusal)
grown = peak(resource.RUSAGE_SELF) - idle + peak(resource.RUSAGE_CHILDREN)
print(json.dumps({"megabytes": grown, "verdict": verdict}))
"""

SIDE = (7_200, 5_400)  # just under the limit of 40 megapixels


def turned() -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    return encode(Image.new("RGBA", SIDE, (9, 9, 9, 99)), "PNG", compress_level=1, exif=exif)


LARGEST: dict[str, Callable[[], bytes]] = {
    "rgba": lambda: encode(Image.new("RGBA", SIDE, (9, 9, 9, 99)), "PNG", compress_level=1),
    "cmyk": lambda: encode(Image.new("CMYK", SIDE, (9, 99, 9, 9)), "JPEG", progressive=True),
    "float": lambda: encode(Image.new("F", SIDE, 0.5), "TIFF", compression="tiff_adobe_deflate"),
    "turned": turned,
    "webp": lambda: encode(Image.new("RGB", SIDE, "ivory"), "WEBP", quality=1, method=0),
    "bomb": REFUSED["80 megapixels"][0],
    "tiles": tiff_of_three_million_tiles,
    "noise": lambda: encode(grain(*SIDE), "JPEG", quality=20),
}


def with_pieces(kind: str) -> bytes:
    """A picture that any program shows, with a million pieces of metadata before it."""
    picture = encode(grain(), kind)
    if kind == "GIF":
        start = 13 + 3 * 2 ** ((picture[10] & 7) + 1)
        return picture[:start] + b"\x21\xfe\x01a\0" * 1_000_000 + picture[start:]
    if kind == "JPEG":
        return picture[:2] + b"\xff\xfe\0\3a" * 1_000_000 + picture[2:]
    if kind == "PNG":
        return picture[:33] + png_chunk(b"abCd", b"") * 1_000_000 + picture[33:]
    pieces = picture[12:] + b"abcd\0\0\0\0" * 1_000_000
    return b"RIFF" + struct.pack("<I", len(pieces) + 4) + b"WEBP" + pieces


@pytest.mark.parametrize("kind", ["GIF", "JPEG", "PNG", "WEBP"])
def test_a_picture_in_a_million_pieces_is_refused_unopened(kind: str) -> None:
    """Pillow spends half a minute on them, which is a place that others wait for."""
    with pytest.raises(UploadRefused, match="cut into far too many pieces"):
        accept(with_pieces(kind), "page")


@pytest.mark.parametrize("kind", ["GIF", "JPEG", "PNG", "WEBP", "BMP", "TIFF"])
def test_no_picture_of_the_usual_kind_has_that_many_pieces(kind: str) -> None:
    shape = (2000, 1500) if kind == "GIF" else (2000, 1500, 3)  # to find the 256 colours of a noise takes seconds
    noise = Image.fromarray(np.random.default_rng(2).integers(0, 255, shape, np.uint8))
    assert decoding._parts(encode(noise, kind)) < decoding.MOST_PARTS / 10


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "GIF"])
def test_a_refusal_holds_nothing_that_a_library_printed(kind):
    """Pillow warns of pictures this large, with the path of its own file."""
    large = encode(Image.new("1", (9800, 9800), 1), kind)
    with pytest.raises(UploadRefused) as refusal:
        accept(large, "page")
    assert str(refusal.value) == "page has 96 megapixels; save it with at most 40."
