"""Addresses out of somebody's text: which may be linked, and how one that would make a reference is told instead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from bot.markup import Raw, markdown_code, markdown_text

_LONGEST: Final = 1000
_SHOWN: Final = 80
_HOST: Final = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
# What code hosts make backlinks and notices of, on whichever host: there may be one of the same kind beside.
_REFERENCE: Final = re.compile(
    r"/(?:-/)?(?:issues?|pulls?|pull-requests|merge_requests|discussions?|commits?|orgs|teams|users)(?:/|$)",
    re.IGNORECASE,
)
_ISSUE: Final = re.compile(r"/([\w.-]+/[\w.-]+)/(?:issues|pull|discussions)/(\d{1,9})(?:/|$)", re.ASCII)
_COMMIT: Final = re.compile(r"/([\w.-]+/[\w.-]+)/commit/([0-9a-f]{7,40})(?:/|$)", re.ASCII)
# Pages of GitHub that are no references: files, and what compares or lists releases.
_PAGES: Final = re.compile(r"/[\w.-]+/[\w.-]+/(?:blob|tree|wiki|releases|compare|raw)(?:/[\w./@+~-]*)?", re.ASCII)
_SAFE: Final = "/:?=&%+,;~.-_"


@dataclass(frozen=True, slots=True)
class Link:
    """A web page that may be linked: `address` holds nothing that Markdown or HTML would read as markup."""

    address: str
    host: str

    def drawn(self, label: Raw, *, host: bool = True) -> Raw:
        """Return the link around a finished label, and its host beside it, so that nobody is led astray."""
        shown = f" ({markdown_text(self.host)})" if host else ""
        return Raw(f"[{label}](<{self.address}>){shown}")


def link(address: str) -> Link | None:
    """Return an address as a link; None for what is no web page, hides its host, or would make a reference."""
    try:
        parts = urlsplit(address[: _LONGEST + 1])
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if len(address) > _LONGEST or parts.scheme not in {"http", "https"} or "@" in parts.netloc:
        return None
    if not _HOST.fullmatch(host) or _is_reference(host, parts.path):
        return None
    netloc = host if port is None else f"{host}:{port}"
    rest = quote(parts.path, safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    fragment = f"#{quote(parts.fragment, safe=_SAFE)}" if parts.fragment else ""
    return Link(f"{parts.scheme}://{netloc}{rest}{fragment}".replace("&", "&amp;"), host)


def web_link(address: str) -> Raw:
    """Return an address that stands in a text by itself: as a link, or as text that refers to nothing."""
    found = link(address)
    if found:
        shown = address.partition("://")[2]
        shown = shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"
        return found.drawn(markdown_text(shown), host=False)
    issue, commit = _ISSUE.search(address), _COMMIT.search(address)
    if issue:
        return markdown_text(f"{issue[1]}#{issue[2]}")
    if commit:
        return Raw(f"{markdown_text(commit[1])} {markdown_code(commit[2][:8])}")
    return markdown_code(address[:_LONGEST])


def _is_reference(host: str, path: str) -> bool:
    if host == "github.com" or host.endswith((".github.com", ".github.dev")):
        return host.startswith("gist.") or not _PAGES.fullmatch(path) or not {".", ".."}.isdisjoint(path.split("/"))
    return bool(_REFERENCE.search(path))
