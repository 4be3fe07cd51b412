"""Every request against the vendors' published schemas (../shared/specs), and by hand where those are silent."""

import base64
import json
from io import BytesIO

import jsonschema
import pytest
from PIL import Image

from engines.adapters.cloud_vision import hints
from engines.catalogue import CATALOGUE, spec_by_id
from engines.contract import WireProtocol
from engines.languages import NAMES
from engines.registry import PROMPTED
from playground.scoring import in_language
from tests import vendor_answers
from tests.engines.cloud.conftest import KEY
from tests.places import SHARED
from tests.vendor_answers import HTR_ID, ROWS

SPECS = SHARED / "specs"
needs_specs = pytest.mark.skipif(not SPECS.is_dir(), reason="../shared/specs is not here")

OPENAI = "openai/openapi.chat-responses-models.anyOf.json"


def rows_of(protocol):
    return [spec.id for spec in CATALOGUE if spec.protocol is protocol]


RESPONSES_ROWS = rows_of(WireProtocol.OPENAI_RESPONSES)


def schema(file, name=None):
    document = json.loads((SPECS / file).read_text(encoding="utf-8"))
    if name is None:
        return document
    return {"$ref": f"#/components/schemas/{name}", "components": document["components"]}


def is_valid(body, wanted):
    jsonschema.Draft202012Validator(wanted).validate(body)
    return True


@pytest.fixture
def request_of(engine_of, vendor, page, task):
    def send(row, language=""):
        engine_of(row).read(page, in_language(task, language))
        return vendor.reading_requests[-1]

    return send


@needs_specs
@pytest.mark.parametrize("row", RESPONSES_ROWS)
def test_openai_responses_schema(row, request_of):
    assert is_valid(request_of(row).json, schema(OPENAI, "CreateResponse"))


@needs_specs
@pytest.mark.parametrize("row", ["openai-compatible", "qwen2.5-vl"])
def test_chat_completions_schema(row, request_of):
    body = request_of(row).json
    assert is_valid(body, schema(OPENAI, "CreateChatCompletionRequest"))
    assert is_valid(body, schema("huggingface/chat-completion.input.schema.json"))


@needs_specs
@pytest.mark.parametrize("row", rows_of(WireProtocol.ANTHROPIC_MESSAGES))
def test_anthropic_schema(row, request_of):
    assert is_valid(request_of(row).json, schema("anthropic/messages.request.from-sdk-2.12.0.schema.json"))


@needs_specs
@pytest.mark.parametrize("row", rows_of(WireProtocol.MISTRAL_OCR))
def test_mistral_schema(row, request_of):
    body = request_of(row).json
    assert is_valid(body, schema("mistral/openapi.ocr-chat-models.json", "OCRRequest"))
    assert is_valid(body, schema("mistral/ocr.request.from-sdk-3.7.0.schema.json"))


@needs_specs
@pytest.mark.parametrize("row", rows_of(WireProtocol.GEMINI_GENERATE))
def test_gemini_official_proto(row, request_of):
    protobuf = pytest.importorskip("google.protobuf")
    from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

    assert protobuf
    files = descriptor_pb2.FileDescriptorSet.FromString(
        (SPECS / "google/generativelanguage.v1beta.proto-0.12.1.fds.pb").read_bytes()
    )
    pool = descriptor_pool.DescriptorPool()
    for file in files.file:
        pool.Add(file)
    wanted = pool.FindMessageTypeByName("google.ai.generativelanguage.v1beta.GenerateContentRequest")
    body = request_of(row).json
    # The published proto is older than these two fields.
    config = body["generationConfig"]
    assert config.pop("thinkingConfig")["thinking_level"]
    assert config.pop("responseJsonSchema", None)
    json_format.ParseDict(body, message_factory.GetMessageClass(wanted)())


@needs_specs
@pytest.mark.parametrize("row", rows_of(WireProtocol.GEMINI_GENERATE))
def test_gemini_schema_of_the_sdk(row, request_of):
    assert is_valid(request_of(row).json["generationConfig"], _camel_only(
        schema("google/generationConfig.from-sdk-3.4.0.schema.json")))  # fmt: skip


