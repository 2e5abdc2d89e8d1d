"""A package that its owners have archived, or that its registry has put under quarantine."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.dependencies._rows import Row, finding, is_dated, not_dated, rows, unknown, worst
from analyzers.model.facts import HostedRepository, Package, Unknown
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.question import Question
from analyzers.model.skipped import Skipped
from analyzers.upstream.asked import is_quiet, last_release, page_question, repository_question

RULE = Rule(
    id="archived-dependency",
    group="dependencies",
    title="A dependency is archived or quarantined",
    what=(
        "Reports a package that its owners have marked as archived in the registry (no further release is to be "
        "expected), one without a release for a year whose repository on GitHub is archived, and one that the "
        "registry has quarantined (suspected of being harmful, and not to be installed)."
    ),
    why=(
        "Nobody will mend an archived package: a hole found in it tomorrow stays, and sooner or later it fails on a "
        "new runtime. A quarantined package may be malware that is already on the machines that installed it."
    ),
    remediation=(
        "Archived: look for a maintained successor (the project's page often names one), or take over the few "
        "functions in use. Quarantined: stop installing it at once, and treat machines that did as exposed until "
        "the registry has decided."
    ),
    minutes=240,
    severity=Severity.MEDIUM,
    example="nose==1.3.7",
    better="pytest==9.0.1",
    sources=("pypi", "npm", "pypi-project", "github-repository"),
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each archived or quarantined package; on a past date only a note."""
    judged = rows(evidence)
    if not is_dated(evidence):
        yield from not_dated(RULE, judged, "a package has been archived")
        return
    found: list[Finding] = []
    unknown = set()
    for row in judged:
        outcome = _judge(evidence, row, row.package) if row.package else None
        if isinstance(outcome, Finding):
            found.append(outcome)
        elif outcome and row.key not in unknown:
            unknown.add(row.key)
            yield outcome
    yield from worst(found)


def _judge(evidence: Evidence, row: Row, package: Package) -> Finding | Skipped | None:
    if package.status in ("archived", "quarantined"):
        return _report(row, package)
    if row.question.source == "git-refs":
        return _tagged(evidence, row)
    if package.status == "active" and not row.question.address and is_quiet(package, evidence.as_of):
        return _upstream(evidence, row, package)
    return None


def _upstream(evidence: Evidence, row: Row, package: Package) -> Finding | Skipped | None:
    """Judge the repository; what is nowhere to be found is left to abandoned-dependency."""
    facts, question = evidence.facts, repository_question(row.world.name, package, evidence.facts)
    if question is None:
        page = facts.get(page_question(package)) if row.world.name == "pypi" else None
        return _unknown(row, "pypi-project", page) if isinstance(page, Unknown) else None
    answer = facts.get(question)
    if isinstance(answer, Unknown):
        return _unknown(row, question.source, answer)
    if not isinstance(answer.value, HostedRepository) or not answer.value.archived:
        return None
    name, last = row.dependency.name, last_release(package, evidence.as_of)
    since = f", and its last release is of {last.isoformat()}" if last else ""
    return finding(
        RULE,
        row,
        title=f"The repository of {name} is archived",
        message=(
            f"The repository of {name} ({question.name} on GitHub) is archived{since}: no further release is to be "
            "expected. Replace it."
        ),
        details={"status": "repository-archived", "repository": question.name},
    )


def _tagged(evidence: Evidence, row: Row) -> Finding | Skipped | None:
    """Judge what is used straight from a repository, whatever the age of its last tag."""
    question = Question("github-repository", row.question.name.removeprefix("https://github.com/"))
    answer = evidence.facts.answers.get(question)
    if isinstance(answer, Unknown):
        return _unknown(row, question.source, answer)
    if answer is None or not isinstance(answer.value, HostedRepository) or not answer.value.archived:
        return None
    return finding(
        RULE,
        row,
        title=f"{question.name} is archived",
        message=f"{question.name} on GitHub is archived: no further release is to be expected. Replace it.",
        details={"status": "repository-archived", "repository": question.name},
    )


def _unknown(row: Row, source: str, answer: Unknown) -> Skipped | None:
    return None if answer.reason == "not-found" else unknown(row, source, answer)


def _report(row: Row, package: Package) -> Finding:
    name = row.dependency.name
    reason = " ".join(package.status_reason.split())[:300].rstrip(".")
    said = f" Its owners say: {reason}." if reason else ""
    if package.status == "quarantined":
        return finding(
            RULE,
            row,
            title=f"{name} is quarantined",
            message=f"The registry has quarantined {name}: it may be harmful.{said} Stop installing it at once.",
            severity=Severity.CRITICAL,
            details={"status": package.status, "reason": reason or None},
        )
    return finding(
        RULE,
        row,
        title=f"{name} is archived",
        message=f"The owners of {name} have archived it: no further release is to be expected.{said} Replace it.",
        details={"status": package.status, "reason": reason or None},
    )
