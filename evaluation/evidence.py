"""Everything a run's figures rest on in one zip, and the check that they still follow from it.

What can be computed is computed again: memo, figures and scores come from the run's own rows by the same code, so a
figure that was changed is found even where the hashes were rewritten. What cannot (what an engine answered, how long
it took) is held by the fingerprint, which whoever makes a pack hands on by another way.

SECURITY: a pack is a stranger's file. Its entries are bounded before they are read, nothing is unpacked to disk under
a name of its own, and its rows only ever reach a ledger that is thrown away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from math import isclose
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeGuard
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from pydantic import TypeAdapter

from evaluation.datasets.contract import DatasetUnusable, ItemUnreadable
from evaluation.datasets.file_tree import Archive, read_bytes
from evaluation.findings.conclusion import conclude
from evaluation.findings.recommending import Requirements
from evaluation.findings.results import outcomes
from evaluation.kept_findings import findings_of
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Page, Run, RunUnknown, find_run, item_json, pages_of, settings_json
from evaluation.report.exporting import more_of, rows, summary_json
from evaluation.report.media import memo_html
from evaluation.report.memo import make_memo
from evaluation.work.item_reading import PageLoader
from metrics.error_rate import Assumptions
from playground.storage.blobs import StoreUnavailable
from playground.storage.database import nanodollars
from translations import ENGLISH, _, spoken_in

MANIFEST, README = "manifest.json", "README.txt"
COPIED: Mapping[str, tuple[str, ...]] = {
    "run": ("created_at", "settings", "dataset", "state", "budget", "committed"),
    "page": ("position", "item", "sha256", "width", "height", "unreadable", "turned"),
    "unreadable": ("position", "id", "reason"),
    "work": ("engine", "repeat", "position", "state", "attempts", "not_before", "finished_at", "outcome"),
    "call": ("id", "engine", "repeat", "position", "provider", "sent_at", "ended_at", "held", "ending"),
}
"""By table, in this order; who worked on the run and where is left out."""
ROWS_IN_A_PART = 2000
LONGEST_ROW = 2_000_000
"""Letters; no page's reading comes near them, and aligning longer ones takes minutes."""
PART = re.compile(rf"({'|'.join(COPIED)})-[0-9]{{1,4}}\.jsonl")
PAGE = re.compile(r"pages/([0-9]{1,6})\.png")
FORMAT = 3
MOST_MANIFEST_BYTES = 4_000_000
RELATIVE_NOISE = 1e-9
"""Another processor may add in another order; no figure is said to so many digits."""
NOT_A_RUN = (ValueError, TypeError, LookupError, ArithmeticError, RuntimeError, OSError, RunUnknown, StoreUnavailable)
"""What the code for a run's own rows meets in rows that no ledger wrote."""
ABOUT = """\
Evidence of an evaluation of handwriting recognition, made by Inkquest.

memo.html       what a buyer reads
figures.json    every figure of it, the conditions of the run, list prices and vendors' statements with their sources
readings.jsonl  every reading with its score, the reference, the model as its vendor reported it, the page's hash
ledger/         the rows of the run's ledger, from which the three above are made
pages/          the pages as the engines got them, if they were wanted; their hashes stand in the ledger's rows
manifest.json   what was asked for, when, and the SHA-256 of each file

python -m evaluation verify THIS.zip scores everything again, offline, and fails if a figure or a byte differs.
"""


class PackRefused(Exception):
    """The pack is not what it says, or no pack at all; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the figures answer, and the hash of every file beside this one."""

    run: str
    made_at: datetime
    needs: Requirements
    assumed: Assumptions
    members: dict[str, str]
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Verified:
    """A pack whose figures follow from its readings."""

    fingerprint: str
    readings: int
    pages: int


def write_pack(
    ledger: Ledger,
    run: Run,
    needs: Requirements,
    assumed: Assumptions,
    archive: Path,
    *,
    loader: PageLoader | None = None,
    with_pages: bool = False,
) -> str:
    """Write the zip and give its fingerprint; without `loader` pages that nobody loaded stay without a hash."""
    made_at, pages = datetime.now(UTC), pages_of(ledger, run.id)
    if loader:
        pages = [_hashed(page, loader) for page in pages]
    members: dict[str, str] = {}
    with ZipFile(archive, "w", ZIP_DEFLATED) as zipped, _scratch() as copy:

        def put(name: str, data: bytes) -> None:
            members[name] = sha256(data).hexdigest()
            zipped.writestr(name, data)

        put(README, ABOUT.encode())
        for name, data in _parts_of(ledger, run.id, pages):
            _put_part(copy, run.id, name, data)
            put(f"ledger/{name}", data)
        for name, data in _derived(copy, made_at, needs, assumed):
            put(name, data)
        for page in pages if loader and with_pages else ():
            if loader and page.sha256 and (png := _png(page, loader)):
                put(f"pages/{page.position}.png", png)
        manifest = _manifests().dump_json(Manifest(run.id, made_at, needs, assumed, members), indent=1)
        zipped.writestr(MANIFEST, manifest)
    return sha256(manifest).hexdigest()


