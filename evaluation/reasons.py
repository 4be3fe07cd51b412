"""The sentences that stand behind a recommendation: measured here, published elsewhere, and what may change. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from engines.contract import EngineSpec
from evaluation.leaderboard import Row
from evaluation.published import published_for
from evaluation.wording import between

NOTICE = timedelta(days=60)
FAILS_OFTEN = 0.05


def measured(row: Row, spec: EngineSpec, pages_a_month: int, monthly: float | None, harm_done: str) -> Iterator[str]:
    """What was seen on these pages."""
    if row.cer.rate is not None:
        yield f"CER {row.cer.rate * 100:.1f} % on {row.scored} pages, 95 % interval: {between(row.cer_interval)}"
    if harm_done:
        yield harm_done
    yield f"no reading on {row.failed + row.refused} of {row.pages} pages"
    if row.seconds_median is not None:
        yield f"{row.seconds_median:.1f} s for the middle one of all pages"
    if spec.runs == "local":
        yield "runs on your own machine, no price per page"
    elif monthly is not None:
        how = "by the usage it reported" if row.cost_measured else "estimated from list prices"
        yield f"${monthly:,.2f} a month for {pages_a_month:,} pages, {how}"


def published(spec: EngineSpec) -> Iterator[str]:
    """What was only read."""
    found = published_for(spec.id)
    if found and found.cer_percent is not None:
        yield f"CER {found.cer_percent} % on IAM ({found.source}, read {found.read_on})"
    if spec.data_handling:
        handling = spec.data_handling
        yield (
            f"retention: {handling.retention}; training: {handling.training_use}; regions: {handling.regions} "
            f"({handling.source}, read {handling.as_of})"
        )
    if spec.price:
        yield f"list price from {spec.price.source}, read {spec.price.as_of}"


def risks(row: Row, spec: EngineSpec, today: date) -> Iterator[str]:
    """What may make the choice a bad one later."""
    if spec.ends_on and spec.ends_on - today <= NOTICE:
        yield f"ends on {spec.ends_on}" + (f"; successor {spec.successor}" if spec.successor else "")
    if row.failure_rate > FAILS_OFTEN:
        yield f"gave no reading on {row.failure_rate:.0%} of the pages"
    if row.truncated:
        yield f"{row.truncated} pages were cut off at the length limit"
    if spec.runs == "cloud":
        yield "the vendor may change the model behind this name: repeat this run from time to time"
