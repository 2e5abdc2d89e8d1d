"""Packages that come from no index: version control, a direct URL, a folder. Listed, and not judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from packaging.utils import parse_sdist_filename, parse_wheel_filename

from analyzers.syntax import git_url

# `git+git@host:path` and its like are none to pip, and yet what people write.
_VCS = re.compile(
    r"(?:(?:git|hg|svn|bzr)\+(?:[a-z+-]++:/*+|[\w.-]++@(?=[\w.-]++:))|git://|git@(?=[\w.-]++:))",
    re.IGNORECASE | re.ASCII,
)
_URL = re.compile(r"[a-z][a-z0-9+.-]*+://", re.IGNORECASE | re.ASCII)
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]++)", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?", re.ASCII)
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz")


@dataclass(frozen=True, slots=True)
class Reference:
    """`name` is the package as far as the text tells (a repository's or file's name otherwise).

    `start`–`end` spans the branch, tag or commit within the text, and is empty where there is none.
    """

    reason: Literal["version-control", "direct-url", "local-path"]
    name: str
    start: int
    end: int


def read_reference(text: str) -> Reference | None:
    """Read what pip installs from elsewhere than an index; None where the text is nothing of that kind."""
    if _VCS.match(text):
        return _version_control(text)
    if text.startswith("file:"):
        return Reference("local-path", _named(text) or _file_name(text) or text, len(text), len(text))
    if _URL.match(text):
        return Reference("direct-url", _named(text) or _file_name(text) or text, len(text), len(text))
    if _is_path(text):
        return Reference("local-path", _named(text) or _file_name(text) or text, len(text), len(text))
    return None


def commit(text: str) -> str | None:
    """Return the text when it is a complete commit hash."""
    return text if _COMMIT.fullmatch(text) else None


def without_credentials(url: str) -> str:
    """Return an address without a user name or password, which must not reach a report or another host."""
    return git_url.shown(url)


def _version_control(text: str) -> Reference:
    end = text.find("#")
    end = len(text) if end < 0 else end
    scheme = _VCS.match(text)
    host_end = text.find("/", scheme.end() if scheme else 0, end)
    at = text.rfind("@", host_end, end) if host_end >= 0 else -1
    repository = text[:at] if at >= 0 else text[:end]
    name = _named(text) or repository.rstrip("/").rpartition("/")[2].removesuffix(".git") or text
    return Reference("version-control", name, at + 1 if at >= 0 else end, end)


def _named(text: str) -> str | None:
    found = _EGG.search(text)
    return found[1] if found else None


def _file_name(text: str) -> str | None:
    """Return the project that a wheel's or source archive's file name carries."""
    name = re.split(r"[?#]", text, maxsplit=1)[0].rpartition("/")[2]
    try:
        if name.endswith(".whl"):
            return str(parse_wheel_filename(name)[0])
        return str(parse_sdist_filename(name)[0]) if name.endswith(_ARCHIVES) else None
    except ValueError:
        return None


def _is_path(text: str) -> bool:
    if not text or " @ " in text:
        return False
    head = text.split("[", 1)[0]
    return head in {".", ".."} or "/" in head or "\\" in head or head.lower().endswith(_ARCHIVES)
