"""PAGE XML as different programs write it: nothing that is transcribed is lost, nothing that is not becomes a text."""

import pytest

from engines.contract import Region
from engines.formats.layout import UnreadableFormat, scaled
from engines.formats.page_xml import read_page_xml

SPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/"


def coords(top=0, height=10):
    return f'<Coords points="0,{top} 100,{top} 100,{top + height} 0,{top + height}"/>'


def equiv(text, **attributes):
    listed = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<TextEquiv{listed}><Unicode>{text}</Unicode></TextEquiv>"


def line(text, line_id="", **attributes):
    listed = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<TextLine id="{line_id or text}"{listed}>{coords()}{equiv(text)}</TextLine>'


def region(region_id, *inside, name="TextRegion", **attributes):
    listed = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<{name} id="{region_id}"{listed}>{coords()}{"".join(inside)}</{name}>'


def read(*inside, order="", version="2013-07-15", size='imageWidth="200" imageHeight="100"'):
    order = order and f"<ReadingOrder>{order}</ReadingOrder>"
    page = f'<Page imageFilename="p.png" {size}>{order}{"".join(inside)}</Page>'
    (layout,) = read_page_xml(f'<PcGts xmlns="{SPACE}{version}">{page}</PcGts>'.encode())
    return layout


def reference(region_id, index=None):
    place = "" if index is None else f'Indexed index="{index}"'
    return f'<RegionRef{place} regionRef="{region_id}"/>'


def test_lines_of_tables_stand_where_the_table_stands():
    cells = [
        region("c3", line("three"), name="TableCell", row=1, col=0),
        region("c2", line("two"), name="TableCell", row=0, col=1),
        region("c1", line("one"), name="TableCell", row=0, col=0),
    ]
    layout = read(region("a", line("zero")), region("t", *cells, name="TableRegion"), region("z", line("four")))
    assert layout.text == "zero\none\ntwo\nthree\nfour"
    assert [found.in_table for found in layout.lines] == [False, True, True, True, False]


def test_cells_as_the_schema_has_them():
    def cell(text, row, column):
        role = f'<Roles><TableCellRole rowIndex="{row}" columnIndex="{column}"/></Roles>'
        return region(text, role, line(text))

    layout = read(region("t", cell("b", 0, 1), cell("c", 1, 0), cell("a", 0, 0), name="TableRegion"))
    assert layout.text == "a\nb\nc"
    assert all(found.in_table for found in layout.lines)


@pytest.mark.parametrize("name", ["ImageRegion", "GraphicRegion", "MapRegion", "CustomRegion", "AdvertRegion"])
def test_text_regions_within_regions_of_any_kind(name):
    assert read(region("o", region("i", line("inside")), name=name), region("z", line("after"))).text == "inside\nafter"


def test_lines_of_a_region_within_a_text_region_come_with_it():
    assert (
        read(region("a", region("drop", line("T")), line("he end")), region("b", line("next"))).text
        == "T\nhe end\nnext"
    )


def test_groups_of_the_reading_order_are_followed_in_turn():
    texts = [region(name, line(name)) for name in ("d", "c", "b", "a")]
    first = f'<OrderedGroupIndexed id="g1" index="1">{reference("c", 0)}{reference("d", 1)}</OrderedGroupIndexed>'
    second = f'<OrderedGroupIndexed id="g0" index="0">{reference("b", 1)}{reference("a", 0)}</OrderedGroupIndexed>'
    assert read(*texts, order=f'<OrderedGroup id="g">{first}{second}</OrderedGroup>').text == "a\nb\nc\nd"


def test_unordered_groups_keep_the_order_of_the_file():
    texts = [region(name, line(name)) for name in ("a", "b", "c")]
    inner = f'<OrderedGroup id="o">{reference("b", 1)}{reference("a", 0)}</OrderedGroup>'
    assert read(*texts, order=f'<UnorderedGroup id="g">{reference("c")}{inner}</UnorderedGroup>').text == "c\na\nb"


def test_a_group_may_stand_for_a_region_and_order_its_cells():
    cells = [region(name, line(name), name="TableCell", row=0, col=place) for place, name in enumerate("xy")]
    table = region("t", *cells, name="TableRegion")
    members = reference("y", 0) + reference("x", 1)
    group = f'<OrderedGroupIndexed id="g1" index="1" regionRef="t">{members}</OrderedGroupIndexed>'
    order = f'<OrderedGroup id="g">{group}{reference("a", 0)}</OrderedGroup>'
    assert read(table, region("a", line("first")), order=order).text == "first\ny\nx"


def test_regions_that_the_order_does_not_name_come_last_and_nested_ones_with_their_parent():
    texts = [
        region("stray", line("stray")),
        region("t", region("cell", line("cell")), name="TableRegion"),
        region("a", line("a")),
    ]
    order = f'<OrderedGroup id="g">{reference("t", 0)}{reference("a", 1)}</OrderedGroup>'
    assert read(*texts, order=order).text == "cell\na\nstray"


