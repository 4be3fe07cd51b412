"""Everything a run brought, as CSV, JSON lines and Parquet: one row a reading."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from itertools import tee
from pathlib import Path

from engines.contract import Reading
from engines.pricing import Usd
from evaluation.findings.results import Outcome, observe, outcomes
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Run
from playground.engine_runs import Failure
from playground.share.exporting import spreadsheet_cell

ROWS_AT_ONCE = 5000

Value = str | int | float | bool | None


def export_readings(ledger: Ledger, run: Run, folder: Path) -> list[Path]:
    """Write readings.csv, readings.jsonl and readings.parquet; says which were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / "readings.csv", folder / "readings.jsonl", folder / "readings.parquet"]
    _write_csv(rows(ledger, run), written[0])
    with written[1].open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=True) + "\n" for row in rows(ledger, run))
    return written if _write_parquet(rows(ledger, run), written[2]) else written[:2]


def rows(ledger: Ledger, run: Run) -> Iterator[dict[str, Value]]:
    """One row for each reading, in the order in which they ended."""
    found, again = tee(outcomes(ledger, run))
    for outcome, seen in zip(found, observe(run, again), strict=True):
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
            "attempts": outcome.run.attempts,
            "reference": outcome.page.item.reference,
            **_texts(outcome),
        }


def _texts(outcome: Outcome) -> dict[str, Value]:
    made = outcome.run.outcome
    return {
        "text": made.text if isinstance(made, Reading) else None,
        "message": made.message if isinstance(made, Failure) else None,
    }


def _write_csv(found: Iterator[dict[str, Value]], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer: csv.DictWriter[str] | None = None
        for row in found:
            if writer is None:
                writer = csv.DictWriter(file, fieldnames=list(row))
                writer.writeheader()
            writer.writerow({name: spreadsheet_cell(value) for name, value in row.items()})


def _write_parquet(found: Iterator[dict[str, Value]], path: Path) -> bool:
    """False where pyarrow is not installed or there is nothing to write."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError:
        return False
    numbers = {"cer", "wer", "seconds", "usd"}
    counts = {"repeat", "character_errors", "reference_characters", "word_errors", "reference_words", "attempts"}
    writer = None
    for chunk in _chunks(found):
        if writer is None:
            kinds = {
                name: "double" if name in numbers else "int64" if name in counts else "string" for name in chunk[0]
            }
            kinds["cost_measured"] = "bool"
            schema = pyarrow.schema([(name, pyarrow.type_for_alias(kind)) for name, kind in kinds.items()])
            writer = ParquetWriter(path, schema)
        writer.write_table(pyarrow.Table.from_pylist(chunk, schema=schema))
    if writer is not None:
        writer.close()
    return writer is not None


def _chunks(found: Iterator[dict[str, Value]]) -> Iterator[list[dict[str, Value]]]:
    chunk: list[dict[str, Value]] = []
    for row in found:
        chunk.append(row)
        if len(chunk) == ROWS_AT_ONCE:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
