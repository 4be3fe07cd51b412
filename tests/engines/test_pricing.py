from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from engines.catalogue import CATALOGUE, CLOUD, spec_by_id
from engines.contract import PageImage, Rates, ReadingTask, Usage
from engines.pricing import (
    Free,
    Unknown,
    Usd,
    a_month,
    change_in_words,
    dollars,
    estimated,
    image_tokens,
    in_words,
    measured_usd,
    seen_size,
    together,
    worst_case,
)

A4_AT_200_DPI = PageImage("0" * 64, b"", 1654, 2339)
TASK = ReadingTask()
DAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("row", "usage", "usd"),
    [
        ("gpt-5", Usage(1_000_000, 100_000), 1.25 + 1.00),
        ("claude-opus-4-7", Usage(4784, 600), 0.03892),
        ("azure-read", Usage(pages=1), 0.0015),
        ("mistral-ocr-3", Usage(pages=2), 0.004),
        ("gpt-5", Usage(5200, 1000), 0.0165),
        ("gpt-5", Usage(5200, 1000, cached_tokens=4096), 0.011892),
        ("gpt-5-mini", Usage(5200, 1000, cached_tokens=4096), 0.0023784),
        ("gpt-4o", Usage(1800, 600, cached_tokens=1024), 0.00922),
        ("gpt-6.1-sol", Usage(5000, 600), 0.016),
        ("gpt-6.1-sol", Usage(5000, 600, cache_write_tokens=5000), 0.0185),
        ("gpt-6.1-terra", Usage(5000, 600, cached_tokens=1000, cache_write_tokens=4000), 0.00805),
        ("gpt-6-luna", Usage(5000, 600, cache_write_tokens=5000), 0.000925),
        ("claude-opus-4-7", Usage(6000, 600, cached_tokens=5000, cache_write_tokens=1000), 0.02375),
        ("claude-opus-5-5", Usage(6000, 600, cached_tokens=5000), 0.017),
        ("claude-sonnet-5-5", Usage(6000, 600, cached_tokens=5000, cache_write_tokens=1000), 0.009),
        ("claude-haiku-5-5", Usage(6000, 600), 0.0009),
        ("gemini-3.1-pro", Usage(2000, 600, cached_tokens=1000), 0.0094),
        ("gemini-3-flash", Usage(2000, 600, cached_tokens=1000), 0.00235),
        ("gemini-3.8-flash", Usage(2000, 600, cached_tokens=1000), 0.003075),
        ("qwen2.5-vl", Usage(2000, 600, cached_tokens=1000), 0.002366),
        ("gpt-5", Usage(), None),
        ("gpt-5", None, None),
        ("tesseract", Usage(pages=1), None),
        ("transkribus", Usage(pages=1), None),
    ],
)
def test_measured(row, usage, usd):
    cost = measured_usd(spec_by_id(row), usage, DAY)
    assert cost == (usd if usd is None else pytest.approx(usd))


def test_reasoning_is_part_of_the_output_and_not_billed_twice():
    assert measured_usd(spec_by_id("gpt-5"), Usage(0, 1000, 900), DAY) == 0.01


# From the vendors' published rules, worked out by hand.
@pytest.mark.parametrize(
    ("row", "size", "tokens"),
    [
        ("gpt-4o", (768, 1086), 85 + 6 * 170),
        ("gpt-5", (768, 1086), 70 + 6 * 140),
        ("claude-opus-4-7", (1623, 2296), 58 * 82),
        ("gemini-3-flash", (1654, 2339), 1120),
        ("azure-read", (1654, 2339), 0),
    ],
)
def test_what_a_model_sees_of_an_a4_page(row, size, tokens):
    spec = spec_by_id(row)
    assert seen_size(spec, 1654, 2339) == size
    assert image_tokens(spec, 1654, 2339) == tokens


@pytest.mark.parametrize("size", [(1, 1), (10_000, 12), (5000, 5000), (769, 2049)])
@pytest.mark.parametrize("spec", CLOUD, ids=lambda spec: spec.id)
def test_no_model_sees_more_than_its_limits_allow(spec, size):
    width, height = seen_size(spec, *size)
    assert 1 <= width <= size[0]
    assert 1 <= height <= size[1]
    assert max(width, height) <= (spec.image_limit.long_edge or max(size))
    if spec.options.get("vision") == "patches":
        most = spec.options["most_patches"] * spec.options["tokens_per_patch"]
        assert image_tokens(spec, *size) <= most + 1


