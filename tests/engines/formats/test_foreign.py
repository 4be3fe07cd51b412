"""Readings from elsewhere: any file that a vendor's trial page, an SDK or an archive gives, or one sentence why not."""

import json

import pytest

from engines.contract import Region
from engines.formats.foreign import read_foreign
from engines.formats.layout import UnreadableFormat

BOX = [10, 20, 110, 20, 110, 50, 10, 50]
CORNERS = ((10, 20), (110, 20), (110, 50), (10, 50))


def read(document, name="page.json"):
    return read_foreign(name, json.dumps(document).encode())


def word(text="Dear", confidence=0.9):
    return {"content": text, "polygon": BOX, "confidence": confidence, "span": {"offset": 0, "length": len(text)}}


AZURE_PAGE = {
    "pageNumber": 1, "unit": "pixel", "width": 400, "height": 200, "spans": [{"offset": 0, "length": 8}],
    "words": [word()], "lines": [{"content": "Dear Sir", "polygon": BOX, "spans": [{"offset": 0, "length": 8}]}],
}  # fmt: skip
AZURE = {
    "apiVersion": "2024-11-30", "modelId": "prebuilt-read", "stringIndexType": "textElements", "content": "Dear Sir",
    "pages": [AZURE_PAGE], "styles": [{"isHandwritten": True, "confidence": 1, "spans": [{"offset": 0, "length": 4}]}],
}  # fmt: skip
MISTRAL = {
    "pages": [{
        "index": 0, "markdown": "Dear Sir", "images": [], "dimensions": {"dpi": 200, "width": 400, "height": 200},
        "blocks": [{"type": "text", "top_left_x": 10, "top_left_y": 20, "bottom_right_x": 110, "bottom_right_y": 50,
                    "content": "Dear Sir"}],
    }],
    "model": "mistral-ocr-4-1", "usage_info": {"pages_processed": 1},
}  # fmt: skip
GEOMETRY = {"BoundingBox": {"Left": 0.25, "Top": 0.5, "Width": 0.25, "Height": 0.25}}
TEXTRACT = {
    "DocumentMetadata": {"Pages": 1}, "DetectDocumentTextModelVersion": "1.0",
    "Blocks": [
        {"BlockType": "PAGE", "Id": "p", "Geometry": GEOMETRY},
        {"BlockType": "LINE", "Id": "l", "Text": "Dear Sir", "Confidence": 91.5, "Geometry": GEOMETRY},
        {"BlockType": "WORD", "Id": "w", "Text": "Dear", "Confidence": 91.5, "TextType": "HANDWRITING", "Geometry": {
            "Polygon": [{"X": 0, "Y": 0}, {"X": 0.5, "Y": 0}, {"X": 0.5, "Y": 0.25}]}},
        {"BlockType": "LINE", "Id": "m", "Text": "well", "Confidence": 80.0, "Geometry": GEOMETRY},
    ],
}  # fmt: skip


def symbols(text):
    return [{"text": letter} for letter in text]


