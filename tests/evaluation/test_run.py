"""The command line over the vendor's real SDK and a loopback vendor: results, bill, faults, and kill -9 anywhere."""

import signal
from ctypes import CDLL
from pathlib import Path

import pytest

from engines.catalogue import spec_by_id, with_overrides
from engines.pricing import Unknown
from engines.registry import LoadedEngines
from evaluation.__main__ import main
from evaluation.datasets.opening import open_dataset
from evaluation.findings.kept_scores import observations
from evaluation.findings.results import bill, progress
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import RunSettings, create_run, find_run, set_state, unreadable_of
from evaluation.work.planning import plan
from evaluation.work.worker import Sources, Worker
from playground.host.keys import Secret
from tests.evaluation.conftest import png
from tests.evaluation.one_line import one_line
from tests.evaluation.sent_calls import busiest_second, moments_sent
from tests.evaluation.vendor_process import USD_PER_CALL, slow_vendor, until_billed


@pytest.fixture
def ledger(tmp_path):
    return lambda: Ledger(f"sqlite:///{tmp_path / 'home' / 'evaluation.db'}")


def test_a_run_reads_scores_and_settles_every_item(lines, evaluate, ledger):
    (lines / "d.png").write_bytes(b"no image")
    with (lines / "manifest.csv").open("a") as manifest:
        manifest.write("\nd.png,fourth,bert,line")
    with slow_vendor() as vendor:
        status, said = evaluate(vendor, "run", lines, "--engines", "gpt-4o", "--budget", "1")
        assert vendor.stats["billed"] == 3
    assert status == 0, said
    assert "3 paid calls: $0.0165." in said
    assert "d.png: d.png is not a readable image" in said
    run = find_run(ledger(), "")
    seen = {one.item_id: one for one in observations(ledger(), run)}
    assert seen["a.png"].cer.errors == 0
    assert seen["b.png"].cer.errors == 6  # the vendor always answers "first line"
    assert (seen["a.png"].cluster, seen["a.png"].level, seen["a.png"].model) == ("anna", "line", "gpt-4o-2026")
    assert run.committed_usd == pytest.approx(3 * USD_PER_CALL)
    assert [item.id for item in unreadable_of(ledger(), run.id)] == ["d.png"]
    assert "sk-canary" not in said + Path(ledger().url.removeprefix("sqlite:///")).read_bytes().decode("latin-1")


def test_nothing_is_spent_unasked(lines, evaluate):
    with slow_vendor() as vendor:
        status, said = evaluate(vendor, "run", lines, "--engines", "gpt-4o")
        assert vendor.stats["billed"] == 0
    assert status == 3
    assert "Say --budget USD or --yes" in said


def test_a_spent_budget_stops_the_engine_and_a_higher_one_goes_on(tmp_path, evaluate, ledger):
    manifest = one_line(tmp_path, 12)
    with slow_vendor() as vendor:
        status, said = evaluate(
            vendor, "run", manifest, "--engines", "gpt-4o", "--budget", "0.12", "--parallel", "OpenAI=1"
        )
        billed = vendor.stats["billed"]
        assert status == 1
        assert "was stopped: its next call might exceed the budget" in said
        assert 0 < billed < 12
        assert billed * USD_PER_CALL <= 0.12
        status, said = evaluate(vendor, "resume", "--budget", "2")
        assert vendor.stats["billed"] == 12
    assert status == 0, said
    assert find_run(ledger(), "").committed_usd == pytest.approx(12 * USD_PER_CALL)


def test_faults_and_a_rate_limit_are_ridden_out(tmp_path, evaluate, ledger):
    manifest = one_line(tmp_path, 30)
    with slow_vendor(faulty_share=0.2, per_second=15) as vendor:
        status, said = evaluate(vendor, "run", manifest, "--engines", "gpt-4o", "--yes")
        stats = vendor.stats
    assert status == 0, said
    assert stats["billed"] == 30
    assert stats["failed"] + stats["refused"] > 0
    found = bill(ledger(), find_run(ledger(), "").id)
    assert (found.answered_calls, found.unknown_calls, found.lost_calls) == (30, 0, 0)


def test_a_refused_key_is_a_failure_and_no_text(lines, evaluate, ledger, loopback):
    with loopback("401") as vendor:
        status, said = evaluate(vendor, "run", lines, "--engines", "gpt-4o", "--yes")
        assert vendor.billed == 0
    assert status == 0, said
    seen = observations(ledger(), find_run(ledger(), ""))
    assert {(one.status, one.failure, one.cer, one.cost) for one in seen} == {
        ("failed", "key-refused", None, Unknown())
    }
    assert find_run(ledger(), "").committed_usd == 0


def test_no_call_is_granted_before_the_sdk_is_there(tmp_path, ledger, loopback):
    """What is granted must be with its vendor at once, or a second gets too full; an import takes longer than that."""
    ledger, in_flight = ledger(), []
    manifest = one_line(tmp_path, 3)
    dataset = open_dataset(manifest)

    class Watched(LoadedEngines):
        def get(self, spec, key=None):
            in_flight.append(bill(ledger, run).in_flight_calls)
            return super().get(spec, key)

    with loopback("") as vendor:
        spec = with_overrides(spec_by_id("gpt-4o"), base_url=f"{vendor.url}/v1")
        run = create_run(ledger, plan(manifest, dataset, RunSettings((spec,))).contents)
        sources = Sources(dataset, Watched(), lambda spec: Secret("sk-canary"))
        Worker(ledger, find_run(ledger, run), sources).work()
        assert vendor.billed == 3
    assert in_flight[0] == 0