@pytest.mark.parametrize("spec", [spec for spec in CATALOGUE if spec.price], ids=lambda spec: spec.id)
def test_an_estimate_lies_under_the_worst_case(spec):
    estimate, worst = estimated(spec, A4_AT_200_DPI, TASK, DAY), worst_case(spec, A4_AT_200_DPI, TASK, DAY)
    assert 0 < estimate.usd <= worst.usd < 1


NEW_YEAR = date(2027, 1, 1)
CHANGING = [spec for spec in CATALOGUE if spec.price and spec.price.changes]


@pytest.mark.parametrize(("day", "factor"), [(NEW_YEAR - timedelta(days=1), 1), (NEW_YEAR, 2), (date(2030, 1, 1), 2)])
def test_the_price_of_the_day_holds(day, factor):
    spec, usage = spec_by_id("gemini-3.8-flash"), Usage(2000, 600, cached_tokens=1000)
    assert measured_usd(spec, usage, day) == pytest.approx(factor * 0.003075)
    before = estimated(spec, A4_AT_200_DPI, TASK, DAY).usd
    assert estimated(spec, A4_AT_200_DPI, TASK, day).usd == pytest.approx(factor * before)


@pytest.mark.parametrize(("days_before", "factor"), [(8, 1), (7, 2), (1, 2), (0, 2)])
def test_the_worst_case_of_what_may_last_past_a_change_is_the_dearer(days_before, factor):
    spec, long_before = spec_by_id("gemini-3.8-flash"), NEW_YEAR - timedelta(days=60)
    worst = worst_case(spec, A4_AT_200_DPI, TASK, NEW_YEAR - timedelta(days=days_before)).usd
    assert worst == pytest.approx(factor * worst_case(spec, A4_AT_200_DPI, TASK, long_before).usd)


def test_a_price_that_falls_lowers_no_worst_case():
    spec = spec_by_id("gemini-3.8-flash")
    cheap, dear = spec.price, spec.price.changes[0]
    falling = replace(
        spec,
        price=replace(
            cheap,
            **{part.name: getattr(dear.rates, part.name) for part in fields(Rates)},
            changes=(replace(dear, rates=Rates(**{part.name: getattr(cheap, part.name) for part in fields(Rates)})),),
        ),
    )
    eve = NEW_YEAR - timedelta(days=1)
    assert worst_case(falling, A4_AT_200_DPI, TASK, eve) == worst_case(spec, A4_AT_200_DPI, TASK, NEW_YEAR)


def test_a_change_is_told_until_it_has_come():
    said = change_in_words(spec_by_id("gemini-3.8-flash"), DAY)
    assert said == (
        "a million input tokens $0.75 until 2026-12-31, then $1.50; "
        "a million output tokens $3.75 until 2026-12-31, then $7.50"
    )
    assert change_in_words(spec_by_id("gemini-3.8-flash"), NEW_YEAR - timedelta(days=1)) == said
    assert change_in_words(spec_by_id("gemini-3.8-flash"), NEW_YEAR) == ""
    assert {change_in_words(spec, DAY) for spec in CATALOGUE if spec not in CHANGING} == {""}


@pytest.mark.parametrize("spec", CHANGING, ids=lambda spec: spec.id)
def test_changes_come_in_order_and_change_every_rate_that_is_billed(spec):
    days = [change.on for change in spec.price.changes]
    assert days == sorted(set(days))
    for change in spec.price.changes:
        for part in fields(Rates):
            assert (getattr(change.rates, part.name) is None) == (getattr(spec.price, part.name) is None)


# Half of everything, save where the vendor says that cached input costs what it costs.
@pytest.mark.parametrize(
    ("row", "usd"),
    [
        ("gpt-5", 0.5 * (1000 * 1.25 + 600 * 10 + 1000 * 0.125) / 1e6),
        ("gpt-4o", (0.5 * (1000 * 2.5 + 600 * 10) + 1000 * 1.25) / 1e6),
        ("gemini-3-flash", (0.5 * (1000 * 0.5 + 600 * 3) + 1000 * 0.05) / 1e6),
        ("gemini-3.8-flash", 0.5 * 0.003075),
        ("claude-opus-4-7", 0.5 * (1000 * 5 + 600 * 25 + 1000 * 0.5) / 1e6),
    ],
)
def test_a_batch_costs_half(row, usd):
    usage = Usage(2000, 600, cached_tokens=1000)
    assert measured_usd(spec_by_id(row), usage, DAY, by_batch=True) == pytest.approx(usd)


