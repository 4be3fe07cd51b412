"""Texts that lie beside pictures and PDFs, as cameras, OCRopus and people name them."""

import pypdfium2
import pytest

from evaluation.datasets.contract import Item
from evaluation.datasets.opening import open_dataset


def read(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    found = open_dataset(folder).items()
    return {one.id: one.reference if isinstance(one, Item) else f"-- {one.reason}" for one in found}


@pytest.mark.parametrize(
    ("picture", "text"),
    [
        ("a.png", "a.txt"),
        ("a.png", "a.gt.txt"),
        ("a.PNG", "a.TXT"),
        ("IMG_1.JPG", "img_1.Gt.Txt"),
        ("a.nrm.png", "a.gt.txt"),
        ("a.bin.png", "a.txt"),
        ("a.nrm.png", "a.nrm.txt"),
        ("a.raw.tif", "a.gt.txt"),
        ("a.jpg", "a.jpg.txt"),
        ("letter.v2.png", "letter.v2.txt"),
        ("Müller.png", "Mu\u0308ller.txt"),
        ("images/a.png", "gt/a.txt"),
        ("images/a.png", "transcriptions/a.gt.txt"),
        ("images/train/a.png", "labels/train/a.txt"),
        ("train/a.png", "gt/a.txt"),
    ],
)
def test_the_text_is_found(tmp_path, picture, text):
    assert read(tmp_path, {picture: b"x", text: "Dear\r\n"}) == {picture: "Dear"}


@pytest.mark.parametrize("places", ["{split}/images/{kind}", "{kind}/{split}", "data/{split}/{kind}"])
def test_each_split_has_its_own_texts(tmp_path, places):
    files = {}
    for split in ("train", "test"):
        files[f"{places.format(split=split, kind='images')}/a.png"] = b"x"
        files[f"{places.format(split=split, kind='labels')}/a.txt"] = split
    found = read(tmp_path, files)
    assert set(found.values()) == {"train", "test"}
    assert all(reference in picture for picture, reference in found.items())


@pytest.mark.parametrize("text", ["labels/test/a.txt", "test/labels/a.txt"])
def test_no_text_of_another_split_is_taken(tmp_path, text):
    found = read(tmp_path, {"images/train/a.png": b"x", text: "Dear"})
    assert found["images/train/a.png"] is None
    assert found[text].startswith("-- belongs to no image")


def test_the_written_reference_goes_before_a_reading_beside_it(tmp_path):
    found = read(tmp_path, {"a.png": b"x", "a.gt.txt": "right", "a.txt": "machine"})
    assert found == {"a.png": "right", "a.txt": "-- lies beside a.png, whose reference is another file"}


def test_what_is_of_no_use_says_why(tmp_path):
    region = "<TextRegion><TextEquiv><Unicode>x</Unicode></TextEquiv></TextRegion>"
    xml = f"<PcGts><Page imageFilename='a.png'>{region}</Page></PcGts>"
    found = read(tmp_path, {"a.png": b"x", "a.xml": xml, "a.txt": "y", "labels.csv": "file,text\n", "notes.docx": b"x"})
    assert found["a.png"] == "x"
    assert found["a.txt"] == "-- lies beside a.png, whose reference is another file"
    assert "call it manifest.csv" in found["labels.csv"]
    assert found["notes.docx"].startswith("-- belongs to no image")


def test_renderings_of_one_picture_count_once(tmp_path):
    found = read(tmp_path, {"a.bin.png": b"x", "a.nrm.png": b"x", "a.png": b"x", "a.gt.txt": "Dear"})
    assert found == {
        "a.png": "Dear",
        "a.nrm.png": "-- shows the same as a.png",
        "a.bin.png": "-- shows the same as a.png",
    }


def test_another_side_of_a_letter_is_no_rendering(tmp_path):
    assert read(tmp_path, {"a.png": b"x", "a.back.png": b"x", "a.txt": "Dear"}) == {"a.png": "Dear", "a.back.png": None}


def test_a_folder_of_readings_is_no_folder_of_references(tmp_path):
    found = read(tmp_path, {"images/a.png": b"x", "tesseract/a.txt": "Daer"})
    assert found["images/a.png"] is None
    assert found["tesseract/a.txt"].startswith("-- belongs to no image")


@pytest.mark.parametrize("blank", ["", "\n", "  \r\n", "\ufeff", "\u200e\n"])
def test_a_blank_text_is_no_reference(tmp_path, blank):
    assert read(tmp_path, {"a.png": b"x", "a.txt": blank}) == {"a.png": None}


def test_texts_of_other_encodings(tmp_path):
    found = read(tmp_path, {"a.png": b"x", "a.txt": "Übermut".encode("utf-16"), "b.png": b"x", "b.txt": b"caf\xe9"})
    assert found["a.png"] == "Übermut"
    assert found["b.png"] == "-- has a reference that is not UTF-8 text; save it as UTF-8 (b.txt)"


def pdf(path, pages):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(60, 60)
    document.save(path)


@pytest.mark.parametrize(
    ("pages", "texts", "references"),
    [
        (1, {"doc.txt": "one"}, ["one"]),
        (1, {"DOC.TXT": "one"}, ["one"]),
        (2, {"doc.txt": "one\n\ftwo\n\f"}, ["one", "two"]),
        (2, {"doc.txt": "one\f"}, ["one", None]),
        (2, {"doc-1.txt": "one", "doc-2.txt": "two"}, ["one", "two"]),
        (2, {"doc_page_02.gt.txt": "two"}, [None, "two"]),
        (3, {"doc-1.txt": "one", "doc.p3.txt": "three"}, ["one", None, "three"]),
    ],
)
def test_texts_of_pdfs(tmp_path, pages, texts, references):
    pdf(tmp_path / "doc.pdf", pages)
    assert read(tmp_path, texts) == {f"doc.pdf, page {n + 1}": text for n, text in enumerate(references)}


def test_one_text_for_many_pages_is_told(tmp_path):
    pdf(tmp_path / "doc.pdf", 3)
    found = read(tmp_path, {"doc.txt": "all of it"})
    assert "is one text for 3 pages" in found["doc.txt"]
    assert [found[f"doc.pdf, page {n}"] for n in (1, 2, 3)] == [None] * 3


FORM = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]/NeedAppearances true/DR<</Font<</F 5 0 R>>>>>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 60]/Annots[4 0 R]>>endobj
4 0 obj<</Type/Annot/Subtype/Widget/FT/Tx/T(n)/V(JOHN)/DA(/F 30 Tf 0 g)/Rect[10 10 190 50]/P 3 0 R/F 4>>endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
"""


def test_what_was_typed_into_a_form_is_drawn(tmp_path):
    from io import BytesIO

    from PIL import Image

    (tmp_path / "form.pdf").write_bytes(FORM)
    dataset = open_dataset(tmp_path)
    (item,) = dataset.items()
    darkest, _ = Image.open(BytesIO(dataset.image(item.locator))).convert("L").getextrema()
    assert darkest < 50
