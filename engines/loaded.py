"""The engines in use: a local model is loaded once and kept, a cloud engine is built for each call and its key."""

from __future__ import annotations

import threading
from typing import Protocol, runtime_checkable

from engines.contract import Engine, EngineSpec
from engines.registry import build_engine


@runtime_checkable
class Loadable(Protocol):
    """An engine that can load its model before the first page."""

    def load(self) -> None:
        """Load the model now; raises `EngineUnavailable`."""


class LoadedEngines:
    """Owns the local engines of a process; the app makes one and hands it to whoever reads."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._lock = threading.Lock()

    def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
        """The engine of a row; raises `EngineUnavailable`. A changed row (another adapter, say) is another engine."""
        if spec.runs == "cloud":
            return build_engine(spec, key)
        with self._lock:  # building is quick: models load at the first page
            same = repr(spec)  # a row holds a mapping, so it has no hash
            if same not in self._engines:
                self._engines[same] = build_engine(spec)
            return self._engines[same]

    def warm(self, spec: EngineSpec) -> None:
        """Load a local engine's model now, so that the first page need not wait; raises `EngineUnavailable`."""
        engine = self.get(spec)
        if isinstance(engine, Loadable):
            engine.load()
