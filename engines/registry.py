"""Which adapter speaks which protocol. Adapters import their SDK only when they are built."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engines.contract import Engine, EngineSpec, WireProtocol

ADAPTERS: Mapping[WireProtocol, Callable[[EngineSpec, str | None], Engine]] = {}


def build_engine(spec: EngineSpec, key: str | None = None) -> Engine:
    """The engine of a catalogue row, with the key it shall use; raises `EngineUnavailable`."""
    return ADAPTERS[spec.protocol](spec, key)
