"""What only one adapter does: queues, tokens, boxes, handwriting, downscaling."""

import json

import pytest
from PIL import Image

from engines.catalogue import spec_by_id, with_overrides
from engines.contract import ReadingTask
from engines.errors import (
    BadAnswer,
    EngineError,
    EngineRejected,
    EngineUnavailable,
    KeyRefused,
    PageRejected,
    RateLimited,
    TimedOut,
    VendorDown,
)
from engines.registry import build_engine
from engines.sdk_errors import fix_of_page
from engines.vendor_replies import error_in, status_of
from tests import vendor_answers
from tests.engines.cloud.conftest import KEY, noise_page, page_of

# --- keys and addresses


@pytest.mark.parametrize("row", ["gpt-5", "claude-opus-4-7", "gemini-3-flash", "mistral-ocr-3", "qwen2.5-vl"])
def test_without_a_key_nothing_is_built(row, monkeypatch):
    # Not even from the SDK's own variable: whose key is used is not the SDK's decision.
    monkeypatch.setenv(spec_by_id(row).key_env, KEY)
    with pytest.raises(EngineUnavailable):
        build_engine(spec_by_id(row), None)


def test_a_compatible_server_needs_no_key_but_an_address(vendor, page, task, monkeypatch):
    monkeypatch.delenv("OPENAI_COMPATIBLE_BASE_URL", raising=False)
    with pytest.raises(EngineUnavailable, match="address"):
        build_engine(spec_by_id("openai-compatible"))
    monkeypatch.setenv("OPENAI_COMPATIBLE_BASE_URL", f"{vendor.url}/v1/")
    assert build_engine(spec_by_id("openai-compatible")).read(page, task).text == vendor_answers.TEXT


def test_the_host_s_openai_account_is_not_told_to_others(read, vendor, monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")
    read("qwen2.5-vl")
    assert not {"openai-organization", "openai-project"} & set(vendor.requests[0].headers)


def test_a_provider_can_be_chosen(vendor, page, task):
    spec = with_overrides(spec_by_id("qwen2.5-vl"), base_url=f"{vendor.url}/v1", options={"provider": "ovhcloud"})
    build_engine(spec, KEY).read(page, task)
    assert vendor.requests[0].json["model"] == "Qwen/Qwen2.5-VL-72B-Instruct:ovhcloud"


# --- OpenAI


@pytest.mark.parametrize(
    ("code", "expected"),
    [("rate_limit_exceeded", RateLimited), ("server_error", VendorDown), ("image_too_large", PageRejected),
     ("something_new", EngineRejected)],
)  # fmt: skip
def test_a_failed_response_is_an_error_although_it_is_http_200(code, expected, read, vendor):
    vendor.answers["/responses"] = {
        **vendor_answers.responses(), "status": "failed", "output": [], "error": {"code": code, "message": "no"},
    }  # fmt: skip
    with pytest.raises(expected):
        read("gpt-5")


def test_a_page_eaten_by_reasoning_is_truncated_and_empty(read, vendor):
    answer = vendor_answers.responses("", "cut")
    vendor.answers["/responses"] = {**answer, "output": answer["output"][:1]}
    reading = read("gpt-5")
    assert (reading.text, reading.truncated, reading.usage.reasoning_tokens) == ("", True, 200)


# --- Anthropic


def test_claude_gets_the_pixels_it_sees(engine_of, vendor, task):
    reading = engine_of("claude-opus-4-7").read(page_of(Image.new("RGB", (1654, 2339), "white")), task)
    assert (reading.sent.width, reading.sent.height) == (1623, 2296)


def test_a_page_too_heavy_as_png_goes_as_jpeg_at_full_size(engine_of, vendor, task):
    heavy = noise_page(1700, 1700)
    assert len(heavy.png) > 7_500_000
    reading = engine_of("claude-opus-4-7").read(heavy, task)
    source = vendor.requests[0].json["messages"][0]["content"][0]["source"]
    assert source["media_type"] == "image/jpeg"
    assert len(source["data"]) < 10_000_000
    assert (reading.sent.width, reading.sent.height) == (1700, 1700)
    assert ("encoding", "JPEG quality 95") in reading.sent.settings


# --- Gemini


def gemini_words(vendor, words, text="Dear"):
    answer = vendor_answers.gemini()
    answer["candidates"][0]["content"]["parts"] = [{"text": json.dumps({"text": text, "words": words})}]
    vendor.answers[":generateContent"] = answer


@pytest.mark.parametrize(
    "box",
    [[0, 0, 0, 0], [0, 0, 500], [0, 0, 2000, 500], [-1, 0, 500, 500], ["a", 0, 5, 5], None, [10, 10, 10, 900]],
)
def test_impossible_boxes_are_left_out_and_the_text_is_kept(box, read, vendor):
    gemini_words(vendor, [{"text": "Dear", "box_2d": box}, {"text": " ", "box_2d": [0, 0, 500, 500]}, "Dear"])
    reading = read("gemini-3-flash")
    assert (reading.text, reading.regions) == ("Dear", ())


def test_swapped_corners_are_turned_and_repeated_boxes_counted_once(read, vendor):
    gemini_words(vendor, [{"text": "Dear", "box_2d": [500, 900, 100, 200]}] * 3)
    (region,) = read("gemini-3-flash").regions
    assert region.polygon == ((20, 8), (90, 8), (90, 40), (20, 40))


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ('{"text": "Dear Sir", "words": [{"text": "Dear", "box_2d": [0, 0, 500, 500]}, {"te', ("Dear Sir", False, 1)),
        ('{"text": "Dear Si', ("Dear Si", True, 0)),
        ('```json\n{"text": "Dear", "words": []}\n```', ("Dear", False, 0)),
        ("Dear Sir", ("Dear Sir", True, 0)),
        ("[1, 2]", ("[1, 2]", True, 0)),
    ],
)
def test_an_answer_cut_short_keeps_what_is_there(answer, kept, read, vendor):
    full = vendor_answers.gemini("", "cut")
    full["candidates"][0]["content"]["parts"] = [{"text": answer}]
    vendor.answers[":generateContent"] = full
    reading = read("gemini-3-flash")
    assert (reading.text, reading.truncated, len(reading.regions)) == kept


