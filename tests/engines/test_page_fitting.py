import base64
import hashlib
from dataclasses import replace
from io import BytesIO
from random import Random

from PIL import Image

from engines.catalogue import spec_by_id
from engines.contract import ImageLimit
from engines.page_fitting import fitted, page_from

NOISE = page_from(Image.frombytes("RGB", (300, 200), Random(1).randbytes(300 * 200 * 3)))


def limited(**limits):
    return replace(spec_by_id("azure-read"), image_limit=ImageLimit(**limits))


def test_a_page_within_the_limits_is_sent_byte_for_byte():
    image = fitted(NOISE, limited(long_edge=300, megabytes=1))
    assert hashlib.sha256(image.data).hexdigest() == NOISE.sha256
    assert base64.b64decode(image.data_url.partition("base64,")[2]) == NOISE.png


def test_a_longer_edge_is_scaled_and_reported():
    image = fitted(NOISE, limited(long_edge=150))
    assert (image.width, image.height, image.media_type) == (150, 100, "image/png")
    assert Image.open(BytesIO(image.data)).size == (150, 100)
    assert (image.sent(limited()).width, image.sent(limited()).height) == (150, 100)


def test_too_many_bytes_become_a_jpeg_before_they_become_fewer_pixels():
    as_jpeg = fitted(NOISE, limited(megabytes=0.15))
    assert (as_jpeg.media_type, as_jpeg.width) == ("image/jpeg", 300)
    smaller = fitted(NOISE, limited(megabytes=0.01))
    assert smaller.width < 300
    assert len(smaller.data) <= 10_000
