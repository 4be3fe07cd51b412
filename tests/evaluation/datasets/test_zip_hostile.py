"""Zips built to do harm: each is refused, or its bad entry is listed, and nothing is unpacked."""

import stat
import struct
import tracemalloc
import zipfile

import pytest

from evaluation.datasets.contract import DatasetUnusable, Item, ItemUnreadable, Unreadable
from evaluation.datasets.file_tree import Archive, read_bytes
from evaluation.datasets.opening import open_dataset


def test_a_plain_zip_is_read(tmp_path, draw_png):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        file.writestr("pages/a.png", draw_png())
        file.writestr("pages/a.txt", "text")
        file.writestr("__MACOSX/pages/._a.png", b"x")
    dataset = open_dataset(tmp_path / "set.zip")
    (item,) = dataset.items()
    assert (item.id, item.reference) == ("pages/a.png", "text")
    assert dataset.image(item.locator) == draw_png()


def test_bad_entries_are_listed_with_their_reasons(tmp_path, draw_png):
    link = zipfile.ZipInfo("link.png")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        file.writestr("good.png", draw_png())
        file.writestr("../../up.png", draw_png())
        file.writestr("/etc/absolute.png", draw_png())
        file.writestr(link, "/etc/passwd")
        file.writestr("inner.zip", b"PK")
    found = list(open_dataset(tmp_path / "set.zip").items())
    assert [item.id for item in found if isinstance(item, Item)] == ["good.png"]
    assert {item.id for item in found if isinstance(item, Unreadable)} == {
        "../../up.png",
        "/etc/absolute.png",
        "inner.zip",
        "link.png",
    }


def test_a_bomb_is_refused_by_its_ratio(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.png", bytes(30_000_000))
    with pytest.raises(DatasetUnusable, match="100 times"):
        open_dataset(tmp_path / "bomb.zip")


def test_a_forged_size_yields_no_more_than_it_claims(tmp_path):
    path = tmp_path / "forged.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.png", bytes(9_000_000))
    data = bytearray(path.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.index(signature) + offset
        data[at : at + 4] = struct.pack("<L", 1000)
    path.write_bytes(data)
    dataset = open_dataset(path)
    (item,) = dataset.items()
    with pytest.raises(ItemUnreadable, match="cannot be read"):
        dataset.image(item.locator)


@pytest.mark.parametrize("packing", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_entry_is_said_however_it_is_packed(tmp_path, packing):
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", packing) as file:
        file.writestr("a.png", b"no picture, but bytes " * 50)
    data = bytearray(path.read_bytes())
    at = data.index(b"a.png") + 20
    data[at : at + 20] = bytes(byte ^ 0x5A for byte in data[at : at + 20])
    path.write_bytes(data)
    with pytest.raises(ItemUnreadable, match="cannot be read"):
        read_bytes(Archive(path), "a.png")


@pytest.mark.parametrize("claimed", [65_535, 1])
def test_too_many_entries_are_refused_before_they_are_listed(tmp_path, claimed):
    path = tmp_path / "many.zip"
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", *[20] * 6, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    directory = entry * 300_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, claimed, claimed, len(directory), 0, 0)
    path.write_bytes(directory + end)
    tracemalloc.start()
    with pytest.raises(DatasetUnusable, match="more than 20,000"):
        open_dataset(path)
    _, most_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most_bytes < 3 * len(directory)


def test_what_is_no_zip(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(DatasetUnusable, match="not a whole zip"):
        open_dataset(tmp_path / "x.zip")
