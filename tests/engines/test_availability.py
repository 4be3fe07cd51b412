from dataclasses import replace
from datetime import date

import pytest

from engines.catalogue import CATALOGUE, CLOUD, spec_by_id, with_overrides
from engines.contract import Weights
from engines.registry import Missing, Ready, availability, ending

NO_KEYS = frozenset().__contains__


def every_key(_name):
    return True


@pytest.mark.parametrize("spec", CLOUD, ids=lambda spec: spec.id)
def test_a_cloud_engine_wants_its_key_and_is_then_ready(spec):
    missing = availability(spec, NO_KEYS)
    assert isinstance(missing, Missing)
    assert missing.fix.startswith("export ")
    assert availability(spec, every_key) == Ready()


def test_an_optional_key_is_not_asked_for():
    spec = spec_by_id("openai-compatible")
    assert availability(spec, {"OPENAI_COMPATIBLE_BASE_URL"}.__contains__) == Ready()


def test_a_missing_package_names_the_command():
    spec = replace(spec_by_id("gpt-5"), packages=("no_such_package.inner",))
    assert availability(spec, every_key) == Missing(
        "the Python package no_such_package.inner", "pip install no_such_package.inner"
    )


def test_weights_of_the_user_are_missing_until_a_path_exists(tmp_path):
    spec = replace(spec_by_id("gpt-5"), key_env=None, weights=Weights("user"))
    assert isinstance(availability(spec, NO_KEYS), Missing)
    assert availability(with_overrides(spec, options={"path": str(tmp_path)}), NO_KEYS) == Ready()


def test_weights_of_the_hub_count_as_obtainable_and_say_what_they_cost(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    spec = replace(spec_by_id("gpt-5"), key_env=None, weights=Weights("hub", "owner/model", megabytes=1330))
    assert availability(spec, NO_KEYS) == Ready("downloads 1.3 GB at first use")
    (tmp_path / "models--owner--model" / "snapshots" / "abc").mkdir(parents=True)
    assert availability(spec, NO_KEYS) == Ready()


@pytest.mark.parametrize(
    ("today", "notice"),
    [
        (date(2026, 10, 1), ""),
        (date(2026, 11, 23), "ends on 2026-12-11; successor gpt-6.1-sol"),
        (date(2027, 1, 1), "ended on 2026-12-11; successor gpt-6.1-sol"),
    ],
)
def test_a_dying_model_says_so_sixty_days_before(today, notice):
    assert ending(spec_by_id("gpt-5"), today) == notice


def test_ids_are_unique_and_successors_exist():
    ids = [spec.id for spec in CATALOGUE]
    assert len(ids) == len(set(ids))
    assert {spec.successor for spec in CATALOGUE} - {""} <= set(ids)


@pytest.mark.parametrize("spec", CLOUD, ids=lambda spec: spec.id)
def test_a_cloud_row_is_complete(spec):
    assert spec.runs == "cloud"
    assert spec.label
    assert spec.model or spec.id == "transkribus"
    assert spec.key_env
    assert spec.base_url_env
    assert spec.family
    assert spec.price or spec.id in {"transkribus", "openai-compatible"}
    assert spec.data_handling or spec.id == "openai-compatible"


def test_another_model_loses_the_price_of_the_first():
    spec = with_overrides(spec_by_id("gpt-5"), model="gpt-7", base_url="http://localhost/v1")
    assert (spec.model, spec.price, spec.ends_on) == ("gpt-7", None, None)
    assert (spec.base_url, spec.base_url_env) == ("http://localhost/v1", None)
    assert with_overrides(spec_by_id("gpt-5")) == spec_by_id("gpt-5")
