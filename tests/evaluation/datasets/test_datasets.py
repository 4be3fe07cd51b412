"""Every format in, every file accounted for."""

import json
import re
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from evaluation.datasets.contract import DatasetUnusable, Item, ItemUnreadable, Locator, Unreadable
from evaluation.datasets.file_tree import read_bytes
from evaluation.datasets.opening import READERS, open_dataset
from evaluation.datasets.pictures import NOTE, detokenised, looks_tokenised
from evaluation.work.item_reading import PageLoader

PAGE = """<?xml version="1.0"?>
<PcGts xmlns="http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15"><Page imageFilename="p1.png"
 imageWidth="400" imageHeight="120">
<ReadingOrder><OrderedGroup id="o"><RegionRefIndexed index="1" regionRef="first"/>
<RegionRefIndexed index="0" regionRef="second"/></OrderedGroup></ReadingOrder>
<TextRegion id="first"><TextLine id="l1"><Coords points="0,60 400,60 400,120 0,120"/>
<TextEquiv index="1"><Unicode>guess</Unicode></TextEquiv><TextEquiv index="0"><Unicode>below</Unicode></TextEquiv>
</TextLine></TextRegion>
<TextRegion id="second"><TextLine id="l2"><Coords points="0,0 400,0 400,60 0,60"/>
<TextEquiv><Unicode>above</Unicode></TextEquiv></TextLine></TextRegion>
</Page></PcGts>"""

ALTO = """<alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Description><MeasurementUnit>pixel</MeasurementUnit>
<sourceImageInformation><fileName>p2.png</fileName></sourceImageInformation></Description><Layout>
<Page WIDTH="200" HEIGHT="60"><PrintSpace><TextBlock><TextLine ID="t1" HPOS="10" VPOS="5" WIDTH="150" HEIGHT="30">
<String CONTENT="two"/><SP/><String CONTENT="words"/></TextLine>
<TextLine ID="t2" HPOS="0" VPOS="0" WIDTH="0" HEIGHT="0"><String CONTENT="x"/></TextLine>
</TextBlock></PrintSpace></Page></Layout></alto>"""


def read(path, **options):
    found = list(open_dataset(path, **options).items())
    return [item for item in found if isinstance(item, Item)], {
        item.id: item.reason for item in found if isinstance(item, Unreadable)
    }


def test_manifest_rows_carry_writers_and_references(lines):
    (lines / "stray.txt").write_text("?")
    items, unreadable = read(lines)
    assert [(item.id, item.reference, item.cluster, item.level) for item in items] == [
        ("a.png", "first line", "anna", "line"),
        ("b.png", "second line", "anna", "line"),
        ("c.png", "third line", "bert", "line"),
    ]
    assert unreadable == {"stray.txt": "is not named in manifest.csv"}


def test_jsonl_rows_that_cannot_be_used_are_listed(tmp_path, draw_png):
    (tmp_path / "a.png").write_bytes(draw_png())
    (tmp_path / "bad.txt").write_bytes(b"caf\xe9")
    rows = [{"file": "a.png", "text": "x"}, {"file": "a.png"}, {"text": "?"}, {"file": "../../etc/passwd"}]
    rows.append({"file": "a.png", "text_file": "bad.txt"})
    (tmp_path / "set.jsonl").write_text("\n".join([*map(json.dumps, rows), "[1]"]))
    items, unreadable = read(tmp_path / "set.jsonl")
    assert [(item.id, item.reference) for item in items] == [("a.png", "x"), ("a.png (2)", None)]
    assert list(unreadable) == ["set.jsonl, row 3", "../../etc/passwd", "a.png (3)", "set.jsonl, row 6"]


