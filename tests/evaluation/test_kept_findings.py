"""What a screen asks for again and again: a reading is scored once, and other needs score nothing."""

import multiprocessing

import pytest

from engines.catalogue import spec_by_id
from engines.contract import Reading
from engines.pricing import Usd
from evaluation import kept_findings
from evaluation.datasets.contract import Item, Locator
from evaluation.findings.conclusion import conclude
from evaluation.findings.kept_scores import code_version, observations, score_chunk, scores
from evaluation.findings.recommending import Requirements
from evaluation.findings.results import observe, outcomes
from evaluation.kept_findings import MADE_OF_TEXTS, KeptFindings, Looked, findings_of
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import (
    RunContents,
    RunSettings,
    correct_reference,
    create_run,
    erase_run,
    find_run,
    pages_of,
)
from evaluation.ledger.work_items import claim, finish, register_worker
from playground.engine_runs import EngineRun, Failure
from playground.host.admission import Apart

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
    kept = KeptFindings(ledger, run, Apart())
    read(ledger, run, 2)
    board = kept.board()
    assert kept.board() is board
    assert [row.scored for row in board.rows] == [2, 2]
    read(ledger, run, 4)
    assert [row.scored for row in kept.board().rows] == [6, 6]


def test_kept_findings_are_those_of_a_fresh_look(ledger, run):
    kept = KeptFindings(ledger, run, Apart())
    for _ in range(3):
        read(ledger, run, 2)
        found = kept.findings()
    fresh = findings_of(ledger, run)
    assert (found.board, found.classes) == (fresh.board, fresh.classes)
    assert sorted(found.observations, key=repr) == sorted(fresh.observations, key=repr)


def test_other_needs_are_answered_from_what_is_kept(ledger, run):
    kept = KeptFindings(ledger, run, Apart())
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
    assert [row.scored for row in KeptFindings(ledger, run, Apart()).latest().board.rows] == [6, 6]


def kept_in(ledger, table):
    with ledger.transaction() as transaction:
        return transaction.rows(f"select * from {table}")


def test_a_kept_score_is_used_and_never_outlives_what_it_was_made_of(ledger, run):
    read(ledger, run, 6)
    right = observations(ledger, run)
    with ledger.transaction() as transaction:
        transaction.run("update score set seen = replace(seen, '[1,0,0,10]', '[7,0,0,10]')")
    assert {one.cer.errors for one in observations(ledger, run)} == {7}
    correct_reference(ledger, run.id, 2, "some werds")
    mended = observations(ledger, find_run(ledger, run.id))
    assert {one.cer.errors for one in mended if one.position == 2} == {0}
    assert {one.cer.errors for one in mended if one.position != 2} == {7}
    with ledger.transaction() as transaction:
        transaction.run("update score set key = 'of other code'")
        transaction.run("update work set finished_at = finished_at + 1 where position = 0")
    again = observations(ledger, find_run(ledger, run.id))
    assert sorted((one.engine_id, one.position, one.cer) for one in again if one.position != 2) == sorted(
        (one.engine_id, one.position, one.cer) for one in right if one.position != 2
    )


def test_of_a_chunk_that_is_kept_only_what_is_new_is_scored(ledger, run):
    read(ledger, run, 4)
    observations(ledger, run)
    with ledger.transaction() as transaction:
        transaction.run("update score set seen = replace(seen, '[1,0,0,10]', '[7,0,0,10]')")
    read(ledger, run, 2)
    assert sorted((one.position, one.cer.errors) for one in observations(ledger, run)) == [
        (position, 7 if position < 4 else 1) for position in range(6) for _ in SPECS
    ]


def test_an_open_screen_follows_a_reference_that_another_program_corrected(ledger, run):
    read(ledger, run, 6)
    kept = KeptFindings(ledger, run, Apart())
    assert {one.cer.errors for one in kept.observations()} == {1}
    correct_reference(ledger, run.id, 2, "some werds")
    correct_reference(ledger, run.id, 2, "some werd")
    correct_reference(ledger, run.id, 2, "some werds")
    assert {one.position for one in kept.observations() if not one.cer.errors} == {2}


