"""A comparison as files to keep: one self-contained HTML page, JSON, CSV, a picture. The same facts in each."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from engines.contract import EngineSpec
from playground.exporting import as_csv, as_json
from playground.panel_picture import panel_picture
from playground.sharing import SharedComparison
from ui.html import HERE, render
from ui.shared_view import view_of_share

Export = Callable[[SharedComparison, bytes | None, Sequence[EngineSpec]], bytes]


def as_html(shared: SharedComparison, picture: bytes | None, specs: Sequence[EngineSpec]) -> bytes:
    """A page that needs no network and runs no script; `picture` is a JPEG."""
    css = Markup((HERE / "shared.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    source = f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" if picture else ""
    return render("shared_export.html", view=view_of_share(shared, specs), picture=source, css=css).encode()


def _json(shared: SharedComparison, _picture: bytes | None, _specs: Sequence[EngineSpec]) -> bytes:
    return as_json(shared.comparison, shared.rules).encode()


def _csv(shared: SharedComparison, _picture: bytes | None, _specs: Sequence[EngineSpec]) -> bytes:
    return as_csv(shared.comparison, shared.rules).encode("utf-8-sig")  # the mark makes Excel read UTF-8


def _png(shared: SharedComparison, _picture: bytes | None, specs: Sequence[EngineSpec]) -> bytes:
    return panel_picture(shared.comparison, shared.rules, {spec.id: spec.label for spec in specs})


EXPORTS: Mapping[str, tuple[str, Export]] = {
    "comparison.html": ("text/html; charset=utf-8", as_html),
    "comparison.json": ("application/json", _json),
    "comparison.csv": ("text/csv; charset=utf-8", _csv),
    "panels.png": ("image/png", _png),
}
"""File name -> media type and how it is made."""
