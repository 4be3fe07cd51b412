"""The least time that a model's work can take here: its multiplications and the bytes it must read, at measured speeds.

Knows nothing of the models but what running them once tells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

Generate = Callable[[int], object]
"""Writes so many new tokens for one batch."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a device does at most: floating-point operations and bytes from its memory a second."""

    flops_per_second: float
    bytes_per_second: float


@dataclass(frozen=True, slots=True)
class Work:
    """What a batch takes: to see its images once, and to write each of `tokens` tokens for all of them."""

    seeing_flops: float
    seeing_bytes: float
    writing_flops: float
    writing_bytes: float
    tokens: float

    def seconds(self, machine: Machine) -> float:
        """Least seconds for the batch: each part at whichever of its two limits is the slower."""
        return self.seeing_seconds(machine) + self.writing_seconds(machine)

    def seeing_seconds(self, machine: Machine) -> float:
        """Least seconds until the first token can be written."""
        return max(self.seeing_flops / machine.flops_per_second, self.seeing_bytes / machine.bytes_per_second)

    def writing_seconds(self, machine: Machine) -> float:
        """Least seconds for all tokens, one after the other."""
        one = max(self.writing_flops / machine.flops_per_second, self.writing_bytes / machine.bytes_per_second)
        return self.tokens * one

    def told(self, machine: Machine, seconds: float) -> str:
        """Two lines: the limits, and which share of the compute and of the bandwidth limit `seconds` reach."""
        flops = self.seeing_flops + self.tokens * self.writing_flops
        read = self.seeing_bytes + self.tokens * self.writing_bytes
        compute, bandwidth = flops / machine.flops_per_second, read / machine.bytes_per_second
        return (
            f"  limit: seeing {self.seeing_flops / 1e9:.1f} GFLOP = {self.seeing_seconds(machine):.3f} s, writing "
            f"{self.tokens:.0f} tokens of {self.writing_bytes / 1e6:.0f} MB and {self.writing_flops / 1e9:.2f} GFLOP "
            f"= {self.writing_seconds(machine):.3f} s\n"
            f"  reached: {compute / seconds:.0%} of the compute limit, {bandwidth / seconds:.0%} of the bandwidth "
            f"limit, {self.seconds(machine) / seconds:.0%} of both together; "
            f"{flops / read:.0f} operations a byte, this machine balances {self._balance(machine):.0f}"
        )

    @staticmethod
    def _balance(machine: Machine) -> float:
        return machine.flops_per_second / machine.bytes_per_second


def measured(device: str, dtype: torch.dtype, clock: Callable[[], float] = perf_counter) -> Machine:
    """The machine's pace: the best of five products of square matrices, and of five sums over 256 MB."""
    import torch

    side = 8192 if device == "cuda" else 512  # a GPU takes smaller ones for nothing, some CPUs take bf16 forever
    left, right = (torch.ones(side, side, device=device, dtype=dtype) for _ in range(2))
    long = torch.ones(64_000_000, device=device)  # beyond every cache
    product = _best(lambda: left @ right, device, clock)
    sweep = _best(long.sum, device, clock)
    return Machine(2 * side**3 / product, long.numel() * long.element_size() / sweep)


def work_of(generate: Generate, model: Any, writer: Any, tokens: float) -> Work:  # noqa: ANN401 - nn.Modules
    """Count a batch's work: `generate` is run for one and for three new tokens, `writer` is what runs for each."""
    from torch.nn.attention import SDPBackend, sdpa_kernel
    from torch.utils.flop_counter import FlopCounterMode

    counted = []
    for many in (1, 3):
        # as plain products, because the counter does not know a CPU's fused attention
        with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
            generate(many)
        counted.append(counter.get_total_flops())
    first, third = counted
    each = (third - first) / 2
    return Work(first - each, _bytes(model), each, _bytes(writer), tokens)


def _bytes(module: Any) -> int:  # noqa: ANN401
    """Of the weights that are read in full; of an embedding a step reads one row for each line."""
    import torch

    looked_up = {id(part.weight) for part in module.modules() if isinstance(part, torch.nn.Embedding)} - {
        id(part.weight) for part in module.modules() if isinstance(part, torch.nn.Linear)
    }
    return sum(weight.numel() * weight.element_size() for weight in module.parameters() if id(weight) not in looked_up)


def _best(work: Callable[[], object], device: str, clock: Callable[[], float]) -> float:
    import torch

    def finish() -> None:
        if device == "cuda":
            torch.cuda.synchronize()

    times = []
    for _ in range(5):
        finish()
        started = clock()
        work()
        finish()
        times.append(clock() - started)
    return min(times)