def _camel_only(wanted):
    """As published, but without its ban on the snake_case that the SDK sends inside some objects."""
    return json.loads(json.dumps(wanted).replace('"additionalProperties": false', '"additionalProperties": true'))


@needs_specs
def test_azure_description(request_of):
    request = request_of("azure-read")
    operation = schema("azure/DocumentIntelligence.2024-11-30.request-subset.json")
    analyze = operation["paths"]["/documentModels/{modelId}:analyze"]["post"]
    assert request.headers["content-type"] in analyze["consumes"]
    assert operation["securityDefinitions"]["ApiKeyAuth"]["name"].lower() in request.headers
    assert "api-version=2024-11-30" in request.path


@needs_specs
def test_transkribus_description(request_of):
    body = request_of("transkribus").json
    assert is_valid(body, schema("transkribus/metagrapho-v1.RECONSTRUCTED.openapi.json", "ProcessRequest"))


# --- Amazon and Google publish theirs as packages


@pytest.fixture(scope="module")
def textract_model():
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    return ServiceModel(Loader().load_service_model("textract", "service-2")).operation_model("DetectDocumentText")


def test_textract_is_asked_as_amazon_s_own_serializer_asks(textract_model, request_of, page):
    from botocore.serialize import create_serializer
    from botocore.validate import ParamValidator

    request, wanted = request_of("textract"), {"Document": {"Bytes": page.png}}
    assert not ParamValidator().validate(wanted, textract_model.input_shape).has_errors()
    serialized = create_serializer("json").serialize_to_request(wanted, textract_model)
    assert request.json == json.loads(serialized["body"])
    assert (request.method, request.path) == (serialized["method"], serialized["url_path"])
    for name, value in serialized["headers"].items():
        assert request.headers[name.lower()] == value


def test_textract_is_sent_a_signature_that_holds(request_of, vendor):
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    request = request_of("textract")
    own = {name: request.headers[name] for name in ("content-type", "x-amz-target", "x-amz-date")}
    again = AWSRequest("POST", vendor.url + request.path, headers=own, data=request.body)
    again.context["timestamp"] = own["x-amz-date"]
    signer = SigV4Auth(Credentials("AKIAEXAMPLE", KEY), "textract", "eu-west-1")
    signature = signer.signature(signer.string_to_sign(again, signer.canonical_request(again)), again)
    assert request.headers["authorization"].endswith(f"Signature={signature}")
    assert "/eu-west-1/textract/aws4_request" in request.headers["authorization"]
    assert KEY not in f"{request.headers} {request.body!r}"


def test_the_answers_that_textract_is_tried_with_are_of_amazon_s_shape(textract_model):
    from botocore.validate import ParamValidator

    for answer in (vendor_answers.textract(), vendor_answers.textract("")):
        report = ParamValidator().validate(answer, textract_model.output_shape)
        assert not report.has_errors(), report.generate_report()


def test_cloud_vision_is_asked_and_answers_in_google_s_types(request_of, page):
    types = pytest.importorskip("google.cloud.vision_v1").types
    from google.protobuf.json_format import ParseDict

    request = request_of("cloud-vision")
    asked = ParseDict(request.json, types.BatchAnnotateImagesRequest.pb()())
    [one] = asked.requests
    assert one.image.content == page.png
    assert [feature.type_ for feature in one.features] == [types.Feature.Type.DOCUMENT_TEXT_DETECTION]
    for answer in (vendor_answers.cloud_vision(), vendor_answers.cloud_vision("")):
        ParseDict(answer, types.BatchAnnotateImagesResponse.pb()())
    assert request.path == "/v1/images:annotate"
    assert request.headers["x-goog-api-key"] == KEY


