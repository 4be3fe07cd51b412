"""Tables and trees built to take long: each is refused in a sentence, or cut down to what pages need."""

import zipfile

from evaluation.datasets import manifest
from evaluation.datasets.contract import Item
from evaluation.datasets.opening import open_dataset


def reasons(path):
    return {one.id: one.reason for one in open_dataset(path).items() if not isinstance(one, Item)}


def test_a_table_of_too_many_rows(tmp_path):
    for name in ("metadata.csv", "metadata.jsonl"):
        (tmp_path / name).write_text("x\n" * (manifest.MOST_ROWS + 2))
        assert reasons(tmp_path) == {name: "has more than 200,000 rows; split it"}
        (tmp_path / name).unlink()


def test_a_row_that_nests_without_end_is_no_row(tmp_path):
    (tmp_path / "a.png").write_bytes(b"x")
    (tmp_path / "metadata.jsonl").write_text("[" * 200_000 + '\n{"file": "a.png", "text": "Dear"}\n')
    assert reasons(tmp_path) == {"metadata.jsonl, row 1": "is not a JSON object"}


def test_folders_within_folders_without_end(tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        file.writestr("d/" * 5000 + "a.png", b"x")
        file.writestr("a.png", b"x")
    (reason,) = reasons(tmp_path / "set.zip").values()
    assert reason == "lies in more than 40 folders within one another"


def test_a_picture_that_thousands_of_files_may_mean(tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        for number in range(3000):
            file.writestr(f"x/{number}/p.png", b"x")
            file.writestr(f"y/{number}.xml", "<PcGts><Page imageFilename='p.png'/></PcGts>")
    found = reasons(tmp_path / "set.zip")
    assert sum("may be about" in reason for reason in found.values()) == len(found) >= 3000
