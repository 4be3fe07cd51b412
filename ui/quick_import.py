"""Gradio in half the time: at every import it parses its components' sources, to write a type stub beside each.

Stubs are for editors; nothing that runs reads them. It also imports `mcp` where that is installed, for tools of its own
that we do not use. Gradio 6.31 has no setting for either.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

WRITER = "gradio.component_meta", "create_or_modify_pyi"
TOOLS = "gradio.mcp", "mcp"


class _WithoutStubs(Loader):
    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        setattr(module, WRITER[1], lambda *_: None)


class _WithoutTools(_WithoutStubs):
    def exec_module(self, module: ModuleType) -> None:
        imported = sys.modules.pop(TOOLS[1], None)
        sys.modules[TOOLS[1]] = None  # type: ignore[assignment]  # whoever imports it is told that there is none
        try:
            self._loader.exec_module(module)
        finally:
            del sys.modules[TOOLS[1]]
            if imported:
                sys.modules[TOOLS[1]] = imported


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        instead = {WRITER[0]: _WithoutStubs, TOOLS[0]: _WithoutTools}.get(fullname)
        spec = PathFinder.find_spec(fullname, path, target) if instead else None
        if instead and spec and spec.loader:
            spec.loader = instead(spec.loader)
        return spec


def leave_out_stubs() -> None:
    """Let Gradio write none, and leave `mcp` for who calls it, if it was not imported yet."""
    if WRITER[0] not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
