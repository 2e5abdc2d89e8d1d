"""The service's own configuration: one TOML file of its operator's, and what the environment adds."""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from analyzers.errors import ConfigError
from analyzers.typed import converted
from bot.github.address import Address, address_of
from bot.service.setting_values import bind_of, complaint_about_url, is_host

VARIABLE: Final = "DEBTSCAN_SERVICE"
"""Names the file."""
DATABASE: Final = "DEBTSCAN_DATABASE"
"""The address of PostgreSQL; it may hold a password, so it stands in no file."""
SECRETS: Final = "DEBTSCAN_SECRETS"
"""The folder of the secrets, where an orchestrator mounts it elsewhere than in `data`."""
_UNKNOWN_FIELD: Final = re.compile(r"unknown field `([^`]*)`")
PLACES: Final = (Path("debtscan-service.toml"), Path("/etc/debtscan/service.toml"))

Days = Annotated[int, Meta(ge=1, le=3650)]
Count = Annotated[int, Meta(ge=1, le=1000)]
Seconds = Annotated[int, Meta(ge=0, le=86_400)]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab"):
    """A table of the file. Names are written with hyphens."""


class Sweep(_Table, frozen=True):
    """How often everything is scanned. A push counts after `settle_seconds` without another one."""

    days: Annotated[int, Meta(ge=1, le=90)] = 7
    settle_seconds: Seconds = 60


class Limits(_Table, frozen=True):
    """What one scan may take, and one organisation of the workers. Sizes are in MiB."""

    scan_minutes: Annotated[int, Meta(ge=1, le=240)] = 20
    scan_memory: Annotated[int, Meta(ge=256, le=65_536)] = 2048
    repository: Annotated[int, Meta(ge=1, le=1_048_576)] = 4096
    mirrors: Annotated[int, Meta(ge=64, le=16_777_216)] = 20_480
    organisation_jobs: Count = 4


class Retention(_Table, frozen=True):
    """How long what is kept is kept. All that was stored of an installation is deleted `uninstalled_hours` after it."""

    deliveries_days: Days = 30
    scans_days: Days = 90
    sign_ins_hours: Annotated[int, Meta(ge=1, le=720)] = 8
    uninstalled_hours: Annotated[int, Meta(ge=1, le=8760)] = 24


class File(_Table, frozen=True):
    """What the file says. `url` is where GitHub and people reach the service, `data` the folder that it may write to.

    `jobs` are scans at once in each process; with 0, `debtscan serve` leaves them to workers. `hosts` may be asked by
    scans beside the public registries: names, or a leading dot and a domain. `secrets` is the folder of the secrets.
    `trusted_proxies` are the addresses or networks whose X-Forwarded-For is believed.
    `operations` is an address of its own for metrics and health, for operators alone; "" for none. A stop waits
    `stop_seconds` for scans that run before it hands them back.
    """

    url: str
    data: str
    listen: str = "127.0.0.1:8080"
    operations: str = ""
    github: str = "https://github.com"
    secrets: str = ""
    jobs: Annotated[int, Meta(ge=0, le=64)] = 2
    stop_seconds: Annotated[int, Meta(ge=0, le=3600)] = 25
    hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    sweep: Sweep = Sweep()
    limits: Limits = Limits()
    retention: Retention = Retention()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The file, and what the environment adds. `database` is "" for SQLite in `folder`; it may hold a password."""

    file: File
    secrets: Path
    database: str = field(default="", repr=False)

    @property
    def folder(self) -> Path:
        """The folder that the service may write to."""
        return Path(self.file.data)

    @property
    def address(self) -> Address:
        """Where GitHub lies."""
        return address_of(self.file.github, "'github'")

    @property
    def is_embedded(self) -> bool:
        """Whether one SQLite file serves one process."""
        return not self.database

    @property
    def file_of_database(self) -> Path:
        """The file that SQLite's database is in."""
        return self.folder / "debtscan.sqlite3"

    @property
    def database_url(self) -> str:
        """The address for SQLAlchemy. It may hold a password."""
        if self.is_embedded:
            return f"sqlite:///{self.file_of_database}"
        return re.sub(r"^postgres(?:ql)?(?:\+psycopg)?://", "postgresql+psycopg://", self.database)

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks whose word about where a request comes from is believed."""
        return tuple(ipaddress.ip_network(proxy) for proxy in self.file.trusted_proxies)

    @property
    def bind(self) -> tuple[str, int]:
        """The address and the port to listen at."""
        return bind_of(self.file.listen)

    @property
    def operations(self) -> tuple[str, int] | None:
        """The operators' address and port, None where there is none."""
        return bind_of(self.file.operations) if self.file.operations else None


