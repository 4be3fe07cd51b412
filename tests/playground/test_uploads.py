"""Every picture that can be read is read right: pixel checks on files of each kind, made here."""

from __future__ import annotations

import hashlib
import struct
from io import BytesIO

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from playground.uploads import UploadRefused, accept

RED, BLUE, WHITE, BLACK = (255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)
ORIENTATION, GPS = 0x0112, 0x8825


def encode(image: Image.Image, kind: str, **settings: object) -> bytes:
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    file = BytesIO()
    image.save(file, kind, **settings)
    return file.getvalue()


def pixels(data: bytes) -> Image.Image:
    page = accept(data)
    image = Image.open(BytesIO(page.png))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (page.width, page.height))
    assert page.sha256 == hashlib.sha256(page.png).hexdigest()
    return image


def near(found: object, wanted: tuple[int, int, int], slack: int = 6) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(found, wanted, strict=True))


def corner_marked() -> Image.Image:
    """White, 48 x 32, red in the top left quarter and blue in the top right: no turn or flip looks like another."""
    image = Image.new("RGB", (48, 32), WHITE)
    image.paste(RED, (0, 0, 24, 16))
    image.paste(BLUE, (24, 0, 48, 16))
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIF"])
def test_each_format_is_told_by_its_content(kind: str) -> None:
    image = pixels(encode(corner_marked(), kind))
    assert image.size == (48, 32)
    assert near(image.getpixel((8, 8)), RED)
    assert near(image.getpixel((40, 8)), BLUE)
    assert near(image.getpixel((24, 28)), WHITE)


# How a camera stores an upright picture under each EXIF orientation: the inverse of the turn a viewer makes.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["JPEG", "TIFF", "PNG"])
def test_a_turned_photo_stands_upright(kind: str, orientation: int) -> None:
    turn = STORED[orientation]
    stored = corner_marked() if turn is None else corner_marked().transpose(turn)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    image = pixels(encode(stored, kind, exif=exif))
    assert image.size == (48, 32)
    assert near(image.getpixel((8, 8)), RED)
    assert near(image.getpixel((40, 8)), BLUE)


def test_a_turned_heic_is_turned_once() -> None:
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    stored = corner_marked().transpose(Image.Transpose.ROTATE_90)
    stored.info["exif"] = exif.tobytes()
    image = pixels(encode(stored, "HEIF"))
    assert image.size == (48, 32)
    assert near(image.getpixel((8, 8)), RED)


DEEP = {
    "16-bit PNG": ("PNG", np.uint16, 65535),
    "16-bit TIFF": ("TIFF", np.uint16, 65535),
    "12 bits in 16": ("TIFF", np.uint16, 4095),
    "32-bit integers": ("TIFF", np.int32, 65_000_000),
    "floats to 1": ("TIFF", np.float32, 1.0),
    "floats beyond": ("TIFF", np.float32, 9000.0),
}


@pytest.mark.parametrize("name", DEEP)
def test_deep_greys_are_scaled_not_clipped(name: str) -> None:
    kind, dtype, top = DEEP[name]
    ramp = np.tile(np.linspace(0, top, 52).astype(dtype), (40, 1))
    image = pixels(encode(Image.fromarray(ramp), kind))
    levels = [image.getpixel((column, 20))[0] for column in range(52)]
    assert np.abs(np.array(levels) - np.linspace(0, 255, 52)).max() <= 1


def test_negative_floats_and_white_is_zero_are_understood() -> None:
    ramp = np.tile(np.linspace(-3, 7, 52).astype(np.float32), (40, 1))
    image = pixels(encode(Image.fromarray(ramp), "TIFF"))
    assert [image.getpixel((column, 0))[0] for column in (0, 51)] == [0, 255]
    film = Image.fromarray(np.full((40, 40), 65535, np.uint16))
    assert pixels(encode(film, "TIFF", tiffinfo={262: 0})).getpixel((5, 5)) == BLACK


def see_through(mode: str) -> Image.Image:
    """Fully transparent, and black below, where a plain conversion would show black."""
    if mode == "P":
        image = Image.new("P", (40, 40), 0)
        image.putpalette([0, 0, 0, 255, 0, 0])
        image.info["transparency"] = 0
        return image
    return Image.new(mode, (40, 40), (0,) * len(mode))


