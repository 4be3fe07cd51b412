"""Brought readings are counted as plain rapidfuzz and jiwer count them, on pages of our own and on real ones."""

import pytest
from PIL import Image

from benchmarks.accuracy.brought_readings import independent_count, jiwer_wer, main, run_over
from benchmarks.accuracy.real_pages import REAL_ANSWERS, RealPage


def test_a_run_over_pages_of_our_own_equals_both_counts(tmp_path):
    texts = {
        "a": ("Caf\u00e9  au lait,\n2 francs", {"one": "Cafe\u0301 au lait 3 francs", "two": ""}),
        "b": ("x y", {"one": "x"}),
    }
    (tmp_path / "pages").mkdir()
    pages = []
    for name, (reference, read) in texts.items():
        Image.new("RGB", (40, 20), "white").save(tmp_path / "pages" / f"{name}.png")
        (tmp_path / "pages" / f"{name}.txt").write_text(reference)
        for model, text in read.items():
            (tmp_path / "readings" / model).mkdir(parents=True, exist_ok=True)
            (tmp_path / "readings" / model / f"{name}.txt").write_text(text)
        pages.append(RealPage(f"{name}.png", "handwritten", "", reference, read))
    rows = {row.engine_id.removeprefix("brought:"): row for row in run_over(tmp_path)}
    assert {name: row.scored for name, row in rows.items()} == {"one": 2, "two": 1}
    for model, row in rows.items():
        counted = (row.cer.errors, row.cer.reference_length, row.wer.errors, row.wer.reference_length)
        assert counted == independent_count(pages, model)
        assert row.wer.rate == pytest.approx(jiwer_wer(pages, model))
    assert independent_count(pages, "one") == (4, 25, 3, 7)


@pytest.mark.skipif(not REAL_ANSWERS.is_dir(), reason="the real answers are not at hand")
def test_the_real_answers_are_counted_alike(capsys):
    main()
    said = capsys.readouterr().out
    assert said.startswith("16 models, 44 pages")
    assert "Every count equals rapidfuzz's" in said