def verify_pack(path: Path, fingerprint: str = "") -> Verified:
    """Score everything in a pack again; raises `PackRefused` with the first thing that differs."""
    try:
        return _verified(path, fingerprint.strip().lower())
    except DatasetUnusable as error:
        raise PackRefused(str(error)) from None
    except (ItemUnreadable, CopyUnusable) as error:
        raise PackRefused(f"A file of {path.name} {error}.") from None
    except NOT_A_RUN:
        raise PackRefused(f"{path.name} does not hold the rows of a whole run.") from None


def _verified(path: Path, fingerprint: str) -> Verified:
    archive = Archive(path)
    manifest, found = _manifest(path, archive)
    if fingerprint and fingerprint != found:
        raise PackRefused(f"{path.name} is another pack than the one with that fingerprint.")
    with _scratch() as copy:
        seen: dict[str, str] = {}
        for name, expected in sorted(manifest.members.items(), key=lambda member: _order(member[0])):
            data = read_bytes(archive, name)
            if sha256(data).hexdigest() != expected:
                raise PackRefused(f"{name} is not the file that was packed.")
            if name.startswith("ledger/"):
                _put_part(copy, manifest.run, name.removeprefix("ledger/"), data)
            elif page := PAGE.fullmatch(name):
                seen[page[1]] = expected
        _check_derived(copy, archive, manifest)
        run = find_run(copy, "")
        hashes = {str(page.position): page.sha256 for page in pages_of(copy, run.id)}
        for position, digest in seen.items():
            if hashes.get(position) != digest:
                raise PackRefused(f"pages/{position}.png is not the page that was read.")
        return Verified(found, sum(1 for _ in outcomes(copy, run)), len(hashes))


def _manifest(path: Path, archive: Archive) -> tuple[Manifest, str]:
    """With its hash; what lies in the zip must be what it lists, each once."""
    if archive.refused:
        raise PackRefused(f"{archive.refused[0].id} {archive.refused[0].reason}.")
    if archive.find(MANIFEST) is None:
        raise PackRefused(f"{path.name} holds no {MANIFEST}: it is no evidence pack.")
    data = read_bytes(archive, MANIFEST, MOST_MANIFEST_BYTES)
    manifest = _manifests().validate_json(data)
    if _manifests().dump_json(manifest, indent=1) != data:
        raise PackRefused(f"{MANIFEST} is not the file that was packed.")
    try:
        with ZipFile(path) as zipped:
            names = sorted(info.filename for info in zipped.infolist())
    except (BadZipFile, OSError) as error:
        raise PackRefused(f"{path.name} is not a whole zip file.") from error
    listed = sorted([*manifest.members, MANIFEST])
    if missing := set(listed) - set(names):
        raise PackRefused(f"{min(missing)} is missing.")
    if names != listed:
        added = next(name for name in names if names.count(name) > 1 or name not in listed)
        raise PackRefused(f"{added} was added to what was packed.")
    if manifest.format != FORMAT or not all(map(_is_ours, manifest.members)):
        raise PackRefused(f"{path.name} was made by another version of this program.")
    return manifest, sha256(data).hexdigest()


def _is_ours(name: str) -> bool:
    part = name.startswith("ledger/") and PART.fullmatch(name.removeprefix("ledger/"))
    return bool(part or PAGE.fullmatch(name) or name in {README, "memo.html", "figures.json", "readings.jsonl"})


def _check_derived(copy: Ledger, archive: Archive, manifest: Manifest) -> None:
    made = dict(_derived(copy, manifest.made_at, manifest.needs, manifest.assumed)) | {README: ABOUT.encode()}
    for name, data in made.items():
        if name not in manifest.members:
            raise PackRefused(f"{name} is missing.")
        packed = read_bytes(archive, name)
        same = _same(json.loads(packed), json.loads(data)) if name == "figures.json" else packed == data
        if not same:
            raise PackRefused(f"{name} does not say what the packed readings give when they are scored again.")


def _derived(copy: Ledger, made_at: datetime, needs: Requirements, assumed: Assumptions) -> Iterator[tuple[str, bytes]]:
    run = find_run(copy, "")
    found = findings_of(copy, run)
    with spoken_in(ENGLISH):  # whoever verifies a pack makes the same bytes, whatever its maker speaks
        conclusion = conclude(found, run.settings.engines, needs, assumed, made_at.date())
        memo = replace(make_memo(copy, run, found, conclusion), made_at=made_at)
        html, figures = memo_html(memo).encode(), summary_json(memo)
    yield "memo.html", html
    yield "figures.json", figures
    read = rows(copy, run, more_of(copy, run))
    yield "readings.jsonl", "".join(json.dumps(row) + "\n" for row in read).encode()


