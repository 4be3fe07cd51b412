"""INKQUEST_ENDPOINTS: as many endpoints as wanted, each a row like any other, or a sentence that says what is wrong."""

import json
import os
import re
from datetime import date
from threading import Event

import pytest
from PIL import Image

from engines.catalogue import CATALOGUE
from engines.contract import PageImage, Price, Reading, ReadingTask
from engines.pricing import Usd, estimated, worst_case
from engines.registry import LoadedEngines
from evaluation.__main__ import main as evaluate
from evaluation.findings.results import bill
from evaluation.ledger.database import Ledger
from evaluation.ledger.runs import find_run
from playground.__main__ import main
from playground.endpoints import endpoint_keys, endpoint_rows
from playground.host.guard import Visitor
from playground.host.hosting import Hosting
from playground.host.keys import Keys
from playground.offer import Offer
from playground.settings import Settings, UnusableSetting, catalogue
from tests.engines.cloud.conftest import page_of
from tests.evaluation.one_line import one_line
from tests.loopback_vendor import LoopbackVendor
from tests.places import ROOT
from tests.vendor_answers import TEXT

SECRET = "sk-hunter2-of-the-endpoint"
ONE = {"name": "My VLM 2.5", "address": "http://localhost:8000", "model": "me/vlm"}
AS_TOML = """
[[endpoint]]
name = "LightOnOCR-3"
address = "http://localhost:8000/v1/chat/completions"
model = "lightonai/LightOnOCR-3-1B"
prompt = ""
price = { usd_per_page = 0.0001, as_of = 2026-11-01 }

[[endpoint]]
name = "Größe Ωmega"
address = "https://gpu.example.org/v1"
model = "omega"
key_variable = "OMEGA_KEY"
prompt = "Text Recognition:"
max_parallel = 8
temperature = 0.1
price = { usd_per_million_input_tokens = 1, usd_per_million_output_tokens = 2.5, as_of = 2026-11-01, source = "a bill" }
"""


def with_endpoints(written, **more):
    return {"INKQUEST_ENDPOINTS": written if isinstance(written, str) else json.dumps(written), **more}


def test_a_toml_value_makes_rows_with_all_that_it_says():
    light, omega = endpoint_rows(AS_TOML)
    assert (light.id, light.label, light.model) == ("lightonocr-3", "LightOnOCR-3", "lightonai/LightOnOCR-3-1B")
    assert (light.base_url, light.base_url_env, light.other_env) == ("http://localhost:8000/v1", None, ())
    assert light.options["prompt"] == ""
    assert light.price == Price("stated by this host", date(2026, 11, 1), usd_per_page=0.0001)
    assert (omega.id, omega.key_env, omega.max_parallel) == ("groe-mega", "OMEGA_KEY", 8)
    assert (omega.options["prompt"], omega.options["temperature"]) == ("Text Recognition:", 0.1)
    assert omega.price.source == "a bill"
    assert light.family != omega.family
    assert light.vendor != omega.vendor, "a visitor agrees to each of them"


@pytest.mark.parametrize("name", ["endpoints.toml", "endpoints.json", "endpoints"])
def test_a_file_says_the_same_as_a_value(name, tmp_path):
    as_json = [{"name": row.label, "address": row.base_url, "model": row.model} for row in endpoint_rows(AS_TOML)]
    (tmp_path / name).write_text(AS_TOML if name == "endpoints.toml" else json.dumps({"endpoint": as_json}))
    rows = endpoint_rows(str(tmp_path / name))
    assert [(row.id, row.base_url, row.model) for row in rows] == [
        (row.id, row.base_url, row.model) for row in endpoint_rows(AS_TOML)
    ]


