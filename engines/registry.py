"""Can this engine read here, which adapter speaks which protocol, the engines in use, and one GPU call for all.

Looks for packages, binaries, settings and weights; imports and calls nothing heavy: adapters import their SDK only when
they are built.

All local engines of a comparison read in one GPU call, as a Hugging Face ZeroGPU Space wants it; elsewhere a plain
call. Every GPU call is scheduled and charged to the visitor's quota by itself, so engines share one. Whoever calls must
be in a copy of the visitor's context (`contextvars.copy_context`), or the Space's own quota is charged.

Which languages each reads is said as far as anybody says: what is installed, what a model was made for, or any.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from engines.adapters.anthropic_messages import AnthropicMessagesEngine
from engines.adapters.azure_read import AzureReadEngine
from engines.adapters.cloud_vision import HINTED, CloudVisionEngine
from engines.adapters.gemini_generate import GeminiGenerateEngine
from engines.adapters.line_models import DTrOCREngine, TrOCREngine
from engines.adapters.local_vlm import LocalVLMEngine
from engines.adapters.mistral_ocr import MistralOCREngine
from engines.adapters.openai_chat import HuggingFaceChatEngine, OpenAIChatEngine
from engines.adapters.openai_responses import OpenAIResponsesEngine
from engines.adapters.rapidocr import RapidOCREngine
from engines.adapters.tesseract import TesseractEngine, installed_languages
from engines.adapters.textract import TextractEngine
from engines.adapters.transkribus import TranskribusEngine
from engines.catalogue import WIRES
from engines.contract import Engine, EngineSpec, PageImage, Reading, ReadingTask, Weights, WireProtocol
from engines.endpoint import ACCOUNT_SETTINGS
from engines.errors import EngineError, EngineUnavailable
from engines.languages import NAMES, language_name
from engines.line_finding import LineFinder, find_lines
from engines.page_fitting import rgb_pixels
from translations import _

NOTICE = timedelta(days=60)

HUB_ID = re.compile(r"[\w.-]+/[\w.-]+")

# Where the name one installs is not the name one imports.
DISTRIBUTIONS: Mapping[str, str] = {
    "azure.ai.documentintelligence": "azure-ai-documentintelligence",
    "google.genai": "google-genai",
    "mistralai.client": "mistralai",
}

DEBIAN_PACKAGES: Mapping[str, str] = {"tesseract": "tesseract-ocr"}


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine can be built; `note` says what its first use will cost, such as a download."""

    note: str = ""
    kind: Literal["ready"] = "ready"


@dataclass(frozen=True, slots=True)
class Missing:
    """`what` is not here, which anybody may read; `fix` is the exact command or setting, for whoever runs the app."""

    what: str
    fix: str
    kind: Literal["missing"] = "missing"


Availability = Ready | Missing


def availability(spec: EngineSpec, has_key: Callable[[str], bool]) -> Availability:
    """Whether the engine can be built here; `has_key` says of a name whether a key or setting of that name is set."""
    return (
        _missing_package(spec) or _missing_setting(spec, has_key) or _missing_weights(spec) or Ready(_first_use(spec))
    )


def distributions(spec: EngineSpec) -> str:
    """What to install for an engine, as pip takes it."""
    return " ".join(map(_distribution, spec.packages))


def ending(spec: EngineSpec, today: date) -> str:
    """A notice if the vendor has ended this model or will within 60 days, else nothing."""
    if spec.ends_on is None or spec.ends_on - today > NOTICE:
        return ""
    day = spec.ends_on.isoformat()
    notice = _("ended on {day}", day=day) if spec.ends_on <= today else _("ends on {day}", day=day)
    return _("{notice}; successor {model}", notice=notice, model=spec.successor) if spec.successor else notice


def _missing_package(spec: EngineSpec) -> Missing | None:
    if spec.binary and shutil.which(spec.binary):
        return None  # the program does what the package would
    for package in spec.packages:
        if not _importable(package):
            fix = f"pip install {_distribution(package)}"
            if spec.binary:
                other = f"apt install {DEBIAN_PACKAGES.get(spec.binary, spec.binary)}"
                fix = _("{command} (or: {other})", command=fix, other=other)
            return Missing(_("the Python package {package}", package=package), fix)
    return None


