"""The JSON documents: their keys, null where there is nothing, and only finite figures."""

import json
import math
from datetime import date

import pytest

from engines.catalogue import spec_by_id
from engines.contract import PageImage, Reading, ReadingTask, Region
from engines.pricing import Usd
from engines.registry import Missing, Ready
from metrics.error_rate import cer, wer
from metrics.normalising import DEFAULT_RULES
from playground.documents import ScoreDocument, engine_document, plain, read_document, refused_document, to_json
from playground.engine_runs import EngineRun, Failure
from playground.scoring import score_runs

PAGE = PageImage(sha256="ab" * 32, png=b"", width=200, height=100)
READ = EngineRun(
    "reader",
    Reading("the bat", regions=(Region("word", "bat", ((1.0, 2.0), (3.0, 2.0), (3.0, 4.0), (1.0, 4.0)), 0.5),)),
    seconds=1.5,
    cost=Usd(0.002, measured=True),
)
FAILED = EngineRun("failing", Failure("timed-out", "No reading.", "Run it again.", retry_helps=True), 5.0)


def strict(text: str):  # type: ignore[no-untyped-def]
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def test_a_page_document_has_the_promised_keys() -> None:
    scores = score_runs([READ, FAILED], "the cat")
    document = strict(to_json(read_document("page.png", PAGE, ReadingTask(), [READ, FAILED], scores)))
    assert document["page"] == {"name": "page.png", "sha256": "ab" * 32, "width": 200, "height": 100, "turned": 0}
    assert document["task"]["language"] == ""
    read, failed = document["runs"]
    assert {"engine", "status", "text", "seconds", "cost_usd", "regions", "failure", "cer", "wer"} <= set(read)
    assert (read["engine"], read["status"], read["text"]) == ("reader", "reading", "the bat")
    assert (read["seconds"], read["cost_usd"], read["failure"]) == (1.5, 0.002, None)
    assert read["cer"] == {
        "substitutions": 1, "deletions": 0, "insertions": 0, "reference_length": 7, "rate": pytest.approx(1 / 7),
    }  # fmt: skip
    assert read["regions"][0]["polygon"] == [[1, 2], [3, 2], [3, 4], [1, 4]]
    assert (failed["status"], failed["text"], failed["cer"], failed["cost_usd"]) == ("failure", None, None, None)
    assert failed["failure"]["reason"] == "timed-out"


def test_without_a_reference_there_are_no_rates() -> None:
    document = plain(read_document("page.png", PAGE, ReadingTask(), [READ]))
    assert document["reference"] is None
    assert document["runs"][0]["cer"] is None  # type: ignore[index]


def test_a_file_that_is_no_page_has_a_document_too() -> None:
    document = strict(to_json(refused_document("notes.pdf", ReadingTask(), "notes.pdf is a PDF.")))
    assert document["runs"] == []
    assert document["error"] == "notes.pdf is a PDF."


def test_scores_give_counts_rates_and_rules() -> None:
    document = strict(to_json(ScoreDocument(cer("", "abc"), wer("a b", "a c"), DEFAULT_RULES)))
    assert document["cer"] == {
        "substitutions": 0, "deletions": 0, "insertions": 3, "reference_length": 0, "rate": None,
    }  # fmt: skip
    assert document["wer"]["rate"] == 0.5
    assert document["rules"]["unify_quotes_and_dashes"] is True


def test_figures_that_are_not_finite_become_null() -> None:
    odd = Reading("x", regions=(Region("word", "x", ((math.nan, 1.0),), math.inf),))
    document = strict(to_json(read_document("page.png", PAGE, ReadingTask(), [EngineRun("odd", odd, 0.1)])))
    assert document["runs"][0]["regions"][0] == {
        "level": "word", "text": "x", "polygon": [[None, 1.0]], "confidence": None, "handwritten": None,
    }  # fmt: skip


def test_what_an_engine_read_cannot_command_a_terminal() -> None:
    text = "\x1b[2J\x9b31m\u202e red"
    line = to_json(read_document("p", PAGE, ReadingTask(), [EngineRun("a", Reading(text), 0.1)]))
    assert line.isascii()
    assert line.isprintable()
    assert strict(line)["runs"][0]["text"] == text


def test_engines_say_what_they_lack() -> None:
    ready = strict(to_json(engine_document(spec_by_id("tesseract"), Ready("downloads 4 MB"))))
    assert (ready["ready"], ready["missing"], ready["first_use"]) == (True, None, "downloads 4 MB")
    missing = strict(to_json(engine_document(spec_by_id("gpt-5"), Missing("an API key", "export OPENAI_API_KEY=..."))))
    assert (missing["ready"], missing["fix"]) == (False, "export OPENAI_API_KEY=...")
    assert date.fromisoformat(missing["ends_on"])


def test_what_went_wrong_is_in_the_documents_too() -> None:
    other = EngineRun("other", Reading("The cat paid £5 to Tom"), 0.5)
    wrong = EngineRun("wrong", Reading("Here is the transcription:\n\nThe cat paid £8 to Tom"), 0.5)
    scores = score_runs([other, wrong], "The cat paid £5 to Tom")
    document = strict(to_json(read_document("page.png", PAGE, ReadingTask(), [other, wrong, FAILED], scores)))
    right, read, failed = (run["insight"] for run in document["runs"])
    assert sum(read["errors_by_class"].values()) == sum(
        document["runs"][1]["cer"][kind] for kind in ("substitutions", "deletions", "insertions")
    )
    assert read["cer_of_answer"]["substitutions"] == 1
    assert [token["fate"] for token in read["critical_tokens"]] == ["wrong", "right"]
    assert [part["kind"] for part in read["chatter"]] == ["preamble"]
    assert right["waterfall"][0]["cer"]["rate"] == 0
    assert failed is None
    agreement = document["agreement"]
    assert agreement["alarms"][0]["kind"] == "amount"
    assert agreement["disagreements"][0]["one"] == "other"
    assert {standing["reader"] for standing in agreement["agreement"]} == {"other", "wrong"}
