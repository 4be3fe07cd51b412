"""What the first answer of the app holds, told without a browser as chat programs do."""

import fnmatch
import re

import httpx2
import pytest
import yaml
from gradio import routes

from engines.catalogue import CATALOGUE
from engines.weights import DESCRIPTIONS, PICKLED_WEIGHTS, SAFE_WEIGHTS
from playground.offer import Offer
from playground.settings import Settings
from tests.places import ROOT

TAG = re.compile(r'<meta\s+(?:property|name)="([^"]+)"\s+content="([^"]*)"')


def tags(answer):
    found = TAG.findall(answer.text)
    assert len({name for name, _ in found}) == len(found), "a tag stands twice"
    return dict(found)


def test_a_link_to_the_app_shows_the_app(app_url):
    answer = httpx2.get(app_url)
    told = tags(answer)
    assert "Gradio" not in " ".join(value for name, value in told.items() if name.startswith(("og:", "twitter:")))
    assert told["og:title"].startswith("Inkquest")
    assert told["og:title"] == told["twitter:title"]
    assert len(told["og:description"]) > 50
    assert told["og:url"] == f"{app_url}/"
    assert told["twitter:card"] == "summary_large_image"
    picture = httpx2.get(told["og:image"])
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8")


def test_behind_a_proxy_the_addresses_are_the_visitors(app_url):
    seen = {"x-forwarded-host": "someone-inkquest.hf.space", "x-forwarded-proto": "https"}
    told = tags(httpx2.get(app_url, headers=seen))
    assert told["og:image"] == "https://someone-inkquest.hf.space/inkquest/preview.jpg"


def test_a_forged_host_writes_no_tag(app_url):
    answer = httpx2.get(app_url, headers={"x-forwarded-host": '"><script>alert(1)</script>'})
    assert "<script>alert(1)" not in answer.text


def test_strip_style_and_fonts_are_there_before_any_script(app_url):
    answer = httpx2.get(app_url).text
    assert '<header class="masthead">' in answer.partition("<gradio-app")[0]
    fonts = set(re.findall(r'url\("(inkquest/fonts/[^"]+)"\)', answer.partition("</head>")[0]))
    assert len(fonts) >= 4
    for font in fonts:
        assert httpx2.get(f"{app_url}/{font}").content.startswith(b"wOF2")
    shared = httpx2.get(f"{app_url}/r/shared.css").text
    assert {f"../{font}" for font in fonts} == set(re.findall(r'url\("([^"]+fonts/[^"]+)"\)', shared))
    assert httpx2.get(f"{app_url}/inkquest/fonts/README.md").status_code == 404


def test_gradio_still_has_the_tags_that_are_replaced():
    """Where they are gone or look different the page would have both."""
    source, *_ = routes.templates.env.loader.get_source(routes.templates.env, "frontend/index.html")
    assert len(re.findall(r"(?:og|twitter):", source)) >= 9
    assert [source.count(tag) for tag in ("<head>", "</head>", "<gradio-app")] == [1, 1, 1]


@pytest.fixture(scope="module")
def front_matter():
    return yaml.safe_load((ROOT / "README.md").read_text(encoding="utf-8").split("---\n")[1])


def test_the_space_fetches_the_weights_it_begins_with_before_it_starts_and_no_others(front_matter):
    assert front_matter["suggested_hardware"] == "zero-a10g"
    on_that = {"SPACES_ZERO_GPU": "1"}
    offer = Offer.from_settings(Settings.from_env(on_that), on_that)
    first = [offer.spec(engine_id) for engine_id in offer.default_slots()]
    wanted = {spec.weights.repo_id: spec for spec in first if spec.weights and spec.weights.origin == "hub"}
    entries = [entry.split(" ") for entry in front_matter["preload_from_hub"]]
    assert [repo_id for repo_id, _, _ in entries] == list(wanted)
    for repo_id, listed, revision in entries:
        assert revision == wanted[repo_id].weights.revision
        files, pickled = listed.split(","), wanted[repo_id].options.get("pickled_weights")
        weights = PICKLED_WEIGHTS if pickled else SAFE_WEIGHTS
        assert all(fnmatch.filter(files, pattern) for pattern in weights)
        assert all(any(fnmatch.fnmatch(name, one) for one in (*DESCRIPTIONS, *weights)) for name in files)


def test_the_space_lists_every_model_that_it_can_fetch_and_starts_small(front_matter):
    fetched = {spec.weights.repo_id for spec in CATALOGUE if spec.weights and spec.weights.repo_id}
    assert set(front_matter["models"]) == fetched
    assert front_matter["header"] == "mini"