def test_rows_stand_behind_the_one_with_variables_of_its_own_and_clash_with_none():
    settings = Settings.from_env(with_endpoints(AS_TOML))
    ids = [row.id for row in catalogue(settings)]
    place = ids.index("openai-compatible")
    assert ids[place + 1 : place + 3] == ["lightonocr-3", "groe-mega"]
    assert len(set(ids)) == len(ids) == len(CATALOGUE) + 2
    assert endpoint_rows("") == ()
    local_only = Settings.from_env(with_endpoints(AS_TOML, INKQUEST_LOCAL_ONLY="1"))
    assert {row.runs for row in catalogue(local_only)} == {"local"}


WRONG = [
    ([{**ONE, "adress": SECRET}], "adress"),
    ([{**ONE, SECRET: 1}], "a field"),
    ([{**ONE, "name": ""}], "name"),
    ([{**ONE, "name": "!!!"}], "name"),
    ([{**ONE, "name": 5}], "name"),
    ([{**ONE, "name": "x" * 61}], "name"),
    ([{**ONE, "name": "GPT-5"}], "name .*gpt-5"),
    ([ONE, {**ONE, "name": "my vlm-2.5"}], "endpoint 2 .*name .*my-vlm-2.5"),
    ([{key: value for key, value in ONE.items() if key != "model"}], "model"),
    ([{**ONE, "model": None}], "model"),
    ([{**ONE, "address": f"https://me:{SECRET}@x.example.org"}], "address"),
    ([{**ONE, "address": f"https://x.example.org/v1?key={SECRET}"}], "address"),
    ([{**ONE, "address": "localhost:8000"}], "address"),
    ([{**ONE, "key": 12}], "key"),
    ([{**ONE, "key": ""}], "key"),
    ([{**ONE, "key": SECRET, "key_variable": "MY_KEY"}], "key_variable"),
    ([{**ONE, "key_variable": SECRET}], "key_variable"),
    ([{**ONE, "key_variable": "OPENAI_API_KEY"}], "key_variable .*OPENAI_API_KEY"),
    ([{**ONE, "prompt": ["OCR:"]}], "prompt"),
    ([{**ONE, "max_parallel": 0}], "max_parallel"),
    ([{**ONE, "max_parallel": 2.5}], "max_parallel"),
    ([{**ONE, "max_parallel": True}], "max_parallel"),
    ([{**ONE, "temperature": "warm"}], "temperature"),
    ([{**ONE, "temperature": -1}], "temperature"),
    ([{**ONE, "price": 0.002}], "price"),
    ([{**ONE, "price": {"usd_per_page": 0.002}}], "price: as_of"),
    ([{**ONE, "price": {"usd_per_page": "x", "as_of": "2026-11-01"}}], "price: usd_per_page"),
    ([{**ONE, "price": {"usd_per_page": True, "as_of": "2026-11-01"}}], "price: usd_per_page"),
    ([{**ONE, "price": {"usd_per_page": -1, "as_of": "2026-11-01"}}], "price: usd_per_page"),
    ([{**ONE, "price": {"usd_per_million_input_tokens": 1, "as_of": "2026-11-01"}}], "price"),
    ([{**ONE, "price": {"usd_per_page": 1, "as_of": "soon"}}], "price: as_of"),
    ([{**ONE, "price": {"usd": 1, "as_of": "2026-11-01"}}], "price"),
    ([SECRET], "number 1"),
    ({"endpoints": [ONE]}, "endpoint"),
    ([ONE] * 101, "more than 100"),
    (f'[[endpoint]]\nname = "x"\nkey = {SECRET}', "line 3"),
    (f'{{"endpoint": [{{"key": "{SECRET}" "name"', "line 1"),
    (f"/nowhere/{SECRET}.toml", "cannot be read"),
    ("5", "cannot be read"),
]


@pytest.mark.parametrize(("written", "told"), WRONG, ids=range(len(WRONG)))
def test_what_cannot_be_used_is_told_by_entry_and_field_and_never_repeated(written, told):
    environ = with_endpoints(written)
    with pytest.raises(UnusableSetting, match=rf"INKQUEST_ENDPOINTS: .*{told}") as refused:
        Settings.from_env(environ)
    assert "hunter2" not in str(refused.value)
    assert str(refused.value).endswith(".")


