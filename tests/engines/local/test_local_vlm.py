from dataclasses import replace

import pytest

from engines.adapters.local_vlm import LocalVLMEngine, load_family
from engines.catalogue import spec_by_id
from engines.contract import ReadingTask, WireProtocol
from engines.errors import EngineUnavailable
from engines.page_fitting import rgb_image
from tests.engines.local.tiny_vlms import PADDLE_CHAT, save_tiny_got, save_tiny_paddle, save_tiny_qwen

TASK = ReadingTask(prompt="Read this.", max_output_tokens=12, timeout_seconds=60)
FAMILIES = {"got-ocr-2": save_tiny_got, "qwen2.5-vl-3b": save_tiny_qwen, "paddleocr-vl": save_tiny_paddle}


@pytest.fixture(scope="module", params=FAMILIES)
def engine(request, tmp_path_factory):
    import torch

    torch.manual_seed(0)
    folder = FAMILIES[request.param](tmp_path_factory.mktemp(request.param))
    row = replace(spec_by_id(request.param), model=str(folder), options={"precision": "fp32"})
    return LocalVLMEngine(row)


def test_a_page_is_read_up_to_the_output_limit(engine, drawn):
    reading = engine.read(drawn((80, 60, "words")), TASK)
    assert reading.truncated  # random weights never end
    assert reading.usage.output_tokens == 12
    assert reading.usage.input_tokens > 12
    assert reading.model_reported == engine.spec.model.rsplit("/", 1)[1]


def test_the_answer_depends_on_the_page(engine, drawn):
    full = drawn(*((0, 40 * line, "WORDS " * 12) for line in range(15)))
    assert engine.read(drawn(), TASK).text != engine.read(full, TASK).text


def test_a_large_page_is_shrunk_and_the_reading_says_so(engine, drawn):
    small = LocalVLMEngine(replace(engine.spec, options={"precision": "fp32", "max_pixels": 100_000}))
    sent = small.read(drawn(size=(1000, 600)), TASK).sent
    assert sent.width * sent.height <= 110_000


def test_a_region_is_read_alone(engine, drawn):
    region = LocalVLMEngine(replace(engine.spec, options={"precision": "fp32", "region": "0,0,200,100"}))
    page = drawn((80, 60, "words"), (500, 300, "elsewhere"))
    assert region.read(page, TASK).text != engine.read(page, TASK).text
    assert dict(region.read(page, TASK).sent.settings)["region"] == "0,0,200,100"


def test_a_region_that_is_no_box_is_refused(engine, drawn):
    wrong = LocalVLMEngine(replace(engine.spec, options={"region": "here"}))
    with pytest.raises(EngineUnavailable, match="is no region"):
        wrong.read(drawn(), TASK)


def test_the_prompt_that_was_used_is_told(engine, drawn):
    prompt = engine.read(drawn(), TASK).sent.prompt
    assert prompt == ("Read this." if engine.spec.id.startswith("qwen") else "OCR:")


def test_paddleocr_vl_is_asked_in_the_words_of_its_version(tmp_path, drawn):
    image = rgb_image(drawn((80, 60, "words"), size=(280, 280)))
    folder = save_tiny_paddle(tmp_path)
    for ending, template in {
        "OCR:\nAssistant:\n": PADDLE_CHAT,
        "OCR:\nAssistant: ": PADDLE_CHAT.replace("Assistant:\n", "Assistant: "),
    }.items():
        (folder / "chat_template.jinja").write_text(template)
        family = load_family(folder)
        asked = family.ask(image, "not its own", None)
        [tokens] = asked.tensors["input_ids"].tolist()
        pads = (asked.width // 28) * (asked.height // 28)
        seen = f"<|begin_of_sentence|>User: <|IMAGE_START|>{'<|IMAGE_PLACEHOLDER|>' * pads}<|IMAGE_END|>"
        assert family.tokenizer.decode(tokens) == seen + ending
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(EngineUnavailable, match="chat template"):
        load_family(folder)


def test_a_model_of_an_unknown_kind_is_refused(tmp_path, drawn):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    (tmp_path / "model.safetensors").write_bytes(b"")
    row = replace(spec_by_id("got-ocr-2"), model=str(tmp_path))
    assert row.protocol is WireProtocol.LOCAL_VLM
    with pytest.raises(EngineUnavailable, match="not read here"):
        LocalVLMEngine(row).read(drawn(), TASK)