@pytest.mark.parametrize("spec", [spec for spec in CLOUD if "vision" in spec.options], ids=lambda spec: spec.id)
def test_no_page_comes_near_the_length_from_which_prompts_cost_more(spec):
    assert 2 * image_tokens(spec, 10_000, 10_000) + len(TASK.prompt) < 100_000


@pytest.mark.parametrize(
    ("pages", "usd"), [(0, 0), (1000, 1.5), (1_000_000, 1500), (1_000_001, 1500.0006), (3_000_000, 1500 + 1200)]
)
def test_pages_beyond_a_volume_cost_what_the_vendor_publishes_for_them(pages, usd):
    azure = spec_by_id("azure-read")
    assert a_month(azure, Usd(0.0015, measured=True), pages) == Usd(pytest.approx(usd), measured=True)
    assert a_month(azure, Usd(0.003), pages).usd == pytest.approx(2 * usd)  # every page was read twice
    assert a_month(azure, Unknown(), pages) == Unknown()


def test_each_volume_rate_holds_for_its_own_pages():
    azure = spec_by_id("azure-read")
    [rate] = azure.price.volume
    further = replace(rate, beyond_pages_a_month=2_000_000, usd_per_page=0.0003)
    spec = replace(azure, price=replace(azure.price, volume=(rate, further)))
    assert a_month(spec, Usd(0.0015), 3_000_000).usd == pytest.approx(1500 + 600 + 300)
    assert a_month(spec_by_id("gpt-5"), Usd(0.01), 3_000_000).usd == pytest.approx(30_000)
    assert a_month(spec_by_id("tesseract"), Free(), 3_000_000) == Free()


def test_without_a_price_nothing_is_said():
    spec = replace(spec_by_id("gpt-5"), price=None)
    assert estimated(spec, A4_AT_200_DPI, TASK, DAY) == worst_case(spec, A4_AT_200_DPI, TASK, DAY) == Unknown()


def test_only_what_runs_here_is_free():
    assert estimated(spec_by_id("tesseract"), A4_AT_200_DPI, TASK, DAY) == Free()
    assert [in_words(charge) for charge in (Free(), Unknown(), Usd(0.42))] == ["free", "price unknown", "$0.42"]


@pytest.mark.parametrize(
    ("parts", "sum_of_them"),
    [
        ([], Free()),
        ([Free(), Free()], Free()),
        ([Free(), Usd(1.0, measured=True)], Usd(1.0, measured=True)),
        ([Usd(1.0, measured=True), Usd(2.0)], Usd(3.0)),
        ([Usd(1.0), Unknown(), Free()], Unknown()),
    ],
)
def test_a_sum_is_unknown_as_soon_as_a_part_is(parts, sum_of_them):
    assert together(parts) == sum_of_them


@pytest.mark.parametrize(
    ("usd", "said"),
    [
        (0, "$0"),
        (0.00001234, "$0.0000123"),
        (0.0165, "$0.0165"),
        (0.03, "$0.03"),
        (0.0024, "$0.0024"),
        (0.42, "$0.42"),
        (0.9996, "$1.00"),
        (1234.5, "$1,234.50"),
    ],
)
def test_amounts_keep_the_digits_that_matter(usd, said):
    assert dollars(usd) == said


@pytest.mark.parametrize("part", ["input_tokens", "output_tokens", "pages", "cached_tokens", "cache_write_tokens"])
def test_a_count_below_nothing_is_no_measure(part):
    """A gateway that counts so would fill the budget instead of using it."""
    usage = replace(Usage(input_tokens=1000, output_tokens=100, pages=1), **{part: -1_000_000})
    assert measured_usd(spec_by_id("gpt-5"), usage, DAY) is None


@pytest.mark.parametrize("vision", ["tile", "", 0, "Patches"])
def test_a_row_whose_way_of_counting_is_mistyped_is_never_taken_for_one_that_counts_nothing(vision):
    spec = spec_by_id("gpt-5")
    mistyped = replace(spec, options={**spec.options, "vision": vision})
    for asked in (estimated, worst_case):
        with pytest.raises(ValueError, match="gpt-5: vision is tiles, patches or fixed"):
            asked(mistyped, PageImage("", b"", 1240, 1754), ReadingTask(), date(2026, 11, 28))
