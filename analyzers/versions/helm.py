"""Versions of Helm charts, and constraints as Masterminds' semver reads them: ``~1.2``, ``>=1 <2 || 3.x``, ``1 - 2``.

Near to npm's and not the same: commas part what spaces part, ``!=`` and ``~>`` exist, and a prerelease is admitted by
every bound that names one, whatever its numbers.
"""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from analyzers.model.scheme import Scheme, Step
from analyzers.versions._parts import at_precision, next_bound

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

_Numbers: TypeAlias = tuple[int, ...]
_Parsed: TypeAlias = tuple[_Numbers, tuple[tuple[int, int, str], ...]]


@dataclass(frozen=True, slots=True)
class _Term:
    """One part of a constraint. `numbers` are those before a wildcard, `floor` the version with zeros for the rest.

    `start` and `end` span the version in the constraint, a leading ``v`` left out.
    """

    operator: str
    numbers: _Numbers
    floor: _Parsed
    parts: str
    start: int
    end: int


_Constraint: TypeAlias = tuple[tuple[_Term, ...], ...]


def _parse(version: str) -> _Parsed | None:
    return _parsed(version) if len(version) <= MAX_VERSION else None


@functools.lru_cache(maxsize=32768)
def _parsed(version: str) -> _Parsed | None:
    """Return the three numbers and the prerelease's words, numbers before words; missing numbers are zeros."""
    found = _VERSION.fullmatch(version.strip())
    if not found:
        return None
    words = _words(found[4])
    numbers = tuple(int(part or 0) for part in found.group(1, 2, 3))
    return None if words is None else (numbers, words)


def _words(prerelease: str | None) -> tuple[tuple[int, int, str], ...] | None:
    words = prerelease.split(".") if prerelease else []
    if any(_is_number(word) and word != "0" and word.startswith("0") for word in words):
        return None
    return tuple((0, int(word), "") if _is_number(word) else (1, 0, word) for word in words)


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit()


def key(version: str) -> Any | None:  # noqa: ANN401 - the scheme's keys are opaque
    """Return a value that sorts as Helm sorts; None for what is no version. Build metadata does not count."""
    parsed = _parse(version)
    return None if parsed is None else _order(parsed)


def _order(parsed: _Parsed) -> tuple[object, ...]:
    numbers, words = parsed
    # A release comes after all its prereleases.
    return (numbers, not words, words)


def is_stable(version: str) -> bool:
    """Return whether this is a version, and not a prerelease."""
    parsed = _parse(version)
    return parsed is not None and not parsed[1]


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
    words = _words(found["words"]) if found else None
    if found is None or words is None:
        return None
    numbers = tuple(int(part) for part in itertools.takewhile(_is_number, found["parts"].split(".")))
    floor = (*numbers, 0, 0, 0)[:_WHOLE], words
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


def _all_admit(terms: tuple[_Term, ...], parsed: _Parsed) -> bool:
    if not terms:
        return not parsed[1]
    return all(_admits(term, parsed) for term in terms)


def _admits(term: _Term, parsed: _Parsed) -> bool:
    precision = len(term.numbers)
    line, wanted = parsed[0][:precision], term.numbers
    old, new = _order(term.floor), _order(parsed)
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
    return {"=": new == old, ">": new > old, ">=": new >= old, "<": new < old, "<=": new <= old}[term.operator]


def _is_within(term: _Term, numbers: _Numbers) -> bool:
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


def step(old: str, new: str) -> Step | None:
    """Return how big the step from ``old`` to ``new`` is; None when it is none, or leads backwards."""
    before, after = _parse(old), _parse(new)
    if before is None or after is None or _order(after) <= _order(before):
        return None
    if before[0][0] != after[0][0]:
        return "major"
    return "minor" if before[0][1] != after[0][1] else "patch"


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
        return next_bound(term.parts, "", version)
    # A lower bound above the version, or the version excluded: no moving helps.
    return None if term.operator in {">", ">=", "!="} else at_precision(term.parts, version)


SCHEME: Final = Scheme(
    name="helm",
    key=key,
    is_stable=is_stable,
    is_constraint=is_constraint,
    satisfies=satisfies,
    pinned=pinned,
    step=step,
    rewrite=rewrite,
)