def _distribution(package: str) -> str:
    return DISTRIBUTIONS.get(package, package)


@cache
def _importable(package: str) -> bool:
    """Looked up once in a process: each look asks the disk in every folder of the path, for each engine on a screen."""
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # a parent of a dotted name is missing
        return False


def _missing_setting(spec: EngineSpec, has_key: Callable[[str], bool]) -> Missing | None:
    key_needed = spec.key_env is not None and not spec.options.get("key_optional")
    for name in ((spec.key_env,) if key_needed else ()) + spec.other_env:
        if name and not has_key(name):
            example = ACCOUNT_SETTINGS[name].example if name in ACCOUNT_SETTINGS else "..."
            return Missing(_describe(spec, name), f"export {name}={example}")
    return None


def _describe(spec: EngineSpec, name: str) -> str:
    if name == spec.key_env:
        if name.endswith("PASSWORD"):
            return _("a password for {engine}", engine=spec.label)
        return _("an API key for {vendor}", vendor=_(spec.vendor))
    if name in ACCOUNT_SETTINGS:
        return _("the {setting} of {engine}", setting=ACCOUNT_SETTINGS[name].within, engine=spec.label)
    return _("the account's further setting of {engine}", engine=spec.label)


def _missing_weights(spec: EngineSpec) -> Missing | None:
    if spec.weights is None or spec.weights.origin != "user":
        return None
    path = str(spec.options.get("path", ""))
    if HUB_ID.fullmatch(path) or (path and Path(path).exists()):
        return None
    fix = f"export {spec.weights.path_env}=/folder/with/the/weights"
    if not path:
        return Missing(_("weights of your own"), fix)
    return Missing(
        _("weights of your own, which are not where they were said to be"),
        _("{command} (it says {path}, where nothing is)", command=fix, path=path),
    )


def _first_use(spec: EngineSpec) -> str:
    if spec.weights is None or spec.weights.origin != "hub" or _cached(spec.weights):
        return ""
    megabytes = spec.weights.megabytes
    if not megabytes:
        return _("downloads its weights at first use")
    size = f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes} MB"
    return _("downloads {size} at first use", size=size)


def _cached(weights: Weights) -> bool:
    # huggingface_hub.constants reads the environment as every loader does and imports in milliseconds.
    from huggingface_hub.constants import HF_HUB_CACHE

    snapshots = Path(HF_HUB_CACHE) / f"models--{weights.repo_id.replace('/', '--')}" / "snapshots"
    return snapshots.is_dir() and any(snapshots.iterdir())


ADAPTERS: Mapping[WireProtocol, Callable[[EngineSpec, str | None], Engine]] = {
    WireProtocol.OPENAI_RESPONSES: OpenAIResponsesEngine,
    WireProtocol.OPENAI_CHAT: OpenAIChatEngine,
    WireProtocol.ANTHROPIC_MESSAGES: AnthropicMessagesEngine,
    WireProtocol.GEMINI_GENERATE: GeminiGenerateEngine,
    WireProtocol.HUGGINGFACE_CHAT: HuggingFaceChatEngine,
    WireProtocol.MISTRAL_OCR: MistralOCREngine,
    WireProtocol.AZURE_READ: AzureReadEngine,
    WireProtocol.TRANSKRIBUS: TranskribusEngine,
    WireProtocol.TEXTRACT: TextractEngine,
    WireProtocol.CLOUD_VISION: CloudVisionEngine,
    WireProtocol.RAPIDOCR: RapidOCREngine,
    WireProtocol.TESSERACT: TesseractEngine,
    WireProtocol.TROCR: TrOCREngine,
    WireProtocol.DTROCR: DTrOCREngine,
    WireProtocol.LOCAL_VLM: LocalVLMEngine,
}


def build_engine(spec: EngineSpec, key: str | None = None) -> Engine:
    """The engine of a catalogue row, with the key it shall use; raises `EngineUnavailable`."""
    adapter = ADAPTERS.get(spec.protocol)
    if adapter is None:
        raise EngineUnavailable(_("{engine} has no adapter for {protocol}.", engine=spec.label, protocol=spec.protocol))
    try:
        return adapter(spec, key)
    except ImportError as error:
        raise EngineUnavailable(
            _("{engine} needs the Python package {package}.", engine=spec.label, package=error.name),
            fix=f"pip install {distributions(spec)}",
        ) from error


