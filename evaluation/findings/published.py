"""What is said of models on handwriting, each with its source: read beside our own figures, never mixed with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from translations import N_, _

READ_ON = date(2026, 11, 23)
CAUTION = N_(
    "Published, not measured here. Figures for IAM were mostly taken on its tokenised references and with different "
    "ways of counting; they cannot be compared with figures measured on your pages."
)


@dataclass(frozen=True, slots=True)
class Published:
    """One model's published character error rate on IAM lines, in percent; None where none was found."""

    model: str
    engine_ids: tuple[str, ...]
    cer_percent: float | None
    source: str
    read_on: date
    note: str = ""


_BYTES = N_("Counted on UTF-8 bytes, which makes no difference on IAM's ASCII text.")


def _found(model: str, engine_id: str, cer_percent: float, source: str, note: str) -> Published:
    return Published(model, (engine_id,), cer_percent, source, READ_ON, note)


def _not_found(model: str, *engine_ids: str) -> Published:
    return Published(model, engine_ids, None, "not found", READ_ON)


PUBLISHED: tuple[Published, ...] = (
    _found(
        "DTrOCR",
        "dtrocr",
        2.38,
        "DTrOCR paper",
        N_(
            "No official code or weights; a third party who rebuilt it reports 2.8 to 2.9 (github "
            "arvindrajan92/DTrOCR, issue 25)."
        ),
    ),
    _found("TrOCR large", "trocr-large", 2.89, "model card microsoft/trocr-large-handwritten", _BYTES),
    _found("TrOCR base", "trocr-base", 3.42, "model card microsoft/trocr-base-handwritten", _BYTES),
    _found("DLoRA-TrOCR", "trocr-adapter", 4.02, "arXiv:2404.12734", N_("No official weights were found.")),
    _found("TrOCR small", "trocr-small", 4.22, "model card microsoft/trocr-small-handwritten", _BYTES),
    _not_found("GPT-5", "gpt-5"),
    _not_found("GPT-5 mini", "gpt-5-mini"),
    _not_found("GPT-4o", "gpt-4o"),
    _not_found("Claude Opus 4.7", "claude-opus-4-7"),
    _not_found("Gemini 3", "gemini-3.1-pro", "gemini-3-flash"),
    _not_found("Azure Document Intelligence v4", "azure-read"),
    _not_found("Mistral OCR 3", "mistral-ocr-3"),
    _not_found("Transkribus", "transkribus"),
    _not_found("Amazon Textract", "textract"),
    _not_found("Google Cloud Vision", "cloud-vision"),
    _not_found("Qwen2.5-VL", "qwen2.5-vl"),
    _not_found("GOT-OCR 2.0", "got-ocr-2"),
    _not_found("PaddleOCR (PP-OCRv6, PP-OCRv5)", "ppocr-v6-small", "ppocr-v6-tiny", "ppocr-v5"),
    _not_found("PaddleOCR-VL", "paddleocr-vl"),
    _not_found("Tesseract 5", "tesseract"),
)
"""Read beside our own figures and never mixed with them. Without a figure: none was found with a source to sign."""


def published_for(engine_id: str) -> Published | None:
    """The row of an engine, if it stands in the table."""
    return next((row for row in PUBLISHED if engine_id in row.engine_ids), None)


_INKBENCH = "InkBench's table of 24 September 2025, https://github.com/nealcaren/InkBench"
_INKBENCH_READ = date(2026, 11, 28)
INKBENCH_NOTE = N_(
    "InkBench: 120 handwritten pages of the Library of Congress, 18th to early 20th century; lower case, letters and "
    "digits only, the mean over pages, given to two digits."
)


def _inkbench(model: str, engine_id: str, cer_percent: float) -> Published:
    return Published(model, (engine_id,) if engine_id else (), cer_percent, _INKBENCH, _INKBENCH_READ)


INKBENCH: tuple[Published, ...] = (
    _inkbench("GPT-4.1 mini", "", 9),
    _inkbench("Qwen3-VL 235B", "", 10),
    _inkbench("GPT-5 mini", "gpt-5-mini", 11),
    _inkbench("GPT-5", "gpt-5", 12),
    _inkbench("Gemini 2.5 Flash", "", 12),
    _inkbench("Claude Sonnet 4", "", 23),
    _inkbench("Qwen2.5-VL 72B", "qwen2.5-vl", 24),
    _inkbench("Gemma 3 27B", "", 39),
    _inkbench("Tesseract", "tesseract", 99),
)
"""CER in percent, one less the accuracy that it prints."""

_CLAIM = "https://www.codesota.com/ocr/best-for-handwriting"
_NO_MEASUREMENT = N_("no measurement was found behind it")
CLAIMED: tuple[Published, ...] = (
    Published("GPT-5", ("gpt-5",), 1.22, _CLAIM, READ_ON, _NO_MEASUREMENT),
    Published("Claude Opus 4.7", ("claude-opus-4-7",), 1.31, _CLAIM, READ_ON, _NO_MEASUREMENT),
    Published("Gemini 3", ("gemini-3.1-pro",), 1.44, _CLAIM, READ_ON, _NO_MEASUREMENT),
)
"""What is repeated of models on IAM; `COUNTED` is why nobody should choose by it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One model's answers on pages that everybody can fetch, counted by our default rules."""

    model: str
    cer_percent: float
    middle_page_percent: float
    refused: int


COUNTED: tuple[Counted, ...] = (
    Counted("GPT-5", 17.1, 8.8, 1),
    Counted("Gemini 3", 6.1, 4.2, 0),
    Counted("GPT-5 mini", 15.1, 6.9, 0),
)
"""On 36 handwritten pages of InkBench, by `python -m benchmarks.accuracy.published_claims`."""


def contrasts() -> list[str]:
    """What is claimed of a model on IAM, and what its answers gave on other pages: why one measures on one's own."""
    counts = {count.model: count for count in COUNTED}
    return [_contrast(claim, found) for claim in CLAIMED if (found := counts.get(claim.model))]


def _contrast(claim: Published, found: Counted) -> str:
    said = _(
        "{model} is said to get {claimed} % of the characters of IAM wrong ({source}, read {date}; {note}).",
        model=claim.model,
        claimed=claim.cer_percent,
        source=claim.source,
        date=claim.read_on,
        note=_(claim.note),
    )
    counted = (
        _(
            "On 36 handwritten pages of InkBench, with its answers of May 2026, it got {cer} % wrong, {middle} % on "
            "the middle page, one refusal left out."
        )
        if found.refused
        else _(
            "On 36 handwritten pages of InkBench, with its answers of May 2026, it got {cer} % wrong, {middle} % on "
            "the middle page."
        )
    )
    return f"{said} {counted.format(cer=found.cer_percent, middle=found.middle_page_percent)}"


def on_inkbench(engine_id: str) -> Published | None:
    """InkBench's row of an engine, if it has one."""
    return next((row for row in INKBENCH if engine_id in row.engine_ids), None)
