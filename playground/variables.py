"""Environment variables as the types they stand for. Knows no names; an empty variable counts as not set."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

AMOUNT = re.compile(r"\d{1,9}(\.\d{1,20})?")
TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


class SettingsError(ValueError):
    """An environment variable has a value that cannot be used; the message names it and what it may be."""


@dataclass(frozen=True, slots=True)
class Variables:
    """Each method reads one variable; raises `SettingsError` where its value is of another kind."""

    environ: Mapping[str, str] = field(repr=False)

    def text(self, name: str) -> str:
        return self.environ.get(name, "").strip()

    def count(self, name: str, default: int) -> int:
        text = self.text(name)
        if not text:
            return default
        if not text.isdecimal() or int(text) == 0:
            raise SettingsError(f"{name} must be a whole number above 0, but is {text!r}.")
        return int(text)

    def amount(self, name: str, default: float) -> float:
        text = self.text(name)
        if not text:
            return default
        if not AMOUNT.fullmatch(text):
            raise SettingsError(f"{name} must be a number such as 2.50, but is {text!r}.")
        return float(text)

    def flag(self, name: str, *, default: bool) -> bool:
        text = (self.text(name) or str(default)).lower()
        if text not in TRUE | FALSE:
            raise SettingsError(f"{name} must be 1 or 0, but is {text!r}.")
        return text in TRUE

    def url(self, name: str) -> str:
        text = self.text(name)
        if text and (urlsplit(text).scheme not in {"http", "https"} or not urlsplit(text).hostname):
            raise SettingsError(f"{name} must be an address such as https://api.example.org/v1.")
        return text
