"""Refs that actions are called by: ``v4``, ``v4.2.1``, ``release/v1``, ``2024-05-01``, commits and branch names.

A ref names a line as precisely as it is written: ``v4`` is any 4.x, ``v4.2`` any 4.2.x. Only refs of one family
(the text before the version, ``release/``) and of one shape (a version, a date) compare.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from analyzers.model.scheme import Scheme, Step

MAX_LENGTH: Final = 100
_FULL: Final = 3
_PARTS: Final = 4
# Counting by year begins here: no action has had so many majors.
_FIRST_YEAR: Final = 1900
_COMMIT: Final = re.compile(r"[0-9a-fA-F]{40}|[0-9a-fA-F]{64}")
# The family is lazy, so that ``v1.0-rc-1`` is a prerelease and not version 1 of a family.
_FAMILY: Final = r"(?P<family>(?:[A-Za-z][^\s]*?[/_@-])??)(?P<v>[vV]?)"
_VERSION: Final = re.compile(
    _FAMILY + r"(?P<numbers>[0-9]{1,9}(?:\.[0-9]{1,9}){0,3})(?P<tail>(?:\.[xX])?)"
    r"(?:-(?P<suffix>[0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?"
)
_DATE: Final = re.compile(_FAMILY + r"(?P<numbers>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<tail>)(?P<suffix>)")


class ActionRef(NamedTuple):
    """A ref that names a version. `suffix` marks a prerelease or a variant (``beta.1``, ``node20``)."""

    family: str
    v: str
    numbers: tuple[int, ...]
    tail: str
    suffix: str
    is_date: bool

    @property
    def precision(self) -> int:
        """How many numbers are written: 1 for ``v4``."""
        return len(self.numbers)

    @property
    def padded(self) -> tuple[int, ...]:
        """The numbers, zeros added, so that any two compare."""
        return self.numbers + (0,) * (_PARTS - len(self.numbers))

    @property
    def text(self) -> str:
        """The version alone, as people write it: without family, ``v`` and tail."""
        return ".".join(map(str, self.numbers)) + (f"-{self.suffix}" if self.suffix else "")


# Tags are compared again for each version that is called, and there may be thousands.
@functools.lru_cache(maxsize=1 << 16)
def parse(ref: str) -> ActionRef | None:
    """Return the version that a ref names; None for commits, branches and words such as ``stable``."""
    if len(ref) > MAX_LENGTH or is_commit(ref):
        return None
    dated = _DATE.fullmatch(ref)
    found = dated or _VERSION.fullmatch(ref)
    if not found:
        return None
    numbers = tuple(int(part) for part in found["numbers"].replace("-", ".").split("."))
    is_date = bool(dated) or numbers[0] >= _FIRST_YEAR
    return ActionRef(found["family"].lower(), found["v"], numbers, found["tail"], found["suffix"] or "", is_date)


def is_commit(ref: str) -> bool:
    """Whether the ref is a whole commit hash (SHA-1 or SHA-256): the only ref that nobody can move."""
    return bool(_COMMIT.fullmatch(ref))


def is_stable(ref: str) -> bool:
    """Whether the ref names a version that is neither a prerelease nor a variant."""
    parsed = parse(ref)
    return parsed is not None and not parsed.suffix


def newest(ref: str, tags: Iterable[str]) -> str | None:
    """Return the tag that ``ref`` should move to, None when none is newer or ``ref`` names no version.

    The newest stable tag of the same family and shape decides; among the tags of its line the one written as
    precisely as ``ref`` is taken (``v2`` → ``v7``, ``v2.1.0`` → ``v7.0.1``), else the next more precise one.
    """
    current = parse(ref)
    if current is None:
        return None
    parsed = ((tag, parse(tag)) for tag in tags)
    known = [(tag, found) for tag, found in parsed if found and _is_successor(current, found)]
    if not known:
        return None
    target = max(found.padded for _, found in known)
    line = [(tag, found) for tag, found in known if found.numbers == target[: found.precision]]
    # A tag of higher numbers may leave out zeros (``v7`` for 7.0.0), so its own line is never empty.
    return min(line, key=lambda entry: _distance(current, *entry))[0]


def _is_successor(current: ActionRef, other: ActionRef) -> bool:
    return (
        other.family == current.family
        and other.is_date == current.is_date
        and not other.suffix
        and is_newer(current, other)
    )


def is_newer(current: ActionRef, other: ActionRef) -> bool:
    """Whether ``other`` lies beyond the line that ``current`` names: 4.3.0 does beyond ``v4.2``, not beyond ``v4``."""
    if current.precision < _FULL:
        return other.padded[: current.precision] > current.numbers
    # A whole prerelease gives way to its release; a variant of a line (``v3-node20``) does not.
    return (other.padded, not other.suffix) > (current.padded, not current.suffix)


def _distance(current: ActionRef, tag: str, other: ActionRef) -> tuple[bool, int, bool, bool, str]:
    """Return how unlike ``current`` a tag is written; less precise is worse than more."""
    gap = other.precision - current.precision
    return gap < 0, abs(gap), other.tail != current.tail, other.v != current.v, tag


def _key(version: str) -> Any | None:  # noqa: ANN401 - the scheme's keys are opaque
    parsed = parse(version)
    return parsed and (parsed.padded, not parsed.suffix, parsed.suffix)


def _satisfies(version: str, constraint: str) -> bool:
    """Whether a version lies in the line that a ref names."""
    wanted, found = parse(constraint), parse(version)
    if wanted is None or found is None:
        return False
    return found.padded[: wanted.precision] == wanted.numbers and found.suffix == wanted.suffix


def _pinned(constraint: str) -> str | None:
    parsed = parse(constraint)
    return parsed.text if parsed and (parsed.precision >= _FULL or parsed.is_date) and not parsed.tail else None


def step(old: str, new: str) -> Step | None:
    """Return how big the step between two refs is; None when ``new`` is not beyond ``old``'s line."""
    current, other = parse(old), parse(new)
    if current is None or other is None or not is_newer(current, other):
        return None
    if other.padded[0] != current.padded[0]:
        return "major"
    return "minor" if other.padded[1] != current.padded[1] else "patch"


def _rewrite(constraint: str, version: str) -> str | None:
    """Return the ref of a new version, written as precisely and with the same prefix as ``constraint``."""
    current, new = parse(constraint), parse(version)
    if current is None or new is None or current.suffix or current.is_date != new.is_date:
        return None
    if _DATE.fullmatch(constraint) or new.precision < current.precision:
        return None
    family = constraint[: len(current.family)]
    found = _VERSION.fullmatch(version)
    # As they are written: a month keeps its zero.
    written = found["numbers"].split(".") if found else [str(number) for number in new.numbers]
    return f"{family}{current.v}{'.'.join(written[: current.precision])}{current.tail}"


SCHEME = Scheme(
    name="action_ref",
    key=_key,
    is_stable=is_stable,
    is_constraint=lambda constraint: parse(constraint) is not None,
    satisfies=_satisfies,
    pinned=_pinned,
    step=step,
    rewrite=_rewrite,
)
