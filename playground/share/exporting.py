"""One comparison as a file: JSON for programs, CSV for spreadsheets; and what files are called that others name.

Scores are derived anew, by the rules stated. SECURITY: a name that a stranger chose leaves no folder, and holds
nothing that an address or another disk takes for a sign.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from unicodedata import category, normalize

from engines.catalogue import CATALOGUE
from engines.contract import PageImage, Reading
from engines.pricing import Usd
from metrics.normalising import Rules
from playground.documents import plain, read_document
from playground.engine_runs import Comparison, EngineRun
from playground.panel import TogetherView, together_view
from playground.scoring import EngineScore, conventions_in_words, score_runs
from playground.together import TOGETHER

FORMULA_STARTS = frozenset("=+-\N{MINUS SIGN}@")
COLUMNS = (
    "engine", "model_reported", "status", "cer", "wer", "substitutions", "deletions", "insertions", "reference_length",
    "seconds", "cost_usd", "cost_measured", "text", "failure",
)  # fmt: skip


def as_json(comparison: Comparison, rules: Rules) -> str:
    """The document of `read --json`, with when and by which version the page was read."""
    page = PageImage(comparison.page_sha256, b"", comparison.page_width, comparison.page_height)
    scores = score_runs(comparison.runs, comparison.reference, rules) if comparison.reference.strip() else None
    turned = comparison.page_turned
    document = plain(read_document("", page, comparison.task, comparison.runs, scores, turned=turned))
    origin = {"created_at": comparison.created_at.isoformat(), "app_version": comparison.app_version}
    return json.dumps(origin | document, indent=2) + "\n"


def as_csv(comparison: Comparison, rules: Rules) -> str:
    """One row per engine, one for what they read together, then reference, rules and conventions.

    SECURITY: through `spreadsheet_cell`.
    """
    has_reference = bool(comparison.reference.strip())
    scores = score_runs(comparison.runs, comparison.reference, rules)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for run in comparison.runs:
        writer.writerow(map(spreadsheet_cell, _row(run, scores.of(run.engine_id) if has_reference else None)))
    found = together_view(comparison.runs, scores, {spec.id: spec for spec in CATALOGUE})
    if not isinstance(found, str):
        writer.writerow(map(spreadsheet_cell, _together_row(found)))
    text_at = COLUMNS.index("text")
    notes = {
        "(reference)": comparison.reference,
        "(rules)": rules.sentence(),
        "(conventions)": conventions_in_words(comparison.task.conventions),
    }
    for name, text in notes.items():
        writer.writerow([name, *[""] * (text_at - 1), spreadsheet_cell(text), ""])
    return out.getvalue()


def spreadsheet_cell(value: object) -> object:
    """SECURITY: a text that a spreadsheet would take for a formula (or a DDE call) gets an apostrophe in front.

    Some look past blanks, line breaks, quotes and what cannot be seen, and take full-width signs for the plain ones.
    Where a semicolon or a tab parts cells, as in much of Europe, quotes hold nothing together: a cell may begin behind
    any of those and on any line. There a formula must call something to do harm; the items of a list do not.
    """
    if not isinstance(value, str):
        return value
    harmful = _begins_formula(value) or value.startswith(("\t", "\r", "\n"))
    first, *parts = _CELLS.split(value)
    others = (f"'{part}" if _CALLS.search(part) and _begins_formula(part) else part for part in parts)
    told = f"{first}{''.join(others)}" if parts else value
    return f"'{told}" if harmful else told


_CELLS = re.compile(r"(?<=[;\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029])")
_CALLS = re.compile(r"[(|（｜]")


def _begins_formula(text: str) -> bool:
    start = next((sign for sign in text if not _looked_past(sign)), "")
    return normalize("NFKC", start) in FORMULA_STARTS


def _looked_past(sign: str) -> bool:
    return sign.isspace() or sign in "\"'" or category(sign) in {"Cc", "Cf"}


def _row(run: EngineRun, score: EngineScore | None) -> tuple[object, ...]:
    if isinstance(run.outcome, Reading):
        reading = run.outcome
        status = "refused" if run.refused else "reading"
        model, text, failure = reading.model_reported, reading.text, ""
    else:
        model, status, text, failure = "", "failure", "", run.outcome.message
    cost = (run.cost.usd, run.cost.measured) if run.cost else (None, None)
    return (run.engine_id, model, status, *_figures(score), _rounded(run.seconds), *cost, text, failure)


def _together_row(panel: TogetherView) -> tuple[object, ...]:
    cost = panel.charge
    paid = (cost.usd, cost.measured) if isinstance(cost, Usd) else (None, None)
    found = panel.together
    text = found.consensus.text
    return (f"({TOGETHER})", found.mark, "reading", *_figures(panel.score), _rounded(found.seconds), *paid, text, "")


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def _figures(score: EngineScore | None) -> tuple[object, ...]:
    if score is None:
        return (None,) * 6
    cer = score.cer
    return (cer.rate, score.wer.rate, cer.substitutions, cer.deletions, cer.insertions, cer.reference_length)


LONGEST_PART = 120


def file_name(item_id: str) -> str:
    """An item's name as a path that leaves no folder."""
    parts = map(_one_part, re.split(r"[/\\]", item_id))
    return "/".join(part for part in parts if part) or "page"


def stems_of(engine_ids: Iterable[str]) -> dict[str, str]:
    """How the files of each engine's readings begin, all different: who brought a reading chose its engine's name."""
    ids = list(engine_ids)
    return dict(zip(ids, different([_one_part(engine_id) or "reading" for engine_id in ids]), strict=True))


def different(names: Sequence[str]) -> list[str]:
    """The names, with a number behind those that would be the same file: nothing is written over."""
    taken: set[str] = set()
    kept = []
    for name in names:
        free = name
        number = 1
        while free.casefold() in taken:
            number += 1
            free = f"{name}-{number}"
        taken.add(free.casefold())
        kept.append(free)
    return kept


def _one_part(name: str) -> str:
    return re.sub(r"[^\w.,()+ -]", "_", name).strip(" .")[:LONGEST_PART]
