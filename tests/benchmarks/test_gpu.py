"""What the GPU benchmark says, on a CPU with tiny checkpoints; and its arithmetic, on a model counted by hand."""

import pytest

from benchmarks import gpu
from benchmarks.roofline import Machine, measured, work_of
from engines.dtrocr_model import Characters, DTrOCR, Shape, save
from tests.engines.local.tiny_trocr import save_tiny_trocr
from tests.engines.local.tiny_vlms import save_tiny_got, save_tiny_qwen


def save_tiny_dtrocr(folder):
    shape = Shape(hidden=64, layers=1, heads=1, positions=140, characters="abc")
    save(DTrOCR(shape, Characters(shape.characters)), folder)
    return folder


TINY = {
    "trocr-large": save_tiny_trocr, "dtrocr": save_tiny_dtrocr, "got-ocr-2": save_tiny_got,
    "qwen2.5-vl-3b": save_tiny_qwen,
}  # fmt: skip


@pytest.fixture(autouse=True)
def one_thread():
    """Models this small only lose by sharing work among threads."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("engine_id", TINY)
def test_each_engine_is_held_against_transformers_and_against_the_device(engine_id, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.gpu_contests.PAGE_TOKENS", 6)
    folder = TINY[engine_id](tmp_path / "weights")
    gpu.main(
        ["--on-cpu", "--engines", engine_id, "--weights", f"{engine_id}={folder}", "--batches", "1", "2", "--images",
         "2", "--rounds", "1"]
    )  # fmt: skip
    told = capsys.readouterr().out
    assert told.count("lines a second") == 3
    assert "times as fast as transformers, batches of" in told
    assert "of the compute limit" in told
    assert "of the bandwidth limit" in told
    assert "in batches of" in told


def test_without_a_gpu_it_says_so_and_measures_nothing(capsys):
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    gpu.main([])
    assert capsys.readouterr().out == "Cannot run here: no CUDA GPU, so there are no lines a second to report.\n"


def test_work_is_counted_and_held_against_both_limits():
    import torch

    seer, writer, words = torch.nn.Linear(100, 50, bias=False), torch.nn.Linear(50, 20, bias=False), 7

    def generate(tokens):
        seen = seer(torch.ones(8, 100))
        for _ in range(tokens):
            writer(seen)

    model = torch.nn.ModuleList([seer, writer, torch.nn.Embedding(words, 50)])
    work = work_of(generate, model, writer, tokens=10)
    assert work.seeing_flops == 2 * 8 * 100 * 50
    assert work.writing_flops == 2 * 8 * 50 * 20
    assert (work.seeing_bytes, work.writing_bytes) == (4 * (100 * 50 + 50 * 20), 4 * 50 * 20)
    compute_bound, memory_bound = Machine(1e3, 1e12), Machine(1e12, 1e3)
    assert work.seconds(compute_bound) == pytest.approx((80_000 + 10 * 16_000) / 1e3)
    assert work.seconds(memory_bound) == pytest.approx((24_000 + 10 * 4_000) / 1e3)
    assert "reached: 50% of the compute limit" in work.told(compute_bound, 480)


def test_a_machine_is_measured():
    import torch

    machine = measured("cpu", torch.float32)
    assert 0 < machine.bytes_per_second < 1e13
    assert 0 < machine.flops_per_second < 1e15
