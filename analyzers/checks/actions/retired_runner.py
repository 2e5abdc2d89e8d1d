"""The runner image that the label named is gone: the job never starts."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.actions import _runners
from analyzers.lifecycles import actions
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="retired-runner",
    group="actions",
    title="The runner label is retired",
    what=(
        "Reports labels of GitHub's own runners whose image was removed, wherever runs-on names them, matrices "
        "included. Labels of larger and self-hosted runners are not judged."
    ),
    why="A job with such a label waits for a runner that never comes, and fails after a day.",
    remediation="Move to the newest image of the system; check what the job expects to be installed.",
    minutes=60,
    severity=Severity.HIGH,
    example="runs-on: ubuntu-20.04",
    better="runs-on: ubuntu-24.04",
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each retired label, and a note on each that the table does not know."""
    unknown = set()
    for label in _runners.labels(evidence):
        row = actions.runner(label.name)
        if row and row.removed <= evidence.as_of:
            yield _finding(evidence, label, row)
        elif not actions.is_known_runner(label.name) and _runners.key(label) not in unknown:
            unknown.add(_runners.key(label))
            yield _unknown(label)


def _finding(evidence: Evidence, label: Dependency, row: actions.Runner) -> Finding:
    days = (evidence.as_of - row.removed).days
    is_observed = row.removed <= actions.runners_dated()
    was = "was removed on" if is_observed else "was announced to be removed on"
    return _runners.finding(
        RULE,
        label,
        row,
        evidence.as_of,
        title=f"{label.name} {was} {row.removed}",
        message=(
            f"GitHub's {label.name} image {was} {row.removed} ({days} days ago), so the job finds no runner. "
            f"Move to {row.successor}."
        ),
    )


def _unknown(label: Dependency) -> Skipped:
    return Skipped(
        what="look-up",
        path=label.place.path,
        source="runners",
        reason="unknown-label",
        detail=f"{label.name} is not in the bundled table of {actions.runners_dated()}",
        subject=_runners.key(label),
    )