def test_transkribus_numbers_lines_in_an_attribute_of_its_own():
    def custom(text, index):
        return line(text, custom=f"readingOrder {{index:{index};}} structure {{type:paragraph;}}")

    assert read(region("a", custom("two", 1), custom("ten", 10), custom("one", 0))).text == "one\ntwo\nten"
    assert read(region("a", custom("two", 1), line("one"))).text == "two\none"


def test_a_line_without_a_text_is_not_transcribed():
    bare = f'<TextLine id="bare">{coords()}</TextLine>'
    blank = f'<TextLine id="blank">{coords()}{equiv("&#8203; &#65279;&#160;")}</TextLine>'
    layout = read(region("a", line("said"), bare, blank, line("", line_id="empty")))
    assert [found.text for found in layout.lines] == ["said", None, None, None]
    assert (layout.text, layout.untranscribed) == ("said", 3)
    assert read(region("a", bare, blank)).text is None


@pytest.mark.parametrize(
    "alternatives",
    [
        equiv("second", index=1) + equiv("first", index=0),
        "<TextEquiv><PlainText/><Unicode/></TextEquiv>" + equiv("first", index=1),
        equiv("", index=0) + equiv("first", index=1) + equiv("second", index=2),
        equiv("third", index=10) + equiv("first", index=9),
        "<TextEquiv><PlainText>first</PlainText><Unicode/></TextEquiv>",
        equiv("first") + equiv("second"),
    ],
)
def test_of_alternatives_the_lowest_index_that_says_anything(alternatives):
    assert read(region("a", f"<TextLine>{coords()}{alternatives}</TextLine>")).text == "first"


def test_text_at_the_region_only():
    layout = read(region("a", equiv("one\ntwo")), region("b", f"<TextLine>{coords()}</TextLine>", equiv("three")))
    assert layout.text == "one\ntwo\nthree"
    assert [found.level for found in layout.lines] == ["paragraph", "paragraph", "line"]


def test_the_text_of_a_region_is_not_said_twice():
    outer = region("o", region("i", line("once"), equiv("once")), equiv("once"))
    assert read(outer).text == "once"


def test_text_at_words_or_glyphs_only():
    words = "".join(f"<Word>{coords()}{equiv(text, conf=0.5)}</Word>" for text in ("two", "words"))
    glyphs = "".join(f"<Glyph>{coords()}{equiv(text)}</Glyph>" for text in "by")
    layout = read(region("a", f"<TextLine>{coords()}{words}<Word>{coords()}{glyphs}</Word></TextLine>"))
    assert layout.text == "two words by"
    assert [(word.text, word.confidence) for word in layout.lines[0].words] == [
        ("two", 0.5),
        ("words", 0.5),
        ("by", None),
    ]


@pytest.mark.parametrize(
    "version", ["2010-01-12", "2010-03-19", "2013-07-15", "2017-07-15", "2019-07-15", "2024-07-15"]
)
def test_outlines_as_elements_or_as_an_attribute(version):
    drawn = '<Coords><Point x="1" y="2"/><Point x="30" y="2"/><Point x="30" y="9"/></Coords>'
    layout = read(region("a", f"<TextLine>{drawn}{equiv('x')}</TextLine>"), version=version)
    assert layout.lines[0].polygon == ((1, 2), (30, 2), (30, 9))


def test_regions_are_in_units_of_the_files_page():
    layout = read(region("a", f"<TextLine>{coords()}{equiv('x', conf='0.75')}</TextLine>"))
    assert layout.regions == (Region("line", "x", ((0, 0), (100, 0), (100, 10), (0, 10)), 0.75),)
    assert scaled(layout.regions, (layout.width, layout.height), (100, 200))[0].polygon[2] == (50, 20)


@pytest.mark.parametrize("size", ["", 'imageWidth="wide" imageHeight="-"', f'imageWidth="{"9" * 400}"'])
def test_a_page_without_a_size_that_is_one(size):
    layout = read(region("a", line("x")), size=size)
    assert (layout.width, layout.height) == (0, 0)


@pytest.mark.parametrize(
    "points",
    ["", "1,2 3,4", "a,b c,d", f"0,0 {'9' * 400},0 1,1"],
    ids=["none", "two", "words", "long"],
)
def test_outlines_that_are_none(points):
    assert read(region("a", f'<TextLine><Coords points="{points}"/>{equiv("x")}</TextLine>')).lines[0].polygon == ()


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY b "boom">]><PcGts><Page imageFilename="&b;"/></PcGts>',
        b"<PcGts><Page>",
        b"<PcGts/>",
        b"<other><Page/></other>",
        b"<PcGts><Page>" + b"<TextRegion>" * 5000 + b"</TextRegion>" * 5000 + b"</Page></PcGts>",
        b"<PcGts><Page>" + b"<a/>" * 1_600_000 + b"</Page></PcGts>",
        b'<?xml version="1.0" encoding="no-such"?><PcGts/>',
    ],
    ids=["entity", "cut", "no page", "other root", "deep", "many", "encoding"],
)
def test_what_is_refused(xml):
    with pytest.raises(UnreadableFormat):
        read_page_xml(xml)
