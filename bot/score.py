"""Findings to points, points to a score with its bounds. Pure; the model is explained in docs/score.md.

Points are minutes, as integers, so that sums are exact. Scores and losses are multiples of `UNIT` (1/10,000), handed
out by largest remainder, so that the parts of a score sum to it exactly: the groups' losses to ``100 - score``, the
findings' losses to their group's.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analyzers.model.finding import Confidence, Finding, Group
from analyzers.model.inventory import SourceFile
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey
from bot.ruleset import HALVING_MINUTES, SIZE_LINES, SUBJECT_CAP

UNIT = 10_000
# Why a file could not be read although it is one that debtscan reads: its debt is unknown, so `low` charges it.
# What is left out on purpose (vendored, generated, ignored, a submodule, kept in LFS) is no such file; neither is what
# git's listing passes over (a dangling link, a name that is no text), since nobody says that it holds anything, nor a
# note on many files, which has no path.
UNREADABLE = frozenset(
    {
        "unreadable",
        "too-large",
        "too-deep",
        "invalid-syntax",
        "unsupported-syntax",
        "binary",
        "wrong-encoding",
        "missing-file",
        "limit-reached",
        "reader-failed",
    }
)


@dataclass(frozen=True, slots=True)
class Priced:
    """What one finding counts: `points` of debt and `effort` minutes of work, both after its subject's limit."""

    points: int
    effort: int


def price(findings: Sequence[Finding]) -> tuple[Priced, ...]:
    """Return what each finding counts, in the order given; a subject over the limit is cut for all its findings."""
    points = _limited(findings, raw_points)
    effort = _limited(findings, lambda finding: finding.minutes)
    return tuple(Priced(*pair) for pair in zip(points, effort, strict=True))


def raw_points(finding: Finding) -> int:
    """Return minutes × exposure, rounded up, before the subject's limit."""
    return max(0, math.ceil(finding.minutes * finding.exposure))


def total_points(findings: Iterable[Finding]) -> int:
    """Return the points of all findings together."""
    return sum(_by_subject(findings).values())


def unknown_subjects(skipped: Iterable[Skipped]) -> frozenset[SubjectKey]:
    """Return what could not be judged: named subjects, files that could not be read, rules that failed."""
    found: set[SubjectKey] = set()
    for entry in skipped:
        if entry.subject is not None:
            found.add(entry.subject)
        elif entry.reason == "rule-failed":
            found.add(SubjectKey("rule", entry.source))
        elif entry.what == "file" and entry.reason in UNREADABLE and entry.path and entry.source != "git":
            found.add(SubjectKey("file", entry.path))
    return frozenset(found)


def low_points(findings: Iterable[Finding], unknown: Iterable[SubjectKey]) -> int:
    """Return the points when every unknown subject is charged in full."""
    charged = {**_by_subject(findings), **dict.fromkeys(unknown, SUBJECT_CAP)}
    return sum(charged.values())


def high_points(findings: Iterable[Finding]) -> int:
    """Return the points of what is sure."""
    return total_points(finding for finding in findings if finding.confidence == Confidence.HIGH)


def size(sources: Iterable[SourceFile]) -> float:
    """Return s: how much bigger than the smallest size the repository counts."""
    return max(1.0, math.sqrt(sum(source.lines for source in sources) / SIZE_LINES))


def score_units(points: int, size_factor: float) -> int:
    """Return the score in units of 1/10,000, rounded down: only a repository without debt reaches 100."""
    # The addition undoes what binary fractions lose, so that half the score is 50 and not 49.9999.
    return math.floor(_exact_units(points, size_factor) + 1e-6) if points else 100 * UNIT


def slope(before: int, after: int, size_factor: float) -> float:
    """Return the units of score, not rounded, that each point costs on the way from ``before`` to ``after`` points."""
    first, last = _exact_units(before, size_factor), _exact_units(after, size_factor)
    if before != after:
        return (last - first) / (after - before)
    return -(first**2) / (100 * UNIT * HALVING_MINUTES * size_factor)


def _exact_units(points: int, size_factor: float) -> float:
    return 100 * UNIT / (1 + points / (HALVING_MINUTES * size_factor))


def score(points: int, size_factor: float) -> float:
    """Return 100 ÷ (1 + P ÷ (40 h · s)), to four places, rounded down."""
    return score_units(points, size_factor) / UNIT


def losses(points: Sequence[int], groups: Sequence[Group], size_factor: float) -> tuple[float, ...]:
    """Return what each finding takes from the score: its share of its group's loss, which is a share of the whole.

    ``points`` and ``groups`` go in step. The sum is ``100 - score(sum(points), size_factor)``.
    """
    whole = 100 * UNIT - score_units(sum(points), size_factor)
    members: dict[Group, list[int]] = defaultdict(list)
    for index, group in enumerate(groups):
        members[group].append(index)
    shares = split(whole, [sum(points[index] for index in indices) for indices in members.values()])
    lost = [0] * len(points)
    for share, indices in zip(shares, members.values(), strict=True):
        for index, part in zip(indices, split(share, [points[index] for index in indices]), strict=True):
            lost[index] = part
    return tuple(part / UNIT for part in lost)


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Split ``total`` in proportion to ``weights`` by largest remainder; earlier ones win a tie. All are ≥ 0."""
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda index: (-(total * weights[index] % whole), index))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts


def rounded(exact: Sequence[float], total: int) -> list[int]:
    """Return whole numbers beside ``exact`` that sum to ``total``, which is less than 1 away from their sum.

    The largest fractions are rounded up, the earlier one first; what is 0 stays 0.
    """
    parts = [math.floor(part) for part in exact]
    by_fraction = sorted(
        (index for index, part in enumerate(exact) if part), key=lambda index: (parts[index] - exact[index], index)
    )
    for index in by_fraction[: total - sum(parts)]:
        parts[index] += 1
    return parts


def summed(parts: Iterable[float]) -> float:
    """Return the sum of scores or losses, exact in units."""
    return sum(round(part * UNIT) for part in parts) / UNIT


def _by_subject(findings: Iterable[Finding]) -> dict[SubjectKey, int]:
    points: dict[SubjectKey, int] = defaultdict(int)
    for finding in findings:
        points[finding.key] = min(SUBJECT_CAP, points[finding.key] + raw_points(finding))
    return points


def _limited(findings: Sequence[Finding], weigh: Callable[[Finding], int]) -> list[int]:
    """Return the weights, those of a subject over the limit cut down in proportion."""
    weights = [weigh(finding) for finding in findings]
    for indices in _members(findings).values():
        own = [weights[index] for index in indices]
        if sum(own) > SUBJECT_CAP:
            for index, part in zip(indices, split(SUBJECT_CAP, own), strict=True):
                weights[index] = part
    return weights


def _members(findings: Iterable[Finding]) -> Mapping[SubjectKey, list[int]]:
    members: dict[SubjectKey, list[int]] = defaultdict(list)
    for index, finding in enumerate(findings):
        members[finding.key].append(index)
    return members
