"""What of the user's own settings a lock tool gets: registries, and the credentials for those that it asks."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from analyzers.http.credentials import Settings

_NPM = "https://registry.npmjs.org/"
_PYPI = "https://pypi.org/simple"
# What stands for a credential in the files that `home_files` writes.
_SECRET = re.compile(r"(?:\blogin |\bpassword |:_auth(?:Token)?=)(\S{4,})")


def variables(settings: Settings) -> dict[str, str]:
    """Return the environment that tells pip and uv the user's index."""
    index = settings.addresses.get("pypi")
    return {"UV_DEFAULT_INDEX": index, "PIP_INDEX_URL": index} if index else {}


def home_files(settings: Settings, registries: Iterable[str]) -> dict[str, str]:
    """Return the files of the tool's home: a ``.npmrc`` and a ``.netrc`` with the credentials for these addresses."""
    stated = [
        (f"{source.removeprefix('npm').lstrip(':')}:registry".lstrip(":"), address)
        for source, address in settings.addresses.items()
        if source == "npm" or source.startswith("npm:")
    ]
    registries = tuple(registries)
    bare = {_host(address) for address in registries if _is_plain(address)}
    asked = [
        address
        for address in dict.fromkeys((*settings.addresses.values(), *registries, _NPM, _PYPI))
        # The tools know hosts alone: what is meant for TLS would go to the same host without it.
        if _host(address) not in bare
    ]
    npm = [f"{key}={_plain(address)}" for key, address in stated]
    netrc: list[str] = []
    for address in asked:
        npm += _npm_lines(settings, address)
        netrc += _netrc_lines(settings, address)
    return {".npmrc": _text(npm), ".netrc": _text(netrc), "_netrc": _text(netrc)}


def without_secrets(text: str, files: Mapping[str, str]) -> str:
    """Return what a tool said without the credentials in the files of its home."""
    known = {secret for content in files.values() for secret in _SECRET.findall(content)}
    for secret in sorted(known, key=lambda secret: (-len(secret), secret)):
        text = text.replace(secret, "***")
    return text


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in dict.fromkeys(lines))


def _plain(address: str) -> str:
    # A dollar sign would be expanded.
    return address.replace("$", "%24")


def _npm_lines(settings: Settings, address: str) -> Iterator[str]:
    header, parts = _header(settings, address), urlsplit(address)
    kind, _, secret = header.partition(" ")
    if not secret or "$" in secret:
        return
    registry = f"//{parts.netloc.rpartition('@')[2]}{parts.path.rstrip('/')}/"
    yield f"{registry}:{'_authToken' if kind == 'Bearer' else '_auth'}={secret}"


def _netrc_lines(settings: Settings, address: str) -> Iterator[str]:
    kind, _, secret = _header(settings, address).partition(" ")
    if kind != "Basic":
        return
    try:
        user, colon, password = base64.b64decode(secret, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return
    if colon and all(word and word.isprintable() and " " not in word for word in (user, password)):
        yield f"machine {urlsplit(address).hostname} login {user} password {password}"


def _is_plain(address: str) -> bool:
    return address.lower().startswith("http:") and _host(address) not in {"localhost", "127.0.0.1", "::1"}


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _header(settings: Settings, address: str) -> str:
    try:
        # Credentials are for what lies below an address.
        return settings.credentials.authorization(f"{address.rstrip('/')}/") or ""
    except ValueError:  # an address of the repository that is none
        return ""
