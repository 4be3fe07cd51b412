from dataclasses import replace
from io import BytesIO
from random import Random

import pytest
from PIL import Image

from engines.catalogue import spec_by_id, with_overrides
from engines.contract import PageImage, ReadingTask
from engines.registry import build_engine
from tests.loopback_vendor import LoopbackVendor
from tests.vendor_answers import OPTIONS, PAGE_SIZE, ROWS

KEY = "sk-canary+key/of=the?test"


def noise_page(width, height):
    """A page that PNG cannot make small."""
    return page_of(Image.frombytes("RGB", (width, height), Random(1).randbytes(width * height * 3)))


def page_of(image):
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return PageImage("0" * 64, buffer.getvalue(), *image.size)


@pytest.fixture
def page():
    return page_of(Image.new("RGB", PAGE_SIZE, "white"))


@pytest.fixture
def task():
    return ReadingTask(timeout_seconds=10)


@pytest.fixture
def vendor():
    with LoopbackVendor(key=KEY) as vendor:
        yield vendor


@pytest.fixture
def engine_of(vendor):
    def build(row_id, path=None, **changes):
        spec = replace(spec_by_id(row_id), **changes)
        options = OPTIONS.get(row_id)
        where = vendor.url + (ROWS.get(row_id, "/v1") if path is None else path)
        return build_engine(with_overrides(spec, base_url=where, options=options), KEY)

    return build


@pytest.fixture
def read(engine_of, page, task):
    """Read the usual page with a row's engine."""
    return lambda row: engine_of(row).read(page, task)
