"""CSV and JSONL as spreadsheets and scripts write them: the whole text or a sentence, never a part of it in silence."""

import json

import pytest

from evaluation.datasets.contract import Item
from evaluation.datasets.opening import open_dataset


def read(folder, name="metadata.csv", content="", pictures=("a.png", "b.png", "c.png")):
    for picture in pictures:
        (folder / picture).parent.mkdir(parents=True, exist_ok=True)
        (folder / picture).write_bytes(b"x")
    if content:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    dataset = open_dataset(folder)
    found = {one.id: one.reference if isinstance(one, Item) else f"-- {one.reason}" for one in dataset.items()}
    return found, dataset.findings


RIGHT = {"a.png": "Dear Sir", "b.png": "I am well", "c.png": "Yours"}


@pytest.mark.parametrize(
    "content",
    [
        "file,text\na.png,Dear Sir\nb.png,I am well\nc.png,Yours\n",
        "file;text\na.png;Dear Sir\nb.png;I am well\nc.png;Yours\n",
        "file\ttext\na.png\tDear Sir\nb.png\tI am well\nc.png\tYours\n",
        "file|text\na.png|Dear Sir\nb.png|I am well\nc.png|Yours\n",
        "sep=;\r\nfile;text\r\na.png;Dear Sir\r\nb.png;I am well\r\nc.png;Yours\r\n",
        "file,text\ra.png,Dear Sir\rb.png,I am well\rc.png,Yours\r",
        '"file","text"\n"a.png","Dear Sir"\n"b.png","I am well"\n"c.png","Yours"\n',
        "FILE_NAME,Transcription\na.png, Dear Sir \nb.png,I am well\n\nc.png,Yours,,\n",
        "FILENAME,IDENTITY\na.png,Dear Sir\nb.png,I am well\nc.png,Yours\n",
        "image,label\na.png,Dear Sir\nb.png,I am well\nc.png,Yours\n",
        "path,sentence\n./a.png,Dear Sir\nb.PNG,I am well\nc%2Epng,Yours\n",
        "file,text\na.png,Dear Sir\nb.png,I am well\nc.png,Yours\n".encode("utf-16"),
        "\ufefffile;text\na.png;Dear Sir\nb.png;I am well\nc.png;Yours\n",
    ],
)
def test_tables_as_programs_write_them(tmp_path, content):
    found, findings = read(tmp_path, content=content)
    assert found == RIGHT
    assert findings.sentence == "Found 3 pages, 3 with a reference."


def test_texts_keep_their_own_commas_line_breaks_and_quotation_marks(tmp_path):
    content = 'file,text\na.png,"Will, on Friday"\nb.png,"two\nlines"\nc.png,"he said ""no"""\n'
    assert read(tmp_path, content=content)[0] == {
        "a.png": "Will, on Friday",
        "b.png": "two\nlines",
        "c.png": 'he said "no"',
    }
    bare = 'file\ttext\na.png\t"no" he said\nb.png\t5\'10"\nc.png\tx\n'
    (tmp_path / "metadata.csv").unlink()
    assert read(tmp_path, "metadata.tsv", bare)[0] == {"a.png": '"no" he said', "b.png": "5'10\"", "c.png": "x"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a.png,Will, on Friday", "has 3 cells under 2 columns; put texts that hold commas in quotes"),
        ('a.png,"no" he said', "cannot be cut into cells"),
        ('a.png,"never closed', "not closed|cannot be cut"),
        (f"a.png,{'x' * 140_000}", "cannot be cut into cells"),
    ],
)
def test_a_row_in_doubt_is_listed_with_its_reason(tmp_path, row, said):
    found, _ = read(tmp_path, content=f"file,text\nb.png,I am well\n{row}\n", pictures=("a.png", "b.png"))
    assert found["b.png"] == "I am well"
    assert any(one in " ".join(filter(None, found.values())) for one in said.split("|"))


def test_a_quotation_mark_does_not_swallow_other_rows(tmp_path):
    found, _ = read(tmp_path, content='file,text\na.png,"open\nb.png,I am well\nc.png,close"\n')
    assert found["a.png"] == "-- runs into the row of b.png: a quotation mark is not closed (metadata.csv, row 2)"
    assert None not in found.values()


def test_semicolons_within_texts_do_not_make_a_delimiter(tmp_path):
    content = "file,text\na.png,one; two; three\nb.png,x\nc.png,y\n"
    assert read(tmp_path, content=content)[0]["a.png"] == "one; two; three"


@pytest.mark.parametrize("blank", ["", " ", '""', "\u00a0\u200b", None])
def test_a_blank_cell_is_no_reference(tmp_path, blank):
    row = "a.png" if blank is None else f"a.png,{blank}"
    found, findings = read(tmp_path, content=f"file,text\n{row}\nb.png,x\n", pictures=("a.png", "b.png"))
    assert found == {"a.png": None, "b.png": "x"}
    assert findings.sentence == "Found 2 pages, 1 with a reference."


