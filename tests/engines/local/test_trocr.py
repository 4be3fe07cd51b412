import json
import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from threading import Event, Lock

import numpy as np
import pytest

from engines.adapters.line_models import TrOCREngine, token_cap
from engines.catalogue import spec_by_id
from engines.contract import EngineSpec, ReadingTask, listener
from engines.errors import EngineCrashed, EngineUnavailable, TimedOut, WeightsMissing
from engines.page_fitting import rgb_pixels
from engines.weights import crashes_told, turn_at
from tests.engines.local.tiny_trocr import save_tiny_trocr

BOTH_PARTS = r"(encoder\..*(q_proj|k_proj|v_proj))|(decoder\..*(q_proj|v_proj))"


def row(folder, **options) -> EngineSpec:
    return replace(spec_by_id("trocr-small"), model=str(folder), options=options)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_tiny_trocr(tmp_path_factory.mktemp("trocr"))


@pytest.fixture
def adapter(folder, tmp_path):
    """An adapter with random weights, as peft saves it from today's module names."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import VisionEncoderDecoderModel

    torch.manual_seed(1)
    model = VisionEncoderDecoderModel.from_pretrained(folder)
    adapted = get_peft_model(model, LoraConfig(r=4, lora_alpha=64, target_modules=BOTH_PARTS, use_dora=True))
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.5)
    adapted.save_pretrained(tmp_path / "adapter")
    return tmp_path / "adapter"


def pages(drawn):
    texts = ("a", "some words on a line", "and a much longer line with a good many words on it")
    return [drawn((20, 15, text), size=(60 + 17 * len(text), 70)) for text in texts]


def test_a_batch_reads_what_single_lines_read(folder, drawn):
    engine = TrOCREngine(row(folder, batch_size=3))
    task, lines = ReadingTask(), pages(drawn)
    together = [reading.text for reading in engine.read_many(lines, task)]
    assert together == [engine.read(line, task).text for line in lines]
    assert len(set(together)) > 1


def test_a_page_is_read_line_by_line_with_a_box_and_a_confidence_each(folder, drawn):
    reading = TrOCREngine(row(folder)).read(drawn((80, 60, "one line"), (80, 180, "another line")), ReadingTask())
    assert [region.level for region in reading.regions] == ["line", "line"]
    assert reading.text == "\n".join(region.text for region in reading.regions)
    assert all(0 < region.confidence <= 1 for region in reading.regions)
    assert reading.truncated  # random weights never write an end mark


def test_a_blank_page_is_an_empty_reading(folder, drawn):
    assert TrOCREngine(row(folder)).read(drawn(), ReadingTask()).text == ""


def test_wide_lines_may_hold_more_tokens():
    caps = [token_cap(np.zeros((64, width, 3), np.uint8)) for width in (64, 640, 64000)]
    assert caps == sorted(caps)
    assert caps[-1] == 128


def test_progress_is_told_line_by_line(folder, drawn):
    told: list[str] = []
    reset = listener.set(lambda doing, share: told.append(doing))
    TrOCREngine(row(folder)).read(pages(drawn)[0], ReadingTask())
    listener.reset(reset)
    assert told == ["loading TrOCR small", "line 1 of 1"]


def test_no_batch_is_started_after_the_time_allowed(folder, drawn):
    with pytest.raises(TimedOut, match="0 of 1 lines"):
        TrOCREngine(row(folder)).read(pages(drawn)[0], ReadingTask(timeout_seconds=0))


@pytest.mark.parametrize("precision", ["bf16", "int8"])
def test_lower_precision_reads_too(folder, drawn, precision):
    reading = TrOCREngine(row(folder, precision=precision)).read(pages(drawn)[1], ReadingTask())
    assert dict(reading.sent.settings)["precision"] == precision


def test_a_checkpoint_without_a_loadable_processor_is_read(folder, tmp_path, drawn):
    old = save_tiny_trocr(tmp_path / "old")
    for name in ("processor_config.json", "tokenizer_config.json", "tokenizer.json", "preprocessor_config.json"):
        (old / name).unlink(missing_ok=True)
    (old / "preprocessor_config.json").write_text(json.dumps({"image_processor_type": "ViTFeatureExtractor"}))
    line = pages(drawn)[1]
    assert (
        TrOCREngine(row(old)).read(line, ReadingTask()).text == TrOCREngine(row(folder)).read(line, ReadingTask()).text
    )


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
def test_positions_that_no_checkpoint_holds_are_put_in_their_place(tmp_path, drawn, precision):
    import torch
    from transformers.models.trocr.modeling_trocr import TrOCRSinusoidalPositionalEmbedding

    reader = TrOCREngine(row(save_tiny_trocr(tmp_path, as_published=True), precision=precision)).load_reader()
    (positions,) = [m for m in reader.placed.model.modules() if isinstance(m, TrOCRSinusoidalPositionalEmbedding)]
    expected = TrOCRSinusoidalPositionalEmbedding(*positions.weights.shape, positions.padding_idx).weights
    assert torch.equal(positions.weights, expected.to(reader.placed.dtype))
    assert reader.read_lines([rgb_pixels(page) for page in pages(drawn)])[2].text


def test_each_token_is_written_without_reading_the_earlier_ones_again(tmp_path, drawn):
    reader = TrOCREngine(row(save_tiny_trocr(tmp_path, as_published=True))).load_reader()
    lengths = []
    reader.placed.model.decoder.register_forward_pre_hook(
        lambda _decoder, _, given: lengths.append(given["input_ids"].shape[1]), with_kwargs=True
    )
    reader.read_lines([rgb_pixels(pages(drawn)[1])])
    assert set(lengths) == {1}


def test_pickled_weights_are_loaded_only_where_the_row_allows_it(folder, tmp_path, drawn):
    import torch
    from safetensors.torch import load_file

    pickled = save_tiny_trocr(tmp_path / "pickled")
    torch.save(load_file(pickled / "model.safetensors"), pickled / "pytorch_model.bin")
    (pickled / "model.safetensors").unlink()
    line = pages(drawn)[1]
    allowed = TrOCREngine(row(pickled, pickled_weights=True)).read(line, ReadingTask())
    assert allowed.text == TrOCREngine(row(folder)).read(line, ReadingTask()).text


def test_without_weights_and_hub_it_says_so_at_once(drawn, monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(WeightsMissing, match="are not on this machine and the hub cannot be reached"):
        TrOCREngine(spec_by_id("trocr-base")).read(drawn(), ReadingTask())


def test_a_name_that_is_no_repository_is_told(drawn):
    with pytest.raises(WeightsMissing, match="neither a folder here nor a hub repository"):
        TrOCREngine(row("/no/such/folder")).read(drawn(), ReadingTask())


def test_an_adapter_changes_what_is_read(folder, adapter, drawn):
    line = pages(drawn)[2]
    plain, adapted = (TrOCREngine(row(folder, **o)).read(line, ReadingTask()) for o in ({}, {"path": str(adapter)}))
    assert plain.text != adapted.text
    assert dict(adapted.sent.settings)["adapter"] == "adapter"


def test_an_adapter_saved_under_old_module_names_does_the_same(folder, adapter, tmp_path, drawn):
    line = pages(drawn)[2]
    new = TrOCREngine(row(folder, path=str(adapter))).read(line, ReadingTask())
    old = saved_as_of_old(adapter, tmp_path / "old")
    assert TrOCREngine(row(folder, path=str(old))).read(line, ReadingTask()).text == new.text


def test_an_adapter_with_a_part_missing_is_refused(folder, adapter, drawn):
    from safetensors.torch import load_file, save_file

    weights = load_file(adapter / "adapter_model.safetensors")
    weights.pop(next(name for name in weights if "lora_B" in name))
    save_file(weights, adapter / "adapter_model.safetensors")
    with pytest.raises(EngineUnavailable, match="the adapter lacks"):
        TrOCREngine(row(folder, path=str(adapter))).read(pages(drawn)[0], ReadingTask())


def test_an_adapter_for_a_larger_model_is_refused(folder, adapter, drawn):
    from safetensors.torch import load_file, save_file

    weights = load_file(adapter / "adapter_model.safetensors")
    larger = {name.replace("layers.1.", "layers.7."): weight for name, weight in weights.items()}
    save_file(larger, adapter / "adapter_model.safetensors")
    with pytest.raises(EngineUnavailable, match="the model has no modules"):
        TrOCREngine(row(folder, path=str(adapter))).read(pages(drawn)[0], ReadingTask())


def saved_as_of_old(adapter, folder):
    """The adapter as transformers 4 named its modules."""
    from safetensors.torch import load_file, save_file

    names = {"attention.q_proj": "query", "attention.k_proj": "key", "attention.v_proj": "value"}

    def old(name: str) -> str:
        name = re.sub(r"encoder\.layers\.(\d+)\.", r"encoder.encoder.layer.\1.", name)
        for new, was in names.items():
            if "encoder.encoder" in name:
                name = name.replace(new, f"attention.attention.{was}")
        return name

    folder.mkdir()
    weights = load_file(adapter / "adapter_model.safetensors")
    save_file({old(name): weight for name, weight in weights.items()}, folder / "adapter_model.safetensors")
    config = json.loads((adapter / "adapter_config.json").read_text())
    config["target_modules"] = ["query", "key", "value", "q_proj", "v_proj"]
    (folder / "adapter_config.json").write_text(json.dumps(config))
    return folder


def test_who_waits_until_a_model_has_read_for_others_is_told():
    model, said, waits = Lock(), [], Event()

    def tell(doing, _share):
        said.append(doing)
        waits.set()

    def read():
        listener.set(tell)
        with turn_at(model):
            return list(said)

    assert copy_context().run(read) == []
    model.acquire()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(read)
        waits.wait()
        model.release()
        assert waiting.result() == ["waiting for a free place", "reading"]
    assert not model.locked()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("[Errno 2] No such file or directory: '/srv/own/models--x/1f/config.json'", "directory: 'config.json'"),
        (r'cannot open "C:\Users\ann\weights\model.safetensors"', 'open "model.safetensors"'),
        ("/home/ann/.cache/hub/tokenizer.json is no JSON", "reading: tokenizer.json is no JSON"),
        ("see https://huggingface.co/docs/x and and/or 3/4", "see https://huggingface.co/docs/x and and/or 3/4"),
    ],
)  # fmt: skip
def test_what_breaks_names_no_folder_of_this_machine(said, told):
    with pytest.raises(EngineCrashed) as error, crashes_told("An engine"):
        raise OSError(said)
    assert str(error.value).endswith(told)


def test_a_folder_without_its_description_is_told_without_its_place(tmp_path, drawn):
    folder = save_tiny_trocr(tmp_path / "private" / "weights")
    (folder / "config.json").write_text("{")
    with pytest.raises(EngineCrashed) as error:
        TrOCREngine(row(folder)).read(drawn((80, 60, "words")), ReadingTask())
    assert "private" not in f"{error.value} {error.value.fix}"
