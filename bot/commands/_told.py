"""What came of a pull request's comparison, for a person, and for the workflow that it runs in."""

from __future__ import annotations

import os
from typing import TextIO

from bot import standing
from bot.commands import _workflow
from bot.commands._voice import Voice
from bot.comparison import Comparison
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
    for entry in posted.missing:
        voice.tell(f"missing permission {entry.permission}: {entry.withholds}", indent=2)
        voice.tell(f"to give it: {entry.remedy}", indent=4)


def report_in_workflow(report: Report, posted: Posted) -> None:
    """Tell the workflow of the default branch: the job's page and the step's outputs."""
    _workflow.tell(lambda: github.summary(report), outputs.of_report(report) | {"gate": posted.verdict.conclusion})


def in_workflow(change: Comparison, posted: Posted, setting: Setting, stream: TextIO) -> None:
    """Tell the workflow: the job's page, the step's outputs, and the lines of new findings where no check run does."""
    checked = check_run.check_run(change.after, change, posted.verdict, setting)
    _workflow.tell(lambda: summary(checked), outputs.of_change(change) | {"gate": posted.verdict.conclusion})
    if os.environ.get("GITHUB_ACTIONS") == "true" and not posted.is_marked:
        stream.writelines(f"{command}\n" for command in github.commands(change.fresh))
