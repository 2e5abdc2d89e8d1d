"""The Dockerfile uses an instruction that is deprecated."""

from __future__ import annotations

from collections.abc import Iterator

from analyzers.model.finding import Confidence, Evidence, Finding, Rule, Severity, Subject
from analyzers.model.inventory import Observation
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey

RULE = Rule(
    id="deprecated-instruction",
    group="docker",
    title="The Dockerfile uses a deprecated instruction",
    what="Finds MAINTAINER, which Docker deprecated in 2017 with version 1.13.",
    why="A deprecated instruction draws a warning in every build and may go with any new version of the syntax.",
    remediation="Write a label instead; its value is the same text.",
    minutes=10,
    severity=Severity.LOW,
    example="MAINTAINER Ada <ada@example.org>",
    better='LABEL org.opencontainers.image.authors="Ada <ada@example.org>"',
)
_KIND = "dockerfile-instruction"
_INSTEAD = {"MAINTAINER": "LABEL org.opencontainers.image.authors"}


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each deprecated instruction."""
    for seen in evidence.inventory.observations:
        if seen.kind == _KIND and seen.name in _INSTEAD:
            yield _finding(seen)


def _finding(seen: Observation) -> Finding:
    instead = _INSTEAD[seen.name]
    return Finding(
        rule=RULE.id,
        group=RULE.group,
        severity=RULE.severity,
        confidence=Confidence.HIGH,
        title=f"{seen.name} is deprecated",
        message=f"{seen.name} is deprecated since Docker 1.13 of 2017. Use {instead} with the same text.",
        path=seen.place.path,
        line=seen.place.line,
        end_line=seen.place.line,
        column=seen.place.column,
        subject=Subject(ecosystem="file", name=seen.place.path, current=seen.name, latest="LABEL"),
        key=SubjectKey("file", seen.place.path),
        minutes=RULE.minutes,
        exposure=1.0,
        identity=seen.name,
    )