@runtime_checkable
class Loadable(Protocol):
    """An engine that can load its model before the first page."""

    def load(self) -> None:
        """Load the model now; raises `EngineUnavailable`."""


class LoadedEngines:
    """Owns the local engines of a process; the app makes one and hands it to whoever reads."""

    def __init__(self) -> None:
        self._engines: dict[str, Engine] = {}
        self._lock = threading.Lock()

    def get(self, spec: EngineSpec, key: str | None = None) -> Engine:
        """The engine of a row; raises `EngineUnavailable`. A changed row (another adapter, say) is another engine."""
        if spec.runs == "cloud":
            return build_engine(spec, key)
        with self._lock:  # building is quick: models load at the first page
            same = repr(spec)  # a row holds a mapping, so it has no hash
            if same not in self._engines:
                self._engines[same] = build_engine(spec)
            return self._engines[same]

    def warm(self, spec: EngineSpec) -> None:
        """Load a local engine's model now, so that the first page need not wait; raises `EngineUnavailable`."""
        engine = self.get(spec)
        if isinstance(engine, Loadable):
            engine.load()


SECONDS_TO_START = 5
SECONDS_PER_LINE = 0.2
SECONDS_PER_PAGE = 25
"""What a vision-language model takes for a full page."""

Outcome = Reading | EngineError
"""Errors come back as values: from a ZeroGPU worker, a raised one would arrive as no more than its class's name."""


class GpuReader(Protocol):
    """Reads a page with several engines in one GPU call."""

    def __call__(self, specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask) -> list[Outcome]:
        """One outcome per row, in order."""


def wants_gpu(spec: EngineSpec) -> bool:
    """Whether a row's engine gains from a GPU: those that run on torch."""
    return spec.runs == "local" and "torch" in spec.packages


def gpu_seconds(specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask, lines: int) -> int:
    """How long a GPU call shall be reserved: what is not reserved is cut off, what is not used is not charged."""
    per_engine = [SECONDS_PER_LINE * lines if spec.reads == "line" else SECONDS_PER_PAGE for spec in specs]
    return ceil(min(SECONDS_TO_START + sum(per_engine), task.timeout_seconds))


def gpu_reader(engines: LoadedEngines) -> GpuReader:
    """A reader for those of these engines that want a GPU; the others' threads do not survive the worker's fork.

    Make it before the app is launched: ZeroGPU counts its tasks at that moment.
    """

    def read_on_gpu(specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask, lines: int) -> list[Outcome]:
        return [_outcome(engines, spec, page, task) for spec in specs]

    on_gpu = read_on_gpu
    if find_spec("spaces") is not None:
        import spaces

        on_gpu = spaces.GPU(read_on_gpu, duration=gpu_seconds)  # off Spaces this is read_on_gpu itself
    finder = LineFinder()

    def read(specs: Sequence[EngineSpec], page: PageImage, task: ReadingTask) -> list[Outcome]:
        failed = {spec.id: error for spec in specs if (error := _load_error(engines, spec))}
        ready = [spec for spec in specs if spec.id not in failed]
        lines = len(find_lines(rgb_pixels(page), finder)) if ready else 0
        outcomes = dict(
            zip([spec.id for spec in ready], on_gpu(ready, page, task, lines) if ready else [], strict=True)
        )
        return [failed.get(spec.id) or outcomes[spec.id] for spec in specs]

    return read


def _load_error(engines: LoadedEngines, spec: EngineSpec) -> EngineError | None:
    """Load here rather than in the worker: downloads cost no GPU time, and what a worker loads is lost with it."""
    try:
        engines.warm(spec)
    except EngineError as error:
        return error
    return None


def _outcome(engines: LoadedEngines, spec: EngineSpec, page: PageImage, task: ReadingTask) -> Outcome:
    try:
        return engines.get(spec).read(page, task)
    except EngineError as error:
        return error


