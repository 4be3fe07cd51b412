"""Runs as the Evaluate screen sees them: what a visitor may start, and unguessable names that lead back to a run.

The ledger is the truth; nothing of a run is kept here.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import os
import secrets
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event, Lock

from engines.contract import EngineSpec
from evaluation.datasets.contract import DatasetUnusable
from evaluation.datasets.manifest import SUFFIXES as TABLE_SUFFIXES
from evaluation.evaluations import Evaluations, Request
from evaluation.findings.conclusion import Conclusion
from evaluation.findings.recommending import Requirements
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunContents, RunUnknown, find_run, run_ids
from evaluation.report.memo import Memo
from evaluation.work.planning import BudgetCannotHold, Plan
from evaluation.work.planning_apart import Bounds
from metrics.error_rate import Assumptions
from playground.comparing import EngineSource
from playground.host.admission import Admission, Apart, NoRoom, room_of
from playground.host.budget import companies
from playground.host.guard import Guard, Visitor
from playground.host.shelf import Shelf
from playground.offer import Offer
from playground.share.sharing import MOST_CHARACTERS
from playground.storage.blobs import LocalBlobs, StoreUnavailable
from translations import _
from translations.wording import moment

log = logging.getLogger(__name__)

MOST_PAGES, MOST_PUBLIC_PAGES = 500, 50
MOST_BYTES, MOST_PUBLIC_BYTES = 2_000_000_000, 100_000_000
MOST_PUBLIC_BYTES_KEPT = 1_000_000_000
PUBLIC_SECONDS = 6 * 3600
MOST_PUBLIC_RUNS = 4
MOST_PUBLIC_READERS, MOST_PUBLIC_LETTERS = 20, 1_000_000
"""Brought along: fifty full pages with seven readings of each. So much in texts of 30,000 takes a core two minutes."""
PLANNED_AT_ONCE = 4
PUBLIC_BOUNDS = Bounds(seconds=60, memory_bytes=1_000_000_000, most_unfolded_bytes=MOST_PUBLIC_BYTES)
LISTED = 30


class NotStarted(Exception):
    """The run cannot be planned or begun; the message is one sentence that says what to do."""


@dataclass(slots=True)
class Held:
    """A run somebody may look at, with what they need, which the memo answers."""

    run_id: str
    needs: Requirements = field(default_factory=Requirements)
    hourly_rate: float = 30.0
    against: str = ""
    """An earlier run that it is compared with."""


@dataclass(slots=True)
class EvaluationRuns:
    """One per process. On a public host: few pages, and everything uploaded or read is deleted in hours."""

    offer: Offer
    guard: Guard
    apart: Apart
    """Where long texts are looked at."""
    _held: dict[str, Held] = field(default_factory=dict)
    _payers: dict[str, str] = field(default_factory=dict)
    """Whose share each run is that was begun or resumed here."""
    _used: set[Path] = field(default_factory=set)
    _evaluations: Evaluations | None = None
    _lock: Lock = field(default_factory=Lock)
    _secret: bytes = field(default=b"", repr=False)
    _planning: Admission = field(init=False)
    pages: KeptPages = field(init=False)
    """Where uploads are kept."""

    def __post_init__(self) -> None:
        self._planning = Admission(room_of(self.offer.settings, PLANNED_AT_ONCE))
        alone = KeptPages(self._folder, MOST_BYTES)
        self.pages = KeptPages(self._folder, MOST_PUBLIC_BYTES, MOST_PUBLIC_BYTES_KEPT) if self.public else alone

    @property
    def public(self) -> bool:
        """Whether strangers visit."""
        return self.offer.settings.public

    @property
    def most_pages(self) -> int:
        """The most one run reads; more are drawn from at random."""
        return MOST_PUBLIC_PAGES if self.public else MOST_PAGES

    @property
    def evaluations(self) -> Evaluations:
        """All runs of this host; raises `StoreUnavailable`."""
        with self._lock:
            if self._evaluations is None:
                self._evaluations = Evaluations(self.offer.settings.ledger_url, self.offer, self.apart)
            return self._evaluations

    def engines(self, session: str) -> list[EngineSpec]:
        """What this visitor can run."""
        return [spec for spec in self.offer.specs if self.offer.missing(spec, session) is None]

    def take(self, files: Sequence[Path], visitor: Visitor) -> Path:
        """Keep these files, at their visitor's turn; raises `UploadNotKept`."""
        try:
            with self._planning.turn(visitor.payer, Event()):
                return self.pages.take(files, visitor.payer)
        except NoRoom as refusal:
            raise UploadNotKept(str(refusal)) from None

    def plan(self, path: Path, asked: Request, visitor: Visitor) -> Plan:
        """What would be run, and its price; raises `NotStarted`."""
        allowed = {spec.id for spec in self.engines(visitor.session)}
        engine_ids = tuple(engine_id for engine_id in dict.fromkeys(asked.engine_ids) if engine_id in allowed)
        if not all(kept.exists() for kept in (path, *(place for _name, place in asked.readings))):
            raise NotStarted(_("These files are no longer kept here. Send them again."))
        sample = min(asked.sample or self.most_pages, self.most_pages)
        asked = replace(asked, engine_ids=engine_ids, sample=sample)
        try:
            with self._planning.turn(visitor.payer, Event()):
                planned = self.evaluations.prepare(path, asked, PUBLIC_BOUNDS if self.public else Bounds())
            if self.public:
                _refuse_long_ones(planned.contents)
        except (DatasetUnusable, StoreUnavailable, BudgetCannotHold, NoRoom) as error:
            raise NotStarted(str(error)) from None
        return planned

    def correct(self, held: Held, position: int, reference: str) -> None:
        """Another reference for a page of the run; raises `DatasetUnusable`."""
        if self.public:
            _refuse_long(_("This reference"), _("the page"), reference)
        self.evaluations.correct_reference(held.run_id, position, reference)

    def start(self, planned: Plan, visitor: Visitor) -> str:
        """Begin, and give back the name that leads to the run; raises `NotStarted`."""
        self._refuse_too_many(visitor)
        engines = self._guarded(planned.contents.settings.engines, visitor)
        self._used.add(Path(planned.contents.dataset))
        run_id = self.evaluations.start(planned, visitor.session, engines)
        self._payers[run_id] = visitor.payer
        return self.hold(run_id)

    def resume(self, held: Held, visitor: Visitor) -> None:
        """Go on with a run; raises `NotStarted`."""
        if held.run_id not in self.evaluations.at_work():
            self._refuse_too_many(visitor)
        engines = self._guarded(self.evaluations.specs(held.run_id), visitor)
        self._payers[held.run_id] = visitor.payer
        self.evaluations.resume(held.run_id, visitor.session, engines)

    def close(self, seconds: float) -> None:
        """Begin no further page; the runs can be resumed after a restart."""
        if self._evaluations is not None:
            self._evaluations.close(seconds)

    def sweep(self) -> None:
        """On a public host: erase uploads that are some hours old, and with them what was read on them."""
        if not self.public:
            return
        self.pages.drop_older(PUBLIC_SECONDS)
        if not self.offer.settings.ledger_file.exists():
            return
        try:
            gone = self.evaluations.erase_without_pages(self._folder)
        except StoreUnavailable as error:
            log.warning("Evaluations could not be erased this time: %s", error)
        else:
            self._held = {ticket: held for ticket, held in self._held.items() if held.run_id not in gone}
            self._payers = {run_id: payer for run_id, payer in self._payers.items() if run_id not in gone}

    def drop_unused(self, path: Path) -> None:
        """Delete an upload that no run was started on."""
        if path.resolve() not in self._used:
            self.pages.drop(path)

    def hold(self, run_id: str) -> str:
        """An unguessable name for a run, which outlives a restart: who was looking at the run finds it again."""
        ticket = f"{run_id}.{self._signature(run_id).decode()}"
        self._held.setdefault(ticket, Held(run_id))
        return ticket

    def held(self, ticket: str) -> Held | None:
        """The run behind a name, or None if there is none (any more)."""
        run_id, _, signature = ticket.rpartition(".")
        if ticket in self._held or not run_id:
            return self._held.get(ticket)
        if hmac.compare_digest(self._signature(run_id), signature.encode(errors="replace")):
            with suppress(RunUnknown, StoreUnavailable):
                self._held[ticket] = Held(self.evaluations.find(run_id))
        return self._held.get(ticket)

    def earlier(self) -> list[tuple[str, str]]:
        """Label and id of the newest runs, for a host that is alone with them; strangers see none."""
        if self.public or not self.offer.settings.ledger_file.exists():
            return []
        ledger = Ledger(self.offer.settings.ledger_url)
        runs = [find_run(ledger, run_id) for run_id in run_ids(ledger)[:LISTED]]
        return [(f"{moment(run.created_at)} UTC · {Path(run.dataset).name}", run.id) for run in runs]

    def memo(self, held: Held, *, named: bool = True) -> Memo:
        """The document for what the visitor needs; SECURITY: strangers learn no path and no address of this host."""
        assumed = Assumptions(held.hourly_rate)
        memo = self.evaluations.memo(held.run_id, held.needs, assumed, held.against, named=named)
        return memo.for_strangers(quoting=True) if self.public else memo

    def conclusion(self, held: Held) -> Conclusion:
        """What the memo concludes, without the memo."""
        return self.evaluations.conclusion(held.run_id, held.needs, Assumptions(held.hourly_rate))

    @property
    def _folder(self) -> Path:
        return self.offer.settings.data_folder / "evaluations"

    def _guarded(self, specs: Sequence[EngineSpec], visitor: Visitor) -> EngineSource:
        """SECURITY: engines that ask consent, budget, breaker and places before every call; raises `NotStarted`.

        What the visitor agreed to holds for this run, which goes on when they reload the page under a new session.
        """
        consents = self.guard.consents
        if missing := consents.missing(visitor.session, specs):
            names = ", ".join(company.name for company in missing)
            raise NotStarted(
                _("You have not agreed that {names} gets these pages. Agree, and start again.", names=names)
            )
        of_run = Visitor(f"run {secrets.token_urlsafe(16)}", visitor.payer)
        consents.agree(of_run.session, [company.name for company in companies(specs)], visitor.payer)
        return self.guard.source(of_run, Event())

    def _signature(self, run_id: str) -> bytes:
        """SECURITY: what nobody can add to a run's id who does not know what this folder keeps to itself."""
        with self._lock:
            self._secret = self._secret or _secret_in(self.offer.settings.data_folder)
        return hmac.new(self._secret, run_id.encode(errors="replace"), "sha256").hexdigest()[:32].encode()

    def _refuse_too_many(self, visitor: Visitor) -> None:
        """SECURITY: a run takes a core for minutes, so that one visitor has one; raises `NotStarted`."""
        if not self.public:
            return
        at_work = [self._payers.get(run_id, "") for run_id in self.evaluations.at_work()]
        if visitor.payer in at_work:
            raise NotStarted(_("An evaluation from your network is running. Pause it, or wait until it has ended."))
        if len(at_work) >= MOST_PUBLIC_RUNS:
            raise NotStarted(_("Other visitors' evaluations are running. Try again in some minutes."))


