"""Training really learns: tiny models learn a handful of lines by heart, in seconds."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from engines.adapters.line_models import DTrOCREngine, TrOCREngine
from engines.catalogue import spec_by_id
from engines.contract import ReadingTask
from engines.dtrocr_model import Characters, DTrOCR, Shape, load, save
from engines.errors import EngineUnavailable, WeightsMissing
from engines.page_fitting import page_from
from engines.training import trocr_lora
from engines.training.dtrocr import DTrOCRLearner, main
from engines.training.loop import FolderLines, Plan, RenderedLines, batch_at, batches, train
from tests.engines.local.tiny_trocr import save_tiny_trocr

TEXTS = ("one", "two words", "fourth")
TINY = Shape(
    width=128, patch_height=8, hidden=64, layers=2, heads=4, positions=96, characters="defhmnortuwsi ", whole=False
)


@pytest.fixture
def lines(tmp_path):
    """Four lines as a user would have them: images beside text files."""
    folder = tmp_path / "lines"
    folder.mkdir()
    for text in TEXTS:
        image = Image.new("RGB", (260, 44), "white")
        ImageDraw.Draw(image).text((12, 6), text, fill="black", font=ImageFont.load_default(26))
        image.save(folder / f"{text}.png")
        (folder / f"{text}.txt").write_text(text)
    return folder


def page(folder, text):
    return page_from(Image.open(folder / f"{text}.png"))


class AsTheyAre(FolderLines):
    """The folder's lines without wear, so that they can be learnt by heart quickly."""

    def draw(self, random):
        return self.all()[int(random.integers(len(self.images)))]


def test_dtrocr_learns_lines_and_the_engine_reads_them(lines, tmp_path):
    import torch

    torch.manual_seed(0)
    learner = DTrOCRLearner(DTrOCR(TINY, Characters(TINY.characters)), "cpu")
    source = AsTheyAre.of(lines)
    error_rate = train(learner, source, source.all(), Plan(80, 6, 5e-3, 80), tmp_path / "out", tell=print)
    assert error_rate == 0
    engine = DTrOCREngine(replace(spec_by_id("dtrocr"), options={"path": str(tmp_path / "out")}))
    pages = [page(lines, text) for text in TEXTS]
    assert [reading.text for reading in engine.read_many(pages, ReadingTask())] == list(TEXTS)
    assert [engine.read(one, ReadingTask()).text for one in pages] == list(TEXTS)
    assert engine.read(pages[0], ReadingTask()).regions[0].confidence > 0.5


class PowerFailureError(Exception):
    """A training broken off."""


def steady_learner():
    """Without dropout, which would draw other numbers after a restart."""
    import torch

    torch.manual_seed(0)
    learner = DTrOCRLearner(DTrOCR(TINY, Characters(TINY.characters)), "cpu")
    for module in learner.model.network.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    return learner


class FailsAtStep(AsTheyAre):
    """The same lines, until the power fails after six batches of four."""

    def draw(self, random):
        if np.array_equal(random.bit_generator.state["state"]["state"], SEVENTH):
            raise PowerFailureError
        return super().draw(random)


SEVENTH = np.random.default_rng(6).bit_generator.state["state"]["state"]


def test_a_training_goes_on_where_it_was(lines, tmp_path):
    import torch

    plan, source, silent = Plan(12, 4, 1e-3, 6), AsTheyAre.of(lines), lambda told: None
    train(steady_learner(), source, source.all(), plan, tmp_path / "whole", silent)
    with pytest.raises(PowerFailureError):
        train(steady_learner(), FailsAtStep.of(lines), source.all(), plan, tmp_path / "halves", silent)
    train(steady_learner(), source, source.all(), plan, tmp_path / "halves", silent)
    whole, halves = (load(tmp_path / name).network.state_dict() for name in ("whole", "halves"))
    assert all(torch.allclose(whole[name], halves[name], atol=1e-5) for name in whole)


def test_the_command_trains_on_rendered_lines(tmp_path, repository, capsys):
    out = tmp_path / "out"
    main(
        ["--fonts", str(repository / "samples/fonts"), "--texts", str(repository / "samples/references"), "--out",
         str(out), "--size", "tiny", "--steps", "2", "--batch-size", "2", "--held-out", "2", "--workers", "1"]
    )  # fmt: skip
    assert "CER" in capsys.readouterr().out
    assert load(out).shape.width == 256