def test_a_key_that_cannot_be_one_is_told_by_the_name_of_its_endpoint():
    environ = with_endpoints([{**ONE, "key": f"“{SECRET}”"}])
    with pytest.raises(UnusableSetting, match=r"the key of My VLM 2\.5") as refused:
        Keys.from_env(environ, Settings.from_env(environ))
    assert "hunter2" not in str(refused.value)


def test_a_key_stands_beside_its_endpoint_or_in_a_variable_and_never_in_a_row():
    written = [{**ONE, "key": SECRET}, {**ONE, "name": "b", "key_variable": "B_KEY"}, {**ONE, "name": "c"}]
    environ = with_endpoints(written, B_KEY="sk-of-b", INKQUEST_KEY_C="sk-of-c")
    settings = Settings.from_env(environ)
    keys = Keys.from_env(environ, settings)
    found = [keys.key_for(row) for row in settings.endpoints]
    assert [key.get_secret_value() for key in found] == [SECRET, "sk-of-b", "sk-of-c"]
    assert keys.live() == {SECRET, "sk-of-b", "sk-of-c"}, "to be struck out wherever it turns up"
    for shown in (settings, settings.variables_set, settings.endpoints):
        assert SECRET not in repr(shown)
    assert endpoint_keys(environ["INKQUEST_ENDPOINTS"]) == {"INKQUEST_KEY_MY_VLM_2_5": SECRET}


def test_strangers_do_not_spend_the_key_of_an_endpoint_and_give_one_of_their_own():
    environ = with_endpoints([{**ONE, "key": SECRET}], INKQUEST_PUBLIC="1")
    settings = Settings.from_env(environ)
    keys, [row] = Keys.from_env(environ, settings), settings.endpoints
    assert keys.key_for(row) is None
    keys.vault.put("ann", row.key_env, "sk-of-ann-4711")
    assert keys.key_for(row, "ann").get_secret_value() == "sk-of-ann-4711"
    keys.vault.put("ann", "OPENAI_API_KEY", "sk-for-openai-4711")
    assert keys.key_for(row, "ann").get_secret_value() == "sk-of-ann-4711"


def test_a_price_by_tokens_counts_the_image_in_estimates_and_budgets():
    _, omega = endpoint_rows(AS_TOML)
    page, task, day = PageImage("", b"", 1240, 1754), ReadingTask(), date(2026, 11, 1)
    likely, most = estimated(omega, page, task, day), worst_case(omega, page, task, day)
    assert isinstance(likely, Usd)
    assert likely.usd > 1240 * 1754 / 28**2 / 1e6
    assert most.usd > 2 * 1240 * 1754 / 28**2 / 1e6


def test_a_machine_of_one_s_own_may_cost_nothing():
    [row] = endpoint_rows(json.dumps([{**ONE, "price": {"usd_per_page": 0, "as_of": "2026-11-01"}}]))
    assert row.price.usd_per_page == 0


@pytest.fixture
def vendor():
    with LoopbackVendor(key=SECRET) as vendor:
        yield vendor


@pytest.fixture
def environ(vendor, tmp_path):
    written = [
        {**ONE, "name": "Image alone", "prompt": "", "key": SECRET},
        {**ONE, "name": "Own prompt", "prompt": "OCR:", "price": {"usd_per_page": 0.5, "as_of": "2026-11-01"}},
        {**ONE, "name": "Our prompt"},
    ]
    written = [{**entry, "address": vendor.url} for entry in written]
    return with_endpoints(written, INKQUEST_DATA=str(tmp_path))


