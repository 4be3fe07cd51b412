"""Each benchmark runs and prints its line; what the figures are is not tested."""

from contextlib import nullcontext

import pytest

from benchmarks import __main__ as all_benchmarks
from benchmarks import comparison, first_look, line_models, memory, other_needs, scoring, share_page, start, threads
from benchmarks.first_result import main as first_result
from benchmarks.load import app_with_sleepers
from tests.own_thread import in_own_thread
from tests.places import ROOT

IMAGE = ROOT / "samples/images/line.jpg"


@pytest.fixture(scope="module")
def app():
    """One for all benchmarks that start one: starting takes longer than all that is asked of it here."""
    with app_with_sleepers(0.05) as app:
        yield app


def test_scoring(capsys):
    scoring.main(["--characters", "300", "--snippet-characters", "100", "--rounds", "1"])
    told = capsys.readouterr().out
    assert "bare distances" in told
    assert "jiwer" in told
    assert "the Python snippet" in told


def test_other_needs(capsys):
    other_needs.main(["--pages", "6"])
    assert "a first look" in capsys.readouterr().out


def test_first_look(capsys):
    first_look.main(["--items", "5"])
    told = capsys.readouterr().out
    assert "20 readings" in told
    assert "later look at the leaderboard" in told


def test_share_page(capsys):
    share_page.main(["--rounds", "1"])
    assert "the shared page" in capsys.readouterr().out


def test_comparison_without_the_browser(capsys, monkeypatch, app):
    monkeypatch.setattr(comparison, "app_with_sleepers", lambda _: nullcontext(app))
    monkeypatch.setenv("PATH", "")
    in_own_thread(comparison.main, ["--step", "0.05", "--rounds", "1", "--visitors", "2"])
    told = capsys.readouterr().out
    assert told.count("ms more") == 6
    assert told.count("ours over bare") == 2
    assert "cannot run here: no Chromium" in told


def test_threads(capsys):
    threads.main(["--rounds", "1", "--engines", "ppocr-v6-tiny", "tesseract"])
    assert "one after the other" in capsys.readouterr().out


def test_first_result(capsys):
    first_result(["--rounds", "1", "--engines", "tesseract", "--images", str(IMAGE)])
    told = capsys.readouterr().out
    assert told.count("engine, warmed") == told.count("bare library, in our mode") == 2


def test_memory(capsys, monkeypatch, app):
    for start_one in ("running", "app_with_sleepers"):
        monkeypatch.setattr(memory, start_one, lambda _: nullcontext(app))
    in_own_thread(memory.main, ["--comparisons", "2"])
    assert "Idle, before any model" in capsys.readouterr().out


def test_line_models(capsys):
    line_models.main(["--size", "tiny", "--lines", "2", "--rounds", "1", "--precisions", "fp32", "int8"])
    told = capsys.readouterr().out
    assert "fp32" in told
    assert "the same text" in told
    assert "of the compute limit" in told


def test_no_engine_library_is_imported_before_its_first_use():
    assert start.imported() == ""


def test_an_unknown_name_is_told(capsys):
    assert all_benchmarks.main(["nothing"]) == 2
    assert "Choose from" in capsys.readouterr().out