def test_a_reading_is_kept_whatever_is_known_of_it(ledger):
    items = [
        Item("a.png", Locator("a.png"), "some words", "line", "ada", "writer", "fr", ("old", "new")),
        Item("b.png", Locator("b.png"), None),
    ]
    run = find_run(ledger, create_run(ledger, RunContents("/pages", RunSettings(SPECS), items)))
    worker = register_worker(ledger)
    first, second = claim(ledger, run.id, "gpt-5", worker, 2)
    finish(ledger, first.key, EngineRun("gpt-5", Reading("some werds"), 1.5, cost=Usd(0.1 + 0.2, measured=True)), None)
    finish(ledger, second.key, EngineRun("gpt-5", Reading("", model_reported="gpt-5-x"), None, maybe_billed=True), None)
    local, _ = claim(ledger, run.id, "tesseract", worker, 2)
    finish(ledger, local.key, EngineRun("tesseract", Failure("timed-out", "Too slow."), 60.0), None)
    made = observations(ledger, run)
    assert len(made) == 3
    assert observations(ledger, run) == made == list(observe(run, outcomes(ledger, run)))


def test_what_is_made_of_texts_follows_a_corrected_reference(ledger, run):
    read(ledger, run, 6)
    assert findings_of(ledger, run) == findings_of(ledger, run)
    for position in range(6):
        correct_reference(ledger, run.id, position, "some werds")
    found = findings_of(ledger, find_run(ledger, run.id))
    assert [one.as_read.errors for one in found.close] == [0] * 12
    assert all(count == 0 for one in found.classes for _, count in one.counts)


@pytest.fixture
def two_processes(monkeypatch):
    monkeypatch.setattr(kept_findings.os, "cpu_count", lambda: 2)
    monkeypatch.setattr(kept_findings, "MANY_LETTERS", 1)


def forget(ledger):
    with ledger.transaction() as transaction:
        transaction.run("delete from score")
        transaction.run("delete from finding")


def test_two_processes_find_what_one_finds_where_there_is_much_to_read(ledger, run, two_processes, monkeypatch):
    read(ledger, run, 6)
    steps = []
    from_two = findings_of(ledger, run, lambda done, of: steps.append((done, of)))
    assert steps == [(done, 1 + len(MADE_OF_TEXTS)) for done in range(1, 2 + len(MADE_OF_TEXTS))]
    scores, made = kept_in(ledger, "score"), kept_in(ledger, "finding")
    assert ([row.readings for row in scores], len(made)) == ([12], len(MADE_OF_TEXTS))
    assert findings_of(ledger, run, lambda done, of: pytest.fail("nothing is new")) == from_two
    assert (kept_in(ledger, "score"), kept_in(ledger, "finding")) == (scores, made)
    forget(ledger)
    monkeypatch.undo()
    assert findings_of(ledger, run, lambda done, of: pytest.fail("too little for two")) == from_two


def test_what_processes_leave_that_are_killed_is_made_here(ledger, run, two_processes):
    read(ledger, run, 6)
    killed = findings_of(ledger, run, lambda done, of: [one.kill() for one in multiprocessing.active_children()])
    forget(ledger)
    assert findings_of(ledger, run) == killed


def test_postgresql_keeps_and_finds_the_same(ledger, run, postgres_ledger):
    other = Ledger(postgres_ledger)
    items = [page.item for page in pages_of(ledger, run.id)]
    there = find_run(other, create_run(other, RunContents("/pages", run.settings, items)))
    read(ledger, run, 6)
    read(other, there, 6)
    here, found = findings_of(ledger, run), findings_of(other, there)
    assert findings_of(other, there) == found
    assert (found.board, found.classes, found.checks) == (here.board, here.classes, here.checks)


def test_nothing_of_an_erased_run_is_kept(ledger, run):
    read(ledger, run, 6)
    findings_of(ledger, run)
    erase_run(ledger, run.id)
    assert (kept_in(ledger, "score"), kept_in(ledger, "finding")) == ([], [])


def test_nothing_is_kept_of_a_run_that_is_erased_while_it_is_looked_at(ledger, run):
    read(ledger, run, 6)
    looking = Looked(ledger, run, scores(ledger, run))
    erase_run(ledger, run.id)
    assert looking.part("classes") == []
    score_chunk(ledger, run, 0)
    assert (kept_in(ledger, "score"), kept_in(ledger, "finding")) == ([], [])


def test_another_line_of_code_is_another_version(tmp_path):
    for name, line in (("one", "x = 1"), ("same", "x = 1"), ("other", "x = 2")):
        (tmp_path / name / "metrics").mkdir(parents=True)
        (tmp_path / name / "metrics" / "rule.py").write_text(line)
    assert code_version(tmp_path / "one") == code_version(tmp_path / "same") != code_version(tmp_path / "other")
