"""The vendors' own example answers (../shared/specs/examples), each read right."""

import json

import pytest

from engines.contract import PageImage
from engines.errors import EngineError
from tests.places import SHARED

EXAMPLES = SHARED / "specs" / "examples"
pytestmark = pytest.mark.skipif(not EXAMPLES.is_dir(), reason="../shared/specs is not here")

OCR_PAGE = 1700, 2200


@pytest.fixture
def read(engine_of, vendor, page, task):
    def answer_with(row, ending, example):
        vendor.answers[ending] = json.loads((EXAMPLES / example).read_text(encoding="utf-8"))
        return engine_of(row).read(page, task)

    return answer_with


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("openai/responses--*.json")))
def test_openai_responses(example, read):
    document = json.loads((EXAMPLES / "openai" / example).read_text(encoding="utf-8"))
    reading = read("gpt-5", "/responses", f"openai/{example}")
    texts = [part["text"] for item in document["output"] if item["type"] == "message" for part in item["content"]]
    assert reading.text == "".join(texts)
    assert reading.model_reported == document["model"]
    assert reading.usage.output_tokens == document["usage"]["output_tokens"]


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("openai/chat-completions--*.json")))
@pytest.mark.parametrize("row", ["openai-compatible", "qwen2.5-vl"])
def test_chat_completions(row, example, read):
    document = json.loads((EXAMPLES / "openai" / example).read_text(encoding="utf-8"))
    reading = read(row, "/chat/completions", f"openai/{example}")
    assert reading.text == document["choices"][0]["message"]["content"]
    assert reading.usage.input_tokens == document["usage"]["prompt_tokens"]


def test_anthropic_message(read):
    reading = read("claude-opus-4-7", "/messages", "anthropic/message.from-sdk-tests.response.json")
    document = json.loads((EXAMPLES / "anthropic/message.from-sdk-tests.response.json").read_text(encoding="utf-8"))
    assert reading.text == "".join(block["text"] for block in document["content"])
    assert reading.model_reported == document["model"]


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("mistral/docs--*.json")))
def test_mistral(example, read):
    document = json.loads((EXAMPLES / "mistral" / example).read_text(encoding="utf-8"))
    reading = read("mistral-ocr-4", "/ocr", f"mistral/{example}")
    assert reading.text == document["pages"][0]["markdown"]
    blocks = [block for block in document["pages"][0].get("blocks") or [] if block["content"]]
    assert [region.text for region in reading.regions] == [block["content"] for block in blocks]


def test_mistral_blocks_come_back_in_the_page_s_pixels(engine_of, vendor, page, task):
    vendor.answers["/ocr"] = json.loads((EXAMPLES / "mistral/docs--blocks-ocr4.response.json").read_text())
    twice = PageImage(page.sha256, page.png, 2 * OCR_PAGE[0], 2 * OCR_PAGE[1])
    title = engine_of("mistral-ocr-4").read(twice, task).regions[0]
    assert title.polygon == ((480, 360), (2920, 360), (2920, 520), (480, 520))
    assert title.confidence == 0.9982


def test_mistral_example_without_dimensions_keeps_its_text(read):
    reading = read("mistral-ocr-4", "/ocr", "mistral/openapi--userExample.response.json")
    assert reading.text
    assert reading.regions == ()


def test_azure_result_in_inches(read, page):
    reading = read("azure-read", "/abc", "azure/GetAnalyzeDocumentResult.EXCERPT-first-3-words.json")
    assert reading.text == "CONTOSO LTD.\nINVOICE"
    assert [region.text for region in reading.regions] == ["CONTOSO", "LTD.", "INVOICE"]
    x, y = reading.regions[0].polygon[0]
    assert (x, y) == (pytest.approx(0.5911 / 8.5 * page.width), pytest.approx(0.6857 / 11 * page.height))
    assert {region.handwritten for region in reading.regions} == {None}


def test_anthropic_error_shape(engine_of, vendor, page, task):
    vendor.fault = "401"
    with pytest.raises(EngineError) as caught:
        engine_of("claude-opus-4-7").read(page, task)
    shape = json.loads((EXAMPLES / "anthropic/error.shape-from-sdk-tests.json").read_text(encoding="utf-8"))
    assert set(shape) >= {"type", "error"}
    assert "No: 401" in str(caught.value)
