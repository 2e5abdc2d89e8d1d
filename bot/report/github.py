"""GitHub annotations: workflow commands that mark lines of a pull request, and the text of the job summary."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Literal

from analyzers.model.finding import Severity
from bot import standing, wording
from bot.markup import command_message, command_property
from bot.report import _markdown
from bot.report.renderer import Options, Renderer
from bot.scorecard import Charged, Report

Level = Literal["error", "warning", "notice"]

# GitHub shows no more annotations of one level a step.
SHOWN = 10
# A job summary may have 1 MiB; characters may take four bytes.
_SUMMARY = 250_000
_LEVELS: dict[Severity, Level] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}


def render(report: Report, options: Options) -> str:
    """Return workflow commands, the dearest findings first (new ones before old ones), and the score as a notice."""
    del options
    # Without a baseline nothing is new, and the order is the report's.
    first = sorted(report.findings, key=lambda charged: not charged.new)
    return "\n".join((*commands(first), _score(report))) + "\n"


def summary(report: Report) -> str:
    """Return the Markdown for the job's page, which holds what the annotations have no room for."""
    return _markdown.draw(report, _SUMMARY)


def commands(findings: Iterable[Charged]) -> Iterator[str]:
    """Yield a workflow command for each of the first findings of a level: GitHub shows no more of them."""
    by_level: dict[Level, list[Charged]] = defaultdict(list)
    for charged in findings:
        by_level[_LEVELS[charged.finding.severity]].append(charged)
    # The score is a notice too.
    room: dict[Level, int] = {"error": SHOWN, "warning": SHOWN, "notice": SHOWN - 1}
    for level, most in room.items():
        yield from (_command(level, charged) for charged in by_level[level][:most])


def _command(level: Level, charged: Charged) -> str:
    finding = charged.finding
    properties = {
        "file": finding.path,
        "line": str(finding.line),
        "endLine": str(finding.end_line),
        "title": f"{wording.name(finding.title)} ({finding.rule})",
    }
    stated = ",".join(f"{name}={command_property(value)}" for name, value in properties.items())
    return f"::{level} {stated}::{command_message(wording.prose(finding.message))}"


def _score(report: Report) -> str:
    card = report.scorecard
    message = standing.claim(report)
    if standing.standing(report) in {"clean", "debt"}:
        grade = f"Grade {card.grade}, {wording.score(card.score)} of 100"
        message = f"{grade}, {wording.count(len(report.findings), 'finding')}. {message}".rstrip()
    return f"::notice title=debtscan::{command_message(message)}"


RENDERER = Renderer(name="github", title="annotations for GitHub Actions", suffix=".log", render=render)