VISION_PAGE = {
    "width": 400, "height": 200,
    "blocks": [{"paragraphs": [{
        "boundingBox": {"vertices": [{"x": 10, "y": 20}, {"x": 110, "y": 20}, {"x": 110, "y": 50}, {"x": 10, "y": 50}]},
        "confidence": 0.8,
        "words": [{"symbols": symbols("Dear"), "confidence": 0.7,
                   "boundingBox": {"vertices": [{}, {"x": 40}, {"x": 40, "y": 9}, {"y": 9}]}}],
    }]}],
}  # fmt: skip
VISION = {"responses": [{"fullTextAnnotation": {"text": "Dear Sir", "pages": [VISION_PAGE]}}]}
DOCUMENT_AI = {
    "text": "Dear Sir\nwell\n",
    "pages": [{
        "pageNumber": 1, "dimension": {"width": 400, "height": 200, "unit": "pixels"},
        "lines": [{"layout": {
            "textAnchor": {"textSegments": [{"startIndex": "9", "endIndex": "14"}]}, "confidence": 0.9,
            "boundingPoly": {"normalizedVertices": [
                {"x": 0.25, "y": 0.5}, {"x": 0.5, "y": 0.5}, {"x": 0.5, "y": 1}]}}}],
        "tokens": [{"layout": {
            "textAnchor": {"textSegments": [{"endIndex": "5"}]},
            "boundingPoly": {"vertices": [{}, {"x": 40}, {"x": 40, "y": 9}]}}, "styleInfo": {"handwritten": True}}],
    }],
}  # fmt: skip
CHAT = {"object": "chat.completion", "choices": [{"message": {"role": "assistant", "content": "Dear Sir"}}]}
RESPONSE = {
    "object": "response", "model": "gpt-5", "status": "completed",
    "output": [{"type": "reasoning", "id": "r", "summary": []}, {"type": "message", "id": "m", "role": "assistant",
        "status": "completed", "content": [{"type": "output_text", "text": "Dear Sir", "annotations": []}]}],
}  # fmt: skip
MESSAGE = {
    "id": "m", "type": "message", "role": "assistant", "model": "claude-opus-5-5", "stop_reason": "end_turn",
    "content": [{"type": "thinking", "thinking": "?", "signature": ""}, {"type": "text", "text": "Dear Sir"}],
    "usage": {"input_tokens": 10, "output_tokens": 5},
}  # fmt: skip
INNER = {"text": "Dear Sir", "words": [{"text": "Dear", "box_2d": [100, 25, 250, 275]}]}
GEMINI = {"candidates": [{"content": {"parts": [{"text": "Dear Sir"}]}, "finishReason": "STOP"}], "modelVersion": "g"}
GEMINI_BOXES = {"candidates": [{"content": {"parts": [{"text": json.dumps(INNER)}]}, "finishReason": "STOP"}]}
TRANSKRIBUS = {"processId": 42, "status": "FINISHED", "content": {"text": "Dear Sir", "regions": [{
    "id": "r", "lines": [{"id": "l", "coords": {"points": "10,20 110,20 110,50 10,50"}, "text": "Dear Sir"}],
}]}}  # fmt: skip
ANSWERS = {
    "azure": AZURE, "azure operation": {"status": "succeeded", "analyzeResult": AZURE}, "mistral": MISTRAL,
    "vision": VISION, "vision, one": VISION["responses"][0], "vision, words": {"textAnnotations": [
        {"description": "Dear Sir"}, {"description": "Dear", "boundingPoly": {"vertices": [{}, {"x": 4}, {"y": 4}]}}]},
    "vision, files": {"responses": [VISION]}, "chat": CHAT,
    "chat, batch": {"response": {"status_code": 200, "body": CHAT}},
    "response": RESPONSE, "message": MESSAGE, "message, batch": {"result": {"type": "succeeded", "message": MESSAGE}},
    "gemini": GEMINI, "gemini, boxes": GEMINI_BOXES, "inner": INNER, "gemini, list": [GEMINI],
    "transkribus": TRANSKRIBUS,
    "transkribus, text": {"processId": 42, "status": "FINISHED", "content": {"text": "Dear Sir"}},
    "script": {"text": "Dear Sir", "model": "mine"},
}  # fmt: skip


def gemini_piece(text, **more):
    return {"candidates": [{"content": {"role": "model", "parts": [{"text": text}], "brandNew": 1}, **more}]}


ANSWERS |= {
    "gemini, streamed": [gemini_piece("Dear "), gemini_piece("Sir", finishReason="STOP")],
    "gemini, newer than its package": {**GEMINI, "modelStatus": {"stage": "new"}, "candidates": [
        {**GEMINI["candidates"][0], "novelty": 1}]},
    "vision, pages alone": {"fullTextAnnotation": {"pages": [{"blocks": [{"paragraphs": [{"words": [
        {"symbols": [*symbols("Dea"), {"text": "r", "property": {"detectedBreak": {"type": "SPACE"}}}]},
        {"symbols": symbols("Sir")}]}]}]}]}},
    "vision, no error": {"responses": [{**VISION["responses"][0], "error": None}]},
    "textract, words alone": {"Blocks": [{"BlockType": "WORD", "Text": text} for text in ("Dear", "Sir")]},
}  # fmt: skip

