"""Uploads are kept whole, apart from each other, and no longer than said."""

import os
from collections import Counter
from pathlib import Path

import pytest

from evaluation.hosted_runs import MOST_FILES, KeptPages, UploadNotKept


@pytest.fixture
def uploaded(tmp_path):
    def upload(*names):
        files = []
        for number, name in enumerate(names):
            file = tmp_path / "cache" / str(number) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"{name} {number}")
            files.append(file)
        return files

    return upload


def test_files_stand_beside_each_other_and_a_lone_zip_alone(tmp_path, uploaded):
    pages = KeptPages(tmp_path / "kept", 1000)
    folder = pages.take(uploaded("a.jpg", "a.txt"))
    assert sorted(path.name for path in folder.iterdir()) == ["a.jpg", "a.txt"]
    assert pages.take(uploaded("pages.zip")).name == "pages.zip"


def test_the_same_name_twice_loses_neither_page_nor_text(tmp_path, uploaded):
    folder = KeptPages(tmp_path / "kept", 1000).take(uploaded("a.jpg", "a.gt.txt", "a.jpg", "a.gt.txt"))
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["a (2).gt.txt", "a (2).jpg", "a.gt.txt", "a.jpg"]


def test_what_came_twice_is_kept_once(tmp_path, uploaded):
    pages = KeptPages(tmp_path / "kept", 1000)
    first, again = uploaded("pages.zip"), tmp_path / "again" / "pages.zip"
    again.parent.mkdir()
    again.write_bytes(first[0].read_bytes())
    assert pages.take([*first, again]).name == "pages.zip"


def test_a_name_that_another_was_given_is_given_once(tmp_path, uploaded):
    folder = KeptPages(tmp_path / "kept", 1000).take(uploaded("a.jpg", "a.jpg", "a (2).jpg"))
    said = {path.name: path.read_text() for path in folder.iterdir()}
    assert said == {"a.jpg": "a.jpg 0", "a (2).jpg": "a.jpg 1", "a (2) (2).jpg": "a (2).jpg 2"}


def test_countless_files_of_one_name_are_each_read_once(tmp_path, uploaded, monkeypatch):
    files, opened = uploaded(*["a.jpg"] * 300), Counter()
    open_it = Path.open

    def count(path, *how, **options):
        opened[path] += 1
        return open_it(path, *how, **options)

    monkeypatch.setattr(Path, "open", count)
    assert len(list(KeptPages(tmp_path / "kept", 10_000).take(files).iterdir())) == 300
    assert max(opened.values()) == 1


def test_too_many_files_and_bytes_are_refused_before_one_is_read(tmp_path, uploaded, monkeypatch):
    def never(*_asked):
        raise AssertionError("opened")

    files = uploaded(*["a.jpg"] * (MOST_FILES + 1))
    monkeypatch.setattr(Path, "open", never)
    with pytest.raises(UploadNotKept, match=r"^At most 2000 files at once\."):
        KeptPages(tmp_path / "kept", 10**6).take(files)
    with pytest.raises(UploadNotKept, match=r"^At most 0 MB here\."):
        KeptPages(tmp_path / "kept", 10).take(files[:4])


@pytest.mark.parametrize("names", [("pages.zip", "more.zip"), ("pages.ZIP", "a.jpg"), ("pages.zip", "pages.zip")])
def test_a_zip_beside_anything_else_is_refused_in_a_sentence(tmp_path, uploaded, names):
    with pytest.raises(UploadNotKept, match=r"A zip is taken by itself\."):
        KeptPages(tmp_path / "kept", 1000).take(uploaded(*names))
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize(
    ("names", "called"),
    [
        (("a.jpg", "b.jpg", "c.jpg"), "a +2"),
        (("my list.csv",), "my list"),
        (("x" * 200 + ".jpg", "b"), "x" * 40 + " +1"),
        (("...csv",), "pages"),
    ],
)
def test_a_folder_is_called_after_what_was_brought_and_not_by_its_secret_name(tmp_path, uploaded, names, called):
    assert KeptPages(tmp_path / "kept", 10_000).take(uploaded(*names)).name == called


def test_the_only_table_is_the_manifest(tmp_path, uploaded):
    folder = KeptPages(tmp_path / "kept", 1000).take(uploaded("a.jpg", "my list.csv"))
    assert (folder / "manifest.csv").exists()


def test_too_much_is_refused_before_anything_is_kept(tmp_path, uploaded):
    with pytest.raises(UploadNotKept):
        KeptPages(tmp_path / "kept", 5).take(uploaded("a.jpg"))
    assert not (tmp_path / "kept").exists()


def test_whoever_sends_more_and_more_loses_their_own(tmp_path, uploaded):
    pages = KeptPages(tmp_path / "kept", 10, 40)  # ten for each
    ann = pages.take(uploaded("a.jpg"), "ann")  # of seven bytes
    sent = [pages.take(uploaded(f"{number}.jpg"), "mallory") for number in range(5)]
    assert [path.exists() for path in (ann, *sent)] == [True, False, False, False, False, True]


def test_old_uploads_go_and_nothing_outside_is_touched(tmp_path, uploaded):
    pages = KeptPages(tmp_path / "kept", 1000)
    old = pages.take(uploaded("a.jpg", "b.jpg"))
    os.utime(old.parent, (0, 0))
    fresh = pages.take(uploaded("c.jpg", "d.jpg"))
    pages.drop_older(60)
    assert not old.exists()
    pages.drop(tmp_path / "cache")
    pages.drop(tmp_path / "kept")
    assert (tmp_path / "cache").exists()
    assert fresh.exists()
    pages.drop(fresh / "c.jpg")
    assert not fresh.exists()
