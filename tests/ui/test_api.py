"""The named endpoint `/compare`, as programs call it."""

import json

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from playground.documents import plain
from playground.host.guard import Visitor
from playground.scoring import RULES, Conventions, task_for
from playground.settings import Settings
from playground.uploads import accept
from samples import load_samples
from tests.ui.conftest import DEADLINE_SECONDS
from ui.house import House
from ui.programs import STRANGERS_LETTERS, Page, Programs, Refused

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


def test_a_page_upside_down_is_turned_and_read_in_its_language(client, tmp_path):
    with Image.open(LINE.image) as image:
        image.transpose(Image.Transpose.ROTATE_180).save(tmp_path / "down.png")
    document = client.predict(
        handle_file(str(tmp_path / "down.png")), ["ppocr-v6-small"], LINE.reference, "German", api_name="/compare"
    )
    assert document["page"]["turned"] == 180
    assert document["runs"][0]["cer"]["rate"] < 0.2
    assert document["task"]["language"] == "de"
    assert document["task"]["prompt"].endswith("The page is written in German.")


def test_what_cannot_be_done_is_said_in_a_sentence(client, tmp_path):
    (tmp_path / "notes.png").write_bytes(b"not an image")
    with pytest.raises(AppError, match=r"notes\.png"):
        client.predict(handle_file(str(tmp_path / "notes.png")), ["tesseract"], "", api_name="/compare")
    with pytest.raises(AppError, match="nonsense"):
        client.predict(handle_file(str(LINE.image)), ["nonsense"], "", api_name="/compare")


@pytest.mark.parametrize(
    ("odd", "sentence"),
    [
        ({"engines": 7}, "Give engines as a list of names"),
        ({"engines": {"tesseract": 1}}, "Give engines as a list of names"),
        ({"engines": [None]}, "Give engines as a list of names"),
        ({"engines": ["none such"]}, "There is no engine 'none such' here"),
        ({"rules": [["Ignore case"]]}, "Give rules as a list of names"),
        ({"rules": "none such"}, "There is no rule 'none such'"),
        ({"conventions": 5}, "Give conventions as a list of names"),
        ({"reference": ["a", "b"]}, "Give reference as one text"),
        ({"language": 7}, "Give language as one text"),
        ({"image": "a text"}, "of another kind"),
    ],
)
def test_what_is_of_another_kind_is_refused_in_a_sentence(client, odd, sentence):
    asked = {"image": handle_file(str(LINE.image)), "engines": ["tesseract"], **odd}
    with pytest.raises(AppError, match=sentence) as refusal:
        client.predict(**asked, api_name="/compare")
    assert "Value:" not in str(refusal.value)


def test_lines_are_not_scored_as_a_text(client):
    with pytest.raises(AppError, match="Give hypothesis as one text"):
        client.predict("Dear Sir", ["Dear", "Sir"], api_name="/score")


def test_readings_from_elsewhere_are_scored_beside_engines_or_alone(client):
    own = [{"name": "Trial page", "text": LINE.reference, "usd": 0.5}, {"name": "by hand", "text": LINE.reference[1:]}]
    document = client.predict(handle_file(str(LINE.image)), [], LINE.reference, readings=own, api_name="/compare")
    trial, hand = document["runs"]
    assert (trial["engine"], trial["brought"], trial["seconds"]) == ("brought:Trial page", True, None)
    assert (trial["cost_usd"], trial["cer"]["rate"]) == (0.5, 0)
    assert (hand["cost_usd"], hand["cer"]["deletions"]) == (None, 1)
    document = client.predict(handle_file(str(LINE.image)), ["tesseract"], "", readings=own[:1], api_name="/compare")
    assert [run["brought"] for run in document["runs"]] == [False, True]
    assert document["agreement"] is not None


