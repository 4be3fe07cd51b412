"""What the host chose, read once from environment variables. Knows which keys exist, never their values."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from engines.catalogue import CATALOGUE, with_overrides
from engines.cloud_rows import COMPATIBLE
from engines.contract import EngineSpec
from engines.endpoint import usable_address
from playground.endpoints import endpoint_rows

ENDPOINTS = "INKQUEST_ENDPOINTS"
MODEL_PREFIX = "INKQUEST_MODEL_"
WEIGHTS_PREFIX = "INKQUEST_WEIGHTS_"
LOCK_SECONDS = 0.0005
"""A tenth of Python's own: how long a thread keeps the lock that another waits for."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one visitor, and all together, may ask of this machine."""

    upload_megabytes: int = 25
    deadline_seconds: int = 120
    comparisons_at_once: int = 16
    """Of four local engines on two cores that many end within the deadline; more is right for cloud engines."""
    queue_size: int = 64


@dataclass(frozen=True, slots=True)
class Caps:
    """What the host's own keys may spend in a day (UTC), in US dollars: all visitors, one engine, one visitor."""

    day_usd: float
    engine_usd: float
    visitor_usd: float


@dataclass(frozen=True, slots=True)
class RowOverride:
    """What the host changed in one catalogue row; what is empty stays as the row has it."""

    engine_id: str
    model: str
    base_url: str
    weights: str


@dataclass(frozen=True, slots=True)
class Settings:
    """One value for the whole process; `public` means that strangers visit."""

    host: str
    port: int
    data_folder: Path
    limits: Limits
    overrides: tuple[RowOverride, ...]
    endpoints: tuple[EngineSpec, ...]
    """Rows of the host's own, beside the catalogue's."""
    variables_set: frozenset[str]
    """Names of the key, account and endpoint variables that hold something."""
    public: bool
    local_only: bool
    can_sign_in: bool
    """Whether visitors can sign in with Hugging Face: a Space with `hf_oauth: true`."""
    zero_gpu: bool
    """Whether this is a Hugging Face Space on ZeroGPU."""
    database_url: str = field(repr=False)
    blobs_url: str = field(repr=False)
    caps: Caps | None = None
    """None: no limit on a private host, and no use of the host's keys on a public one."""
    disk_is_lost: bool = False
    """Each restart finds an empty disk, so what must last goes to `blobs_url`, and only if that was set."""
    shares_may_last: bool = True
    trusted_proxies: int = 0
    """How many proxies stand before the app: that many entries at the end of X-Forwarded-For are believed."""
    on_space: bool = False
    """Whether this is a Hugging Face Space, whose page shows the app in a frame."""
    names: frozenset[str] = frozenset()
    """Under which names of the public internet visitors find the app: a browser's request for any other is refused."""
    serves_mcp: bool = False
    """Whether assistants may call the app's tools at `/inkquest/mcp`."""
    metrics_token: str = field(default="", repr=False)

    @property
    def ledger_file(self) -> Path:
        """The ledger of the screen and, unless another is named, of the command line: either sees the other's runs."""
        return self.data_folder / "evaluation.db"

    @property
    def ledger_url(self) -> str:
        """The address of that ledger."""
        return f"sqlite:///{self.ledger_file}"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Settings:
        """Read and check everything; raises `UnusableSetting` on the first value that cannot be used."""
        values = Variables(environ)
        on_space = bool(values.text("SPACE_ID"))
        public = values.flag("INKQUEST_PUBLIC", default=on_space)
        data_folder = Path(values.text("INKQUEST_DATA") or ".inkquest").absolute()
        endpoints = values.endpoints(ENDPOINTS)
        return cls(
            host=values.text("HOST") or ("0.0.0.0" if on_space else "127.0.0.1"),  # noqa: S104  (a Space is a container)
            port=values.count("PORT", 7860),
            data_folder=data_folder,
            limits=_limits(values),
            overrides=_overrides(values),
            endpoints=endpoints,
            variables_set=frozenset(name for name in account_variables(endpoints) if values.text(name)),
            public=public,
            local_only=values.flag("INKQUEST_LOCAL_ONLY", default=False),
            can_sign_in=bool(values.text("OAUTH_CLIENT_ID")),
            zero_gpu=values.flag("SPACES_ZERO_GPU", default=False),
            database_url=values.text("INKQUEST_DB") or f"sqlite:///{data_folder / 'inkquest.db'}",
            blobs_url=values.text("INKQUEST_BLOBS") or ("" if on_space else f"file://{data_folder / 'blobs'}"),
            caps=_caps(values),
            disk_is_lost=on_space and not values.text("INKQUEST_DB"),
            shares_may_last=values.flag("INKQUEST_SHARE_FOREVER", default=not on_space),
            trusted_proxies=int(values.amount("INKQUEST_TRUSTED_PROXIES", float(on_space))),
            on_space=on_space,
            names=values.names("SPACE_HOST") | values.names("INKQUEST_NAMES"),
            serves_mcp=values.flag("INKQUEST_MCP", default=not public),
            metrics_token=values.text("INKQUEST_METRICS_TOKEN"),
        )


