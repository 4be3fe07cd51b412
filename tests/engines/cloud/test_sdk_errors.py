"""The map from SDKs' exceptions to ours: complete over their classes, silent about keys."""

import base64
import importlib
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote

import httpx2
import pytest

from engines.catalogue import spec_by_id
from engines.contract import Usage
from engines.errors import (
    BadAnswer,
    ConnectionLost,
    EngineRejected,
    KeyRefused,
    ModelGone,
    PageRejected,
    QuotaExhausted,
    RateLimited,
    TimedOut,
    VendorDown,
)
from engines.sdk_errors import BY_NAME, LONGEST_QUOTE, MOST_COUNTED, counted, engine_error, translated, understood

SPEC = spec_by_id("gpt-5")
KEY = 'sk-canary+key/of="the"?test'

MODULES = (
    "anthropic",
    "azure.core.exceptions",
    "google.genai.errors",
    "httpcore2",
    "httpx2",
    "mistralai.client.errors",
    "openai",
)

# Tools, webhooks and web sockets are not used here.
NOT_OURS = {
    "ExperimentalWarning", "FunctionInvocationError", "UnknownFunctionCallArgumentError", "UnsupportedFunctionError",
    "InvalidWebhookSignatureError",
}  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
def test_every_exception_class_of_the_sdks_has_a_place(name):
    # By name, because many cannot be built without an answer; an answer's status would decide before the name.
    exported = list(vars(importlib.import_module(name)).values())
    classes = {value for value in exported if isinstance(value, type) and issubclass(value, BaseException)}
    assert classes
    unplaced = {
        error_class.__name__
        for error_class in classes
        if not {ancestor.__name__ for ancestor in error_class.__mro__} & set(BY_NAME)
    }
    assert unplaced <= NOT_OURS


def status_error(status, body, headers=None, error_class="APIStatusError"):
    import openai

    request = httpx2.Request("POST", "http://vendor.test")
    response = httpx2.Response(status, json=body, headers=headers, request=request)
    return getattr(openai, error_class)("Error code", response=response, body=body.get("error", body))


@pytest.mark.parametrize(
    ("status", "message", "expected"),
    [
        (400, "API key not valid. Please pass a valid API key.", KeyRefused),
        (400, "Your credit balance is too low to access the API.", QuotaExhausted),
        (400, "Could not process image", PageRejected),
        (400, "Unsupported parameter: 'max_tokens'", EngineRejected),
        (404, "The image of this model is gone", ModelGone),
        (415, "", PageRejected),
        (418, "", EngineRejected),
        (429, "You exceeded your current quota, please check your plan and billing details.", RateLimited),
        (504, "", TimedOut),
        (599, "", VendorDown),
    ],
)
def test_the_status_decides_and_a_word_refines_it(status, message, expected):
    assert type(engine_error(status_error(status, {"error": {"message": message}}), SPEC)) is expected


AWS_ERRORS = {
    "InvalidParameterException": EngineRejected,
    "InvalidS3ObjectException": EngineRejected,
    "UnsupportedDocumentException": PageRejected,
    "DocumentTooLargeException": PageRejected,
    "BadDocumentException": PageRejected,
    "AccessDeniedException": KeyRefused,
    "ProvisionedThroughputExceededException": RateLimited,
    "InternalServerError": VendorDown,
    "ThrottlingException": RateLimited,
}
OF_EVERY_AWS_SERVICE = {
    "UnrecognizedClientException": KeyRefused,
    "InvalidSignatureException": KeyRefused,
    "IncompleteSignature": KeyRefused,
    "MissingAuthenticationToken": KeyRefused,
    "ExpiredTokenException": KeyRefused,
    "NotAuthorized": KeyRefused,
    "OptInRequired": KeyRefused,
    "SubscriptionRequiredException": KeyRefused,
    "ServiceUnavailable": VendorDown,
    "ValidationError": EngineRejected,
}


