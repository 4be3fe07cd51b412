"""Differences in a terminal: side by side, marked without colour too, and nothing a terminal obeys."""

import io

import pytest
from rich.console import Console

from metrics.comparing_texts import compare_texts
from playground.cli.terminal import legend, side_by_side, visible


def drawn(reference: str, hypothesis: str, *, width: int = 100, color: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        legacy_windows=False,
    )
    compared = compare_texts(reference, hypothesis)
    console.print(side_by_side(compared, width=width, plain=console.color_system is None))
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_each_line_of_the_reference_stands_beside_its_reading() -> None:
    rows = drawn("the cat sat\non the mat\nall day", "the bat sat on mat\nall the day").splitlines()
    assert [row.split("   ")[0].rstrip() for row in rows] == ["the ~c~at sat", "on- the- mat", "all day"]
    assert [row.rstrip().split("   ")[-1].strip() for row in rows] == ["the ~b~at sat", "on mat", "all+ the+ day"]


def test_a_line_break_at_the_end_of_a_file_makes_no_line() -> None:
    assert len(drawn("Dear David Jordan:\n", "Bear Davis Jordan:").splitlines()) == 1


def test_a_missing_line_leaves_its_place_empty() -> None:
    rows = drawn("first line\nsecond line\nthird line", "first line\nthird line").splitlines()
    assert len(rows) == 3
    assert rows[1].startswith("-second line")
    assert rows[2].split() == ["third", "line", "third", "line"]


def test_a_narrow_terminal_shows_one_above_the_other() -> None:
    shown = drawn("the cat sat", "the bat sat", width=30)
    assert shown == "= the ~c~at sat\n> the ~b~at sat\n"
    assert max(map(len, drawn("word " * 60, "ward " * 60, width=30).splitlines())) <= 30


@pytest.mark.parametrize(
    ("reading", "style"), [("the bat sat", "\x1b[4;"), ("the sat", "\x1b[9;"), ("the cat sat down", "\x1b[7;")]
)
def test_every_kind_has_a_style_that_is_more_than_a_colour(reading: str, style: str) -> None:
    shown = drawn("the cat sat", reading, color=True)
    assert style in shown
    assert not any(mark in shown for mark in "~+-")


def test_the_legend_is_drawn_like_the_differences() -> None:
    assert legend(plain=True).plain == "~replaced~  -missing-  +extra+"


def test_a_missing_space_and_a_missing_line_break_can_be_seen() -> None:
    assert "to-·-stop" in drawn("to stop", "tostop")


@pytest.mark.parametrize(
    "command", ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\x08", "\x7f", "\u202e", "\u2066", "\ud800", "\r", "\u2028"]
)
def test_what_an_engine_read_is_never_obeyed(command: str) -> None:
    assert command[0] not in visible(f"a{command}b")
    assert command[0] not in drawn("ab", f"a{command}b")
    assert command[0] not in drawn(f"a{command}b", "ab")


def test_letters_of_every_script_stay_as_they_are() -> None:
    for text in ("naïve café", "שלום", "مرحبا", "क्ष", "می\u200cخواهم", "👩\u200d👩\u200d👧", "两个\n字"):
        assert visible(text) == text


def test_markup_is_text() -> None:
    assert "[bold]x[/bold]" in drawn("[bold]x[/bold]", "[bold]x[/bold]")
