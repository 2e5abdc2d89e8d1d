"""What is posted on the default branch's commit: its check run and, where wanted, its findings for code scanning."""

from __future__ import annotations

from collections.abc import Callable

from analyzers.config import Config
from bot.github.host import Host
from bot.posts import check_run as checks
from bot.posts import code_scanning
from bot.posts.posted import Posted
from bot.posts.words import Setting
from bot.scorecard import Report


def post(host: Host, report: Report, config: Config, setting: Setting, sarif: Callable[[], str]) -> Posted:
    """Make both what they should be; ``sarif`` draws the report. Without a commit there is nothing to post on.

    Raises HostError before any write.
    """
    commit, branch = report.repository.commit, setting.base
    posted = Posted(verdict=checks.judged(report, config.gate, compares=False))
    if commit is None:
        return posted
    if config.posts.check_run:
        posted.missing = host.missing((checks.PERMISSION,))
        said = checks.check_run(report, None, posted.verdict, setting)
        if not posted.missing:
            posted.attempt("the check run", lambda: checks.settle(host, commit, said))
    if config.posts.code_scanning:
        upload = code_scanning.prepared(sarif())
        posted.attempt("code scanning", lambda: code_scanning.settle(host, commit, branch, upload))
    return posted