def _refuse_long(whose: str, page: str, text: str) -> None:
    """SECURITY: the work of scoring grows with the square of a text; raises `DatasetUnusable`."""
    if len(text) > MOST_CHARACTERS:
        raise DatasetUnusable(
            _(
                "{whose} for {page} has {n} characters. Bring {most} at most, or split the page.",
                whose=whose,
                page=page,
                n=f"{len(text):,}",
                most=f"{MOST_CHARACTERS:,}",
            )
        )


def _refuse_long_ones(contents: RunContents) -> None:
    """SECURITY: it also grows with the number of pairs of readers; raises `DatasetUnusable`."""
    if (readers := len(contents.brought)) > MOST_PUBLIC_READERS:
        raise DatasetUnusable(
            _("These are readings of {n} readers. Bring {most} at most.", n=readers, most=MOST_PUBLIC_READERS)
        )
    letters = 0
    for whose, page, text in _texts(contents):
        _refuse_long(whose, page, text)
        letters += len(text)
    if letters > MOST_PUBLIC_LETTERS:
        raise DatasetUnusable(
            _(
                "These texts have {n} characters together. Bring {most} at most: fewer pages, or fewer readers.",
                n=f"{letters:,}",
                most=f"{MOST_PUBLIC_LETTERS:,}",
            )
        )


