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

from pydantic import SecretStr

from engines.contract import EngineSpec
from playground.endpoints import endpoint_keys
from playground.settings import ENDPOINTS, Settings, UnusableSetting, rows

LONGEST_KEY = 4096
SHORTEST_OWN_KEY = 8
MOST_KEYS = 2000
"""A few for each desk that is kept."""
MOST_KEYS_EACH = MOST_KEYS // 4

Secret = SecretStr
"""A key whose repr, str and JSON show stars."""


class UnusableKey(ValueError):
    """What the visitor typed cannot be an API key; the message says why and never repeats it."""


class KeyVault:
    """Visitors' own keys, each for one session and a limited time.

    No `TTLCache`: `live` is read without a lock, so each change puts a new dictionary in the place of the old one.
    """

    def __init__(self, *, lifetime_seconds: float = 3600, clock: Callable[[], float] = monotonic) -> None:
        self._lifetime_seconds = lifetime_seconds
        self._clock = clock
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._lock = Lock()

    def put(self, visitor: str, variable: str, typed: str, payer: str = "") -> None:
        """Keep a key for one visitor under the name of its environment variable; raises `UnusableKey`.

        Where there is no room, the oldest key of the payer with the most goes.
        """
        secret = _checked(variable, typed)
        _refuse_plain(variable, secret.get_secret_value())
        with self._lock:
            self._drop_expired()
            entries = {owner: entry for owner, entry in self._entries.items() if owner != (visitor, variable)}
            if (crowded := _crowded(entries.values(), payer)) is not None:
                del entries[next(owner for owner, entry in entries.items() if entry.payer == crowded)]
            entries[visitor, variable] = _Entry(secret, payer, self._clock() + self._lifetime_seconds)
            self._entries = entries

    def get(self, visitor: str, variable: str) -> Secret | None:
        """The visitor's key if it was given and has not expired."""
        with self._lock:
            self._drop_expired()
            entry = self._entries.get((visitor, variable))
        return entry.secret if entry else None

    def live(self) -> tuple[Secret, ...]:
        """Every key that is kept. Takes no lock: a log record can be written while this thread holds it."""
        return tuple(entry.secret for entry in self._entries.values())

    def of(self, visitor: str) -> tuple[Secret, ...]:
        """Every key of one visitor."""
        return tuple(entry.secret for (owner, _), entry in self._entries.items() if owner == visitor)

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
        variables: AbstractSet[str],
        vault: KeyVault,
    ) -> None:
        self._host_keys = host_keys
        self._host_settings = host_settings
        self.vault = vault
        self.variables = variables
        """The names under which a visitor may give a key."""

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
        return cls(keys, settings.variables_set - variables, variables, KeyVault())

    def key_for(self, spec: EngineSpec, visitor: str = "") -> Secret | None:
        """The key to call this engine with, or None where it needs none or nobody gave one."""
        if spec.key_env is None:
            return None
        return self.vault.get(visitor, spec.key_env) or self._host_keys.get(spec.key_env)

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
        return here or self.vault.get(visitor, variable) is not None


@dataclass(frozen=True, slots=True)
class _Entry:
    secret: Secret
    payer: str
    expires_at: float


def _crowded(entries: Iterable[_Entry], payer: str) -> str | None:
    """The payer who has to give up a key before this one brings another, or None."""
    each = Counter(entry.payer for entry in entries)
    if each[payer] >= MOST_KEYS_EACH:
        return payer
    return each.most_common(1)[0][0] if each.total() >= MOST_KEYS else None


def _hosts_own(told: str, variable: str, value: str) -> Secret:
    try:
        return _checked(variable, value)
    except UnusableKey as error:
        raise UnusableSetting(f"{told} cannot be used. {error}") from None


def _checked(variable: str, typed: str) -> Secret:
    key = typed.strip()
    if not key:
        raise UnusableKey("The key is empty. Paste the key your vendor shows you.")
    if len(key) > LONGEST_KEY:
        raise UnusableKey(f"A key has at most {LONGEST_KEY} characters. Paste only the key.")
    # A line break or a curly quote would make the HTTP library fail with a message that holds the key.
    # A password travels in the body, and may hold any character that one can type.
    fit = key.isprintable() if variable.endswith("PASSWORD") else key.isascii() and key.isprintable() and " " not in key
    if not fit:
        raise UnusableKey("A key has no spaces, line breaks or special characters. Paste only the key.")
    return Secret(key)


def _refuse_plain(variable: str, key: str) -> None:
    """What is no secret must not be struck out of texts: words, amounts, a few letters. A password may be a phrase."""
    runs = re.findall(r"[^\W\d_]+", key)
    words = not re.search(r"\d", key) and all(run.islower() or run.isupper() or run.istitle() for run in runs)
    phrase = variable.endswith("PASSWORD") and len(runs) > 1
    if len(key) < SHORTEST_OWN_KEY or not runs or (words and not phrase):
        raise UnusableKey(
            f"This cannot be told from ordinary text: a key has at least {SHORTEST_OWN_KEY} characters, letters and "
            "digits mixed. Paste the whole key; whoever runs this app can set another kind before it starts."
        )