@pytest.mark.parametrize(
    ("readings", "sentence"),
    [
        ({"name": "a", "text": "b"}, "Give readings as a list"),
        ([{"name": "", "text": "b"}], "Give readings as a list"),
        ([{"name": "a", "text": 7}], "Give readings as a list"),
        ([{"name": "a", "text": "b", "usd": -1}], "Give readings as a list"),
        ([{"name": "a", "text": "b", "path": "/etc/passwd"}], "never uploaded"),
        ([{"name": "a", "text": "b"}, {"name": " a ", "text": "c"}], "same name"),
        ([{"name": "a", "text": "word " * 40_000}], "100,000 characters at most"),
        ([{"name": "a", "text": "b"}] * 21, "at most 20"),
    ],
)
def test_readings_of_another_shape_are_refused_in_a_sentence(client, readings, sentence):
    with pytest.raises(AppError, match=sentence):
        client.predict(handle_file(str(LINE.image)), [], "", readings=readings, api_name="/compare")


def test_a_text_is_scored_by_the_rules_asked_for(client):
    scored = client.predict("Dear Sir", "dear sir", api_name="/score")
    assert scored["cer"]["substitutions"] == 2
    assert scored["rules"]["ignore_case"] is False
    scored = client.predict("Dear Sir", "dear sir", rules=["Ignore case"], api_name="/score")
    assert scored["cer"]["rate"] == 0


def test_conventions_drive_the_prompt_and_the_rules(client):
    document = client.predict(
        image=handle_file(str(LINE.image)),
        engines=["tesseract"],
        reference=LINE.reference,
        conventions=["Join words hyphenated at line ends"],
        api_name="/compare",
    )
    page, asked = accept(LINE.image.read_bytes(), LINE.image.name), Conventions(join_hyphenated=True)
    assert document["task"] == plain(task_for(page, "", DEADLINE_SECONDS, asked)), "what the screen asks"
    assert document["rules"]["join_hyphenated"] is True


def test_without_conventions_the_rules_asked_for_hold(client):
    wanted = [label for label, name in RULES.items() if name in {"join_hyphenated", "compatibility", "ignore_case"}]
    document = client.predict(
        image=handle_file(str(LINE.image)), engines=["tesseract"], reference=LINE.reference, rules=wanted,
        api_name="/compare",
    )  # fmt: skip
    assert [name for label, name in RULES.items() if document["rules"][name]] == [RULES[label] for label in wanted]
    page = accept(LINE.image.read_bytes(), LINE.image.name)
    assert document["task"] == plain(task_for(page, "", DEADLINE_SECONDS)), "what the screen asks"


def test_engines_and_languages_are_listed(client):
    rows = {row["id"]: row for row in client.predict(api_name="/engines")}
    assert rows["tesseract"]["ready"] is True
    assert rows["tesseract"]["box_levels"]
    listed = client.predict(api_name="/languages")
    known = {row["code"]: row for row in listed["languages"]}
    assert "tesseract" in known["en"]["engines"]
    assert known["ja"]["name"] == "Japanese"
    assert set(listed["any"]) | set(listed["unstated"]) <= set(rows)


@pytest.fixture
def two_pages(tmp_path):
    """The line is the second page of a TIFF and of a PDF."""
    with Image.open(LINE.image) as image:
        for name in ("two.tif", "two.pdf"):
            Image.new("RGB", image.size, "white").save(tmp_path / name, save_all=True, append_images=[image.copy()])
    return tmp_path


@pytest.mark.parametrize("name", ["two.tif", "two.pdf"])
def test_one_page_of_several_is_read_and_none_is_guessed(client, two_pages, name):
    asked = {"image": handle_file(str(two_pages / name)), "engines": "ppocr-v6-small", "api_name": "/compare"}
    for page in (2, "2"):
        document = client.predict(**asked, page=page)
        assert document["page"]["name"] == f"{name}:2"
        assert "station clock" in document["runs"][0]["text"]
    for page, sentence in ((0, "more than one page"), (3, "no page 3"), (-1, "from 1"), (1.5, "from 1"), ("two", "1")):
        with pytest.raises(AppError, match=sentence):
            client.predict(**asked, page=page)


