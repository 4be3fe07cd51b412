"""Where and how precisely a torch model runs on this machine, and what can go wrong there, as an `EngineError`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any

from engines.contract import Setting, report_progress
from engines.errors import EngineCrashed, EngineUnavailable
from translations import _

if TYPE_CHECKING:
    import torch

PRECISIONS = ("fp32", "fp16", "bf16", "int8")


@dataclass(frozen=True, slots=True)
class Placed:
    """A model ready to read; its inputs must be of `dtype` on `device`."""

    model: Any
    device: str
    dtype: torch.dtype
    precision: str


def require_transformers(label: str, *more: str) -> None:
    """Import torch, transformers and what else the model needs; raises `EngineUnavailable` naming what is missing."""
    for package in ("torch", "transformers", *more):
        try:
            import_module(package)
        except ImportError as missing:
            raise EngineUnavailable(
                _("{engine} needs the Python package {package}.", engine=label, package=missing.name),
                fix=f"pip install {missing.name}",
            ) from missing
    from transformers.utils import logging

    logging.disable_progress_bar()  # loading is told through `report_progress`, not drawn on the server's terminal


def best_device() -> str:
    """ "cuda" where there is one, else Apple's "mps", else "cpu"."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def place(model: Any, options: Mapping[str, Setting]) -> Placed:  # noqa: ANN401 - any nn.Module
    """The model in reading mode where it runs best; raises `EngineUnavailable` for a precision there is none of.

    Options `device` and `precision` (one of PRECISIONS) override the choice: half precision on GPUs, full on CPUs,
    whose bf16 and int8 are 2 to 3 times faster but untested against the full model's accuracy.
    """
    import torch

    device = str(options.get("device", "")) or best_device()
    precision = str(options.get("precision", "")) or ("fp32" if device == "cpu" else "fp16")
    if precision not in PRECISIONS:
        raise EngineUnavailable(
            _("There is no precision {precision}.", precision=repr(precision)),
            fix=_("Choose from {names}.", names=", ".join(PRECISIONS)),
        )
    if precision == "int8":
        quantise: Any = torch.ao.quantization.quantize_dynamic
        return Placed(quantise(model.eval(), {torch.nn.Linear}, torch.qint8), "cpu", torch.float32, precision)
    dtype = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}[precision]
    return Placed(model.to(device, dtype).eval(), device, dtype, precision)


@contextmanager
def turn_at(model: Lock) -> Iterator[None]:
    """The lock of a loaded model; whoever has to wait until it has read for others is told so."""
    if not model.acquire(blocking=False):
        report_progress(_("waiting for a free place"))
        model.acquire()
        report_progress(_("reading"))
    try:
        yield
    finally:
        model.release()


@contextmanager
def crashes_told(label: str) -> Iterator[None]:
    """Turn whatever a runtime raises while it reads into `EngineCrashed`; an `EngineError` passes as it is.

    torch, onnxruntime and Tesseract raise RuntimeError (out of GPU memory too), numpy and OpenCV ValueError.
    """
    try:
        yield
    except MemoryError as error:
        raise EngineCrashed(
            _("{engine} ran out of memory.", engine=label),
            fix=_("Read a smaller page, or run fewer local engines at once."),
        ) from error
    except (RuntimeError, ValueError, TypeError, IndexError, KeyError, OSError) as error:
        memory = "out of memory" in str(error).lower()
        fix = _("Read a smaller page, or choose a smaller model.") if memory else ""
        told = _("{engine} broke while reading: {error}", engine=label, error=_first_line(error))
        raise EngineCrashed(told, fix=fix) from error


_FOLDERS = re.compile(r"(?<![\w:/\\])(?:[A-Za-z]:)?[/\\](?:[^\s'\"/\\]+[/\\])+")


def _first_line(error: Exception) -> str:
    """What it says, and no folder of this machine: a visitor may read it."""
    return _FOLDERS.sub("", next(iter(str(error).strip().splitlines()), type(error).__name__))[:200]
