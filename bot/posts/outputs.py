"""Outputs of a workflow's step, as the runner reads them from the file that ``GITHUB_OUTPUT`` names. Pure.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter
"""

from __future__ import annotations

from collections.abc import Mapping

from bot import wording
from bot.comparison import Comparison
from bot.scorecard import Report


def of_report(report: Report) -> dict[str, str]:
    """Return the outputs that tell of one scan; ``new`` is empty where nothing was compared."""
    card = report.scorecard
    compared = any(charged.new is not None for charged in report.findings)
    return {
        "score": wording.score(card.score),
        "low": wording.score(card.low),
        "high": wording.score(card.high),
        "grade": card.grade,
        "findings": str(len(report.findings)),
        "new": str(sum(charged.new is True for charged in report.findings)) if compared else "",
        "skipped": str(len(report.skipped)),
    }


def of_change(change: Comparison) -> dict[str, str]:
    """Return those of a pull request: of its head, and what it changes."""
    return {
        **of_report(change.after),
        "new": str(len(change.fresh)),
        "mended": str(len(change.mended)),
        "score-before": wording.score(change.before.scorecard.score),
        "grade-before": change.before.scorecard.grade,
    }


def drawn(outputs: Mapping[str, str], delimiter: str) -> str:
    """Return the lines for the file. ``delimiter`` must be one that nobody can guess: no value can end early then.

    Raises ValueError where a value holds it all the same.
    """
    if any(delimiter in value for value in outputs.values()):
        raise ValueError("a value holds the delimiter")
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in outputs.items())
