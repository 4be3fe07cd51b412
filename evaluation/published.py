"""What papers and vendors have published about IAM, for reading beside our own figures and never mixed with them.

A row without a value is a row of which no figure with a source we would sign was found. These are data.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

READ_ON = date(2026, 11, 23)
CAUTION = (
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


_BYTES = "Counted on UTF-8 bytes, which makes no difference on IAM's ASCII text."


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
        "No official code or weights; a third party who rebuilt it reports 2.8 to 2.9 (github arvindrajan92/DTrOCR, "
        "issue 25).",
    ),
    _found("TrOCR large", "trocr-large", 2.89, "model card microsoft/trocr-large-handwritten", _BYTES),
    _found("TrOCR base", "trocr-base", 3.42, "model card microsoft/trocr-base-handwritten", _BYTES),
    _found("DLoRA-TrOCR", "trocr-adapter", 4.02, "arXiv:2404.12734", "No official weights were found."),
    _found("TrOCR small", "trocr-small", 4.22, "model card microsoft/trocr-small-handwritten", _BYTES),
    _not_found("GPT-5", "gpt-5"),
    _not_found("GPT-5 mini", "gpt-5-mini"),
    _not_found("GPT-4o", "gpt-4o"),
    _not_found("Claude Opus 4.7", "claude-opus-4-7"),
    _not_found("Gemini 3", "gemini-3.1-pro", "gemini-3-flash"),
    _not_found("Azure Document Intelligence v4", "azure-read"),
    _not_found("Mistral OCR 3", "mistral-ocr-3"),
    _not_found("Transkribus", "transkribus"),
    _not_found("Qwen2.5-VL", "qwen2.5-vl"),
    _not_found("GOT-OCR 2.0", "got-ocr-2"),
    _not_found("PaddleOCR (PP-OCRv6, PP-OCRv5)", "ppocr-v6-small", "ppocr-v6-tiny", "ppocr-v5"),
    _not_found("PaddleOCR-VL", "paddleocr-vl"),
    _not_found("Tesseract 5", "tesseract"),
)


def published_for(engine_id: str) -> Published | None:
    """The row of an engine, if it stands in the table."""
    return next((row for row in PUBLISHED if engine_id in row.engine_ids), None)