def _texts(contents: RunContents) -> Iterator[tuple[str, str, str]]:
    """Whose each is, of which page, and what it says."""
    for item in contents.items:
        yield _("The reference"), item.id, item.reference or ""
    for engine_id, runs in contents.brought.items():
        whose = _("The reading of {engine}", engine=contents.settings.labels[engine_id])
        for position, run in runs.items():
            if run.transcription:
                yield whose, contents.items[position].id, run.transcription.text


def _secret_in(folder: Path) -> bytes:
    """The folder's own random bytes, made when they are first asked for."""
    kept, name = LocalBlobs(folder), "tickets.key"
    if (found := kept.get(name)) is None:
        kept.put(name, found := secrets.token_bytes(32))
    return found


MOST_FILES = 2000
UNNAMED = "pages"


class UploadNotKept(Exception):
    """More was uploaded than this host keeps, or what does not go together; one sentence says what to do."""


class KeptPages:
    """Uploads below one folder, each in a folder of its own under an unguessable name.

    SECURITY: file names are strangers' words; only their last part is used, and nothing is unpacked or decoded here.
    Whoever sends more and more loses their own: with `most_bytes_kept` strangers share that much.
    """

    def __init__(self, folder: Path, most_bytes: int, most_bytes_kept: float = math.inf) -> None:
        """`most_bytes` is for one upload."""
        self._folder = folder
        self._most_bytes = most_bytes
        self._kept = Shelf[tuple[Path, int]](most_bytes_kept, size=lambda kept: kept[1], gone=_erase)

    def take(self, files: Sequence[Path], payer: str = "") -> Path:
        """Keep these files and give back what a data set is opened from; raises `UploadNotKept`.

        What came twice is kept once. Several files stand in a folder that is called after them: people see its name.
        """
        files = list(dict.fromkeys(files))
        if len(files) > MOST_FILES:
            raise UploadNotKept(_("At most {n} files at once. Put them into one zip.", n=MOST_FILES))
        self._refuse_large(files, 2 * self._most_bytes)  # everything may have come twice; more is not even looked at
        files = list(_each_once(files))
        size = self._refuse_large(files, self._most_bytes)
        if len(files) > 1 and any(file.suffix.lower() == ".zip" for file in files):
            raise UploadNotKept(_("A zip is taken by itself. Bring one zip with everything in it, or only the files."))
        kept = self._folder / secrets.token_urlsafe(12)
        alone = len(files) == 1 and files[0].suffix.lower() not in TABLE_SUFFIXES
        folder = kept if alone else kept / _called(files)
        folder.mkdir(parents=True)
        self._kept.put(kept.name, (kept, size), payer)
        for file, name in zip(files, _names(files), strict=True):
            _place(file, folder / name)
        return folder / files[0].name if alone else folder

    def _refuse_large(self, files: Sequence[Path], most_bytes: int) -> int:
        """How many bytes they have together; raises `UploadNotKept`."""
        size = sum(file.stat().st_size for file in files)
        if size > most_bytes:
            most = f"{self._most_bytes / 1e6:.0f}"
            raise UploadNotKept(_("At most {megabytes} MB here. Send fewer or smaller pages.", megabytes=most))
        return size

    def drop(self, path: Path) -> None:
        """Delete an upload that no run uses; raises nothing, and touches nothing outside the folder."""
        inside = path.resolve()
        if inside.is_relative_to(self._folder.resolve()) and inside != self._folder.resolve():
            top = inside.relative_to(self._folder.resolve()).parts[0]
            self._kept.drop(top)
            shutil.rmtree(self._folder / top, ignore_errors=True)  # it may be here since before a restart

    def drop_older(self, seconds: float) -> None:
        """Delete the uploads that came so long ago, whether a run uses them or not."""
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            with suppress(FileNotFoundError):  # its visitor took it away meanwhile
                if time.time() - folder.stat().st_mtime >= seconds:
                    self.drop(folder)


