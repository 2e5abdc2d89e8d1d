"""What came of a pull request's comparison, for a person, and for the workflow that it runs in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TextIO

from bot import change_words, standing, wording
from bot.commands import _reports, _workflow
from bot.commands._voice import Voice
from bot.comparison import Comparison
from bot.github.objects import Missing
from bot.output import Target
from bot.posts import check_run, outputs, words
from bot.posts.posted import Posted
from bot.posts.summary import summary
from bot.posts.words import Setting
from bot.report import github
from bot.scorecard import Report


def tell_change(change: Comparison, posted: Posted, voice: Voice, *, dry_run: bool) -> None:
    """Tell the result first, then what came of posting it."""
    voice.tell(f"{standing.graded(change.before)} → {standing.graded(change.after)}: {words.counts(change)}", indent=2)
    tell(posted, voice, dry_run=dry_run)
    tell_missing(posted.missing, voice)
    if not posted.done and not posted.withheld and not posted.failed:
        voice.tell("everything is told as it should be", indent=2)


def tell(posted: Posted, voice: Voice, *, dry_run: bool) -> None:
    """Tell what the gate says, what was written and what was not. A dry run told its writes one by one already."""
    for sentence in posted.verdict.sentences:
        voice.tell(sentence, indent=2)
    for sentence in () if dry_run else posted.done:
        voice.tell(sentence, indent=2)
    for sentence in posted.withheld:
        voice.tell(f"withheld: {sentence}", indent=2)
    for sentence in posted.failed:
        voice.tell(f"failed: {sentence}", indent=2)


def tell_missing(missing: Sequence[Missing], voice: Voice) -> None:
    """Tell which permissions are missing, and what these credentials can never have, with what to do."""
    for entry in missing:
        told = entry.withholds if entry.never else f"missing permission {entry.permission}: {entry.withholds}"
        voice.tell(told, indent=2)
        voice.tell(f"to {'change that' if entry.never else 'give it'}: {entry.remedy}", indent=4)


def tell_standing(report: Report, voice: Voice) -> None:
    """Tell the score of the default branch, and what moved it."""
    card = report.scorecard
    debt = f"{wording.count(len(report.findings), 'finding')}, {wording.work(card.effort_minutes)} of work"
    voice.tell(f"{standing.graded(report)}: {standing.claim(report) or debt}", indent=2)
    if report.change:
        voice.tell(change_words.headline(report.change), indent=4)


def report_in_workflow(report: Report, posted: Posted, targets: Sequence[Target]) -> None:
    """Tell the workflow of the default branch: the job's page and the step's outputs."""
    values = outputs.of_report(report) | {"gate": posted.verdict.conclusion, "report": _reports.listed(targets)}
    _workflow.tell(lambda: github.summary(report), values)


def in_workflow(
    change: Comparison, posted: Posted, setting: Setting, stream: TextIO, targets: Sequence[Target]
) -> None:
    """Tell the workflow: the job's page, the step's outputs, and the lines of new findings where no check run does."""
    checked = check_run.check_run(change.after, change, posted.verdict, setting)
    values = outputs.of_change(change) | {"gate": posted.verdict.conclusion, "report": _reports.listed(targets)}
    _workflow.tell(lambda: summary(checked), values)
    if os.environ.get("GITHUB_ACTIONS") == "true" and not posted.is_marked:
        stream.writelines(f"{command}\n" for command in github.commands(change.fresh))
