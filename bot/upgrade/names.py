"""What upgrades are called: ids, branches, titles. Names come from the world, so none is trusted.

An id holds no patch version, so that a branch outlives releases. A title is plain text: GitHub makes links, mentions,
code and emoji of what stands in titles, and a squashed commit carries them on, so everything that could become one
is left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final

from bot.upgrade.model import Move
from bot.upgrade.spelling import versions

_LONGEST_SLUG: Final = 60
_LONGEST_TITLE: Final = 100
_LONGEST_NAME: Final = 50
_LONGEST_VERSION: Final = 24
_NAMED: Final = 2
_HASH: Final = 8
_DIGITS: Final = 9

_SCHEME: Final = re.compile(r"^[a-z][a-z0-9+.-]{0,20}://(?:www\.)?", re.IGNORECASE)
_UNSAFE: Final = re.compile(r"[^a-z0-9._+-]+")
_SEPARATORS: Final = re.compile(r"[.+-]{2,}|^[.+-]+|[.+-]+$")
_OPERATOR: Final = re.compile(r"^\s*(?:[<>~^=!]=?|===)\s*(?=v?\d[\w.+-]*\s*$)")
_NUMBERS: Final = re.compile(r"\d{1,9}")
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9 .,+/()_~=-]")
_WORLDS: Final = {
    "pypi": "Python package",
    "npm": "npm package",
    "docker": "image",
    "githubactions": "action",
    "terraform": "Terraform dependency",
    "helm": "chart",
}


def slug(name: str) -> str:
    """Return ``name`` as a part of a git ref: lower-case ASCII, bounded, no two names of a registry the same.

    ``/`` becomes ``+``, which no registry allows in names; where anything else is lost, a hash tells names apart.
    """
    kept = _SCHEME.sub("", name.lower()).removeprefix("@").replace("+", " ").replace("/", "+")
    safe = _SEPARATORS.sub("-", _UNSAFE.sub("-", kept)).strip("-.+")[:_LONGEST_SLUG].rstrip("-.+")
    if safe and safe == kept and not safe.endswith(".lock"):
        return safe
    return f"{safe.removesuffix('.lock')}-{short_hash(name)}".lstrip("-")


def short_hash(text: str) -> str:
    """Return eight hexadecimal digits that tell texts apart."""
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:_HASH]


def line_of(target: str, ecosystem: str) -> str:
    """Return the release line of a version: ``2``; ``0.28`` below 1.0; ``3.13`` of an image; "" without a number."""
    if ecosystem == "docker":
        numbers = _leading(target)[:2]
    else:
        numbers = _leading(target)
        numbers = numbers[:1] if numbers[:1] != ["0"] else numbers[:2]
    return ".".join(numbers)


def line_key(line: str) -> tuple[int, ...]:
    """Return what sorts release lines."""
    return tuple(int(part) for part in _NUMBERS.findall(line))


def _leading(target: str) -> list[str]:
    """Return the numbers of the first run that looks like a version, without leading zeros."""
    found = re.search(r"\d{1,9}(?:\.\d{1,9}){0,3}", target[:200])
    return [str(int(part)) for part in found[0].split(".")] if found else []


def package_id(ecosystem: str, name: str, line: str) -> str:
    """Return the id of what is upgraded alone."""
    return f"{slug(ecosystem)}-{slug(name)}-{slug(line) if line else 'x'}"


def branch(prefix: str, upgrade_id: str) -> str:
    """Return the branch of an upgrade."""
    return f"{prefix}{upgrade_id}"


def plain(text: str, limit: int = _LONGEST_NAME) -> str:
    """Return ``text`` with nothing in it that GitHub makes something else of."""
    bare = _SCHEME.sub("", text[:1000]).removeprefix("github.com/")
    bare = re.sub(r"(?i)\b(gh)-(?=\d)", r"\1 ", _NOT_PLAIN.sub("", bare))
    bare = re.sub(r"(?i)\bwww\.", "", bare).replace("__", "_")
    bare = " ".join(bare.split())
    return bare if len(bare) <= limit else f"{bare[: limit - 3].rstrip()}..."


def title(moves: Sequence[Move], subject: str = "") -> str:
    """Return the title of a pull request. ``subject`` names a group that people made."""
    verb, rest = _phrase(moves, subject)
    text = f"{verb} {rest}{' (security)' if any(move.security for move in moves) else ''}"
    return plain(text, _LONGEST_TITLE)


def _phrase(moves: Sequence[Move], subject: str) -> tuple[str, str]:
    kinds = {move.kind for move in moves}
    if kinds == {"pin"}:
        return "Pin", _what(moves)
    if kinds == {"digest"}:
        return "Refresh the digest of" if len(moves) == 1 else "Refresh the digests of", _what(moves)
    if subject:
        return "Update", f"the group {subject} ({_count(moves)})"
    names, targets = {move.name for move in moves}, {versions(move).target for move in moves}
    family = _family(moves)
    if len(names) > _NAMED + 1 or (len(names) > 1 and len(targets) > 1 and not family):
        goal = _version(targets.pop()) if len(targets) == 1 else ""
        return "Update", f"{plain(family)}{goal and f' to {goal}'} ({_count(moves)})" if family else _count(moves)
    start = _version(versions(moves[0]).current) if len(moves) == 1 and moves[0].current != moves[0].name else ""
    end = _version(targets.pop()) if len(targets) == 1 else max((move.line for move in moves), key=line_key)
    origin = f" from {start}" if start and end and start != end else ""
    goal = f" to {end}" if end else ""
    return "Update", f"{_what(moves)}{origin}{goal}"


def _family(moves: Sequence[Move]) -> str:
    families = {move.family for move in moves}
    return families.pop() if len(families) == 1 else ""


def _what(moves: Sequence[Move]) -> str:
    names = sorted({plain(move.name) for move in moves} - {""})
    if not names:
        return _count(moves)
    if len(names) <= _NAMED + 1:
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return _count(moves)


def _count(moves: Sequence[Move]) -> str:
    worlds = {_WORLDS.get(move.key.ecosystem, "dependency") for move in moves}
    word = worlds.pop() if len(worlds) == 1 else "dependency"
    count = len({move.name for move in moves})
    if count == 1:
        return f"1 {word}"
    return f"{count} {word.removesuffix('y')}ies" if word.endswith("y") else f"{count} {word}s"


def _version(version: str | None) -> str:
    """Return a version for a title; nothing for what says nothing to people, as a digest does.

    Of a lowest version it is the number alone; of a range that has more signs, nothing is.
    """
    bare = _OPERATOR.sub("", (version or "")[:1000])
    text = "" if _NOT_PLAIN.search(bare) else plain(bare, 1000)
    return text if len(text) <= _LONGEST_VERSION and len(_NUMBERS.findall(text)) <= _DIGITS else ""