def test_images_with_texts_beside_them(tmp_path, draw_png):
    for name in ("a.png", "sub/b.png", "c.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(draw_png())
    (tmp_path / "a.gt.txt").write_text("one\n", encoding="utf-8-sig")
    (tmp_path / "sub/b.txt").write_text("two")
    (tmp_path / "notes.docx").write_bytes(b"x")
    (tmp_path / ".hidden").write_bytes(b"x")
    items, unreadable = read(tmp_path)
    assert [(item.id, item.reference) for item in items] == [("a.png", "one"), ("c.png", None), ("sub/b.png", "two")]
    assert list(unreadable) == ["notes.docx"]
    assert len(read(tmp_path / "a.png")[0]) == 1


def test_page_xml_in_reading_order_with_the_confirmed_text(tmp_path, draw_png):
    (tmp_path / "page").mkdir()
    (tmp_path / "page/p1.xml").write_text(PAGE)
    (tmp_path / "p1.png").write_bytes(draw_png("x", (200, 60)))
    assert read(tmp_path)[0][0].reference == "above\nbelow"
    dataset = open_dataset(tmp_path, level="line")
    upper, lower = dataset.items()
    assert [(item.reference, item.level, item.cluster) for item in (upper, lower)] == [
        ("above", "line", "p1.png"),
        ("below", "line", "p1.png"),
    ]
    # The file counts 400 x 120, the image has 200 x 60: outlines follow.
    page = PageLoader(dataset).load(lower.locator)
    assert (page.width, page.height) == (200, 30)


def test_alto_lines(tmp_path, draw_png):
    (tmp_path / "p2.xml").write_text(ALTO)
    (tmp_path / "p2.png").write_bytes(draw_png())
    assert read(tmp_path)[0][0].reference == "two words\nx"
    items, unreadable = read(tmp_path, level="line")
    assert [item.reference for item in items] == ["two words"]
    assert unreadable == {"p2.png, line t2": "has no outline in its XML file"}


@pytest.mark.parametrize(
    "xml",
    [
        '<!DOCTYPE a [<!ENTITY b "boom">]><PcGts><Page imageFilename="&b;"/></PcGts>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd"><alto/>',
        "<PcGts><Page>",
        "<mets/>",
        '<PcGts><Page imageFilename="../../../etc/passwd"/></PcGts>',
    ],
)
def test_hostile_or_strange_xml_is_refused(tmp_path, xml):
    (tmp_path / "p.xml").write_text(xml)
    items, unreadable = read(tmp_path)
    assert not items
    assert list(unreadable) == ["p.xml"]


def test_a_rotated_image_does_not_fit_its_outlines(tmp_path, draw_png):
    (tmp_path / "p1.xml").write_text(PAGE)
    (tmp_path / "p1.png").write_bytes(draw_png("x", (60, 200)))
    dataset = open_dataset(tmp_path, level="line")
    with pytest.raises(ItemUnreadable, match="outlined on a page of 400 x 120"):
        PageLoader(dataset).load(next(dataset.items()).locator)


def write_parquet(path, texts, draw_png, **columns):
    rows = {
        "image": [{"bytes": draw_png(text), "path": f"{n}.png"} for n, text in enumerate(texts)],
        "text": texts,
        **columns,
    }
    path.parent.mkdir(exist_ok=True)
    pq.write_table(pa.table(rows), path, row_group_size=2)


TOKENISED = ['He said , " It \'s done . "', "( Parlophone ) , a lively", "record , they say .", "yes , no ."]


def test_hugging_face_layout_with_iams_tokenised_text(tmp_path, draw_png):
    write_parquet(tmp_path / "data/test-00000-of-00001.parquet", TOKENISED, draw_png, writer_id=[7, 7, 8, None])
    dataset = open_dataset(tmp_path)
    items = list(dataset.items())
    assert [item.reference for item in items] == [
        'He said, "It\'s done."',
        "(Parlophone), a lively",
        "record, they say.",
        "yes, no.",
    ]
    assert dataset.notes == ("Found 4 pages, 4 with a reference.", NOTE)
    assert [item.cluster for item in items[:3]] == ["7", "7", "8"]
    assert items[0].tags == ("test",)
    assert PageLoader(dataset).load(items[3].locator).png != PageLoader(dataset).load(items[2].locator).png


def test_natural_text_is_left_alone():
    natural = ["He said, well.", "Vraiment ? Oui !", "1,250 pounds."] * 5
    assert not looks_tokenised(natural)
    assert detokenised("plain words only") == "plain words only"
    assert looks_tokenised(TOKENISED)


def test_a_table_without_images_and_a_broken_one_are_listed(tmp_path):
    pq.write_table(pa.table({"text": ["a"]}), tmp_path / "a.parquet")
    (tmp_path / "b.parquet").write_bytes(b"PAR1 nonsense")
    items, unreadable = read(tmp_path)
    assert not items
    assert sorted(unreadable) == ["a.parquet", "b.parquet"]


@pytest.mark.parametrize("big", [False, True])
def test_a_tiff_of_several_pages_is_as_many_items(tmp_path, big):
    shades = [Image.new("L", (300, 100), shade) for shade in (250, 200, 150)]
    shades[0].save(tmp_path / "box.tif", save_all=True, append_images=shades[1:], big_tiff=big)
    shades[0].save(tmp_path / "one.tiff")
    (tmp_path / "cut.tif").write_bytes((tmp_path / "box.tif").read_bytes()[:40])
    for name, text in (("box-1", "first"), ("box-3", "third"), ("one", "alone")):
        (tmp_path / f"{name}.txt").write_text(text)
    items, unreadable = read(tmp_path)
    found = {item.id: item.reference for item in items}
    assert found == {
        "box.tif, page 1": "first",
        "box.tif, page 2": None,
        "box.tif, page 3": "third",
        "cut.tif": None,
        "one.tiff": "alone",
    }
    assert not unreadable
    loader = PageLoader(open_dataset(tmp_path))
    pages = {item.id: loader.load(item.locator) for item in items if item.id != "cut.tif"}
    assert len({page.sha256 for page in pages.values()}) == 3  # the lone one shows what the first page shows
    assert pages["one.tiff"].sha256 == pages["box.tif, page 1"].sha256


def test_pdf_pages_are_drawn(tmp_path):
    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(2):
        document.new_page(200, 100)
    document.save(tmp_path / "two.pdf")
    (tmp_path / "cut.pdf").write_bytes(b"%PDF-1.7 nothing more")
    dataset = open_dataset(tmp_path)
    unreadable, first, second = dataset.items()
    assert (unreadable.id, first.id, second.id) == ("cut.pdf", "two.pdf, page 1", "two.pdf, page 2")
    assert first.cluster == second.cluster == "two.pdf"
    page = PageLoader(dataset).load(second.locator)
    assert (page.width, page.height) == (556, 278)


def test_an_unreadable_image_says_why(tmp_path):
    (tmp_path / "a.png").write_bytes(b"no image")
    dataset = open_dataset(tmp_path)
    with pytest.raises(ItemUnreadable, match=r"a\.png is not a readable image"):
        PageLoader(dataset).load(next(dataset.items()).locator)


def test_what_is_no_data_set(tmp_path):
    (tmp_path / "x.doc").write_bytes(b"")
    with pytest.raises(DatasetUnusable, match="none of"):
        open_dataset(tmp_path / "x.doc")
    with pytest.raises(DatasetUnusable, match="There is no"):
        open_dataset(tmp_path / "missing")


class Albums:
    """A reader of files that hold one picture, which is all their bytes."""

    def __init__(self, tree, most_unfolded_bytes):
        self._tree = tree

    def items(self, name):
        yield Item(f"{name}, row 1", Locator(name, 0), "a line")

    def image(self, name, row):
        return read_bytes(self._tree, name)


def test_a_format_of_many_pages_is_one_row(tmp_path, draw_png, monkeypatch):
    monkeypatch.setitem(READERS, ".album", Albums)
    (tmp_path / "one.Album").write_bytes(draw_png())
    (tmp_path / "a.png").write_bytes(draw_png())
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as packed:
        packed.write(tmp_path / "one.Album", "pages/one.Album")
    for path, held in ((tmp_path / "set.zip", "pages/one.Album"), (tmp_path, "one.Album")):
        dataset = open_dataset(path)
        items = [item for item in dataset.items() if isinstance(item, Item)]
        assert [(item.id, item.reference) for item in items] == [(f"{held}, row 1", "a line")]
        assert PageLoader(dataset).load(items[0].locator).width == 200
    assert read(tmp_path)[1]["a.png"] == "lies beside Album files and is none"


def test_what_is_no_data_set_is_told_all_that_is_one(tmp_path):
    (tmp_path / "notes.docx").write_bytes(b"PK")
    kinds = "folder, zip, CSV, TSV, JSONL, Parquet, PAGE or ALTO XML, hOCR, PDF or image"
    with pytest.raises(DatasetUnusable, match=re.escape(f"notes.docx is none of: {kinds}.")):
        open_dataset(tmp_path / "notes.docx")
