"""What vendors say they do with a page and how fast: data only. What is not here was looked for and not found."""

from __future__ import annotations

from datetime import date

from engines.contract import Certificate, DataHandling, Pace, Places, Retention, Statement, Training
from translations import N_

_FIRST, _LAST, _PACES = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)

_OPENAI_DATA = "https://developers.openai.com/api/docs/guides/your-data"
_OPENAI_PLACES = "https://developers.openai.com/api/docs/guides/data-residency"
_OPENAI_SECURITY = "https://openai.com/security-and-privacy/"

OPENAI = DataHandling(
    processed_in=Places(
        N_("a region that a project is given, the US, the EU, Australia, India and others"),
        _OPENAI_PLACES,
        _LAST,
        N_("your organization may choose a region, and its project's address is set"),
        territories=("US", "EU", "Australia", "India"),
        all_named=False,
    ),
    kept=Retention(
        N_("abuse monitoring logs up to 30 days; the answer itself is not stored (store=false)"),
        _OPENAI_DATA,
        _FIRST,
        days=30,
    ),
    trained_on=Training(N_("not used unless you opt in"), _OPENAI_DATA, _FIRST, used=False),
    certificates=(
        Certificate(N_("a type 2 report covers the API"), _OPENAI_SECURITY, _LAST, name="SOC 2"),
        Certificate(
            N_("a business associate addendum can be signed"),
            _OPENAI_DATA,
            _LAST,
            N_("you have signed it"),
            name="HIPAA agreement",
        ),
    ),
    agreement=Statement(N_("an addendum is offered"), _OPENAI_SECURITY, _LAST),
    subprocessors=Statement(N_("there are some; a list was not found"), _OPENAI_PLACES, _LAST),
)

OPENAI_PACE = Pace(
    N_("by the account's tier and the model, as its settings say"),
    "https://developers.openai.com/api/docs/guides/rate-limits",
    _PACES,
)

_CLAUDE_CERTIFICATES = (
    "https://privacy.claude.com/en/articles/10015870-what-certifications-has-anthropic-obtained (quoted by others)"
)
_CLAUDE_KEEPS = "https://privacy.anthropic.com/en/articles/7996866-how-long-do-you-store-personal-data"

ANTHROPIC = DataHandling(
    processed_in=Places(
        N_("anywhere, or in the US only"),
        "https://platform.claude.com/docs/en/manage-claude/data-residency",
        _LAST,
        N_("your workspace is set to it"),
        territories=("US",),
        all_named=True,
    ),
    kept=Retention(N_("30 days; two years where it is flagged as misuse"), _CLAUDE_KEEPS, _LAST, days=30),
    trained_on=Training(
        N_("not used unless you agree to it"), "https://privacy.claude.com/en/articles/7996875", _FIRST, used=False
    ),
    deletion=Statement(N_("by itself within 30 days"), _CLAUDE_KEEPS, _LAST),
    certificates=(
        Certificate(N_("types I and II"), _CLAUDE_CERTIFICATES, _LAST, name="SOC 2"),
        Certificate(N_("27001:2022"), _CLAUDE_CERTIFICATES, _LAST, name="ISO 27001"),
        Certificate(
            N_("a business associate agreement for eligible services"),
            "https://privacy.claude.com/en/articles/8956058-i-have-a-zero-retention-agreement-with-anthropic-what-"
            "products-does-it-apply-to",
            _LAST,
            N_("you have signed it"),
            name="HIPAA agreement",
        ),
    ),
    agreement=Statement(N_("an addendum is offered"), _CLAUDE_KEEPS, _LAST),
)

ANTHROPIC_PACE = Pace(
    N_(
        "50 requests, 30,000 tokens in and 8,000 out a minute at first, for all Opus and for all Sonnet models together"
    ),
    "https://platform.claude.com/docs/en/api/rate-limits (quoted by anthropic.mintlify.app and hivebook.wiki)",
    _PACES,
    pages_a_minute=50,
)

_GEMINI = "https://ai.google.dev/gemini-api/docs/zdr"

GEMINI = DataHandling(
    kept=Retention(
        N_("logged for a limited period to detect misuse; without billing, people may read it"), _GEMINI, _FIRST
    ),
    trained_on=Training(N_("not used"), _GEMINI, _FIRST, N_("your project is a paid one"), used=False),
)

GEMINI_PACE = Pace(
    N_("by the project's tier and the model, as AI Studio says"),
    "https://ai.google.dev/gemini-api/docs/rate-limits",
    _PACES,
)

_HUGGING_FACE = "https://huggingface.co/docs/inference-providers/security"
_HUB = "https://huggingface.co/docs/hub/security"
_ROUTED = N_("the provider that it routes to says so, too")

HUGGING_FACE = DataHandling(
    kept=Retention(
        N_("Hugging Face stores neither page nor answer; the provider it routes to has its own terms"),
        _HUGGING_FACE,
        _FIRST,
    ),
    trained_on=Training(N_("not by Hugging Face"), _HUGGING_FACE, _FIRST, _ROUTED, used=False),
    certificates=(
        Certificate(N_("type 2, of the hub"), _HUGGING_FACE, _LAST, _ROUTED, name="SOC 2"),
        Certificate(N_("with an enterprise plan"), _HUB, _LAST, _ROUTED, name="HIPAA agreement"),
    ),
    agreement=Statement(N_("with an enterprise plan"), _HUB, _LAST, _ROUTED),
    subprocessors=Statement(N_("the provider that reads the page"), _HUGGING_FACE, _LAST),
)

