"""What can go wrong inside a model that runs here, as an `EngineError`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engines.errors import EngineCrashed


@contextmanager
def crashes_told(label: str) -> Iterator[None]:
    """Turn whatever a runtime raises while it reads into `EngineCrashed`; an `EngineError` passes as it is.

    torch, onnxruntime and Tesseract raise RuntimeError (out of GPU memory too), numpy and OpenCV ValueError.
    """
    try:
        yield
    except MemoryError as error:
        raise EngineCrashed(
            f"{label} ran out of memory.", fix="Read a smaller page, or run fewer local engines at once."
        ) from error
    except (RuntimeError, ValueError, TypeError, IndexError, KeyError, OSError) as error:
        memory = "out of memory" in str(error).lower()
        fix = "Read a smaller page, or choose a smaller model." if memory else ""
        raise EngineCrashed(f"{label} broke while reading: {_first_line(error)}", fix=fix) from error


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
