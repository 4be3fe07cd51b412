"""The host's money: exact under concurrency, closed when in doubt, honest about what is left."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from engines.catalogue import spec_by_id
from playground.host.budget import Budget, BudgetSpent, Left, Spent
from playground.host.guard import Counters
from playground.settings import Caps
from playground.storage.database import Database

GPT, CLAUDE = spec_by_id("gpt-5"), replace(spec_by_id("gpt-5"), id="other")
WIDE = Caps(day_usd=1, engine_usd=1, visitor_usd=1)


class Clock:
    now = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def left(budget: Budget, visitor: str) -> tuple[float, float]:
    found = budget.left(visitor)
    return found.visitor_usd, found.day_usd


def granted(budget: Budget, visitor: str = "ann", usd: float = 0.1) -> bool:
    try:
        budget.reserve(visitor, GPT, usd)
    except BudgetSpent:
        return False
    return True


def test_two_hundred_at_once_get_exactly_what_the_budget_holds(database: Database) -> None:
    budget = Budget(database, WIDE)
    with ThreadPoolExecutor(32) as pool:
        grants = list(pool.map(lambda n: granted(budget, f"visitor {n}"), range(200)))
    assert sum(grants) == 10
    assert left(budget, "x") == (0, 0)


@pytest.mark.parametrize(
    ("caps", "ann", "ben"),
    [(Caps(0.3, 1, 1), 3, 0), (Caps(1, 0.3, 1), 3, 0), (Caps(1, 1, 0.3), 3, 3), (Caps(0, 1, 1), 0, 0)],
)
def test_each_cap_holds(database: Database, caps: Caps, ann: int, ben: int) -> None:
    budget = Budget(database, caps)
    assert [sum(granted(budget, visitor) for _ in range(5)) for visitor in ("ann", "ben")] == [ann, ben]


@pytest.mark.parametrize("gone", ["delete from charge", "update charge set id = 'of an old copy'"])
def test_whoever_empties_or_overwrites_the_database_frees_no_money(database: Database, gone: str) -> None:
    budget = Budget(database, WIDE)
    assert granted(budget)
    database.write(gone)
    assert not granted(budget)
    assert granted(Budget(database, WIDE)), "another start, which knows nothing of it"


def test_what_is_set_aside_for_one_engine_is_no_longer_there_for_the_next(database: Database) -> None:
    budget = Budget(database, Caps(day_usd=1, engine_usd=0.5, visitor_usd=0.6))
    budget.reserve("ann", GPT, 0.3)
    left = budget.left("ann")
    assert left.why_not(GPT.id, 0.2) == ""
    assert left.why_not(GPT.id, 0.25) == "$0.20 is left of this engine's share"
    assert left.why_not(CLAUDE.id, 0.35) == "$0.30 is left of your share"
    assert left.after(CLAUDE.id, 0.2).why_not(GPT.id, 0.15) == "$0.10 is left of your share"
    assert Left(1, 0.1).why_not(GPT.id, 0.2) == "$0.10 is left of today's budget"


def test_what_a_day_has_cost_is_told_engine_by_engine(database: Database) -> None:
    budget = Budget(database, WIDE)
    budget.settle(budget.reserve("ann", GPT, 0.3), 0.01)
    budget.reserve("ben", GPT, 0.2)
    budget.settle(budget.reserve("ben", CLAUDE, 0.3), 0.05)
    expected = [Spent(GPT.id, 2, 0.21, 0.2), Spent("other", 1, 0.05, 0)]
    assert budget.spending() == expected
    assert budget.spending("2026-01-01") == []
    counters = Counters()
    counters.tell_spending(budget.spending)
    assert 'inkquest_today_usd{engine="other"} 0.05' in counters.exposition().decode()


def test_an_engine_s_cap_leaves_the_others_alone(database: Database) -> None:
    budget = Budget(database, Caps(1, 0.1, 1))
    budget.reserve("ann", GPT, 0.1)
    with pytest.raises(BudgetSpent) as refusal:
        budget.reserve("ann", GPT, 0.1)
    assert "GPT-5" in str(refusal.value)
    assert "own key" in refusal.value.fix
    budget.reserve("ann", CLAUDE, 0.1)


def test_settling_gives_back_what_was_not_used_and_counts_what_was_more(database: Database) -> None:
    budget = Budget(database, WIDE)
    charge = budget.reserve("ann", GPT, 0.5)
    assert left(budget, "ann") == (0.5, 0.5)
    budget.settle(charge, 0.2)
    budget.settle(charge, 0)  # a second answer to one call changes nothing
    assert left(budget, "ann") == (0.8, 0.8)
    budget.settle(budget.reserve("ben", GPT, 0.1), 0.9)
    assert left(budget, "ann") == (0, 0)
    assert not granted(budget)


def test_what_is_left_is_the_visitor_s_own_and_no_more_than_everybody_s(database: Database) -> None:
    budget = Budget(database, Caps(1, 1, 0.4))
    budget.reserve("ann", GPT, 0.3)
    assert left(budget, "ben") == (0.4, 0.7)
    budget.reserve("ben", GPT, 0.4)
    assert round(budget.left("cem").visitor_usd, 6) == 0.3


def test_a_new_day_starts_anew_and_a_charge_stays_with_its_day(database: Database) -> None:
    clock = Clock()
    budget = Budget(database, WIDE, clock=clock)
    charge = budget.reserve("ann", GPT, 1)
    clock.now += timedelta(minutes=2)
    assert left(budget, "ann") == (1, 1)
    budget.settle(charge, 0.7)
    assert left(budget, "ann") == (1, 1)
    clock.now -= timedelta(minutes=2)
    assert left(budget, "ann") == (pytest.approx(0.3), pytest.approx(0.3))


def test_a_reservation_whose_process_died_keeps_its_worst_case(database: Database) -> None:
    Budget(database, WIDE).reserve("ann", GPT, 0.9)
    assert not granted(Budget(database, WIDE), usd=0.2)


def test_without_a_price_nothing_is_spent(database: Database) -> None:
    with pytest.raises(BudgetSpent):
        Budget(database, WIDE).reserve("ann", GPT, None)


@pytest.mark.parametrize("trouble", ["its table is gone", "its file is broken", "another program holds it"])
def test_a_store_that_does_not_answer_spends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr("playground.storage.database.BUSY_SECONDS", 0.1)
    database = Database(f"sqlite:///{tmp_path}/x.db")
    budget = Budget(database, WIDE)
    assert granted(budget)
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    if trouble == "its table is gone":
        database.write("drop table charge")
    elif trouble == "its file is broken":
        database.close()
        (tmp_path / "x.db").write_bytes(b"this is no database" * 1000)
    else:
        other.execute("begin immediate")
    assert not granted(budget)
    if trouble != "another program holds it":  # reading what is left needs no lock
        assert left(budget, "ann") == (0, 0)
    other.close()


def test_the_smallest_cost_still_counts(database: Database) -> None:
    budget = Budget(database, Caps(1e-8, 1, 1))
    assert sum(granted(budget, usd=1e-12) for _ in range(20)) == 10


def test_after_a_restart_that_lost_the_disk_half_is_gone(database: Database) -> None:
    budget = Budget(database, WIDE)
    budget.assume_half_spent()
    budget.assume_half_spent()
    assert left(budget, "ann") == (0.5, 0.5)


class Spending(RuleBasedStateMachine):
    """Whatever happens in whatever order, no cap is broken."""

    def __init__(self) -> None:
        super().__init__()
        self.database = Database("sqlite://")
        self.clock = Clock()
        self.budget = Budget(self.database, Caps(1, 0.7, 0.4), clock=self.clock)
        self.open: list[tuple[str, float]] = []

    @rule(visitor=st.sampled_from("abc"), spec=st.sampled_from([GPT, CLAUDE]), usd=st.floats(0, 0.5))
    def reserve(self, visitor: str, spec, usd: float) -> None:
        try:
            self.open.append((self.budget.reserve(visitor, spec, usd), usd))
        except BudgetSpent:
            return

    @rule(share=st.floats(0, 1))
    def settle(self, share: float) -> None:
        if self.open:
            charge, worst = self.open.pop()
            self.budget.settle(charge, worst * share)

    @rule()
    def midnight(self) -> None:
        self.clock.now += timedelta(days=1)

    @invariant()
    def no_cap_is_broken(self) -> None:
        def worst(column: str) -> int:
            rows = self.database.read(f"select coalesce(sum(nanodollars), 0) from charge group by day, {column}")
            return max((int(row[0]) for row in rows), default=0)

        assert worst("day") <= 1_000_000_000
        assert worst("engine") <= 700_000_000
        assert worst("visitor") <= 400_000_000

    def teardown(self) -> None:
        self.database.close()


Spending.TestCase.settings = hypothesis_settings(max_examples=30, stateful_step_count=20, deadline=None)
test_no_order_of_events_breaks_a_cap = Spending.TestCase
