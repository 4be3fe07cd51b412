"""What a host's keys have paid, from the command line."""

import json

from engines.catalogue import spec_by_id
from playground.__main__ import main
from playground.host.budget import Budget
from playground.settings import Caps
from playground.storage.database import Database


def test_a_day_s_spending_engine_by_engine(tmp_path, monkeypatch, capsys):
    url = f"sqlite:///{tmp_path}/x.db"
    monkeypatch.setenv("INKQUEST_DB", url)
    monkeypatch.setenv("INKQUEST_BUDGET_USD", "2")
    budget = Budget(Database(url), Caps(2, 2, 2))
    budget.settle(budget.reserve("ann", spec_by_id("gpt-5"), 0.3), 0.0123)
    budget.reserve("ann", spec_by_id("mistral-ocr-4"), 0.004)
    assert main(["spending"]) == 0
    said = capsys.readouterr().out
    assert "gpt-5" in said
    assert "$0.0163 of $2.00 a day" in said
    assert main(["spending", "--json"]) == 0
    assert [one["usd"] for one in json.loads(capsys.readouterr().out)] == [0.0123, 0.004]
    assert main(["spending", "--day", "2020-01-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_database_that_cannot_be_opened_is_said_in_a_sentence(monkeypatch, capsys):
    monkeypatch.setenv("INKQUEST_DB", "nonsense://x")
    assert main(["spending"]) == 2
    assert capsys.readouterr().err.startswith("The database's address must be sqlite:///FILE or postgresql")
