"""The tools at `/inkquest/mcp`, called by the protocol's own client against the real app."""

import asyncio
import base64
import json
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from mcp import Client
from PIL import Image

from samples import load_samples
from tests.live_app import serve

LINE = next(sample for sample in load_samples() if sample.id == "line")
IMAGE = base64.b64encode(LINE.image.read_bytes()).decode()
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
HEADERS = {"Accept": "application/json, text/event-stream"}


def ran(coroutine):
    """What it returns, run on a thread of its own: a browser that is open keeps a loop running on this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def called(app_url, tool, **arguments):
    async def call():
        async with Client(f"{app_url}/inkquest/mcp") as client:
            return await client.call_tool(tool, arguments)

    return ran(call())


def said(result):
    return " ".join(part.text for part in result.content)


def test_four_tools_are_told_with_every_parameter(app_url):
    async def listed():
        async with Client(f"{app_url}/inkquest/mcp") as client:
            return (await client.list_tools()).tools

    tools = {tool.name: tool for tool in ran(listed())}
    assert list(tools) == ["compare", "score", "engines", "languages"]
    for tool in tools.values():
        assert len(tool.description) > 40
        assert all(len(told["description"]) > 15 for told in tool.input_schema["properties"].values())
    assert "context" not in tools["compare"].input_schema["properties"]
    assert tools["compare"].input_schema["required"] == ["image_base64"]


def test_a_page_is_compared(app_url):
    result = called(app_url, "compare", image_base64=IMAGE, engines=["ppocr-v6-small"], reference=LINE.reference)
    assert not result.is_error, said(result)
    document = result.structured_content
    assert document == json.loads(said(result))
    assert document["runs"][0]["cer"]["rate"] < 0.2


def test_a_page_of_several_is_compared_with_a_reading_from_elsewhere(app_url, tmp_path):
    with Image.open(LINE.image) as image:
        blank = Image.new("RGB", image.size, "white")
        blank.save(tmp_path / "two.pdf", save_all=True, append_images=[image.copy()])
    two = base64.b64encode((tmp_path / "two.pdf").read_bytes()).decode()
    own = [{"name": "trial", "text": LINE.reference}]
    result = called(app_url, "compare", image_base64=two, reference=LINE.reference, readings=own, page=2)
    assert not result.is_error, said(result)
    document = result.structured_content
    assert document["page"]["name"] == "page:2"
    assert [(run["brought"], run["cer"]["rate"]) for run in document["runs"]] == [(True, 0)]


def test_texts_engines_and_languages(app_url):
    scored = called(app_url, "score", reference="Dear Sir", hypothesis="dear sir", rules=["Ignore case"])
    assert scored.structured_content["cer"]["rate"] == 0
    rows = called(app_url, "engines").structured_content["result"]
    assert "tesseract" in {row["id"] for row in rows}
    assert "en" in {row["code"] for row in called(app_url, "languages").structured_content["languages"]}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"image_base64": "%%%"}, "is not base64"),
        ({"image_base64": base64.b64encode(b"no image").decode()}, "page is not a readable image"),
        ({"image_base64": IMAGE, "page": -1}, "counted from 1"),
        ({"image_base64": IMAGE, "page": 2}, "no page 2"),
        ({"image_base64": IMAGE, "readings": [{"name": "a"}]}, "Give readings as a list"),
        ({"image_base64": IMAGE, "engines": ["nonsense"]}, "There is no engine 'nonsense' here"),
        ({"image_base64": IMAGE, "rules": ["nonsense"]}, "There is no rule 'nonsense'"),
        ({"image_base64": IMAGE, "conventions": ["nonsense"]}, "There is no convention 'nonsense'"),
        ({"image_base64": IMAGE, "language": "../x"}, "no language code"),
        ({"image_base64": IMAGE, "reference": "a" * 100_001}, "at most"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(app_url, arguments, sentence):
    result = called(app_url, "compare", **arguments)
    assert result.is_error
    assert sentence in said(result)
    assert "Traceback" not in said(result)
    assert "/" not in said(result).replace("'../x'", "")


@pytest.mark.parametrize(
    ("tool", "arguments", "sentence"),
    [
        ("score", {"reference": "a"}, "score cannot be called so: hypothesis: field required"),
        ("score", {"reference": 1, "hypothesis": "hush"}, "reference: input should be a valid string"),
        ("score", {"reference": "a", "hypothesis": "b", "rules": 7}, "rules: input should be a valid list"),
        ("compare", {"image_base64": IMAGE, "page": 1.5}, "page: input should be a valid integer"),
        ("compare", {"image_base64": None}, "image_base64: field required"),
        ("none such", {}, "Unknown tool"),
    ],
)
def test_a_call_that_does_not_fit_is_told_what_does(app_url, tool, arguments, sentence):
    result = called(app_url, tool, **arguments)
    assert result.is_error
    assert sentence in said(result)
    for inner in ("pydantic", "validation error", "hush", "Error executing"):
        assert inner not in said(result)


def test_null_is_the_default_and_a_name_alone_a_list(app_url):
    usual = called(app_url, "score", reference="Dear Sir", hypothesis="dear sir").structured_content
    null = called(app_url, "score", reference="Dear Sir", hypothesis="dear sir", rules=None, language=None)
    assert null.structured_content == usual
    alone = called(app_url, "score", reference="Dear Sir", hypothesis="dear sir", rules="Ignore case")
    assert alone.structured_content["cer"]["rate"] == 0


def test_no_page_of_another_site_may_call(app_url):
    address = f"{app_url}/inkquest/mcp"
    assert httpx2.post(address, json=INITIALIZE, headers=HEADERS).status_code == 200
    own = httpx2.post(address, json=INITIALIZE, headers={**HEADERS, "Origin": app_url})
    assert own.status_code == 200
    for other in ("https://evil.example", "null", app_url.replace("127.0.0.1", "localhost")):
        refused = httpx2.post(address, json=INITIALIZE, headers={**HEADERS, "Origin": other})
        assert refused.status_code == 403, other
    rebound = {**HEADERS, "Host": "evil.example", "Origin": "http://evil.example"}
    assert httpx2.post(address, json=INITIALIZE, headers=rebound).status_code == 403


def test_too_much_is_refused_unread(app_url):
    body = b" " * (40 * 2**20)
    answer = httpx2.post(
        f"{app_url}/inkquest/mcp", content=body, headers={**HEADERS, "Content-Type": "application/json"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call"}', b"\xff"])
def test_what_is_no_call_gets_no_trace(app_url, body):
    headers = {**HEADERS, "Content-Type": "application/json"}
    answer = httpx2.post(f"{app_url}/inkquest/mcp", content=body, headers=headers)
    assert answer.status_code < 500
    assert "Traceback" not in answer.text
    assert "site-packages" not in answer.text


@pytest.fixture(scope="module")
def public_url(cloud, tmp_path_factory):
    """An app for strangers who may call its tools (`test_doors` has one where they may not)."""
    environment = {"INKQUEST_PUBLIC": "1", "INKQUEST_MCP": "1", "OPENAI_API_KEY": "sk-canary"}
    process, url = serve(tmp_path_factory.mktemp("public"), OPENAI_BASE_URL=f"{cloud.url}/v1", **environment)
    yield url
    process.terminate()
    process.wait(200)


def test_where_strangers_visit_it_is_on_once_switched_on(public_url):
    assert httpx2.post(f"{public_url}/inkquest/mcp", json=INITIALIZE, headers=HEADERS).status_code == 200


def test_strangers_spend_none_of_the_host_s_money_without_a_budget(public_url, vendor):
    result = called(public_url, "compare", image_base64=IMAGE, engines=["gpt-4o"])
    assert result.structured_content["runs"][0]["status"] == "failure"
    assert vendor.requests == []
    assert "sk-canary" not in said(result)
