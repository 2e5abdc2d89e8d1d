"""Findings on one side, ignores on the other: what counts, what is accepted, and which ignores do nothing."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from analyzers.model.finding import Finding
from analyzers.model.inventory import Ignore
from analyzers.model.skipped import Skipped
from analyzers.repository.patterns import PathPatterns

FALSE_POSITIVE = "false-positive"
# What nobody judges, today or later: an ignore that waits for it would never be told.
_LEFT_OUT = frozenset({"vendored", "generated", "test-data", "ignored", "submodule", "outside-repository"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A finding that people accept until a date (that day included), or deny (`false_positive`)."""

    finding: Finding
    reason: str
    until: date
    false_positive: bool = False


@dataclass(frozen=True, slots=True)
class Sorted:
    """`kept` count, `ignored` do not, and `unused` are the ignores that matched no finding."""

    kept: tuple[Finding, ...]
    ignored: tuple[Ignored, ...]
    unused: tuple[Ignore, ...]


def set_aside(findings: Iterable[Finding], ignores: Sequence[Ignore], as_of: date) -> Sorted:
    """Sort ``findings`` by whether an ignore that still holds covers them. An expired one covers nothing."""
    kept: list[Finding] = []
    ignored: list[Ignored] = []
    used: set[int] = set()
    index = _index(ignores)
    patterns = {number: _patterns(ignore) for number, ignore in enumerate(ignores)}
    for finding in findings:
        near = [*index.get((finding.rule, finding.path), ()), *index.get((finding.rule, ""), ())]
        matching = [number for number in near if _covers(ignores[number], patterns[number], finding)]
        used.update(matching)
        holding = [ignores[number] for number in matching if ignores[number].until >= as_of]
        if holding:
            ignored.append(_ignored(finding, max(holding, key=lambda ignore: ignore.until)))
        else:
            kept.append(finding)
    unused = tuple(ignore for index, ignore in enumerate(ignores) if index not in used)
    return Sorted(tuple(kept), tuple(ignored), unused)


def certainly_unused(
    unused: Iterable[Ignore], skipped: Iterable[Skipped], known_rules: Container[str]
) -> tuple[Ignore, ...]:
    """Return those of ``unused`` whose place could be judged: where a look-up failed, the finding may be there yet.

    One that names no rule of ``known_rules`` is unused wherever it stands.
    """
    unjudged = {entry.path for entry in skipped if _may_hide(entry)}
    return tuple(
        ignore
        for ignore in unused
        if not any(rule in known_rules for rule in ignore.rules) or not _is_hidden(ignore, unjudged)
    )


def _may_hide(entry: Skipped) -> bool:
    """Whether a finding may stand where this was skipped. A note on many files, or on what is left out, hides none."""
    if entry.what == "file":
        return bool(entry.path) and entry.reason not in _LEFT_OUT
    return entry.what in {"look-up", "rule"}


def _is_hidden(ignore: Ignore, unjudged: Collection[str]) -> bool:
    if "" in unjudged:
        return True
    if ignore.applies_to is not None:
        return ignore.place.path in unjudged
    patterns = _patterns(ignore)
    return any(patterns is None or patterns.match(path) for path in unjudged)


def _index(ignores: Sequence[Ignore]) -> dict[tuple[str, str], list[int]]:
    """Return (rule, path) → positions; the configuration's stand under an empty path."""
    index: dict[tuple[str, str], list[int]] = {}
    for number, ignore in enumerate(ignores):
        path = "" if ignore.applies_to is None else ignore.place.path
        for rule in ignore.rules:
            index.setdefault((rule, path), []).append(number)
    return index


def _ignored(finding: Finding, ignore: Ignore) -> Ignored:
    false = ignore.reason.split(" ", 1)[0].rstrip(":,;") == FALSE_POSITIVE
    return Ignored(finding=finding, reason=ignore.reason, until=ignore.until, false_positive=false)


def _patterns(ignore: Ignore) -> PathPatterns | None:
    return PathPatterns.read([ignore.pattern]) if ignore.pattern else None


def _covers(ignore: Ignore, patterns: PathPatterns | None, finding: Finding) -> bool:
    if ignore.applies_to is not None:
        # A function spans many lines: only its first one speaks for it.
        last = finding.line if finding.key.ecosystem == "function" else finding.end_line
        return finding.line <= ignore.applies_to <= last
    if patterns is not None and not patterns.match(finding.path):
        return False
    return ignore.name is None or ignore.name in {finding.subject.name, finding.key.name}