def catalogue(settings: Settings) -> tuple[EngineSpec, ...]:
    """The rows this host offers: its overrides applied, cloud rows left out where pages must not leave the machine."""
    overrides = {override.engine_id: override for override in settings.overrides}
    offered = (spec for spec in rows(settings.endpoints) if spec.runs == "local" or not settings.local_only)
    return tuple(_overridden(spec, overrides.get(spec.id)) for spec in offered)


def rows(endpoints: tuple[EngineSpec, ...]) -> tuple[EngineSpec, ...]:
    """The catalogue's rows and, behind the one endpoint that has variables of its own, the host's further ones."""
    place = CATALOGUE.index(COMPATIBLE) + 1
    return (*CATALOGUE[:place], *endpoints, *CATALOGUE[place:])


def model_variable(engine_id: str) -> str:
    """The environment variable that replaces a row's model id."""
    return MODEL_PREFIX + engine_id.upper().replace("-", "_").replace(".", "_")


def account_variables(endpoints: tuple[EngineSpec, ...]) -> set[str]:
    """The environment variables that engines need besides a base URL: keys, users, endpoints."""
    return {name for spec in rows(endpoints) for name in (spec.key_env, *spec.other_env) if name}


def calm_threads(environ: MutableMapping[str, str] | None = None) -> None:
    """Make idle OpenMP threads sleep, and Python's take turns; call before torch or onnxruntime is imported.

    Engines run side by side, and spinning threads take the cores from the engine that has work to do. A request needs
    Python's lock hundreds of times, and each time waits as long as every thread that counts or draws may keep it.
    """
    sys.setswitchinterval(LOCK_SECONDS)
    (os.environ if environ is None else environ).setdefault("OMP_WAIT_POLICY", "PASSIVE")


def keep_to_itself(settings: Settings, environ: MutableMapping[str, str] | None = None) -> None:
    """Make everything this process writes its own; call before a framework is imported. Raises `UnusableSetting`.

    SECURITY: the machine's folder for temporary files is read, and was perhaps made, by its other users. Each port has
    one of its own, as another app with the same data may be at work; what a crash left there goes.
    """
    environ = os.environ if environ is None else environ
    os.umask(0o077)
    own = settings.data_folder / "temporary" / str(settings.port)
    uploads = own / "uploads"
    try:
        settings.data_folder.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):  # a volume that was handed to this user has its own guard
            settings.data_folder.chmod(0o700)
        if own.exists():
            shutil.rmtree(own)
        uploads.mkdir(parents=True)
    except OSError as error:
        raise UnusableSetting(
            f"Inkquest cannot keep its data: {error}. Name a folder it may write to, such as INKQUEST_DATA=data."
        ) from None
    environ["TMPDIR"] = tempfile.tempdir = str(own)
    environ["GRADIO_TEMP_DIR"] = str(uploads)


def _limits(values: Variables) -> Limits:
    usual = Limits()
    return Limits(
        upload_megabytes=values.count("INKQUEST_MAX_UPLOAD_MB", usual.upload_megabytes),
        deadline_seconds=values.count("INKQUEST_DEADLINE_SECONDS", usual.deadline_seconds),
        comparisons_at_once=values.count("INKQUEST_MAX_PARALLEL", usual.comparisons_at_once),
        queue_size=values.count("INKQUEST_QUEUE_SIZE", usual.queue_size),
    )


