"""Files that are named after strangers' pages and readers: they leave no folder and write over no other."""

import io
from pathlib import PurePath
from zipfile import ZipFile

import pytest

from playground.share.exporting import different, file_name, stems_of

NAMES = ("../../etc/x.png", "/root/a", "..\\..\\a.png", "C:\\a:b*?.png", "....", "", "a/\0/b", "x" * 500, ". ./ .")


@pytest.mark.parametrize("name", NAMES)
def test_names_of_strangers_leave_no_folder(name):
    made = file_name(name)
    assert made
    assert not made.startswith("/")
    assert all(part.strip(". ") and len(part) <= 120 for part in made.split("/"))
    assert not set(made) & set('\\:*?"<>|\0')
    ZipFile(io.BytesIO(), "w").writestr(made, b"")


@pytest.mark.parametrize("name", [*NAMES, "a?b#c", "50%", 'a"b', "\u6f22\u5b57"])
def test_a_reader_s_name_is_one_part_of_a_path(name):
    [stem] = stems_of([f"brought:{name}"]).values()
    assert PurePath(stem).parts == (stem,)
    assert not set(stem) & set('\\/:*?"<>|#%\0')


def test_those_that_would_be_one_file_get_a_number():
    assert stems_of(["brought:a/b", "brought:a?b", "brought:A B", "gpt-5"]) == {
        "brought:a/b": "brought_a_b", "brought:a?b": "brought_a_b-2", "brought:A B": "brought_A B", "gpt-5": "gpt-5",
    }  # fmt: skip
    assert different(["Page", "page", "page-2"]) == ["Page", "page-2", "page-2-2"]
