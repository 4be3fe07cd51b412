"""Addresses as people paste them: used right, or refused in a sentence that names the setting and quotes nothing."""

import pytest

from engines.catalogue import spec_by_id, with_overrides
from engines.contract import WireProtocol
from engines.endpoint import base_url, usable_address
from engines.errors import EngineUnavailable
from engines.registry import build_engine
from playground.settings import Settings, UnusableSetting
from tests.engines.cloud.conftest import KEY, engine_of, page, task, vendor  # noqa: F401  (fixtures)
from tests.vendor_answers import ROWS, TEXT

P = WireProtocol


@pytest.mark.parametrize(
    ("protocol", "typed", "used"),
    [
        (P.OPENAI_CHAT, "http://localhost:11434", "http://localhost:11434/v1"),
        (P.OPENAI_CHAT, "http://localhost:11434/", "http://localhost:11434/v1"),
        (P.OPENAI_CHAT, "http://localhost:11434/v1/chat/completions", "http://localhost:11434/v1"),
        (P.OPENAI_CHAT, "https://gateway.example.org/openai/", "https://gateway.example.org/openai"),
        (P.OPENAI_RESPONSES, "https://api.openai.com", "https://api.openai.com/v1"),
        (P.OPENAI_RESPONSES, "https://api.openai.com/v1/responses", "https://api.openai.com/v1"),
        (P.ANTHROPIC_MESSAGES, "https://api.anthropic.com/v1", "https://api.anthropic.com"),
        (P.ANTHROPIC_MESSAGES, "https://api.anthropic.com/v1/messages", "https://api.anthropic.com"),
        (P.GEMINI_GENERATE, "https://generativelanguage.googleapis.com/v1beta", "https://generativelanguage.googleapis.com"),
        (P.MISTRAL_OCR, "https://api.eu.mistral.ai/v1/ocr", "https://api.eu.mistral.ai"),
        (P.AZURE_READ, "https://me.cognitiveservices.azure.com/", "https://me.cognitiveservices.azure.com"),
        (P.AZURE_READ, "https://apim.example.org/ocr/documentintelligence", "https://apim.example.org/ocr"),
        (P.TRANSKRIBUS, "https://transkribus.eu", "https://transkribus.eu/processing/v1"),
        (P.OPENAI_CHAT, "http://[::1]:8000/v1", "http://[::1]:8000/v1"),
    ],
)  # fmt: skip
def test_an_address_is_used_as_its_sdk_wants_it(protocol, typed, used):
    assert usable_address(typed, protocol) == used


REFUSED = [
    "https://me:hunter2@api.example.org/v1",
    "https://hunter2@api.example.org/v1",
    "https://api.example.org/v1?key=hunter2",
    "https://api.example.org/v1#hunter2",
    "https://api.example.org/v1 hunter2",
    "https://api.example.org/v1\nhunter2",
    "“https://hunter2.example.org”",
    "hunter2.example.org/v1",
    "ftp://hunter2/v1",
    "http://hunter2:port/v1",
    "https:///hunter2",
]


@pytest.mark.parametrize("typed", REFUSED)
def test_what_cannot_be_used_is_refused_by_name_without_being_repeated(typed, monkeypatch):
    monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", typed)
    with pytest.raises(EngineUnavailable, match="OPENAI_COMPATIBLE_BASE_URL") as caught:
        base_url(spec_by_id("openai-compatible"))
    assert "hunter2" not in str(caught.value)
    with pytest.raises(UnusableSetting, match="OPENAI_BASE_URL") as refused:
        Settings.from_env({"OPENAI_BASE_URL": typed})
    assert "hunter2" not in str(refused.value)


OF_SDKS = {
    "OPENAI_CUSTOM_HEADERS": "x-secret: hunter2",
    "OPENAI_ORG_ID": "hunter2",
    "OPENAI_PROJECT_ID": "hunter2",
    "ANTHROPIC_CUSTOM_HEADERS": "x-secret: hunter2",
    "ANTHROPIC_AUTH_TOKEN": "hunter2",
    "GOOGLE_API_KEY": "hunter2",
    "GOOGLE_CLOUD_PROJECT": "hunter2",
}


@pytest.mark.parametrize("row", ROWS)
def test_what_an_sdk_finds_in_the_environment_does_not_travel(row, engine_of, vendor, page, task, monkeypatch):  # noqa: F811
    for name, value in OF_SDKS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(spec_by_id(row).key_env, "the host's own")
    engine_of(row).read(page, task)
    assert vendor.requests
    for request in vendor.requests:
        assert "hunter2" not in f"{request.path} {request.headers} {request.body!r}"


@pytest.mark.parametrize("row", ROWS)
def test_every_row_reads_behind_a_path(row, engine_of, vendor, page, task):  # noqa: F811
    vendor.operations_at = f"{vendor.url}/gateway"
    engine = engine_of(row, path="/gateway" + ROWS[row])
    assert engine.read(page, task).text == TEXT
    assert all(request.path.startswith("/gateway") or "token" in request.path for request in vendor.requests)


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"])
def test_the_machine_s_proxy_is_used(name, engine_of, vendor, page, task, monkeypatch):  # noqa: F811
    for other in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(name, vendor.url)
    spec = with_overrides(spec_by_id("openai-compatible"), base_url="http://llm.example.org/v1")
    assert build_engine(spec, KEY).read(page, task).text == TEXT
    assert vendor.requests[0].path.startswith("http://llm.example.org/v1")


def test_a_proxy_of_another_kind_is_refused_in_a_sentence(page, task, monkeypatch):  # noqa: F811
    for other in ("http_proxy", "HTTP_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv("ALL_PROXY", "socks5://me:hunter2@127.0.0.1:9")
    spec = with_overrides(spec_by_id("openai-compatible"), base_url="http://llm.example.org/v1")
    with pytest.raises(EngineUnavailable, match="proxy") as caught:
        build_engine(spec, KEY).read(page, task)
    assert "hunter2" not in str(caught.value)
