"""The real command line, with the real engines that come with their packages."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from engines.formats.foreign import read_foreign
from metrics.normalising import DEFAULT_RULES
from playground.__main__ import main
from playground.documents import plain, score_document
from playground.scoring import task_for
from playground.settings import Limits
from playground.uploads import accept
from tests.command_line import run_here
from tests.places import ROOT

PRINTED = "The quick brown fox jumps\nover the lazy dog"
CLEAN = {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_TOKEN"))}


def playground(*arguments: object, stdin: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    return run_here(main, *arguments, environ={**CLEAN, **variables}, stdin=stdin)


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    image = Image.new("RGB", (900, 220), "white")
    ImageDraw.Draw(image).text((40, 40), PRINTED, fill="black", font=ImageFont.load_default(52))
    folder = tmp_path_factory.mktemp("pages")
    image.save(folder / "printed.png")
    written(folder / "printed.txt", PRINTED)
    return folder / "printed.png"


@pytest.fixture(scope="module")
def read_by_four(page: Path) -> subprocess.CompletedProcess[str]:
    return playground("read", page, "--reference", page.with_suffix(".txt"), "--json")


def test_four_engines_read_without_a_key(read_by_four: subprocess.CompletedProcess[str]) -> None:
    document = json.loads(read_by_four.stdout)
    assert read_by_four.returncode == 0, read_by_four.stderr
    assert {run["engine"] for run in document["runs"]} == {"ppocr-v6-small", "ppocr-v6-tiny", "ppocr-v5", "tesseract"}
    assert {run["status"] for run in document["runs"]} == {"reading"}
    assert all(run["cer"]["rate"] < 0.1 and run["cer"]["reference_length"] == 43 for run in document["runs"])
    assert all(run["seconds"] > 0 and not run["cost_usd"] for run in document["runs"])


def test_engines_are_asked_what_the_screen_asks(read_by_four: subprocess.CompletedProcess[str], page: Path) -> None:
    asked = task_for(accept(page.read_bytes(), page.name), "", Limits().deadline_seconds)
    assert json.loads(read_by_four.stdout)["task"] == plain(asked)


def test_regions_lie_on_the_page(read_by_four: subprocess.CompletedProcess[str]) -> None:
    document = json.loads(read_by_four.stdout)
    assert (document["page"]["width"], document["page"]["height"]) == (900, 220)
    for run in document["runs"]:
        assert run["regions"], run["engine"]
        for region in run["regions"]:
            assert all(-5 <= x <= 905 and -5 <= y <= 225 for x, y in region["polygon"])


def test_without_a_reference_nothing_is_scored(page: Path) -> None:
    done = playground("read", page, "--engines", "tesseract", "--json")
    [run] = json.loads(done.stdout)["runs"]
    assert done.returncode == 0
    assert (run["cer"], run["wer"]) == (None, None)


def test_a_reference_of_blanks_is_none_as_on_the_screen(page: Path, tmp_path: Path) -> None:
    blank = written(tmp_path / "blank.txt", " \n")
    done = playground("read", page, "--engines", "tesseract", "--reference", blank, "--json")
    document = json.loads(done.stdout)
    assert (document["runs"][0]["cer"], document["reference"], document["rules"]) == (None, None, None)


def test_people_get_a_table_over_several_pages(page: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.png").write_bytes(page.read_bytes())
        written(tmp_path / f"{name}.txt", PRINTED)
    done = playground("read", tmp_path, "--engines", "tesseract", "--references-beside", COLUMNS="120")
    assert done.returncode == 0, done.stderr
    assert "one.png" in done.stdout
    assert "CER 0.00 %" in done.stdout
    assert "0/86" in done.stdout
    assert "Case and punctuation count." in done.stdout


def test_a_bad_image_stops_no_other(page: Path, tmp_path: Path) -> None:
    broken = written(tmp_path / "broken.png", "this is no image")
    missing = tmp_path / "missing.png"
    done = playground("read", broken, missing, page, "--engines", "tesseract", "--json")
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [len(document["runs"]) for document in documents] == [0, 0, 1]
    assert documents[0]["error"].startswith("broken.png ")
    assert documents[0]["error"] in done.stderr
    assert "Traceback" not in done.stderr


def test_a_language_that_an_engine_does_not_know_is_said_before_it_reads(page: Path) -> None:
    found = playground("read", page, "--engines", "ppocr-v6-tiny", "--language", "Japanese", "--json")
    assert json.loads(found.stdout)["runs"][0]["status"] == "reading"
    assert "PP-OCRv6 tiny is not known to read Japanese." in found.stderr


def test_an_engine_that_cannot_run_makes_the_status_1(page: Path) -> None:
    done = playground("read", page, "--engines", "gpt-5,tesseract", "--json")
    runs = {run["engine"]: run for run in json.loads(done.stdout)["runs"]}
    assert done.returncode == 1
    assert runs["tesseract"]["status"] == "reading"
    assert runs["gpt-5"]["status"] == "failure"
    assert runs["gpt-5"]["text"] is None
    assert "OPENAI_API_KEY" in str(runs["gpt-5"]["failure"])


def test_what_cannot_be_done_is_said_in_one_sentence(page: Path, tmp_path: Path) -> None:
    (tmp_path / "copy.png").write_bytes(page.read_bytes())
    for arguments, sentence in [
        (("read", page, "--engines", "gpt-77"), "There is no engine 'gpt-77'"),
        (("read", page, tmp_path / "copy.png", "--reference", page.with_suffix(".txt")), "--references-beside"),
        (("read", page, "--reference", tmp_path / "none.txt"), "There is no file"),
        (("score", tmp_path / "none.txt", "-"), "There is no file"),
        (("score", "one-file"), "two text files"),
        (("score", "--pairs", tmp_path / "none.jsonl"), "cannot be read"),
    ]:
        done = playground(*arguments)
        assert (done.returncode, done.stdout) == (2, ""), arguments
        assert sentence in done.stderr
        assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("option", "number", "sentence"),
    [
        ("--characters-read-per-second", "0", "above 0"),
        ("--characters-typed-per-second", "0.0", "above 0"),
        ("--hourly-rate", "-3", "no number"),
        ("--seconds-per-edit", "nan", "no number"),
        ("--hourly-rate", "inf", "no number"),
    ],
)
def test_no_page_is_priced_by_an_odd_number(page: Path, option: str, number: str, sentence: str) -> None:
    done = playground("read", page, f"{option}={number}")
    assert (done.returncode, done.stdout) == (2, "")
    assert f"argument {option}: " in done.stderr
    assert sentence in done.stderr


def test_typing_the_page_anew_is_priced_as_asked(page: Path) -> None:
    options = "--engines", "tesseract", "--reference", page.with_suffix(".txt"), "--json"
    slow, fast = (
        json.loads(playground("read", page, *options, "--characters-typed-per-second", speed).stdout)["correction"]
        for speed in ("1", "4")
    )
    assert slow["typed_anew_usd"] == pytest.approx(4 * fast["typed_anew_usd"])
    assert fast["typed_anew_usd"] > 0


def test_a_setting_that_cannot_be_used_is_named(page: Path) -> None:
    done = playground("engines", INKQUEST_DEADLINE_SECONDS="soon")
    assert done.returncode == 2
    assert done.stderr == "INKQUEST_DEADLINE_SECONDS must be a whole number above 0, but is 'soon'.\n"


def test_engines_are_listed_for_people_and_programs() -> None:
    documents = json.loads(playground("engines", "--json").stdout)
    rows = {document["id"]: document for document in documents}
    assert rows["tesseract"]["ready"]
    assert not rows["gpt-5"]["ready"]
    assert "OPENAI_API_KEY" in rows["gpt-5"]["fix"]
    assert json.loads(playground("engines", "--json", OPENAI_API_KEY="sk-x").stdout)[0]["ready"]
    shown = playground("engines", COLUMNS="120").stdout
    assert all(document["id"] in shown for document in documents)


def test_score_counts_two_files(tmp_path: Path) -> None:
    files = written(tmp_path / "r.txt", "the cat sat"), written(tmp_path / "h.txt", "the bat sat")
    document = json.loads(playground("score", *files, "--json").stdout)
    assert document["cer"] == {
        "substitutions": 1, "deletions": 0, "insertions": 0, "reference_length": 11, "rate": pytest.approx(1 / 11),
    }  # fmt: skip
    assert document["wer"]["rate"] == pytest.approx(1 / 3)
    shown = playground("score", *files).stdout
    assert "the ~c~at sat" in shown
    assert "CER 9.09 %  1 of 11 characters wrong: 1 replaced, 0 missing, 0 extra" in shown


def test_score_reads_standard_input_and_obeys_rules(tmp_path: Path) -> None:
    reference = written(tmp_path / "r.txt", "The Cat")
    strict = json.loads(playground("score", reference, "-", "--json", stdin="the cat").stdout)
    loose = json.loads(playground("score", reference, "-", "--json", "--ignore-case", stdin="the cat").stdout)
    assert (strict["cer"]["substitutions"], loose["cer"]["substitutions"]) == (2, 0)
    assert (strict["rules"]["ignore_case"], loose["rules"]["ignore_case"]) == (False, True)


def test_score_judges_words_by_the_language_it_is_told_and_nothing_without_a_reference(tmp_path: Path) -> None:
    texts = "Das Haus von Frau Müller war alt", "Das Hans von Frau Muller war alt"
    files = [written(tmp_path / f"{number}.txt", text) for number, text in enumerate(texts)]
    said = {
        language: json.loads(playground("score", *files, "--json", "--language", language).stdout)
        for language in ("German", "en")
    }
    assert said["German"] == plain(score_document(*texts, DEFAULT_RULES, "de"))
    assert said["German"]["insight"]["critical_tokens"] != said["en"]["insight"]["critical_tokens"]
    nothing = json.loads(playground("score", written(tmp_path / "no.txt", " \n"), files[0], "--json").stdout)
    assert (nothing["cer"]["insertions"] > 0, nothing["insight"]) == (True, None)


def test_score_pairs_gives_one_result_a_line() -> None:
    pairs = [("a b", "a c"), ("", "x"), ("", "")]
    lines = "".join(json.dumps({"reference": r, "hypothesis": h}) + "\n" for r, h in pairs)
    done = playground("score", "--pairs", "-", "--json", stdin=lines)
    rates = [json.loads(line)["cer"]["rate"] for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert rates == [pytest.approx(1 / 3), None, None]
    assert "2 of 3 characters wrong" in playground("score", "--pairs", "-", stdin=lines).stdout


@pytest.mark.parametrize("bad", ["{", '{"reference": 1, "hypothesis": "a"}', '["a", "b"]', '{"reference": "a"}'])
def test_score_pairs_names_the_line_that_is_wrong(tmp_path: Path, bad: str) -> None:
    pairs = written(tmp_path / "pairs.jsonl", f'{{"reference": "a", "hypothesis": "a"}}\n{bad}\n')
    done = playground("score", "--pairs", pairs, "--json")
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    assert f"{pairs}, line 2 " in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    pairs = written(tmp_path / "pairs.jsonl", '{"reference": "a", "hypothesis": "b"}\n' * 2000)
    command = f"{sys.executable} -m playground score --pairs {pairs} --json | head -1"
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=200, check=True)
    assert json.loads(done.stdout)["cer"]["rate"] == 1
    assert done.stderr == ""


def test_a_terminal_shows_progress_and_styles(page: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "playground", "read", str(page), "--engines", "tesseract"],
        cwd=ROOT, env={**CLEAN, "TERM": "xterm-256color", "COLUMNS": "60"}, stdout=theirs, stderr=theirs, text=False,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    try:
        while piece := os.read(ours, 4096):
            shown += piece
    except OSError:  # the terminal closes with the process
        pass
    finally:
        os.close(ours)
    assert process.wait(200) == 0
    assert b"Tesseract 5" in shown
    assert b"quick brown fox" in shown
    assert b"\x1b[1m" in shown


def test_ctrl_c_ends_at_once(page: Path, tmp_path: Path) -> None:
    for number in range(300):  # minutes of work, so that a slow machine may take its time to end
        (tmp_path / f"{number:03}.png").write_bytes(page.read_bytes())
    process = subprocess.Popen(
        [sys.executable, "-m", "playground", "read", str(tmp_path), "--json"],
        cwd=ROOT, env=CLEAN, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["runs"]
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=200)
    assert (process.returncode, errors) == (130, "")


def test_readings_from_elsewhere_stand_alone_or_beside_engines(page: Path, tmp_path: Path) -> None:
    reference = page.with_suffix(".txt")
    plain = written(tmp_path / "plain.txt", PRINTED.replace("fox", "fax"))
    answer = {"Blocks": [{"BlockType": "LINE", "Text": line, "Id": line} for line in PRINTED.splitlines()]}
    vendor = written(tmp_path / "answer.json", json.dumps(answer))
    own = ("--reading", f"by hand={plain}", "--reading", f"Textract={vendor}")
    done = playground("read", page, "--reference", reference, *own, "--json")
    assert done.returncode == 0, done.stderr
    hand, textract = json.loads(done.stdout)["runs"]
    assert (hand["engine"], hand["brought"], hand["seconds"], hand["cost_usd"]) == ("brought:by hand", True, None, None)
    assert (hand["cer"]["substitutions"], textract["cer"]["rate"]) == (1, 0)
    done = playground("read", page, "--reference", reference, "--engines", "tesseract", *own[:2], COLUMNS="120")
    assert done.returncode == 0, done.stderr
    assert "by hand" in done.stdout
    assert "brought, not read here" in done.stdout
    assert "Tesseract 5" in done.stdout


def test_a_reading_that_cannot_be_used_is_refused_in_a_sentence(page: Path, tmp_path: Path) -> None:
    cut = written(tmp_path / "cut.json", '{"Blocks": [{"BlockType": "LI')
    for options, sentence in (
        (("--reading", f"a={cut}"), "cut.json is JSON that is cut off"),
        (("--reading", f"a={tmp_path / 'gone.txt'}"), "There is no file"),
        (("--reading", str(cut)), "is not of the form NAME=FILE"),
        ((page, "--reading", f"a={page.with_suffix('.txt')}"), "--reading is for one image"),
        (("--engines", "brought:a"), "There is no engine"),
        (("--reading", f"a={page.with_suffix('.txt')}", "--reading", f" a={page.with_suffix('.txt')}"), "same name"),
    ):
        done = playground("read", page, *options)
        assert done.returncode == 2
        assert sentence in done.stderr
        assert "Traceback" not in done.stderr


def test_readings_are_written_as_layout_files(page: Path, tmp_path: Path) -> None:
    out = tmp_path / "not there yet"
    done = playground("read", page, "--engines", "tesseract", "--write", "alto,page,hocr,pdf", "--out", out)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in out.iterdir()) == [
        "printed.tesseract.alto.xml", "printed.tesseract.hocr", "printed.tesseract.page.xml", "printed.tesseract.pdf",
    ]  # fmt: skip
    assert "Its boxes are its own." in done.stderr
    for name in ("alto.xml", "page.xml", "hocr"):
        found = read_foreign(name, (out / f"printed.tesseract.{name}").read_bytes())
        assert found.reading.text.split() == PRINTED.split()
        assert {region.level for region in found.reading.regions} >= {"word"}
    hand = written(tmp_path / "hand.txt", PRINTED)
    done = playground("read", page, "--reading", f"../../by hand={hand}", "--write", "hocr", "--out", tmp_path / "own")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "own").iterdir()] == ["printed.brought_.._.._by hand.hocr"]
    refused = playground("read", page, "--write", "alto,docx")
    assert refused.returncode == 2
    assert "There is no format 'docx'. Choose from: alto, page, hocr, pdf." in refused.stderr


def test_two_images_of_one_name_overwrite_nothing(page: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / page.name).write_bytes(page.read_bytes())
    done = playground("read", tmp_path, "--engines", "tesseract", "--write", "hocr", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "printed-2.tesseract.hocr", "printed.tesseract.hocr",
    ]  # fmt: skip


def test_a_page_of_a_tiff_and_a_page_on_its_side(page: Path, tmp_path: Path) -> None:
    with Image.open(page) as image:
        upside_down = image.transpose(Image.Transpose.ROTATE_180)
        image.save(tmp_path / "scan.tif", save_all=True, append_images=[upside_down])
    first = playground("read", tmp_path / "scan.tif", "--engines", "tesseract", "--json")
    assert "It has 2 pages, and this is the first; for another write scan.tif:2." in first.stderr
    second = playground("read", f"{tmp_path}/scan.tif:2", "--engines", "tesseract", "--json")
    assert "scan.tif:2: The page lay upside down: turned by 180 degrees." in second.stderr
    documents = [json.loads(done.stdout) for done in (first, second)]
    assert [document["page"]["turned"] for document in documents] == [0, 180]
    assert documents[0]["runs"][0]["text"] == documents[1]["runs"][0]["text"]
    left = playground("read", f"{tmp_path}/scan.tif:2", "--engines", "tesseract", "--json", "--no-turn")
    assert json.loads(left.stdout)["page"]["turned"] == 0
    assert "fox" not in json.loads(left.stdout)["runs"][0]["text"]