def test_by_position_the_rest_is_as_told_and_null_is_the_default(client):
    engines = ["tesseract"]
    nothing = dict.fromkeys(("reference", "language", "conventions", "rules", "readings", "page"))
    alone = client.predict(handle_file(str(LINE.image)), engines, LINE.reference, api_name="/compare")
    null = client.predict(handle_file(str(LINE.image)), engines, **nothing, api_name="/compare")
    assert null["runs"][0]["text"] == alone["runs"][0]["text"]
    assert null["task"] == alone["task"]
    scored = client.predict("Dear Sir", "Dear Sir", api_name="/score")
    assert client.predict("Dear Sir", "Dear Sir", None, None, api_name="/score") == scored
    assert client.predict("Dear Sir", None, api_name="/score")["cer"]["deletions"] == len("Dear Sir")


@pytest.mark.parametrize("language", ["english please", "../../etc", "e", "en; rm -rf"])
def test_a_language_that_is_none_is_refused(client, language):
    with pytest.raises(AppError, match="no language code"):
        client.predict("a", "b", language=language, api_name="/score")


def test_endless_texts_are_refused(client):
    with pytest.raises(AppError, match="at most"):
        client.predict("a" * 100_001, "b", api_name="/score")


def test_nothing_else_is_offered_and_everything_is_told(client):
    offered = client.view_api(return_format="dict")["named_endpoints"]
    assert list(offered) == ["/compare", "/score", "/engines", "/languages"]
    answers = {endpoint["returns"][0]["python_type"]["description"] for endpoint in offered.values()}
    assert len(answers) == len(offered)
    for name, endpoint in offered.items():
        assert len(endpoint["description"]) > 40, name
        assert all(len(answer["python_type"]["description"]) > 5 for answer in endpoint["returns"])
        for parameter in endpoint["parameters"]:
            assert len(parameter["python_type"]["description"]) > 20, parameter["parameter_name"]
    assert [parameter["parameter_name"] for parameter in offered["/compare"]["parameters"]] == [
        "image", "engines", "reference", "language", "conventions", "rules", "readings", "page",
    ]  # fmt: skip


@pytest.fixture
def house(tmp_path):
    """A public host."""
    environ = {"INKQUEST_PUBLIC": "1", "INKQUEST_DATA": str(tmp_path)}
    return House.open(Settings.from_env(environ), environ)


def test_texts_that_strangers_bring_wait_for_their_own_turn_and_keep_nobody_from_sending_a_page(house):
    programs, page, ann = (
        Programs(house.offer, house.hosting),
        Page(LINE.image.read_bytes(), "line.png"),
        Visitor("ann"),
    )
    own = [{"name": "somebody", "text": "a line"}]
    assert len(programs.compare(page, ann, readings=own, reference="a line")["runs"]) == 1
    house.hosting.answering.close(0)
    with pytest.raises(Refused, match="try again in a minute"):
        programs.compare(page, ann, readings=own, reference="a line")
    with pytest.raises(Refused, match="try again in a minute"):
        programs.score("a line", "a lime", ann)


def test_strangers_score_some_pages_and_no_book(house):
    programs, page, ann = (
        Programs(house.offer, house.hosting),
        Page(LINE.image.read_bytes(), "line.png"),
        Visitor("ann"),
    )
    own = [{"name": "somebody", "text": "a lime " * 1000}]
    read = programs.compare(page, ann, readings=own, reference="a line " * 1000)
    assert read["runs"][0]["cer"]["substitutions"] == 1000
    assert len(house.hosting.apart._idle) == 1  # where it keeps nobody waiting
    house.hosting.decoding.close(0)
    house.hosting.apart._idle.clear()
    assert programs.score("a line", "a lime", ann)
    assert house.hosting.apart._idle == []
    assert programs.score("a line " * 1000, "a lime " * 1000, ann)
    assert len(house.hosting.apart._idle) == 1
    long = "a line " * STRANGERS_LETTERS
    with pytest.raises(Refused, match="30,000 characters at most"):
        programs.score("a line", long, ann)
    for texts, why in (([long], "30,000 characters at most"), (["word " * 5000] * 5, "100,000 characters together")):
        own = [{"name": str(number), "text": text[: STRANGERS_LETTERS + 1]} for number, text in enumerate(texts)]
        with pytest.raises(Refused, match=why):
            programs.compare(page, ann, readings=own)