@pytest.mark.parametrize("reason", ["SAFETY", "RECITATION", "PROHIBITED_CONTENT", "SPII"])
def test_a_reading_the_vendor_withholds_is_refused(reason, read, vendor):
    answer = vendor_answers.gemini()
    answer["candidates"] = [{"index": 0, "finishReason": reason}]
    vendor.answers[":generateContent"] = answer
    reading = read("gemini-3-flash")
    assert (reading.text, reading.refused) == ("", True)


def test_no_continuation_is_bought(read, vendor):
    answer = vendor_answers.gemini()
    answer["candidates"][0]["finishReason"] = "CONTINUATION"
    vendor.answers[":generateContent"] = answer
    read("gemini-3-flash")
    assert vendor.billed == 1


# --- Azure


def test_azure_marks_handwriting_and_deletes_its_copy(read, vendor):
    vendor.polls_until_done = 3
    reading = read("azure-read")
    handwritten = {region.text: region.handwritten for region in reading.regions}
    assert handwritten == {
        "Dear Sir,": True,
        "thank you": False,
        "Dear": True,
        "Sir,": True,
        "thank": False,
        "you": False,
    }
    assert {region.confidence for region in reading.regions if region.level == "word"} == {0.9}
    assert [request.method for request in vendor.requests] == ["POST", "GET", "GET", "GET", "DELETE"]
    assert reading.usage.pages == 1


def test_azure_that_never_ends_is_a_timeout(engine_of, vendor, page):
    vendor.polls_until_done = 10**9
    with pytest.raises(TimedOut):
        engine_of("azure-read").read(page, ReadingTask(timeout_seconds=0.4))


@pytest.mark.parametrize(
    ("code", "inner", "expected"),
    [("InvalidRequest", "InvalidContent", PageRejected), ("InternalServerError", "", VendorDown)],
)
def test_an_azure_operation_that_fails_says_why(code, inner, expected, read, vendor):
    error = {"code": code, "message": "The file is corrupted.", "innererror": {"code": inner}}
    times = {"createdDateTime": "2026-01-01T00:00:00Z", "lastUpdatedDateTime": "2026-01-01T00:00:00Z"}
    vendor.answers["/abc"] = {"status": "failed", **times, "error": error}
    with pytest.raises(expected, match="corrupted"):
        read("azure-read")


def test_the_key_does_not_follow_an_operation_to_another_host(read, vendor):
    vendor.operations_at = "http://localhost:9"
    with pytest.raises(EngineRejected, match="another host"):
        read("azure-read")


# --- Transkribus


def test_transkribus_waits_in_the_queue_and_logs_in_once(engine_of, vendor, page, task, monkeypatch):
    monkeypatch.setattr("engines.adapters.transkribus.POLL_SECONDS", 0.01)
    vendor.polls_until_done = 4
    engine = engine_of("transkribus")
    engine.read(page, task)
    engine.read(page, task)
    assert [request.path.endswith("token") for request in vendor.requests].count(True) == 1


def test_transkribus_renews_a_token_that_is_over(read, vendor):
    vendor.answers["/token"] = {
        "access_token": "short", "expires_in": 0, "refresh_token": "again", "refresh_expires_in": 1800,
    }  # fmt: skip
    read("transkribus")
    logins = [request.body for request in vendor.requests if request.path.endswith("token")]
    assert b"grant_type=password" in logins[0]
    assert len(logins) > 1
    assert all(b"refresh_token=again" in login for login in logins[1:])


def test_transkribus_refuses_a_wrong_password(read, vendor):
    vendor.fault, vendor.fault_everywhere = "401", True
    with pytest.raises(KeyRefused):
        read("transkribus")
    assert vendor.billed == 0


def test_transkribus_that_fails_or_never_ends(engine_of, vendor, page, monkeypatch):
    monkeypatch.setattr("engines.adapters.transkribus.POLL_SECONDS", 0.01)
    vendor.polls_until_done = 10**9
    with pytest.raises(TimedOut):
        engine_of("transkribus").read(page, ReadingTask(timeout_seconds=0.3))
    vendor.answers["/42"] = {"processId": 42, "status": "FAILED"}
    with pytest.raises(EngineRejected, match="could not read"):
        engine_of("transkribus").read(page, ReadingTask(timeout_seconds=5))


