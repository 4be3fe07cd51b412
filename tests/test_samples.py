"""The samples are what their manifest says: complete, exactly referenced, legible, and made again alike."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image
from rapidfuzz.distance import Levenshtein

from playground.uploads import accept
from samples import Sample, lines, load_samples, make
from samples.paper import Paper
from samples.recipes import RECIPES
from samples.rendering import Hand, missing_glyphs, write_line

HERE = Path(make.__file__).parent
SAMPLES = {sample.id: sample for sample in load_samples()}
KINDS = {"line", "letter", "accounts", "accents", "misspellings", "blank", "masked", "columns", "print"}


def test_every_kind_of_page_is_there() -> None:
    assert set(SAMPLES) >= KINDS
    assert [sample.id for sample in load_samples()] == [recipe.id for recipe in RECIPES]


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_a_row_is_complete(sample: Sample) -> None:
    assert all((sample.title, sample.purpose, sample.hand, sample.licence, sample.made))
    assert sample.language in {"en", "fr"}
    assert sample.level in {"line", "page"}
    assert (HERE / "fonts" / f"{sample.hand}.woff2").is_file()
    licence = (HERE / "fonts" / f"{sample.hand}.LICENSE.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence or "Apache License" in licence
    assert sample.hand in (HERE / "fonts/README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("sample", SAMPLES.values(), ids=SAMPLES)
def test_pictures_are_photos_of_a_sane_size(sample: Sample) -> None:
    page = accept(sample.image.read_bytes())
    assert 1200 <= page.width <= 1700
    assert 50_000 < sample.image.stat().st_size < 350_000
    with Image.open(sample.thumbnail) as thumbnail:
        assert thumbnail.width == 240
        assert abs(thumbnail.height / thumbnail.width - page.height / page.width) < 0.01


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.id)
def test_the_reference_is_the_text_that_was_written(recipe: make.Recipe) -> None:
    assert SAMPLES[recipe.id].reference == make.reference(recipe)
    assert json.loads((HERE / "manifest.json").read_text(encoding="utf-8")) == [*map(make.manifest_row, RECIPES)]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.id)
def test_the_font_has_every_glyph(recipe: make.Recipe) -> None:
    known = set(TTFont(HERE / "fonts" / f"{recipe.hand.font}.woff2").getBestCmap())
    text = make.reference(recipe)
    assert {letter for letter in text if ord(letter) not in known} <= {"\n"}
    assert not missing_glyphs(text, recipe.hand)


def test_a_missing_glyph_is_never_drawn_as_a_box() -> None:
    assert missing_glyphs("Łódź Ω 漢", Hand("caveat")) >= {"Ω", "漢"}
    with pytest.raises(ValueError, match="caveat has no"):
        write_line("漢字", Hand("caveat"), 60, np.random.default_rng(0))


def test_a_text_that_does_not_fit_is_refused_not_cut() -> None:
    with pytest.raises(ValueError, match="needs"):
        write_line("far too long for so little room", Hand("caveat"), 60, np.random.default_rng(0), 300)


def test_the_blank_page_is_blank() -> None:
    assert SAMPLES["blank"].reference == ""
    assert not next(recipe for recipe in RECIPES if recipe.id == "blank").blocks


def test_the_hidden_word_is_neither_written_nor_referenced() -> None:
    recipe = next(recipe for recipe in RECIPES if recipe.id == "masked")
    assert "{fortune}" in recipe.blocks[0].text
    assert "fortune" not in SAMPLES["masked"].reference
    line = write_line("a {fortune} b", recipe.hand, 60, np.random.default_rng(1))
    ((start, end),) = line.gaps
    assert line.ink[:, :start].max() > 0.9
    assert line.ink[:, start + 8 : end - 8].max() == 0


def test_columns_are_referenced_one_after_the_other() -> None:
    rows = SAMPLES["columns"].reference.split("\n")
    assert (rows[0], rows[7], rows[8]) == ("To pack", "maps 7 and 12", "Before we go")


def test_the_accounts_add_up() -> None:
    amounts = [
        round(100 * float(row.split()[-1].replace("£", ""))) for row in SAMPLES["accounts"].reference.split("\n")[1:9]
    ]
    assert sum(amounts[:-1]) == amounts[-1]


@pytest.mark.parametrize("name", ["line", "masked"])
def test_painting_again_gives_the_same_picture(name: str) -> None:
    recipe = next(recipe for recipe in RECIPES if recipe.id == name)
    again = make.paint(recipe)
    assert again == make.paint(recipe)
    kept, made = (np.asarray(Image.open(BytesIO(data)), float) for data in (SAMPLES[name].image.read_bytes(), again))
    assert np.abs(kept - made).mean() < 2  # the same to the eye on any machine


def test_ink_darkens_only_where_it_is_written() -> None:
    recipe = replace(next(recipe for recipe in RECIPES if recipe.id == "print"), paper=Paper())
    wordless = replace(recipe, blocks=tuple(replace(block, text="") for block in recipe.blocks))
    dark = [(np.asarray(Image.open(BytesIO(make.paint(r))).convert("L")) < 120).mean() for r in (recipe, wordless)]
    assert dark[0] > 0.02
    assert dark[1] == 0


def test_an_engine_finds_the_reference_on_the_picture() -> None:
    rapidocr = pytest.importorskip("rapidocr")
    engine = rapidocr.RapidOCR(params={"Global.use_cls": False, "Global.log_level": "error", "Det.limit_type": "max"})
    for name in (
        "line",
        "accounts",
        "accents",
        "columns",
        "print",
    ):  # each way to lay out a page; reading all takes long
        sample = SAMPLES[name]
        read = " ".join(engine(str(sample.image)).txts or ())
        wrong = Levenshtein.distance(letters_of(sample.reference), letters_of(read))
        assert wrong <= 0.1 * len(sample.reference), (sample.id, read)


def letters_of(text: str) -> str:
    """In any order: engines read columns across."""
    return "".join(sorted("".join(text.split())))


def test_lines_for_training_come_with_their_texts() -> None:
    made = list(lines.lines("Une œuvre d’été, 3,50 € the quick brown fox", 8, seed=5))
    assert made == list(lines.lines("Une œuvre d’été, 3,50 € the quick brown fox", 8, seed=5))
    assert made != list(lines.lines("Une œuvre d’été, 3,50 € the quick brown fox", 8, seed=6))
    for picture, text in made:
        assert text
        image = Image.open(BytesIO(picture))
        assert 70 < image.height < 130
        assert image.width > 12 * len(text)
