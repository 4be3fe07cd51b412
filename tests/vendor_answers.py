"""What vendors answer, as plain data in each wire format. Written by hand after their published schemas."""

from __future__ import annotations

import json

TEXT = "Dear Sir,\nthank you"
WORDS = (("Dear", (10, 10, 50, 30)), ("Sir,", (60, 10, 90, 30)), ("thank", (10, 40, 60, 60)), ("you", (70, 40, 90, 60)))
PAGE_SIZE = (100, 80)
MODEL = "model-of-the-day"
INPUT_TOKENS = 1000
# One row for each wire format, with the path that stands in its base URL. All tests of vendors go through them.
ROWS = {
    "gpt-5": "/v1", "openai-compatible": "/v1", "qwen2.5-vl": "/v1", "claude-opus-4-7": "", "gemini-3-flash": "",
    "mistral-ocr-4": "", "azure-read": "", "transkribus": "/processing/v1", "textract": "", "cloud-vision": "",
}  # fmt: skip
HTR_ID = 51170
OPTIONS = {
    "transkribus": {"user": "me@example.org", "htr_id": HTR_ID},
    "textract": {"access_key_id": "AKIAEXAMPLE", "region": "eu-west-1"},
}
COUNT_NO_TOKENS = {"mistral-ocr-4", "azure-read", "transkribus", "textract", "cloud-vision"}
NAME_NO_MODEL = {"cloud-vision"}


def answer_of(request, fault, vendor):
    """Status, body and headers of a well-formed answer; `fault` is empty, refusal, cut or nothing."""
    path = request.path.split("?")[0]
    text = "" if fault in {"empty", "refusal"} else TEXT
    if path.endswith("/responses") and (complaint := wrong_cache_options(request.json)):
        return 400, {"error": {"message": complaint, "type": "invalid_request_error", "code": "unknown_parameter"}}, {}
    models = {"/responses": responses, "/chat/completions": chat, "/messages": messages, ":generateContent": gemini}
    for ending, answer in models.items():
        if path.endswith(ending):
            written = INPUT_TOKENS if ending == "/responses" and writes_cache(request.json) else 0
            return 200, answer(text, fault, cached=vendor.cached_tokens, written=written or vendor.cache_writes), {}
    if ":analyze" in path or "analyzeResults" in path:
        return azure(request, text, vendor)
    services = {"/ocr": mistral, "images:annotate": cloud_vision}
    service = next((answer for ending, answer in services.items() if path.endswith(ending)), None)
    if "x-amz-target" in request.headers:
        service = textract
    return (200, service(text), {}) if service else transkribus(request, text, vendor)


def has_cache_options(model):
    """OpenAI's models from 5.6 on, which write to their cache by themselves."""
    return model.startswith(("gpt-5.6", "gpt-6"))


def wrong_cache_options(body):
    if "prompt_cache_options" in body and not has_cache_options(body["model"]):
        return "Unknown parameter: 'prompt_cache_options'."
    return ""


def writes_cache(body):
    return has_cache_options(body["model"]) and body.get("prompt_cache_options", {}).get("mode") != "explicit"


def without_counts(answer):
    """The answer of a gateway that keeps only the shell of what it should count."""
    if not isinstance(answer, dict):
        return answer
    shells = {"usage": {}, "usageMetadata": {}, "usage_info": {}}
    return {**answer, **{name: shell for name, shell in shells.items() if name in answer}}


def counting(answer, count, within=False):
    """The answer with this in the place of every number that says how much was used."""
    if within and not isinstance(answer, dict | list):
        return count
    if not isinstance(answer, dict):
        return answer
    counts = {"usage", "usageMetadata", "usage_info", "DocumentMetadata"}
    return {name: counting(part, count, within or name in counts) for name, part in answer.items()}