@pytest.mark.parametrize("option", ["user", "htr_id"])
def test_transkribus_says_which_setting_is_missing(option, monkeypatch):
    monkeypatch.delenv("TRANSKRIBUS_USER", raising=False)
    monkeypatch.delenv("TRANSKRIBUS_HTR_ID", raising=False)
    options = {"user": "me", "htr_id": "1", option: ""}
    with pytest.raises(EngineUnavailable, match=f"TRANSKRIBUS_{option.upper()}"):
        build_engine(with_overrides(spec_by_id("transkribus"), options=options), KEY)
    with pytest.raises(EngineUnavailable, match="not a number"):
        build_engine(with_overrides(spec_by_id("transkribus"), options={"user": "me", "htr_id": "x"}), KEY)


# --- Amazon Textract


def test_textract_marks_handwriting(read):
    reading = read("textract")
    words = {region.text: region.handwritten for region in reading.regions if region.level == "word"}
    assert words == {"Dear": True, "Sir,": True, "thank": False, "you": False}
    assert {region.confidence for region in reading.regions} == {0.9}
    assert reading.usage.pages == 1


def textract_with(**options):
    options = {"access_key_id": "AKIAEXAMPLE", "region": "eu-west-1", **options}
    return build_engine(with_overrides(spec_by_id("textract"), options=options), KEY)


def test_textract_goes_to_its_region(monkeypatch):
    monkeypatch.delenv("AWS_ENDPOINT_URL_TEXTRACT", raising=False)
    assert textract_with()._address == "https://textract.eu-west-1.amazonaws.com/"
    assert textract_with(region="us-gov-west-1")._address == "https://textract.us-gov-west-1.amazonaws.com/"
    monkeypatch.setenv("AWS_ENDPOINT_URL_TEXTRACT", "https://vpce-1.textract.eu-west-1.vpce.amazonaws.com")
    assert textract_with()._address == "https://vpce-1.textract.eu-west-1.vpce.amazonaws.com/"


@pytest.mark.parametrize("region", ["evil.example.org/", "eu-west-1.evil.example.org#", "a@b", "EU", "eu-west-1\n"])
def test_a_region_that_is_none_leads_nowhere(region):
    with pytest.raises(EngineUnavailable, match="AWS_REGION"):
        textract_with(region=region)


@pytest.mark.parametrize("option", ["access_key_id", "region"])
def test_textract_says_which_setting_is_missing(option, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(EngineUnavailable, match=f"AWS_{option.upper()}"):
        textract_with(**{option: ""})


def test_textract_takes_no_credentials_from_the_machine(read, vendor, monkeypatch, tmp_path):
    profile = tmp_path / "credentials"
    profile.write_text("[default]\naws_access_key_id = hunter2\naws_secret_access_key = hunter2\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(profile))
    monkeypatch.setenv("AWS_PROFILE", "default")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "hunter2")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "hunter2")
    with pytest.raises(EngineUnavailable):
        build_engine(spec_by_id("textract"), None)
    read("textract")
    assert "hunter2" not in f"{vendor.requests[0].headers} {vendor.requests[0].body!r}"


# --- Google Cloud Vision


@pytest.mark.parametrize(
    ("code", "expected"),
    [(3, PageRejected), (7, KeyRefused), (8, RateLimited), (13, VendorDown), (14, VendorDown), (4, TimedOut),
     (12, EngineRejected)],
)  # fmt: skip
def test_an_image_s_own_error_under_http_200_is_one(code, expected, read, vendor):
    message = f"Bad image data. You sent {KEY}"
    vendor.answers["images:annotate"] = {"responses": [{"error": {"code": code, "message": message}}]}
    with pytest.raises(expected, match="Bad image data") as caught:
        read("cloud-vision")
    assert type(caught.value) is expected
    assert KEY not in str(caught.value)


def test_what_was_found_beside_an_error_is_kept(read, vendor):
    answer = vendor_answers.cloud_vision()
    answer["responses"][0]["error"] = {"code": 14, "message": "one feature failed"}
    vendor.answers["images:annotate"] = answer
    assert read("cloud-vision").text == vendor_answers.TEXT


@pytest.mark.parametrize("answer", [{"responses": []}, {"responses": [None]}, {"responses": "x"}, [], {"error": {}}])
def test_a_vision_answer_without_a_response_is_no_empty_page(answer, read, vendor):
    vendor.answers["images:annotate"] = answer
    with pytest.raises(BadAnswer):
        read("cloud-vision")


def test_vision_s_paragraphs_keep_their_breaks_and_words_their_characters(read):
    regions = read("cloud-vision").regions
    assert [region.text for region in regions if region.level == "paragraph"] == [vendor_answers.TEXT]
    characters = "".join(region.text for region in regions if region.level == "character")
    assert characters == "".join(vendor_answers.TEXT.split())


