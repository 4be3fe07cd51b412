"""Reading a sealed set again alarms when an engine changed, names the words, and is silent otherwise."""

import numpy as np
import pytest

from engines.contract import Reading
from evaluation.__main__ import main
from evaluation.datasets.contract import Item, Locator
from evaluation.findings.changes import ChangedWord, changed_words, changes, silences
from evaluation.findings.observations import Observation
from evaluation.findings.results import Outcome
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import Page, run_ids
from evaluation.watching import Watched
from metrics.error_rate import ErrorRate
from metrics.normalising import DEFAULT_RULES
from playground.engine_runs import EngineRun
from tests.evaluation.one_line import one_line
from tests.vendor_answers import responses


@pytest.fixture
def watched(tmp_path, loopback, monkeypatch, capsys):
    """A finished run of twelve pages that GPT-4o reads without a mistake; then whatever its vendor answers."""
    manifest, url = one_line(tmp_path, 12), f"sqlite:///{tmp_path / 'ledger.db'}"
    with loopback("") as vendor:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
        monkeypatch.setenv("OPENAI_BASE_URL", f"{vendor.url}/v1")

        def command(*arguments, answer="first line"):
            vendor.answers["/responses"] = responses(answer)
            status = main([*arguments, "--ledger", url])
            said = capsys.readouterr()
            return status, said.out + said.err

        status, said = command("run", str(manifest), "--engines", "gpt-4o", "--yes")
        assert status == 0, said
        ledger = Ledger(url)
        [run] = run_ids(ledger)
        yield lambda *arguments, **answer: command("watch", run, *arguments, **answer), ledger, vendor


def test_it_alarms_on_a_change_alone_and_names_the_words(watched, tmp_path):
    again, ledger, vendor = watched
    status, said = again("--budget", "1")
    assert status == 0, said
    assert "No change that chance would not make" in said
    status, said = again("--budget", "1", answer="first lime")
    assert status == 1, said
    assert "right then, wrong now" in said
    assert "“line” read as “lime” on " in said
    assert len(run_ids(ledger)) == 3
    billed = vendor.billed
    status, said = again()
    assert (status, vendor.billed) == (3, billed), said
    status, said = again("--budget", "0.000001")
    assert (status, vendor.billed) == (2, billed), said
    assert "12 readings were not made" in said
    line = tmp_path / "line.png"
    line.write_bytes(line.read_bytes()[:-20] + b"\0" * 20)
    status, said = again("--budget", "1")
    assert (status, vendor.billed) == (2, billed), said
    assert "Traceback" not in said


def seen(errors, status="read"):
    return [
        Observation("a", n, f"p{n}", 0, status if n < 10 else "read", 1.0, f"p{n}", cer=ErrorRate(errors, 0, 0, 100))
        for n in range(12)
    ]


def test_pages_that_are_no_longer_read_alarm_too():
    refused = seen(1, "refused")
    found = Watched(changes(seen(1), refused), silences(seen(1), refused), {})
    assert (found.silences[0].before, found.silences[0].now, found.alarming) == (0, 10, {"a"})
    same = Watched(changes(seen(1), seen(1)), silences(seen(1), seen(1)), {})
    assert (same.silences[0].p_value, same.alarming) == (1.0, frozenset())


def test_an_alarm_by_chance_alone_is_one_in_twenty():
    """Errors drawn twice from the same distribution, 400 times."""
    rng = np.random.default_rng(7)

    def draw():
        return [
            Observation("a", n, f"p{n}", 0, "read", 1.0, f"p{n}", cer=ErrorRate(int(rng.poisson(3)), 0, 0, 100))
            for n in range(20)
        ]

    pairs = [(draw(), draw()) for _ in range(400)]
    alarms = sum(bool(Watched(changes(one, two), silences(one, two), {}).alarming) for one, two in pairs)
    assert alarms <= 400 * 0.05


def outcome(text):
    run = EngineRun("a", Reading(text), 1.0, 1)
    return Outcome(Page(0, Item("p", Locator("p.png"), "In May 1848 at York")), 0, run, 0.0)


def test_words_are_named_with_what_became_of_them():
    found = changed_words([outcome("In Nay 1848 at York")], [outcome("In May 1843 at")], DEFAULT_RULES)
    assert found["a"] == [
        ChangedWord("p", "May", "Nay", False),
        ChangedWord("p", "1848", "1843", True),
        ChangedWord("p", "York", "", True),
    ]
