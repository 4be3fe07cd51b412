"""Pictures of pages are served while there is room for them, the oldest going first."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from engines.contract import PageImage
from ui.routes.uploads import PageImages


@pytest.fixture
def page() -> PageImage:
    out = io.BytesIO()
    Image.new("RGB", (100, 80), "white").save(out, "PNG")
    return PageImage("0" * 64, out.getvalue(), 100, 80)


def statuses(images: PageImages, addresses: list[str]) -> list[int]:
    with TestClient(Starlette(routes=[images.route()])) as client:
        return [client.get(f"/{address}").status_code for address in addresses]


def test_a_visitor_s_own_oldest_picture_goes_first(page: PageImage) -> None:
    roomy = PageImages()
    with TestClient(Starlette(routes=[roomy.route()])) as client:
        address = roomy.show(page, "ann")
        size = len(client.get(f"/{address}").content)
    images = PageImages(most_bytes=8 * size)
    bert = images.show(page, "bert")
    assert statuses(images, [*(images.show(page, "ann") for _ in range(3)), bert]) == [404, 200, 200, 200]


def test_a_forgotten_picture_is_gone(page: PageImage) -> None:
    images = PageImages()
    address = images.show(page, "ann")
    images.forget(address)
    images.forget(address)
    assert statuses(images, [address]) == [404]
