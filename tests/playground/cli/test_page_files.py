"""Which files the command line means."""

from pathlib import Path

import pytest

from playground.cli.page_files import PageFile, UnusableCommand, page_files, read_text, reference_beside


def test_a_folder_means_its_images_and_pdfs_sorted(tmp_path: Path) -> None:
    for name in ("b.jpg", "a.PNG", "notes.txt", "letter.pdf", "deep/c.tiff"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    assert [page.path.name for page in page_files([tmp_path])] == ["a.PNG", "b.jpg", "c.tiff", "letter.pdf"]


def test_a_file_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    assert page_files([tmp_path / "scan"]) == [PageFile(tmp_path / "scan")]


def test_a_number_after_the_name_means_a_page(tmp_path: Path) -> None:
    assert page_files([tmp_path / "letter.pdf:3"]) == [PageFile(tmp_path / "letter.pdf", 3)]
    assert page_files([tmp_path / "letter.pdf:0"]) == [PageFile(tmp_path / "letter.pdf:0")]
    (tmp_path / "scan:2").write_bytes(b"x")
    assert page_files([tmp_path / "scan:2"]) == [PageFile(tmp_path / "scan:2")]


def test_a_folder_without_images_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableCommand, match=str(tmp_path)):
        page_files([tmp_path])


def test_the_reference_beside_an_image(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_bytes(b"\xef\xbb\xbfcaf\xc3\xa9\n")
    (tmp_path / "page-3.txt").write_text("third")
    assert reference_beside(PageFile(tmp_path / "page.jpg")) == "café\n"
    assert reference_beside(PageFile(tmp_path / "page.pdf", 3)) == "third"
    assert reference_beside(PageFile(tmp_path / "other.jpg")) is None


@pytest.mark.parametrize("content", [b"caf\xe9", b"\xff\xfea\x00"])
def test_text_that_is_not_utf8_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "page.txt").write_bytes(content)
    with pytest.raises(UnusableCommand, match=r"page\.txt is not UTF-8"):
        read_text(str(tmp_path / "page.txt"))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableCommand, match="There is no file"):
        read_text(str(tmp_path / "none.txt"))
    with pytest.raises(UnusableCommand, match="cannot be read"):
        read_text(str(tmp_path))
