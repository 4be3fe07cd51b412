"""Whose API key is used for an engine: the visitor's, else the host's, else none. Keys live in memory only.

SECURITY: a key's value leaves a `Secret` only on its way into an adapter. Nothing here writes, logs or prints one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from threading import Lock
from time import monotonic
from types import MappingProxyType

from pydantic import SecretStr

from engines.contract import EngineSpec
from engines.endpoint import ACCOUNT_SETTINGS, on_account, refused_setting
from playground.endpoints import endpoint_keys
from playground.settings import ENDPOINTS, Settings, UnusableSetting, rows
from translations import N_, _

LONGEST_KEY = 4096
SHORTEST_OWN_KEY = 8
MOST_KEYS = 2000
"""A few for each desk that is kept."""
MOST_KEYS_EACH = MOST_KEYS // 4
ANY_ADDRESS = "OPENAI_COMPATIBLE_BASE_URL"
"""SECURITY: strangers must not have the server ask machines of its own network."""

EMPTY = N_("The key is empty. Paste the key your vendor shows you.")

Secret = SecretStr
"""A key whose repr, str and JSON show stars."""


class UnusableKey(ValueError):
    """What the visitor typed cannot be used; the message says why and never repeats it.

    `variable` names the field it is about, where it is about one.
    """

    variable = ""


@dataclass(frozen=True, slots=True)
class KeyField:
    """One thing to fill in of an account: `name` as people call it; only what is secret is a secret."""

    variable: str
    name: str
    example: str = ""
    secret: bool = False
    required: bool = True


class KeyVault:
    """Visitors' own keys, each for one session and a limited time.

    No `TTLCache`: `live` is read without a lock, so each change puts a new dictionary in the place of the old one.
    """

    def __init__(self, *, lifetime_seconds: float = 3600, clock: Callable[[], float] = monotonic) -> None:
        self._lifetime_seconds = lifetime_seconds
        self._clock = clock
        self._entries: dict[tuple[str, str], Account] = {}
        self._lock = Lock()

    def put(
        self,
        visitor: str,
        variable: str,
        typed: str,
        payer: str = "",
        settings: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Keep a key for one visitor under the name of its environment variable, and what else its account has.

        Raises `UnusableKey`. Nothing typed stands for an account without a key, where there are settings. Where there
        is no room, the oldest key of the payer with the most goes.
        """
        secret = _checked(variable, typed) if typed.strip() or not settings else None
        if secret:
            _refuse_plain(variable, secret.get_secret_value())
        with self._lock:
            self._drop_expired()
            entries = {owner: entry for owner, entry in self._entries.items() if owner != (visitor, variable)}
            if (crowded := _crowded(entries.values(), payer)) is not None:
                del entries[next(owner for owner, entry in entries.items() if entry.payer == crowded)]
            expires_at = self._clock() + self._lifetime_seconds
            entries[visitor, variable] = Account(secret, MappingProxyType(dict(settings)), payer, expires_at)
            self._entries = entries

    def account(self, visitor: str, variable: str) -> Account | None:
        """What the visitor gave, if it has not expired."""
        with self._lock:
            self._drop_expired()
            return self._entries.get((visitor, variable))

    def get(self, visitor: str, variable: str) -> Secret | None:
        """The visitor's key if it was given and has not expired."""
        account = self.account(visitor, variable)
        return account.secret if account else None

    def given(self, visitor: str) -> frozenset[str]:
        """The names of all the visitor gave: keys, and what belongs to them."""
        with self._lock:
            self._drop_expired()
            mine = [(name, one) for (owner, name), one in self._entries.items() if owner == visitor]
        return frozenset(name for key, one in mine for name in (*one.settings, *((key,) if one.secret else ())))

    def remove(self, visitor: str, variable: str) -> None:
        """The visitor takes a key back, and what belongs to it."""
        with self._lock:
            self._entries = {owner: one for owner, one in self._entries.items() if owner != (visitor, variable)}

    def live(self) -> tuple[Secret, ...]:
        """Every key that is kept. Takes no lock: a log record can be written while this thread holds it."""
        return tuple(entry.secret for entry in self._entries.values() if entry.secret)

    def of(self, visitor: str) -> tuple[Secret, ...]:
        """Every key of one visitor."""
        mine = (entry.secret for (owner, _variable), entry in self._entries.items() if owner == visitor)
        return tuple(secret for secret in mine if secret)

    def forget(self, visitor: str) -> None:
        """Drop every key of a visitor: the session is over."""
        with self._lock:
            self._entries = {owner: entry for owner, entry in self._entries.items() if owner[0] != visitor}

    def _drop_expired(self) -> None:
        now = self._clock()
        self._entries = {owner: entry for owner, entry in self._entries.items() if entry.expires_at > now}


