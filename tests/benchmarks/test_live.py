import pytest

from benchmarks.live import main
from engines.catalogue import CLOUD
from tests.loopback_vendor import LoopbackVendor

KEY = "sk-canary-of-the-live-test"


@pytest.fixture
def vendor(monkeypatch):
    with LoopbackVendor(key=KEY) as vendor:
        for spec in CLOUD:
            for name in (spec.key_env, *spec.other_env):
                monkeypatch.setenv(name, KEY)
            path = {"ANTHROPIC_BASE_URL": "", "GOOGLE_GEMINI_BASE_URL": "", "DOCUMENTINTELLIGENCE_ENDPOINT": ""}
            monkeypatch.setenv(spec.base_url_env, vendor.url + path.get(spec.base_url_env, "/v1"))
        monkeypatch.setenv("TRANSKRIBUS_HTR_ID", "1")
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        yield vendor


def test_every_cloud_engine_reads_with_nothing_but_the_environment_set(vendor, capsys):
    assert main(["--yes"]) == 0
    told = capsys.readouterr().out
    for spec in CLOUD:
        assert spec.label in told
    assert vendor.billed == len(CLOUD)
    assert told.count("Dear Sir,") == len(CLOUD)
    assert told.count("model-of-the-day") == len(CLOUD) - 3  # Azure and Transkribus name their own, Vision none


def test_a_refused_key_is_told_and_not_shown(vendor, capsys):
    vendor.fault = "401"
    assert main(["--yes", "--engines", "gpt-5,claude-opus-4-7"]) == 1
    told = capsys.readouterr().out
    assert "refused the key" in told
    assert KEY not in told.replace("\n", "")


def test_without_keys_there_is_nothing_to_do(monkeypatch, capsys):
    for spec in CLOUD:
        for name in (spec.key_env, *spec.other_env):
            monkeypatch.delenv(name, raising=False)
    assert main(["--yes"]) == 2
    assert "No cloud engine is ready" in capsys.readouterr().out
