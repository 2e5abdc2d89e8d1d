"""Python's versions and constraints (PEP 440), and the way Poetry writes constraints.

Poetry's ``^1.2``, ``~1.2``, ``1.2.*``, ``*``, bare ``1.2`` and ``||`` mean nothing in PEP 440, so one scheme can read
both without ambiguity. A constraint here is a union (``||``) of sets of clauses (``,``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final, TypeAlias

from packaging.specifiers import Specifier
from packaging.version import Version

from analyzers.model.scheme import Scheme, Step
from analyzers.versions._pep440_clauses import Clause, as_pep440, clauses_of

# Longer than any honest one; int() and the regular expressions behind `packaging` stay cheap below these.
_MAX_VERSION = 200
_MAX_CONSTRAINT = 1000

_UNION = re.compile(r"\|\|?")
_RELEASE = re.compile(r"v?(?P<epoch>\d++!)?(?P<release>\d++(?:\.\d++)*+)(?P<rest>.*)", re.DOTALL | re.IGNORECASE)
_NUMBERS = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18}){0,9}")
_CALENDAR_YEARS = range(1990, 2100)

Order: TypeAlias = tuple[int, tuple[int, ...], tuple[Any, ...], int, tuple[int, int], tuple[tuple[int, int, str], ...]]
"""Epoch, numbers, prerelease, post, dev and local, each so that what is missing sorts where PEP 440 has it."""

# Neither prerelease nor post nor dev nor local.
_FINAL: Final = ((1,), -1, (1, 0), ())


def _key(text: str) -> Version | None:
    """Return the version, or None for what PEP 440 does not know."""
    return _version(text) if len(text) <= _MAX_VERSION else None


@lru_cache(maxsize=16384)
def _version(text: str) -> Version | None:
    try:
        return Version(text)
    except ValueError:
        return None


def _order(text: str) -> Order | None:
    """Return what sorts versions as PEP 440 does, or None for what it does not know."""
    return _ordered(text) if len(text) <= _MAX_VERSION else None


@lru_cache(maxsize=32768)
def _ordered(text: str) -> Order | None:
    if _NUMBERS.fullmatch(text):
        # Most versions are numbers alone; tuples of them compare many times faster than the library's objects.
        return 0, _without_zeros([int(number) for number in text.split(".")]), *_FINAL
    version = _version(text)
    if version is None:
        return None
    pre: tuple[Any, ...] = (1,) if version.pre is None else (0, *version.pre)
    if version.pre is None and version.post is None and version.dev is not None:
        pre = (-1,)
    post = -1 if version.post is None else version.post
    dev = (1, 0) if version.dev is None else (0, version.dev)
    local = tuple((1, int(part), "") if part.isdigit() else (0, 0, part) for part in (version.local or "").split("."))
    return version.epoch, _without_zeros([*version.release]), pre, post, dev, local if version.local else ()


def _without_zeros(release: list[int]) -> tuple[int, ...]:
    while release and not release[-1]:
        release.pop()
    return tuple(release)


def _is_stable(text: str) -> bool:
    if _NUMBERS.fullmatch(text):
        return True
    version = _key(text)
    return version is not None and not version.is_prerelease


def _is_constraint(text: str) -> bool:
    return _parsed(text) is not None


def _satisfies(text: str, constraint: str) -> bool:
    """Membership alone: a prerelease inside the range satisfies it; whether to propose one is asked elsewhere."""
    version, union = _key(text), _parsed(constraint)
    if version is None or union is None:
        return False
    # `===` compares text, so the text itself has to go in.
    return any(all(one.contains(text.strip(), prereleases=True) for one in clauses) for clauses in union)


def as_specifiers(constraint: str) -> tuple[tuple[str, ...], ...] | None:
    """Return a constraint in PEP 440's own operators: a union of sets of clauses, None where it cannot be read."""
    union = _parsed(constraint)
    return None if union is None else tuple(tuple(str(one) for one in clauses) for clauses in union)


def _parsed(constraint: str) -> tuple[tuple[Specifier, ...], ...] | None:
    return _union(constraint) if len(constraint) <= _MAX_CONSTRAINT else None


@lru_cache(maxsize=4096)
def _union(constraint: str) -> tuple[tuple[Specifier, ...], ...] | None:
    parts = _UNION.split(constraint)
    if len(parts) > 1 and not all(part.strip() for part in parts):
        return None
    try:
        return tuple(
            tuple(Specifier(text) for clause in clauses_of(part) for text in as_pep440(clause)) for part in parts
        )
    except ValueError:  # InvalidSpecifier and InvalidVersion are such
        return None


