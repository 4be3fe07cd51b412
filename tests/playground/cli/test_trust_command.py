"""The three questions on the command line: a real engine answers, and money is asked for first."""

from __future__ import annotations

import io
import json
import os
import subprocess
from pathlib import Path

import pytest
from rich.console import Console

from playground.__main__ import main
from playground.cli.terminal import print_trust
from playground.trust import INQUIRIES, Steadiness, TrapAnswer, TrustAnswers
from samples import load_samples
from tests.command_line import run_here

LINE = next(sample for sample in load_samples() if sample.id == "line")


def trust(*arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_TOKEN"))}
    return run_here(main, "trust", *arguments, environ={**clean, **variables})


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    reference = tmp_path_factory.mktemp("reference") / "line.txt"
    reference.write_text(LINE.reference)
    return trust(LINE.image, "--engines", "ppocr-v6-tiny", "--reference", reference, "--json")


def test_all_three_questions_are_answered(answered: subprocess.CompletedProcess[str]) -> None:
    assert answered.returncode == 0, answered.stderr
    document = json.loads(answered.stdout)
    priced = 1 + sum(inquiry.further for inquiry in INQUIRIES.values())
    assert (document["readings"], document["failed"]) == (priced, 0)
    assert [trap["trap"] for trap in document["invented"]["ppocr-v6-tiny"]] == ["blank", "masked", "altered"]
    (steady,) = document["repeated"]
    assert (steady["readings"], steady["different_texts"], steady["mean_difference"]) == (4, 1, 0)
    rates = {point["condition"]: point["rate"] for point in document["endured"]["ppocr-v6-tiny"]}
    assert list(rates) == ["as it is", "turned 1°", "turned 3°", "blurred", "half size", "JPEG 15"]
    assert 0 <= rates["as it is"] < 0.5


def test_an_engine_that_only_looks_invents_nothing(answered: subprocess.CompletedProcess[str]) -> None:
    blank, masked, altered = json.loads(answered.stdout)["invented"]["ppocr-v6-tiny"]
    assert (blank["verdict"], blank["words"]) == ("honest", [])
    assert masked["verdict"] != "filled in"
    assert altered["verdict"] != "recited"


def test_what_costs_money_says_its_price_and_waits() -> None:
    refused = trust(LINE.image, "--engines", "gpt-5", "--question", "repeat", OPENAI_API_KEY="sk-none")
    assert refused.returncode == 2
    assert "4 readings of 1 engines for about $" in refused.stderr
    assert "--yes" in refused.stderr


def test_people_get_a_table_for_each_question_that_was_asked() -> None:
    steady = (Steadiness("tesseract", 4, 2, 0.25),)
    traps = {"tesseract": (TrapAnswer("blank", True, "invented", ("dear", "sir\x1b[2J")),)}
    out = io.StringIO()
    document = TrustAnswers("page.png", 8, 0, has_reference=False, invented=traps, repeated=steady)
    print_trust(Console(file=out, width=100), document, {"tesseract": "Tesseract 5"})
    shown = out.getvalue()
    assert "a blank strip" in shown
    assert "invented: dear, sir" in shown
    assert "\x1b" not in shown
    assert "25.0 %" in shown
    assert "perfect scan" not in shown


def test_what_is_no_image_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no image")
    refused = trust(tmp_path / "a.png")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert refused.stderr.strip()
