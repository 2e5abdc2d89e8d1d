"""What pip, uv, npm, Docker, netrc and GitHub's tools are set to: one function a client."""

from __future__ import annotations

import base64
import binascii
import configparser
import netrc as netrc_file
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from analyzers.typed import from_json

_DOCKER_HUB = ("docker.io", "index.docker.io", "registry-1.docker.io", "auth.docker.io")
_VARIABLE = re.compile(r"\$\{([^}$]{1,200})\}")
_PARSE_ERRORS = (OSError, ValueError, configparser.Error, netrc_file.NetrcParseError)


@dataclass(frozen=True, slots=True)
class Credential:
    """One Authorization `header`, for a host; `path` is how its addresses begin.

    An `identity` token is none that is sent as it is, but one that a registry's token service exchanges.

    `port` None stands for any port (netrc knows none), 0 for the default port of http and https.
    """

    host: str
    header: str = field(repr=False)
    port: int | None = 0
    path: str = ""
    identity: str = field(default="", repr=False)


@dataclass(slots=True)
class Found:
    """What the clients' settings hold, gathered in order: an address that is there already stays."""

    environ: Mapping[str, str]
    home: Path
    addresses: dict[str, str] = field(default_factory=dict)
    credentials: list[Credential] = field(default_factory=list, repr=False)
    notes: list[str] = field(default_factory=list)

    def add_address(self, source: str, address: str, origin: str) -> None:
        """Take an address; a user name and password in it move to the credentials."""
        try:
            parts = urlsplit(address.strip())
            host, port = (parts.hostname or "").lower(), parts.port or 0
        except ValueError:
            host, parts, port = "", urlsplit(""), 0
        if parts.scheme not in {"http", "https"} or not host:
            self.notes.append(f"{origin}: only http and https addresses can be asked, so it is not used")
            return
        if parts.username:
            self.credentials.append(
                Credential(host, basic(unquote(parts.username), unquote(parts.password or "")), port)
            )
        bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
        self.addresses.setdefault(source, bare.geturl().rstrip("/"))

    def read(self, path: Path, parse: Callable[[str], None]) -> None:
        """Parse a file that may be missing. What cannot be read is noted, without its text: it may hold secrets."""
        try:
            parse(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return
        except _PARSE_ERRORS as error:
            self.notes.append(f"{path} was not used: it cannot be read ({type(error).__name__})")

    def config_folder(self) -> Path:
        """Return where the user's programs keep their settings."""
        if sys.platform == "win32":
            return Path(self.environ.get("APPDATA", str(self.home)))
        return Path(self.environ.get("XDG_CONFIG_HOME") or self.home / ".config")


def basic(user: str, password: str) -> str:
    """Return the value of an Authorization header."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


def uv(found: Found) -> None:
    """Take uv's default index: UV_DEFAULT_INDEX, UV_INDEX_URL, the user's and the system's uv.toml."""
    for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL"):
        if found.environ.get(name):
            # May be written as name=address.
            found.add_address("pypi", re.sub(r"^[\w.-]+=(?=https?:)", "", found.environ[name]), name)
    for folder in (found.config_folder(), Path("/etc")):
        path = folder / "uv" / "uv.toml"
        found.read(path, partial(_uv_file, found, path))


def _uv_file(found: Found, path: Path, text: str) -> None:
    document = tomllib.loads(text)
    indexes = document.get("index")
    for index in indexes if isinstance(indexes, list) else []:
        if isinstance(index, dict) and index.get("default") is True and isinstance(index.get("url"), str):
            found.add_address("pypi", index["url"], str(path))
    if isinstance(document.get("index-url"), str):
        found.add_address("pypi", document["index-url"], str(path))


def pip(found: Found) -> None:
    """Take pip's index: PIP_INDEX_URL, then its files, the user's before the system's."""
    if found.environ.get("PIP_INDEX_URL"):
        found.add_address("pypi", found.environ["PIP_INDEX_URL"], "PIP_INDEX_URL")
    if found.environ.get("PIP_EXTRA_INDEX_URL"):
        found.notes.append("PIP_EXTRA_INDEX_URL is not asked: one index answers for a package")
    for path in _pip_files(found):
        found.read(path, partial(_pip_file, found, path))


def _pip_files(found: Found) -> Iterator[Path]:
    named = found.environ.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    if named:
        yield Path(named)
    name = "pip.ini" if sys.platform == "win32" else "pip.conf"
    yield found.config_folder() / "pip" / name
    if sys.platform == "darwin":
        yield found.home / "Library" / "Application Support" / "pip" / name
    yield found.home / ("pip" if sys.platform == "win32" else ".pip") / name
    if sys.platform == "win32":
        yield Path(found.environ.get("PROGRAMDATA", "C:\\ProgramData")) / "pip" / name
    else:
        yield Path("/etc") / name


def _pip_file(found: Found, path: Path, text: str) -> None:
    parser = configparser.RawConfigParser()
    parser.read_string(text)
    for section in ("install", "global"):
        for key in ("index-url", "index_url"):
            if parser.has_option(section, key):
                found.add_address("pypi", parser.get(section, key), str(path))
        if parser.has_option(section, "extra-index-url"):
            found.notes.append(f"{path}: extra-index-url is not asked: one index answers for a package")


def npm(found: Found) -> None:
    """Take npm's registry, the registries of scopes, and the tokens of the user's .npmrc."""
    for name in ("npm_config_registry", "NPM_CONFIG_REGISTRY"):
        if found.environ.get(name):
            found.add_address("npm", found.environ[name], name)
    named = found.environ.get("NPM_CONFIG_USERCONFIG") or found.environ.get("npm_config_userconfig")
    path = Path(named) if named else found.home / ".npmrc"
    found.read(path, partial(_npm_file, found, path))


def _npm_file(found: Found, path: Path, text: str) -> None:
    entries = dict(_npm_entries(text, found.environ))
    for key, value in entries.items():
        if key == "registry":
            found.add_address("npm", value, str(path))
        elif key.startswith("@") and key.endswith(":registry"):
            found.add_address(f"npm:{key.removesuffix(':registry')}", value, str(path))
        elif key.startswith("//"):
            header = _npm_header(key, value, entries)
            if header:
                parts = urlsplit(key.rpartition(":")[0])
                found.credentials.append(
                    Credential((parts.hostname or "").lower(), header, parts.port or 0, parts.path)
                )
    if {"_auth", "_authToken", "_password"} & entries.keys():
        found.notes.append(f"{path}: credentials that name no registry are not used")


def _npm_entries(text: str, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the settings. Variables are expanded: this is the user's own file. One that is not set drops its line."""
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        key, value = key.strip(), value.strip().strip("\"'")
        if not equals or key.startswith(("#", ";")):
            continue
        if all(name in environ for name in _VARIABLE.findall(value)):
            yield key, _VARIABLE.sub(lambda found: environ[found.group(1)], value)


def _npm_header(key: str, value: str, entries: Mapping[str, str]) -> str | None:
    registry, _colon, kind = key.rpartition(":")
    if kind == "_authToken":
        return f"Bearer {value}"
    if kind == "_auth":
        return f"Basic {value}"
    user = entries.get(f"{registry}:username")
    if kind == "_password" and user:
        return basic(user, _decoded(value))
    return None


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def docker(found: Found) -> None:
    """Take the logins that Docker's config.json holds itself. Credential helpers are programs, and not run."""
    folder = Path(found.environ.get("DOCKER_CONFIG") or found.home / ".docker")
    path = folder / "config.json"
    found.read(path, partial(_docker_file, found, path))


def _docker_file(found: Found, path: Path, text: str) -> None:
    document = from_json(text, dict[str, Any])
    auths = document.get("auths")
    for registry, entry in auths.items() if isinstance(auths, dict) else ():
        if isinstance(entry, dict):
            found.credentials.extend(_docker_credentials(registry, entry))
            if entry.get("registrytoken"):
                found.notes.append(f"{path}: the registrytoken of {registry[:100]!r} is not used")
    if document.get("credsStore") or document.get("credHelpers"):
        found.notes.append(f"{path}: logins kept by a credential helper are not used, for helpers are not run")


def _docker_credentials(registry: str, entry: Mapping[str, Any]) -> Iterator[Credential]:
    """Yield the login of one registry. Beside an identity token stands a name without a password, which is none."""
    login, identity = entry.get("auth"), entry.get("identitytoken")
    identity = identity if isinstance(identity, str) and identity.isascii() and identity.isprintable() else ""
    is_login = isinstance(login, str) and ":" in _decoded(login) and not identity
    if not is_login and not identity:
        return
    parts = urlsplit(registry if "://" in registry else f"https://{registry}")
    host = (parts.hostname or "").lower()
    header = f"Basic {login}" if is_login else ""
    for name in _DOCKER_HUB if host in _DOCKER_HUB else (host,):
        yield Credential(name, header, parts.port or 0, identity=identity)


def github(found: Found) -> None:
    """Take GitHub's tokens, each for the API and the git server of its own host and for nothing else.

    Where the environment names a GitHub Enterprise Server, as it does in every workflow there, the plain variables hold
    that server's token, unless the server's own variables do: github.com must not see it.
    """
    token = found.environ.get("GH_TOKEN") or found.environ.get("GITHUB_TOKEN")
    server = _github_server(found)
    own = found.environ.get("GH_ENTERPRISE_TOKEN") or found.environ.get("GITHUB_ENTERPRISE_TOKEN")
    if server is not None and (own or token):
        host, port, path = (server.hostname or "").lower(), server.port or 0, server.path.rstrip("/")
        found.credentials.append(Credential(host, f"Bearer {own or token}", port, f"{path}/api/"))
        found.credentials.append(Credential(host, basic("x-access-token", own or token or ""), port, path))
    if token and (server is None or own):
        found.credentials.append(Credential("api.github.com", f"Bearer {token}"))
        found.credentials.append(Credential("github.com", basic("x-access-token", token)))


def _github_server(found: Found) -> SplitResult | None:
    """Return the server that the environment names in github.com's place."""
    named = found.environ.get("DEBTSCAN_GITHUB_URL") or found.environ.get("GITHUB_SERVER_URL") or ""
    try:
        parts = urlsplit(named.strip())
        host, _port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if host in {"", "github.com", "www.github.com", "api.github.com"}:
        return None
    return parts._replace(path=parts.path.rstrip("/").removesuffix("/api/v3"))


def netrc(found: Found) -> None:
    """Take the logins of netrc. Its ``default`` entry is left out: it would go to every host."""
    named = found.environ.get("NETRC")
    path = Path(named) if named else found.home / ("_netrc" if sys.platform == "win32" else ".netrc")
    found.read(path, partial(_netrc_file, found, path))


def _netrc_file(found: Found, path: Path, _text: str) -> None:
    for host, (login, _account, password) in netrc_file.netrc(path).hosts.items():
        if host == "default":
            found.notes.append(f"{path}: the default entry is not used, for it would go to every host")
        else:
            found.credentials.append(Credential(host.lower(), basic(login, password), None))