@pytest.mark.parametrize(
    ("mode", "kind"), [("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("P", "GIF"), ("RGBA", "WEBP")]
)
def test_transparency_shows_white_paper(mode: str, kind: str) -> None:
    image = see_through(mode)
    data = encode(image, kind, **({"transparency": 0} if mode == "P" else {}))
    assert pixels(data).getpixel((20, 20)) == WHITE


def test_half_transparent_ink_is_mixed_with_white() -> None:
    assert near(pixels(encode(Image.new("RGBA", (40, 40), (0, 0, 0, 128)), "PNG")).getpixel((9, 9)), (127, 127, 127), 1)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_one_bit_pages_keep_black_and_white(kind: str) -> None:
    image = Image.new("1", (40, 40), 1)
    image.paste(0, (0, 0, 20, 40))
    read = pixels(encode(image, kind))
    assert (read.getpixel((5, 5)), read.getpixel((35, 5))) == (BLACK, WHITE)


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_without_a_profile_are_plainly_inverted(kind: str) -> None:
    assert near(pixels(encode(Image.new("CMYK", (40, 40), (0, 255, 255, 0)), kind)).getpixel((9, 9)), RED)


def ink_profile(cyan_lightness: int) -> bytes:
    """A small CMYK profile (ICC v2, one 8-bit table) whose every ink but cyan does nothing; cyan gives this grey."""
    steps = bytes(range(256))
    corners = b"".join(
        bytes([cyan_lightness if ink & 8 else 255, 128, 128])  # Lab of the 16 corners, cyan varies slowest
        for ink in range(16)
    )
    identity = struct.pack(">9i", *(65536 if i % 4 == 0 else 0 for i in range(9)))
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + steps * 4 + corners + steps * 3
    table += b"\0" * (-len(table) % 4)
    white = b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)
    offset = 128 + 4 + 2 * 12
    tags = struct.pack(">I4sII4sII", 2, b"A2B0", offset, len(table), b"wtpt", offset + len(table), len(white))
    header = struct.pack(">I4sI4s4s4s", offset + len(table) + len(white), b"", 0x02400000, b"prtr", b"CMYK", b"Lab ")
    header += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + bytes(28) + struct.pack(">3i", 63190, 65536, 54061)
    return header + bytes(128 - len(header)) + tags + table + white


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_follow_the_profile_in_the_file(kind: str) -> None:
    cyan = Image.new("CMYK", (40, 40), (255, 0, 0, 0))
    data = encode(cyan, kind, icc_profile=ink_profile(cyan_lightness=0))
    assert near(pixels(data).getpixel((9, 9)), BLACK)
    assert near(pixels(encode(cyan, kind, icc_profile=b"no profile")).getpixel((9, 9)), (0, 255, 255))


def test_lab_scans_are_shown_in_colour() -> None:
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    lab = ImageCms.applyTransform(corner_marked(), to_lab)
    assert near(pixels(encode(lab, "TIFF")).getpixel((8, 8)), RED, 24)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "MPO", "AVIF"])
def test_the_first_frame_is_read(kind: str) -> None:
    later = Image.new("RGB", (48, 32), BLACK)
    data = encode(corner_marked(), kind, save_all=True, append_images=[later, later], quality=95)
    assert near(pixels(data).getpixel((8, 8)), RED, 12)


def test_a_tiff_may_carry_its_own_preview() -> None:
    file = BytesIO()
    preview = corner_marked().resize((12, 8))
    preview.encoderinfo = {"tiffinfo": {254: 1}}
    corner_marked().save(file, "TIFF", save_all=True, append_images=[preview])
    assert pixels(file.getvalue()).size == (48, 32)


def test_place_time_and_remarks_are_gone() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY-maker"
    exif.get_ifd(GPS).update({1: "N", 2: (48.0, 51.0, 30.0)})
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "CANARY-remark")
    for data in (
        encode(corner_marked(), "JPEG", exif=exif, xmp=b"<x>CANARY-xmp</x>", comment="CANARY-remark"),
        encode(corner_marked(), "PNG", exif=exif, pnginfo=note, icc_profile=b"CANARY-profile"),
    ):
        assert b"CANARY" in data
        png = accept(data).png
        assert b"CANARY" not in png
        assert {png[i : i + 4] for i in chunk_starts(png)} == {b"IHDR", b"IDAT", b"IEND"}


def chunk_starts(png: bytes) -> list[int]:
    starts, at = [], 8
    while at < len(png):
        starts.append(at + 4)
        at += 12 + int.from_bytes(png[at : at + 4], "big")
    return starts


def test_the_same_file_gives_the_same_page() -> None:
    data = encode(corner_marked(), "JPEG")
    assert accept(data) == accept(data, "another name.jpg")


def test_all_pixels_of_a_phone_photo_are_kept() -> None:
    assert pixels(encode(Image.new("RGB", (5712, 4284), "ivory"), "JPEG")).size == (5712, 4284)


@pytest.mark.parametrize(
    ("kind", "settings", "size"),
    [
        ("TIFF", {"dpi": (204, 98), "compression": "group3"}, (60, 40)),
        ("TIFF", {"dpi": (204, 196), "compression": "group4"}, (60, 20)),
        ("TIFF", {"dpi": (200, 100)}, (60, 40)),
        ("TIFF", {"dpi": (150, 300)}, (120, 20)),
        ("TIFF", {"dpi": (300, 200)}, (60, 30)),
        ("PNG", {"dpi": (200, 100)}, (60, 40)),
        ("JPEG", {"dpi": (200, 100)}, (60, 40)),
        ("BMP", {"dpi": (100, 200)}, (120, 20)),
        ("TIFF", {"dpi": (300, 1)}, (60, 20)),
        ("TIFF", {"dpi": (0, 98)}, (60, 20)),
        ("TIFF", {}, (60, 20)),
    ],
)
def test_pixels_that_are_not_square_are_put_right(
    kind: str, settings: dict[str, object], size: tuple[int, int]
) -> None:
    stored = Image.new("1" if kind == "TIFF" else "L", (60, 20), 1 if kind == "TIFF" else 255)
    page = accept(encode(stored, kind, **settings))
    assert (page.width, page.height) == size


def test_a_turned_fax_is_stretched_along_its_own_lines() -> None:
    exif = Image.Exif()
    exif[274] = 6
    page = accept(encode(Image.new("RGB", (60, 20), "white"), "JPEG", dpi=(200, 100), exif=exif))
    assert (page.width, page.height) == (40, 60)


def test_a_fax_is_measured_as_it_will_be_drawn() -> None:
    with pytest.raises(UploadRefused, match="megapixels"):
        accept(encode(Image.new("1", (7000, 4000)), "TIFF", dpi=(200, 100), compression="group4"))