def load_settings(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of ``path``, else of the file that the environment names, else of the first usual place.

    Raises ConfigError with file, and what to do.
    """
    place = path or (Path(environ[VARIABLE]) if environ.get(VARIABLE) else None)
    if place is None:
        place = next((one for one in PLACES if one.is_file()), None)
    if place is None:
        raise ConfigError(
            f"there is no configuration of the service: write {PLACES[0]} with the keys url and data, or name a file"
            f" with --settings or {VARIABLE}"
        )
    file = _parsed(place, _read(place))
    secrets = environ.get(SECRETS) or file.secrets or Path(file.data) / "secrets"
    return Settings(file=file, secrets=Path(secrets), database=environ.get(DATABASE, ""))


def check_jobs(settings: Settings) -> None:
    """Raise ConfigError where nobody would do the work that `debtscan serve` takes."""
    if settings.is_embedded and not settings.file.jobs:
        raise ConfigError(f"jobs is 0, and nobody else can work on SQLite: set jobs, or {DATABASE} for workers")


def _read(place: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{place}: cannot be read ({error.strerror}); name a file that exists") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{place}: is no UTF-8; write it as UTF-8") from error
    except ValueError as error:
        # No TOML, or no name that a file can have.
        raise ConfigError(f"{place}: {error}") from error


def _parsed(place: Path, document: dict[str, Any]) -> File:
    try:
        file = converted(document, File)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{place}: {error}{_nearest(str(error))}") from error
    _check(place, file)
    return file


def _nearest(told: str) -> str:
    """Return the end of the sentence about a key that is unknown: the one that was meant, or all."""
    unknown = _UNKNOWN_FIELD.search(told)
    if not unknown:
        return ""
    table = next((kind for kind in (Sweep, Limits, Retention) if f"$.{kind.__name__.lower()}" in told), File)
    names = [field.encode_name for field in msgspec.structs.fields(table)]
    near = difflib.get_close_matches(unknown[1], names, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(names)}"


def _check(place: Path, file: File) -> None:
    if complaint := complaint_about_url(file.url):
        raise ConfigError(f"{place}: {complaint}")
    if not file.data or "\0" in file.data + file.secrets:
        raise ConfigError(f"{place}: data and secrets name folders; write data like /var/lib/debtscan")
    for host in file.hosts:
        if not is_host(host):
            told = "write names like pypi.example.org, or a dot and a domain like .example.org"
            raise ConfigError(f"{place}: hosts: {host!r} is no host's name; {told}")
    for proxy in file.trusted_proxies:
        _check_network(place, proxy)
    _check_bind(f"{place}: listen", file.listen)
    if file.operations:
        _check_bind(f"{place}: operations", file.operations)
    address_of(file.github, f"{place}: github")


def _check_bind(where: str, listen: str) -> None:
    try:
        bind_of(listen)
    except ValueError:
        raise ConfigError(f"{where} is {listen!r}; write it like 127.0.0.1:8080") from None


def _check_network(place: Path, proxy: str) -> None:
    try:
        ipaddress.ip_network(proxy)
    except ValueError as error:
        raise ConfigError(f"{place}: trusted-proxies: {error}; write addresses, or networks like 10.0.0.0/8") from None
