"""Versions of Helm charts, and constraints as Masterminds' semver reads them: ``~1.2``, ``>=1 <2 || 3.x``, ``1 - 2``.

Near to npm's and not the same: commas part what spaces part, ``!=`` and ``~>`` exist, and a prerelease is admitted by
every bound that names one, whatever its numbers.
"""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from analyzers.model.scheme import Scheme
from analyzers.versions._parts import (
    COMPARISONS,
    Numbers,
    Parsed,
    Versions,
    at_precision,
    has_padding,
    is_number,
    next_bound,
    order,
    words_of,
)

MAX_VERSION: Final = 256
MAX_CONSTRAINT: Final = 1024

_NUMBER: Final = "[0-9]{1,18}"
_WORDS: Final = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION: Final = re.compile(
    rf"v?({_NUMBER})(?:\.({_NUMBER}))?(?:\.({_NUMBER}))?(?:-({_WORDS}))?(?:\+{_WORDS})?",
)
_TERM: Final = re.compile(
    rf"(?P<operator>!=|>=|=>|<=|=<|~>|[=<>~^]?)[ \t]*(?P<version>v?(?P<parts>(?:{_NUMBER}|[xX*])"
    rf"(?:\.(?:{_NUMBER}|[xX*])){{0,2}})(?:-(?P<words>{_WORDS}))?(?:\+{_WORDS})?)"
)
_GAP: Final = re.compile(r"[ \t]*(?:,[ \t]*)?")
_HYPHEN: Final = re.compile(r"[ \t]+-[ \t]+")
_PIN: Final = re.compile(rf"[ \t]*=?[ \t]*v?({_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_WORDS})?(?:\+{_WORDS})?)[ \t]*")
_SAME: Final = {"=>": ">=", "=<": "<=", "~>": "~", "": "="}
_WHOLE: Final = 3


@dataclass(frozen=True, slots=True)
class _Term:
    """One part of a constraint. `numbers` are those before a wildcard, `floor` the version with zeros for the rest.

    `start` and `end` span the version in the constraint, a leading ``v`` left out.
    """

    operator: str
    numbers: Numbers
    floor: Parsed
    parts: str
    start: int
    end: int


_Constraint: TypeAlias = tuple[tuple[_Term, ...], ...]


def _parse(version: str) -> Parsed | None:
    return _parsed(version) if len(version) <= MAX_VERSION else None


@functools.lru_cache(maxsize=32768)
def _parsed(version: str) -> Parsed | None:
    """Return three numbers, zeros for what is missing, and the prerelease's words."""
    found = _VERSION.fullmatch(version.strip())
    if not found or has_padding(found[4]):
        return None
    return tuple(int(part or 0) for part in found.group(1, 2, 3)), words_of(found[4])


def _constraint(text: str) -> _Constraint | None:
    return _read(text) if len(text) <= MAX_CONSTRAINT else None


@functools.lru_cache(maxsize=2048)
def _read(text: str) -> _Constraint | None:
    """Return the alternatives, each a list of terms that all have to hold; None for what is no constraint."""
    found, start = [], 0
    for part in text.split("||"):
        terms = _terms(text, start, start + len(part))
        if terms is None:
            return None
        found.append(terms)
        start += len(part) + 2
    return tuple(found)


def _terms(text: str, index: int, end: int) -> tuple[_Term, ...] | None:
    """Return the terms between two offsets; none for a blank stretch, which admits every release."""
    terms: list[_Term] = []
    index = _blank(text, index, end)
    while index < end:
        term = _term(text, index, end)
        if term is None:
            return None
        upper = _upper(text, term, end)
        terms += [replace(term, operator=">="), upper] if upper else [term]
        after = terms[-1].end
        gap = _GAP.match(text, after, end)
        index = gap.end() if gap else after
        if index == after < end or (index == end and "," in text[after:end]):
            return None
    return tuple(terms)


def _blank(text: str, index: int, end: int) -> int:
    while index < end and text[index] in " \t":
        index += 1
    return index


def _term(text: str, index: int, end: int) -> _Term | None:
    found = _TERM.match(text, index, end)
    if found is None or has_padding(found["words"]):
        return None
    numbers = tuple(int(part) for part in itertools.takewhile(is_number, found["parts"].split(".")))
    floor = (*numbers, 0, 0, 0)[:_WHOLE], words_of(found["words"])
    written = found["operator"]
    start = found.start("parts")
    return _Term(_SAME.get(written, written), numbers, floor, found["parts"], start, found.end())


