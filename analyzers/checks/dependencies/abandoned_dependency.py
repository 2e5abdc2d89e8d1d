"""A package that nobody has released for years, with a sign that it is given up and not merely finished."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from analyzers.checks.dependencies._cycles import has_ended
from analyzers.checks.dependencies._rows import Row, finding, is_dated, rows, worst
from analyzers.model.facts import HostedRepository, Known, Lifecycle, Package, Unknown
from analyzers.model.finding import Confidence, Evidence, Finding, Rule, Severity
from analyzers.model.question import Question
from analyzers.upstream.asked import last_release, page, repository_question

RULE = Rule(
    id="abandoned-dependency",
    group="dependencies",
    title="A dependency looks abandoned",
    what=(
        "Reports a package without a release for three years that shows a sign of being given up: its own classifier "
        "calls it inactive (high confidence); the GitHub repository that it names is gone, or had no push for three "
        "years while twenty or more issues are open (medium); or all Python versions that it names have ended more "
        "than a year ago (low). Age alone is no sign: a small package that is finished, runs everywhere and has "
        "nothing left to mend is not reported. Archived and deprecated packages have rules of their own. The signs "
        "of a repository carry no dates and are not judged for a past day."
    ),
    why=(
        "Nobody answers when it breaks: the next Python or Node.js, a hole that somebody finds, a dependency of its "
        "own that moves on. The longer it goes unnoticed, the more of your code leans on it. A name whose owner has "
        "gone is also what attackers take over."
    ),
    remediation=(
        "Look for a maintained successor, or a fork that the community has moved to; for a few functions, take them "
        "over. If you know it to be finished, say so with an ignore."
    ),
    minutes=120,
    severity=Severity.LOW,
    example="toml==0.10.2",
    better="tomli-w==1.2.0",
    sources=("pypi", "npm", "pypi-project", "github-repository", "lifecycle"),
)

_YEARS: Final = timedelta(days=3 * 365 + 1)
_A_YEAR: Final = timedelta(days=365)
_MANY_ISSUES: Final = 20
_INACTIVE: Final = "Development Status :: 7 - Inactive"
_ANY_PYTHON_3: Final = "Programming Language :: Python :: 3"
_PYTHON: Final = re.compile(r"Programming Language :: Python :: ([0-9]{1,3}\.[0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class _Sign:
    """What speaks for it: half a sentence, and how sure it is."""

    text: str
    confidence: Confidence
    word: str


def check(evidence: Evidence) -> Iterator[Finding]:
    """Yield a finding for each abandoned package; what could not be asked is named by archived-dependency."""
    yield from worst(found for row in rows(evidence) if (found := _judge(evidence, row)))


def _judge(evidence: Evidence, row: Row) -> Finding | None:
    package = row.package
    if package is None or package.status != "active" or row.question.address:
        return None
    last = last_release(package, evidence.as_of)
    if last is None or evidence.as_of - last < _YEARS:
        return None
    if any(one.deprecated is not None for one in package.releases if one.version == package.newest):
        return None
    sign = next(_signs(evidence, row, package), None)
    return _report(row, sign, last, evidence.as_of) if sign else None


def _signs(evidence: Evidence, row: Row, package: Package) -> Iterator[_Sign]:
    """Yield the signs, the surest first."""
    about = page(package, evidence.facts) if row.world.name == "pypi" else None
    if about and _INACTIVE in about.classifiers:
        yield _Sign("its owners call it inactive", Confidence.HIGH, "inactive")
    if is_dated(evidence):
        yield from _of_repository(evidence, row, package)
    if about:
        yield from _of_runtimes(evidence, about.classifiers)


def _of_repository(evidence: Evidence, row: Row, package: Package) -> Iterator[_Sign]:
    question = repository_question(row.world.name, package, evidence.facts)
    answer = evidence.facts.get(question) if question else None
    if question is None or answer is None:
        return
    if isinstance(answer, Unknown):
        if answer.reason == "not-found":
            text = f"the repository that it names ({question.name} on GitHub) is gone"
            yield _Sign(text, Confidence.MEDIUM, "repository-gone")
        return
    found = answer.value
    if isinstance(found, HostedRepository) and not found.archived and found.pushed and found.open_issues is not None:
        is_still = evidence.as_of - found.pushed >= _YEARS
        if is_still and found.open_issues >= _MANY_ISSUES:
            open_issues = f"{found.open_issues} open issues"
            text = f"nobody has pushed to {question.name} since {found.pushed.isoformat()} ({open_issues})"
            yield _Sign(text, Confidence.MEDIUM, "unattended-issues")


def _of_runtimes(evidence: Evidence, classifiers: tuple[str, ...]) -> Iterator[_Sign]:
    answer = evidence.facts.get(Question("lifecycle", "python"))
    if not isinstance(answer, Known) or not isinstance(answer.value, Lifecycle):
        return
    lifecycle = answer.value
    named = {found[1] for said in classifiers if (found := _PYTHON.fullmatch(said))}
    if _ANY_PYTHON_3 in classifiers:
        # Beside it 2.7 alone says nothing of the Pythons of today.
        named = {one for one in named if one.startswith("3.")}
    cycles = [cycle for cycle in lifecycle.cycles if cycle.name in named]
    # A version that the table does not have is unknown, and so not known to have ended.
    # Nobody makes a release only to name one Python more, so the end has to lie a year back.
    day = evidence.as_of - _A_YEAR
    if cycles and len(cycles) == len(named) and all(has_ended(one, lifecycle, day) for one in cycles):
        newest = max(cycles, key=lambda one: tuple(map(int, one.name.split("."))))
        ended = f", which ended on {newest.end.isoformat()}" if newest.end else ""
        yield _Sign(f"the newest Python that it names is {newest.name}{ended}", Confidence.LOW, "no-living-runtime")


def _report(row: Row, sign: _Sign, last: date, as_of: date) -> Finding:
    name, years = row.dependency.name, (as_of - last).days // 365
    found = finding(
        RULE,
        row,
        title=f"{name} looks abandoned",
        message=(
            f"{name} has had no release since {last.isoformat()} ({years} years), and {sign.text}. "
            "Look for a maintained successor."
        ),
        details={"last_release": last.isoformat(), "sign": sign.word},
    )
    return replace(found, confidence=sign.confidence)
