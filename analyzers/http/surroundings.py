"""What the environment says of the way out: proxies and certificate authorities."""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from analyzers.errors import FetchError

_CA_FILES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def proxy_for(url: str, environ: Mapping[str, str]) -> str:
    """Return the proxy that the environment names for ``url``, empty for none."""
    parts = urlsplit(url)
    proxy = _either(environ, f"{parts.scheme}_proxy") or _either(environ, "all_proxy")
    if not proxy or _is_exempt(parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme], environ):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def _either(environ: Mapping[str, str], name: str) -> str:
    return environ.get(name) or environ.get(name.upper()) or ""


def _is_exempt(host: str, port: int, environ: Mapping[str, str]) -> bool:
    return any(_matches(entry.strip().lower(), host, port) for entry in _either(environ, "no_proxy").split(","))


def _matches(entry: str, host: str, port: int) -> bool:
    """Match one entry of NO_PROXY: ``*``, a domain with its subdomains, an address, a network; a port may follow."""
    if entry in {"", "*"}:
        return entry == "*"
    with suppress(ValueError):
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    name, colon, wanted = entry.rpartition(":")
    if colon and wanted.isdigit():
        if int(wanted) != port:
            return False
        entry = name
    entry = entry.removeprefix("*").removeprefix(".")
    return host == entry or host.endswith(f".{entry}")


def tls_context(environ: Mapping[str, str]) -> ssl.SSLContext:
    """Return a verifying context. A bundle named in the environment stands in for the system's authorities.

    Raises FetchError where the named bundle cannot be read.
    """
    named = next((environ[name] for name in _CA_FILES if environ.get(name)), None)
    extra = environ.get("NODE_EXTRA_CA_CERTS")
    try:
        context = ssl.create_default_context(
            cafile=named, capath=environ.get("SSL_CERT_DIR") if named is None else None
        )
        if named is None and not _system_has_authorities():
            _load_certifi(context)
    except (OSError, ssl.SSLError) as error:
        raise FetchError("unreachable", f"the certificates in {named} cannot be read: {error}") from error
    if extra:
        # Node only warns of a bad one, and so it may well lie about unnoticed.
        with suppress(OSError, ssl.SSLError):
            context.load_verify_locations(extra)
    return context


def _system_has_authorities() -> bool:
    """Whether OpenSSL finds any: builds for macOS come without. Windows keeps them in its own store."""
    paths = ssl.get_default_verify_paths()
    return os.name == "nt" or bool(paths.cafile) or bool(paths.capath and any(Path(paths.capath).iterdir()))


def _load_certifi(context: ssl.SSLContext) -> None:
    import certifi

    context.load_verify_locations(certifi.where())
