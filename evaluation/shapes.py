"""Shapes of a picture in pixels, as little as a plot needs. `drawing` writes them as SVG."""

from __future__ import annotations

from dataclasses import dataclass

INK = "#2a3b8f"


@dataclass(frozen=True, slots=True)
class Text:
    """A word at a place; `anchor` as in SVG."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    colour: str = "#333333"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `title` is what it stands for."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = "#bbbbbb"
    width: float = 1


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    radius: float
    colour: str = INK
    title: str = ""


Shape = Text | Box | Line | Dot


@dataclass(frozen=True, slots=True)
class Picture:
    """Shapes in drawing order; `title` says in one sentence what is to be seen."""

    title: str
    height: float
    shapes: tuple[Shape, ...]
    width: float = 720