READ_WORDS = [{"text": "Dear", "boundingBox": BOX, "confidence": 0.9}, {"text": "Sir", "boundingBox": BOX}]
READ_LINE = {
    "text": "Dear Sir", "boundingBox": BOX, "words": READ_WORDS,
    "appearance": {"style": {"name": "handwriting", "confidence": 0.96}},
}  # fmt: skip
READ_PAGE = {"page": 1, "angle": 0.1, "width": 400, "height": 200, "unit": "pixel", "lines": [READ_LINE]}
READ_3 = {
    "status": "succeeded", "createdDateTime": "2026-11-28T10:00:00Z",
    "analyzeResult": {"version": "3.2.0", "modelVersion": "2022-04-30", "readResults": [READ_PAGE]},
}  # fmt: skip
POINTS = [{"x": x, "y": y} for x, y in CORNERS]
READ_INCHES = {**READ_PAGE, "unit": "inch", "width": 4, "height": 2, "lines": [
    {**READ_LINE, "boundingBox": [side / 100 for side in BOX], "words": [
        {**one, "boundingBox": [side / 100 for side in BOX]} for one in READ_WORDS]}]}  # fmt: skip
SNAKE_LINE = {"text": "Dear Sir", "bounding_box": BOX, "appearance": {"style": {"name": "handwriting"}}, "words": [
    {"text": "Dear", "bounding_box": BOX, "confidence": 0.9}]}  # fmt: skip
BLOCK_LINE = {"text": "Dear Sir", "boundingPolygon": POINTS, "words": [
    {"text": "Dear", "boundingPolygon": POINTS, "confidence": 0.9}]}  # fmt: skip
OLD_WORDS = [{"text": text, "boundingBox": "10,20,100,30"} for text in ("Dear", "Sir")]
AZURE_VISION = {
    "read 3.2": READ_3,
    "read 3.2, its result alone": READ_3["analyzeResult"],
    "read 3.2, inches": {"analyzeResult": {"version": "3.2.0", "readResults": [READ_INCHES]}},
    "read 3.1, a style in words": {"analyzeResult": {"version": "3.1.0", "readResults": [
        {**READ_PAGE, "lines": [{**READ_LINE, "appearance": {"style": "handwriting", "styleConfidence": 0.9}}]}]}},
    "read 3, of its python client": {"status": "succeeded", "analyze_result": {"version": "3.2", "read_results": [
        {"page": 1, "width": 400, "height": 200, "unit": "pixel", "lines": [SNAKE_LINE]}]}},
    "read 2": {"status": "Succeeded", "recognitionResults": [
        {"page": 1, "clockwiseOrientation": 359, "width": 400, "height": 200, "unit": "pixel", "lines": [
            {**READ_LINE, "words": [{**READ_WORDS[0], "confidence": "Low"}]}]}]},
    "before read": {"status": "Succeeded", "recognitionResult": {"lines": [{**READ_LINE, "words": READ_WORDS}]}},
    "image analysis 4": {"modelVersion": "2023-10-01", "metadata": {"width": 400, "height": 200},
                         "readResult": {"blocks": [{"lines": [BLOCK_LINE]}]}},
    "image analysis 4, preview": {"metadata": {"width": 400, "height": 200}, "readResult": {
        "content": "Dear Sir", "pages": [{"width": 400, "height": 200, "pageNumber": 1, "words": [
            {"content": "Dear", "boundingBox": BOX, "confidence": 0.9}],
            "lines": [{"content": "Dear Sir", "boundingBox": BOX}]}]}},
    "the oldest": {"language": "en", "textAngle": 0.0, "orientation": "Up", "regions": [
        {"boundingBox": "0,0,9,9", "lines": [{"boundingBox": "10,20,100,30", "words": OLD_WORDS}]}]},
}  # fmt: skip
ANSWERS |= {f"azure, {name}": answer for name, answer in AZURE_VISION.items()}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@pytest.mark.parametrize("name", ["page.json", "page.txt", "page"])
def test_answers_are_told_by_their_content(answer, name):
    assert read(answer, name).reading.text == "Dear Sir"


def test_who_names_no_model_reports_none():
    assert read(AZURE).reading.model_reported == "prebuilt-read 2024-11-30"
    bare = {name: part for name, part in AZURE.items() if name not in {"apiVersion", "modelId"}}
    assert not read(bare).reading.model_reported
    assert read({**bare, "modelId": "prebuilt-read"}).reading.model_reported == "prebuilt-read"


