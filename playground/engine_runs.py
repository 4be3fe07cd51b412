"""The facts of one comparison: what was read, by whom, how long it took, what it cost; and were engines treated alike.

Scores are derived elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Literal

from cachetools import LRUCache, cached

from engines.contract import Reading, ReadingTask, Sent
from engines.key_redaction import forms_of, without_forms
from engines.pricing import Usd
from metrics.answer import is_loop, is_refusal, parse_answer
from translations import N_, _
from translations.wording import in_clauses, listed

ASK_THE_HOST = N_("Ask whoever runs this app.")
_NAME_OF_A_KEY = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEY|TOKEN|PASSWORD)\b")
_NAME_OF_A_SETTING = re.compile(
    r"\b(?:INKQUEST|AWS|TRANSKRIBUS)_[A-Z0-9_]+\b|\b[A-Z][A-Z0-9_]*_(?:PROXY|URL|ENDPOINT|HEADERS)\b"
)
"""Vendors' own words, such as RESOURCE_EXHAUSTED, stay."""
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Failure:
    """An engine that did not read: never a text, never a CER of 1."""

    reason: str
    message: str
    fix: str = ""
    retry_helps: bool = False
    kind: Literal["failure"] = "failure"

    def for_strangers(self) -> Failure:
        """The same to somebody who cannot change this host's settings, and is told the name of none."""
        message, fix = (_NAME_OF_A_KEY.sub(_("the key"), text) for text in (self.message, self.fix))
        told = _(ASK_THE_HOST) if _NAME_OF_A_SETTING.search(fix) else fix
        return replace(self, message=_NAME_OF_A_SETTING.sub(_("a setting of this host"), message), fix=told)


