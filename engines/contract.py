"""What every engine takes and gives. Knows nothing of vendors, scores or screens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol, Self, get_args, runtime_checkable

from translations import N_, _

Level = Literal["character", "word", "line", "paragraph", "page"]
Unit = Literal["page", "line"]
"""What is read at once."""
Point = tuple[float, float]
Setting = str | int | float | bool
Runs = Literal["cloud", "local", "elsewhere"]
"""Where an engine reads; "elsewhere" is what was read before, by whom ever, and brought along."""


class WireProtocol(StrEnum):
    """How a page reaches an engine; one adapter serves each."""

    OPENAI_RESPONSES = "openai-responses"
    OPENAI_CHAT = "openai-chat"
    ANTHROPIC_MESSAGES = "anthropic-messages"
    GEMINI_GENERATE = "gemini-generate"
    HUGGINGFACE_CHAT = "huggingface-chat"
    MISTRAL_OCR = "mistral-ocr"
    AZURE_READ = "azure-read"
    TRANSKRIBUS = "transkribus"
    TEXTRACT = "textract"
    CLOUD_VISION = "cloud-vision"
    TROCR = "trocr"
    DTROCR = "dtrocr"
    LOCAL_VLM = "local-vlm"
    TESSERACT = "tesseract"
    RAPIDOCR = "rapidocr"
    NONE = "none"
    """The page reaches nobody: its readings were made elsewhere."""


@dataclass(frozen=True, slots=True)
class PageImage:
    """The canonical pixels every engine gets: upright RGB on white, one PNG, no metadata.

    `sha256` is the hex digest of `png`; `width` and `height` are in pixels. Made by `playground.uploads.accept`.
    """

    sha256: str
    png: bytes = field(repr=False)
    width: int
    height: int


MOST_OUTPUT_TOKENS = 8000
"""What the densest page may take."""


@dataclass(frozen=True, slots=True)
class ReadingTask:
    """The conditions under which engines are compared: one value for all of them."""

    prompt: str = (
        "Transcribe the handwriting in this image exactly as it is written. Keep the writer's spelling, "
        "capital letters, punctuation and line breaks; do not correct, complete, translate or explain anything. "
        "Write [illegible] for what cannot be read. Answer with the transcription only."
    )
    language: str = ""
    """A code of `engines.languages`; empty where nobody said: engines then tell by themselves, or take English."""
    max_output_tokens: int = MOST_OUTPUT_TOKENS
    timeout_seconds: float = 120.0
    conventions: str = ""
    """What the prompt asks for, in a sentence for people; a reference has to follow it too."""


PIXELS_PER_TOKEN = 400
"""The densest print that can still be read, in scripts that models cut into most tokens."""
FEWEST_OUTPUT_TOKENS = 1500


def output_room(page: PageImage) -> int:
    """How many tokens an answer may have, so that no more is set aside for a postcard than a postcard can hold."""
    return min(MOST_OUTPUT_TOKENS, max(FEWEST_OUTPUT_TOKENS, page.width * page.height // PIXELS_PER_TOKEN))


@dataclass(frozen=True, slots=True)
class Region:
    """A piece of the page's text; `polygon` is in `PageImage` pixels, clockwise from the text's top left."""

    level: Level
    text: str
    polygon: tuple[Point, ...]
    confidence: float | None = None
    handwritten: bool | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What the vendor says it counted.

    `output_tokens` includes `reasoning_tokens`, as vendors bill them. `input_tokens` includes `cached_tokens`, read
    from the vendor's cache for less, and `cache_write_tokens`, written to it for more.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    reasoning_tokens: int = 0
    pages: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """What the engine really got: pixels after any downscaling, the prompt if it takes one, its own settings."""

    width: int
    height: int
    prompt: str | None = None
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What an engine saw on the page.

    `text` is the engine's answer unchanged (Markdown, preambles and all); scoring decides what to leave out.
    A `refused` reading is an answer that was paid for and holds no transcription; it is never scored as a text.
    """

    text: str
    regions: tuple[Region, ...] = ()
    truncated: bool = False
    refused: bool = False
    model_reported: str = ""
    usage: Usage | None = None
    sent: Sent | None = None
    kind: Literal["reading"] = "reading"

    def __post_init__(self) -> None:
        """An adapter that takes something else for the text has misread its vendor: raises TypeError."""
        if not isinstance(self.text, str):
            raise TypeError(f"A reading's text is a str, not a {type(self.text).__name__}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """US dollars for what a vendor counts; a part that is not billed is None."""

    usd_per_million_input_tokens: float | None = None
    usd_per_million_output_tokens: float | None = None
    usd_per_million_cached_tokens: float | None = None
    """None where they cost what other input does; so too for those written to the cache."""
    usd_per_million_cache_write_tokens: float | None = None
    usd_per_page: float | None = None
    usd_per_million_cached_tokens_by_batch: float | None = None
    """None where a batch halves this rate as it does all others."""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """What holds from a day on."""

    on: date
    rates: Rates


@dataclass(frozen=True, slots=True)
class VolumeRate:
    """What each page of a month costs beyond so many, by whom and when that was said."""

    beyond_pages_a_month: int
    usd_per_page: float
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class Price(Rates):
    """A list price with where and when it was read: the rates that held then, and those announced, in order."""

    source: str
    as_of: date
    changes: tuple[PriceChange, ...] = field(default=(), kw_only=True)
    volume: tuple[VolumeRate, ...] = field(default=(), kw_only=True)
    """From the smallest volume to the largest; each holds for what lies beyond it."""

    def rates_on(self, day: date) -> Rates:
        """The rates that hold on that day."""
        return next((change.rates for change in reversed(self.changes) if change.on <= day), self)


Territory = Literal["EU", "US", "UK", "Canada", "Australia", "India", "Japan", "Singapore", "South Korea"]
"""Where pages may be processed, as vendors name it; none lies in another."""
CertificateName = Literal["SOC 2", "ISO 27001", "HIPAA agreement"]
_SAID_IN_OTHER_WORDS = (
    N_("EU"), N_("US"), N_("UK"), N_("Canada"), N_("Australia"), N_("India"), N_("Japan"), N_("Singapore"),
    N_("South Korea"), N_("HIPAA agreement"),
)  # fmt: skip
"""Of these names, in other languages."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a vendor says on one point, where and when that was read, and what has to be so for it to hold."""

    words: str
    source: str
    as_of: date
    only_if: str = ""

    def said(self) -> Self:
        """The same in the language of whoever asks."""
        return replace(self, words=_(self.words), only_if=_(self.only_if))


@dataclass(frozen=True, slots=True)
class Places(Statement):
    """Where pages can be kept; `all_named` says that there is no other place to choose."""

    territories: tuple[Territory, ...] = field(kw_only=True)
    all_named: bool = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Retention(Statement):
    """How long pages or answers are kept at most; None where it is said in no figure."""

    days: float | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Training(Statement):
    """Whether pages are used to train models."""

    used: bool = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Pace(Statement):
    """How fast a new account may ask for pages; None where the vendor says it in no figure."""

    pages_a_minute: float | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Certificate(Statement):
    """What an auditor or a contract vouches for."""

    name: CertificateName = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class DataHandling:
    """What the vendor says it does with the page, point by point; None where no statement was found."""

    processed_in: Places | None = None
    kept: Retention | None = None
    trained_on: Training | None = None
    deletion: Statement | None = None
    certificates: tuple[Certificate, ...] = ()
    agreement: Statement | None = None
    """On data processing, as the GDPR's article 28 wants it."""
    subprocessors: Statement | None = None

    @property
    def points(self) -> tuple[tuple[str, Statement | None], ...]:
        """Every point in a buyer's words, answered or not, in the language of whoever asks."""
        held = {one.name: one for one in self.certificates}
        points = (
            (_("where it is processed"), self.processed_in),
            (_("how long it is kept"), self.kept),
            (_("training"), self.trained_on),
            (_("deletion"), self.deletion),
            *((_(name), held.get(name)) for name in get_args(CertificateName)),
            (_("data-processing agreement"), self.agreement),
            (_("subprocessors"), self.subprocessors),
        )
        return tuple((point, statement and statement.said()) for point, statement in points)


@dataclass(frozen=True, slots=True)
class ImageLimit:
    """What the engine sees at most: a longer edge or more bytes is downscaled by the adapter, and `Sent` says so."""

    long_edge: int | None = None
    megabytes: float | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """Where a local model's weights come from: inside a package, from the hub, or from the user."""

    origin: Literal["package", "hub", "user"]
    repo_id: str = ""
    revision: str = ""
    megabytes: int = 0
    path_env: str = ""
    """The environment variable that holds the folder or hub id of weights of the user's own (option `path`)."""


@dataclass(frozen=True, slots=True)
class EngineSpec:
    """One row of the catalogue: everything the playground knows about an engine before it runs."""

    id: str
    label: str
    vendor: str
    protocol: WireProtocol
    model: str
    runs: Runs
    reads: Unit = "page"
    family: str = ""
    """Engines of one family (same vendor or base model) count as one vote where engines vote."""
    key_env: str | None = None
    other_env: tuple[str, ...] = ()
    """Further environment variables the engine cannot do without (an endpoint, a user name)."""
    base_url: str | None = None
    base_url_env: str | None = None
    packages: tuple[str, ...] = ()
    binary: str | None = None
    weights: Weights | None = None
    max_parallel: int = 1
    pace: Pace | None = None
    price: Price | None = None
    ends_on: date | None = None
    successor: str = ""
    box_levels: tuple[Level, ...] = ()
    image_limit: ImageLimit = ImageLimit()
    data_handling: DataHandling | None = None
    licence: str = ""
    note: str = ""
    options: Mapping[str, Setting] = field(default_factory=dict)


@runtime_checkable
class Engine(Protocol):
    """Reads one page at a time. Instances may be called from any thread; a loaded model locks itself."""

    spec: EngineSpec

    def read(self, page: PageImage, task: ReadingTask) -> Reading:
        """Transcribe the page; raises an `engines.errors.EngineError` and nothing else."""


@runtime_checkable
class BatchEngine(Engine, Protocol):
    """A local engine that is faster on several pages at once; same texts as `read` one by one."""

    def read_many(self, pages: Sequence[PageImage], task: ReadingTask) -> list[Reading]:
        """One reading per page, in order."""


ProgressListener = Callable[[str, float | None], None]

listener: ContextVar[ProgressListener | None] = ContextVar("listener", default=None)


def report_progress(doing: str, share: float | None = None) -> None:
    """Tell whoever listens what is being done, and which share of it (0 to 1) is over if that is known."""
    listening = listener.get()
    if listening is not None:
        listening(doing, share)
