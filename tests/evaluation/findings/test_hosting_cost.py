"""What a machine of one's own costs a page, a month, and from when on it pays: against sums made by hand."""

from dataclasses import replace

import pytest

from engines.catalogue import spec_by_id
from engines.pricing import Free, Usd
from evaluation.findings.conclusion import Findings, conclude
from evaluation.findings.leaderboard import leaderboard
from evaluation.findings.observations import Observation
from evaluation.findings.recommending import Requirements
from evaluation.findings.total_cost import Hosting, Machine, hostings
from evaluation.report.hosting_blocks import hosting_blocks, throughput_blocks
from evaluation.report.memo import Points
from evaluation.report.plots import Picture
from metrics.error_rate import Assumptions, ErrorRate

LOCAL, CLOUD = "ppocr-v6-small", "azure-read"
SPECS = [spec_by_id(LOCAL), spec_by_id(CLOUD)]
FREE_LABOUR = Assumptions(0.0)


def seen(local_errors=2, cloud_errors=2, seconds=3.6, usd=0.01):
    return [
        Observation(engine, n, f"{n}", 0, "read", seconds, f"w{n}", cer=ErrorRate(errors + n % 2, 0, 0, 100),
                    wer=ErrorRate(1, 0, 0, 20), cost=cost)
        for engine, errors, cost in ((LOCAL, local_errors, Free()), (CLOUD, cloud_errors, Usd(usd)))
        for n in range(40)
    ]  # fmt: skip


def said(observations, needs, assumed=FREE_LABOUR):
    return conclude(Findings(observations, leaderboard(observations), ()), SPECS, needs, assumed)


def test_a_page_bears_its_share_of_a_month():
    hosting = Hosting(LOCAL, Machine(1.0), 1000)
    assert (hosting.usd_busy, hosting.most_pages) == (0.001, 730_000)
    assert [hosting.usd_a_month(pages) for pages in (1, 730_000, 730_001)] == [730, 730, 1460]


def test_only_what_reads_here_is_hosted_and_as_fast_as_it_was():
    [hosting] = hostings(seen(), SPECS, Machine(1.0)).values()
    assert (hosting.engine_id, hosting.pages_an_hour) == (LOCAL, pytest.approx(1000))
    assert hostings(seen(), SPECS, None) == {}
    assert hostings([replace(one, seconds=None) for one in seen()], SPECS, Machine(1.0)) == {}
    assert hostings([replace(one, status="failed") for one in seen()], SPECS, Machine(1.0)) == {}


def test_who_costs_least_follows_the_price_of_the_machine():
    few, many = Requirements(1000, machine=Machine(1.0)), Requirements(100_000, machine=Machine(1.0))
    assert [cost.engine_id for cost in said(seen(), Requirements(1000)).costs] == [LOCAL, CLOUD]
    assert [cost.engine_id for cost in said(seen(), few).costs] == [CLOUD, LOCAL]
    assert [cost.engine_id for cost in said(seen(), many).costs] == [LOCAL, CLOUD]
    [out] = said(seen(), replace(few, usd_a_month=100)).advice.ruled_out
    assert (out.engine_id, out.because) == (LOCAL, "$730 for 1,000 pages")
    [candidate] = [one for one in said(seen(), many).advice.shortlist if one.engine_id == LOCAL]
    assert "$730 a month for 100,000 pages, for the machine that it runs on" in candidate.measured


@pytest.mark.parametrize(
    ("observations", "assumed", "pages"),
    [
        (seen(usd=0.01), FREE_LABOUR, 73_000),  # 730 / 0.01
        (seen(usd=0.0005), FREE_LABOUR, None),  # a page costs 0.001 there even if the machine never waits
        (seen(local_errors=50), Assumptions(30.0), None),  # its correction costs more than the vendor
        (seen(cloud_errors=12, usd=0.01), Assumptions(3.6), 730 / (0.01 + 10 * 3 / 3600 * 3.6)),  # ten edits saved
    ],
)
def test_it_pays_from_as_many_pages_on_as_the_sum_says(observations, assumed, pages):
    [found] = said(observations, Requirements(5000, machine=Machine(1.0)), assumed).break_evens
    assert (found.hosted, found.rival) == (LOCAL, CLOUD)
    assert found.pages == (None if pages is None else pytest.approx(pages))
    if pages is not None:
        assert found.low <= found.pages + 1e-6
        assert found.high is None or found.pages <= found.high + 1e-6


def test_it_is_said_and_drawn_only_once_a_machine_is_named():
    conclusion = said(seen(), Requirements(5000, machine=Machine(0.5, "g6.xlarge")))
    blocks = hosting_blocks(conclusion)
    [points] = [block for block in blocks if isinstance(block, Points)]
    assert (
        "costs less in the end than Azure Document Intelligence v4 Read from 36,500 pages a month on" in points.items[0]
    )
    assert any(isinstance(block, Picture) for block in blocks)
    assert "g6.xlarge at $0.50 an hour" in str(blocks)
    assert hosting_blocks(said(seen(), Requirements(5000))) == []


def test_a_month_takes_as_long_as_the_slower_of_engine_and_vendor():
    [ours, theirs] = sorted(said(seen(seconds=3.6), Requirements(1000)).throughputs, key=lambda one: one.at_once)
    assert (ours.engine_id, ours.at_once, ours.pages_an_hour) == (LOCAL, 1, pytest.approx(1000))
    assert (theirs.at_once, theirs.pages_an_hour) == (4, pytest.approx(4000))
    [_, capped] = sorted(said(seen(seconds=0.1), Requirements(1000)).throughputs, key=lambda one: one.at_once)
    assert (capped.measured_an_hour, capped.pages_an_hour) == (pytest.approx(144_000), 900 * 60)
    assert said([replace(one, seconds=None) for one in seen()], Requirements(1000)).throughputs == ()


def test_the_memo_says_how_long_a_month_takes_and_which_limit_holds():
    blocks = throughput_blocks(said(seen(seconds=0.1), Requirements(90_000)))
    text = str(blocks)
    assert "How long 90,000 pages take" in text
    assert "15 requests a second with a standard resource" in text
    assert "read 2026-11-29" in text
    assert text.count("That is what holds it up") == 1
    assert throughput_blocks(said([replace(one, seconds=None) for one in seen()], Requirements(1000))) == []
