"""PAGE, ALTO and hOCR files find their pictures, and what nobody has transcribed is no reference."""

import unicodedata
import zipfile

import pypdfium2
import pytest

from evaluation.datasets.contract import NOT_TRANSCRIBED, Item, LineCount, Unreadable
from evaluation.datasets.opening import open_dataset
from translations import LANGUAGES, spoken_in

TABLE = '<TableRegion id="t"><TableCell row="0" col="0" id="c">{}</TableCell></TableRegion>'


def line(text, line_id, top=0):
    said = f"<TextEquiv><Unicode>{text}</Unicode></TextEquiv>"
    return f'<TextLine id="{line_id}"><Coords points="0,{top} 50,{top} 50,{top + 9} 0,{top + 9}"/>{said}</TextLine>'


def page_xml(image, *texts, more=""):
    lines = "".join(line(text, f"l{place}", 10 * place) for place, text in enumerate(texts))
    page = f'<Page imageFilename="{image}" imageWidth="60" imageHeight="60">'
    return f'<PcGts xmlns="x">{page}<TextRegion id="r">{lines}</TextRegion>{more}</Page></PcGts>'


def alto(*pages, image="p.png"):
    blocks = "".join(
        f'<Page WIDTH="60" HEIGHT="60"><TextBlock><TextLine ID="l{place}" HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9">'
        f'<String CONTENT="{text}"/></TextLine></TextBlock></Page>'
        for place, text in enumerate(pages)
    )
    named = f"<Description><sourceImageInformation><fileName>{image}</fileName></sourceImageInformation></Description>"
    return f"<alto>{named}<Layout>{blocks}</Layout></alto>"


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def read(folder, **options):
    found = list(open_dataset(folder, **options).items())
    return {one.id: one.reference if isinstance(one, Item) else f"-- {one.reason}" for one in found}


@pytest.mark.parametrize(
    ("named", "picture", "xml"),
    [
        ("p.png", "p.png", "p.xml"),
        ("p.png", "p.png", "page/p.xml"),
        ("p.png", "images/p.png", "page/p.xml"),
        ("p.png", "export/images/p.png", "export/page/p.xml"),
        ("IMG/scan.png", "IMG/scan.png", "GT/p.xml"),
        ("../jpg/scan.png", "jpg/scan.png", "page/p.xml"),
        (r"C:\scans\scan.png", "scan.png", "p.xml"),
        ("https://host/a/scan.png", "scan.png", "p.xml"),
        ("/data/work/scan.png", "deep/er/scan.png", "p.xml"),
        ("Letter%20to%20M%C3%BCller.png", "Letter to Müller.png", "p.xml"),
        ("100%.png", "100%.png", "p.xml"),
        ("p.tif", "p.JPG", "p.xml"),
        ("P.PNG", "p.png", "p.xml"),
        ("scan.tif", "scan.jpeg", "other.xml"),
        ("", "p.png", "p.xml"),
        ("gone.png", "p.png", "p.gt.xml"),
        ("gone.png", "p.png", "p.page.xml"),
        ("Müller.png", unicodedata.normalize("NFD", "Müller.png"), "p.xml"),
        (unicodedata.normalize("NFD", "Müller.png"), "Müller.png", "p.xml"),
    ],
)
def test_the_picture_is_found(tmp_path, named, picture, xml):
    write(tmp_path, {picture: b"x", xml: page_xml(named, "Dear")})
    assert read(tmp_path) == {picture: "Dear"}


def test_the_nearest_picture_of_the_name_is_meant(tmp_path):
    files = {f"{doc}/{name}": text for doc in "ab" for name, text in
             {"p.png": "x", "page/p.xml": page_xml("p.png", doc)}.items()}  # fmt: skip
    write(tmp_path, files)
    assert read(tmp_path) == {"a/p.png": "a", "b/p.png": "b"}


def test_two_pictures_that_may_be_meant_are_named(tmp_path):
    write(tmp_path, {"a/p.png": b"x", "b/p.png": b"y", "p.xml": page_xml("p.png", "Dear")})
    assert read(tmp_path)["p.xml"] == "-- may be about a/p.png or b/p.png; name the image with its folder"


def test_no_name_leads_out_of_the_folder(tmp_path):
    write(tmp_path, {"secret.png": b"x", "set/p.xml": page_xml("../secret.png", "Dear")})
    assert read(tmp_path / "set")["p.xml"].startswith("-- has no image beside it")


