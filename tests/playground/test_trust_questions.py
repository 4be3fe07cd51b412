"""The questions' price comes first, and their answers follow from the readings."""

import pytest

from engines.catalogue import spec_by_id
from engines.contract import Reading, ReadingTask
from engines.pricing import Free, estimated
from metrics.normalising import DEFAULT_RULES
from playground.comparing import billing_day
from playground.engine_runs import EngineRun, Failure
from playground.probes import REPEATS, canaries_for, judge, repeats_of
from playground.trust import Asked, DoesItEndure, DoesItInvent, IsItTheSame, Mark, endurance, price, trust_figure
from playground.uploads import accept
from samples import load_samples

SAMPLES = {sample.id: sample for sample in load_samples()}


@pytest.fixture(scope="module")
def page():
    image = SAMPLES["line"].image
    return accept(image.read_bytes(), image.name)


def test_local_engines_are_free_and_cloud_engines_cost_every_page(page):
    local, cloud = spec_by_id("tesseract"), spec_by_id("gpt-5")
    pages = [probe.page for probe in repeats_of(page)]
    assert len(pages) == REPEATS
    assert price([local], pages, ReadingTask()) == Free()
    assert price([local, cloud], pages, ReadingTask()).usd == pytest.approx(
        REPEATS * estimated(cloud, page, ReadingTask(), billing_day()).usd
    )


def test_what_the_page_gives_no_trap_for_comes_from_the_samples(page):
    blank, masked, altered = canaries_for(page, {})
    assert (masked.own, altered.own) == (False, False)
    assert judge(masked, "a single man in possession of a good fortune").verdict == "filled in"
    assert judge(masked, SAMPLES["masked"].reference).verdict == "honest"
    assert judge(altered, SAMPLES["altered"].reference).verdict == "honest"
    assert judge(blank, "").verdict == "honest"


def test_endurance_is_the_cer_or_without_a_reference_the_change():
    runs = [
        ("blurred", EngineRun("a", Reading("the bam"), 1.0)),
        ("half size", EngineRun("a", Failure("timed-out", "No."), 1.0)),
    ]
    against = endurance({"a": "the barn"}, runs, "the barns")
    assert [(point.condition, point.rate) for point in against["a"]] == [
        ("as it is", pytest.approx(1 / 9)), ("blurred", pytest.approx(3 / 9)), ("half size", None),
    ]  # fmt: skip
    alone = endurance({"a": "the barn"}, runs, " ")
    assert [point.rate for point in alone["a"]] == [0, pytest.approx(2 / 8), None]


READ, CHANGED = "Dear Margaret, thank you", "Dear Margaret, think you not at all"


@pytest.mark.parametrize(
    ("question", "again", "mark"),
    [
        (IsItTheSame, READ, Mark(True, "varies")),
        (IsItTheSame, CHANGED, Mark(False, "varies")),
        (DoesItEndure, READ, Mark(True, "fragile")),
        (DoesItEndure, CHANGED, Mark(False, "fragile")),
        (DoesItInvent, "", Mark(True, "invents")),
        (DoesItInvent, "a single man in possession of a good fortune", Mark(False, "invents")),
    ],
)
@pytest.mark.parametrize("reference", ["", READ])
def test_every_question_marks_who_read_and_nobody_else(page, question, again, mark, reference):
    texts = {"ann": Reading(READ), "ben": Reading(READ)}
    inquiry = question(Asked(page, texts, reference, DEFAULT_RULES))
    for _ in inquiry.run(lambda _: (EngineRun("ann", Reading(again), 1.0), EngineRun("ben", Failure("x", "y"), 1.0))):
        pass
    assert inquiry.marks() == {"ann": mark}


def test_who_reads_too_badly_is_not_said_to_have_passed():
    passed, varies = Mark(True, "varies"), Mark(False, "varies")
    assert trust_figure([passed], 0.02).note == trust_figure([passed], None).note == "passed"
    hopeless = trust_figure([passed], 0.7)
    assert (hopeless.text, hopeless.note) == ("", "reads too badly to tell")
    assert trust_figure([passed, varies], 0.7).note == "varies", "a fault stays one"
