"""The sample is read once by engines that cost nothing, kept for the next start, and anew if that is unusable."""

import pytest

from playground.offer import FILE, FirstComparison, Offer
from playground.settings import Settings


def offer(**environ):
    return Offer.from_settings(Settings.from_env(environ), environ)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    first = FirstComparison(offer(OPENAI_API_KEY="a-key-that-must-not-pay"), folder)
    first.begin()
    first.begin()
    assert first.ended.wait(300)
    return folder, first.comparison


def test_only_engines_that_came_with_their_packages_read_it(read):
    _, comparison = read
    assert {run.engine_id for run in comparison.runs} == set(offer().ready_without_keys())
    assert all(run.cost is None and run.outcome.text for run in comparison.runs)
    assert comparison.reference.startswith("Harbour Cottage")


def test_the_next_start_has_it_at_once(read):
    folder, comparison = read
    first = FirstComparison(offer(), folder)
    first.begin()
    assert first.ended.is_set()
    assert first.comparison == comparison


@pytest.mark.parametrize("content", [b"", b"{", b'{"app_version": "0"}', b"\xff"])
def test_what_cannot_be_used_is_no_comparison(tmp_path, monkeypatch, content):
    (tmp_path / FILE).write_bytes(content)
    monkeypatch.setattr(Offer, "ready_without_keys", lambda _: ())
    first = FirstComparison(offer(), tmp_path)
    first.begin()
    assert first.ended.is_set()
    assert first.comparison is None