def test_azure_in_inches_and_pixels():
    inches = {**AZURE, "pages": [{**AZURE_PAGE, "unit": "inch", "width": 4, "height": 2, "words": [
        {**word(), "polygon": [side / 100 for side in BOX]}], "lines": []}]}  # fmt: skip
    for answer in (AZURE, inches):
        words = [region for region in read(answer).on_page(800, 400).regions if region.level == "word"]
        assert [(found.text, found.confidence, found.handwritten) for found in words] == [("Dear", 0.9, True)]
        assert [round(side) for corner in words[0].polygon for side in corner] == [20, 40, 220, 40, 220, 100, 20, 100]


@pytest.mark.parametrize("name", AZURE_VISION)
def test_azure_s_other_readers_bring_lines_words_confidences_and_handwriting(name):
    found = read(AZURE_VISION[name])
    line, first, *_ = found.on_page(*((800, 400) if found.width else (400, 200))).regions
    scale = 2 if found.width else 1
    assert [(one.level, one.text) for one in (line, first)] == [("line", "Dear Sir"), ("word", "Dear")]
    corners = tuple((x * scale, y * scale) for x, y in CORNERS)
    assert [tuple((round(x), round(y)) for x, y in one.polygon) for one in (line, first)] == [corners] * 2
    assert first.confidence == (None if name in {"read 2", "the oldest"} else 0.9)
    assert line.handwritten == (True if "handwriting" in json.dumps(AZURE_VISION[name]) else None)


def test_azure_s_print_blank_and_several_pages():
    printed = {**READ_PAGE, "lines": [{**READ_LINE, "appearance": {"style": {"name": "other"}}}]}
    assert read({"analyzeResult": {"readResults": [printed]}}).reading.regions[0].handwritten is False
    for blank in ({"readResults": [{**READ_PAGE, "lines": []}]}, {"readResult": {"blocks": []}, "metadata": {}},
                  {"language": "unk", "orientation": "NotDetected", "regions": []}):  # fmt: skip
        assert read(blank).reading.text == ""
    two = read({"analyzeResult": {"readResults": [READ_PAGE, {**READ_PAGE, "page": 2}]}})
    assert (two.reading.text, two.pages, two.reading.regions) == ("Dear Sir\nDear Sir", 2, ())
    japanese = {"language": "ja", "orientation": "Up", "regions": [{"lines": [{"words": [
        {"text": "手", "boundingBox": "0,0,9,9"}, {"text": "紙", "boundingBox": "9,0,9,9"}]}]}]}  # fmt: skip
    assert read(japanese).reading.text == "手紙"


@pytest.mark.parametrize("box", [[1, 2, 3], "1,2", [{"x": "left"}], 7, [None] * 8])
def test_a_box_of_azure_that_is_none_loses_no_text(box):
    page = {**READ_PAGE, "lines": [{**READ_LINE, "boundingBox": box}]}
    assert read({"analyzeResult": {"readResults": [page]}}).reading.text == "Dear Sir"


@pytest.mark.parametrize("lines", [[{"text": 7}], [{"text": ["Dear"]}], "Dear", [7], [{"words": [{"text": None}]}, 3]])
def test_azure_s_lines_of_another_shape_are_no_text(lines):
    with pytest.raises(UnreadableFormat, match="not whole"):
        read({"analyzeResult": {"readResults": [{**READ_PAGE, "lines": lines}]}})


def test_textract():
    found = read(TEXTRACT)
    assert found.reading.text == "Dear Sir\nwell"
    assert (found.reading.model_reported, found.reading.usage.pages) == ("1.0", 1)
    line, first, _ = found.on_page(400, 200).regions
    assert line == Region("line", "Dear Sir", ((100, 100), (200, 100), (200, 150), (100, 150)), 0.915, None)
    assert first == Region("word", "Dear", ((0, 0), (200, 0), (200, 50)), 0.915, True)


