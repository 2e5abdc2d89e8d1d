"""Versions and constraints of Terraform and OpenTofu: ``>= 1.2, < 2.0``, ``~> 1.2``, ``!= 1.3.1``.

Two readers of constraints live in Terraform and differ in one thing: ``~> 1`` admits 2.0 for modules and for Terraform
itself, and does not for providers. `SCHEME` is the first, `PROVIDERS` the second.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from analyzers.model.scheme import Scheme, Step

MAX_VERSION: Final = 128
MAX_CONSTRAINT: Final = 512

_NUMBERS: Final = r"[0-9]{1,10}(?:\.[0-9]{1,10}){0,3}"
_WORDS: Final = r"[0-9A-Za-z~-]+(?:\.[0-9A-Za-z~-]+)*"
_VERSION: Final = re.compile(rf"v?({_NUMBERS})(?:-({_WORDS}))?(?:\+({_WORDS}))?")
_TERM: Final = re.compile(
    rf"[ \t]*(?P<operator>=|!=|>=|<=|~>|>|<)?[ \t]*"
    rf"(?P<version>v?(?P<numbers>{_NUMBERS})(?:-{_WORDS})?(?:\+{_WORDS})?)[ \t]*"
)
_PARTS: Final = 3
_BOUNDS: Final = frozenset({"<", "<="})

_Parsed: TypeAlias = tuple[tuple[int, ...], tuple[tuple[int, int, str], ...]]


@dataclass(frozen=True, slots=True)
class _Term:
    """One part of a constraint: its operator, its version, and where that stands."""

    operator: str
    version: _Parsed
    parts: int
    written: str
    start: int
    end: int


def _parse(version: str) -> _Parsed | None:
    return _parsed(version) if len(version) <= MAX_VERSION else None


@functools.lru_cache(maxsize=8192)
def _parsed(version: str) -> _Parsed | None:
    """Return the numbers (at least three, behind them no zeros) and the prerelease's words, numbers before words."""
    found = _VERSION.fullmatch(version.strip())
    if not found:
        return None
    numbers = [int(part) for part in found[1].split(".")]
    numbers += [0] * (_PARTS - len(numbers))
    if len(numbers) > _PARTS and not numbers[-1]:
        numbers.pop()
    words = found[2].split(".") if found[2] else []
    return tuple(numbers), tuple((0, int(word), "") if _is_number(word) else (1, 0, word) for word in words)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit()


def key(version: str) -> Any | None:  # noqa: ANN401 - the scheme's keys are opaque
    """Return a value that sorts as Terraform sorts; None for what is no version. ``1.2`` is ``1.2.0``."""
    parsed = _parse(version)
    return None if parsed is None else _order(parsed)


def _order(parsed: _Parsed) -> tuple[object, ...]:
    # A release comes after all its prereleases.
    return (parsed[0], not parsed[1], parsed[1])


def is_stable(version: str) -> bool:
    """Return whether this is a version, and not a prerelease."""
    parsed = _parse(version)
    return parsed is not None and not parsed[1]


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
        parts = match["numbers"].count(".") + 1
        found.append(_Term(match["operator"] or "", parsed, parts, match["version"], start, end))
        at += len(text) + 1
    return tuple(found)


def is_constraint(constraint: str) -> bool:
    """Return whether this is a constraint that Terraform reads."""
    return bool(_terms(constraint))


def _satisfies(version: str, constraint: str, *, for_providers: bool) -> bool:
    parsed, terms = _parse(version), _terms(constraint)
    if parsed is None or not terms:
        return False
    if parsed[1] and not any(term.operator in {"", "="} and term.version == parsed for term in terms):
        # A prerelease is installed where it is asked for by its whole name, and nowhere else.
        return False
    return all(_admits(term, parsed, for_providers=for_providers) for term in terms)


def _admits(term: _Term, parsed: _Parsed, *, for_providers: bool) -> bool:
    old, new = _order(term.version), _order(parsed)
    if term.operator == "~>":
        # All numbers but the last have to agree. The reader for providers takes a single one for two.
        fixed = 1 if term.parts == 1 and for_providers else term.parts - 1
        return new >= old and parsed[0][:fixed] == term.version[0][:fixed]
    outcomes = {
        "": new == old,
        "=": new == old,
        "!=": new != old,
        ">": new > old,
        ">=": new >= old,
        "<": new < old,
        "<=": new <= old,
    }
    return outcomes[term.operator]


def satisfies(version: str, constraint: str) -> bool:
    """Return whether a module's (or Terraform's own) constraint admits the version."""
    return _satisfies(version, constraint, for_providers=False)


def provider_satisfies(version: str, constraint: str) -> bool:
    """Return whether a provider's constraint admits the version."""
    return _satisfies(version, constraint, for_providers=True)


def pinned(constraint: str) -> str | None:
    """Return the one version that the constraint admits, without operator and ``v``; None for a range."""
    terms = _terms(constraint)
    if len(terms) == 1 and terms[0].operator in {"", "="}:
        return terms[0].written.removeprefix("v")
    return None


def step(old: str, new: str) -> Step | None:
    """Return how big the step from ``old`` to ``new`` is; None when it is none, or leads backwards."""
    before, after = _parse(old), _parse(new)
    if before is None or after is None or _order(after) <= _order(before):
        return None
    if before[0][0] != after[0][0]:
        return "major"
    return "minor" if before[0][1] != after[0][1] else "patch"


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
            written = f"{written[: term.start]}{_moved(term, parsed, version.strip())}{written[term.end :]}"
    return written if _satisfies(version, written, for_providers=for_providers) else None


def _moved(term: _Term, parsed: _Parsed, version: str) -> str:
    """Return the version that should stand in this term."""
    lead = "v" if term.written.startswith("v") else ""
    if term.operator in {"", "=", "<="}:
        return lead + version.removeprefix("v")
    if term.operator == "~>":
        return lead + _at_precision(term, parsed[0])
    if term.operator == "<":
        return lead + _next_bound(term, parsed[0])
    # A lower bound above the version, or the version excluded: no rewriting helps.
    return term.written


def _at_precision(term: _Term, numbers: tuple[int, ...]) -> str:
    """Write the numbers with as many parts as the term has; its last stays 0 where it was (``~> 4.0`` → ``~> 5.0``)."""
    chosen = list(numbers[: term.parts])
    if term.parts > 1 and not term.version[0][term.parts - 1]:
        chosen[-1] = 0
    return ".".join(str(number) for number in chosen)


def _next_bound(term: _Term, numbers: tuple[int, ...]) -> str:
    """Return the bound above the version, of the same kind: ``< 2.0.0`` → ``< 3.0.0``, ``< 1.5`` → ``< 1.8``."""
    old = term.version[0][: term.parts]
    last = max((index for index, number in enumerate(old) if number), default=0)
    bound = [number if index < last else 0 for index, number in enumerate(numbers[: term.parts])]
    bound[last] = numbers[last] + 1
    return ".".join(str(number) for number in bound)


SCHEME: Final = Scheme(
    name="terraform",
    key=key,
    is_stable=is_stable,
    is_constraint=is_constraint,
    satisfies=satisfies,
    pinned=pinned,
    step=step,
    rewrite=rewrite,
)
PROVIDERS: Final = Scheme(
    name="terraform-provider",
    key=key,
    is_stable=is_stable,
    is_constraint=is_constraint,
    satisfies=provider_satisfies,
    pinned=pinned,
    step=step,
    rewrite=provider_rewrite,
)