def test_columns_that_are_not_known_are_told(tmp_path):
    _, findings = read(tmp_path, content="file,text,mood\na.png,x,bad\n", pictures=("a.png",))
    assert findings.remarks == ("metadata.csv: not used are the columns 'mood'.",)
    found, findings = read(tmp_path, content="file,lines_of_text\na.png,x\n", pictures=("a.png",))
    assert found == {"a.png": None}
    assert "no column that is known to hold transcriptions, only 'file', 'lines_of_text'" in findings.remarks[0]
    found, _ = read(tmp_path, content="scan,text\na.png,x\n", pictures=("a.png",))
    assert "names no image in any column ('scan', 'text')" in found["metadata.csv"]


def test_numbers_of_classes_are_no_texts(tmp_path):
    found, findings = read(tmp_path, content="file,label\na.png,7\nb.png,12\nc.png,3\n")
    assert set(found.values()) == {None}
    assert "numbers of classes" in findings.remarks[0]
    found, _ = read(tmp_path, content="file,text\na.png,7\nb.png,12\nc.png,3\n")
    assert found["a.png"] == "7"


def rows(*documents):
    return "\n".join(json.dumps(document, ensure_ascii=False) for document in documents)


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\t"])
def test_only_a_line_feed_ends_a_row(tmp_path, mark):
    content = f'{{"file": "a.png", "text": "Dear{mark}Sir"}}\r\n{{"file": "b.png", "text": "x"}}\n'
    for written in (content, content.replace(mark, json.dumps(mark)[1:-1])):
        found, _ = read(tmp_path, "metadata.jsonl", written, ("a.png", "b.png"))
        assert found == {"a.png": f"Dear{mark}Sir", "b.png": "x"}


@pytest.mark.parametrize(
    ("text", "said"),
    [(["Dear", "Sir"], "a list"), ({"gt": "Dear"}, "an object"), (7, "a number"), (True, "a yes or no"),
     ('{"a": "Dear"}', "a JSON object")],
)  # fmt: skip
def test_what_is_no_text_is_no_reference(tmp_path, text, said):
    found, _ = read(tmp_path, "metadata.jsonl", rows({"file": "a.png", "text": text}), ("a.png",))
    assert found["a.png"].startswith(f"-- has a reference that is no text but {said}")


def test_what_stands_in_json_texts(tmp_path):
    content = rows(
        {"file": "a.png", "text": json.dumps({"gt_parse": {"text_sequence": "Dear"}})},
        {"file": "b.png", "text": "{sic} not JSON"},
        {"file": "c.png", "text": None},
    )
    assert read(tmp_path, "metadata.jsonl", content)[0] == {"a.png": "Dear", "b.png": "{sic} not JSON", "c.png": None}


def test_a_table_for_each_folder(tmp_path):
    for split, picture in (("train", "a.png"), ("test", "b.png"), ("extra", "c.png")):
        (tmp_path / split).mkdir()
        (tmp_path / split / picture).write_bytes(b"x")
    (tmp_path / "train/metadata.csv").write_text("file_name,text\na.png,one")
    (tmp_path / "test/metadata.jsonl").write_text(rows({"file_name": "b.png", "text": "two"}))
    (tmp_path / "extra/c.txt").write_text("three")
    (tmp_path / "train/stray.png").write_bytes(b"x")
    dataset = open_dataset(tmp_path)
    items = {item.id: (item.reference, item.tags) for item in dataset.items() if isinstance(item, Item)}
    assert items == {
        "test/b.png": ("two", ("test",)),
        "train/a.png": ("one", ("train",)),
        "extra/c.png": ("three", ()),
    }
    assert dataset.findings.left_out[0].reason == "is not named in train/metadata.csv"


def test_folders_of_one_table_are_its_splits(tmp_path):
    for picture in ("train/a.png", "data/dev/scans/b.png", "c.png"):
        (tmp_path / picture).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / picture).write_bytes(b"x")
    (tmp_path / "metadata.csv").write_text(
        "file_name,text,split\ntrain/a.png,1,\ndata/dev/scans/b.png,2,\nc.png,3,test\n"
    )
    items = [item for item in open_dataset(tmp_path).items() if isinstance(item, Item)]
    assert [item.tags for item in items] == [("train",), ("dev",), ("test",)]


def test_a_table_at_the_top_and_one_below(tmp_path):
    (tmp_path / "sub").mkdir()
    for picture in ("a.png", "sub/b.png"):
        (tmp_path / picture).write_bytes(b"x")
    (tmp_path / "manifest.csv").write_text("file,text\na.png,one\nsub/b.png,two\n")
    (tmp_path / "sub/manifest.csv").write_text("file,text\nb.png,other\n")
    found, _ = read(tmp_path, pictures=())
    assert (found["a.png"], found["sub/b.png"]) == ("one", "two")
    assert found["sub/manifest.csv, row 2"] == "-- names sub/b.png, which another table names already"


def test_json_that_is_no_jsonl_is_told(tmp_path):
    found, _ = read(tmp_path, "metadata.jsonl", '[{"file": "a.png"}]', ("a.png",))
    assert found["metadata.jsonl"] == "-- cannot be read: row 1 is not a JSON object"


def test_a_table_that_is_no_text_is_listed(tmp_path):
    found, _ = read(tmp_path, content="file,text\na.png,caf\xe9".encode("latin-1"), pictures=("a.png",))
    assert found["metadata.csv"] == "-- is not UTF-8 text; save it as UTF-8"
