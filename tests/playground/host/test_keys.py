"""Whose key is used, for how long, and that no key shows."""

import json

import pytest
from pydantic import TypeAdapter

from engines.catalogue import CATALOGUE, spec_by_id
from playground.host.keys import MOST_KEYS, MOST_KEYS_EACH, Keys, KeyVault, Secret, UnusableKey
from playground.settings import Settings, UnusableSetting

CANARY = "sk-canary-1234567890"
GPT = spec_by_id("gpt-5")


def keys_of(environ: dict[str, str]) -> Keys:
    return Keys.from_env(environ, Settings.from_env(environ))


def revealed(secret: Secret | None) -> str | None:
    return secret.get_secret_value() if secret else None


def test_the_visitors_key_goes_before_the_hosts() -> None:
    keys = keys_of({"OPENAI_API_KEY": "sk-host"})
    keys.vault.put("ann", "OPENAI_API_KEY", "sk-ann-4711")
    assert revealed(keys.key_for(GPT, "ann")) == "sk-ann-4711"
    assert revealed(keys.key_for(GPT, "ben")) == "sk-host"


def test_without_any_key_there_is_none() -> None:
    assert keys_of({}).key_for(GPT, "ann") is None
    assert keys_of({"OPENAI_API_KEY": "sk-host"}).key_for(spec_by_id("tesseract"), "ann") is None


def test_strangers_do_not_spend_the_hosts_keys() -> None:
    keys = keys_of({"OPENAI_API_KEY": "sk-host", "INKQUEST_PUBLIC": "1"})
    assert keys.key_for(GPT) is None
    assert not keys.has("OPENAI_API_KEY")
    keys.vault.put("ann", "OPENAI_API_KEY", "sk-ann-4711")
    assert revealed(keys.key_for(GPT, "ann")) == "sk-ann-4711"


def test_has_tells_keys_and_account_settings() -> None:
    keys = keys_of({"OPENAI_API_KEY": "sk-host", "DOCUMENTINTELLIGENCE_ENDPOINT": "https://x.example.org"})
    keys.vault.put("ann", "ANTHROPIC_API_KEY", "sk-ann-4711")
    assert keys.has("OPENAI_API_KEY")
    assert keys.has("DOCUMENTINTELLIGENCE_ENDPOINT")
    assert keys.has("ANTHROPIC_API_KEY", "ann")
    assert not keys.has("ANTHROPIC_API_KEY", "ben")


def test_a_key_expires_and_can_be_forgotten() -> None:
    now = 0.0
    vault = KeyVault(lifetime_seconds=10, clock=lambda: now)
    vault.put("ann", "OPENAI_API_KEY", "sk-ann-4711")
    vault.put("ben", "OPENAI_API_KEY", "sk-ben-4711")
    vault.forget("ann")
    assert vault.get("ann", "OPENAI_API_KEY") is None
    assert revealed(vault.get("ben", "OPENAI_API_KEY")) == "sk-ben-4711"
    now = 10.0
    assert vault.get("ben", "OPENAI_API_KEY") is None


@pytest.mark.parametrize("typed", ["", "   ", "two words", "line\nbreak", f"“{CANARY}”", f'"{CANARY}"', CANARY * 1000])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(UnusableKey) as refusal:
        KeyVault().put("ann", "OPENAI_API_KEY", typed)
    assert CANARY not in str(refusal.value)


def test_a_pasted_key_loses_its_surrounding_blanks() -> None:
    vault = KeyVault()
    vault.put("ann", "OPENAI_API_KEY", f"  {CANARY}\n")
    assert revealed(vault.get("ann", "OPENAI_API_KEY")) == CANARY


def test_no_key_shows_in_text_or_json() -> None:
    keys = keys_of({"OPENAI_API_KEY": CANARY})
    secret = keys.key_for(GPT)
    shown = f"{secret} {secret!r} {keys!r} {vars(keys)} {json.dumps({'key': str(secret)})}"
    shown += TypeAdapter(Secret).dump_json(secret).decode()
    assert CANARY not in shown


def test_live_keys_are_told_even_to_a_log_record_written_while_the_vault_is_busy() -> None:
    vault = KeyVault()
    vault.put("ann", "OPENAI_API_KEY", CANARY)
    with vault._lock:
        assert [revealed(secret) for secret in vault.live()] == [CANARY]


@pytest.mark.parametrize(
    "value", ["“sk-hunter2”", "sk-hunter2\nsk-other", "sk hunter2", "sk-hunter2\x00", '"sk-hunter2"', "'sk-hunter2'"]
)
def test_a_host_s_key_that_cannot_be_one_is_refused_by_name(value):
    environ = {"OPENAI_API_KEY": value}
    with pytest.raises(UnusableSetting, match="OPENAI_API_KEY") as refusal:
        Keys.from_env(environ, Settings.from_env(environ))
    assert "hunter2" not in str(refusal.value)


