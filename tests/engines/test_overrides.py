"""A row whose model is replaced: by a model that has a row, and by one that nobody knows here."""

import json

import pytest

from engines.catalogue import CATALOGUE, CLOUD, spec_by_id, with_overrides
from engines.contract import WireProtocol
from engines.registry import build_engine
from tests.engines.cloud.conftest import KEY, page, task, vendor  # noqa: F401  (fixtures)

PAIRS = [
    (row.id, other.id)
    for row in CLOUD
    for other in CLOUD
    if row.protocol == other.protocol and row.model != other.model and other.model and row.key_env == other.key_env
]


@pytest.mark.parametrize(("row", "other"), PAIRS, ids="-as-".join)
def test_a_known_model_brings_what_its_own_row_knows(row, other):
    spec, known = with_overrides(spec_by_id(row), model=spec_by_id(other).model), spec_by_id(other)
    assert spec.id == row
    assert (spec.options, spec.price, spec.ends_on, spec.box_levels) == (
        known.options, known.price, known.ends_on, known.box_levels,
    )  # fmt: skip
    assert known.label in spec.label


@pytest.mark.parametrize("row", ["gpt-5", "gpt-5-mini", "gpt-4o", "claude-opus-4-7", "gemini-3-flash", "mistral-ocr-4"])
def test_an_unknown_model_is_asked_for_nothing_it_may_refuse(row, vendor, page, task):  # noqa: F811
    paths = {WireProtocol.OPENAI_RESPONSES: "/v1"}
    spec = spec_by_id(row)
    spec = with_overrides(spec, model="model-of-tomorrow", base_url=vendor.url + paths.get(spec.protocol, ""))
    reading = build_engine(spec, KEY).read(page, task)
    sent = vendor.requests[0].body.decode()
    assert reading.text
    assert spec.price is None
    for setting in ("effort", "thinking", "temperature", '"include_blocks": true'):
        assert setting not in sent
    if spec.protocol == WireProtocol.GEMINI_GENERATE:
        assert "/models/model-of-tomorrow:" in vendor.requests[0].path
    else:
        assert json.loads(sent)["model"] == "model-of-tomorrow"


@pytest.mark.parametrize("row", [row.id for row in CATALOGUE if row.weights and row.weights.origin == "hub"])
def test_another_local_model_is_not_sought_at_this_one_s_commit(row):
    weights = with_overrides(spec_by_id(row), model="somebody/else").weights
    assert (weights.repo_id, weights.revision) == ("somebody/else", "")


def test_the_override_that_the_readme_names_is_one_that_works():
    spec = with_overrides(spec_by_id("gpt-5"), model="gpt-6.1-sol")
    assert spec.options["effort"] == "low"
    assert all(spec.successor in {row.model for row in CATALOGUE} for spec in CATALOGUE if spec.ends_on)
