"""Addresses of the service's own pages, and of what they show on GitHub."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode


def to_organisation(account: str) -> str:
    """Return the page of an organisation."""
    return f"/{_part(account)}"


def to_repository(name: str, *further: str) -> str:
    """Return the page of OWNER/REPO, or one below it."""
    return "".join(f"/{_part(part)}" for part in (*name.split("/", 1), *further))


def to_uses(account: str, **query: str) -> str:
    """Return the page on who uses what. A repository may have any name, so it has a part that none can have."""
    return with_query(f"/{_part(account)}/-/uses", query)


def to_rule(rule: str) -> str:
    """Return the page of a rule."""
    return f"/-/rules/{_part(rule)}"


def to_badge(name: str) -> str:
    """Return the picture of a repository's grade."""
    return f"/badge/{'/'.join(map(_part, name.split('/', 1)))}.svg"


def to_interface(*parts: str, **query: str) -> str:
    """Return an address of the read interface."""
    return with_query("/api/v1/" + "/".join(map(_part, parts)), query)


def with_query(path: str, query: Mapping[str, str | int | None]) -> str:
    """Return an address with its query; what is empty is left out."""
    said = {name: value for name, value in query.items() if value not in {None, ""}}
    return f"{path}?{urlencode(said)}" if said else path


def at_github(github: str, name: str, commit: str, path: str, line: int = 0) -> str:
    """Return a line of a file as it was in a commit; "" where there is no file."""
    if not (commit and path):
        return ""
    where = quote(path.encode(errors="surrogatepass"))
    return f"{github}/{quote(name)}/blob/{_part(commit)}/{where}" + (f"#L{line}" if line else "")


def _part(text: str) -> str:
    return quote(text, safe="")
