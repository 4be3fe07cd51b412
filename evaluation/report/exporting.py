"""Everything a run brought, as CSV, JSON lines and Parquet, one row a reading; and each reading as a layout file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import chain, zip_longest
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from pydantic import TypeAdapter

from engines.contract import Reading
from engines.pricing import Usd
from evaluation.datasets.contract import ItemUnreadable
from evaluation.findings.faithfulness import CloseReading
from evaluation.findings.kept_scores import outcomes_scored
from evaluation.findings.observations import Observation
from evaluation.findings.results import Outcome, outcomes_of
from evaluation.findings.wording import TOKEN_NAMES
from evaluation.kept_findings import look
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run, chunks, pages_of
from evaluation.report.memo import Memo
from evaluation.work.item_reading import PageLoader
from playground.engine_runs import EngineRun, Failure
from playground.share.exporting import (
    FORMATS,
    PictureOfPage,
    different,
    file_name,
    spreadsheet_cell,
    stems_of,
    written_readings,
)

Value = str | int | float | bool | None
Fields = dict[str, Value]
"""One row by the names of its columns."""

LONG_ROWS_AT_ONCE = 250
"""Each has what is written on a page and what was read there."""


def export_readings(ledger: Ledger, run: Run, folder: Path) -> list[Path]:
    """Write readings.csv, readings.jsonl and readings.parquet; says which were written."""
    folder.mkdir(parents=True, exist_ok=True)
    as_csv, as_jsonl, as_parquet = (folder / f"readings.{kind}" for kind in ("csv", "jsonl", "parquet"))
    with (
        as_csv.open("w", encoding="utf-8-sig", newline="") as cells,
        as_jsonl.open("w", encoding="utf-8") as lines,
        ExitStack() as open_table,
    ):
        writer, write_table = csv.writer(cells), None
        for number, chunk in enumerate(chunks(rows(ledger, run, more_of(ledger, run)), LONG_ROWS_AT_ONCE)):
            if number == 0:
                writer.writerow(chunk[0])
                write_table = open_table.enter_context(_parquet_writer(chunk[0], as_parquet))
            writer.writerows(map(spreadsheet_cell, row.values()) for row in chunk)
            lines.writelines(json.dumps(row, ensure_ascii=True) + "\n" for row in chunk)
            if write_table:
                write_table(chunk)
    return [as_csv, as_jsonl, *([as_parquet] if write_table else [])]


def summary_json(memo: Memo) -> bytes:
    """The memo's figures for programs, without its pictures; a figure that is not finite becomes null."""
    values = {name: value for name, value in asdict(memo).items() if name not in ("pictures", "cuts")}
    values |= values.pop("conclusion")
    values["run"]["state"] = values.pop("state")  # the ledger's is what workers were told, not what they have done
    values |= {"question": memo.question, "method": memo.method, "command": memo.command}
    return TypeAdapter(dict[str, object]).dump_json(values, ensure_ascii=True, indent=1)


def export_layouts(ledger: Ledger, run: Run, loader: PageLoader, formats: Sequence[str], archive: Path) -> None:
    """Write a zip of ENGINE/PAGE.SUFFIX, and a CSV of whose boxes each has and which pages are left out and why."""
    labels = run.settings.labels
    folders = stems_of(labels)
    pages = [page for page in pages_of(ledger, run.id) if page.item.locator.planting is None]
    names = different([file_name(page.item.id) for page in pages])
    notes: list[tuple[str, str, str]] = []
    with ZipFile(archive, "w", ZIP_DEFLATED) as zipped:
        for page, name in zip(pages, names, strict=True):
            repeats = _repeats(outcomes_of(ledger, run.id, page.position))
            try:
                loaded = loader.load(page.item.locator, page.turned) if repeats else None
            except ItemUnreadable as error:
                notes.append((name, "", f"left out: {error}"))
                continue
            if loaded is None:
                continue
            picture = PictureOfPage.of(page.item.id, loaded, formats)
            for number, runs in enumerate(repeats, start=1):
                called = name if number == 1 else f"{name}.reading-{number}"
                for engine_id, written in written_readings(runs, picture, labels, datetime.now(UTC)).items():
                    notes.append((called, engine_id, written.boxes))
                    for made in map(FORMATS.__getitem__, formats):
                        zipped.writestr(f"{folders[engine_id]}/{called}{made.suffix}", made.write(written.page))
        zipped.writestr("boxes.csv", _table(("page", "engine", "boxes"), notes))


def _repeats(runs: Iterable[EngineRun]) -> list[list[EngineRun]]:
    """First readings of all engines, then second ones: boxes are lent within a reading of the page."""
    by_engine: dict[str, list[EngineRun]] = {}
    for run in runs:
        by_engine.setdefault(run.engine_id, []).append(run)
    return [[run for run in together if run] for together in zip_longest(*by_engine.values())]


