"""One comparison as JSON, CSV and a picture."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from PIL import Image

from engines.catalogue import CATALOGUE
from engines.contract import Reading
from metrics.normalising import DEFAULT_RULES
from playground.engine_runs import Comparison, EngineRun, Failure
from playground.share.exporting import as_csv, as_json, spreadsheet_cell
from playground.share.pictures import panel_picture
from tests.formulas import FORMULAS


def rows(comparison: Comparison) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(as_csv(comparison, DEFAULT_RULES), newline="")))


def test_json_holds_facts_scores_and_rules(comparison: Comparison) -> None:
    document = json.loads(as_json(comparison, DEFAULT_RULES))
    assert document["created_at"] == "2026-11-23T12:00:00+00:00"
    assert document["reference"] == "the cat sat"
    assert [run["status"] for run in document["runs"]] == ["reading", "reading", "failure"]
    assert document["runs"][0]["cer"]["substitutions"] == 1
    assert document["runs"][2]["text"] is None
    assert document["rules"]["ignore_case"] is False


def test_csv_holds_one_row_per_engine_the_reference_and_the_rules(comparison: Comparison) -> None:
    gpt, tesseract, failed, together, reference, rules, conventions = rows(comparison)
    assert (together["engine"], together["text"]) == ("(together)", "the bat sat")
    assert (conventions["engine"], conventions["text"]) == ("(conventions)", comparison.task.conventions)
    assert (gpt["engine"], gpt["substitutions"], gpt["cost_usd"], gpt["text"]) == (
        "gpt-5",
        "1",
        "0.0042",
        "the bat sat",
    )
    assert float(gpt["cer"]) == pytest.approx(1 / 11)
    assert tesseract["cer"] == "0.0"
    assert (failed["status"], failed["text"], failed["cer"]) == ("failure", "", "")
    assert failed["failure"] == "No reading within 5 seconds."
    assert reference["text"] == "the cat sat"
    assert rules["text"] == DEFAULT_RULES.sentence()


def test_without_a_reference_there_are_no_rates(comparison: Comparison) -> None:
    bare = replace(comparison, reference=" \n")
    assert rows(bare)[0]["cer"] == ""
    assert json.loads(as_json(bare, DEFAULT_RULES))["runs"][0]["cer"] is None


@pytest.mark.parametrize("attack", FORMULAS)
def test_no_cell_is_a_formula(comparison: Comparison, attack: str) -> None:
    hostile = replace(
        comparison,
        reference=attack,
        task=replace(comparison.task, conventions=attack),
        runs=(
            EngineRun("gpt-5", Reading(attack, model_reported=attack), 1.0),
            EngineRun("gpt-4o", Failure("bug", attack), 1.0),
        ),
    )
    cells = [cell for row in rows(hostile) for cell in row.values() if attack in cell]
    assert cells == [f"'{attack}"] * 5


@pytest.mark.parametrize("separator", [";", "\t", "; ", "\n", "\r\n", "\v", "\x85", "\u2028", ';"', "\n\ufeff"])
def test_none_is_one_where_something_else_parts_the_cells(separator: str) -> None:
    for attack in [formula for formula in FORMULAS if re.search(r"[(|]", formula)]:
        cell = spreadsheet_cell(f"Dear Sir{separator}{attack}{separator}Yours")
        assert isinstance(cell, str)
        assert f"{separator[0]}'" in cell or "\n'" in cell
        assert not any(
            re.match(r"[\s\"\ufeff\0\x1b]*[-+=@]", part) for part in re.split(r"[;\t\v\x85\u2028]|[\r\n]+", cell)
        )
    items = "- milk\n+ bread\n = 2 rolls; -7 = 3\t@home"
    assert spreadsheet_cell(f"To buy:\n{items}") == f"To buy:\n{items}"


def test_what_is_no_formula_stays_as_it_is() -> None:
    for harmless in ("Dear Sir", " 3 + 4 = 7", '"Yes" = no', "a=b", "", "me@example.org", -1.5, None, True):
        assert spreadsheet_cell(harmless) is harmless


def test_the_picture_colours_what_is_wrong_and_only_that(comparison: Comparison) -> None:
    image = Image.open(io.BytesIO(panel_picture(comparison, DEFAULT_RULES, {spec.id: spec for spec in CATALOGUE})))
    wrong = (0xFD, 0xE9, 0xBD)

    def has(colour: tuple[int, int, int], column: int) -> bool:
        left = 36 + column * 404
        colours = image.convert("RGB").crop((left, 0, left + 380, image.height)).getcolors(100_000)
        return any(found == colour for _, found in colours or [])

    assert [has(wrong, column) for column in range(3)] == [True, False, False]


def test_a_reading_of_any_length_and_script_can_be_drawn(comparison: Comparison) -> None:
    text = "שלום مرحبا 你好 " + "a" * 3000 + "\n" * 500
    image = Image.open(io.BytesIO(panel_picture(
        replace(comparison, reference="", runs=(EngineRun("x", Reading(text), 1.0),)), DEFAULT_RULES, {}
    )))  # fmt: skip
    assert image.height < 1600
