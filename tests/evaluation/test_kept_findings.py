"""What a screen asks for again and again: a reading is scored once, and other needs score nothing."""

import pytest

from engines.catalogue import spec_by_id
from engines.contract import Reading
from evaluation.datasets.contract import Item, Locator
from evaluation.findings.conclusion import conclude
from evaluation.findings.recommending import Requirements
from evaluation.kept_findings import KeptFindings, findings_of
from evaluation.ledger.database import Ledger
from evaluation.ledger.liveness import register_worker
from evaluation.ledger.runs import RunContents, RunSettings, create_run, find_run
from evaluation.ledger.work_items import claim, finish
from playground.engine_runs import EngineRun

SPECS = (spec_by_id("gpt-5"), spec_by_id("tesseract"))


@pytest.fixture
def ledger(tmp_path):
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")


@pytest.fixture
def run(ledger):
    items = [Item(f"{n}.png", Locator(f"{n}.png"), "some words") for n in range(6)]
    return find_run(ledger, create_run(ledger, RunContents("/pages", RunSettings(SPECS), items)))


def read(ledger, run, most):
    worker = register_worker(ledger)
    for spec in SPECS:
        for item in claim(ledger, run.id, spec.id, worker, most):
            finish(ledger, item.key, EngineRun(spec.id, Reading("some werds"), 1.0), None)


def test_the_board_is_made_anew_when_readings_came_and_only_then(ledger, run):
    kept = KeptFindings(ledger, run)
    read(ledger, run, 2)
    board = kept.board()
    assert kept.board() is board
    assert [row.scored for row in board.rows] == [2, 2]
    read(ledger, run, 4)
    assert [row.scored for row in kept.board().rows] == [6, 6]


def test_kept_findings_are_those_of_a_fresh_look(ledger, run):
    kept = KeptFindings(ledger, run)
    for _ in range(3):
        read(ledger, run, 2)
        found = kept.findings()
    fresh = findings_of(ledger, run)
    assert (found.board, found.classes) == (fresh.board, fresh.classes)
    assert sorted(found.observations, key=repr) == sorted(fresh.observations, key=repr)


def test_other_needs_are_answered_from_what_is_kept(ledger, run):
    kept = KeptFindings(ledger, run)
    read(ledger, run, 2)
    found = kept.findings()
    read(ledger, run, 4)
    assert kept.latest().board is found.board
    assert kept.latest().classes is found.classes


def test_a_conclusion_is_for_the_needs_and_about_the_same_figures(ledger, run):
    read(ledger, run, 6)
    found = findings_of(ledger, run)
    anywhere, here = (conclude(found, SPECS, Requirements(must_stay_local=local)) for local in (False, True))
    assert anywhere.board is here.board is found.board
    assert [out.engine_id for out in here.advice.ruled_out] == ["gpt-5"]
    assert anywhere.advice.ruled_out == ()


def test_before_anything_was_asked_for_it_is_looked_up(ledger, run):
    read(ledger, run, 6)
    assert [row.scored for row in KeptFindings(ledger, run).latest().board.rows] == [6, 6]
