"""No sentence that a visitor reads stands outside the catalogues."""

import ast
import re

import pytest

from tests.places import ROOT
from translations.__main__ import KEYWORDS, PACKAGES

SENTENCE = re.compile(r"""(?!Send .* JSON|Send a language)["“{]*[A-Z{].*[a-z]+\s.*[a-z]+.*[.?!]["”]?""", re.S)
"""Some words from a capital to a full stop, but what is asked of a program."""
WORDS = re.compile(r"(?<![&\w-])[A-Za-z’']{2,}")
QUIET = {"print", "exit", "add_argument", "add_parser", "ArgumentParser", "Counter", "Gauge", "Histogram"}
"""What the terminal shows and what the host's own counters are called."""
PROGRAMMERS_ERRORS = {"ValueError", "TypeError", "AssertionError", "RuntimeError", "KeyError", "ConnectError"}
IN_ENGLISH = (
    # the command line, and what a host is told at the start
    "playground/cli/", "playground/__main__.py", "playground/settings.py", "playground/endpoints.py",
    "playground/storage/", "playground/host/keys.py", "evaluation/__main__.py", "evaluation/run_command.py",
    "evaluation/launching.py", "evaluation/watching.py", "evaluation/evidence.py", "evaluation/batches/",
    "evaluation/report/terminal.py", "evaluation/report/exporting.py", "evaluation/ledger/", "engines/training/",
    # models are prompted in English, and programs read it
    "playground/scoring.py", "playground/probes.py", "engines/contract.py", "engines/adapters/gemini_generate.py",
    "ui/programs.py", "ui/api.py", "ui/routes/mcp", "ui/routes/session.py", "ui/blocks.py",
    "ui/routes/gate.py", "ui/routes/uploads.py", "ui/first_paint.py", "playground/host/guard.py",
    # what others published stands as they wrote it, and so do the samples' own texts
    "samples/recipes.py",
    "evaluation/findings/published.py",
)  # fmt: skip
NAMES = {"Inkquest", "CER", "WER", "MB", "GB", "MCP", "API"}
CLASSES = {"chip", "missing"}
"""Of style, which a macro gives."""
PYTHON = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
TEMPLATES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("templates/*.html"))


def place(path):
    return path.relative_to(ROOT).as_posix()


def called(node):
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def documents(node):
    """Docstrings, and the text under a constant that says what it is."""
    body = getattr(node, "body", [])
    return {id(part) for part in body if isinstance(part, ast.Expr)} if isinstance(body, list) else set()


def spoken_by(call):
    """What of a call is not said by `_` and its like: the values; nothing of what visitors do not see."""
    if called(call) in KEYWORDS:
        said = 2 if called(call) == "ngettext" else 1
        literal = all(isinstance(one, ast.Constant | ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.IfExp)
                      for one in call.args[:said])  # fmt: skip
        return [*([] if literal else call.args[:said]), *call.args[said:], *(word.value for word in call.keywords)]
    if called(call) in QUIET | PROGRAMMERS_ERRORS:
        return []
    return list(ast.iter_child_nodes(call))


def texts_outside(node):
    if isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)
        children = [part.value for part in node.values if isinstance(part, ast.FormattedValue)]
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
        return
    elif isinstance(node, ast.Call):
        children = spoken_by(node)
    else:
        left_out = documents(node)
        children = [child for child in ast.iter_child_nodes(node) if id(child) not in left_out or not is_text(child)]
    for child in children:
        yield from texts_outside(child)


def is_text(statement):
    return isinstance(statement.value, ast.Constant) and isinstance(statement.value.value, str)


@pytest.mark.parametrize("path", [path for path in PYTHON if not place(path).startswith(IN_ENGLISH)], ids=place)
def test_python_says_its_sentences_by_the_catalogues(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    outside = [text for text in texts_outside(tree) if SENTENCE.fullmatch(text.strip())]
    assert not outside


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_hold_no_word_of_their_own(path):
    source = re.sub(r"\{#.*?#\}|<(style|script)\b.*?</\1>", "", path.read_text(encoding="utf-8"), flags=re.S)
    shown = re.findall(r'(?:aria-label|title|placeholder|alt)="((?:\{\{.*?\}\}|\{%.*?%\}|[^"{])*)"', source)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", source, flags=re.S)
    shown.append(re.sub(r"<(code|kbd)\b.*?</\1>|<[^>]*>", " ", text, flags=re.S))
    words = {word for part in shown for word in WORDS.findall(re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " ", part))}
    assert not words - NAMES - CLASSES


def test_a_sentence_outside_is_found():
    tree = ast.parse(
        'def f(n):\n    """A docstring is none."""\n    return f"There are {n} of them." + _("Said {n} here.")'
    )
    assert [text for text in texts_outside(tree) if SENTENCE.fullmatch(text)] == ["There are {} of them."]