@dataclass(frozen=True, slots=True)
class WordConfidences:
    """An engine's own confidence, 0 to 1, in the words of its text that start there: all that is kept of regions."""

    starts: tuple[int, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class EngineRun:
    """One engine, one page: a reading or a failure, never both."""

    engine_id: str
    outcome: Reading | Failure
    seconds: float | None
    """None where nobody here knows: the reading was made elsewhere."""
    attempts: int = 1
    cost: Usd | None = None
    """None where nothing is paid and where nobody knows: `charge_of` tells which."""
    maybe_billed: bool = False
    maybe_usd: float | None = None
    """The most that attempts without a count may have cost, where a price is known."""
    confidences: WordConfidences | None = None
    """Where the reading's regions are not kept and had any."""

    @property
    def refused(self) -> bool:
        """Whether the engine answered that it would not or could not read, by a flag of its vendor's or in words."""
        return isinstance(self.outcome, Reading) and (self.outcome.refused or _declines(self.outcome.text))

    @property
    def transcription(self) -> Reading | None:
        """What was read, be it nothing on an empty page; a refusal is an answer and no transcription."""
        return self.outcome if isinstance(self.outcome, Reading) and not self.refused else None


@cached(LRUCache(10_000), key=hash, lock=Lock())
def _declines(text: str) -> bool:
    """Kept, because every figure of a run and every drawing of a screen asks again; the text itself is not."""
    return is_refusal(text)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One page read by several engines under one task."""

    id: str
    created_at: datetime
    page_sha256: str
    page_width: int
    page_height: int
    task: ReadingTask
    reference: str
    runs: tuple[EngineRun, ...]
    app_version: str
    page_turned: int = 0
    """Degrees clockwise by which the file's page was turned."""


def for_strangers(run: EngineRun) -> EngineRun:
    """The run as a visitor of a public host is told of it."""
    return replace(run, outcome=run.outcome.for_strangers()) if isinstance(run.outcome, Failure) else run


def brought_run(engine_id: str, reading: Reading, seconds: float | None, usd: float | None) -> EngineRun:
    """A reading that was made elsewhere as a run, with what its owner says that it took."""
    return EngineRun(engine_id, storable(reading), seconds, cost=None if usd is None else Usd(usd, measured=True))


def with_turn(run: EngineRun, degrees: int) -> EngineRun:
    """The reading says by how much its page was turned clockwise, as it says what else was sent."""
    if not degrees or not isinstance(run.outcome, Reading) or run.outcome.sent is None:
        return run
    sent = run.outcome.sent
    told = replace(sent, settings=(*sent.settings, (N_("page turned by"), f"{degrees} degrees")))
    return replace(run, outcome=replace(run.outcome, sent=told))


def storable(reading: Reading, key: str | None = None) -> Reading:
    """The reading without half characters, which a JSON answer may hold and nothing can write, and without the key.

    A vendor was told `key`, and may repeat it in an answer as well as in an error.
    """
    texts, forms = (reading.text, reading.model_reported, *(region.text for region in reading.regions)), forms_of(key)
    clean = {text: _storable(text, forms) for text in texts}
    if all(text == kept for text, kept in clean.items()):
        return reading
    regions = tuple(replace(region, text=clean[region.text]) for region in reading.regions)
    return replace(reading, text=clean[reading.text], model_reported=clean[reading.model_reported], regions=regions)


def readings_of(runs: Iterable[EngineRun]) -> Mapping[str, Reading]:
    """What counts as a reading, by engine: what is scored, compared and asked about everywhere."""
    return {run.engine_id: run.transcription for run in runs if run.transcription is not None}


def texts_of(runs: Iterable[EngineRun]) -> Mapping[str, str]:
    """The readings that hold text: an engine that read nothing, or got stuck, has no say where they are compared."""
    texts = ((engine_id, reading.text) for engine_id, reading in readings_of(runs).items())
    return {engine_id: text for engine_id, text in texts if text.strip() and not is_loop(text)}


def votes_of(texts: Mapping[str, str]) -> Mapping[str, str]:
    """The same without what engines say around a transcription: that stands on no page."""
    return {engine_id: _transcription(text) for engine_id, text in texts.items()}


@lru_cache(maxsize=64)
def _transcription(text: str) -> str:
    return parse_answer(text).transcription


def _storable(text: str, forms: tuple[str, ...]) -> str:
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _HALF_CHARACTER.search(text) else text
    return without_forms(whole, forms)


NOTICEABLE = 1.1
"""Areas within a tenth of each other read alike."""

OUTPUT_LIMITS = frozenset({"max_tokens", "max_output_tokens"})


def unequal_treatment(sent: Mapping[str, Sent]) -> list[str]:
    """One sentence for each way in which engines (by label) did not get the same; an empty list if all did."""
    if len(sent) < 2:
        return []
    return [sentence for rule in (_pixels, _encoding, _prompts, _limits) if (sentence := rule(sent))]


def _pixels(sent: Mapping[str, Sent]) -> str:
    def area(label: str) -> int:
        return sent[label].width * sent[label].height

    least, most = min(sent, key=area), max(sent, key=area)
    if area(most) <= NOTICEABLE * area(least):
        return ""
    return _(
        "{one} saw the page at {size} pixels, {other} at {larger}: small writing may be lost to the one and not to the "
        "other.",
        one=least,
        size=_size(sent[least]),
        other=most,
        larger=_size(sent[most]),
    )


def _encoding(sent: Mapping[str, Sent]) -> str:
    lossy = [label for label, record in sent.items() if "encoding" in dict(record.settings)]
    return _("{engines} got the page as JPEG, the others without loss.", engines=listed(lossy)) if lossy else ""


def _prompts(sent: Mapping[str, Sent]) -> str:
    prompts = Counter(record.prompt for record in sent.values() if record.prompt is not None)
    without = [label for label, record in sent.items() if record.prompt is None]
    if not prompts:
        return ""
    usual = prompts.most_common(1)[0][0]
    other = [label for label, record in sent.items() if record.prompt not in {None, usual}]
    parts = []
    if without:
        parts.append(_("{engines} took no prompt", engines=listed(without)))
    if other:
        parts.append(_("{engines} got another prompt than the others", engines=listed(other)))
    return f"{in_clauses(parts)}." if parts else ""


def _limits(sent: Mapping[str, Sent]) -> str:
    limits = {
        label: value for label, record in sent.items() for name, value in record.settings if name in OUTPUT_LIMITS
    }
    if len(set(limits.values())) < 2:
        return ""
    each = ", ".join(f"{label} {value}" for label, value in limits.items())
    return _("The limits on output tokens, which include any reasoning, differ: {limits}.", limits=each)


def _size(record: Sent) -> str:
    return f"{record.width} × {record.height}"
