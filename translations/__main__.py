"""Bring the catalogues up to date with the sources: `python -m translations`.

Sentences that are new stand in them with an empty translation, those that nobody says any more are dropped.
"""

from __future__ import annotations

from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

from translations import ENGLISH, HERE, LANGUAGES, catalogue

ROOT = HERE.parent
PACKAGES = ("engines", "metrics", "samples", "playground", "evaluation", "ui", "translations")
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("**/static/**.js", "javascript")]
KEYWORDS = {"_": None, "N_": None, "_html": None, "ngettext": (1, 2)}


def said_in_the_sources() -> Catalog:
    """Every sentence of the app, and the files that say it."""
    said = Catalog(charset="utf-8")
    for package in PACKAGES:
        with redirect_stderr(StringIO()):  # where it complains of values that are f-strings
            found = list(extract_from_dir(ROOT / package, METHODS, keywords=KEYWORDS))
        for file, _line, message, _comments, _context in found:
            said.add(message, None, [(f"{package}/{Path(file).as_posix()}", 0)])
    return said


def update(code: str, said: Catalog) -> None:
    """Write `CODE.po` anew. What is translated stays; nothing is guessed from what looks alike."""
    known = catalogue(code) if (HERE / f"{code}.po").exists() else Catalog(locale=code)
    said.creation_date = known.creation_date
    known.update(said, no_fuzzy_matching=True)
    with (HERE / f"{code}.po").open("wb") as file:
        write_po(file, known, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)


if __name__ == "__main__":
    sentences = said_in_the_sources()
    for language in LANGUAGES:
        if language != ENGLISH:
            update(language, sentences)
