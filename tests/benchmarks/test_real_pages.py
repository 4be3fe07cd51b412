"""Real answers are found where they lie beside the checkout, and their absence is said in a sentence."""

import pytest

from benchmarks.accuracy.real_pages import family, real_pages


def test_a_page_has_its_reference_and_the_answers_there_are(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages.csv").write_text("page,kind,collection\na-1.jpg,handwritten,letters\nb.jpg,mixed,forms\n")
    (tmp_path / "pages/a-1.txt").write_text("Dear Sir")
    (tmp_path / "pages/b.txt").write_text("")
    for model in ("maker-large", "other-small"):
        (tmp_path / "readings" / model).mkdir(parents=True)
    (tmp_path / "readings/maker-large/a-1.txt").write_text("Dear Sin")

    first, second = real_pages(folder=tmp_path)

    assert (first.kind, first.reference, dict(first.readings)) == (
        "handwritten",
        "Dear Sir",
        {"maker-large": "Dear Sin"},
    )
    assert not second.readings
    assert [page.name for page in real_pages("mixed", tmp_path)] == ["b.jpg"]
    assert family("maker-large") == "maker"


def test_absent_answers_end_with_a_sentence(tmp_path):
    with pytest.raises(SystemExit, match=r"No real answers to measure on: put pages\.csv"):
        real_pages(folder=tmp_path / "nowhere")
