"""The OpenAI-compatible endpoints that a host names in a file or a variable, as rows like any other.

Knows which key belongs to which row, and keeps none. Errors are the rest of a sentence that begins with the setting's
name; they quote names and fields, and never a value, which may be a key.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from engines.catalogue import CATALOGUE
from engines.cloud_rows import COMPATIBLE
from engines.contract import EngineSpec, Price, Setting, WireProtocol
from engines.endpoint import usable_address
from translations import N_

MOST_BYTES = 1_000_000
MOST_ENDPOINTS = 100
MOST_AT_ONCE = 64
LONGEST_NAME = 60
FIELDS = frozenset(
    {"name", "address", "model", "key", "key_variable", "price", "prompt", "max_parallel", "temperature"}
)
RATES = ("usd_per_page", "usd_per_million_input_tokens", "usd_per_million_output_tokens")
VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,99}")
PRICED_BY_TOKEN: Mapping[str, Setting] = {
    "vision": "patches", "patch": 28, "most_patches": 10**9, "tokens_per_patch": 1.0,
}  # fmt: skip
"""What an image is taken to cost in tokens: as in most open models, and without an end, for budgets rest on it."""

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Entry:
    """One endpoint as it is written; `title` says in errors which one it is."""

    table: Table
    title: str

    def wrong(self, field: str, what: str) -> ValueError:
        return ValueError(f"{self.title}: {field} {what}")

    def text(self, field: str, *, default: str | None = None) -> str:
        value = self.table.get(field, default)
        if not isinstance(value, str) or not (value.strip() or default is not None):
            raise self.wrong(field, "must be a text in quotes.")
        return value if field == "prompt" else value.strip()


def endpoint_rows(written: str) -> tuple[EngineSpec, ...]:
    """A row for each endpoint of a TOML or JSON file or value, each with an id of its own; raises ValueError."""
    rows: list[EngineSpec] = []
    for entry in _entries(written):
        row = _row(entry)
        taken = {spec.id: spec.label for spec in (*CATALOGUE, *rows)}
        if row.id in taken:
            raise entry.wrong("name", f"leads to the id {row.id}, which {taken[row.id]} has. Choose another.")
        rows.append(row)
    return tuple(rows)


def endpoint_keys(written: str) -> Mapping[str, str]:
    """The keys that stand beside their endpoints, by the name under which the row asks for its own."""
    entries = ((_row(entry), entry) for entry in _entries(written))
    return {row.key_env: entry.text("key") for row, entry in entries if row.key_env and "key" in entry.table}


def _row(entry: _Entry) -> EngineSpec:
    name = entry.text("name")
    price = _price(entry)
    by_token = price is not None and price.usd_per_page is None
    options = {
        "temperature": _number(entry, "temperature", 2, "must be from 0 to 2."),
        "key_optional": "key" not in entry.table and "key_variable" not in entry.table,
        **(PRICED_BY_TOKEN if by_token else {}),
        **({"prompt": entry.text("prompt", default="")} if "prompt" in entry.table else {}),
    }
    return replace(
        COMPATIBLE,
        id=_id(entry, name),
        label=name,
        vendor=f"{name} (this host's endpoint)",
        family=f"endpoint {_id(entry, name)}",
        model=entry.text("model"),
        key_env=_key_variable(entry, name),
        other_env=(),
        base_url=_address(entry),
        base_url_env=None,
        max_parallel=_at_once(entry),
        price=price,
        note=N_("An OpenAI-compatible endpoint of this host: the page goes there."),
        options=options,
    )


def _id(entry: _Entry, name: str) -> str:
    """As other rows' ids are written: small letters, digits, points and hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    found = re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.")
    if not found or not name.isprintable() or len(name) > LONGEST_NAME:
        raise entry.wrong("name", f"must have letters from a to z or digits, and at most {LONGEST_NAME} characters.")
    return found


def _address(entry: _Entry) -> str:
    written = entry.text("address")
    try:
        return usable_address(written, WireProtocol.OPENAI_CHAT)
    except ValueError as error:
        raise entry.wrong("address", str(error)) from None


