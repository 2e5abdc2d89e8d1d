"""What both rules about runner labels share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from analyzers.ecosystems.github_actions.runners import KIND
from analyzers.lifecycles import actions
from analyzers.model.exposure import past_end
from analyzers.model.finding import Confidence, Evidence, Finding, Fix, Rule, Subject
from analyzers.model.inventory import Dependency
from analyzers.model.subject import SubjectKey


def labels(evidence: Evidence) -> Iterator[Dependency]:
    """Yield every label that can be judged, in the order of the inventory."""
    for dependency in evidence.inventory.dependencies:
        if dependency.kind == KIND and not dependency.skip_reason:
            yield dependency


def key(label: Dependency) -> SubjectKey:
    """Return the subject of a label, whose spelling does not matter."""
    return SubjectKey(label.ecosystem, label.name.lower())


def finding(rule: Rule, label: Dependency, row: actions.Runner, as_of: date, *, title: str, message: str) -> Finding:
    """Return the finding of a rule at a label with an end."""
    # A label that is put together from a matrix has no one text to be replaced.
    fix = Fix(available=label.value == label.name, to=row.successor if label.value == label.name else None)
    observed = row.removed <= actions.runners_dated()
    return rule.finding(
        label.place,
        # Announced ends have been postponed before.
        confidence=Confidence.HIGH if observed or as_of < row.removed else Confidence.MEDIUM,
        title=title,
        message=message,
        subject=Subject(
            ecosystem=label.ecosystem, name=label.name, current=label.name, latest=row.successor, purl=label.purl
        ),
        key=key(label),
        # The last supported day is the one before.
        exposure=past_end(row.removed - timedelta(days=1), as_of),
        identity=label.name.lower(),
        fix=fix,
        details={"removed": row.removed.isoformat(), "successor": row.successor},
    )