def _upper(text: str, lower: _Term, end: int) -> _Term | None:
    """Return the upper end of ``1.2 - 2.3``; None where the term does not begin such a range."""
    hyphen = _HYPHEN.match(text, lower.end, end) if lower.operator == "=" else None
    upper = _term(text, hyphen.end(), end) if hyphen else None
    return replace(upper, operator="<=") if upper and upper.operator == "=" else None


def is_constraint(constraint: str) -> bool:
    """Return whether this is a constraint that Helm reads; an empty one is any release."""
    return _constraint(constraint) is not None


def satisfies(version: str, constraint: str) -> bool:
    """Return whether the constraint admits the version."""
    parsed, alternatives = _parse(version), _constraint(constraint)
    if parsed is None or alternatives is None:
        return False
    return any(_all_admit(terms, parsed) for terms in alternatives)


def _all_admit(terms: tuple[_Term, ...], parsed: Parsed) -> bool:
    if not terms:
        return not parsed[1]
    return all(_admits(term, parsed) for term in terms)


def _admits(term: _Term, parsed: Parsed) -> bool:
    precision = len(term.numbers)
    line, wanted = parsed[0][:precision], term.numbers
    old, new = order(term.floor), order(parsed)
    if term.operator == "!=":
        return line != wanted if precision < _WHOLE else new != old
    if parsed[1] and not term.floor[1]:
        return False
    if precision < _WHOLE and term.operator in {"=", ">", "<="}:
        # What is not written counts as any number: ``>1`` begins at 2.0.0.
        outcomes = {"=": line == wanted and new >= old, ">": line > wanted, "<=": line <= wanted}
        return outcomes[term.operator]
    if term.operator in {"~", "^"}:
        return new >= old and _is_within(term, parsed[0])
    return COMPARISONS[term.operator](new, old)


def _is_within(term: _Term, numbers: Numbers) -> bool:
    """Return whether the numbers are in the line that ``~`` or ``^`` stays in."""
    if term.operator == "~":
        # Helm takes ``~0.0.0`` for any version.
        fixed = 0 if term.numbers == (0, 0, 0) else min(len(term.numbers), 2)
    else:
        leading = next((index for index, number in enumerate(term.numbers) if number), len(term.numbers) - 1)
        fixed = leading + 1
    return numbers[:fixed] == term.floor[0][:fixed]


def pinned(constraint: str) -> str | None:
    """Return the one version that the constraint admits, without operator and ``v``; None for a range."""
    found = _PIN.fullmatch(constraint) if len(constraint) <= MAX_CONSTRAINT else None
    return found[1] if found and _parse(found[1]) else None


def rewrite(constraint: str, version: str) -> str | None:
    """Return ``constraint`` with as little changed as admits ``version``; None where that is not safe.

    Nothing is changed where it is admitted already. Pins, ``^``, ``~`` and ``1.x`` move to the version, at their own
    precision. Lower bounds and what is excluded stay, upper bounds rise. Of alternatives all stay, and the last one
    is repeated for the new version.
    """
    alternatives = _constraint(constraint)
    if _parse(version) is None or alternatives is None:
        return None
    if satisfies(version, constraint):
        return constraint
    plain = version.strip().removeprefix("v").partition("+")[0]
    written = _rewritten(constraint, alternatives, plain)
    return written if satisfies(version, written) else None


def _rewritten(constraint: str, alternatives: _Constraint, version: str) -> str:
    terms = alternatives[-1]
    if len(alternatives) == 1:
        return _moved(constraint, terms, version)
    start = constraint.rindex("||") + 2
    before = " " if " ||" in constraint else ""
    added = _moved(constraint, terms, version)[start:].rstrip()
    return f"{constraint.rstrip()}{before}||{added}"


def _moved(constraint: str, terms: tuple[_Term, ...], version: str) -> str:
    """Return the constraint with each of the terms moved that keeps the version out, as far as moving helps."""
    parsed = _parse(version)
    for term in reversed(terms):
        text = _new_text(term, version)
        if parsed and text and not _admits(term, parsed):
            constraint = f"{constraint[: term.start]}{text}{constraint[term.end :]}"
    return constraint


def _new_text(term: _Term, version: str) -> str | None:
    if term.operator == "<":
        return next_bound(term.parts, version)
    # A lower bound above the version, or the version excluded: no moving helps.
    return None if term.operator in {">", ">=", "!="} else at_precision(term.parts, version)


_VERSIONS: Final = Versions(_parse)
SCHEME: Final = Scheme(
    name="helm",
    key=_VERSIONS.key,
    is_stable=_VERSIONS.is_stable,
    is_constraint=is_constraint,
    satisfies=satisfies,
    pinned=pinned,
    step=_VERSIONS.step,
    rewrite=rewrite,
)
