"""The measuring scripts run on the real answers where those lie beside the checkout, and their figures hold."""

from statistics import fmean

import pytest

from benchmarks.accuracy import consensus, partial, word_risk
from benchmarks.accuracy.real_pages import REAL_ANSWERS, real_pages
from metrics.coverage import calibration, curve
from metrics.word_risk import AMONG_OTHERS, FITTED, can_promise, words_to_check

pytestmark = pytest.mark.skipif(not REAL_ANSWERS.is_dir(), reason="no real answers beside the checkout")


def test_like_readers_are_better_together_and_ranked_as_by_their_errors():
    pages = real_pages("handwritten")
    for models in consensus.NAMED[:2]:
        trial = consensus.tried(pages, models)
        assert trial.ratio < 0.96
        assert trial.tau == 1


def test_one_that_outclasses_three_is_followed():
    assert consensus.tried(real_pages("handwritten"), consensus.NAMED[3]).ratio < 1.04


def test_words_that_more_say_are_right_more_often(capsys):
    consensus.main(["--sets", "0"])
    told = capsys.readouterr().out
    shares = [float(line.split(", ")[1].split("%")[0]) for line in told.splitlines() if line.startswith("words that")]
    assert shares[:4] == sorted(shares[:4])
    assert "in their intervals" in told


def test_intervals_of_a_few_lines_hold_what_they_promise(capsys, monkeypatch):
    monkeypatch.setattr(partial, "real_pages", lambda kind: real_pages(kind)[::3])
    partial.main(["--runs", "4"])
    held = [line for line in capsys.readouterr().out.splitlines() if "of the intervals" in line]
    assert len(held) == 3
    assert all(float(line.split(": ")[1].split("%")[0]) > 85 for line in held)


def test_risks_of_words_hold_on_the_readers_of_the_named_sets():
    pages = [
        page for models in consensus.NAMED[:2] for page in word_risk.tried(real_pages("handwritten")[::2], [models])
    ]
    risks = [risk for page in pages for risk in FITTED.risks(page.signs)]
    wrong = [one for page in pages for one in page.wrong]
    assert calibration(risks, wrong).expected_error < 0.05
    line = curve(risks, wrong)
    shares = [line.residual(share / 10) for share in (3, 5, 7, 9, 10)]
    assert shares == sorted(shares)
    assert shares[0] < 0.03


def test_risks_of_one_readers_words_hold_beside_the_others_of_the_named_sets():
    pages = word_risk.tried_alone(real_pages("handwritten")[::3], consensus.NAMED[:2], most=4)
    risks = [risk for page in pages for risk in AMONG_OTHERS.risks(page.signs)]
    wrong = [one for page in pages for one in page.wrong]
    assert calibration(risks, wrong).expected_error < 0.06


POOR = ("openai-gpt-5", "google-gemma-3-27b-it", "mistralai-mistral-large-2512", "openai-gpt-5-nano")


def test_of_one_good_and_three_poor_models_no_more_wrong_words_are_left_than_promised():
    pages = word_risk.tried_alone(real_pages("handwritten")[1::3], [POOR], most=4)
    promised, wrong = [], []
    for page in filter(lambda page: can_promise(page.signs), pages):
        risks = AMONG_OTHERS.risks(page.signs)
        left = set(range(len(risks))) - {at for at in words_to_check(risks) if risks[at] >= word_risk.WORTH_A_LOOK}
        promised += [risks[at] for at in left]
        wrong += [page.wrong[at] for at in left]
    assert len(promised) > 500
    assert fmean(wrong) < fmean(promised) + 0.01
    assert any(not can_promise(page.signs) for page in pages)
