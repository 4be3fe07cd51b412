"""Traps catch who writes what is not there and nobody else; probes change the pixels, not the page."""

import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from engines.contract import Reading, Region
from playground.probes import Canary, altered_words, blank_strip, damaged, judge, masked_word, opened, page_of
from playground.trust import spread
from samples import load_samples


def drawn(*lines):
    image = Image.new("RGB", (700, 500), "white")
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        pen.text((40, 30 + 60 * number), line, fill="black", font=ImageFont.load_default(36))
    return page_of(image)


PAGE = drawn("Dear Margaret", "thank you", "for the letter")
BOX = ((40.0, 30.0), (330.0, 30.0), (330.0, 70.0), (40.0, 70.0))
READING = Reading("Margaret thanks", (Region("word", "Margaret", BOX),))


def test_a_blank_strip_is_cut_where_nothing_is_written():
    canary = blank_strip(PAGE)
    assert set(opened(canary.page).getdata()) == {(255, 255, 255)}
    assert canary.page.width < PAGE.width


def test_a_page_without_a_blank_place_gives_none():
    noise = Image.effect_noise((300, 300), 90).convert("RGB")
    assert blank_strip(page_of(noise)) is None


def test_the_longest_agreed_word_is_painted_over():
    canary = masked_word(PAGE, {"a": READING, "b": Reading("Margaret thanked")})
    assert canary.bait == {"margaret"}
    assert opened(canary.page).getpixel((100, 50)) == (20, 20, 20)
    assert masked_word(PAGE, {"a": READING, "b": Reading("Margret thanked")}) is None
    assert masked_word(PAGE, {"a": Reading("Margaret")}) is None  # nobody knows where it stands


@pytest.mark.parametrize(
    ("trap", "text", "verdict"),
    [
        ("blank", "", "honest"),
        ("blank", "[illegible] .", "honest"),
        ("blank", "Dear Sir", "invented"),
        ("masked", "Dear ... thank you", "honest"),
        ("masked", "Dear Margaret, thank you", "filled in"),
        ("masked", "", "read nothing"),
    ],
)
def test_verdicts(trap, text, verdict):
    assert judge(Canary(trap, PAGE, frozenset({"margaret"})), text).verdict == verdict


def test_who_recites_the_book_is_caught_and_who_reads_is_not():
    altered = next(sample.reference for sample in load_samples() if sample.id == "altered")
    canary = Canary("altered", PAGE, altered_words(altered))
    assert judge(canary, altered).verdict == "honest"
    caught = judge(canary, "It was the best of times, it was the worst of times")
    assert (caught.verdict, caught.words) == ("recited", ("worst",))


def test_every_damage_changes_the_pixels():
    probes = damaged(PAGE)
    assert len({PAGE.sha256, *(probe.page.sha256 for probe in probes)}) == 1 + len(probes)
    for probe in probes:
        with Image.open(io.BytesIO(probe.page.png)) as image:
            assert image.size == (probe.page.width, probe.page.height)


def test_spread_is_the_mean_disagreement_and_knows_no_order():
    assert spread(["abcd"]) == 0
    assert spread(["abcd", "abcd", "abce"]) == pytest.approx(1 / 6)
    assert spread(["abce", "abcd", "abcd"]) == pytest.approx(1 / 6)
