"""What a screen does: plan, start, look, pause, go on, open a page; with a real engine on real pixels."""

import os

import pytest

from engines.contract import Reading
from engines.errors import EngineUnavailable
from engines.pricing import Free
from evaluation.evaluations import Evaluations, Request
from evaluation.findings.recommending import Requirements
from playground.host.admission import Apart
from playground.offer import Offer
from playground.settings import Settings
from tests.waiting import until
from translations import language, spoken_in

ENGINE = "ppocr-v6-tiny"


@pytest.fixture
def evaluations(tmp_path):
    offer = Offer.from_settings(Settings.from_env({"INKQUEST_DATA": str(tmp_path)}), os.environ)
    if offer.missing(offer.spec(ENGINE)):
        pytest.skip(f"{ENGINE} is not installed")
    evaluations = Evaluations(f"sqlite:///{tmp_path / 'ledger.db'}", offer, Apart())
    yield evaluations
    evaluations.close()


def wait_for(evaluations, run, condition):
    return until(lambda: seen if condition(seen := evaluations.look(run)) else None)


def test_a_run_from_the_plan_to_the_memo(evaluations, lines):
    planned = evaluations.prepare(lines, Request((ENGINE,)))
    assert (len(planned.contents.items), planned.referenced, planned.cost) == (3, 3, Free())
    run = evaluations.start(planned)
    seen = wait_for(evaluations, run, lambda seen: seen.finished)
    assert (seen.progress[0].done, seen.state, seen.board.rows[0].scored) == (3, "running", 3)
    assert seen.board.rows[0].cer.reference_length == len("first linesecond linethird line")
    opened = evaluations.open_page(run, 1)
    assert (opened.item_id, opened.reference, opened.runs[0].engine_id) == ("b.png", "second line", ENGINE)
    assert isinstance(opened.runs[0].outcome, Reading)
    assert evaluations.memo(run, Requirements()).pages == 3
    again = evaluations.prepare(lines, Request((ENGINE,)))
    assert again.estimates[0].seconds_measured


class OutOfOrder:
    """Engines that say in which language they were asked."""

    def get(self, spec, key=None):
        raise EngineUnavailable(f"asked in {language()}")


def test_what_goes_wrong_is_written_down_in_the_language_of_whoever_began(evaluations, lines):
    with spoken_in("de"):
        run = evaluations.start(evaluations.prepare(lines, Request((ENGINE,))), engines=OutOfOrder())
    wait_for(evaluations, run, lambda seen: seen.finished)
    assert [one.outcome.message for one in evaluations.open_page(run, 0).runs] == ["asked in de"]


def test_a_paused_run_waits_and_goes_on(evaluations, lines):
    run = evaluations.start(evaluations.prepare(lines, Request((ENGINE,), repeats=10)))
    wait_for(evaluations, run, lambda seen: seen.progress[0].done > 0)
    evaluations.pause(run)
    rests = wait_for(evaluations, run, lambda seen: seen.state == "paused" and seen.progress[0].in_flight == 0)
    done = rests.progress[0].done
    evaluations.resume(run)
    seen = wait_for(evaluations, run, lambda seen: seen.finished)
    assert done <= seen.progress[0].done == 30
    assert len(evaluations.findings(run).observations) == 30


def test_a_cancelled_run_stays_as_it_is(evaluations, lines):
    run = evaluations.start(evaluations.prepare(lines, Request((ENGINE,), repeats=50)))
    evaluations.cancel(run)
    seen = wait_for(evaluations, run, lambda seen: not seen.running)
    assert (seen.state, seen.running) == ("cancelled", False)
    assert seen.progress[0].left > 0
