"""What is offered to pick from says what a buyer has to know before picking it."""

from dataclasses import replace
from datetime import date

import pytest

from engines.catalogue import spec_by_id
from engines.contract import PriceChange, Rates
from playground.offer import Offer, coming_changes
from playground.settings import Settings

LONG_AGO, NEVER = date(2020, 1, 1), date(2999, 1, 1)
RATES = Rates(usd_per_page=1.0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"ends_on": LONG_AGO}, "ended on 2020-01-01; successor gpt-6.1-sol"),
        ({"price": (PriceChange(LONG_AGO, RATES),)}, ""),
        (
            {"price": (PriceChange(LONG_AGO, RATES), PriceChange(NEVER, Rates(usd_per_page=2.0)))},
            "price: a page $1.00 until 2998-12-31, then $2.00",
        ),
    ],
)
def test_a_picker_says_what_ends_and_what_gets_dearer(changes, said):
    spec = spec_by_id("gpt-5")
    price = replace(spec.price, changes=changes.get("price", ()))
    spec = replace(spec, **{"ends_on": NEVER, **changes, "price": price})
    assert coming_changes(spec, date(2026, 11, 15)) == said


@pytest.mark.parametrize(
    ("row", "day", "said"),
    [
        ("gpt-5", date(2026, 10, 11), ""),
        ("gpt-5", date(2026, 10, 12), "ends on 2026-12-11; successor gpt-6.1-sol"),
        ("gpt-4o", date(2026, 11, 15), "ends on 2027-01-14; successor gpt-6-luna"),
        ("gpt-6-luna", date(2026, 11, 15), ""),
        (
            "gemini-3.8-flash",
            date(2026, 11, 15),
            "price: a million input tokens $0.75 until 2026-12-31, then $1.50; "
            "a million output tokens $3.75 until 2026-12-31, then $7.50",
        ),
        ("gemini-3.8-flash", date(2027, 1, 1), ""),
        ("tesseract", date(2026, 11, 15), ""),
    ],
)
def test_table_and_panel_say_what_the_vendor_has_announced(row, day, said):
    assert coming_changes(spec_by_id(row), day) == said


CAPPED = {"INKQUEST_PUBLIC": "1", "INKQUEST_BUDGET_USD": "5"}
OPENAI, CLAUDE, MISTRAL = ({f"{name}_API_KEY": "a-key-of-somebody"} for name in ("OPENAI", "ANTHROPIC", "MISTRAL"))


@pytest.mark.parametrize(
    ("environ", "vendors"),
    [
        ({}, []),
        (OPENAI, ["OpenAI"]),
        (OPENAI | CLAUDE, ["OpenAI", "Anthropic"]),
        (CLAUDE | MISTRAL | CAPPED, ["Anthropic", "Mistral AI"]),
        (OPENAI | CLAUDE | {"INKQUEST_PUBLIC": "1"}, []),
        (OPENAI | CAPPED | {"INKQUEST_BUDGET_VISITOR_USD": "0.000001"}, []),
        (OPENAI | CLAUDE | {"INKQUEST_LOCAL_ONLY": "1"}, []),
    ],
)
def test_the_first_four_are_unlike_each_other_and_what_reads_print_is_last(environ, vendors):
    offer = Offer.from_settings(Settings.from_env(environ), environ)
    four = [offer.spec(engine_id) for engine_id in offer.default_slots()]
    assert len({spec.id for spec in four}) == 4
    assert [spec.vendor for spec in four if spec.runs == "cloud"] == vendors
    assert four[-1].family == "tesseract"
    relatives = [spec.family for spec in four].count("pp-ocr")
    assert relatives == 3 - len(vendors)


@pytest.mark.parametrize(
    ("keys", "vendors"), [({}, []), (OPENAI | CAPPED, ["OpenAI"]), (OPENAI | CLAUDE | CAPPED, ["OpenAI", "Anthropic"])]
)
def test_a_space_with_a_free_gpu_begins_with_its_reader_and_never_with_three_relatives(keys, vendors):
    environ = keys | {"SPACES_ZERO_GPU": "1"}
    offer = Offer.from_settings(Settings.from_env(environ), environ)
    four = [offer.spec(engine_id) for engine_id in offer.default_slots()]
    assert four[0].id == "trocr-large"
    assert len({spec.id for spec in four}) == 4
    assert [spec.vendor for spec in four if spec.runs == "cloud"] == vendors
    assert max([spec.family for spec in four].count(spec.family) for spec in four) <= 2


def test_no_stranger_reads_the_name_of_a_setting_or_a_path_of_this_machine():
    settings = {"INKQUEST_WEIGHTS_DTROCR": "/srv/somewhere/weights"}
    ours = Offer.from_settings(Settings.from_env(settings), settings)
    theirs = Offer.from_settings(Settings.from_env({**settings, "INKQUEST_PUBLIC": "1"}), settings)
    told = [theirs.missing(spec) for spec in theirs.specs]
    assert any("/srv/somewhere/weights" in missing.fix for spec in ours.specs if (missing := ours.missing(spec)))
    assert sum(missing is not None for missing in told) > 10
    for missing in filter(None, told):
        assert missing.fix == "Ask whoever runs this app."
        assert "/srv" not in missing.what
        assert "_" not in missing.what
