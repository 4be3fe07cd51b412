"""The inputs on which the product once failed, where they are at hand; each kind has tests of its own elsewhere."""

import importlib.util
import json
from http.server import ThreadingHTTPServer
from io import BytesIO
from threading import Thread

import pytest
from PIL import Image

from engines.catalogue import spec_by_id, with_overrides
from engines.contract import ReadingTask
from engines.errors import BadAnswer, EngineError, RateLimited
from engines.registry import build_engine
from evaluation.datasets.contract import Item, Unreadable
from evaluation.datasets.opening import open_dataset
from evaluation.work.item_reading import PageLoader
from metrics.answer import parse_answer
from metrics.comparing_texts import compare_texts
from metrics.critical_tokens import judge_tokens
from metrics.normalising import DEFAULT_RULES, Rules
from playground.uploads import accept
from tests.places import SHARED

FAULTS = SHARED / "faults"
pytestmark = pytest.mark.skipif(not FAULTS.is_dir(), reason="the shared faults are not here")

BILL = ["Milk two pints", "Bread one loaf", "Eggs a dozen", "Paid on Friday"]
PARISH = ["The parish exam-", "ination was held", "on a Monday"]
LETTER = ["Dear Sir", "I am well", "Yours truly"]


def references(folder, level="page"):
    return [item.reference for item in open_dataset(FAULTS / folder, level=level).items() if isinstance(item, Item)]


@pytest.mark.parametrize(
    "folder",
    [
        "01-page-table-lines-lost",
        "02-page-reading-order-nested",
        "04-page-text-at-region-or-word-lost/first-textequiv-empty",
        "04-page-text-at-region-or-word-lost/region",
        "04-page-text-at-region-or-word-lost/word",
        "05-image-named-in-xml-not-found/images-and-page-folders",
        "05-image-named-in-xml-not-found/ocrd-folders",
        "05-image-named-in-xml-not-found/percent-encoded",
        "05-image-named-in-xml-not-found/upper-case-suffix",
        "16-page-2010-points",
    ],
)
def test_page_xml(folder):
    assert references(folder) == ["\n".join(BILL)]


def test_lines_of_page_xml():
    assert references("16-page-2010-points", "line") == BILL
    dataset = open_dataset(FAULTS / "03-untranscribed-lines-counted", level="line")
    assert [item.reference for item in dataset.items() if isinstance(item, Item)] == BILL[:2]
    assert dataset.findings.lines.untranscribed == 2


@pytest.mark.parametrize("name", ["beside", "export", "page"])
def test_zips_of_macs(name):
    assert references(f"05-image-named-in-xml-not-found/mac-zip-nfd/{name}.zip") == ["Guten Tag"]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("10-csv/csv_identity", LETTER),
        ("10-csv/csv_label", LETTER),
        ("10-csv/csv_semicolon", LETTER),
        ("10-csv/csv_tab", LETTER),
        ("10-csv/unquoted-comma", []),
        ("11-jsonl-line-separator", ["Dear\u2028Sir", "I am\x85well", "Yours truly"]),
        ("12-metadata-per-split-folder", LETTER * 2),
        ("13-parquet-and-jsonl-not-text/classlabel", ["H", "K", "Q"]),
        ("13-parquet-and-jsonl-not-text/dict_text", ["Dear Sir"] * 3),
        ("13-parquet-and-jsonl-not-text/list_text", [None] * 3),
        ("13-parquet-and-jsonl-not-text/jsonl_list", []),
        ("14-alto/hyp_nosp", ["\n".join(PARISH)]),
        ("14-alto/hyp_oneword", ["exam-\nination"]),
        ("14-alto/alto_ro", ["\n".join(PARISH)]),
        ("14-alto/alto_twopages", ["\n".join(PARISH[:2])]),
        ("15-text-beside-image-not-found/ocropus", LETTER),
        ("15-text-beside-image-not-found/upper_txt", LETTER),
        ("15-text-beside-image-not-found/pdf_txt", ["\n".join(LETTER)]),
    ],
)
def test_tables_texts_and_alto(folder, expected):
    assert references(folder) == expected


def test_what_is_left_out_is_told():
    (row, *_) = (one for one in open_dataset(FAULTS / "10-csv/unquoted-comma").items() if isinstance(one, Unreadable))
    assert (row.id, "put texts that hold commas in quotes" in row.reason) == ("a.png", True)
    joined = open_dataset(FAULTS / "14-alto/alto_twopages").findings.remarks
    assert joined == ("p1.xml describes 2 pages of one image; their texts were joined.",)


