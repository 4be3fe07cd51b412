"""Pictures of pages are served while there is room for them, the oldest going first."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from engines.contract import PageImage
from ui.routes.page_images import PageImages


@pytest.fixture
def page() -> PageImage:
    out = io.BytesIO()
    Image.new("RGB", (100, 80), "white").save(out, "PNG")
    return PageImage("0" * 64, out.getvalue(), 100, 80)


def statuses(images: PageImages, addresses: list[str]) -> list[int]:
    with TestClient(Starlette(routes=[images.route()])) as client:
        return [client.get(f"/{address}").status_code for address in addresses]


def test_the_oldest_picture_goes_first(page: PageImage) -> None:
    roomy = PageImages()
    with TestClient(Starlette(routes=[roomy.route()])) as client:
        size = len(client.get(f"/{roomy.show(page)}").content)
    images = PageImages(most_bytes=2 * size)
    assert statuses(images, [images.show(page) for _ in range(3)]) == [404, 200, 200]


def test_a_forgotten_picture_is_gone(page: PageImage) -> None:
    images = PageImages()
    address = images.show(page)
    images.forget(address)
    images.forget(address)
    assert statuses(images, [address]) == [404]