def test_an_answer_as_google_s_own_types_write_it_is_read_alike(read, vendor):
    types = pytest.importorskip("google.cloud.vision_v1").types
    from google.protobuf.json_format import MessageToDict, ParseDict

    parsed = ParseDict(vendor_answers.cloud_vision(), types.BatchAnnotateImagesResponse.pb()())
    plain = read("cloud-vision")
    for preserving in (True, False):
        vendor.answers["images:annotate"] = MessageToDict(parsed, preserving_proto_field_name=preserving)
        reading = read("cloud-vision")
        assert reading.text == plain.text
        assert [(r.level, r.text, r.polygon) for r in reading.regions] == [
            (r.level, r.text, r.polygon) for r in plain.regions
        ]


# --- What must hold whether or not the specs are here


@pytest.mark.parametrize("row", RESPONSES_ROWS)
def test_openai_stores_nothing_and_reasons_as_little_as_the_model_allows(row, request_of):
    body = request_of(row).json
    assert body["store"] is False
    assert body["max_output_tokens"] >= 8000
    assert body.get("reasoning") == ({"effort": effort} if (effort := spec_by_id(row).options.get("effort")) else None)
    assert "temperature" not in body
    assert "max_tokens" not in body
    assert row != "gpt-4o" or "reasoning" not in body


def test_anthropic_gets_the_image_first_and_no_temperature(request_of):
    request = request_of("claude-opus-4-7")
    body = request.json
    assert [part["type"] for part in body["messages"][0]["content"]] == ["image", "text"]
    assert not {"temperature", "top_p", "top_k", "thinking"} & set(body)
    assert request.headers["authorization"] == f"Bearer {KEY}"


# As each model's page says: Opus 5.5 thinks always and refuses to be told otherwise, Sonnet 5.5 refuses "disabled".
@pytest.mark.parametrize(
    ("row", "thinking", "room"),
    [
        ("claude-opus-4-7", None, 0),
        ("claude-opus-5-5", None, 4000),
        ("claude-sonnet-5-5", {"type": "between_tools"}, 0),
        ("claude-haiku-5-5", {"type": "disabled"}, 0),
    ],
)
def test_claude_thinks_as_little_as_it_can_and_has_room_where_it_must(row, thinking, room, request_of, task):
    body = request_of(row).json
    assert body.get("thinking") == thinking
    assert body["max_tokens"] == task.max_output_tokens + room
    assert body["output_config"] == {"effort": "low"}


@pytest.mark.parametrize("row", RESPONSES_ROWS)
def test_no_page_is_written_to_a_cache_that_costs_extra(row, request_of, engine_of, page, task):
    options = request_of(row).json.get("prompt_cache_options")
    has_rate = spec_by_id(row).price.usd_per_million_cache_write_tokens is not None
    assert options == ({"mode": "explicit"} if has_rate else None)
    assert engine_of(row).read(page, task).usage.cache_write_tokens == 0


def test_gemini_is_asked_in_its_own_units(request_of):
    request = request_of("gemini-3-flash")
    config = request.json["generationConfig"]
    assert request.path == "/v1/models/gemini-3-flash-preview:generateContent"
    assert request.headers["x-server-timeout"] == "10"
    assert KEY not in request.path
    assert "temperature" not in config
    assert config["responseMimeType"] == "application/json"


def test_compatible_servers_get_the_limit_by_its_old_name(request_of):
    body = request_of("openai-compatible").json
    assert body["max_tokens"] == 8000
    assert "max_completion_tokens" not in body
    assert body["temperature"] == 0


def test_azure_is_asked_for_offsets_that_python_counts_alike(request_of):
    assert "stringIndexType=unicodeCodePoint" in request_of("azure-read").path


def test_transkribus_uses_the_model_of_the_user(request_of):
    assert request_of("transkribus").json["config"] == {"textRecognition": {"htrId": HTR_ID}}


