"""The inputs on which the product once failed, where they are at hand; each kind has its own tests beside this one."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from evaluation.datasets.contract import Item, Unreadable
from evaluation.datasets.opening import open_dataset
from evaluation.work.item_reading import PageLoader
from playground.uploads import accept

FAULTS = Path(__file__).parents[4] / "shared/faults"
pytestmark = pytest.mark.skipif(not FAULTS.is_dir(), reason="the shared faults are not here")

BILL = ["Milk two pints", "Bread one loaf", "Eggs a dozen", "Paid on Friday"]
PARISH = ["The parish exam-", "ination was held", "on a Monday"]
LETTER = ["Dear Sir", "I am well", "Yours truly"]


def references(folder, level="page"):
    return [item.reference for item in open_dataset(FAULTS / folder, level=level).items() if isinstance(item, Item)]


@pytest.mark.parametrize(
    "folder",
    [
        "01-page-table-lines-lost",
        "02-page-reading-order-nested",
        "04-page-text-at-region-or-word-lost/first-textequiv-empty",
        "04-page-text-at-region-or-word-lost/region",
        "04-page-text-at-region-or-word-lost/word",
        "05-image-named-in-xml-not-found/images-and-page-folders",
        "05-image-named-in-xml-not-found/ocrd-folders",
        "05-image-named-in-xml-not-found/percent-encoded",
        "05-image-named-in-xml-not-found/upper-case-suffix",
        "16-page-2010-points",
    ],
)
def test_page_xml(folder):
    assert references(folder) == ["\n".join(BILL)]


def test_lines_of_page_xml():
    assert references("16-page-2010-points", "line") == BILL
    dataset = open_dataset(FAULTS / "03-untranscribed-lines-counted", level="line")
    assert [item.reference for item in dataset.items() if isinstance(item, Item)] == BILL[:2]
    assert dataset.findings.lines.untranscribed == 2


@pytest.mark.parametrize("name", ["beside", "export", "page"])
def test_zips_of_macs(name):
    assert references(f"05-image-named-in-xml-not-found/mac-zip-nfd/{name}.zip") == ["Guten Tag"]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("10-csv/csv_identity", LETTER),
        ("10-csv/csv_label", LETTER),
        ("10-csv/csv_semicolon", LETTER),
        ("10-csv/csv_tab", LETTER),
        ("10-csv/unquoted-comma", []),
        ("11-jsonl-line-separator", ["Dear\u2028Sir", "I am\x85well", "Yours truly"]),
        ("12-metadata-per-split-folder", LETTER * 2),
        ("13-parquet-and-jsonl-not-text/classlabel", ["H", "K", "Q"]),
        ("13-parquet-and-jsonl-not-text/dict_text", ["Dear Sir"] * 3),
        ("13-parquet-and-jsonl-not-text/list_text", [None] * 3),
        ("13-parquet-and-jsonl-not-text/jsonl_list", []),
        ("14-alto/hyp_nosp", ["\n".join(PARISH)]),
        ("14-alto/hyp_oneword", ["exam-\nination"]),
        ("14-alto/alto_ro", ["\n".join(PARISH)]),
        ("14-alto/alto_twopages", ["\n".join(PARISH[:2])]),
        ("15-text-beside-image-not-found/ocropus", LETTER),
        ("15-text-beside-image-not-found/upper_txt", LETTER),
        ("15-text-beside-image-not-found/pdf_txt", ["\n".join(LETTER)]),
    ],
)
def test_tables_texts_and_alto(folder, expected):
    assert references(folder) == expected


def test_what_is_left_out_is_told():
    (row, *_) = (one for one in open_dataset(FAULTS / "10-csv/unquoted-comma").items() if isinstance(one, Unreadable))
    assert (row.id, "put texts that hold commas in quotes" in row.reason) == ("a.png", True)
    joined = open_dataset(FAULTS / "14-alto/alto_twopages").findings.remarks
    assert joined == ("p1.xml describes 2 pages of one image; their texts were joined.",)


def test_form_fields_are_drawn():
    dataset = open_dataset(FAULTS / "21-pdf-form-fields/field.pdf")
    page = PageLoader(dataset).load(next(dataset.items()).locator)
    drawn = Image.open(BytesIO(page.png)).convert("L").crop((270, 680, 800, 780))
    assert drawn.getextrema()[0] < 50


def test_a_fax_has_its_true_shape():
    page = accept((FAULTS / "22-fax-non-square/fax_standard.tif").read_bytes())
    assert (page.width, page.height) == (700, 292)