def _caps(values: Variables) -> Caps | None:
    day = values.amount("INKQUEST_BUDGET_USD", 0)
    if not day:
        return None
    engine = values.amount("INKQUEST_BUDGET_ENGINE_USD", day)
    return Caps(day, engine, values.amount("INKQUEST_BUDGET_VISITOR_USD", day / 4))


def _overrides(values: Variables) -> tuple[RowOverride, ...]:
    _refuse_unknown(values, MODEL_PREFIX, {model_variable(spec.id) for spec in CATALOGUE})
    _refuse_unknown(values, WEIGHTS_PREFIX, set(filter(None, map(_weights_variable, CATALOGUE))))
    rows = (
        RowOverride(
            spec.id,
            model=values.text(model_variable(spec.id)),
            base_url=values.address(spec),
            weights=values.text(_weights_variable(spec)),
        )
        for spec in CATALOGUE
    )
    return tuple(row for row in rows if row.model or row.base_url or row.weights)


def _weights_variable(spec: EngineSpec) -> str:
    return spec.weights.path_env if spec.weights else ""


def _refuse_unknown(values: Variables, prefix: str, known: set[str]) -> None:
    unknown = sorted(name for name in values.environ if name.startswith(prefix) and name not in known)
    if unknown:
        raise UnusableSetting(f"{unknown[0]} names no engine. It can be one of: {', '.join(sorted(known))}.")


def _overridden(spec: EngineSpec, override: RowOverride | None) -> EngineSpec:
    if override is None:
        return spec
    options = {"path": override.weights} if override.weights else None
    return with_overrides(spec, model=override.model, base_url=override.base_url, options=options)


HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
AMOUNT = re.compile(r"\d{1,9}(\.\d{1,20})?")
TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"0", "false", "no", "off"})


class UnusableSetting(ValueError):
    """An environment variable has a value that cannot be used; the message names it and what it may be."""


@dataclass(frozen=True, slots=True)
class Variables:
    """Each method reads one variable; raises `UnusableSetting` where its value is of another kind."""

    environ: Mapping[str, str] = field(repr=False)

    def text(self, name: str) -> str:
        """Without blanks around it; empty where nothing is set."""
        return self.environ.get(name, "").strip()

    def count(self, name: str, default: int) -> int:
        """A whole number above 0."""
        text = self.text(name)
        if not text:
            return default
        if not text.isdecimal() or int(text) == 0:
            raise UnusableSetting(f"{name} must be a whole number above 0, but is {text!r}.")
        return int(text)

    def amount(self, name: str, default: float) -> float:
        """A number without a sign, such as 2.50."""
        text = self.text(name)
        if not text:
            return default
        if not AMOUNT.fullmatch(text):
            raise UnusableSetting(f"{name} must be a number such as 2.50, but is {text!r}.")
        return float(text)

    def flag(self, name: str, *, default: bool) -> bool:
        """1 or 0, and the usual words for them."""
        text = (self.text(name) or str(default)).lower()
        if text not in TRUE | FALSE:
            raise UnusableSetting(f"{name} must be 1 or 0, but is {text!r}.")
        return text in TRUE

    def names(self, name: str) -> frozenset[str]:
        """Names of hosts, with commas, in small letters."""
        found = frozenset(part.strip().lower() for part in self.text(name).split(",") if part.strip())
        if wrong := [part for part in sorted(found) if not HOST_NAME.fullmatch(part)]:
            raise UnusableSetting(f"{name} must hold names such as ocr.example.org, with commas, but has {wrong[0]!r}.")
        return found

    def endpoints(self, name: str) -> tuple[EngineSpec, ...]:
        """The rows that a file, or the text itself, describes."""
        try:
            return endpoint_rows(self.text(name))
        except ValueError as error:
            raise UnusableSetting(f"{name}: {error}") from None

    def address(self, spec: EngineSpec) -> str:
        """Where this row's requests go instead, as its SDK wants it; empty where nothing is set."""
        text = self.text(spec.base_url_env or "")
        try:
            return usable_address(text, spec.protocol) if text else ""
        except ValueError as error:
            raise UnusableSetting(f"{spec.base_url_env} {error}") from None