def _same(one: object, other: object) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, float) or isinstance(other, float):
        return _number(one) and _number(other) and isclose(one, other, rel_tol=RELATIVE_NOISE, abs_tol=RELATIVE_NOISE)
    return type(one) is type(other) and one == other


def _number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _hashed(page: Page, loader: PageLoader) -> Page:
    try:
        loaded = loader.load(page.item.locator, page.turned) if page.unreadable is None else None
    except ItemUnreadable:
        return page
    if loaded is None or page.sha256 not in {None, loaded.sha256}:
        return page
    return replace(page, sha256=loaded.sha256, width=loaded.width, height=loaded.height)


def _png(page: Page, loader: PageLoader) -> bytes | None:
    """The page, unless it is no longer the one that was read."""
    try:
        loaded = loader.load(page.item.locator, page.turned)
    except ItemUnreadable:
        return None
    return loaded.png if loaded.sha256 == page.sha256 else None


def _order(name: str) -> tuple[bool, str]:
    """The run before what belongs to it."""
    return not name.startswith("ledger/run-"), name


@contextmanager
def _scratch() -> Iterator[Ledger]:
    """A ledger that is thrown away."""
    with TemporaryDirectory() as folder:
        ledger = Ledger(f"sqlite:///{folder}/copy.db")
        yield ledger
        ledger.close()


@cache
def _manifests() -> TypeAdapter[Manifest]:
    return TypeAdapter(Manifest)


class CopyUnusable(Exception):
    """These are no rows of a run; the message is worded to follow the part's name."""


def _parts_of(ledger: Ledger, run_id: str, pages: Sequence[Page] = ()) -> Iterator[tuple[str, bytes]]:
    """Names and lines, a table in parts of a few megabytes; `pages` stand in for the ledger's, where more is known."""
    run = find_run(ledger, run_id).for_strangers
    budget = None if run.budget_usd is None else nanodollars(run.budget_usd)
    committed = nanodollars(run.committed_usd)
    facts = (run.created_at.timestamp(), settings_json(run.settings), run.dataset, run.state, budget, committed)
    yield "run-0.jsonl", _lines("run", [facts])
    for table in list(COPIED)[1:]:
        rows = [_row(page) for page in pages or pages_of(ledger, run_id)] if table == "page" else None
        found = rows if rows is not None else _rows(ledger, run_id, table)
        for number, start in enumerate(range(0, len(found), ROWS_IN_A_PART)):
            yield f"{table}-{number}.jsonl", _lines(table, found[start : start + ROWS_IN_A_PART])


def _put_part(ledger: Ledger, run_id: str, name: str, data: bytes) -> None:
    """Write a part into another ledger; raises `CopyUnusable`."""
    named = PART.fullmatch(name)
    if named is None:
        raise CopyUnusable(_("is no part of a run"))
    table = named[1]
    try:
        rows = [_checked(table, line) for line in data.decode().split("\n")[:-1]]
    except (ValueError, TypeError, RecursionError):
        raise CopyUnusable(_("does not hold what the ledger wrote")) from None
    columns = COPIED[table]
    run_column, more = ("id", ()) if table == "run" else ("run", ("worker",) if table == "call" else ())
    every = (run_column, *more, *columns)
    query = f"insert into {table} ({', '.join(every)}) values ({', '.join(f':{one}' for one in every)})"  # noqa: S608
    with ledger.transaction() as transaction:
        transaction.run_many(query, ({run_column: run_id, "worker": "", **row} for row in rows))


def _rows(ledger: Ledger, run_id: str, table: str) -> Sequence[Sequence[object]]:
    order = {"work": "finished_at, engine, repeat, position", "call": "sent_at, id"}.get(table, "position")
    query = f"select {', '.join(COPIED[table])} from {table} where run = :run order by {order}"  # noqa: S608
    with ledger.transaction() as transaction:
        return [tuple(row) for row in transaction.rows(query, run=run_id)]


def _row(page: Page) -> tuple[object, ...]:
    return page.position, item_json(page.item), page.sha256, page.width, page.height, page.unreadable, page.turned


def _lines(table: str, rows: Sequence[Sequence[object]]) -> bytes:
    columns = COPIED[table]
    return "".join(json.dumps(dict(zip(columns, row, strict=True))) + "\n" for row in rows).encode()


def _checked(table: str, line: str) -> dict[str, object]:
    if len(line) > LONGEST_ROW:
        raise ValueError(table)
    row = json.loads(line)
    if not isinstance(row, dict) or set(row) != set(COPIED[table]):
        raise ValueError(table)
    if not all(value is None or isinstance(value, str | int | float) for value in row.values()):
        raise ValueError(table)
    return row