class Keys:
    """Finds the key for an engine and a visitor."""

    def __init__(
        self,
        host_keys: Mapping[str, Secret],
        host_settings: AbstractSet[str],
        vault: KeyVault,
        *,
        any_address: bool,
    ) -> None:
        """With `any_address` a visitor may name a server of any kind to send the page to."""
        self._host_keys = host_keys
        self._host_settings = host_settings
        self.vault = vault
        self._any_address = any_address

    @classmethod
    def from_env(cls, environ: Mapping[str, str], settings: Settings) -> Keys:
        """The host's keys from the environment, and an empty vault for visitors' keys.

        On a public host without a budget strangers would spend without a limit, so there its keys are left alone.
        Raises `UnusableSetting` for what cannot be a key.
        """
        variables = frozenset(spec.key_env for spec in rows(settings.endpoints) if spec.key_env)
        values = {name: environ[name] for name in variables & settings.variables_set}
        beside = endpoint_keys(environ.get(ENDPOINTS, ""))
        told = {row.key_env: f"{ENDPOINTS}: the key of {row.label}" for row in settings.endpoints}
        left_alone = settings.public and settings.caps is None
        keys = {} if left_alone else {name: _hosts_own(name, name, value) for name, value in values.items()}
        if not left_alone:
            keys |= {name: _hosts_own(told[name], name, value) for name, value in beside.items()}
        beside_keys, anywhere = settings.variables_set - variables, not settings.public
        return cls(keys, beside_keys, KeyVault(), any_address=anywhere)

    def key_for(self, spec: EngineSpec, visitor: str = "") -> Secret | None:
        """The key to call this engine with, or None where it needs none or nobody gave one."""
        if spec.key_env is None:
            return None
        account = self.vault.account(visitor, spec.key_env)
        return account.secret if account else self._host_keys.get(spec.key_env)

    def fields(self, spec: EngineSpec) -> tuple[KeyField, ...]:
        """What a visitor fills in to use an account of their own with this engine; nothing where they cannot."""
        if spec.key_env is None or (not self._any_address and ANY_ADDRESS in spec.other_env):
            return ()
        settings = (
            KeyField(name, _(one.name), one.example, required=name not in self._host_settings)
            for name in spec.other_env
            if (one := ACCOUNT_SETTINGS[name])
        )
        optional = bool(spec.options.get("key_optional"))
        return (*settings, KeyField(spec.key_env, _name(spec.key_env), secret=True, required=not optional))

    def is_own(self, spec: EngineSpec, visitor: str) -> bool:
        """Whether the visitor gave an account of their own for this engine."""
        return spec.key_env is not None and self.vault.account(visitor, spec.key_env) is not None

    def take(self, visitor: str, spec: EngineSpec, typed: Mapping[str, str], payer: str = "") -> None:
        """Keep all of an account or, where something of it cannot be, nothing; raises `UnusableKey`."""
        fields = self.fields(spec)
        given = {field.variable: typed.get(field.variable, "").strip() for field in fields}
        key = given.pop(spec.key_env or "", "")
        settings = {name: value for name, value in given.items() if value}
        try:
            for field in fields:
                _check(spec, field, key if field.secret else given[field.variable])
            self.vault.put(visitor, spec.key_env or "", key, payer, settings)
        except UnusableKey as error:
            error.variable = error.variable or spec.key_env or ""
            raise

    def on_account(self, spec: EngineSpec, visitor: str, key: str | None) -> EngineSpec:
        """The row as it stands with this key.

        SECURITY: a visitor's address, region or user name goes with the visitor's own key and never with the host's,
        which would else be sent to an address that a stranger chose.
        """
        account = self.vault.account(visitor, spec.key_env) if spec.key_env else None
        own = account.secret.get_secret_value() if account and account.secret else None
        return on_account(spec, account.settings) if account and own == key else spec

    def is_hosts(self, spec: EngineSpec, key: str | None) -> bool:
        """Whether this is the host's own key for the engine, so that the host pays."""
        own = self._host_keys.get(spec.key_env or "")
        return own is not None and own.get_secret_value() == key

    def live(self) -> frozenset[str]:
        """The value of every key in use, for `redaction` to strike out of logs."""
        return self._values(self.vault.live())

    def known_to(self, visitor: str) -> frozenset[str]:
        """The host's keys and this visitor's: a stranger's must not strike anything out of somebody else's texts."""
        return self._values(self.vault.of(visitor))

    def _values(self, visitors: Iterable[Secret]) -> frozenset[str]:
        return frozenset(secret.get_secret_value() for secret in (*self._host_keys.values(), *visitors))

    def has(self, variable: str, visitor: str = "") -> bool:
        """Whether a key or account setting of that name is there for this visitor: what `availability` asks."""
        here = variable in self._host_keys or variable in self._host_settings
        return here or variable in self.vault.given(visitor)


