"""A public host with loopback vendors: real engines, real SDKs, the host's canary key and a visitor's."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event

import pytest
from PIL import Image

from engines.catalogue import CATALOGUE, spec_by_id, with_overrides
from engines.contract import EngineSpec, PageImage, ReadingTask
from engines.registry import LoadedEngines
from playground.engine_runs import EngineRun
from playground.host.guard import Visitor
from playground.host.hosting import Hosting
from playground.host.keys import Keys
from playground.settings import Settings
from tests.loopback_vendor import LoopbackVendor
from tests.vendor_answers import OPTIONS, ROWS

HOST_KEY = "sk-host-canary+4711/of=the?host"
VISITOR_KEY = "sk-visitor-canary+0815/of=the?visitor"
ACCOUNTS = {
    "DOCUMENTINTELLIGENCE_ENDPOINT": "https://x.example.org", "TRANSKRIBUS_USER": "me", "TRANSKRIBUS_HTR_ID": "51170",
    "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_REGION": "eu-west-1",
}  # fmt: skip


@dataclass(frozen=True)
class House:
    """A host, and the rows that lead to its loopback vendor."""

    hosting: Hosting
    rows: dict[str, EngineSpec]
    page: PageImage
    folder: Path

    def run(
        self,
        *ids: str,
        session: str = "ann",
        payer: str = "",
        seconds: float = 30,
        stop: Event | None = None,
        told: list[str] | None = None,
    ):
        specs = [self.rows[row] for row in ids]
        visitor, task = Visitor(session, payer or session), ReadingTask(timeout_seconds=seconds)
        tell = None if told is None else lambda _engine_id, doing, _share: told.append(doing)
        return self.hosting.guard.compare(specs, self.page, task, visitor, stop=stop or Event(), on_progress=tell)

    def agree(self, session: str = "ann") -> None:
        self.hosting.guard.consents.agree(session, {spec.vendor for spec in self.rows.values()})

    def left(self, payer: str) -> tuple[float, float]:
        found = self.hosting.guard.budget.left(payer)
        return found.visitor_usd, found.day_usd

    def one(self, row: str, session: str = "ann") -> EngineRun:
        [run] = self.run(row, session=session)
        return run


@pytest.fixture
def vendor() -> Iterator[LoopbackVendor]:
    with LoopbackVendor(key=HOST_KEY) as vendor:
        yield vendor


@pytest.fixture
def page() -> PageImage:
    out = io.BytesIO()
    Image.new("RGB", (100, 80), "white").save(out, "PNG")
    return PageImage("0" * 64, out.getvalue(), 100, 80)


@pytest.fixture
def open_house(tmp_path: Path, vendor: LoopbackVendor, page: PageImage) -> Callable[..., House]:
    """A public host with these environment variables; without a budget its keys pay for nothing."""

    def open_with(**environment: str) -> House:
        key_names = {spec.key_env for spec in CATALOGUE if spec.key_env}
        environ = {**dict.fromkeys(key_names, HOST_KEY), **ACCOUNTS, "INKQUEST_PUBLIC": "1"}
        environ |= {"INKQUEST_DATA": str(tmp_path / "data"), **environment}
        settings = Settings.from_env(environ)
        rows = {row: _at(vendor, row, path) for row, path in ROWS.items()}
        hosting = Hosting.open(settings, tuple(rows.values()), LoadedEngines(), Keys.from_env(environ, settings))
        return House(hosting, rows, page, tmp_path)

    return open_with


def _at(vendor: LoopbackVendor, row: str, path: str) -> EngineSpec:
    spec = with_overrides(spec_by_id(row), base_url=vendor.url + path, options=OPTIONS.get(row))
    return spec if spec.price else replace(spec, price=spec_by_id("gpt-5").price)
