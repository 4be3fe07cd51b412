"""What a host opens from its settings: a laptop, a public server, a Space."""

from __future__ import annotations

import subprocess
import sys
from ctypes import CDLL
from dataclasses import replace
from pathlib import Path

import pytest

from engines.catalogue import CATALOGUE
from engines.registry import LoadedEngines
from playground.engine_runs import Comparison
from playground.host.admission import Pace
from playground.host.guard import Visitor
from playground.host.hosting import Hosting
from playground.host.keys import Keys
from playground.settings import Caps, Settings
from playground.share.sharing import Expiry, NotShareable, ShareChoices
from tests.places import ROOT


def hosting_of(tmp_path: Path, **environ: str) -> Hosting:
    environ = {"INKQUEST_DATA": str(tmp_path), **environ}
    settings = Settings.from_env(environ)
    return Hosting.open(settings, CATALOGUE, LoadedEngines(), Keys.from_env(environ, settings))


def test_a_laptop_has_no_budget_and_links_may_last(tmp_path: Path, comparison: Comparison) -> None:
    hosting = hosting_of(tmp_path)
    assert hosting.guard.budget is None
    assert hosting.sharing is not None
    assert hosting.sharing.expiries == (Expiry.DAY, Expiry.MONTH, Expiry.NEVER)
    shared = hosting.sharing.share(comparison, None, ShareChoices(expiry=Expiry.NEVER))
    again = hosting_of(tmp_path)
    assert again.sharing is not None
    assert again.sharing.open_share(shared.id)
    assert again.is_healthy()


def test_a_space_without_a_bucket_offers_no_links(tmp_path: Path) -> None:
    assert hosting_of(tmp_path, SPACE_ID="u/s").sharing is None


def test_a_space_keeps_links_in_its_bucket_and_begins_with_half_a_budget(
    tmp_path: Path, comparison: Comparison
) -> None:
    environ = {"SPACE_ID": "u/s", "INKQUEST_BLOBS": f"memory://{tmp_path.name}", "INKQUEST_BUDGET_USD": "2"}
    before = hosting_of(tmp_path / "before", **environ)
    assert before.sharing is not None
    assert before.sharing.expiries == (Expiry.DAY, Expiry.MONTH)
    shared = before.sharing.share(comparison, None, ShareChoices())
    after = hosting_of(tmp_path / "after", **environ)  # another disk
    assert after.sharing is not None
    assert after.sharing.open_share(shared.id)
    assert after.guard.budget is not None
    assert after.guard.budget.left("ann").day_usd == 1


def test_caps_follow_the_day_s_budget_unless_they_are_set(tmp_path: Path) -> None:
    assert Settings.from_env({"INKQUEST_BUDGET_USD": "5"}).caps == Caps(5, 5, 1.25)
    set_all = {"INKQUEST_BUDGET_USD": "5", "INKQUEST_BUDGET_ENGINE_USD": "2", "INKQUEST_BUDGET_VISITOR_USD": "0.1"}
    assert Settings.from_env(set_all).caps == Caps(5, 2, 0.1)


def test_a_host_whose_store_is_broken_is_not_healthy(tmp_path: Path) -> None:
    hosting = hosting_of(tmp_path)
    hosting.database.close()
    (tmp_path / "inkquest.db").unlink()
    (tmp_path / "inkquest.db").mkdir()
    assert not hosting.is_healthy()


def test_the_end_of_a_session_takes_its_keys_and_consent(tmp_path: Path) -> None:
    guard = hosting_of(tmp_path).guard
    guard.keys.vault.put("ann", "OPENAI_API_KEY", "sk-ann-4711")
    guard.consents.agree("ann", ["OpenAI"])
    guard.forget("ann")
    assert guard.keys.live() == frozenset()
    assert guard.consents.missing("ann", [spec for spec in CATALOGUE if spec.vendor == "OpenAI"])


def test_expired_links_go_in_the_background(tmp_path: Path, comparison: Comparison) -> None:
    hosting = hosting_of(tmp_path)
    assert hosting.sharing is not None
    shared = hosting.sharing.share(comparison, None, ShareChoices())
    hosting.database.write("update share set expires_at = 0")
    stop = hosting.keep_sweeping(every_seconds=0.02)
    while hosting.database.read("select 1 from share where id = :id", id=shared.id):
        pass
    stop.set()


FREED = """
import ctypes
from benchmarks.app_process import resident_megabytes
from os import getpid
from playground.host.hosting import keep_memory_low
from tests.waiting import until

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]
before = resident_megabytes(getpid())
pieces = [libc.malloc(60_000) for _ in range(4000)]
for piece in pieces:
    ctypes.memset(piece, 1, 60_000)
for number, piece in enumerate(pieces):
    if number % 100:
        libc.free(piece)
held = resident_megabytes(getpid())
stop = keep_memory_low(every_seconds=0.01)
until(lambda: resident_megabytes(getpid()) < before + (held - before) / 4)
print(held - before > 200, stop.set())
"""


@pytest.mark.skipif(not hasattr(CDLL(None), "malloc_trim"), reason="another C library gives back by itself, or cannot")
def test_what_was_freed_between_pieces_in_use_is_given_back() -> None:
    """240 MB in pieces, of which each hundredth stays in use."""
    program = [sys.executable, "-c", FREED]
    assert subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True).stdout == "True None\n"


def test_links_are_not_made_without_end(tmp_path: Path, comparison: Comparison) -> None:
    hosting = hosting_of(tmp_path)
    for _ in range(30):
        hosting.share(comparison, None, ShareChoices(), Visitor("ann", "ann"))
    with pytest.raises(NotShareable):
        hosting.share(comparison, None, ShareChoices(), Visitor("ann", "ann"))
    hosting.share(comparison, None, ShareChoices(), Visitor("ben", "ben"))
    assert b'inkquest_shares_total{event="made"} 31.0' in hosting.guard.counters.exposition()


def test_a_stranger_s_key_strikes_nothing_out_of_another_s_link(tmp_path: Path, comparison: Comparison) -> None:
    hosting = hosting_of(tmp_path)
    for session, key in (("ann", "Sir 1-4711x"), ("ben", "station-9")):
        hosting.guard.keys.vault.put(session, "TRANSKRIBUS_PASSWORD", key)
    said = replace(comparison, reference="from station-9, Sir 1-4711x")
    for session, kept in (
        ("ann", "from station-9, [key]"),
        ("ben", "from [key], Sir 1-4711x"),
        ("cat", said.reference),
    ):
        shared = hosting.share(said, None, ShareChoices(), Visitor(session, session))
        opened = hosting.sharing and hosting.sharing.open_share(shared.id)
        assert opened
        assert opened.comparison.reference == kept


def test_a_window_passes() -> None:
    now = [0.0]
    pace = Pace(most=2, window_seconds=10, clock=lambda: now[0])
    assert [pace.allows("ann") for _ in range(3)] == [True, True, False]
    now[0] = 10
    assert pace.allows("ann")


def test_where_nothing_would_last_no_link_is_made(tmp_path: Path, comparison: Comparison) -> None:
    with pytest.raises(NotShareable):
        hosting_of(tmp_path, SPACE_ID="u/s").share(comparison, None, ShareChoices(), Visitor("ann", "ann"))
