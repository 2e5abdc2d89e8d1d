"""What is posted on one pull request: the check run of its head, and its comment. Each part stands for itself."""

from __future__ import annotations

from analyzers.config import Config
from bot.comparison import Comparison
from bot.github.host import Host
from bot.github.objects import Pull
from bot.posts import check_run as checks
from bot.posts import comment as comments
from bot.posts.judged import judged
from bot.posts.posted import Posted
from bot.posts.words import Setting


def post(host: Host, pull: Pull, change: Comparison, config: Config, setting: Setting) -> Posted:
    """Make the check run and the comment what they should be. Raises HostError before any write.

    debtscan's own upgrades get no comment: their text says what they win.
    """
    report, wanted = change.after, config.posts
    posted = Posted(verdict=judged(report, config.gate, compares=True))
    if wanted.check_run:
        sha = report.repository.commit or pull.head
        said = checks.check_run(report, change, posted.verdict, setting, wanted.annotations)
        # Who names a pull request asks for it.
        if posted.is_allowed("the check run", host.missing((checks.PERMISSION,)), asked=True):
            posted.is_marked = posted.attempt("the check run", lambda: checks.settle(host, sha, said))
    if wanted.comment:
        is_own = not pull.fork and pull.branch.startswith(config.upgrades.branch_prefix)
        is_upgrade = is_own and pull.author.login == host.login()
        text = "" if is_upgrade else comments.body(change, setting)
        posted.attempt("the comment", lambda: comments.settle(host, pull.number, text))
    return posted