def test_killed_three_times_nothing_is_lost_and_only_calls_in_flight_are_paid_twice(tmp_path, evaluate, ledger):
    items = 60
    manifest = one_line(tmp_path, items)
    with slow_vendor(latency=0.1, faulty_share=0.05) as vendor:
        process = evaluate(vendor, "run", manifest, "--engines", "gpt-4o", "--yes", wait=False)
        for kill in range(1, 4):
            until_billed(vendor, 10 * kill)
            process.send_signal(signal.SIGKILL)
            process.communicate()
            process = evaluate(vendor, "resume", wait=False)
        out, err = process.communicate(timeout=250)
        billed = vendor.stats["billed"]
    assert process.returncode == 0, out + err
    run = find_run(ledger(), "")
    found = bill(ledger(), run.id)
    assert len(observations(ledger(), run)) == found.answered_calls == items
    assert 0 < found.lost_calls <= 3 * 8
    assert items <= billed <= items + found.lost_calls
    assert found.answered_usd == pytest.approx(items * USD_PER_CALL)
    assert f"{found.lost_calls} calls were in flight when a worker died" in out + err


def test_sigterm_finishes_what_is_in_flight_and_loses_nothing(tmp_path, evaluate, ledger):
    with slow_vendor(latency=0.3) as vendor:
        process = evaluate(vendor, "run", one_line(tmp_path, 500), "--engines", "gpt-4o", "--yes", wait=False)
        until_billed(vendor, 10)
        # The kernel may choose any thread, and the main one, which acts on it, sleeps on.
        tasks = [int(task.name) for task in Path(f"/proc/{process.pid}/task").iterdir()]
        other = max(task for task in tasks if task != process.pid)
        assert CDLL(None).tgkill(process.pid, other, signal.SIGTERM) == 0
        process.communicate(timeout=250)
        billed = vendor.stats["billed"]
    found = bill(ledger(), find_run(ledger(), "").id)
    assert (found.answered_calls, found.lost_calls, found.in_flight_calls) == (billed, 0, 0)
    assert process.returncode == 1


def test_a_cancelled_run_ends(tmp_path, evaluate, ledger):
    with slow_vendor(latency=0.1) as vendor:
        process = evaluate(vendor, "run", one_line(tmp_path, 500), "--engines", "gpt-4o", "--yes", wait=False)
        until_billed(vendor, 10)
        run = find_run(ledger(), "")
        set_state(ledger(), run.id, "cancelled")
        process.communicate(timeout=250)
    assert 0 < progress(ledger(), run.id)[0].left < 500


def test_two_workers_share_one_run_on_postgresql(tmp_path, evaluate, postgres_ledger):
    manifest = one_line(tmp_path, 60)
    options = ("--ledger", postgres_ledger, "--rate", "OpenAI=40")
    with slow_vendor(latency=0.05) as vendor:
        first = evaluate(vendor, "run", manifest, "--engines", "gpt-4o", "--yes", *options, wait=False)
        until_billed(vendor, 4)
        status, said = evaluate(vendor, "worker", *options)
        first.communicate(timeout=250)
        stats = vendor.stats
    assert (status, first.returncode) == (0, 0), said
    assert stats["billed"] == 60
    assert busiest_second(moments_sent(Ledger(postgres_ledger))) <= 40
    assert stats["peak"] <= 8


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "pages", "--budget", "nan"),
        ("run", "pages", "--budget=-1"),
        ("run", "pages", "--sample", "0"),
        ("run", "pages", "--repeats", "0"),
        ("run", "pages", "--poll", "0"),
        ("run", "pages", "--rate", "OpenAI=nan"),
        ("report", "RUN", "--pages-a-month", "0"),
        ("report", "RUN", "--usd-a-month", "inf"),
        ("report", "RUN", "--hourly-rate=-3"),
        ("watch", "RUN", "--budget", "nan"),
    ],
)
def test_odd_numbers_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as refused:
        main(arguments)
    assert refused.value.code == 2
    option = next(one for one in arguments if one.startswith("--")).partition("=")[0]
    assert f"argument {option}: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("run", "{folder}", "--engines", "gpt-77"), "There is no engine 'gpt-77' here."),
        (("run", "{folder}", "--engines", "gpt-5"), "GPT-5 needs an API key for OpenAI: export OPENAI_API_KEY=..."),
        (("run", "{folder}/\x1b[2Jgone\u202e"), "There is no "),
        (("run", "{folder}/\x1b]0;bad\x07.docx"), " is none of: folder, "),
        (("report", "\x1b[31mrun"), "There is no run "),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence_that_no_terminal_obeys(
    arguments, sentence, tmp_path, monkeypatch, capsys
):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("INKQUEST_DATA", str(tmp_path / "home"))
    (tmp_path / "\x1b]0;bad\x07.docx").write_bytes(b"PK")
    (tmp_path / "a.png").write_bytes(png())
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    assert main([*(one.format(folder=tmp_path) for one in arguments), "--ledger", url]) == 2
    said = capsys.readouterr().err
    assert sentence in said
    assert all(sign.isprintable() for sign in said.strip())
