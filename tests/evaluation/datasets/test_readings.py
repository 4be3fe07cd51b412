"""Readings brought along: by file or by table, matched as people name pages; what is missing was not read."""

import json
import zipfile

import pytest

from evaluation.datasets.contract import Crop, DatasetUnusable, Item, Locator
from evaluation.datasets.opening import open_dataset
from evaluation.datasets.readings import open_readings

ITEMS = [Item(f"{name}.png", Locator(f"{name}.png")) for name in ("a", "sub/b", "Müller")]
LINE = "<TextLine><TextEquiv><Unicode>Dear</Unicode></TextEquiv></TextLine>"
PAGE = f"<PcGts><Page><TextRegion>{LINE}</TextRegion></Page></PcGts>"


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def texts(found):
    return {item: brought.foreign.reading.text for item, brought in found.by_item.items()}


@pytest.mark.parametrize(
    "name",
    ["a.txt", "A.TXT", "a.md", "a.png.txt", "deep/er/a.txt", "a.xml", "a.json", "a.hocr", "a.gt.txt"],
)
def test_files_by_name(tmp_path, name):
    kinds = {"xml": PAGE, "json": json.dumps({"text": "Dear"}), "hocr": "<p class='ocr_line'>Dear</p>"}
    write(tmp_path, {name: kinds.get(name.rpartition(".")[2], "Dear")})
    found = open_readings("mine", tmp_path, ITEMS)
    assert texts(found) == {"a.png": "Dear"}
    assert found.sentence(3) == "mine: readings of 1 of 3 pages were brought along; 2 were not read."


@pytest.mark.parametrize("name", ["sub/b.txt", "b.txt", "SUB/B.txt"])
def test_pages_in_folders(tmp_path, name):
    write(tmp_path, {name: "Dear", "mu\u0308ller.txt": "Sir"})
    assert texts(open_readings("mine", tmp_path, ITEMS)) == {"sub/b.png": "Dear", "Müller.png": "Sir"}


def test_a_name_that_two_pages_have_needs_its_folder(tmp_path):
    items = [Item(f"{doc}/1.png", Locator(f"{doc}/1.png")) for doc in "xy"]
    write(tmp_path, {"x/1.txt": "one", "1.txt": "which"})
    found = open_readings("mine", tmp_path, items)
    assert texts(found) == {"x/1.png": "one"}
    assert [(one.id, one.reason) for one in found.unused] == [("1.txt", "is a reading of no page here")]


def test_pages_of_pdfs_and_rows_of_tables(tmp_path):
    items = [Item(f"doc.pdf, page {n + 1}", Locator("doc.pdf", n)) for n in range(12)]
    write(tmp_path, {"doc-1.txt": "1", "doc_02.txt": "2", "doc page 3.txt": "3", "doc.pdf, page 12.txt": "12"})
    found = open_readings("mine", tmp_path, items)
    assert texts(found) == {f"doc.pdf, page {n}": str(n) for n in (1, 2, 3, 12)}
    alone = [Item("doc.pdf, page 1", Locator("doc.pdf", 0))]
    write(tmp_path / "other", {"doc.txt": "all"})
    assert texts(open_readings("mine", tmp_path / "other", alone)) == {"doc.pdf, page 1": "all"}
    assert not open_readings("mine", tmp_path / "other", items).by_item


def test_lines_are_found_by_their_ids(tmp_path):
    crop = Crop(((0, 0), (1, 0), (1, 1)), 9, 9)
    items = [Item(f"p.png, line l{n}", Locator("p.png", crop=crop), level="line") for n in (1, 2)]
    write(tmp_path, {"r.csv": 'page,text\n"p.png, line l2",Dear\n', "p.txt": "the page"})
    assert texts(open_readings("mine", tmp_path / "r.csv", items)) == {"p.png, line l2": "Dear"}


def test_rows_call_pages_by_id_path_or_name(tmp_path):
    for called in ("a.png", "a", "A.PNG", "./a.png", "a.tif"):
        write(tmp_path, {"r.csv": f"page,text\n{called},Dear\n"})
        assert texts(open_readings("mine", tmp_path / "r.csv", ITEMS)) == {"a.png": "Dear"}


def test_an_empty_file_is_a_reading_and_a_missing_one_is_none(tmp_path):
    write(tmp_path, {"a.txt": ""})
    assert texts(open_readings("mine", tmp_path, ITEMS)) == {"a.png": ""}


def test_what_is_no_reading_is_listed(tmp_path):
    write(
        tmp_path, {"a.json": '{"choices": [', "b.txt": b"\xff\xfe\xff", "a.png": b"x", "zz.txt": "?", "a.txt": "Dear"}
    )
    found = open_readings("mine", tmp_path, ITEMS)
    assert texts(found) == {"a.png": "Dear"}
    assert {one.id for one in found.unused} == {"a.json", "a.png", "b.txt", "zz.txt"}
    assert "4 (" in found.sentence(3)


