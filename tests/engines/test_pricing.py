from dataclasses import replace

import pytest

from engines.catalogue import CATALOGUE, CLOUD, spec_by_id
from engines.contract import PageImage, ReadingTask, Usage
from engines.image_tokens import image_tokens, seen_size
from engines.pricing import Free, Unknown, Usd, dollars, estimated, in_words, measured_usd, together, worst_case

A4_AT_200_DPI = PageImage("0" * 64, b"", 1654, 2339)
TASK = ReadingTask()


@pytest.mark.parametrize(
    ("row", "usage", "usd"),
    [
        ("gpt-5", Usage(1_000_000, 100_000), 1.25 + 1.00),
        ("claude-opus-4-7", Usage(4784, 600), 0.03892),
        ("azure-read", Usage(pages=1), 0.0015),
        ("mistral-ocr-3", Usage(pages=2), 0.004),
        ("gpt-5", Usage(), None),
        ("gpt-5", None, None),
        ("tesseract", Usage(pages=1), None),
        ("transkribus", Usage(pages=1), None),
    ],
)
def test_measured(row, usage, usd):
    cost = measured_usd(spec_by_id(row), usage)
    assert cost == (usd if usd is None else pytest.approx(usd))


def test_reasoning_is_part_of_the_output_and_not_billed_twice():
    assert measured_usd(spec_by_id("gpt-5"), Usage(0, 1000, 900)) == measured_usd(spec_by_id("gpt-5"), Usage(0, 1000))


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
    estimate, worst = estimated(spec, A4_AT_200_DPI, TASK), worst_case(spec, A4_AT_200_DPI, TASK)
    assert 0 < estimate.usd <= worst.usd < 1


def test_without_a_price_nothing_is_said():
    spec = replace(spec_by_id("gpt-5"), price=None)
    assert estimated(spec, A4_AT_200_DPI, TASK) == worst_case(spec, A4_AT_200_DPI, TASK) == Unknown()


def test_only_what_runs_here_is_free():
    assert estimated(spec_by_id("tesseract"), A4_AT_200_DPI, TASK) == Free()
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