def _pinned(constraint: str) -> str | None:
    if not _is_constraint(constraint) or _UNION.search(constraint):
        return None
    for clause in clauses_of(constraint):
        exact = clause.operator in {"", "=", "==", "==="} and not clause.is_wildcard
        if exact and _satisfies(clause.version, constraint):
            return clause.version.removeprefix("v")
    return None


def _step(old: str, new: str) -> Step | None:
    """Compare the first two numbers; a step of the epoch is major, anything behind the second number a patch.

    In ``0.x`` a step of the second number counts as minor, as everywhere: many Python projects stay below 1.0
    without breaking at each. In calendar versions a new year promises no break either: it counts as minor, and
    everything within the year as a patch.
    """
    before, after = _key(old), _key(new)
    if before is None or after is None or after <= before:
        return None
    if before.epoch != after.epoch:
        return "major"
    if _is_calendar(before) and _is_calendar(after):
        return "minor" if before.major != after.major else "patch"
    if before.major != after.major:
        return "major"
    return "minor" if before.minor != after.minor else "patch"


def _is_calendar(version: Version) -> bool:
    first = version.major
    return first in _CALENDAR_YEARS or first // 100 in _CALENDAR_YEARS or first // 10_000 in _CALENDAR_YEARS


def _rewrite(constraint: str, new: str) -> str | None:
    """Change only the clauses that keep ``new`` out, each in its own precision; all else stays as written.

    Refused: unions, a version below a lower bound or excluded by name, and losing a local label (``+cu118``).
    """
    version = _key(new)
    if version is None or not _is_constraint(constraint) or _UNION.search(constraint):
        return None
    if _satisfies(new, constraint):
        return constraint
    result, position = "", 0
    for clause in clauses_of(constraint):
        text = _rewritten(clause, version, new.strip())
        if text is None:
            return None
        result += constraint[position : clause.start] + text
        position = clause.end
    result += constraint[position:]
    return result if _satisfies(new, result) else None


def _rewritten(clause: Clause, version: Version, new: str) -> str | None:
    """Return the version to write in this clause; None when no version in its place admits ``new``."""
    if _admits(clause, new):
        return clause.version
    if "+" in clause.version and version.local is None:
        return None
    if clause.operator == "<":
        return _raised_bound(clause.version, version)
    if clause.operator in {"<=", "", "=", "==", "==="} and not clause.is_wildcard:
        return new
    if clause.operator in {"^", "~", "~="} or (clause.is_wildcard and clause.operator in {"", "=", "=="}):
        return _in_precision(clause, version, new)
    return None


def _admits(clause: Clause, new: str) -> bool:
    return all(Specifier(text).contains(new, prereleases=True) for text in as_pep440(clause))


def _in_precision(clause: Clause, version: Version, new: str) -> str:
    """``~=2.1`` → ``~=3.4``, ``==2.*`` → ``==3.*``: as many numbers as before. A prerelease is written in full."""
    if version.is_prerelease and not clause.is_wildcard:
        return new
    suffix = ".*" if clause.is_wildcard else ""
    return _numbers(version, _precision(clause.version.removesuffix(".*"))) + suffix


def _raised_bound(bound: str, version: Version) -> str | None:
    """``<2`` → ``<4``, ``<2.0`` → ``<4.0``, ``<2.1`` → ``<3.5``: the last number that says something is raised."""
    found = _RELEASE.fullmatch(bound.removesuffix(".*"))
    if not found:
        return None
    numbers = [int(number) for number in found["release"].split(".")]
    index = max((at for at, number in enumerate(numbers) if number), default=None)
    if index is None:
        return None
    release = [*version.release, *[0] * len(numbers)]
    raised = [*release[:index], release[index] + 1, *[0] * (len(numbers) - index - 1)]
    return _epoch(version) + ".".join(str(number) for number in raised) + found["rest"]


def _precision(text: str) -> int:
    found = _RELEASE.fullmatch(text)
    return found["release"].count(".") + 1 if found else 1


def _numbers(version: Version, count: int) -> str:
    release = [*version.release, *[0] * count][:count]
    return _epoch(version) + ".".join(str(number) for number in release)


def _epoch(version: Version) -> str:
    return f"{version.epoch}!" if version.epoch else ""


SCHEME = Scheme(
    name="pep440",
    key=_order,
    is_stable=_is_stable,
    is_constraint=_is_constraint,
    satisfies=_satisfies,
    pinned=_pinned,
    step=_step,
    rewrite=_rewrite,
)