def test_trocr_learns_lines_with_an_adapter_and_the_engine_reads_with_it(lines, tmp_path):
    import torch

    torch.manual_seed(0)
    base = save_tiny_trocr(tmp_path / "base")
    learner = trocr_lora.TrOCRLearner(base, "cpu", rank=16)
    source = AsTheyAre.of(lines)
    before = trocr_lora.TrOCRLearner(base, "cpu").loss(source.all()).item()
    train(learner, source, source.all(), Plan(30, 4, 2e-2, 30), tmp_path / "adapter", tell=print)
    assert learner.loss(source.all()).item() < before / 2
    row = replace(spec_by_id("trocr-adapter"), model=str(base), options={"path": str(tmp_path / "adapter")})
    expected = [learner.reader().read_lines([line.image])[0].text for line in source.all()]
    engine = TrOCREngine(row)
    engine_reads = [engine.load_reader().read_lines([line.image])[0].text for line in source.all()]
    assert engine_reads == expected


def test_a_batch_depends_on_its_step_alone(repository):
    source = RenderedLines.of(repository / "samples/fonts", repository / "samples/references")
    first, again, other = batch_at(source, 3, 7), batch_at(source, 3, 7), batch_at(source, 3, 8)
    assert [line.text for line in first] == [line.text for line in again]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(first, again, strict=True))
    assert [line.text for line in first] != [line.text for line in other]
    beside = list(batches(source, 2, 3, 6, workers=1))
    assert [line.text for line in beside[1]] == [line.text for line in batch_at(source, 2, 4)]


def test_held_out_lines_are_not_learnt_from(lines):
    learnt, measured = FolderLines.of(lines).split(1)
    assert len(measured.images) == 1
    assert not set(learnt.images) & set(measured.images)


def test_a_folder_without_pairs_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="no image with a"):
        FolderLines.of(tmp_path)


def test_community_weights_are_loaded_under_our_names(tmp_path):
    import torch

    (tmp_path / "vocab.json").write_text('{"<|endoftext|>": 0, "a": 1}')
    (tmp_path / "merges.txt").write_text("#version: 0.2\n")
    shape = Shape(hidden=64, layers=1, heads=1, positions=160)
    model = DTrOCR(shape, type("Small", (), {"end": 50256, "size": 50257})())
    torch.save({theirs(name): weight for name, weight in model.network.state_dict().items()}, tmp_path / "their.pt")
    loaded = load(tmp_path / "their.pt")
    assert loaded.shape == shape
    ours, again = model.network.state_dict(), loaded.network.state_dict()
    assert all(torch.equal(ours[name], again[name]) for name in ours)


def theirs(name):
    for ours, community in (
        ("patches.", "transformer.patch_embeddings.projection."),
        ("decoder.transformer.wte.", "transformer.token_embedding."),
        ("decoder.transformer.wpe.", "transformer.positional_embedding."),
        ("decoder.transformer.h.", "transformer.hidden_layers."),
        ("decoder.transformer.ln_f.", "transformer.layer_norm."),
        ("decoder.lm_head.", "language_model_head."),
    ):
        if name.startswith(ours):
            return community + name.removeprefix(ours)
    return name


def test_a_file_that_is_no_checkpoint_is_told(tmp_path):
    import torch

    torch.save({"something": torch.zeros(1)}, tmp_path / "other.pt")
    with pytest.raises(EngineUnavailable, match="is no DTrOCR checkpoint"):
        load(tmp_path / "other.pt")


def test_without_weights_the_engine_says_how_to_get_some(drawn):
    with pytest.raises(WeightsMissing) as missing:
        DTrOCREngine(spec_by_id("dtrocr")).read(drawn(), ReadingTask())
    assert "engines.training.dtrocr" in missing.value.fix


def test_saved_weights_read_as_before(tmp_path):
    import torch

    torch.manual_seed(0)
    model = DTrOCR(TINY, Characters(TINY.characters))
    save(model, tmp_path)
    images = torch.randn(2, 3, TINY.height, TINY.width)
    model.network.eval()
    again = load(tmp_path)
    again.network.eval()
    assert torch.equal(model.generate(images, 10)[0], again.generate(images, 10)[0])