def error_of(request, fault, key):
    """The body of an error in the vendor's shape; it repeats the key, as vendors do."""
    message = f"No: {fault}. You sent {key}"
    if "Bearer" in request.headers.get("authorization", "") and "/messages" in request.path:
        kind = "billing_error" if fault in {"402", "429 quota"} else "invalid_request_error"
        extra = " Your credit balance is too low." if fault == "429 quota" else ""
        return {"type": "error", "error": {"type": kind, "message": message + extra}, "request_id": "req_1"}
    if "generateContent" in request.path:
        status = "RESOURCE_EXHAUSTED" if fault.startswith("429") else "INVALID_ARGUMENT"
        details = [{"violations": [{"quotaId": "GenerateRequestsPerDayPerProject"}]}] if fault == "429 quota" else []
        code = int(fault.split()[0])
        return {"error": {"code": code, "message": message, "status": status, "details": details}}
    if "x-amz-target" in request.headers:
        kind = "ServiceQuotaExceededException" if fault == "429 quota" else "SomeException"
        return {"__type": f"com.amazonaws.textract#{kind}", "Message": message}
    code = "insufficient_quota" if fault == "429 quota" else "some_code"
    return {"error": {"message": message, "type": code, "code": code, "param": None}}


def responses(text=TEXT, fault="", cached=0, written=0):
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    if fault == "refusal":
        part = {"type": "refusal", "refusal": "I cannot help with that."}
    message = {"type": "message", "id": "m", "role": "assistant", "status": "completed", "content": [part]}
    return {
        "id": "r", "object": "response", "created_at": 1, "model": MODEL, "parallel_tool_calls": True,
        "tool_choice": "auto", "tools": [], "error": None,
        "status": "incomplete" if fault == "cut" else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if fault == "cut" else None,
        "output": [{"type": "reasoning", "id": "rs", "summary": []}, message],
        "usage": {
            "input_tokens": INPUT_TOKENS,
            "input_tokens_details": {"cached_tokens": cached, "cache_write_tokens": written},
            "output_tokens": 300, "output_tokens_details": {"reasoning_tokens": 200}, "total_tokens": 1300,
        },
    }  # fmt: skip


def chat(text=TEXT, fault="", cached=0, written=0):
    message = {"role": "assistant", "content": text or None}
    if fault == "refusal":
        message["refusal"] = "I cannot help with that."
    reason = {"cut": "length", "refusal": "content_filter"}.get(fault, "stop")
    return {
        "id": "c", "object": "chat.completion", "created": 1, "model": MODEL,
        "choices": [{"index": 0, "finish_reason": reason, "message": message, "logprobs": None}],
        "usage": {
            "prompt_tokens": INPUT_TOKENS, "completion_tokens": 300, "total_tokens": 1300,
            "prompt_tokens_details": {"cached_tokens": cached, "cache_write_tokens": written},
        },
    }  # fmt: skip


def messages(text=TEXT, fault="", cached=0, written=0):
    reason = {"cut": "max_tokens", "refusal": "refusal"}.get(fault, "end_turn")
    return {
        "id": "m", "type": "message", "role": "assistant", "model": MODEL, "stop_sequence": None,
        "stop_reason": reason,
        "content": [] if fault == "refusal" else [{"type": "text", "text": text}],
        "usage": {
            "input_tokens": INPUT_TOKENS - cached - written, "cache_read_input_tokens": cached,
            "cache_creation_input_tokens": written, "output_tokens": 300,
        },
    }  # fmt: skip


