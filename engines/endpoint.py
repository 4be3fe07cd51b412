"""Where an engine's requests go and on whose account, from the row's options or its environment variables."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from engines.catalogue import WIRES, with_overrides
from engines.contract import EngineSpec, WireProtocol
from engines.errors import EngineUnavailable
from translations import N_, _


@dataclass(frozen=True, slots=True)
class AccountSetting:
    """What an account has beside its key; `option` is the row's option that holds it, empty for an address."""

    title: str
    phrase: str
    """The title within a sentence."""
    option: str
    example: str
    shape: str
    """A regular expression. SECURITY: of an address it decides where pages and keys of visitors may go."""

    @property
    def name(self) -> str:
        """What it is called on a screen."""
        return _(self.title)

    @property
    def within(self) -> str:
        """What it is called within a sentence."""
        return _(self.phrase)


ACCOUNT_SETTINGS: Mapping[str, AccountSetting] = {
    "AWS_ACCESS_KEY_ID": AccountSetting(
        N_("Access key ID"), N_("access key id"), "access_key_id", "AKIA…", r"[A-Z0-9]{16,128}"
    ),
    "AWS_REGION": AccountSetting(
        N_("Region"), N_("region"), "region", "eu-west-1", r"[a-z]{2,3}(-[a-z]+){1,2}-\d{1,2}"
    ),
    "DOCUMENTINTELLIGENCE_ENDPOINT": AccountSetting(
        N_("Endpoint"),
        N_("endpoint"),
        "",
        "https://NAME.cognitiveservices.azure.com",
        r"https://[a-z0-9-]+\.(cognitiveservices\.azure\.(com|us|cn)|api\.cognitive\.microsoft\.(com|us)|"
        r"api\.cognitive\.azure\.cn)/?",
    ),
    "OPENAI_COMPATIBLE_BASE_URL": AccountSetting(
        N_("Address"), N_("address"), "", "http://localhost:11434/v1", r"https?://\S{1,300}"
    ),
    "TRANSKRIBUS_HTR_ID": AccountSetting(N_("Model number"), N_("model number"), "htr_id", "51170", r"\d{1,9}"),
    "TRANSKRIBUS_USER": AccountSetting(N_("User name"), N_("user name"), "user", "you@example.org", r"[^\s:]{1,254}"),
}
"""By the environment variable in which a host may give it."""


def refused_setting(spec: EngineSpec, variable: str, value: str) -> str:
    """Why this cannot be such a setting, in a sentence that quotes nothing of it; empty where it can be."""
    setting = ACCOUNT_SETTINGS[variable]
    if not value.isprintable() or not re.fullmatch(setting.shape, value, re.ASCII):
        return _(
            "This is no {setting} of {engine}. It looks like {example}.",
            setting=setting.within,
            engine=spec.label,
            example=setting.example,
        )
    try:
        if not setting.option:
            usable_address(value, spec.protocol)
    except ValueError as error:
        return f"{setting.name} {error}"
    return ""


def on_account(spec: EngineSpec, settings: Mapping[str, str]) -> EngineSpec:
    """The row with the settings of an account, by variable, in the place of this machine's."""
    options = {one.option: settings[name] for name, one in ACCOUNT_SETTINGS.items() if name in settings and one.option}
    return with_overrides(spec, base_url=settings.get(spec.base_url_env or "", ""), options=options)


def base_url(spec: EngineSpec) -> str:
    """The address of the vendor as its SDK wants it; raises `EngineUnavailable`."""
    address = os.environ.get(spec.base_url_env or "", "").strip() or spec.base_url or ""
    if not address:
        raise EngineUnavailable(
            _("{engine} has no address to send the page to.", engine=spec.label),
            fix=_("Set {variable}.", variable=spec.base_url_env),
        )
    try:
        return usable_address(address, spec.protocol)
    except ValueError as error:
        setting = spec.base_url_env or _("the address")
        raise EngineUnavailable(
            _("{engine}: {setting} {complaint}", engine=spec.label, setting=setting, complaint=error)
        ) from None


def usable_address(address: str, protocol: WireProtocol) -> str:
    """The address without what its SDK adds and without a closing slash.

    Raises ValueError with the rest of a sentence that begins with the name of the setting, and quotes nothing of it: an
    address may hold a password.
    """
    if not address.isprintable() or any(character.isspace() for character in address):
        raise ValueError(
            _("holds a space or a line break. Write the address alone, such as https://api.example.org/v1.")
        )
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not _has_port_of_numbers(parts):
        raise ValueError(_("must be an address such as https://api.example.org/v1."))
    if parts.username is not None or parts.password is not None:
        raise ValueError(_("holds a user name or password. Leave it out of the address and give it as the key."))
    if parts.query or parts.fragment:
        raise ValueError(_("holds a question mark or hash sign and what follows it. End the address before that."))
    path = parts.path.rstrip("/")
    wire = WIRES[protocol]
    for ending in wire.left_out:
        path = path.removesuffix(ending).rstrip("/")
    return f"{parts.scheme}://{parts.netloc}{path or wire.usual_path}"


def _has_port_of_numbers(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def own_account(spec: EngineSpec, key: str) -> bool:
    """Whether the key is the one this machine's environment holds: only with it may an SDK's other settings travel."""
    return bool(spec.key_env) and os.environ.get(spec.key_env or "", "").strip() == key


def account_setting(spec: EngineSpec, variable: str) -> str:
    """A user name or number that goes with the key; raises `EngineUnavailable`."""
    value = str(spec.options.get(ACCOUNT_SETTINGS[variable].option, "")) or os.environ.get(variable, "").strip()
    if not value:
        raise EngineUnavailable(
            _("{engine} needs the setting {variable}.", engine=spec.label, variable=variable),
            fix=_("Set {variable}.", variable=variable),
        )
    return value


def required_key(spec: EngineSpec, key: str | None) -> str:
    """The key; raises `EngineUnavailable` before an SDK looks for one of its own in files and variables."""
    if not key:
        raise EngineUnavailable(
            _("{engine} needs a key.", engine=spec.label),
            fix=_("Set {variable} or enter your own key.", variable=spec.key_env),
        )
    return key