def test_rows_that_share_a_protocol_differ_in_data_only(engine_of, vendor, page, task):
    for row in ("gpt-5-mini", "gpt-4o", "gpt-6.1-sol", "gpt-6.1-terra", "gpt-6-luna"):
        assert engine_of(row).read(page, task).text == vendor_answers.TEXT
    assert engine_of("mistral-ocr-3", path="").read(page, task).text == vendor_answers.TEXT


# --- what follows an accepted job is asked again, and the job is bought once


QUEUED = ["azure-read", "transkribus"]


@pytest.mark.parametrize("row", QUEUED)
@pytest.mark.parametrize(
    "fault", ["404", "408", "429", "429 retry-after", "500", "503", "504", "reset sent", "truncated json", "html"]
)
def test_a_stumbling_poll_does_not_buy_the_page_again(row, fault, read, vendor):
    vendor.retry_after = "0"
    vendor.poll_faults = [fault]
    assert read(row).text == vendor_answers.TEXT
    assert vendor.billed == 1


@pytest.mark.parametrize("row", QUEUED)
@pytest.mark.parametrize("fault", ["404", "html", "429 retry-after"])
def test_a_job_whose_result_cannot_be_had_is_paid_for_and_not_submitted_again(row, fault, read, vendor):
    vendor.retry_after = "9999"  # longer than there is time
    vendor.poll_faults = [fault] * 9
    with pytest.raises(EngineError) as caught:
        read(row)
    assert (caught.value.most_retries, caught.value.maybe_billed) == (0, True)
    assert vendor.billed == 1


def test_azure_s_result_is_deleted_when_it_is_given_up(engine_of, vendor, page):
    vendor.polls_until_done = 10**9
    with pytest.raises(TimedOut):
        engine_of("azure-read").read(page, ReadingTask(timeout_seconds=0.4))
    assert [request.method for request in vendor.requests][-1] == "DELETE"


def test_a_deletion_that_hangs_loses_no_reading(read, vendor, monkeypatch):
    monkeypatch.setattr("engines.adapters.azure_read.FORGET_SECONDS", 0.2)
    vendor.hanging_method = "DELETE"
    assert read("azure-read").text == vendor_answers.TEXT


def test_a_submission_whose_receipt_cannot_be_read_is_not_repeated(read, vendor):
    vendor.answers["/processes"] = {"status": "CREATED"}
    with pytest.raises(BadAnswer) as caught:
        read("transkribus")
    assert (caught.value.most_retries, caught.value.maybe_billed) == (0, True)


def test_azure_without_a_whole_text_is_read_line_by_line(read, vendor):
    result = {**vendor_answers.azure_result(), "content": None}
    times = {"createdDateTime": "2026-01-01T00:00:00Z", "lastUpdatedDateTime": "2026-01-01T00:00:00Z"}
    vendor.answers["/abc"] = {"status": "succeeded", **times, "analyzeResult": result}
    assert read("azure-read").text == vendor_answers.TEXT


def test_transkribus_without_a_refresh_time_logs_in_again(read, vendor):
    vendor.answers["/token"] = {"access_token": "short", "expires_in": 0}
    assert read("transkribus").text == vendor_answers.TEXT
    logins = [request.body for request in vendor.requests if request.path.endswith("token")]
    assert len(logins) > 1
    assert all(b"grant_type=password" in login for login in logins)


@pytest.mark.parametrize("state", ["skipped", "resting", 7, None])
def test_azure_in_a_state_that_is_none_ends_at_once(state, engine_of, vendor, page):
    vendor.answers["/abc"] = {"status": state}
    with pytest.raises(BadAnswer) as caught:
        engine_of("azure-read").read(page, ReadingTask(timeout_seconds=60))
    assert (caught.value.most_retries, caught.value.maybe_billed) == (0, True)


@pytest.mark.parametrize("state", ["CANCELED", "ABORTED", "ERROR", "failed"])
def test_transkribus_that_gave_up_ends_at_once(state, engine_of, vendor, page):
    vendor.answers["/42"] = {"processId": 42, "status": state}
    with pytest.raises(EngineRejected, match="could not read"):
        engine_of("transkribus").read(page, ReadingTask(timeout_seconds=60))


# --- errors in shapes of gateways, under HTTP 200 and under their own status

BUSY = "Too many requests, slow down"
ERRORS_OF_GATEWAYS = {
    "vllm": {"object": "error", "message": BUSY, "type": "RateLimitError", "param": None, "code": 429},
    "detail": {"detail": BUSY},
    "cloudflare": {"success": False, "errors": [{"code": 10000, "message": BUSY}], "result": None},
    "a stream of one": [{"error": {"code": 429, "message": BUSY, "status": "RESOURCE_EXHAUSTED"}}],
    "a status in words": {"status": "error", "message": BUSY},
    "apigee": {"fault": {"faultstring": BUSY, "detail": {"errorcode": "policies.ratelimit.QuotaViolation"}}},
    "capitals": {"Error": {"Code": "429", "Message": BUSY}},
    "a text": {"error": BUSY},
    "numbered": {"code": 429, "message": BUSY},
    "with empty answers": {"id": "gen-1", "choices": [], "output": None, "error": {"message": BUSY, "code": 429}},
}
WHERE = {
    "gpt-5": "/responses", "openai-compatible": "/chat/completions", "claude-opus-4-7": "/messages",
    "gemini-3-flash": ":generateContent", "mistral-ocr-4": "/ocr", "textract": "/", "cloud-vision": "images:annotate",
    "transkribus": "/processes", "azure-read": ":analyze",
}  # fmt: skip


