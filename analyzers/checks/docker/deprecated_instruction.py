"""The Dockerfile uses an instruction, a form of one, or a command that is deprecated."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from analyzers.model.finding import Evidence, Finding, Rule, Severity, Subject, also_lines
from analyzers.model.inventory import Observation
from analyzers.model.skipped import Skipped
from analyzers.model.subject import SubjectKey

RULE = Rule(
    id="deprecated-instruction",
    group="docker",
    title="The Dockerfile uses a deprecated instruction",
    what=(
        "Finds MAINTAINER, ENV with a blank between key and value, apt-key, and the npm flags --production and "
        "--only=production (not on a Node.js whose npm knows nothing else). Here-documents of RUN are looked through "
        "as well. One finding each a file."
    ),
    why=(
        "A deprecated instruction or flag draws a warning in every build, and goes with some new version of the syntax "
        "or of the base image: then the build fails, or a flag that nobody knows any more installs what it should "
        "have left out."
    ),
    remediation="Write what has taken its place; each finding names it.",
    minutes=10,
    severity=Severity.LOW,
    example="MAINTAINER Ada <ada@example.org>",
    better='LABEL org.opencontainers.image.authors="Ada <ada@example.org>"',
)
_KINDS = frozenset({"dockerfile-instruction", "dockerfile-command"})


class _Instead(NamedTuple):
    """What has taken the place of something, and since when: the rest of two sentences."""

    since: str
    remedy: str
    latest: str


_INSTEAD = {
    "MAINTAINER": _Instead(
        "since Docker 1.13 of 2017",
        "Use LABEL org.opencontainers.image.authors with the same text.",
        "LABEL",
    ),
    "ENV": _Instead(
        "with a blank between key and value since Docker 20.10 of 2020",
        "Write ENV key=value, with quotes around a value that holds blanks.",
        "ENV key=value",
    ),
    "apt-key": _Instead(
        "since apt 2.2 of 2021, and Debian 13 has it no longer",
        "Put the key into /etc/apt/keyrings and name it in the source: deb [signed-by=/etc/apt/keyrings/NAME.asc] …",
        "signed-by",
    ),
    "npm --production": _Instead("since npm 8", "Use --omit=dev.", "--omit=dev"),
    "npm --only=production": _Instead("since npm 7", "Use --omit=dev.", "--omit=dev"),
}


def check(evidence: Evidence) -> Iterator[Finding | Skipped]:
    """Yield a finding for each deprecated thing and file."""
    found: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for seen in evidence.inventory.observations:
        if seen.kind in _KINDS and seen.name in _INSTEAD:
            found[seen.place.path, seen.name].append(seen)
    for group in found.values():
        yield _finding(sorted(group, key=lambda seen: seen.place.start))


def _finding(group: Sequence[Observation]) -> Finding:
    seen, instead = group[0], _INSTEAD[group[0].name]
    return RULE.finding(
        seen.place,
        severity=RULE.severity,
        title=f"{seen.name} is deprecated",
        message=f"{seen.name} is deprecated {instead.since}. {instead.remedy}",
        subject=Subject(ecosystem="file", name=seen.place.path, current=seen.name, latest=instead.latest),
        key=SubjectKey("file", seen.place.path),
        identity=seen.name,
        details=also_lines(seen.place.line, (other.place.line for other in group)),
    )
