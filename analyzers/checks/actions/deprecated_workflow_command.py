"""A step prints a workflow command that GitHub gave up."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.ecosystems.github_actions.commands import KIND
from analyzers.lifecycles import actions
from analyzers.model.finding import Evidence, Finding, Rule, Severity, Subject
from analyzers.model.inventory import Observation
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey

RULE = Rule(
    id="deprecated-workflow-command",
    group="actions",
    title="A step prints a deprecated workflow command",
    what="Finds ::set-output, ::save-state, ::set-env and ::add-path where a run step prints them.",
    why=(
        "Whatever a program prints can hold such a command, so untrusted text could set variables. GitHub disabled "
        "set-env and add-path for that, and warns on every run of the other two, which are to go as well."
    ),
    remediation="Append to the file that the runner names in GITHUB_OUTPUT, GITHUB_STATE, GITHUB_ENV or GITHUB_PATH.",
    minutes=10,
    severity=Severity.LOW,
    example='- run: echo "::set-output name=tag::$TAG"',
    better='- run: echo "tag=$TAG" >> "$GITHUB_OUTPUT"',
)
_SHOWN = 80


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each printed command that was given up by then."""
    for seen in evidence.inventory.observations:
        row = actions.commands().get(seen.name) if seen.kind == KIND else None
        if row and row.deprecated <= evidence.as_of:
            yield _finding(evidence, seen, row)


def _finding(evidence: Evidence, seen: Observation, row: actions.Command) -> Finding:
    is_disabled = row.disabled is not None and row.disabled <= evidence.as_of
    state = f"disabled since {row.disabled}" if is_disabled else f"deprecated since {row.deprecated}"
    effect = "the step fails unless unsecure commands are allowed" if is_disabled else "every run warns about it"
    text = '"$DIRECTORY"' if row.file == "GITHUB_PATH" else '"NAME=$VALUE"'
    return RULE.finding(
        seen.place,
        severity=Severity.HIGH if is_disabled else RULE.severity,
        title=f"::{row.name} is {state}",
        message=f'The workflow command ::{row.name} is {state}: {effect}. Write echo {text} >> "${row.file}" instead.',
        subject=Subject(ecosystem="githubactions", name=seen.name, current=f"::{row.name}", latest=f"${row.file}"),
        key=SubjectKey("file", seen.place.path),
        identity=f"{row.name}|{seen.text[:_SHOWN]}",
        details={"deprecated": row.deprecated.isoformat(), "file": row.file},
    )
