"""``bunfig.toml``: the registries that it names for installing."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.npm._registries import observation
from analyzers.model.ecosystem import Reading
from analyzers.model.inventory import Observation
from analyzers.syntax import toml
from analyzers.syntax.node import Mapping, Node, Scalar
from analyzers.syntax.text import SourceText


def read(source: SourceText) -> Reading:
    """Read ``install.registry`` and ``install.scopes``; credentials stay unread.

    Raises InvalidSyntaxError, TooDeepError and TooLargeError.
    """
    install = toml.parse(source).mapping("install")
    return Reading(observations=tuple(_registries(source, install)))


def _registries(source: SourceText, install: Mapping) -> Iterator[Observation]:
    scopes = ((f"@{key.value.removeprefix('@')}", value) for key, value in install.mapping("scopes").items)
    for scope, value in (("", install.get("registry")), *scopes):
        address = _address(value)
        if address:
            yield observation(source, scope, address.value, address.start, address.end)


def _address(value: Node | None) -> Scalar | None:
    """Return the address: a text, or ``url`` of a table that holds credentials as well."""
    written = value.scalar("url") if isinstance(value, Mapping) else value
    return written if isinstance(written, Scalar) and written.quoted else None