@pytest.mark.parametrize("row", WHERE)
@pytest.mark.parametrize("shape", ERRORS_OF_GATEWAYS)
def test_an_error_of_any_shape_under_http_200_keeps_its_words(row, shape, read, vendor):
    vendor.answers[WHERE[row]] = ERRORS_OF_GATEWAYS[shape]
    with pytest.raises(RateLimited, match=BUSY):
        read(row)
    assert len(vendor.reading_requests) == 1


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ({"error": "upstream timed out"}, 504),
        ({"error": {"message": "No such model", "code": "model_not_found"}}, 404),
        ({"error": "unauthorized", "error_description": "bad token"}, 401),
        ({"detail": [{"loc": ["body"], "msg": "Field required", "type": "missing"}]}, 400),
        ({"message": "The server room is dark"}, 400),
        ({"__type": "ThrottlingException", "Message": "Rate exceeded"}, 429),
        ({"error": {"message": "no", "code": "9" * 5000}}, 400),
        ({"error": {"message": "no", "code": [429], "type": {"a": 1}}}, 400),
        ({"error": {"message": {"message": "nested"}, "code": "503"}}, 503),
    ],
)
def test_an_error_s_codes_or_words_tell_its_status(document, status):
    error = error_in(document)
    assert status_of(error) == status
    assert error["message"]


@pytest.mark.parametrize(
    "document",
    [
        {"id": "batch_1", "status": "failed", "errors": {"data": [{"message": "no"}]}},
        {"custom_id": "p1", "response": None, "error": {"message": "no", "code": 429}},
        {"key": "p1", "error": {"message": "no"}}, {"name": "op", "done": True, "error": {"message": "no"}},
        {"id": "x", "message": "welcome"}, {"access_token": "t", "detail": "hello"}, {"choices": [{}], "error": None},
        {"status": "failed", "error": {"message": "InvalidImage"}}, {"error": {}, "errors": []}, {}, [], 7, None,
        [{"error": "a"}, {"error": "b"}], {"status": ["error"]}, {"status": {"a": 1}, "message": "x"},
    ],
)  # fmt: skip
def test_what_has_an_answer_or_a_receipt_is_no_error(document):
    assert error_in(document) is None


@pytest.mark.parametrize("row", [row for row in WHERE if row not in {"transkribus", "azure-read"}])
def test_an_answer_that_never_stops_opening_is_a_bad_one(row, read, vendor):
    vendor.answers[WHERE[row]] = b"[" * 100_000
    with pytest.raises(BadAnswer):
        read(row)


@pytest.mark.parametrize("row", [row for row in WHERE if row not in {"transkribus", "azure-read"}])
@pytest.mark.parametrize(
    "success",
    [(201, "application/json"), (206, "application/json"), (200, ""), (200, "text/plain; charset=utf-8"),
     (200, "Application/JSON"), (200, "application/vnd.api+json")],
)  # fmt: skip
def test_a_gateway_may_say_in_its_own_way_that_it_went_well(row, success, read, vendor):
    vendor.success = success
    assert read(row).text == vendor_answers.TEXT


@pytest.mark.parametrize("row", ["gpt-5", "claude-opus-4-7", "gemini-3-flash", "mistral-ocr-4", "textract"])
def test_a_byte_order_mark_loses_no_answer(row, read, vendor):
    vendor.answers[WHERE[row]] = b"\xef\xbb\xbf" + json.dumps(TEXTS[row][1]()).encode()
    assert read(row).text == vendor_answers.TEXT


@pytest.mark.parametrize("row", [row for row in WHERE if row not in {"transkribus", "azure-read"}])
@pytest.mark.parametrize("status", [202, 204])
def test_a_success_without_a_word_is_a_bad_answer(row, status, read, vendor):
    vendor.success = status, "application/json"
    vendor.answers[WHERE[row]] = b""
    with pytest.raises(BadAnswer):
        read(row)


# --- ends that are no ends, and answers of another shape


def at(answer, path, value):
    """The answer with another value at a path such as "pages.0.words"."""
    *steps, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    part = answer
    for step in steps:
        part = part[step]
    part[last] = value
    return answer


BOXES = {
    "azure-read": ("/abc", lambda: {"status": "succeeded", "analyzeResult": vendor_answers.azure_result()}, (
        "analyzeResult.pages.0.words.0.span", "analyzeResult.pages.0.lines.1.polygon", "analyzeResult.styles.0.spans",
        "analyzeResult.pages.0.width")),
    "textract": ("/", vendor_answers.textract, ("Blocks.1.Geometry", "Blocks.2.Confidence", "DocumentMetadata")),
    "cloud-vision": ("images:annotate", vendor_answers.cloud_vision, (
        "responses.0.fullTextAnnotation.pages.0.width", "responses.0.fullTextAnnotation.pages.0.blocks.0.boundingBox",
        "responses.0.fullTextAnnotation.pages.0.blocks.0.paragraphs")),
    "mistral-ocr-4": ("/ocr", vendor_answers.mistral, (
        "pages.0.blocks", "pages.0.dimensions", "pages.0.dimensions.width", "usage_info")),
}  # fmt: skip
"""Where each answer's boxes and counts are."""