_MISTRAL = "https://docs.mistral.ai/admin/monitor-comply/zero-data-retention"
_MISTRAL_HELP = "https://help.mistral.ai/en/collections/789666-trust-security-compliance"
_MISTRAL_CERTIFICATES = "https://help.mistral.ai (quoted by aiprovidertrust.com)"

MISTRAL = DataHandling(
    processed_in=Places(
        N_("EU or US, chosen by base URL (https://api.eu.mistral.ai, https://api.us.mistral.ai)"),
        _MISTRAL,
        _FIRST,
        N_("its address is that region's"),
        territories=("EU", "US"),
        all_named=True,
    ),
    kept=Retention(
        N_("not found for the default; none with zero data retention, which covers /v1/ocr on paid plans"),
        _MISTRAL,
        _FIRST,
    ),
    certificates=(
        Certificate(N_("type II; its report on request"), _MISTRAL_CERTIFICATES, _LAST, name="SOC 2"),
        Certificate(N_("its certificate on request"), _MISTRAL_CERTIFICATES, _LAST, name="ISO 27001"),
    ),
    agreement=Statement(N_("one is published"), _MISTRAL_HELP, _LAST),
    subprocessors=Statement(N_("a list is published"), _MISTRAL_HELP, _LAST),
)

MISTRAL_PACE = Pace(
    N_("by the organisation's tier, as its settings say"), "https://docs.mistral.ai/deployment/ai-studio/tier", _PACES
)

_AZURE = "https://learn.microsoft.com/en-us/legal/cognitive-services/document-intelligence/data-privacy-security"

AZURE = DataHandling(
    processed_in=Places(
        N_("the region of your Azure resource"),
        f"{_AZURE}; regions: https://learn.microsoft.com/en-us/azure/ai-services/document-intelligence/overview",
        _LAST,
        N_("your Azure resource lies there"),
        territories=("EU", "US"),
        all_named=False,
    ),
    kept=Retention(
        N_("page and result within 24 hours; we ask for the result's deletion at once"), _AZURE, _FIRST, days=1
    ),
    deletion=Statement(
        N_("the result when asked for, the page by itself after 24 hours"),
        "https://learn.microsoft.com/en-us/answers/questions/5650674/"
        "deleting-both-input-data-and-results-from-azure-do",
        _LAST,
    ),
)

AZURE_PACE = Pace(
    N_("15 requests a second with a standard resource, more on request; one a second with a free one"),
    "https://learn.microsoft.com/en-us/azure/ai-services/document-intelligence/service-limits",
    _PACES,
    N_("your resource is a standard one"),
    pages_a_minute=900,
)

_TRANSKRIBUS_TERMS = "https://legal.transkribus.org (quoted by sunawi.pages.dev)"

TRANSKRIBUS = DataHandling(
    processed_in=Places(
        N_("stored on servers in Austria"), _TRANSKRIBUS_TERMS, _LAST, territories=("EU",), all_named=True
    ),
    kept=Retention(
        N_("results are kept two days"),
        "https://transkribus.eu/processing/swagger/ (quoted by clients of the interface)",
        _FIRST,
        days=2,
    ),
    trained_on=Training(N_("you grant a licence to improve its models with it"), _TRANSKRIBUS_TERMS, _LAST, used=True),
    deletion=Statement(N_("a right to erasure"), _TRANSKRIBUS_TERMS, _LAST),
)

_OPT_OUT = N_("you set an AI services opt-out policy")
_OPTING_OUT = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html"

TEXTRACT = DataHandling(
    processed_in=Places(
        N_("the AWS region that is set, and no other"),
        "https://docs.aws.amazon.com/textract/latest/dg/textract-cross-region-inference.html; "
        "regions: https://docs.aws.amazon.com/general/latest/gr/textract.html (read in part)",
        _LAST,
        N_("your AWS region lies there, and you set an AI services opt-out policy"),
        territories=("US", "EU", "India", "Singapore", "South Korea"),
        all_named=False,
    ),
    kept=Retention(
        N_("none once the page is read, under an AI services opt-out policy; not found without one"),
        "https://docs.aws.amazon.com/textract/latest/APIReference/API_OutputConfig.html",
        _LAST,
        _OPT_OUT,
        days=0,
    ),
    trained_on=Training(N_("not used"), _OPTING_OUT, _LAST, _OPT_OUT, used=False),
    deletion=Statement(N_("opting out deletes what was stored for improvement"), _OPTING_OUT, _LAST),
)

TEXTRACT_PACE = Pace(
    N_("by region, as the Service Quotas console says; more on request"),
    "https://docs.aws.amazon.com/textract/latest/dg/limits-quotas-explained.html",
    _PACES,
)

_VISION = "https://cloud.google.com/vision/docs/data-usage"

CLOUD_VISION = DataHandling(
    processed_in=Places(
        N_("anywhere, or in the EU or the US only, by its address (eu-vision or us-vision.googleapis.com)"),
        "https://cloud.google.com/vision/docs/pdf",
        _LAST,
        N_("its address is that region's"),
        territories=("EU", "US"),
        all_named=True,
    ),
    kept=Retention(
        N_("the page is read in memory and not written to disk; metadata of requests is logged for a time"),
        _VISION,
        _LAST,
        days=0,
    ),
    trained_on=Training(N_("not used"), _VISION, _LAST, used=False),
)

CLOUD_VISION_PACE = Pace(
    N_("1,800 requests a minute, more on request"),
    "https://docs.cloud.google.com/vision/quotas",
    _PACES,
    pages_a_minute=1800,
)
