"""What the browser asks for on demand: right figures, nothing of a text runs, and odd requests get a refusal."""

import json

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from playground.host.admission import Apart
from ui.routes.insights import MOST_LETTERS, MOST_TEXTS, insights_routes

ATTACK = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def client():
    return TestClient(Starlette(routes=insights_routes(Apart())))


@pytest.mark.parametrize(
    ("what", "asked"), [("insight", {"hypothesis": "dear sit " * 300}), ("partial", {"readings": {"A": "dear " * 600}})]
)
def test_long_texts_are_counted_where_they_keep_nobody_waiting(what, asked):
    client = TestClient(Starlette(routes=insights_routes(apart := Apart())))
    for times in (1, 300):
        assert apart._idle == []
        assert ask(client, what, reference="dear sir\n" * times, rules={}, **asked).status_code == 200
    assert len(apart._idle) == 1


def ask(client, what, **asked):
    return client.post(f"/inkquest/{what}", content=json.dumps(asked))


def test_what_went_wrong(client):
    answer = ask(client, "insight", reference="Paid £5 to Tom", hypothesis="Paid £8 to Tom", rules={})
    assert answer.status_code == 200
    assert "£5 → £8" in answer.text
    assert 'data-flash="6-7"' in answer.text


def test_no_text_becomes_a_tag(client):
    rules = {"remove_markdown": False}  # else tags are markup, and nothing is left to show
    answer = ask(client, "insight", reference="a plain line", hypothesis=ATTACK, rules=rules, others=[ATTACK])
    partial = ask(client, "partial", reference="a line", readings={ATTACK: ATTACK}, rules={})
    for text in (answer.text, partial.text):
        assert "<img" not in text
        assert "&lt;" in text


def test_some_lines_of_the_page(client):
    readings = {"One": "first line\nsecond line", "Two": "first lime\nsecond lime"}
    answer = ask(client, "partial", reference="first line\nsecond line", readings=readings, rules={})
    assert answer.text.index("One") < answer.text.index("Two")
    for separator in ("\n", "\r", "\x0c", "\x85", "\u2028"):
        lines = f"x{separator}" * 999
        assert ask(client, "partial", reference=lines, readings={}, rules={}).text.count("too many lines") == 1
    many = {str(number): "x" * MOST_LETTERS for number in range(3)}
    assert ask(client, "partial", reference="x", readings=many, rules={}).text.count("too long") == 1


def test_no_more_texts_are_looked_into_than_there_can_be_readers(client):
    texts = [str(number) for number in range(MOST_TEXTS)]
    for route, more in (
        ("insight", {"hypothesis": "a", "others": texts}),
        ("partial", {"readings": {a: a for a in texts}}),
    ):
        assert ask(client, route, reference="a line", rules={}, **more).status_code == 413
    few = dict.fromkeys(texts[1:], "a line")
    assert ask(client, "partial", reference="a line", rules={}, readings=few).status_code == 200


def test_what_correction_would_cost(client):
    assumed = {"hourly_rate": 36, "seconds_per_edit": 2, "characters_read_per_second": 10}
    answer = ask(
        client, "correction", characters=600, engines=[{"label": "One", "edits": 20, "price": 0.5}], assumed=assumed,
        trial={"characters": 600, "edits": 10, "seconds": 90},
    )  # fmt: skip
    assert "$1.00" in answer.text  # 60 s of reading and 40 s of edits at a cent a second
    assert "$1.50" in answer.text
    assert 'data-adopt="3.00"' in answer.text


def test_correcting_is_set_against_typing_the_page_anew(client):
    engines = [{"label": "Near", "edits": 6, "price": 0}, {"label": "Far", "edits": 400, "price": None}]
    engines.append({"label": "Dear", "edits": 6, "price": 3})
    said = ask(client, "correction", characters=600, engines=engines, assumed={"characters_typed_per_second": 2}).text
    assert "$2.50" in said  # 300 s at $30 an hour
    assert "costs less than correcting what Dear and Far read" in said
    near = ask(client, "correction", characters=600, engines=engines[:1], assumed={}).text
    assert "Typed anew" in near
    assert "costs less than" not in near


def test_odd_requests_are_refused(client):
    assert client.post("/inkquest/insight", content="{}").status_code == 400
    assert client.get("/inkquest/insight").status_code == 405


@pytest.mark.parametrize("language", ["x" * 300_000, "1" + "x" * 300_000, "../en", "en+../x", "<b>", "\0"])
def test_only_a_language_s_code_is_looked_up(client, language):
    answer = ask(client, "insight", reference="a", hypothesis="b", rules={}, language=language)
    assert answer.status_code == 400
    assert answer.text.endswith("above nothing.")


@pytest.mark.parametrize("speed", [0, -1, "NaN", 1e-308, 1e300])
@pytest.mark.parametrize("what", ["characters_read_per_second", "characters_typed_per_second"])
def test_nobody_reads_or_types_at_no_speed(client, what, speed):
    assumed = {"hourly_rate": 36, "seconds_per_edit": 2, what: speed}
    trial = {"characters": 600, "edits": 10, "seconds": 90}
    answer = ask(client, "correction", characters=600, engines=[], assumed=assumed, trial=trial)
    assert answer.status_code == 400


@pytest.mark.parametrize("number", [-1, 1e300, 10**40])
@pytest.mark.parametrize("place", ["characters", "edits", "usd", "hourly_rate", "seconds_per_edit", "trial"])
def test_no_number_is_counted_with_that_nobody_counts(client, place, number):
    said = {"characters": 600, "edits": 2, "usd": 0.1, "hourly_rate": 36, "seconds_per_edit": 2, "trial": 90}
    for numbers, status in ((said, 200), (said | {place: number}, 400)):
        assumed = {name: numbers[name] for name in ("hourly_rate", "seconds_per_edit")}
        engines = [{"label": "One", "edits": numbers["edits"], "price": numbers["usd"]}]
        trial = {"characters": 600, "edits": 10, "seconds": numbers["trial"]}
        asked = {"characters": numbers["characters"], "engines": engines, "assumed": assumed, "trial": trial}
        assert ask(client, "correction", **asked).status_code == status


@pytest.mark.parametrize("long", ["x" * (MOST_LETTERS + 1), "\U0001f1e9" * (MOST_LETTERS + 1)])
def test_no_more_is_looked_into_than_some_pages(client, long):
    for asked in ({"reference": long, "hypothesis": ""}, {"reference": "", "hypothesis": long}):
        assert ask(client, "insight", rules={}, **asked).status_code == 413
    assert ask(client, "insight", reference="a", hypothesis="a", others=[long], rules={}).status_code == 413
    assert ask(client, "partial", reference="a", readings={"One": long}, rules={}).status_code == 413
