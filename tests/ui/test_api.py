"""The named endpoint `/compare`, as programs call it."""

import json

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError

from samples import load_samples

LINE = next(sample for sample in load_samples() if sample.id == "line")


@pytest.fixture(scope="module")
def client(app_url):
    return Client(app_url, verbose=False)


def test_it_gives_the_document_of_the_command_line(client):
    document = client.predict(
        image=handle_file(str(LINE.image)),
        engines=["tesseract", "ppocr-v6-small"],
        reference=LINE.reference,
        api_name="/compare",
    )
    runs = {run["engine"]: run for run in document["runs"]}
    assert set(runs) == {"tesseract", "ppocr-v6-small"}
    best = runs["ppocr-v6-small"]
    assert best["status"] == "reading"
    assert best["cer"]["reference_length"] == len(LINE.reference)
    assert best["cer"]["rate"] < 0.2
    assert {region["level"] for region in best["regions"]} >= {"line", "word"}
    assert json.dumps(document, allow_nan=False)


def test_what_cannot_be_done_is_said_in_a_sentence(client, tmp_path):
    (tmp_path / "notes.png").write_bytes(b"not an image")
    with pytest.raises(AppError, match=r"notes\.png"):
        client.predict(handle_file(str(tmp_path / "notes.png")), ["tesseract"], "", api_name="/compare")
    with pytest.raises(AppError, match="nonsense"):
        client.predict(handle_file(str(LINE.image)), ["nonsense"], "", api_name="/compare")


def test_nothing_else_is_offered(client):
    assert list(client.view_api(return_format="dict")["named_endpoints"]) == ["/compare"]


def test_readings_from_elsewhere_are_scored_beside_engines_or_alone(client):
    own = [{"name": "Trial page", "text": LINE.reference, "usd": 0.5}, {"name": "by hand", "text": LINE.reference[1:]}]
    document = client.predict(handle_file(str(LINE.image)), [], LINE.reference, own, api_name="/compare")
    trial, hand = document["runs"]
    assert (trial["engine"], trial["brought"], trial["seconds"]) == ("brought:Trial page", True, None)
    assert (trial["cost_usd"], trial["cer"]["rate"]) == (0.5, 0)
    assert (hand["cost_usd"], hand["cer"]["deletions"]) == (None, 1)
    document = client.predict(handle_file(str(LINE.image)), ["tesseract"], "", own[:1], api_name="/compare")
    assert [run["brought"] for run in document["runs"]] == [False, True]
    assert document["agreement"] is not None


@pytest.mark.parametrize(
    ("readings", "sentence"),
    [
        ({"name": "a", "text": "b"}, "Give readings as a list"),
        ([{"name": "", "text": "b"}], "Give readings as a list"),
        ([{"name": "a", "text": 7}], "Give readings as a list"),
        ([{"name": "a", "text": "b", "usd": -1}], "Give readings as a list"),
        ([{"name": "a", "text": "b", "path": "/etc/passwd"}], "Give readings as a list"),
        ([{"name": "a", "text": "b"}, {"name": " a ", "text": "c"}], "same name"),
        ([{"name": "a", "text": "word " * 40_000}], "more than a page"),
        ([{"name": "a", "text": "b"}] * 21, "at most 20"),
    ],
)
def test_readings_of_another_shape_are_refused_in_a_sentence(client, readings, sentence):
    with pytest.raises(AppError, match=sentence):
        client.predict(handle_file(str(LINE.image)), [], "", readings, api_name="/compare")