def gemini(text=TEXT, fault="", cached=0, written=0):
    assert not written, "Gemini's implicit cache costs nothing to write to"
    usage = {
        "promptTokenCount": INPUT_TOKENS, "cachedContentTokenCount": cached, "candidatesTokenCount": 100,
        "thoughtsTokenCount": 200, "totalTokenCount": 1300,
    }  # fmt: skip
    if fault == "refusal":
        return {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": usage, "modelVersion": MODEL}
    words = [{"text": word, "box_2d": thousandths(box)} for word, box in WORDS] if text else []
    answer = json.dumps({"text": text, "words": words})
    if fault == "cut":
        answer = '{"text": "Dear Si'
    return {
        "candidates": [
            {
                "index": 0,
                "content": {"role": "model", "parts": [{"text": "hm", "thought": True}, {"text": answer}]},
                "finishReason": "MAX_TOKENS" if fault == "cut" else "STOP",
            }
        ],
        "usageMetadata": usage,
        "modelVersion": MODEL,
    }


def thousandths(box):
    width, height = PAGE_SIZE
    left, top, right, bottom = box
    return [top * 1000 // height, left * 1000 // width, bottom * 1000 // height, right * 1000 // width]


def mistral(text=TEXT):
    # The vendor renders the page at twice its size.
    block = {
        "type": "text", "content": text, "top_left_x": 20, "top_left_y": 20, "bottom_right_x": 180,
        "bottom_right_y": 120, "confidence_scores": {"average_content_confidence_score": 0.75},
    }  # fmt: skip
    dimensions = {"dpi": 200, "width": 2 * PAGE_SIZE[0], "height": 2 * PAGE_SIZE[1]}
    page = {"index": 0, "markdown": text, "images": [], "dimensions": dimensions, "blocks": [block]}
    return {"pages": [page], "model": MODEL, "usage_info": {"pages_processed": 1, "doc_size_bytes": 1}}


def azure(request, text, vendor):
    if request.method == "DELETE":
        return 204, b"", {}
    if request.method == "POST":
        where = "/documentintelligence/documentModels/prebuilt-read/analyzeResults/abc?api-version=2024-11-30"
        return 202, b"", {"operation-location": vendor.operations_at + where, "retry-after": "0"}
    polls = sum("analyzeResults" in earlier.path for earlier in vendor.requests)
    state = {"createdDateTime": "2026-01-01T00:00:00Z", "lastUpdatedDateTime": "2026-01-01T00:00:00Z"}
    if polls < vendor.polls_until_done:
        return 200, {"status": "running", **state}, {"retry-after": "0"}
    return 200, {"status": "succeeded", **state, "analyzeResult": azure_result(text)}, {}


def azure_result(text=TEXT):
    def polygon(box):
        left, top, right, bottom = box
        return [left, top, right, top, right, bottom, left, bottom]

    words, lines = [], []
    for word, box in WORDS if text else ():
        span = {"offset": text.index(word), "length": len(word)}
        words.append({"content": word, "polygon": polygon(box), "confidence": 0.9, "span": span})
    for number, line in enumerate(text.splitlines()):
        span = {"offset": text.index(line), "length": len(line)}
        lines.append(
            {"content": line, "polygon": polygon((10, 10 + 30 * number, 90, 30 + 30 * number)), "spans": [span]}
        )
    page = {
        "pageNumber": 1, "width": PAGE_SIZE[0], "height": PAGE_SIZE[1], "unit": "pixel", "angle": 0,
        "spans": [{"offset": 0, "length": len(text)}], "words": words, "lines": lines,
    }  # fmt: skip
    return {
        "apiVersion": "2024-11-30", "modelId": "prebuilt-read", "stringIndexType": "unicodeCodePoint", "content": text,
        "pages": [page], "styles": [{"isHandwritten": True, "confidence": 0.9, "spans": [{"offset": 0, "length": 9}]}],
    }  # fmt: skip


def transkribus(request, text, vendor):
    path = request.path
    if "token" in path:
        token = {"expires_in": 300, "refresh_token": "refresh-me", "refresh_expires_in": 1800, "token_type": "Bearer"}
        return 200, {"access_token": f"token-{len(vendor.requests)}", **token}, {}
    if path.endswith("/page"):
        return 200, page_xml(text), {}
    if request.method == "POST":
        return 200, {"processId": 42, "status": "CREATED"}, {}
    polls = sum(earlier.path.endswith("/processes/42") for earlier in vendor.requests)
    status = "RUNNING" if polls < vendor.polls_until_done else "FINISHED"
    return 200, {"processId": 42, "status": status}, {}


def page_xml(text=TEXT):
    def corners(box):
        left, top, right, bottom = (2 * side for side in box)
        return f"{left},{top} {right},{top} {right},{bottom} {left},{bottom}"

    lines = []
    for number, line in enumerate(text.splitlines()):
        words = "".join(
            f'<Word><Coords points="{corners(box)}"/><TextEquiv conf="0.8"><Unicode>{word}</Unicode></TextEquiv></Word>'
            for word, box in WORDS[2 * number : 2 * number + 2]
        )
        box = corners((10, 10 + 30 * number, 90, 30 + 30 * number))
        lines.append(
            f'<TextLine><Coords points="{box}"/>{words}<TextEquiv><Unicode>{line}</Unicode></TextEquiv></TextLine>'
        )
    namespace = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2013-07-15"
    size = f'imageWidth="{2 * PAGE_SIZE[0]}" imageHeight="{2 * PAGE_SIZE[1]}"'
    body = f'<Page {size}><TextRegion id="r1">{"".join(lines)}</TextRegion></Page>'
    return f'<?xml version="1.0"?><PcGts xmlns="{namespace}">{body}</PcGts>'.encode()


def textract(text=TEXT):
    def block(kind, said, box, number, **more):
        left, top, right, bottom = (side / whole for side, whole in zip(box, 2 * PAGE_SIZE, strict=True))
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        geometry = {
            "BoundingBox": {"Left": left, "Top": top, "Width": right - left, "Height": bottom - top},
            "Polygon": [{"X": x, "Y": y} for x, y in corners],
        }
        return {
            "BlockType": kind,
            "Id": f"{kind}-{number}",
            "Text": said,
            "Confidence": 90.0,
            "Geometry": geometry,
            **more,
        }

    lines = text.splitlines()
    blocks = [{"BlockType": "PAGE", "Id": "page", "Relationships": [{"Type": "CHILD", "Ids": ["LINE-0", "LINE-1"]}]}]
    blocks += [block("LINE", line, (10, 10 + 30 * n, 90, 30 + 30 * n), n) for n, line in enumerate(lines)]
    for number, (word, box) in enumerate(WORDS if text else ()):
        blocks.append(block("WORD", word, box, number, TextType="HANDWRITING" if number < 2 else "PRINTED"))
    return {"DocumentMetadata": {"Pages": 1}, "Blocks": blocks, "DetectDocumentTextModelVersion": MODEL}


def cloud_vision(text=TEXT):
    if not text:
        return {"responses": [{}]}

    def poly(box):
        left, top, right, bottom = box
        return {"vertices": [{"x": left, "y": top}, {"x": right, "y": top}, {"x": right, "y": bottom},
                             {"x": left, "y": bottom}]}  # fmt: skip

    words = []
    for word, (left, top, right, bottom) in WORDS:
        width = (right - left) // len(word)
        symbols = [
            {"text": letter, "confidence": 0.9,
             "boundingBox": poly((left + n * width, top, left + (n + 1) * width, bottom))}
            for n, letter in enumerate(word)
        ]  # fmt: skip
        kind = {"Sir,": "EOL_SURE_SPACE", "you": "LINE_BREAK"}.get(word, "SPACE")
        symbols[-1]["property"] = {"detectedBreak": {"type": kind}}
        words.append({"boundingBox": poly((left, top, right, bottom)), "symbols": symbols, "confidence": 0.9})
    paragraph = {"boundingBox": poly((10, 10, 90, 60)), "words": words, "confidence": 0.9}
    block = {"boundingBox": poly((10, 10, 90, 60)), "paragraphs": [paragraph], "blockType": "TEXT", "confidence": 0.9}
    page = {"width": PAGE_SIZE[0], "height": PAGE_SIZE[1], "blocks": [block], "confidence": 0.9}
    whole = {"description": text, "boundingPoly": poly((10, 10, 90, 60)), "locale": "en"}
    return {"responses": [{"textAnnotations": [whole], "fullTextAnnotation": {"pages": [page], "text": text}}]}
