"""Where the shared vectors are, if they are here."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import settings

from tests.places import SHARED

settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")  # the first case pays for imports

VECTORS = SHARED / "metric_vectors.json"


@pytest.fixture(scope="session")
def vectors() -> list[dict[str, Any]]:
    if not VECTORS.exists():
        pytest.skip("the shared metric vectors are not here")
    loaded: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))
    return loaded
