"""Ranks without a reference, and where all agree against one."""

from metrics.reference_free import agreed_against, estimated_cers, ranked_by_consensus
from tests.metrics.test_consensus import FAMILIES, PAGE, misread


def test_the_ranking_is_that_of_the_errors():
    shares = {"a": 0.02, "b": 0.06, "c": 0.12, "d": 0.2}
    pages = [{name: misread(PAGE, share, f"{name}{at}") for name, share in shares.items()} for at in range(6)]
    ranked = ranked_by_consensus(pages, FAMILIES)
    assert [standing.reader for standing in ranked] == list(shares)
    assert ranked == ranked_by_consensus([dict(reversed(page.items())) for page in pages], FAMILIES)


def test_a_loop_stands_last_though_it_has_no_vote_and_a_page_not_read_counts_for_nobody():
    pages = [{"a": PAGE, "b": PAGE, "loop": "la la " * 900}, {"a": PAGE, "b": PAGE}]
    *_, last = ranked_by_consensus(pages, FAMILIES)
    assert last.reader == "loop"
    letters = len(" ".join(PAGE.split()))
    assert last.disagreement > (len("la la " * 900) - letters) / letters > 1


def test_one_family_has_no_ranking():
    assert ranked_by_consensus([{"a": PAGE, "a2": PAGE}], {"a2": "maker a", "a": "maker a"}) == ()


def test_all_against_the_reference_are_found_with_their_places():
    reference = "Dear Sin,\nI have recieved it"
    readings = {"a": "Dear Sir, I have recieved it", "b": "Dear Sir,\nI have received it", "empty": ""}

    [found] = agreed_against(reference, readings, FAMILIES)

    assert (found.written, found.read) == ("Sin,", "Sir,")
    assert reference[found.start : found.end] == "Sin,"
    assert [readings[place.reader][place.start : place.end] for place in found.places] == ["Sir,", "Sir,"]


def test_one_family_alone_says_nothing_against_the_reference():
    assert agreed_against("Dear Sin", {"a": "Dear Sir", "a2": "Dear Sir"}, {"a": "f", "a2": "f"}) == ()
    assert agreed_against("Dear Sin", {"a": "Dear Sir"}, {}) == ()


def read_by(shares, pages):
    return [{name: misread(PAGE, share, f"{name}{at}") for name, share in shares.items()} for at in range(pages)]


def test_an_estimate_has_an_interval_and_the_order_of_the_errors():
    first, second, third = estimated_cers(read_by({"a": 0.01, "b": 0.06, "c": 0.1}, 10), FAMILIES)
    assert [first.reader, second.reader, third.reader] == ["a", "b", "c"]
    assert first.low < first.rate < first.high
    assert 0.03 < third.high - third.rate < 0.05


def test_no_estimate_without_three_families_ten_pages_and_witnesses():
    shares = {"a": 0.01, "b": 0.06, "c": 0.1}
    assert estimated_cers(read_by(shares, 9), FAMILIES) == ()
    assert estimated_cers(read_by(shares, 10), {"a": "one", "b": "one", "c": "two"}) == ()
    assert estimated_cers(read_by({"a": 0.01, "b": 0.6, "c": 0.6}, 10), FAMILIES) == ()
    assert estimated_cers([], {}) == ()