_CHINESE_AND_ENGLISH = frozenset({"en", "zh", "zh-Hant"})
_LATIN_SCRIPT = frozenset(NAMES) - {
    "ar", "bg", "el", "en", "fa", "he", "hi", "ja", "ko", "ru", "sr", "th", "uk", "vi", "yi", "zh", "zh-Hant",
}  # fmt: skip
RECOGNISERS: Mapping[str, frozenset[str]] = {
    "v6-small": _CHINESE_AND_ENGLISH | {"ja"} | _LATIN_SCRIPT,
    "v6-tiny": _CHINESE_AND_ENGLISH | _LATIN_SCRIPT - {"az", "ro"},
    "v5-mobile": _CHINESE_AND_ENGLISH | {"ja"},
}
"""PP-OCR's networks by the row's option. Source: `default_models.yaml` of rapidocr 3.10 for v6, of which the tiny one
knows no Japanese, less the languages whose letters its alphabet lacks: Vietnamese, in the tiny one Azerbaijani and
Romanian; PaddleOCR's introduction of PP-OCRv5."""
AZURE_HANDWRITING = frozenset({"ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "ru", "th", "zh"})
"""Source: Microsoft's page on language support of the read model 4.0, handwritten text. It reads print in many more."""
TEXTRACT_HANDWRITING = frozenset({"en"})
"""Source: Amazon's questions and answers on Textract, handwriting. It reads print in five more."""
VISION_HANDWRITING = HINTED - {"ar", "fa", "he", "th", "yi"}
"""Source: the scripts of handwriting on Google's page on language support of Cloud Vision, experimental ones too."""

HANDWRITING: Mapping[WireProtocol, frozenset[str]] = {
    WireProtocol.AZURE_READ: AZURE_HANDWRITING,
    WireProtocol.TEXTRACT: TEXTRACT_HANDWRITING,
    WireProtocol.CLOUD_VISION: VISION_HANDWRITING,
}

PROMPTED = frozenset(protocol for protocol, wire in WIRES.items() if wire.prompted)
"""Models for everything: they take a page in any language, and nobody says how well they read it."""


@dataclass(frozen=True, slots=True)
class Languages:
    """`known` lists the codes; `any` is taken and promised by nobody; of `unstated` nothing is known here."""

    kind: Literal["known", "any", "unstated"]
    codes: frozenset[str] = frozenset()


def languages_of(spec: EngineSpec) -> Languages:
    """What the row's engine reads on this machine, now."""
    if spec.protocol is WireProtocol.TESSERACT:
        return Languages("known", installed_languages())
    if spec.protocol is WireProtocol.RAPIDOCR:
        return Languages("known", RECOGNISERS[str(spec.options["recogniser"])])
    if spec.protocol is WireProtocol.TROCR and "path" not in spec.options:
        return Languages("known", frozenset({"en"}))  # trained on IAM, which is English
    if spec.protocol in HANDWRITING:
        return Languages("known", HANDWRITING[spec.protocol])
    return Languages("any" if spec.protocol in PROMPTED else "unstated")


def languages_to_pick(specs: Iterable[EngineSpec]) -> list[str]:
    """The codes of what any of these is known to read, by name; all that have a name where one takes whatever comes."""
    found = [languages_of(spec) for spec in specs]
    codes = {code for one in found for code in (NAMES if one.kind == "any" else one.codes)}
    return sorted(codes, key=language_name)


def reads(spec: EngineSpec, language: str) -> bool:
    """Whether the engine reads every language that the page has, as far as anybody says; an empty code is none."""
    found = languages_of(spec)
    return found.kind != "known" or not language or found.codes.issuperset(language.split("+"))


def not_known_to_read(spec: EngineSpec, languages: Iterable[str]) -> str:
    """What to say beside an engine before it reads pages in these languages; nothing where it may read them all."""
    unread = sorted(language_name(code) for code in set(languages) if not reads(spec, code))
    if not unread:
        return ""
    *others, last = unread
    named = _("{one} and {other}", one=", ".join(others), other=last) if others else last
    return _(
        "{engine} is not known to read {languages}. It can run all the same; expect little.",
        engine=spec.label,
        languages=named,
    )