@pytest.mark.parametrize(("row", "place"), [(row, place) for row, (*_, places) in BOXES.items() for place in places])
def test_no_text_is_lost_to_its_boxes_or_counts(row, place, read, vendor):
    path, answer, _ = BOXES[row]
    for value in ("x", 7, 0, -1, [None], {"a": None}):
        vendor.answers[path] = at(answer(), place, value)
        assert read(row).text == vendor_answers.TEXT, value


TEXTS = {
    "gpt-5": ("/responses", vendor_answers.responses, "output.1.content.0.text"),
    "openai-compatible": ("/chat/completions", vendor_answers.chat, "choices.0.message.content"),
    "claude-opus-4-7": ("/messages", vendor_answers.messages, "content.0.text"),
    "gemini-3-flash": (":generateContent", vendor_answers.gemini, "candidates.0.content.parts.1.text"),
    "mistral-ocr-4": ("/ocr", vendor_answers.mistral, "pages.0.markdown"),
    "azure-read": ("/abc", BOXES["azure-read"][1], "analyzeResult.content"),
    "textract": ("/", vendor_answers.textract, "Blocks.1.Text"),
    "cloud-vision": ("images:annotate", vendor_answers.cloud_vision, "responses.0.fullTextAnnotation.text"),
}  # fmt: skip


@pytest.mark.parametrize("row", TEXTS)
@pytest.mark.parametrize("value", [7, True, {"a": None}])
def test_what_is_no_text_is_never_taken_for_one(row, value, read, vendor):
    path, answer, place = TEXTS[row]
    vendor.answers[path] = at(answer(), place, value)
    with pytest.raises(BadAnswer):
        read(row)


@pytest.mark.parametrize(
    ("row", "place", "value"),
    [
        ("gpt-5", "output", []), ("gpt-5", "output.1.content", []), ("gpt-5", "output.1.type", "novelty"),
        ("gemini-3-flash", "candidates.0.content", None), ("gemini-3-flash", "candidates.0.content.parts", []),
        ("gemini-3-flash", "candidates.0.finishReason", 7), ("gemini-3-flash", "candidates", 7),
        ("gpt-5", "output.1.content.0.text", None), ("claude-opus-4-7", "content.0.type", "novelty"),
        ("mistral-ocr-4", "pages", []), ("mistral-ocr-4", "pages.0.markdown", None),
        ("azure-read", "analyzeResult", {}), ("azure-read", "analyzeResult", None),
        ("textract", "Blocks.1.Text", None), ("textract", "Blocks.1", {"BlockType": "LINE", "Id": "a"}),
        ("cloud-vision", "responses.0", {"labelAnnotations": [{"description": "Paper"}]}),
    ],
)  # fmt: skip
def test_an_answer_that_leaves_the_text_out_is_no_empty_page(row, place, value, read, vendor):
    path, answer, _ = TEXTS[row]
    vendor.answers[path] = at(answer(), place, value)
    with pytest.raises(BadAnswer):
        read(row)


@pytest.mark.parametrize("row", ["openai-compatible", "qwen2.5-vl"])
@pytest.mark.parametrize(
    ("content", "text"),
    [
        (["Dear ", "Sir"], "Dear Sir"),
        ([{"text": "Dear "}, {"type": "output_text", "text": "Sir"}], "Dear Sir"),
        ({"type": "text", "text": "Dear"}, "Dear"),
        ([{"type": "text", "text": "Dear "}, {"type": "text", "text": "Sir"}], "Dear Sir"),
        (
            [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "Dear"}],
            "Dear",
        ),
        ([], ""),
        (None, ""),
    ],
)
def test_content_in_parts_is_joined(row, content, text, read, vendor):
    answer = vendor_answers.chat()
    answer["choices"][0]["message"]["content"] = content
    vendor.answers["/chat/completions"] = answer
    assert read(row).text == text


@pytest.mark.parametrize(
    "content",
    [[{"type": "markdown", "markdown": "Dear"}], [{"type": "text", "text": None}], [{"type": "text", "text": {"v": 1}}],
     [{"type": "thinking", "thinking": "hm"}], [7], 7],
)  # fmt: skip
def test_content_without_a_text_is_no_empty_page(content, read, vendor):
    answer = vendor_answers.chat()
    answer["choices"][0]["message"]["content"] = content
    vendor.answers["/chat/completions"] = answer
    with pytest.raises(BadAnswer):
        read("openai-compatible")


