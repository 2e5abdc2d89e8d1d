"""Versions and constraints of Terraform and OpenTofu: ``>= 1.2, < 2.0``, ``~> 1.2``, ``!= 1.3.1``.

Two readers of constraints live in Terraform and differ in one thing: ``~> 1`` admits 2.0 for modules and for Terraform
itself, and does not for providers. `SCHEME` is the first, `PROVIDERS` the second.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import Final

from analyzers.model.scheme import Scheme
from analyzers.versions._parts import COMPARISONS, Parsed, Versions, next_bound, numbers_of, order, words_of

MAX_VERSION: Final = 128
MAX_CONSTRAINT: Final = 512

_NUMBERS: Final = r"[0-9]{1,10}(?:\.[0-9]{1,10}){0,3}"
_WORDS: Final = r"[0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*"
_VERSION: Final = re.compile(rf"v?({_NUMBERS})(?:-({_WORDS}))?(?:\+({_WORDS}))?")
_TERM: Final = re.compile(
    rf"[ \t]*(?P<operator>=|!=|>=|<=|~>|>|<)?[ \t]*"
    rf"(?P<version>v?(?P<parts>{_NUMBERS})(?:-{_WORDS})?(?:\+{_WORDS})?)[ \t]*"
)
_PARTS: Final = 3


@dataclass(frozen=True, slots=True)
class _Term:
    """One part of a constraint: its operator, its version, the numbers of that as written, and where it stands."""

    operator: str
    version: Parsed
    parts: str
    written: str
    start: int
    end: int


def _parse(version: str) -> Parsed | None:
    return _parsed(version) if len(version) <= MAX_VERSION else None


@functools.lru_cache(maxsize=8192)
def _parsed(version: str) -> Parsed | None:
    """Return the numbers (at least three, behind them no zeros) and the prerelease's words."""
    found = _VERSION.fullmatch(version.strip())
    if not found:
        return None
    numbers = [int(part) for part in found[1].split(".")]
    numbers += [0] * (_PARTS - len(numbers))
    if len(numbers) > _PARTS and not numbers[-1]:
        numbers.pop()
    return tuple(numbers), words_of(found[2])


def _terms(constraint: str) -> tuple[_Term, ...]:
    """Return the parts of a constraint; none for what is no constraint."""
    return _read_terms(constraint) if len(constraint) <= MAX_CONSTRAINT else ()


@functools.lru_cache(maxsize=2048)
def _read_terms(constraint: str) -> tuple[_Term, ...]:
    found, at = [], 0
    for text in constraint.split(","):
        match = _TERM.fullmatch(text)
        parsed = _parse(match["version"]) if match else None
        if not match or not parsed:
            return ()
        start, end = at + match.start("version"), at + match.end("version")
        found.append(_Term(match["operator"] or "=", parsed, match["parts"], match["version"], start, end))
        at += len(text) + 1
    return tuple(found)


def is_constraint(constraint: str) -> bool:
    """Return whether this is a constraint that Terraform reads."""
    return bool(_terms(constraint))


def _satisfies(version: str, constraint: str, *, for_providers: bool) -> bool:
    parsed, terms = _parse(version), _terms(constraint)
    if parsed is None or not terms:
        return False
    if parsed[1] and not any(term.operator == "=" and term.version == parsed for term in terms):
        # A prerelease is installed where it is asked for by its whole name, and nowhere else.
        return False
    return all(_admits(term, parsed, for_providers=for_providers) for term in terms)


def _admits(term: _Term, parsed: Parsed, *, for_providers: bool) -> bool:
    old, new = order(term.version), order(parsed)
    if term.operator == "~>":
        # All numbers but the last have to agree. The reader for providers takes a single one for two.
        fixed = term.parts.count(".") or int(for_providers)
        return new >= old and parsed[0][:fixed] == term.version[0][:fixed]
    return COMPARISONS[term.operator](new, old)


def satisfies(version: str, constraint: str) -> bool:
    """Return whether a module's (or Terraform's own) constraint admits the version."""
    return _satisfies(version, constraint, for_providers=False)


def provider_satisfies(version: str, constraint: str) -> bool:
    """Return whether a provider's constraint admits the version."""
    return _satisfies(version, constraint, for_providers=True)


def pinned(constraint: str) -> str | None:
    """Return the one version that the constraint admits, without operator and ``v``; None for a range."""
    terms = _terms(constraint)
    if len(terms) == 1 and terms[0].operator == "=":
        return terms[0].written.removeprefix("v")
    return None


def rewrite(constraint: str, version: str) -> str | None:
    """Return a module's constraint with as little changed as admits ``version``; None where that is not safe.

    A pin becomes the version, ``~>`` moves to it at its own precision, upper bounds rise, lower bounds and what is
    excluded stay. Nothing is changed where the version is admitted already.
    """
    return _rewrite(constraint, version, for_providers=False)


def provider_rewrite(constraint: str, version: str) -> str | None:
    """Return the same for a provider's constraint."""
    return _rewrite(constraint, version, for_providers=True)


def _rewrite(constraint: str, version: str, *, for_providers: bool) -> str | None:
    parsed = _parse(version)
    if parsed is None or not is_constraint(constraint):
        return None
    if _satisfies(version, constraint, for_providers=for_providers):
        return constraint
    written = constraint
    for term in reversed(_terms(constraint)):
        if not _admits(term, parsed, for_providers=for_providers):
            written = f"{written[: term.start]}{_moved(term, version.strip())}{written[term.end :]}"
    return written if _satisfies(version, written, for_providers=for_providers) else None


def _moved(term: _Term, version: str) -> str:
    """Return the version that should stand in this term."""
    lead, version = "v" if term.written.startswith("v") else "", version.removeprefix("v")
    if term.operator in {"=", "<="}:
        return lead + version
    if term.operator == "~>":
        return lead + _at_precision(term.parts, version)
    if term.operator == "<":
        return lead + next_bound(term.parts, version)
    # A lower bound above the version, or the version excluded: no rewriting helps.
    return term.written


def _at_precision(parts: str, version: str) -> str:
    """Write as many numbers as ``parts`` has; the last of several stays 0 where it was (``~> 4.0`` → ``~> 5.0``)."""
    *leading, last = parts.split(".")
    *chosen, end = numbers_of(version, len(leading) + 1)
    return ".".join(map(str, (*chosen, 0 if leading and not int(last) else end)))


_VERSIONS: Final = Versions(_parse)
SCHEME: Final = Scheme(
    name="terraform",
    key=_VERSIONS.key,
    is_stable=_VERSIONS.is_stable,
    is_constraint=is_constraint,
    satisfies=satisfies,
    pinned=pinned,
    step=_VERSIONS.step,
    rewrite=rewrite,
)
PROVIDERS: Final = replace(SCHEME, name="terraform-provider", satisfies=provider_satisfies, rewrite=provider_rewrite)