def test_a_second_reading_of_a_page_is_listed(tmp_path):
    write(tmp_path, {"a.md": "one", "a.txt": "two"})
    found = open_readings("mine", tmp_path, ITEMS)
    assert texts(found) == {"a.png": "one"}
    assert found.unused[0].reason == "is a second reading of a.png"


@pytest.mark.parametrize("name", ["r.csv", "r.tsv", "r.jsonl"])
def test_tables_with_seconds_and_costs(tmp_path, name):
    rows = [("a.png", "Dear", "1.5", "$0.002"), ("b", "Sir", "", ""), ("müller.png", "well", "0", "0")]
    if name.endswith("jsonl"):
        keys = ("page", "text", "seconds", "usd")
        content = "\n".join(json.dumps(dict(zip(keys, row, strict=True))) for row in rows)
    else:
        mark = "\t" if name.endswith("tsv") else ";"
        content = "\n".join(mark.join(row) for row in [("page", "text", "seconds", "usd"), *rows])
    write(tmp_path, {name: content})
    found = open_readings("mine", tmp_path / name, ITEMS)
    assert texts(found) == {"a.png": "Dear", "sub/b.png": "Sir", "Müller.png": "well"}
    measured = [(one.seconds, one.usd) for one in found.by_item.values()]
    assert measured == [(1.5, 0.002), (None, None), (0, 0)]


@pytest.mark.parametrize("seconds", ["fast", "-1", "nan", "inf", "1,5"])
def test_figures_that_are_none_are_told(tmp_path, seconds):
    write(tmp_path, {"r.csv": f'page,text,seconds\na.png,Dear,"{seconds}"\n'})
    found = open_readings("mine", tmp_path / "r.csv", ITEMS)
    assert not found.by_item
    assert "no number" in found.unused[0].reason


def test_only_json_tells_an_empty_text_from_a_missing_one(tmp_path):
    write(
        tmp_path, {"r.csv": "page,text\na.png,\n", "r.jsonl": '{"page": "a", "text": ""}\n{"page": "b", "text": null}'}
    )
    assert not open_readings("mine", tmp_path / "r.csv", ITEMS).by_item
    assert texts(open_readings("mine", tmp_path / "r.jsonl", ITEMS)) == {"a.png": ""}


@pytest.mark.parametrize("content", ["name,words\na,b\n", "page,mood\na,b\n", "", b"\0\1"])
def test_tables_that_hold_no_readings(tmp_path, content):
    write(tmp_path, {"r.csv": content})
    found = open_readings("mine", tmp_path / "r.csv", ITEMS)
    assert not found.by_item
    assert found.unused


def test_what_holds_no_readings(tmp_path):
    write(tmp_path, {"r.docx": b"x"})
    for path in (tmp_path / "r.docx", tmp_path / "gone"):
        with pytest.raises(DatasetUnusable):
            open_readings("mine", path, ITEMS)


@pytest.mark.parametrize("top", ["", "export/"])
def test_a_zip_brings_its_readings_along(tmp_path, top):
    files = {"a.png": b"x", "a.txt": "Dear Sir", "readings/one/a.txt": "Dear", "readings/two/a.xml": PAGE,
             "readings/three.csv": "page,text\na.png,Sir\n"}  # fmt: skip
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        for name, content in files.items():
            file.writestr(top + name, content)
    dataset = open_dataset(tmp_path / "set.zip")
    assert [(item.id, item.reference) for item in dataset.items()] == [(f"{top}a.png", "Dear Sir")]
    found = {name: list(texts(one).values()) for name, one in dataset.readings.items()}
    assert found == {"one": ["Dear"], "two": ["Dear"], "three": ["Sir"]}


def test_pictures_in_a_folder_called_so_are_pages(tmp_path):
    write(tmp_path, {"readings/one/a.png": b"x", "readings/one/a.txt": "Dear"})
    dataset = open_dataset(tmp_path)
    assert [(item.id, item.reference) for item in dataset.items()] == [("readings/one/a.png", "Dear")]
    assert dataset.readings == {}


@pytest.mark.parametrize("given", ['[["Dear", 0.9]]', [["Dear", 0.9]], "", None])
def test_a_table_may_say_how_sure_each_word_is(tmp_path, given):
    write(tmp_path, {"r.jsonl": json.dumps({"page": "a", "text": "Dear Sir", "word_confidences": given})})
    [brought] = open_readings("mine", tmp_path / "r.jsonl", ITEMS).by_item.values()
    sure = [(region.text, region.confidence) for region in brought.foreign.reading.regions]
    assert sure == ([("Dear", 0.9)] if given else [])


@pytest.mark.parametrize(
    "given", ["0.9", '[["Dear", 2]]', '[["Dear"]]', "{", {"Dear": 0.9}, [0.9, 0.8], '[["Dear", NaN]]']
)
def test_confidences_that_are_none_are_refused_with_the_form(tmp_path, given):
    write(tmp_path, {"r.jsonl": json.dumps({"page": "a", "text": "Dear Sir", "word_confidences": given})})
    [unused] = open_readings("mine", tmp_path / "r.jsonl", ITEMS).unused
    assert "word_confidences that are no list like" in unused.reason