@pytest.mark.parametrize("finish", ["tool_calls", "function_call", "OTHER", "repetition", "Unexpected", None])
def test_an_end_of_a_chat_that_is_not_known_is_marked_with_a_text_and_fails_without_one(finish, read, vendor):
    for text in ("Dear Sir", None):
        vendor.answers["/chat/completions"] = answer = vendor_answers.chat(text)
        answer["choices"][0]["finish_reason"] = finish
        if text:
            reading = read("openai-compatible")
            assert (reading.text, reading.truncated) == (text, finish is not None)
        else:
            with pytest.raises(BadAnswer) as caught:
                read("openai-compatible")
            assert (caught.value.usage.output_tokens, caught.value.usage.pages) == (300, 1)


@pytest.mark.parametrize(
    ("finish", "truncated", "refused"),
    [
        ("stop", False, False), ("eos_token", False, False), ("end_turn", False, False), ("length", True, False),
        ("max_tokens", True, False), ("model_length", True, False), ("content_filter", False, True),
        ("SAFETY", False, True), ("sensitive", False, True),
    ],
)  # fmt: skip
def test_ends_that_servers_name_in_their_own_ways(finish, truncated, refused, read, vendor):
    vendor.answers["/chat/completions"] = answer = vendor_answers.chat()
    answer["choices"][0]["finish_reason"] = finish
    reading = read("openai-compatible")
    assert (reading.truncated, reading.refused) == (truncated, refused)


def test_a_model_that_thought_and_did_not_answer_has_not_seen_a_blank_page(read, vendor):
    for content, fails in ((None, True), ("", False)):
        vendor.answers["/chat/completions"] = answer = vendor_answers.chat()
        answer["choices"][0]["message"] = {"role": "assistant", "content": content, "reasoning_content": "Dear Sir?"}
        if fails:
            with pytest.raises(BadAnswer):
                read("openai-compatible")
        else:
            assert read("openai-compatible").text == ""


def test_an_error_in_the_midst_of_an_answer_marks_it(read, vendor):
    vendor.answers["/chat/completions"] = {**vendor_answers.chat(), "error": {"message": "the line broke", "code": 502}}
    assert read("openai-compatible").truncated
    vendor.answers["/responses"] = {**vendor_answers.responses(), "error": {"code": "server_error", "message": "boom"}}
    assert read("gpt-5").truncated


def test_the_first_of_several_answers_is_told_by_its_number(read, vendor):
    answer = vendor_answers.chat()
    other = {"index": 1, "finish_reason": "stop", "message": {"role": "assistant", "content": "Another"}}
    vendor.answers["/chat/completions"] = {**answer, "choices": [other, *answer["choices"]]}
    assert read("openai-compatible").text == vendor_answers.TEXT


@pytest.mark.parametrize("usage", ["many", [1], -1, 10**400, float("nan"), {"prompt_tokens": -5}])
def test_no_reading_is_lost_to_a_count_that_is_none(usage, read, vendor):
    counts = usage if isinstance(usage, str | list) else {
        "prompt_tokens": usage, "completion_tokens": 1} if not isinstance(usage, dict) else usage  # fmt: skip
    vendor.answers["/chat/completions"] = {**vendor_answers.chat(), "usage": counts}
    reading = read("openai-compatible")
    assert (reading.text, reading.usage) == (vendor_answers.TEXT, None)


@pytest.mark.parametrize("part", [{"status": "incomplete"}, {"status": "in_progress"}])
def test_a_message_that_is_not_whole_marks_the_response(part, read, vendor):
    vendor.answers["/responses"] = answer = vendor_answers.responses()
    answer["output"][1] |= part
    assert read("gpt-5").truncated


def test_a_response_that_failed_keeps_the_vendor_s_words(read, vendor):
    said = {"code": "image_too_small", "message": "It has 12 pixels."}
    vendor.answers["/responses"] = {**vendor_answers.responses(), "status": "failed", "error": said}
    with pytest.raises(PageRejected, match="It has 12 pixels") as caught:
        read("gpt-5")
    assert caught.value.fix == "Use a larger image."


@pytest.mark.parametrize(
    ("said", "fix"),
    [
        ("Image is too small: at least 50 x 50 pixels", "Use a larger image."),
        ("The minimum side is 50 pixels", "Use a larger image."),
        ("image exceeds the maximum of 10 MB", "Use a smaller image."),
        ("The page is larger than 10000 pixels", "Use a smaller image."),
        ("The input image dimensions are out of range", "Use a clearer image, or one of another size."),
        ("must be at least 50x50 and at most 10000x10000", "Use a clearer image, or one of another size."),
    ],
)
def test_a_page_that_is_too_small_is_not_to_be_smaller(said, fix):
    assert fix_of_page(said) == fix


@pytest.mark.parametrize("finish", ["error", "cancelled", "abort"])
def test_a_chat_that_was_broken_off_is_no_reading(finish, read, vendor):
    answer = vendor_answers.chat("Dear S")
    answer["choices"][0] |= {"finish_reason": finish, "error": {"message": "upstream went away", "code": 502}}
    vendor.answers["/chat/completions"] = answer
    with pytest.raises(BadAnswer, match="upstream went away"):
        read("openai-compatible")


