"""npm's semantic versions and ranges. Ranges are read by node-semver, which agrees with npm's own reader.

The plainest are read without it (`_npm_ranges`), with the same outcome.
"""

from __future__ import annotations

import functools
import re
from typing import Any, Final

from analyzers.model.scheme import Scheme
from analyzers.versions._npm_ranges import admits, alternatives, numbers
from analyzers.versions._parts import Parsed, Versions, at_precision, has_padding, next_bound, words_of

# npm's own limit for a version; a range may hold several. Both bound the time that any text can take.
MAX_VERSION: Final = 256
MAX_CONSTRAINT: Final = 1024

_NUMBER: Final = r"(?:0|[1-9][0-9]*)"
_PRERELEASE: Final = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION: Final = re.compile(
    rf"[=v]?[ \t]*v?({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_PRERELEASE}))?(?:\+({_PRERELEASE}))?"
)
_PIN: Final = re.compile(r"[ \t]*=?[ \t]*v?([0-9][0-9A-Za-z.+-]*)[ \t]*")
# One comparator: operator, the gap and ``v`` behind it, up to three parts, and a prerelease.
_COMPARATOR: Final = re.compile(
    r"(?P<operator>\^|~>?|>=|<=|>|<|=)?(?P<gap>[ \t]*v?)(?P<parts>(?:[0-9]+|[xX*])(?:\.(?:[0-9]+|[xX*])){0,2})"
    r"(?P<rest>(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)"
)
_HYPHEN: Final = re.compile(r"[^ \t]+[ \t]+-[ \t]+(?P<upper>v?(?P<parts>[0-9]+(?:\.(?:[0-9]+|[xX*])){0,2})[^ \t]*)")


def _library() -> Any:  # noqa: ANN401 - the library states no types
    """Return node-semver, which takes longer to load than most repositories to read: only ranges need it."""
    import nodesemver

    return nodesemver


def _parse(version: str) -> Parsed | None:
    return _parsed(version) if len(version) <= MAX_VERSION else None


@functools.lru_cache(maxsize=32768)
def _parsed(version: str) -> Parsed | None:
    found = _VERSION.fullmatch(version.strip())
    if not found or has_padding(found[4]):
        return None
    return (int(found[1]), int(found[2]), int(found[3])), words_of(found[4])


@functools.lru_cache(maxsize=1024)
def _range(constraint: str) -> Any | None:  # noqa: ANN401 - node-semver ships no types
    if len(constraint) > MAX_CONSTRAINT:
        return None
    # ``make_range`` raises for what ``satisfies`` would silently call "satisfied by nothing". Strict, because the
    # loose reader takes a tag such as ``latest`` for "any version".
    try:
        return _library().make_range(constraint.strip(), loose=False)
    except (ValueError, TypeError, AttributeError, IndexError):
        return None


def is_constraint(constraint: str) -> bool:
    """Return whether this is a range that npm reads (an empty one is any version); a tag is none."""
    return alternatives(constraint) is not None or _range(constraint) is not None


def satisfies(version: str, constraint: str) -> bool:
    """Return whether the range admits the version; prereleases only where the range names one of that version."""
    plain, released = alternatives(constraint), numbers(version)
    if plain is not None and released is not None:
        return admits(plain, released)
    parsed, wanted = _parse(version), _range(constraint)
    if parsed is None or wanted is None:
        return False
    return bool(wanted.test(_semver(_plain(version))))


@functools.lru_cache(maxsize=32768)
def _semver(version: str) -> Any:  # noqa: ANN401 - as above
    return _library().make_semver(version, loose=False)


def _plain(version: str) -> str:
    return version.strip().lstrip("=v \t")


def pinned(constraint: str) -> str | None:
    """Return the one version that the constraint admits, without operator and ``v``; None for a range."""
    found = _PIN.fullmatch(constraint) if len(constraint) <= MAX_CONSTRAINT else None
    return found[1] if found and _parse(found[1]) else None


def rewrite(constraint: str, version: str) -> str | None:
    """Return ``constraint`` with as little changed as admits ``version``; None where that is not safe.

    Nothing is changed where it is admitted already. Pins, ``^``, ``~`` and ``1.x`` move to the version, at their own
    precision. Lower bounds stay, upper ones rise. Of alternatives all stay, and one more is added in the style of the
    last.
    """
    if _parse(version) is None or not is_constraint(constraint):
        return None
    if satisfies(version, constraint):
        return constraint
    written = _rewritten(constraint, _plain(version).partition("+")[0])
    return written if written is not None and satisfies(version, written) else None


def _rewritten(constraint: str, version: str) -> str | None:
    if "||" in constraint:
        return _with_alternative(constraint, version)
    hyphen = _HYPHEN.fullmatch(constraint.strip())
    if hyphen:
        return _replace_last(constraint, hyphen["parts"], hyphen["upper"], version)
    comparators = list(_COMPARATOR.finditer(constraint))
    if "".join("".join(found[0].split()) for found in comparators) != "".join(constraint.split()):
        return None
    if len(comparators) == 1:
        return _substitute(constraint, comparators[0], _moved(comparators[0], version))
    return _widened(constraint, comparators, version)


def _with_alternative(constraint: str, version: str) -> str | None:
    last = constraint.rpartition("||")[2]
    added = _rewritten(last.strip(), version)
    gap = last[: len(last) - len(last.lstrip())]
    before = " " if " ||" in constraint else ""
    return None if added is None else f"{constraint.rstrip()}{before}||{gap}{added}"


def _replace_last(constraint: str, parts: str, upper: str, version: str) -> str | None:
    head = constraint.rstrip()[: -len(upper)]
    prefix = "v" if upper.startswith("v") else ""
    return f"{head}{prefix}{at_precision(parts, version)}"


def _moved(found: re.Match[str], version: str) -> str | None:
    """Return the text of one comparator's version, moved so that ``version`` is admitted."""
    operator = found["operator"] or ""
    if operator in (">", ">="):
        return found["parts"] + found["rest"]
    if operator == "<":
        return next_bound(found["parts"], version) + ("-0" if found["rest"] == "-0" else "")
    return at_precision(found["parts"], version)


def _widened(constraint: str, comparators: list[re.Match[str]], version: str) -> str | None:
    """Raise the upper bounds of ``>=1.2 <2``; other mixtures are left to people."""
    if any(found["operator"] not in (">", ">=", "<", "<=") for found in comparators):
        return None
    for found in reversed(comparators):
        constraint = _substitute(constraint, found, _moved(found, version)) or constraint
    return constraint


def _substitute(constraint: str, found: re.Match[str], text: str | None) -> str | None:
    if text is None:
        return None
    return constraint[: found.start("parts")] + text + constraint[found.end() :]


_VERSIONS: Final = Versions(_parse)
SCHEME: Final = Scheme(
    name="npm",
    key=_VERSIONS.key,
    is_stable=_VERSIONS.is_stable,
    is_constraint=is_constraint,
    satisfies=satisfies,
    pinned=pinned,
    step=_VERSIONS.step,
    rewrite=rewrite,
)
