"""The cloud services made for reading pages, which take no prompt: data only.

Datalab has no row: its client (0.5.0) types neither boxes nor costs, which it hands on as any dict, and its one call
that answers lines with boxes is deprecated. Its model Chandra comes in behind an OpenAI-compatible endpoint.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engines import vendor_statements
from engines.contract import EngineSpec, ImageLimit, Price, VolumeRate, WireProtocol
from translations import N_

_MISTRAL = EngineSpec(
    id="",
    label="",
    vendor="Mistral AI",
    family="mistral-ocr",
    protocol=WireProtocol.MISTRAL_OCR,
    model="",
    runs="cloud",
    key_env="MISTRAL_API_KEY",
    base_url="https://api.mistral.ai",
    base_url_env="MISTRAL_BASE_URL",
    packages=("mistralai.client",),
    max_parallel=4,
    image_limit=ImageLimit(megabytes=50),
    pace=vendor_statements.MISTRAL_PACE,
    data_handling=vendor_statements.MISTRAL,
    licence="proprietary",
)

MISTRAL = (
    replace(
        _MISTRAL,
        id="mistral-ocr-3",
        label="Mistral OCR 3",
        model="mistral-ocr-2512",
        price=Price("https://docs.mistral.ai/models/model-cards/ocr-3-25-12", date(2026, 8, 21), usd_per_page=0.002),
        successor="mistral-ocr-4",
        note=N_("Takes no prompt; answers in Markdown without text boxes."),
        options={"blocks": False},
    ),
    replace(
        _MISTRAL,
        id="mistral-ocr-4",
        label="Mistral OCR 4.1",
        model="mistral-ocr-4-1",
        price=Price("https://docs.mistral.ai/models/model-cards/ocr-4-1", date(2026, 8, 21), usd_per_page=0.004),
        box_levels=("paragraph",),
        note=N_("Takes no prompt; answers in Markdown with a box for each block."),
        options={"blocks": True},
    ),
)

AZURE = EngineSpec(
    id="azure-read",
    label="Azure Document Intelligence v4 Read",
    vendor="Microsoft",
    family="azure-read",
    protocol=WireProtocol.AZURE_READ,
    model="prebuilt-read",
    runs="cloud",
    key_env="DOCUMENTINTELLIGENCE_API_KEY",
    other_env=("DOCUMENTINTELLIGENCE_ENDPOINT",),
    base_url_env="DOCUMENTINTELLIGENCE_ENDPOINT",
    packages=("azure.ai.documentintelligence",),
    max_parallel=4,
    price=Price(
        "https://azure.microsoft.com/en-us/pricing/details/ai-document-intelligence/",
        date(2026, 10, 14),
        usd_per_page=0.0015,
        volume=(
            VolumeRate(
                1_000_000,
                0.0006,
                'meter "S0 Read Pages" of https://prices.azure.com/api/retail/prices (quoted by a user of it)',
                date(2026, 8, 18),
            ),
        ),
    ),
    box_levels=("line", "word"),
    image_limit=ImageLimit(long_edge=10_000, megabytes=500),
    pace=vendor_statements.AZURE_PACE,
    data_handling=vendor_statements.AZURE,
    licence="proprietary",
    note=N_("Takes no prompt; marks handwriting. Prices differ by region; the free tier takes pages up to 4 MB."),
)

TRANSKRIBUS = EngineSpec(
    id="transkribus",
    label="Transkribus",
    vendor="READ-COOP",
    family="transkribus",
    protocol=WireProtocol.TRANSKRIBUS,
    model="",
    runs="cloud",
    key_env="TRANSKRIBUS_PASSWORD",
    other_env=("TRANSKRIBUS_USER", "TRANSKRIBUS_HTR_ID"),
    base_url="https://transkribus.eu/processing/v1",
    base_url_env="TRANSKRIBUS_BASE_URL",
    packages=("httpx2",),
    max_parallel=2,
    box_levels=("line", "word"),
    # The interface takes 27,962,027 characters of base64.
    image_limit=ImageLimit(megabytes=20),
    data_handling=vendor_statements.TRANSKRIBUS,
    licence="proprietary",
    note=N_(
        "Billed in credits. TRANSKRIBUS_HTR_ID is the number of the model to read with: its languages are those that "
        "are read, and words come only if it emits them."
    ),
)

TEXTRACT = EngineSpec(
    id="textract",
    label="Amazon Textract",
    vendor="Amazon",
    family="textract",
    protocol=WireProtocol.TEXTRACT,
    model="DetectDocumentText",
    runs="cloud",
    key_env="AWS_SECRET_ACCESS_KEY",
    other_env=("AWS_ACCESS_KEY_ID", "AWS_REGION"),
    base_url_env="AWS_ENDPOINT_URL_TEXTRACT",
    packages=("botocore",),
    max_parallel=4,
    price=Price("https://aws.amazon.com/textract/pricing/", date(2026, 11, 28), usd_per_page=0.0015),
    box_levels=("line", "word"),
    # https://docs.aws.amazon.com/textract/latest/dg/limits-document.html
    image_limit=ImageLimit(long_edge=10_000, megabytes=10),
    pace=vendor_statements.TEXTRACT_PACE,
    data_handling=vendor_statements.TEXTRACT,
    licence="proprietary",
    note=N_("Takes no prompt; marks handwriting. Wants the pair of a lasting access key. Prices differ by region."),
)

VISION = EngineSpec(
    id="cloud-vision",
    label="Google Cloud Vision",
    vendor="Google Cloud",
    family="cloud-vision",
    protocol=WireProtocol.CLOUD_VISION,
    model="builtin/stable",
    runs="cloud",
    key_env="GOOGLE_CLOUD_VISION_API_KEY",
    base_url="https://vision.googleapis.com",
    base_url_env="GOOGLE_CLOUD_VISION_BASE_URL",
    packages=("httpx2",),
    max_parallel=4,
    price=Price("https://cloud.google.com/vision/pricing", date(2026, 11, 28), usd_per_page=0.0015),
    box_levels=("paragraph", "word", "character"),
    # A request may have 10 MB, and base64 makes four bytes of three.
    image_limit=ImageLimit(megabytes=7),
    pace=vendor_statements.CLOUD_VISION_PACE,
    data_handling=vendor_statements.CLOUD_VISION,
    licence="proprietary",
    note=N_(
        "Takes no prompt; tells the language by itself where none is said. The first 1,000 pages of a month are free."
    ),
)

SERVICES: tuple[EngineSpec, ...] = (AZURE, *MISTRAL, TRANSKRIBUS, TEXTRACT, VISION)