def test_a_password_may_hold_what_a_key_may_not():
    vault = KeyVault()
    vault.put("visitor", "TRANSKRIBUS_PASSWORD", "größe mit leerzeichen")
    assert vault.get("visitor", "TRANSKRIBUS_PASSWORD").get_secret_value() == "größe mit leerzeichen"
    with pytest.raises(UnusableKey):
        vault.put("visitor", "TRANSKRIBUS_PASSWORD", "two\nlines")


WORDS = ["station", '"shared":', "playground.host.hosting", "gpt", "the reference", "READING", "Reading", "sk-ann"]
AMOUNTS = ["20261128", "1.5", '": 1.0, "', "2026-11-28"]


@pytest.mark.parametrize("typed", [*WORDS, *AMOUNTS, "sk-1234", "x1"])
@pytest.mark.parametrize("variable", ["OPENAI_API_KEY", "TRANSKRIBUS_PASSWORD"])
def test_what_stands_in_ordinary_texts_is_no_key(typed, variable):
    if variable.endswith("PASSWORD") and len(typed) > 8 and len(typed.replace(".", " ").split()) > 1:
        return  # a phrase is a password
    with pytest.raises(UnusableKey) as refusal:
        KeyVault().put("ann", variable, typed)
    assert typed not in str(refusal.value)


@pytest.mark.parametrize(
    "typed",
    ["0123456789abcdef" * 2, "AbCdEfGhIjKlMnOpQrStUvWxYzabcdef", "sk-proj-a1B2c3D4", "id12:secret-34", "eyJhbGciOi.J9"],
)
def test_what_vendors_give_out_is_a_key(typed):
    KeyVault().put("ann", "OPENAI_API_KEY", typed)


def test_a_stranger_s_key_is_known_to_nobody_else():
    keys = keys_of({"OPENAI_API_KEY": "sk-host-4711"})
    keys.vault.put("ann", "OPENAI_API_KEY", "sk-ann-4711")
    keys.vault.put("ben", "OPENAI_API_KEY", "sk-ben-4711")
    assert keys.known_to("ann") == {"sk-host-4711", "sk-ann-4711"}
    assert keys.known_to("") == {"sk-host-4711"}
    assert keys.live() == {"sk-host-4711", "sk-ann-4711", "sk-ben-4711"}


def test_who_brings_many_keys_loses_their_own_oldest():
    vault = KeyVault()
    vault.put("ben", "OPENAI_API_KEY", "sk-ben-4711", "ben")
    for number in range(MOST_KEYS_EACH + 5):
        vault.put(f"ann {number}", "OPENAI_API_KEY", f"sk-ann-{number:04}", "ann")
    assert len(vault.live()) == MOST_KEYS_EACH + 1
    assert vault.get("ann 4", "OPENAI_API_KEY") is None
    assert vault.get("ann 5", "OPENAI_API_KEY")
    assert vault.get("ben", "OPENAI_API_KEY")


def test_when_all_room_is_taken_the_payer_with_the_most_gives_way():
    vault = KeyVault()
    for number in range(MOST_KEYS):
        payer = "heavy" if number % 4 == 0 else f"payer {number % 40}"
        vault.put(f"{number}", "OPENAI_API_KEY", f"sk-key-{number:04}", payer)
    vault.put("late", "OPENAI_API_KEY", "sk-late-4711", "late")
    assert len(vault.live()) == MOST_KEYS
    assert vault.get("0", "OPENAI_API_KEY") is None
    assert vault.get("1", "OPENAI_API_KEY")
    vault.put("late", "OPENAI_API_KEY", "sk-late-4712", "late")
    assert vault.get("4", "OPENAI_API_KEY"), "a key that replaces another needs no room"


ACCOUNTS = {
    "azure-read": {
        "DOCUMENTINTELLIGENCE_ENDPOINT": "https://ours.cognitiveservices.azure.com",
        "DOCUMENTINTELLIGENCE_API_KEY": "key-of-ann-4711",
    },
    "transkribus": {
        "TRANSKRIBUS_USER": "ann@example.org",
        "TRANSKRIBUS_HTR_ID": "51170",
        "TRANSKRIBUS_PASSWORD": "a long pass phrase",
    },
    "textract": {
        "AWS_ACCESS_KEY_ID": "AKIA0123456789ABCDEF",
        "AWS_REGION": "eu-west-1",
        "AWS_SECRET_ACCESS_KEY": "secret-of-ann-4711",
    },
    "openai-compatible": {"OPENAI_COMPATIBLE_BASE_URL": "http://localhost:11434/v1", "OPENAI_COMPATIBLE_API_KEY": ""},
}


