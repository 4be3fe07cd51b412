"""The cloud rows: data only. Models that take a prompt, then services made for reading pages, which take none.

A row inherits what its vendor's rows share; the rest is its own. List prices of models are those of genai-prices 0.2.3
and litellm 1.109.1, which name the vendor's page and agree with each other. Dearer rates for long prompts (above
100,000, 200,000 or 272,000 tokens) are left out: no page comes near them.

Datalab has no row: its client (0.5.0) types neither boxes nor costs, which it hands on as any dict, and its one call
that answers lines with boxes is deprecated. Its model Chandra comes in behind an OpenAI-compatible endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date

from engines import vendor_statements
from engines.contract import EngineSpec, ImageLimit, Price, PriceChange, Rates, Setting, VolumeRate, WireProtocol
from translations import N_

Options = Mapping[str, Setting]


def _rates(
    usd_in: float,
    usd_out: float,
    cached: float | None = None,
    written: float | None = None,
    cached_by_batch: float | None = None,
) -> Rates:
    """For a million tokens each."""
    return Rates(
        usd_per_million_input_tokens=usd_in,
        usd_per_million_output_tokens=usd_out,
        usd_per_million_cached_tokens=cached,
        usd_per_million_cache_write_tokens=written,
        usd_per_million_cached_tokens_by_batch=cached_by_batch,
    )


def _price(rates: Rates, source: str, as_of: date, *changes: PriceChange) -> Price:
    now = {part.name: getattr(rates, part.name) for part in fields(Rates)}
    return Price(source, as_of, changes=changes, **now)


def _tiles(base_tokens: int, tile_tokens: int) -> Options:
    return {"vision": "tiles", "base_tokens": base_tokens, "tile_tokens": tile_tokens}


def patches(pixels: int, most: int, tokens_each: float = 1.0) -> Options:
    return {"vision": "patches", "patch": pixels, "most_patches": most, "tokens_per_patch": tokens_each}


# --- OpenAI ----------------------------------------------------------------------------------------------------------

_OPENAI_PRICES = ("https://developers.openai.com/api/docs/pricing", date(2026, 10, 14))

_OPENAI = EngineSpec(
    id="",
    label="",
    vendor="OpenAI",
    family="openai",
    protocol=WireProtocol.OPENAI_RESPONSES,
    model="",
    runs="cloud",
    key_env="OPENAI_API_KEY",
    base_url="https://api.openai.com/v1",
    base_url_env="OPENAI_BASE_URL",
    packages=("openai",),
    max_parallel=8,
    image_limit=ImageLimit(megabytes=50),
    pace=vendor_statements.OPENAI_PACE,
    data_handling=vendor_statements.OPENAI,
    licence="proprietary",
)

_MINIMAL: Options = {"effort": "minimal", "reasoning_room": 2000, "detail": "high"}
# How these models count an image is not known to us; 32 px patches are assumed for estimates. They write every prompt
# of 1,024 tokens to their cache for a quarter more, and a page is read once: "explicit" writes what is marked, nothing.
_ORIGINAL: Options = {"detail": "original", "prompt_cache": "explicit", **patches(32, 10_000)}

OPENAI = (
    replace(
        _OPENAI,
        id="gpt-5",
        label="GPT-5",
        model="gpt-5",
        price=_price(_rates(1.25, 10, 0.125), *_OPENAI_PRICES),
        ends_on=date(2026, 12, 11),
        successor="gpt-6.1-sol",
        note=N_("The vendor scales a full page to 768 px on its short side."),
        options={**_MINIMAL, **_tiles(70, 140)},
    ),
    replace(
        _OPENAI,
        id="gpt-5-mini",
        label="GPT-5 mini",
        model="gpt-5-mini",
        price=_price(_rates(0.25, 2, 0.025), *_OPENAI_PRICES),
        ends_on=date(2026, 12, 11),
        successor="gpt-6.1-terra",
        note=N_("The vendor scales a full page to 1536 patches of 32 px."),
        options={**_MINIMAL, **patches(32, 1536, 1.62)},
    ),
    replace(
        _OPENAI,
        id="gpt-4o",
        label="GPT-4o",
        model="gpt-4o",
        price=_price(_rates(2.5, 10, 1.25, cached_by_batch=1.25), *_OPENAI_PRICES),
        ends_on=date(2027, 1, 14),
        successor="gpt-6-luna",
        note=N_("The vendor scales a full page to 768 px on its short side."),
        options={"detail": "high", **_tiles(85, 170)},
    ),
    replace(
        _OPENAI,
        id="gpt-6.1-sol",
        label="GPT-6.1 Sol",
        model="gpt-6.1-sol",
        price=_price(_rates(2, 10, 0.1, 2.5), *_OPENAI_PRICES),
        options={"effort": "low", "reasoning_room": 4000, **_ORIGINAL},
    ),
    replace(
        _OPENAI,
        id="gpt-6.1-terra",
        label="GPT-6.1 Terra",
        model="gpt-6.1-terra",
        price=_price(_rates(1, 5, 0.05, 1.25), _OPENAI_PRICES[0], date(2026, 10, 26)),
        options={"effort": "none", **_ORIGINAL},
    ),
    replace(
        _OPENAI,
        id="gpt-6-luna",
        label="GPT-6 Luna",
        model="gpt-6-luna",
        price=_price(_rates(0.10, 0.50, 0.01, 0.125), *_OPENAI_PRICES),
        options={"effort": "none", **_ORIGINAL},
    ),
)

# --- Anthropic -------------------------------------------------------------------------------------------------------

_ANTHROPIC_PRICES = ("https://platform.claude.com/docs/en/about-claude/pricing", date(2026, 10, 14))

_ANTHROPIC = EngineSpec(
    id="",
    label="",
    vendor="Anthropic",
    family="claude",
    protocol=WireProtocol.ANTHROPIC_MESSAGES,
    model="",
    runs="cloud",
    key_env="ANTHROPIC_API_KEY",
    base_url="https://api.anthropic.com",
    base_url_env="ANTHROPIC_BASE_URL",
    packages=("anthropic",),
    max_parallel=4,
    # 10 MB are counted on the base64 string.
    image_limit=ImageLimit(long_edge=2576, megabytes=7.5),
    pace=vendor_statements.ANTHROPIC_PACE,
    data_handling=vendor_statements.ANTHROPIC,
    licence="proprietary",
    options={"effort": "low", **patches(28, 4784)},
)

_AS_OPUS_4_7 = N_("Image limits assumed to be those of Opus 4.7.")

ANTHROPIC = (
    replace(
        _ANTHROPIC,
        id="claude-opus-4-7",
        label="Claude Opus 4.7",
        model="claude-opus-4-7",
        price=_price(_rates(5, 25, 0.5, 6.25), *_ANTHROPIC_PRICES),
        successor="claude-opus-5-5",
        note=N_("Retirement not sooner than 2027-04-16."),
    ),
    replace(
        _ANTHROPIC,
        id="claude-opus-5-5",
        label="Claude Opus 5.5",
        model="claude-opus-5-5",
        price=_price(_rates(4, 20, 0.2, 5), *_ANTHROPIC_PRICES),
        note=N_(
            "It thinks before it answers, which cannot be switched off. Image limits assumed to be those of Opus 4.7."
        ),
        options={**_ANTHROPIC.options, "reasoning_room": 4000},
    ),
    replace(
        _ANTHROPIC,
        id="claude-sonnet-5-5",
        label="Claude Sonnet 5.5",
        model="claude-sonnet-5-5",
        price=_price(_rates(2, 10, 0.1, 2.5), *_ANTHROPIC_PRICES),
        note=_AS_OPUS_4_7,
        # It refuses "disabled"; this is its word for answering without thinking first.
        options={**_ANTHROPIC.options, "thinking": "between_tools"},
    ),
    replace(
        _ANTHROPIC,
        id="claude-haiku-5-5",
        label="Claude Haiku 5.5",
        model="claude-haiku-5-5",
        price=_price(
            _rates(0.10, 0.50, 0.01, 0.125),
            "https://platform.claude.com/docs/en/models/haiku-5-5/overview",
            date(2026, 11, 23),
        ),
        note=_AS_OPUS_4_7,
        options={**_ANTHROPIC.options, "thinking": "disabled"},
    ),
)

# --- Google ----------------------------------------------------------------------------------------------------------

_GOOGLE_PRICES = ("https://ai.google.dev/gemini-api/docs/pricing", date(2026, 10, 14))

_GOOGLE = EngineSpec(
    id="",
    label="",
    vendor="Google",
    family="gemini",
    protocol=WireProtocol.GEMINI_GENERATE,
    model="",
    runs="cloud",
    key_env="GEMINI_API_KEY",
    base_url="https://generativelanguage.googleapis.com",
    base_url_env="GOOGLE_GEMINI_BASE_URL",
    packages=("google.genai",),
    max_parallel=4,
    box_levels=("word",),
    image_limit=ImageLimit(megabytes=15),
    pace=vendor_statements.GEMINI_PACE,
    data_handling=vendor_statements.GEMINI,
    licence="proprietary",
    note=N_("Word boxes are the model's guesses, not measurements."),
)

GOOGLE_IMAGE: Options = {"media_resolution": "MEDIA_RESOLUTION_HIGH", "vision": "fixed", "image_tokens": 1120}

GOOGLE = (
    replace(
        _GOOGLE,
        id="gemini-3.1-pro",
        label="Gemini 3.1 Pro (preview)",
        model="gemini-3.1-pro-preview",
        price=_price(_rates(2, 12, 0.2, cached_by_batch=0.2), *_GOOGLE_PRICES),
        options={"thinking": "low", "reasoning_room": 4000, "boxes": True, **GOOGLE_IMAGE},
    ),
    replace(
        _GOOGLE,
        id="gemini-3-flash",
        label="Gemini 3 Flash (preview)",
        model="gemini-3-flash-preview",
        price=_price(_rates(0.50, 3, 0.05, cached_by_batch=0.05), *_GOOGLE_PRICES),
        successor="gemini-3.8-flash",
        options={"thinking": "minimal", "reasoning_room": 2000, "boxes": True, **GOOGLE_IMAGE},
    ),
    replace(
        _GOOGLE,
        id="gemini-3.8-flash",
        label="Gemini 3.8 Flash",
        model="gemini-3.8-flash",
        price=_price(
            _rates(0.75, 3.75, 0.075),
            *_GOOGLE_PRICES,
            PriceChange(date(2027, 1, 1), _rates(1.50, 7.50, 0.15)),
        ),
        options={"thinking": "low", "reasoning_room": 4000, "boxes": True, **GOOGLE_IMAGE},
    ),
)

# --- Open models behind an OpenAI-compatible endpoint ----------------------------------------------------------------

QWEN = EngineSpec(
    id="qwen2.5-vl",
    label="Qwen2.5-VL 72B (Hugging Face)",
    vendor="Hugging Face",
    family="qwen-vl",
    protocol=WireProtocol.HUGGINGFACE_CHAT,
    model="Qwen/Qwen2.5-VL-72B-Instruct",
    runs="cloud",
    key_env="HF_TOKEN",
    base_url="https://router.huggingface.co/v1",
    base_url_env="HUGGINGFACE_BASE_URL",
    packages=("openai",),
    max_parallel=4,
    price=_price(
        _rates(0.91, 0.91), "https://www.ovhcloud.com/en/public-cloud/ai-endpoints/catalog/", date(2026, 10, 14)
    ),
    data_handling=vendor_statements.HUGGING_FACE,
    licence="Qwen licence",
    note=N_(
        "The price is the dearest provider's. Providers of this model are few: set another model id if it is gone."
    ),
    options={"temperature": 0.0, **patches(28, 16_384)},
)

COMPATIBLE = EngineSpec(
    id="openai-compatible",
    label="OpenAI-compatible endpoint",
    vendor=N_("your endpoint"),
    family="openai-compatible",
    protocol=WireProtocol.OPENAI_CHAT,
    model="qwen2.5vl:7b",
    runs="cloud",
    key_env="OPENAI_COMPATIBLE_API_KEY",
    other_env=("OPENAI_COMPATIBLE_BASE_URL",),
    base_url_env="OPENAI_COMPATIBLE_BASE_URL",
    packages=("openai",),
    max_parallel=2,
    note=N_("Ollama (http://localhost:11434/v1), vLLM, LM Studio: the page goes to the address you set."),
    options={"temperature": 0.0, "key_optional": True},
)

MODELS: tuple[EngineSpec, ...] = (*OPENAI, *ANTHROPIC, *GOOGLE, QWEN, COMPATIBLE)


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
