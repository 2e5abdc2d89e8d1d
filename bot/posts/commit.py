"""What is posted on the default branch's commit: its check run and, where wanted, its findings for code scanning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from analyzers.settings import Settings
from bot.github.host import Host
from bot.posts import check_run as checks
from bot.posts import code_scanning
from bot.posts.posted import Posted
from bot.posts.words import Setting
from bot.scorecard import Report

_CHECK_RUN: Final = "posts.check-run"


def post(
    host: Host, report: Report, settings: Settings, setting: Setting, sarif: Callable[[], str], posted: Posted
) -> None:
    """Make both what they should be, and keep in ``posted`` what came of it; ``sarif`` draws the report.

    Without a commit there is nothing to post on. Raises HostError where it cannot be asked what is allowed.
    """
    commit, branch, wanted = report.repository.commit, setting.base, settings.config.posts
    if commit is None:
        return
    if wanted.check_run:
        said = checks.check_run(report, None, posted.verdict, setting)
        asked = settings.sets(_CHECK_RUN)
        if posted.is_allowed("the check run", host.missing((checks.PERMISSION,)), asked=asked):
            posted.attempt("the check run", lambda: checks.settle(host, commit, said))
    if wanted.code_scanning:
        upload = code_scanning.prepared(sarif())
        posted.attempt("code scanning", lambda: code_scanning.settle(host, commit, branch, upload))