def test_textract_in_several_parts():
    more = {"Blocks": [{"BlockType": "LINE", "Text": "next", "Page": 2, "Geometry": GEOMETRY}]}
    found = read([{**TEXTRACT, "NextToken": "x"}, more])
    assert (found.reading.text, found.pages, found.reading.regions) == ("Dear Sir\nwell\nnext", 2, ())
    assert not found.reading.truncated
    assert read({**TEXTRACT, "NextToken": "x"}).reading.truncated


def test_vision_words_and_paragraphs():
    paragraph, first = read(VISION).on_page(400, 200).regions
    assert (paragraph.level, paragraph.polygon, paragraph.confidence) == ("paragraph", CORNERS, 0.8)
    assert first == Region("word", "Dear", ((0, 0), (40, 0), (40, 9), (0, 9)), 0.7)
    snake = {"full_text_annotation": {"text": "Dear Sir", "pages": [
        {"width": 400, "height": 200, "blocks": [{"paragraphs": [{"words": [{
            "symbols": symbols("Dear"),
            "bounding_box": {"normalized_vertices": [{"x": 0.5}, {"x": 1}, {"x": 1, "y": 1}]}}]}]}]}]}}  # fmt: skip
    assert read(snake).reading.regions == (Region("word", "Dear", ((200, 0), (400, 0), (400, 200))),)


def test_vision_of_several_pages():
    found = read({"responses": VISION["responses"] * 2})
    assert (found.reading.text, found.pages, found.reading.regions) == ("Dear Sir\nDear Sir", 2, ())


@pytest.mark.parametrize("wrapped", [False, True])
def test_document_ai(wrapped):
    found = read({"document": DOCUMENT_AI} if wrapped else DOCUMENT_AI)
    assert found.reading.text == "Dear Sir\nwell\n"
    line, token = found.reading.regions
    assert (line.level, line.text, line.polygon, line.confidence) == (
        "line",
        "well",
        ((100, 100), (200, 100), (200, 200)),
        0.9,
    )
    assert (token.text, token.handwritten) == ("Dear", True)


def test_boxes_of_gemini_mistral_and_transkribus():
    for answer in (GEMINI_BOXES, INNER, MISTRAL, TRANSKRIBUS):
        (region,) = read(answer).on_page(400, 200).regions
        assert region.polygon == CORNERS


def test_usage_and_ends_are_kept():
    message = read({**MESSAGE, "stop_reason": "max_tokens"}).reading
    assert (message.truncated, message.model_reported, message.usage.input_tokens) == (True, "claude-opus-5-5", 10)
    refusal = {"choices": [{"finish_reason": "stop", "message": {"content": None, "refusal": "I cannot"}}]}
    assert read(refusal).reading.refused
    assert read({"promptFeedback": {"blockReason": "SAFETY"}}).reading.refused


@pytest.mark.parametrize(
    "text",
    [
        "Dear Sir,\n\nI am well.\n",
        "# Heading\n\n| a | b |",
        "[illegible] Sir",
        "[[struck]] out",
        "[1]",
        "{sic}",
        "<p>Dear</p>",
        "<mets/>",
        '"Dear Sir"',
        "",
        "12",
        "null",
        "[*note*] and {more",
        "Übermut\u2028täte",
    ],
)
def test_texts_are_kept_as_they_are(text):
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        found = read_foreign("page.txt", text.encode(encoding))
        assert (found.reading.text, found.format) == (text, "text")


LINE = "<TextLine><TextEquiv><Unicode>Dear</Unicode></TextEquiv></TextLine>"
PAGE = f'<PcGts xmlns="x"><Page imageWidth="400"><TextRegion>{LINE}</TextRegion></Page></PcGts>'
STRING = "<a:TextLine><a:String CONTENT='Dear'/></a:TextLine>"
ALTO = f"<a:alto xmlns:a='y'><a:Layout><a:Page>{STRING}</a:Page></a:Layout></a:alto>"
HOCR = "<!DOCTYPE html>\n<html><body><div class='ocr_page'><span class='ocr_line'>Dear</span></div></body></html>"


@pytest.mark.parametrize(("xml", "name"), [(PAGE, "PAGE XML"), (ALTO, "ALTO"), (HOCR, "hOCR")])
@pytest.mark.parametrize("head", ["", '<?xml version="1.0"?>\n'])
def test_layout_files_whatever_they_are_called(xml, name, head):
    found = read_foreign("page.txt", (head + xml).encode("utf-8-sig" if not head else "utf-8"))
    assert (found.reading.text, found.format) == ("Dear", name)