@dataclass(frozen=True, slots=True)
class Account:
    """What a visitor gave for an engine: a key, unless it needs none, and what belongs to that key, by variable."""

    secret: Secret | None
    settings: Mapping[str, str]
    payer: str
    expires_at: float


def _crowded(entries: Iterable[Account], payer: str) -> str | None:
    """The payer who has to give up a key before this one brings another, or None."""
    each = Counter(entry.payer for entry in entries)
    if each[payer] >= MOST_KEYS_EACH:
        return payer
    return each.most_common(1)[0][0] if each.total() >= MOST_KEYS else None


def _name(variable: str) -> str:
    if variable == "AWS_SECRET_ACCESS_KEY":
        return _("Secret access key")
    return _("Password") if variable.endswith("PASSWORD") else _("API key")


def _check(spec: EngineSpec, field: KeyField, value: str) -> None:
    """Raises `UnusableKey` for a field that must not be empty, or a setting that is none."""
    if field.required and not value:
        wrong = _(EMPTY) if field.secret else _("{field} is empty.", field=field.name)
    else:
        wrong = refused_setting(spec, field.variable, value) if value and not field.secret else ""
    if wrong:
        error = UnusableKey(wrong)
        error.variable = field.variable
        raise error


def _hosts_own(told: str, variable: str, value: str) -> Secret:
    try:
        return _checked(variable, value)
    except UnusableKey as error:
        raise UnusableSetting(f"{told} cannot be used. {error}") from None


def _checked(variable: str, typed: str) -> Secret:
    key = typed.strip()
    if not key:
        raise UnusableKey(_(EMPTY))
    if len(key) > LONGEST_KEY:
        raise UnusableKey(_("A key has at most {most} characters. Paste only the key.", most=LONGEST_KEY))
    # A line break or a curly quote would make the HTTP library fail with a message that holds the key.
    # A password travels in the body, and may hold any character that one can type.
    fit = key.isprintable() if variable.endswith("PASSWORD") else key.isascii() and key.isprintable() and " " not in key
    if not fit:
        raise UnusableKey(_("A key has no spaces, line breaks or special characters. Paste only the key."))
    if _QUOTED.fullmatch(key) and not variable.endswith("PASSWORD"):
        raise UnusableKey(_("The key has quotation marks around it. Leave them out."))
    return Secret(key)


_QUOTED = re.compile(r"([\"'`]).*\1")
"""As a file of settings keeps them where a shell would not."""


def _refuse_plain(variable: str, key: str) -> None:
    """What is no secret must not be struck out of texts: words, amounts, a few letters. A password may be a phrase."""
    runs = re.findall(r"[^\W\d_]+", key)
    words = not re.search(r"\d", key) and all(run.islower() or run.isupper() or run.istitle() for run in runs)
    phrase = variable.endswith("PASSWORD") and len(runs) > 1
    if len(key) < SHORTEST_OWN_KEY or not runs or (words and not phrase):
        raise UnusableKey(
            _(
                "This cannot be told from ordinary text: a key has at least {fewest} characters, letters and digits "
                "mixed. Paste the whole key; whoever runs this app can set another kind before it starts.",
                fewest=SHORTEST_OWN_KEY,
            )
        )
