"""Where an engine's requests go and on whose account, from the row's options or its environment variables."""

from __future__ import annotations

import os

from engines.contract import EngineSpec
from engines.errors import EngineUnavailable


def base_url(spec: EngineSpec) -> str:
    """The address of the vendor without a closing slash; raises `EngineUnavailable`."""
    address = os.environ.get(spec.base_url_env or "", "").strip() or spec.base_url or ""
    if not address:
        raise EngineUnavailable(f"{spec.label} has no address to send the page to.", fix=f"Set {spec.base_url_env}.")
    return address.rstrip("/")


def account_setting(spec: EngineSpec, option: str, variable: str) -> str:
    """A user name or number that goes with the key; raises `EngineUnavailable`."""
    value = str(spec.options.get(option, "")) or os.environ.get(variable, "").strip()
    if not value:
        raise EngineUnavailable(f"{spec.label} needs the setting {variable}.", fix=f"Set {variable}.")
    return value


def required_key(spec: EngineSpec, key: str | None) -> str:
    """The key; raises `EngineUnavailable` before an SDK looks for one of its own in files and variables."""
    if not key:
        raise EngineUnavailable(f"{spec.label} needs a key.", fix=f"Set {spec.key_env} or enter your own key.")
    return key
