"""GitHub announced when the runner image goes."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.checks.actions import _runners
from analyzers.lifecycles import actions
from analyzers.model.finding import Evidence, Finding, Rule, Severity
from analyzers.model.skipped import Skipped

RULE = Rule(
    id="ending-runner",
    group="actions",
    title="The runner label is about to be retired",
    what="Reports labels of GitHub's own runners with an announced end within actions.ending-days (270 by default).",
    why=(
        "Before the end come brownouts: days on which such jobs fail on purpose. After it the job finds no runner. "
        "Moving is cheaper while both images can be compared."
    ),
    remediation="Move to the newest image of the system; check what the job expects to be installed.",
    minutes=60,
    severity=Severity.LOW,
    example="runs-on: ubuntu-22.04",
    better="runs-on: ubuntu-24.04",
)


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each label whose end was announced by then and comes within the window."""
    for label in _runners.labels(evidence):
        row = actions.runner(label.name)
        if row is None or row.announced is None or not row.announced <= evidence.as_of < row.removed:
            continue
        days = (row.removed - evidence.as_of).days
        if days <= evidence.config.actions.ending_days:
            yield _runners.finding(
                RULE,
                label,
                row,
                evidence.as_of,
                title=f"{label.name} will be removed on {row.removed}",
                message=(
                    f"GitHub announced to remove its {label.name} image on {row.removed} (in {days} days). "
                    f"Move to {row.successor}."
                ),
            )
