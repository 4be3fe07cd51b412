"""ALTO and hOCR as libraries and programs write them."""

import pytest

from engines.formats.alto_xml import alto_layouts
from engines.formats.hocr import read_hocr
from engines.formats.layout import UnreadableFormat, parse_xml

SPACE = "http://www.loc.gov/standards/alto/ns-v4#"


def strings(*texts, between=""):
    return between.join(f'<String CONTENT="{text}"/>' for text in texts)


def line(line_id, inside):
    return f'<TextLine ID="{line_id}" HPOS="10" VPOS="20" WIDTH="100" HEIGHT="30">{inside}</TextLine>'


def block(block_id, *lines, name="TextBlock", **attributes):
    listed = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f'<{name} ID="{block_id}"{listed}>{"".join(lines)}</{name}>'


def page(*blocks, size='WIDTH="400" HEIGHT="200"', part="PrintSpace"):
    return f"<Page {size}><{part}>{''.join(blocks)}</{part}></Page>"


def alto(*pages, order="", unit="pixel"):
    order = order and f"<ReadingOrder>{order}</ReadingOrder>"
    described = (
        f"<Description><MeasurementUnit>{unit}</MeasurementUnit><sourceImageInformation><fileName>p.png</fileName>"
        "</sourceImageInformation></Description>"
    )
    written = f'<alto xmlns="{SPACE}">{described}{order}<Layout>{"".join(pages)}</Layout></alto>'
    return alto_layouts(parse_xml(written.encode()))


def text_of(inside):
    return alto(page(block("b", line("l", inside))))[0].text


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        (strings("The", "exam") + '<HYP CONTENT="-"/>', "The exam-"),
        (strings("The", "exam", between="<SP/>") + '<SP/><HYP CONTENT="-"/>', "The exam-"),
        (strings("exam") + '<HYP CONTENT="-"/>', "exam-"),
        (strings("exam-") + '<HYP CONTENT="-"/>', "exam-"),
        (strings("exam") + '<HYP CONTENT="\u00ad"/>', "exam-"),
        (strings("exam") + '<HYP CONTENT="¬"/>', "exam¬"),
        (strings("exam") + "<HYP/>", "exam-"),
        ('<String CONTENT="exam" SUBS_TYPE="HypPart1" SUBS_CONTENT="examination"/><HYP CONTENT="-"/>', "exam-"),
        (strings("two", "words"), "two words"),
        (strings("a", "b", between="<SP/>"), "a b"),
        (strings("“") + strings("word") + "<SP/>" + strings("next"), "“word next"),
        (strings("", " "), None),
        ("", None),
    ],
)
def test_words_spaces_and_hyphens(inside, text):
    assert text_of(inside) == text


def three():
    return [block(f"b{name}", line(f"l{name}", strings(name))) for name in "cab"]


@pytest.mark.parametrize(
    "order",
    [
        '<OrderedGroup><ElementRef REF="la"/><ElementRef REF="lb"/><ElementRef REF="lc"/></OrderedGroup>',
        '<OrderedGroup><ElementRef REF="ba"/><ElementRef REF="bb"/><ElementRef REF="bc"/></OrderedGroup>',
        '<OrderedGroup><OrderedGroup><ElementRef REF="ba bb"/></OrderedGroup><ElementRef REF="bc"/></OrderedGroup>',
        '<OrderedGroup><OrderedGroup REF="ba"/><UnorderedGroup><ElementRef REF="lb"/></UnorderedGroup></OrderedGroup>',
    ],
)
def test_the_reading_order_is_followed(order):
    assert alto(page(*three()), order=order)[0].text == "a\nb\nc"


def test_blocks_that_name_their_next_one():
    blocks = [
        block("b2", line("l2", strings("last"))),
        block("b0", line("l0", strings("first")), IDNEXT="b1"),
        block("b1", line("l1", strings("second")), IDNEXT="b2"),
    ]
    assert alto(page(*blocks))[0].text == "first\nsecond\nlast"
    circle = [block("a", line("la", strings("a")), IDNEXT="b"), block("b", line("lb", strings("b")), IDNEXT="a")]
    assert alto(page(*circle))[0].text == "a\nb"


def test_the_foot_of_the_page_comes_last():
    foot = f"<BottomMargin>{block('f', line('lf', strings('12')))}</BottomMargin>"
    head = f"<TopMargin>{block('h', line('lh', strings('head')))}</TopMargin>"
    body = f"<PrintSpace>{block('b', line('lb', strings('body')))}</PrintSpace>"
    assert alto(f"<Page>{head}{foot}{body}</Page>")[0].text == "head\nbody\n12"


def test_every_page_is_read():
    pages = alto(page(block("a", line("l1", strings("one")))), page(block("b", line("l2", strings("two")))))
    assert [layout.text for layout in pages] == ["one", "two"]