@pytest.mark.parametrize(
    ("row", "find"),
    [
        ("gpt-5", lambda request: request.json["input"][0]["content"][0]["image_url"]),
        ("openai-compatible", lambda request: request.json["messages"][0]["content"][0]["image_url"]["url"]),
        ("claude-opus-4-7", lambda request: request.json["messages"][0]["content"][0]["source"]["data"]),
        ("gemini-3-flash", lambda request: request.json["contents"][0]["parts"][0]["inlineData"]["data"]),
        ("mistral-ocr-4", lambda request: request.json["document"]["image_url"]),
        ("transkribus", lambda request: request.json["image"]["base64"]),
        ("azure-read", lambda request: base64.b64encode(request.body).decode()),
        ("textract", lambda request: request.json["Document"]["Bytes"]),
        ("cloud-vision", lambda request: request.json["requests"][0]["image"]["content"]),
    ],
)
def test_the_page_arrives_unchanged(row, find, request_of, page):
    encoded = find(request_of(row)).rpartition("base64,")[2]
    sent = base64.b64decode(encoded.replace("-", "+").replace("_", "/"))
    assert sent == page.png
    assert Image.open(BytesIO(sent)).size == (page.width, page.height)


@pytest.mark.parametrize("row", ["gpt-5", "openai-compatible", "qwen2.5-vl", "claude-opus-4-7", "gemini-3-flash"])
def test_every_model_gets_the_prompt_of_the_task(row, request_of, task):
    assert json.dumps(task.prompt)[1:-1] in request_of(row).body.decode()


# --- The language of the page


@pytest.mark.parametrize("row", ROWS)
def test_the_language_goes_to_every_vendor_that_can_take_it(row, request_of):
    unsaid, german = request_of(row), request_of(row, "de")
    if spec_by_id(row).protocol in PROMPTED:
        assert "written in German" in german.body.decode()
        assert "written in" not in unsaid.body.decode()
    elif row == "azure-read":
        assert "locale=de" in german.path
        assert "locale" not in unsaid.path
    elif row == "cloud-vision":
        assert german.json["requests"][0]["imageContext"] == {"languageHints": ["de"]}
        assert "imageContext" not in unsaid.json["requests"][0]
    else:  # their interfaces have no place for it: see the schemas above
        assert (german.json, german.path) == (unsaid.json, unsaid.path)


@pytest.mark.parametrize(
    ("language", "locale", "hinted"),
    [
        ("zh", "zh-Hans", ["zh-Hans"]), ("zh-Hant", "zh-Hant", ["zh-Hant"]), ("sr-Latn", "sr-Latn", ["sr-Latn"]),
        ("he", "he", ["iw"]), ("de+fr", "", ["de", "fr"]), ("lb", "lb", []), ("de+ku", "", []), ("deu_frak", "", []),
        ("grc", "", []), ("", "", []),
    ],
)  # fmt: skip
def test_vendors_get_their_own_codes_and_none_that_they_refuse(language, locale, hinted, request_of):
    path = request_of("azure-read", language).path
    assert f"&locale={locale}" in path if locale else "locale" not in path
    [asked] = request_of("cloud-vision", language).json["requests"]
    assert asked.get("imageContext", {}).get("languageHints", []) == hinted


VISION_CODES = (
    "af sq ar hy be bn bg ca zh hr cs da nl en et fil fi fr de el gu iw hi hu is id it ja kn km ko lo lv lt mk ms ml mr"
    " ne no fa pl pt pa ro ru sr sr-Latn sk sl es sv tl ta te th tr uk vi yi az eu bs gl ga la mt sw uz cy zh-Hans"
    " zh-Hant mi oc qu rm"
)
"""Of its three tables of languages, as far as ours go."""


def test_vision_is_hinted_at_no_language_that_is_not_in_its_tables():
    told = {code: hints(code) for code in NAMES}
    assert {code for code, hint in told.items() if not hint} == {"ku", "lb"}
    assert set(VISION_CODES.split()).issuperset(hint for found in told.values() for hint in found)


def test_a_hint_is_in_google_s_own_types_and_in_the_record(request_of, engine_of, page, task):
    types = pytest.importorskip("google.cloud.vision_v1").types
    from google.protobuf.json_format import ParseDict

    asked = ParseDict(request_of("cloud-vision", "de+fr").json, types.BatchAnnotateImagesRequest.pb()())
    assert list(asked.requests[0].image_context.language_hints) == ["de", "fr"]
    for row, setting in (("cloud-vision", ("language hints", "de")), ("azure-read", ("locale", "de"))):
        assert setting in engine_of(row).read(page, in_language(task, "de")).sent.settings