@pytest.mark.parametrize("engine_id", ACCOUNTS)
def test_an_account_is_asked_for_whole_and_taken_whole_or_not_at_all(engine_id):
    keys, spec, whole = keys_of({}), spec_by_id(engine_id), ACCOUNTS[engine_id]
    assert [field.variable for field in keys.fields(spec)] == list(whole)
    for field in keys.fields(spec):
        if field.required:
            with pytest.raises(UnusableKey) as refusal:
                keys.take("ann", spec, {**whole, field.variable: ""})
            assert refusal.value.variable == field.variable
    assert not keys.is_own(spec, "ann")
    assert keys.vault.given("ann") == frozenset()
    keys.take("ann", spec, whole)
    assert keys.vault.given("ann") == {name for name, value in whole.items() if value}
    keys.vault.remove("ann", spec.key_env)
    assert not keys.is_own(spec, "ann")


@pytest.mark.parametrize("spec", [spec for spec in CATALOGUE if spec.runs == "cloud"], ids=lambda spec: spec.id)
def test_every_field_of_an_account_has_a_name_to_ask_for_it(spec):
    assert all(field.name and field.name != field.variable for field in keys_of({}).fields(spec))


@pytest.mark.parametrize(
    ("engine_id", "variable", "value"),
    [
        ("azure-read", "DOCUMENTINTELLIGENCE_ENDPOINT", "https://evil.example"),
        ("azure-read", "DOCUMENTINTELLIGENCE_ENDPOINT", "https://evil.example/.cognitiveservices.azure.com"),
        ("azure-read", "DOCUMENTINTELLIGENCE_ENDPOINT", "http://ours.cognitiveservices.azure.com"),
        ("azure-read", "DOCUMENTINTELLIGENCE_ENDPOINT", "https://me:you@ours.cognitiveservices.azure.com"),
        ("textract", "AWS_REGION", "evil.example/x"),
        ("textract", "AWS_REGION", "eu-west-1.evil.example"),
        ("textract", "AWS_ACCESS_KEY_ID", "short"),
        ("transkribus", "TRANSKRIBUS_HTR_ID", "my model"),
        ("textract", "AWS_REGION", "eu-west-１"),
        ("transkribus", "TRANSKRIBUS_HTR_ID", "٥١١٧٠"),
        ("transkribus", "TRANSKRIBUS_USER", "two words"),
        ("transkribus", "TRANSKRIBUS_USER", "me\x00@example.org"),
        ("transkribus", "TRANSKRIBUS_USER", "\ud800@example.org"),
        ("openai-compatible", "OPENAI_COMPATIBLE_BASE_URL", "ftp://localhost"),
        ("openai-compatible", "OPENAI_COMPATIBLE_BASE_URL", "http://me:you@localhost/v1"),
        ("openai-compatible", "OPENAI_COMPATIBLE_BASE_URL", "http://localhost/v1?to=elsewhere"),
    ],
)
def test_a_setting_that_cannot_be_one_is_refused_by_its_name_and_not_repeated(engine_id, variable, value):
    keys = keys_of({})
    with pytest.raises(UnusableKey) as refusal:
        keys.take("ann", spec_by_id(engine_id), {**ACCOUNTS[engine_id], variable: value})
    assert refusal.value.variable == variable
    assert value not in str(refusal.value)


def test_a_stranger_of_a_public_host_names_no_server_of_its_network():
    keys, spec = keys_of({"INKQUEST_PUBLIC": "1"}), spec_by_id("openai-compatible")
    assert keys.fields(spec) == ()
    assert len(keys.fields(spec_by_id("azure-read"))) == 2


def test_a_visitor_s_settings_go_with_their_own_key_and_never_with_the_host_s():
    spec = spec_by_id("azure-read")
    environ = {**ACCOUNTS["azure-read"], "DOCUMENTINTELLIGENCE_API_KEY": "key-of-the-host-1"}
    keys = keys_of(environ)
    mine = {
        "DOCUMENTINTELLIGENCE_ENDPOINT": "https://anns.cognitiveservices.azure.com",
        "DOCUMENTINTELLIGENCE_API_KEY": "key-of-ann-4711",
    }
    keys.take("ann", spec, mine)
    own = keys.on_account(spec, "ann", revealed(keys.key_for(spec, "ann")))
    assert own.base_url == "https://anns.cognitiveservices.azure.com"
    assert own.base_url_env is None
    for visitor, key in (("ann", "key-of-the-host-1"), ("ann", None), ("ben", "key-of-ann-4711")):
        assert keys.on_account(spec, visitor, key) == spec


def test_who_needs_no_key_is_reached_without_the_host_s():
    spec = spec_by_id("openai-compatible")
    keys = keys_of({"OPENAI_COMPATIBLE_API_KEY": "key-of-the-host-1"})
    keys.take("ann", spec, ACCOUNTS["openai-compatible"])
    assert keys.key_for(spec, "ann") is None
    assert keys.on_account(spec, "ann", None).base_url == "http://localhost:11434/v1"
    assert revealed(keys.key_for(spec, "ben")) == "key-of-the-host-1"