def _table(heads: Sequence[str], found: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(heads)
    writer.writerows(map(spreadsheet_cell, row) for row in found)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class MoreKnown:
    """What is not known from one reading alone."""

    together: Sequence[tuple[Outcome, Observation]]
    closely: Mapping[tuple[str, int, int], Fields]
    """By engine, position and repeat."""


def more_of(ledger: Ledger, run: Run) -> MoreKnown:
    """Made once for all rows."""
    looked = look(ledger, run)
    closely = {(one.engine_id, one.position, one.repeat): _closely(one) for one in looked.close}
    return MoreKnown(looked.together.read, closely)


def rows(ledger: Ledger, run: Run, more: MoreKnown) -> Iterator[Fields]:
    """One row for each reading, in the order in which they ended; then what the engines read together, page by page."""
    not_looked_at = _closely(None)
    for outcome, seen in chain(outcomes_scored(ledger, run), more.together):
        yield {
            "item": seen.item_id,
            "engine": seen.engine_id,
            "repeat": seen.repeat,
            "status": seen.status,
            "failure": seen.failure,
            "cer": seen.cer.rate if seen.cer else None,
            "character_errors": seen.cer.errors if seen.cer else None,
            "reference_characters": seen.cer.reference_length if seen.cer else None,
            "wer": seen.wer.rate if seen.wer else None,
            "word_errors": seen.wer.errors if seen.wer else None,
            "reference_words": seen.wer.reference_length if seen.wer else None,
            "seconds": seen.seconds,
            "usd": seen.cost.usd,
            "cost": seen.cost.kind,
            "cost_measured": isinstance(seen.cost, Usd) and seen.cost.measured,
            "model_reported": seen.model,
            "cluster": seen.cluster,
            "clustered_by": seen.clustered_by,
            "level": seen.level,
            "language": seen.language,
            "tags": ";".join(seen.tags),
            "page_sha256": outcome.page.sha256,
            "page_turned": outcome.page.turned,
            "attempts": outcome.run.attempts,
            "reference": outcome.page.item.reference,
            **more.closely.get((seen.engine_id, seen.position, seen.repeat), not_looked_at),
            **_texts(outcome),
        }


def _closely(one: CloseReading | None) -> Fields:
    """Nothing for what was read together, and for pages without a reference."""
    counts = {count.kind: count for count in one.tokens} if one else {}
    tokens: Fields = {}
    for kind, name in TOKEN_NAMES.items():
        count = counts.get(kind)
        tokens |= {name: count.total if count else None, f"{name}_right": count.right if count else None}
    misspelt = one.misspellings if one else None
    return {
        **tokens,
        "misspellings": None if misspelt is None else len(misspelt),
        "silent_corrections": None if misspelt is None else sum(word.fate == "corrected" for word in misspelt),
        "character_errors_any_line_order": one.any_order.errors if one else None,
        "word_errors_any_order": one.bag_errors if one else None,
        "words_added": one.added if one else None,
        "stuck": one.stuck if one else None,
    }


def _texts(outcome: Outcome) -> Fields:
    made = outcome.run.outcome
    return {
        "text": made.text if isinstance(made, Reading) else None,
        "word_confidences": _confidences(outcome.run),
        "message": made.message if isinstance(made, Failure) else None,
    }


def _confidences(run: EngineRun) -> str | None:
    """Pairs of a word and how sure the engine was of it, as JSON, so that they can be brought along again."""
    if run.confidences is None or not isinstance(run.outcome, Reading):
        return None
    text, given = run.outcome.text, zip(run.confidences.starts, run.confidences.values, strict=True)
    return json.dumps([[text[start:].split(maxsplit=1)[0], sure] for start, sure in given], ensure_ascii=False)


@contextmanager
def _parquet_writer(row: Fields, path: Path) -> Iterator[Callable[[list[Fields]], None] | None]:
    """What writes rows like this one; None where pyarrow is not installed."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        yield None
        return
    numbers = {"cer", "wer", "seconds", "usd"}
    counts = {"repeat", "character_errors", "reference_characters", "word_errors", "reference_words", "attempts"}
    counts |= _closely(None).keys() - {"stuck"} | {"page_turned"}
    kinds = {name: "double" if name in numbers else "int64" if name in counts else "string" for name in row}
    kinds |= {"cost_measured": "bool", "stuck": "bool"}
    schema = pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, kind in kinds.items()])
    with ParquetWriter(path, schema) as writer:
        yield lambda rows: writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
