"""What the memo says of models beside what is claimed of them is what the script counts."""

import pytest

from benchmarks.accuracy.published_claims import count
from benchmarks.accuracy.real_pages import REAL_ANSWERS, RealPage, real_pages
from evaluation.findings.published import CLAIMED, COUNTED, INKBENCH, contrasts, on_inkbench

MODELS = {"GPT-5": "openai-gpt-5", "GPT-5 mini": "openai-gpt-5-mini", "Gemini 3": "google-gemini-3-pro-preview"}


def page(name, reference, **readings):
    return RealPage(name, "handwritten", "c", reference, readings)


def test_refusals_and_missing_answers_stand_apart():
    pages = [
        page("a", "abcdefghij", good="abcdefghij", bad="abcdefghiX"),
        page("b", "abcdefghij", good="I cannot transcribe this image."),
        page("c", "abcdefghij"),
    ]
    found = count(pages, "good")
    assert (found.pages, found.refused, found.missing, found.rate, found.middle_page) == (2, 1, 1, 0.0, 0.0)
    assert found.with_refusals > 1
    assert count(pages, "bad").rate == pytest.approx(0.1)
    assert count(pages, "nobody").rate is None


@pytest.mark.skipif(not REAL_ANSWERS.is_dir(), reason="no real answers beside the checkout")
@pytest.mark.parametrize("said", COUNTED, ids=lambda said: said.model)
def test_the_memo_says_what_the_script_counts(said):
    found = count(real_pages("handwritten"), MODELS[said.model])
    assert (said.cer_percent, said.middle_page_percent, said.refused) == (
        pytest.approx(100 * found.rate, abs=0.051),
        pytest.approx(100 * found.middle_page, abs=0.051),
        found.refused,
    )


def test_every_figure_has_an_address_and_a_day():
    assert all("https://" in row.source and row.cer_percent is not None for row in (*INKBENCH, *CLAIMED))
    assert on_inkbench("gpt-5").cer_percent == 12
    assert on_inkbench("azure-read") is None
    assert len(contrasts()) == 2
