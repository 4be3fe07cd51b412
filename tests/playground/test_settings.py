"""Environment variables become one checked value; keys are known by name only."""

import re
from pathlib import Path

import pytest

from engines.catalogue import CATALOGUE
from playground.settings import Limits, Settings, UnusableSetting, calm_threads, catalogue, model_variable
from tests.places import ROOT


def test_nothing_set_is_a_private_app_on_this_machine() -> None:
    settings = Settings.from_env({})
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert settings.limits == Limits()
    assert not settings.public
    assert settings.database_url == f"sqlite:///{Path('.inkquest/inkquest.db').absolute()}"
    assert catalogue(settings) == CATALOGUE


def test_everything_can_be_set() -> None:
    settings = Settings.from_env(
        {
            "HOST": "0.0.0.0",
            "PORT": "80",
            "INKQUEST_DATA": "/srv/ink",
            "INKQUEST_DB": "postgresql://ink:pass@db/ink",
            "INKQUEST_BLOBS": "s3://pages",
            "INKQUEST_MAX_UPLOAD_MB": "5",
            "INKQUEST_DEADLINE_SECONDS": "30",
            "INKQUEST_MAX_PARALLEL": "2",
            "INKQUEST_QUEUE_SIZE": "9",
            "INKQUEST_PUBLIC": "yes",
            "INKQUEST_LOCAL_ONLY": "1",
        }
    )
    assert (settings.host, settings.port, settings.data_folder) == ("0.0.0.0", 80, Path("/srv/ink"))
    assert settings.limits == Limits(5, 30, 2, 9)
    assert settings.public
    assert settings.blobs_url == "s3://pages"
    assert "pass" not in repr(settings)
    assert {spec.runs for spec in catalogue(settings)} == {"local"}


def test_a_space_is_public_and_listens_to_everyone() -> None:
    settings = Settings.from_env({"SPACE_ID": "someone/inkquest"})
    assert settings.public
    assert settings.host == "0.0.0.0"
    assert not Settings.from_env({"SPACE_ID": "someone/inkquest", "INKQUEST_PUBLIC": "0"}).public


def test_an_empty_variable_is_not_set() -> None:
    assert Settings.from_env({"PORT": "", "OPENAI_API_KEY": "  "}) == Settings.from_env({})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "-1"),
        ("INKQUEST_DEADLINE_SECONDS", "1.5"),
        ("INKQUEST_PUBLIC", "maybe"),
        ("OPENAI_BASE_URL", "file:///etc/passwd"),
        ("OPENAI_BASE_URL", "api.example.org"),
        ("INKQUEST_MODEL_GPT_7", "gpt-7"),
        ("INKQUEST_WEIGHTS_GPT_5", "/models/gpt-5"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(variable: str, value: str) -> None:
    with pytest.raises(UnusableSetting, match=variable):
        Settings.from_env({variable: value})


def test_keys_are_known_by_name_only() -> None:
    settings = Settings.from_env({"OPENAI_API_KEY": "sk-canary"})
    assert settings.variables_set == {"OPENAI_API_KEY"}
    assert "sk-canary" not in repr(settings)


def test_model_and_address_of_a_row_can_be_replaced() -> None:
    settings = Settings.from_env({"INKQUEST_MODEL_GPT_5": "gpt-5-eu", "OPENAI_BASE_URL": "https://eu.example.org/v1"})
    rows = {spec.id: spec for spec in catalogue(settings)}
    assert (rows["gpt-5"].model, rows["gpt-5"].base_url) == ("gpt-5-eu", "https://eu.example.org/v1")
    assert (rows["gpt-4o"].model, rows["gpt-4o"].base_url) == ("gpt-4o", "https://eu.example.org/v1")
    assert rows["tesseract"] in CATALOGUE


def test_weights_of_ones_own_are_named_by_their_path() -> None:
    rows = {spec.id: spec for spec in catalogue(Settings.from_env({"INKQUEST_WEIGHTS_DTROCR": "/models/dtrocr"}))}
    assert rows["dtrocr"].options["path"] == "/models/dtrocr"


def test_every_row_has_a_model_variable_of_its_own() -> None:
    names = {model_variable(spec.id) for spec in CATALOGUE}
    assert len(names) == len(CATALOGUE)
    assert "INKQUEST_MODEL_GEMINI_3_1_PRO" in names


def test_calm_threads_leaves_the_hosts_choice() -> None:
    chosen, unset = {"OMP_WAIT_POLICY": "ACTIVE"}, {}
    calm_threads(chosen)
    calm_threads(unset)
    assert chosen == {"OMP_WAIT_POLICY": "ACTIVE"}
    assert unset == {"OMP_WAIT_POLICY": "PASSIVE"}


class Asked(dict[str, str]):
    """An environment that remembers which variables were looked for."""

    def __init__(self, **values: str) -> None:
        super().__init__(values)
        self.names: set[str] = set()

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        self.names.add(name)
        return super().get(name, default)


SET_BY_A_SPACE = {"SPACE_ID", "SPACE_HOST", "OAUTH_CLIENT_ID", "SPACES_ZERO_GPU"}


def test_the_readme_lists_every_variable_and_no_other() -> None:
    asked = Asked(INKQUEST_BUDGET_USD="1")  # its shares are looked for only where there is one
    Settings.from_env(asked)
    models = {model_variable(spec.id) for spec in CATALOGUE}
    read = asked.names - models - SET_BY_A_SPACE - {""} | {"INKQUEST_MODEL_<ENGINE>"}
    table = re.findall(r"^\| (`[A-Z].*?) \|", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    listed = [name for row in table for name in re.findall(r"`([^`]+)`", row)]
    assert sorted(listed) == sorted(read)


def test_no_other_module_reads_the_environment() -> None:
    """What is read elsewhere would be missing above: only an engine asks, for what its row names."""
    allowed = {"app.py", "engines/endpoint.py", "playground/settings.py"}
    reading = {
        str(path.relative_to(ROOT))
        for folder in ("engines", "metrics", "playground", "evaluation", "ui")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"getenv|environ(\.get\(|\[)", path.read_text(encoding="utf-8"))
    }
    assert reading - allowed == {"playground/host/keys.py"}


def test_the_names_of_a_host_are_its_space_s_and_those_that_were_said():
    environ = {"SPACE_ID": "u/s", "SPACE_HOST": "u-s.hf.space,OCR.example.org", "INKQUEST_NAMES": " a.example , "}
    assert Settings.from_env(environ).names == {"u-s.hf.space", "ocr.example.org", "a.example"}
    with pytest.raises(UnusableSetting, match="INKQUEST_NAMES"):
        Settings.from_env({"INKQUEST_NAMES": "https://a.example"})