def test_each_is_asked_in_its_own_way_and_reads(vendor, environ):
    offer = Offer.from_settings(Settings.from_env(environ), environ)
    task, page = ReadingTask(timeout_seconds=10), page_of(Image.new("RGB", (100, 80), "white"))
    specs = [offer.spec(name) for name in ("image-alone", "own-prompt", "our-prompt")]
    assert [offer.missing(spec) for spec in specs] == [None] * 3
    runs = {run.engine_id: run for run in offer.compare(specs, page, task, visitor="", stop=Event())}
    assert {run.outcome.text for run in runs.values() if isinstance(run.outcome, Reading)} == {TEXT}
    assert [runs[spec.id].outcome.sent.prompt for spec in specs] == [None, "OCR:", task.prompt]
    sent = {
        tuple(part.get("text") for part in request.json["messages"][0]["content"]): request.headers["authorization"]
        for request in vendor.requests
    }
    assert sent == {
        (None,): f"Bearer {SECRET}", (None, "OCR:"): "Bearer none", (None, task.prompt): "Bearer none",
    }  # fmt: skip


def test_the_command_line_lists_them(environ, monkeypatch, capsys):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert main(["engines", "--json"]) == 0
    listed = {row["id"]: row for row in json.loads(capsys.readouterr().out)}
    assert listed["own-prompt"]["ready"]
    assert listed["own-prompt"]["price"]["usd_per_page"] == 0.5
    assert SECRET not in json.dumps(listed)
    assert SECRET in os.environ["INKQUEST_ENDPOINTS"]


def test_they_are_evaluated_and_their_price_is_what_the_host_says(vendor, environ, monkeypatch, capsys, tmp_path):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    ledger = f"sqlite:///{tmp_path / 'runs.db'}"
    asked = ["run", str(one_line(tmp_path, 3)), "--engines", "image-alone,own-prompt", "--yes", "--ledger", ledger]
    assert evaluate(asked) == 0
    told = capsys.readouterr()
    assert "Own prompt" in told.out + told.err
    assert vendor.billed == 6
    run = find_run(Ledger(ledger), "")
    assert {spec.id: spec.options["prompt"] for spec in run.settings.engines} == {
        "image-alone": "",
        "own-prompt": "OCR:",
    }
    assert bill(Ledger(ledger), run.id).answered_usd == 1.5
    assert [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()] == []


def test_the_example_of_the_readme_works():
    [example] = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert [row.options.get("prompt") for row in endpoint_rows(example)] == ["Text Recognition:", "", None]


def test_on_a_public_host_visitors_agree_by_name_and_the_budget_pays_what_has_a_price(vendor, tmp_path):
    written = [
        {**ONE, "name": "Priced", "key": SECRET, "price": {"usd_per_page": 0.1, "as_of": "2026-11-01"}},
        {**ONE, "name": "Unpriced", "key": SECRET},
        {**ONE, "name": "Keyless"},
    ]
    environ = with_endpoints([{**entry, "address": vendor.url} for entry in written])
    environ |= {"INKQUEST_PUBLIC": "1", "INKQUEST_BUDGET_USD": "5", "INKQUEST_DATA": str(tmp_path)}
    settings = Settings.from_env(environ)
    specs = settings.endpoints
    hosting = Hosting.open(settings, specs, LoadedEngines(), Keys.from_env(environ, settings))
    page, task = page_of(Image.new("RGB", (100, 80), "white")), ReadingTask(timeout_seconds=10)

    def run():
        runs = hosting.guard.compare(specs, page, task, Visitor("ann", "ann"), stop=Event())
        return {run.engine_id: run for run in runs}

    assert {run.outcome.reason for run in run().values()} == {"consent-missing"}
    assert vendor.requests == []
    hosting.guard.consents.agree("ann", {"Priced (this host's endpoint)", specs[1].vendor, specs[2].vendor})
    runs = run()
    assert runs["unpriced"].outcome.reason == "budget-spent"
    assert runs["keyless"].outcome.text == runs["priced"].outcome.text == TEXT
    assert hosting.guard.budget.left("ann").day_usd == 4.9
    assert vendor.url not in repr(runs)