def test_composed_blocks_and_tables():
    (layout,) = alto(
        page(block("t", *three(), name="ComposedBlock", TYPE="table"), block("z", line("lz", strings("z"))))
    )
    assert [(found.text, found.in_table) for found in layout.lines] == [
        ("c", True), ("a", True), ("b", True), ("z", False),
    ]  # fmt: skip


def test_outlines_of_lines_are_their_own():
    drawn = '<Shape><Polygon POINTS="1,2 50,2 50,9"/></Shape>'
    inner = '<Shape><Polygon POINTS="0 0 9 0 9 9"/></Shape>'
    word = f'<String CONTENT="x" HPOS="3" VPOS="4" WIDTH="5" HEIGHT="6" WC="0.5">{inner}</String>'
    (layout,) = alto(page(block("b", line("l", drawn + word), line("m", word))))
    assert layout.lines[0].polygon == ((1, 2), (50, 2), (50, 9))
    assert layout.lines[1].polygon == ((10, 20), (110, 20), (110, 50), (10, 50))
    assert (layout.lines[0].words[0].polygon, layout.lines[0].words[0].confidence) == (((0, 0), (9, 0), (9, 9)), 0.5)


@pytest.mark.parametrize("unit", ["mm10", "inch1200"])
def test_units_of_length_need_a_page_in_them(unit):
    (placed,) = alto(page(block("b", line("l", strings("x")))), unit=unit)
    assert placed.lines[0].polygon
    (lost,) = alto(page(block("b", line("l", strings("x"))), size=""), unit=unit)
    assert (lost.text, lost.lines[0].polygon) == ("x", ())


def test_alto_without_pages_is_refused():
    with pytest.raises(UnreadableFormat, match="no Page"):
        alto()


HEAD = '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'


def hocr_page(*lines, name="p.png", number=0):
    title = f"image &quot;{name}&quot;; bbox 0 0 400 200; ppageno {number}"
    paragraph = f"<p class='ocr_par'>{''.join(lines)}</p>"
    return f"<div class='ocr_page' title='{title}'><div class='ocr_carea'>{paragraph}</div></div>"


def hocr_line(*words, kind="ocr_line"):
    spans = " ".join(
        f"<span class='ocrx_word' title='bbox {10 * place} 0 {10 * place + 8} 9; x_wconf {90 + place}'>{word}</span>"
        for place, word in enumerate(words)
    )
    return f"<span class='{kind}' title='bbox 0 0 90 9; baseline 0 -2'>{spans}</span>"


def hocr(*pages, head=HEAD, meta="<meta name='ocr-system' content='tesseract 5'/>"):
    html = f"<html xmlns='http://www.w3.org/1999/xhtml'><head>{meta}</head><body>{''.join(pages)}</body></html>"
    return read_hocr((head + html).encode())


def test_hocr_lines_and_words():
    (layout,) = hocr(hocr_page(hocr_line("Dear", "<strong>Sir</strong>"), hocr_line("well", kind="ocr_header")))
    assert (layout.image, layout.width, layout.height, layout.text) == ("p.png", 400, 200, "Dear Sir\nwell")
    words = layout.lines[0].words
    assert [(word.text, word.confidence) for word in words] == [("Dear", 0.9), ("Sir", 0.91)]
    assert words[1].polygon == ((10, 0), (18, 0), (18, 9), (10, 9))


@pytest.mark.parametrize("head", ["", HEAD, "<!DOCTYPE html>", '<?xml version="1.0" encoding="UTF-8"?>\n' + HEAD])
def test_hocr_with_and_without_document_types(head):
    assert hocr(hocr_page(hocr_line("a")), head=head)[0].text == "a"


def test_hocr_that_is_html_and_no_xml():
    (layout,) = hocr(hocr_page(hocr_line("a&nbsp;b", "&eacute;t&eacute;", "&amp;")), meta="<meta charset='utf-8'>")
    assert layout.text == "a b été &"
    (layout,) = hocr(hocr_page(hocr_line("Smith", "&", "Co", "R&D;", "&frac12;", "&nosuch;", "&#38;")))
    assert layout.text == "Smith & Co R&D; ½ &nosuch; &"


def test_hocr_pages_and_texts_without_lines_or_words():
    pages = hocr(hocr_page(hocr_line("one")), hocr_page("two<br/>three", number=1))
    assert [layout.text for layout in pages] == ["one", "two\nthree"]


@pytest.mark.parametrize(
    "html",
    [
        b'<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><p class="ocr_page">&b;</p></html>',
        b"<html><div class='ocr_page'><p>never closed</div></html>",
        b"<html class='ocr_page'>" + b"<div>" * 1000 + b"</div>" * 1000 + b"</html>",
    ],
    ids=["entities", "open", "deep"],
)
def test_hocr_that_is_refused(html):
    with pytest.raises(UnreadableFormat):
        read_hocr(html)
