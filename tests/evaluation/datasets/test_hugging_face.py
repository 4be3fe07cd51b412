"""Parquet tables: names of classes are texts, numbers and lists are none."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from evaluation.datasets.contract import Item
from evaluation.datasets.opening import open_dataset


def read(folder, columns, features=None):
    table = pa.table({"image": [{"bytes": b"x", "path": "a.png"}] * len(next(iter(columns.values()))), **columns})
    if features:
        info = {"info": {"features": {"image": {"_type": "Image"}, **features}}}
        table = table.replace_schema_metadata({"huggingface": json.dumps(info)})
    pq.write_table(table, folder / "test.parquet")
    found = list(open_dataset(folder).items())
    said = " ".join(one.reason for one in found if not isinstance(one, Item))
    return [one.reference for one in found if isinstance(one, Item)], said


def classes(*names):
    return {"label": {"_type": "ClassLabel", "names": list(names)}}


@pytest.mark.parametrize("kind", [pa.int64(), pa.int32(), pa.uint8()])
def test_classes_are_read_by_their_names(tmp_path, kind):
    assert read(tmp_path, {"label": pa.array([1, 0], kind)}, classes("no", "yes")) == (["yes", "no"], "")


def test_rows_without_a_class_and_with_one_that_has_no_name(tmp_path):
    references, said = read(tmp_path, {"label": [-1, None, 0, 9]}, classes("no", "yes"))
    assert references == [None, None, "no"]
    assert "has the class 9" in said


@pytest.mark.parametrize(
    "values", [[7, 8], [["Dear", "Sir"], []], [{"gt": "Dear"}, None], [1.5, 2.5], [b"Dear", b"Sir"], [True, False]]
)
def test_a_column_that_is_no_text(tmp_path, values):
    references, said = read(tmp_path, {"text": values})
    assert references == [None, None]
    assert "the column is no text" in said


def test_a_text_is_taken_where_another_column_holds_numbers(tmp_path):
    assert read(tmp_path, {"label": [7], "sentence": ["Dear"]}, {"label": "odd"}) == (["Dear"], "")
    assert read(tmp_path, {"Text": ["Dear"], "label": [1]}) == (["Dear"], "")


def test_kinds_of_texts(tmp_path):
    for column in (pa.array(["Dear"], pa.large_string()), pa.array(["Dear"]).dictionary_encode()):
        assert read(tmp_path, {"text": column}) == (["Dear"], "")


def test_blank_texts_are_no_references(tmp_path):
    assert read(tmp_path, {"text": ["", None, "  ", "x"]}) == ([None, None, None, "x"], "")


def test_donut_texts_are_unwrapped_and_other_objects_refused(tmp_path):
    texts = [json.dumps({"gt_parse": {"text_sequence": "Dear"}}), json.dumps({"gt_parse": {"menu": []}}), "{sic}"]
    references, said = read(tmp_path, {"ground_truth": texts})
    assert references == ["Dear", "{sic}"]
    assert "no text but a JSON object" in said


def test_columns_of_no_known_name_are_told(tmp_path):
    references, said = read(tmp_path, {"words_written": ["Dear"]})
    assert references == [None]
    assert "only 'image', 'words_written'; call it 'text'" in said


@pytest.mark.parametrize("metadata", [b"{", b"[]", b'{"info": 3}', b'{"info": {"features": {"text": 7}}}'])
def test_odd_metadata_is_no_obstacle(tmp_path, metadata):
    table = pa.table({"image": [b"x"], "text": ["Dear"]}).replace_schema_metadata({"huggingface": metadata})
    pq.write_table(table, tmp_path / "a.parquet")
    assert [item.reference for item in open_dataset(tmp_path).items()] == ["Dear"]


@pytest.mark.parametrize(
    ("name", "tags"),
    [("train/0000.parquet", ("train",)), ("validation-00000-of-00001.parquet", ("validation",)), ("x.parquet", ())],
)
def test_the_split_is_told_by_the_file_or_its_folder(tmp_path, name, tags):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    pq.write_table(pa.table({"image": [b"x"], "text": ["Dear"]}), tmp_path / name)
    (item,) = open_dataset(tmp_path).items()
    assert (item.reference, item.tags) == ("Dear", tags)