def test_layout_files_in_other_encodings():
    for encoding in ("utf-16", "iso-8859-1"):
        xml = f'<?xml version="1.0" encoding="{encoding}"?>' + PAGE.replace("Dear", "Müller")
        assert read_foreign("p.xml", xml.encode(encoding)).reading.text == "Müller"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n", "is an image"),
        (b"%PDF-1.7", "is a PDF"),
        (b"PK\x03\x04", "is a zip"),
        (b"\0\1\2", "no text"),
        (b"caf\xe9", "UTF-8"),
        (b'{"choices": [{"mess', "cut off"),
        (b'[{"Blocks": [', "cut off"),
        (b'<?xml version="1.0"?><mets/>', "root of <mets>"),
        (b"<PcGts><Page>", "not well-formed"),
        (b'{"foo": 1, "bar": 2}', "'foo', 'bar'"),
        (b'{"error": {"message": "no\\nquota"}}', "error and no reading: no quota"),
        (b'{"responses": [{"error": {"message": "bad image"}}]}', "bad image"),
        (b'{"a":' * 5000, "cut off"),
        (b'{"JobStatus": "IN_PROGRESS", "Blocks": []}', "in_progress"),
        (b'{"processId": 1, "status": "WAITING"}', "waiting"),
        (b'{"choices": [{"message": null}]}', "not whole"),
        (b'{"pages": [{"markdown": 3}]}', "not whole"),
        (b'{"status": "failed", "output": [{"type": "message", "content": []}], "error": null}', "without a reading"),
        (b'{"object": "response", "status": "failed", "output": [], "error": {"code": "image_odd"}}', "image_odd"),
        (b'{"error": {"code": 429}}', "429"),
        (b'{"result": {"type": "errored", "error": {"type": "error", "error": {"message": "big"}}}}', "reading: big"),
        (b'{"result": {"type": "expired"}}', "'expired'"),
        (b'{"status": "running"}', "'running'"),
        (b'{"JobStatus": "IN_PROGRESS"}', "'IN_PROGRESS'"),
        (b'[{"type": "message", "content": [{"type": "output_text", "text": "Dear"}]}]', "not known"),
        (b'{"responses": [{"labelAnnotations": [{"description": "Paper"}]}]}', "without a text, only labelAnnotations"),
        (b"{\\rtf1\\ansi Dear}", "RTF"),
        (b"\xd0\xcf\x11\xe0\xa1", "Word"),
    ],
)
def test_what_cannot_be_read_says_why(content, said):
    with pytest.raises(UnreadableFormat) as refused:
        read_foreign("page", content)
    assert said in str(refused.value)


@pytest.mark.parametrize("content", [b"null", b"7", b'"Dear"', b"[]", b"{}", b"Dear"])
def test_a_json_file_without_an_answer_is_no_text(content):
    with pytest.raises(UnreadableFormat):
        read_foreign("page.json", content)


def test_pages_on_which_vision_saw_nothing_are_empty_texts():
    for answer in ({"responses": [{}]}, {"responses": [{"context": {"pageNumber": 1}}]}, {"textAnnotations": []}):
        assert read(answer).reading.text == ""


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY b "boom">]><PcGts><Page/></PcGts>',
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><alto>&b;</alto>',
        b"<alto>" + b"<Page>" * 100_000,
        b"[" * 100_000 + b"{",
        b'{"x": "' + b"a" * 21_000_000,
        b'{"text": "a", "words": [' + b",".join([b'{"text":"a","box_2d":[1e999,0,NaN,5]}'] * 1000) + b"]}",
        b"<html class='ocr_page'>" + b"&" * 1_000_000 + b"<meta" * 100_000,
        b"<div class='ocr_page' title='bbox" + b" 1" * 500_000 + b"'>",
        b"1" * 100_000,
    ],
    ids=["entity", "file", "deep xml", "deep json", "large", "numbers", "half html", "long title", "digits"],
)  # fmt: skip
def test_hostile_files_end_soon(content):
    try:
        found = read_foreign("page", content)
    except UnreadableFormat:
        return
    assert found.reading.regions == ()
