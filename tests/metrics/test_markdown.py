"""HTML and Markdown of an answer: words stay apart, characters written by name are read, nothing else is a tag."""

from __future__ import annotations

import pytest

from metrics.error_rate import cer, wer
from metrics.normalising import DEFAULT_RULES, Rules, normalise


@pytest.mark.parametrize(
    ("answer", "reference"),
    [
        ("<table><tr><td>Milk</td><td>12</td></tr><tr><td>Bread</td><td>5</td></tr></table>", "Milk 12\nBread 5"),
        ("<p>Dear Sir,</p><p>I write</p>", "Dear Sir,\nI write"),
        ("<ul><li>bread</li><li>salt</li></ul>", "bread\nsalt"),
        ("<dl><dt>Name</dt><dd>Hill</dd></dl>", "Name Hill"),
        ("<h1>Title</h1><div>one<hr>two</div>", "Title one two"),
        ('<html><head><title>1</title></head><body class="a"><blockquote>two</blockquote></body></html>', "1 two"),
        ('see <a href="http://x.y/z?a=1">here</a><img src="a.png" alt="a seal"> now', "see here now"),
        ("one<!-- a comment, <b>with</b> a tag -->two", "onetwo"),
        ("<style>td { color: red }</style>ten <font size=2>£</font>", "ten £"),
        ("&mdash; &eacute;t&eacute; &#8220;a&#x201D; &frac12; &pound;5 A&amp;B", '— été "a" ½ £5 A&B'),
        ("10&nbsp;lbs<br/>2 oz", "10 lbs 2 oz"),
    ],
)
def test_html_parts_words_and_is_not_counted(answer, reference):
    assert cer(reference, answer).errors == wer(reference, answer).errors == 0


@pytest.mark.parametrize("text", ["<rather> 2 < 3 > 1", "A&M; &c. &c; R&D;", "<Mrs Hill>", "x <- y -> z"])
def test_handwriting_is_no_html(text):
    assert normalise(text, DEFAULT_RULES).text == text


def test_tags_stay_on_request():
    assert normalise("<p>a</p>", Rules(remove_markdown=False)).text == "<p>a</p>"


@pytest.mark.parametrize("text", ["[*a*] [*b*]", "[* a *] and [* b *]", "[*1*]"])
def test_marks_of_the_margin_are_no_emphasis(text):
    assert normalise(text, DEFAULT_RULES).text == text