@pytest.mark.parametrize("flagged", [True, False], ids=["UTF-8 flag", "no flag"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_in_zips_of_macs(tmp_path, flagged, form):
    name = unicodedata.normalize(form, "Müller.png").encode()
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        file.writestr("XXXXXXXX.png".ljust(len(name), "X")[: len(name)], b"x")
        file.writestr("p.xml", page_xml("Müller.png", "Dear"))
    data = (tmp_path / "set.zip").read_bytes().replace("XXXXXXXX.png".ljust(len(name), "X")[: len(name)].encode(), name)
    if flagged:
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            at = data.index(signature) + offset
            data = data[:at] + b"\x00\x08" + data[at + 2 :]
    (tmp_path / "set.zip").write_bytes(data)
    assert list(read(tmp_path / "set.zip").values()) == ["Dear"]


def test_windows_zips_with_backslashes(tmp_path):
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as file:
        file.writestr("pages\\p.png", b"x")
        file.writestr("pages\\p.txt", "Dear")
        file.writestr("..\\up.png", b"x")
    assert read(tmp_path / "set.zip") == {"../up.png": "-- has a path that leads out of the zip", "pages/p.png": "Dear"}


def test_lines_that_nobody_transcribed(tmp_path):
    write(tmp_path, {"p.png": b"x", "p.xml": page_xml("p.png", "Dear", "", " ")})
    dataset = open_dataset(tmp_path)
    (item,) = dataset.items()
    assert (item.reference, item.lines) == ("Dear", LineCount(3, 2, 0))
    assert dataset.findings.sentence == (
        "Found 1 page, 1 with a reference; 2 of 3 lines not transcribed, so 1 reference shorter than the page."
    )
    by_line = open_dataset(tmp_path, level="line")
    assert list(by_line.items())[1:] == [
        Unreadable("p.png, line l1", NOT_TRANSCRIBED),
        Unreadable("p.png, line l2", NOT_TRANSCRIBED),
    ]
    assert by_line.findings.sentence == "Found 1 line, 1 with a reference; 2 of 3 lines not transcribed."


@pytest.mark.parametrize("code", LANGUAGES)
def test_lines_that_nobody_transcribed_are_counted_in_whichever_language_they_were_found(tmp_path, code):
    write(tmp_path, {"p.png": b"x", "p.xml": page_xml("p.png", "Dear", "", " ")})
    dataset = open_dataset(tmp_path, level="line")
    with spoken_in(code):
        assert len(list(dataset.items())) == 3
    assert (dataset.findings.lines.untranscribed, dataset.findings.left_out) == (2, ())


def test_a_page_of_which_nothing_is_transcribed_has_no_reference(tmp_path):
    write(tmp_path, {"p.png": b"x", "p.xml": page_xml("p.png", "", "")})
    assert read(tmp_path) == {"p.png": None}
    assert read(tmp_path, level="line") == {"p.png, line l0": None, "p.png, line l1": None}


def test_text_of_a_region_only(tmp_path):
    region = '<TextRegion id="w"><TextEquiv><Unicode>whole\nregion</Unicode></TextEquiv></TextRegion>'
    write(tmp_path, {"p.png": b"x", "p.xml": page_xml("p.png", more=region)})
    assert read(tmp_path) == {"p.png": "whole\nregion"}
    assert "one text for all its lines" in read(tmp_path, level="line")["p.png, line w"]


def test_tables_are_read_and_counted(tmp_path):
    write(tmp_path, {"p.png": b"x", "p.xml": page_xml("p.png", "Dear", more=TABLE.format(line("cell", "c1")))})
    dataset = open_dataset(tmp_path)
    assert dataset.findings.lines == LineCount(2, 0, 1)
    assert "1 line in tables" in dataset.findings.sentence
    assert read(tmp_path, level="line")["p.png, line c1"] == "cell"


def test_of_several_files_about_a_picture_the_fullest_counts(tmp_path):
    files = {"p.png": b"x", "a/p.xml": page_xml("p.png", "", ""), "b/p.xml": page_xml("p.png", "Dear", "Sir"),
             "c/p.xml": alto("Dear")}  # fmt: skip
    write(tmp_path, files)
    said = "-- describes p.png, which b/p.xml describes already"
    assert read(tmp_path) == {"a/p.xml": said, "p.png": "Dear\nSir", "c/p.xml": said}


def test_pages_of_one_picture_are_joined_and_told(tmp_path):
    write(tmp_path, {"p.png": b"x", "p.xml": alto("one", "two")})
    dataset = open_dataset(tmp_path)
    assert [item.reference for item in dataset.items()] == ["one\ntwo"]
    assert dataset.findings.remarks == ("p.xml describes 2 pages of one image; their texts were joined.",)
    assert list(read(tmp_path, level="line").values()) == ["one", "two"]


@pytest.mark.parametrize(("pages", "texts"), [(2, ["one", "two"]), (1, ["one\ntwo"]), (3, None)])
def test_pages_of_a_pdf(tmp_path, pages, texts):
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(60, 60)
    document.save(tmp_path / "doc.pdf")
    write(tmp_path, {"doc.xml": alto("one", "two", image="doc.pdf")})
    found = read(tmp_path)
    if texts is None:
        assert "describes 2 pages, but doc.pdf has 3" in found["doc.xml"]
    else:
        assert list(found.values()) == texts
        assert list(read(tmp_path, level="line").values()) == ["one", "two"]


def test_hocr_is_read_and_other_web_pages_are_not(tmp_path):
    line_of_text = "<span class='ocr_line'>Dear</span>"
    hocr = f"<html><div class='ocr_page' title='image \"p.png\"; bbox 0 0 9 9'>{line_of_text}</div></html>"
    write(tmp_path, {"p.png": b"x", "p.hocr": hocr, "about.html": "<html><br></html>"})
    assert list(read(tmp_path)) == ["p.png", "about.html"]
    assert read(tmp_path)["p.png"] == "Dear"