def _erase(kept: tuple[Path, int]) -> None:
    shutil.rmtree(kept[0], ignore_errors=True)


def _each_once(files: Sequence[Path]) -> Iterator[Path]:
    """Without those that came again under the same name with the same bytes.

    SECURITY: each is read once, and only where another may be like it: each against each takes minutes.
    """
    alike = Counter(map(_name_and_size, files))
    seen: set[tuple[str, int, bytes]] = set()
    for file in files:
        named = _name_and_size(file)
        known = (*named, _digest(file) if alike[named] > 1 else b"")
        if known not in seen:
            seen.add(known)
            yield file


def _name_and_size(file: Path) -> tuple[str, int]:
    return file.name, file.stat().st_size


def _digest(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").digest()


def _called(files: Sequence[Path]) -> str:
    more, stem = len(files) - 1, files[0].stem[:40]
    called = stem if stem.strip(".") else UNNAMED  # a folder is not called `..`
    return f"{called} +{more}" if more else called


def _names(files: Sequence[Path]) -> Iterable[str]:
    """Unique names; a page and its text that came twice keep each other. The only table is taken as the manifest."""
    tables = [file for file in files if file.suffix.lower() in TABLE_SUFFIXES]
    times: Counter[str] = Counter()
    given: set[str] = set()
    for file in files:
        name = f"manifest{file.suffix.lower()}" if tables == [file] and len(files) > 1 else file.name
        stem, dot, rest = name.partition(".")
        unique = name
        while unique in given:
            times[name] += 1
            unique = f"{stem} ({times[name] + 1}){dot}{rest}"
        given.add(unique)
        yield unique


def _place(file: Path, target: Path) -> None:
    """A second name for the same bytes where the disk allows it, as the upload's own name is soon deleted."""
    try:
        os.link(file, target)
    except OSError:
        shutil.copyfile(file, target)