def test_form_fields_are_drawn():
    dataset = open_dataset(FAULTS / "21-pdf-form-fields/field.pdf")
    page = PageLoader(dataset).load(next(dataset.items()).locator)
    drawn = Image.open(BytesIO(page.png)).convert("L").crop((270, 680, 800, 780))
    assert drawn.getextrema()[0] < 50


def test_a_fax_has_its_true_shape():
    page = accept((FAULTS / "22-fax-non-square/fax_standard.tif").read_bytes())
    assert (page.width, page.height) == (700, 292)


# --- Texts that are scored


def errors(reference, hypothesis, rules=DEFAULT_RULES):
    return compare_texts(reference, hypothesis, rules).cer.rate


def text_of(name):
    return (FAULTS / name).read_text(encoding="utf-8")


def test_html_keeps_words_apart_and_the_same_text_is_the_same():
    assert errors(text_of("07-html-output-glued/ref.txt"), text_of("07-html-output-glued/hyp.html")) == 0
    both = text_of("17-identical-texts-not-zero/both.txt")
    assert errors(both, both) == 0


def test_compatible_forms_keep_a_fraction_apart_from_its_number():
    rules = Rules(compatibility=True)
    reference = text_of("18-nfkc-fractions/ref.txt")
    assert errors(reference, text_of("18-nfkc-fractions/right.txt"), rules) == 0
    assert errors(reference, text_of("18-nfkc-fractions/wrong.txt"), rules) > 0


def test_marks_that_cannot_be_seen_are_no_errors():
    *pairs, last = map(json.loads, text_of("19-invisible-characters/pairs.jsonl").splitlines())
    assert [errors(pair["reference"], pair["hypothesis"]) for pair in pairs] == [0] * 4
    assert errors(last["reference"], last["hypothesis"], Rules(ignore_accents=True)) == 0


def test_signs_and_fractions_of_figures_are_critical():
    found = judge_tokens(text_of("20-critical-numbers/ref.txt"), text_of("20-critical-numbers/hyp.txt"))
    assert [verdict.fate for verdict in found] == ["wrong"] * 4


# --- Vendors' answers

LETTER_OF_VENDORS = "Dear Mother,\nI arrived on Monday\nand found all well."


@pytest.fixture(scope="module")
def asked():
    """What comes of reading the letter at one path of the vendor that is kept with the faults."""
    found = importlib.util.spec_from_file_location("fake", FAULTS / "06-vendor-content-list/fake.py")
    fake = importlib.util.module_from_spec(found)
    found.loader.exec_module(fake)
    server = ThreadingHTTPServer(("127.0.0.1", 0), fake.H)
    Thread(target=server.serve_forever, daemon=True).start()
    page = accept((FAULTS / "06-vendor-content-list/letter.png").read_bytes())

    def ask(case):
        url = f"http://127.0.0.1:{server.server_port}/{case}/v1"
        spec = with_overrides(spec_by_id("openai-compatible"), base_url=url)
        try:
            return build_engine(spec, "any").read(page, ReadingTask(timeout_seconds=20))
        except EngineError as error:
            return error

    yield ask
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "case",
    ["plain", "parts", "finish_null", "nousage", "closethink", "think", "special", "special2", "fence", "fencetext"],
)
def test_a_letter_that_is_there_is_read(case, asked):
    answer = parse_answer(asked(case).text)
    assert errors(LETTER_OF_VENDORS, answer.transcription) == 0


@pytest.mark.parametrize(
    ("case", "kind", "said"),
    [
        ("finish_error", BadAnswer, "broke off"),
        ("err200", RateLimited, "Provider returned error: rate limited upstream"),
        ("sse", BadAnswer, "stream of events"),
        ("html", BadAnswer, "web page"),
        ("nochoices", BadAnswer, "not what"),
    ],
)
def test_what_is_no_reading_says_why(case, kind, said, asked):
    error = asked(case)
    assert isinstance(error, kind)
    assert said in str(error)


@pytest.mark.parametrize("case", ["openthink", "reasoning_only", "loop"])
def test_what_was_cut_off_is_marked(case, asked):
    assert asked(case).truncated
