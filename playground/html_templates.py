"""Where text becomes HTML or SVG, for screens and documents alike.

SECURITY: Jinja with autoescape on, undefined names refused; no tag is built anywhere else.
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def templates_in(folder: Path) -> Environment:
    """The templates of a folder; every value that is put into one is escaped."""
    return Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