@pytest.mark.parametrize("status", ["cancelled", "queued", "in_progress", "failed"])
def test_a_response_that_is_not_done_is_no_reading(status, read, vendor):
    vendor.answers["/responses"] = {**vendor_answers.responses(), "status": status}
    with pytest.raises(BadAnswer):
        read("gpt-5")


@pytest.mark.parametrize(("row", "path"), [("gemini-3-flash", ":generateContent"), ("claude-opus-4-7", "/messages")])
def test_an_unknown_end_is_marked_with_a_text_and_fails_without_one(row, path, read, vendor):
    for text in (vendor_answers.TEXT, ""):
        if row == "gemini-3-flash":
            answer = vendor_answers.gemini(text)
            answer["candidates"][0] |= {"finishReason": "OTHER"}
            if not text:
                answer["candidates"][0]["content"]["parts"] = []
        else:
            answer = {**vendor_answers.messages(text), "stop_reason": "pause_turn"}
        vendor.answers[path] = answer
        if text:
            assert read(row).text == text
        else:
            with pytest.raises(BadAnswer):
                read(row)


def test_pages_of_an_answer_are_read_in_their_order(read, vendor):
    [page] = vendor_answers.mistral()["pages"]
    pages = [{**page, "index": 1, "markdown": "Sir"}, {**page, "index": 0, "markdown": "Dear"}]
    vendor.answers["/ocr"] = {**vendor_answers.mistral(), "pages": pages}
    assert read("mistral-ocr-4").text == "Dear\n\nSir"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": "UNAVAILABLE", "message": "later"}, VendorDown), ({"message": "bad"}, EngineRejected),
        ({"code": 3, "message": "Image too small."}, PageRejected), ({"status": "RESOURCE_EXHAUSTED"}, RateLimited),
    ],
)  # fmt: skip
def test_an_image_s_own_error_in_words_keeps_them(error, kind, read, vendor):
    vendor.answers["images:annotate"] = {"responses": [{"error": error}]}
    with pytest.raises(kind, match=error.get("message")):
        read("cloud-vision")


def test_azure_says_what_was_wrong_within(read, vendor):
    within = {"code": "InvalidContentDimensions", "message": "The image must be at least 50 x 50 pixels."}
    error = {"code": "InvalidRequest", "message": "Invalid request.", "innererror": within}
    vendor.answers["/abc"] = {"status": "failed", "error": error}
    with pytest.raises(PageRejected, match="at least 50 x 50 pixels") as caught:
        read("azure-read")
    assert caught.value.fix == "Use a larger image."
    vendor.answers["/abc"] = {"status": "failed"}
    with pytest.raises(EngineRejected) as caught:
        read("azure-read")
    assert "it says" not in str(caught.value)


def test_transkribus_in_no_state_ends_at_once(read, vendor):
    vendor.answers["/processes/42"] = {"processId": 42, "status": None}
    with pytest.raises(BadAnswer):
        read("transkribus")


def test_a_claude_that_pauses_is_truncated(read, vendor):
    vendor.answers["/messages"] = {**vendor_answers.messages(), "stop_reason": "pause_turn"}
    assert read("claude-opus-4-7").truncated


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ('```\n{"text": "Dear", "words": []}\n```', "Dear"),
        ('```json\n{"text": "Dear", "words": []}', "Dear"),
        ('{"text": "Dear \\ud83d', "Dear "),
        ('{"text": "Dear \\ud8', "Dear "),
        ('{"text": "Dear \\', "Dear "),
        ('{"text": "Dear \\\\', "Dear \\"),
        ('{"text": "Dear \\ud83d Sir", "words": []}', "Dear  Sir"),
        ('Here it is:\n```json\n{"text": "Dear", "words": []}\n```', "Dear"),
        ('{"text": "Dear \\udc00 Sir", "words": []}', "Dear  Sir"),
        ('{"text": "Dear \\ud83d\\ude00", "words": []}', "Dear 😀"),
        ('[{"text": "Dear", "words": []}]', "Dear"),
        ('{"result": {"text": "Dear", "words": []}}', "Dear"),
        ('{"transcription": "Dear"}', "Dear"),
        (json.dumps('{"text": "Dear", "words": []}'), "Dear"),
        ('{"text": "Dear\nSir", "words": []}', "Dear\nSir"),
        ('{"text": "Dear", "words": [],}', "Dear"),
        ('{"text": "Dear", "words": []}\n\nI hope this helps!', "Dear"),
        ('{"text": ["Dear", "Sir"], "words": []}', "Dear\nSir"),
        ('{"words": [{"text": "Dear", "box_2d": [0, 0, 100, 100]}, {"text": "Sir"}]}', "Dear Sir"),
        ('{"te', ""),
        ("{Dear} Sir", "{Dear} Sir"),
        ("Dear {", "Dear {"),
        ('a note {"name": "Bob"}', 'a note {"name": "Bob"}'),
    ],
)
def test_a_fence_or_half_a_character_in_gemini_s_answer_loses_nothing(raw, text, read, vendor):
    answer = vendor_answers.gemini("", "cut")
    answer["candidates"][0]["content"]["parts"] = [{"text": raw}]
    vendor.answers[":generateContent"] = answer
    assert read("gemini-3-flash").text == text