def _key_variable(entry: _Entry, name: str) -> str:
    """SECURITY: never one that a vendor's row goes by, or a key that a visitor typed for that vendor would go here."""
    if "key" in entry.table and "key_variable" in entry.table:
        raise entry.wrong("key", "and key_variable exclude each other. Leave one out.")
    if "key" in entry.table:
        entry.text("key")
    if "key_variable" not in entry.table:
        return f"INKQUEST_KEY_{re.sub(r'[^A-Z0-9]', '_', _id(entry, name).upper())}"
    variable = entry.text("key_variable")
    if not VARIABLE.fullmatch(variable):
        raise entry.wrong("key_variable", "must be the name of an environment variable, such as MY_SERVER_KEY.")
    if variable in {spec.key_env for spec in CATALOGUE}:
        raise entry.wrong("key_variable", f"cannot be {variable}, by which another engine goes. Use one of its own.")
    return variable


def _at_once(entry: _Entry) -> int:
    value = entry.table.get("max_parallel", COMPATIBLE.max_parallel)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_AT_ONCE:
        raise entry.wrong("max_parallel", f"must be a whole number from 1 to {MOST_AT_ONCE}.")
    return value


def _number(entry: _Entry, field: str, most: float, what: str) -> float:
    value = entry.table.get(field, 0.0)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not 0 <= value <= most:
        raise entry.wrong(field, what)
    return float(value)


def _price(entry: _Entry) -> Price | None:
    if "price" not in entry.table:
        return None
    written = entry.table["price"]
    if not isinstance(written, dict) or not written.keys() & set(RATES) or written.keys() - {*RATES, "as_of", "source"}:
        raise entry.wrong("price", f"must be a table with as_of and {RATES[0]}, or {RATES[1]} and {RATES[2]}.")
    inner = _Entry(written, f"{entry.title}: price")
    rates = {name: _number(inner, name, math.inf, "must be a number of dollars.") for name in RATES if name in written}
    if (RATES[1] in rates) != (RATES[2] in rates):
        raise entry.wrong("price", f"needs both {RATES[1]} and {RATES[2]}.")
    page, tokens_in, tokens_out = (rates.get(name) for name in RATES)
    return Price(
        source=inner.text("source", default=N_("stated by this host")),
        as_of=_day(inner),
        usd_per_page=page,
        usd_per_million_input_tokens=tokens_in,
        usd_per_million_output_tokens=tokens_out,
    )


def _day(price: _Entry) -> date:
    """A date of TOML, or one written as in JSON."""
    value = price.table.get("as_of")
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise price.wrong("as_of", "must be the day on which it was right, such as 2026-11-28.") from None


def _entries(written: str) -> Iterator[_Entry]:
    tables = _tables(written) if written.strip() else []
    if len(tables) > MOST_ENDPOINTS:
        raise ValueError(f"names more than {MOST_ENDPOINTS} endpoints.")
    for number, table in enumerate(tables, 1):
        if not isinstance(table, dict):
            raise ValueError(f"must be a list of endpoints; number {number} is none.")
        name = table.get("name")
        named = isinstance(name, str) and name.isprintable() and len(name) <= LONGEST_NAME
        entry = _Entry(table, f"endpoint {number}" + (f" ({name})" if named else ""))
        for field in sorted(table.keys() - FIELDS):
            known = ", ".join(sorted(FIELDS))
            told = field if re.fullmatch(r"[a-z_]{1,30}", field) else "a field"
            raise entry.wrong(told, f"is not known. It can have: {known}.")
        yield entry


def _tables(written: str) -> list[Any]:
    text = written.strip() if written.lstrip().startswith(("[", "{")) or "=" in written else _content(Path(written))
    document = _parsed(text)
    tables = document.get("endpoint") if isinstance(document, dict) and document.keys() == {"endpoint"} else document
    if not isinstance(tables, list):
        raise ValueError("must be a list of [[endpoint]] tables in TOML, or of objects in JSON.")
    return tables


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError("names a file of more than 1 MB.")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ValueError("names a file that cannot be read. Give its path, or the endpoints themselves.") from None


def _parsed(text: str) -> object:
    """The document, whichever of the two it is; a parser's own words would quote it, so only the line is told."""
    try:
        return json.loads(text)
    except ValueError as of_json:
        line = getattr(of_json, "lineno", 1)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as of_toml:
        found = re.search(r"at line (\d+)", str(of_toml))
        if not text.lstrip().startswith(("{", "[{")) and found:
            line = int(found[1])
        raise ValueError(f"is neither JSON nor TOML: look at line {line}.") from None