@pytest.mark.parametrize("name", AWS_ERRORS | OF_EVERY_AWS_SERVICE)
def test_aws_s_errors_are_told_apart_by_their_type(name):
    status = {"InternalServerError": 500, "ServiceUnavailable": 503}.get(name, 400)
    for body in ({"__type": name, "message": "Why."}, {"__type": f"com.amazonaws#{name}", "Message": "Why."}):
        response = httpx2.Response(status, json=body, request=httpx2.Request("POST", "http://vendor.test"))
        error = engine_error(httpx2.HTTPStatusError("x", request=response.request, response=response), SPEC)
        assert type(error) is (AWS_ERRORS | OF_EVERY_AWS_SERVICE)[name]
        assert "it says: Why." in str(error)


def test_every_error_that_textract_s_model_names_is_among_them():
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    model = ServiceModel(Loader().load_service_model("textract", "service-2"))
    assert {shape.name for shape in model.operation_model("DetectDocumentText").error_shapes} == set(AWS_ERRORS)


def test_the_root_cause_tells_whether_anything_was_sent():
    import openai

    request = httpx2.Request("POST", "http://vendor.test")
    for cause, expected in (
        (httpx2.ConnectTimeout("x"), VendorDown),
        (httpx2.ReadTimeout("x"), TimedOut),
        (httpx2.ReadError("x"), ConnectionLost),
        (json.JSONDecodeError("x", "y", 0), BadAnswer),
    ):
        error = openai.APIConnectionError(request=request)
        error.__cause__ = cause
        assert type(engine_error(error, SPEC)) is expected


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "12"}, {}, 12),
        ({"retry-after": "0.5"}, {}, 0.5),
        ({"retry-after": "soon"}, {}, None),
        ({}, {"error": {"details": [{"@type": "x/google.rpc.RetryInfo", "retryDelay": "34s"}]}}, 34),
        ({}, {}, None),
    ],
)
def test_when_to_come_back(headers, body, seconds):
    assert engine_error(status_error(429, body, headers), SPEC).retry_after_seconds == seconds


def test_when_to_come_back_as_a_date():
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    error = engine_error(status_error(429, {}, {"retry-after": later}), SPEC)
    assert 95 < error.retry_after_seconds <= 100


FORMS = (
    KEY,
    quote(KEY, safe=""),
    base64.b64encode(KEY.encode()).decode(),
    base64.b64encode(f"{KEY}:".encode()).decode(),
    json.dumps({"key": KEY}),
    repr({"key": KEY}),
)


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_the_key_is_left(form):
    error = engine_error(
        status_error(401, {"error": {"message": f"Incorrect API key provided: {form}."}}), SPEC, (KEY,)
    )
    told = f"{error} {error.fix} {error!r}"
    assert "[key]" in told
    for other in FORMS[:4]:
        assert other.rstrip("=")[:-2] not in told


@pytest.mark.parametrize("before", range(LONGEST_QUOTE - len(KEY) - 2, LONGEST_QUOTE + 2))
def test_no_part_of_the_key_is_left_where_a_long_message_is_cut(before):
    error = engine_error(status_error(400, {"error": {"message": "x" * before + KEY + "y" * 300}}), SPEC, (KEY,))
    assert KEY[:4] not in str(error)


def test_a_vendor_s_message_is_cut_to_one_line():
    error = engine_error(status_error(400, {"error": {"message": "line\n" * 1000}}), SPEC)
    assert "\n" not in str(error)
    assert len(str(error)) < 350


def test_the_translated_error_drops_its_cause():
    with pytest.raises(KeyRefused) as caught, translated(SPEC, KEY):
        raise status_error(401, {"error": {"message": KEY}})
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_a_bug_of_ours_is_not_dressed_up():
    with pytest.raises(ZeroDivisionError), translated(SPEC, KEY):
        raise ZeroDivisionError


def test_an_answer_of_another_shape_is_a_bad_answer():
    with pytest.raises(BadAnswer), understood(SPEC):
        len(None)


@pytest.mark.parametrize("tokens", [-1, MOST_COUNTED + 1, float("nan")])
def test_what_no_vendor_can_have_counted_is_no_count(tokens):
    assert counted(lambda: Usage(tokens, 1)) is None
    assert counted(lambda: Usage(1, tokens)) is None
    assert counted(lambda: Usage(1, 1)) == Usage(1, 1)
