"""What is posted on one pull request: the check run of its head, and its comment. Each part stands for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from analyzers.config import Config
from bot.comparison import Comparison
from bot.github.errors import ForbiddenError, HostError, RateLimitedError
from bot.github.host import Host
from bot.github.objects import Missing, Pull
from bot.posts import check_run as checks
from bot.posts import comment as comments
from bot.posts.check_run import Judged
from bot.posts.words import Setting

_CHECKS: Final = "checks:write"


@dataclass(slots=True, kw_only=True)
class Posted:
    """What came of it, in sentences.

    `withheld` is what these credentials may not do, `failed` what GitHub refused otherwise, `missing` what the
    preflight found. `is_marked` says that new findings are marked at their lines by a check run.
    """

    verdict: Judged
    done: list[str] = field(default_factory=list)
    withheld: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    missing: tuple[Missing, ...] = ()
    is_marked: bool = False

    def attempt(self, what: str, make: Callable[[], str]) -> bool:
        """Do one part and keep what came of it; return whether it stands as it should. Raises RateLimitedError."""
        try:
            done = make()
        except RateLimitedError:
            raise
        except ForbiddenError as error:
            self.withheld.append(f"{what}: {error}")
        except HostError as error:
            self.failed.append(f"{what}: {error}")
        else:
            self.done += [done] if done else []
            return True
        return False


def post(host: Host, pull: Pull, change: Comparison, config: Config, setting: Setting) -> Posted:
    """Make the check run and the comment what they should be. Raises RateLimitedError, and HostError before any write.

    debtscan's own upgrades get no comment: their text says what they win.
    """
    report, wanted = change.after, config.posts
    posted = Posted(verdict=checks.judged(report, config.gate, compares=True))
    if wanted.check_run:
        posted.missing = host.missing((_CHECKS,))
        sha = report.repository.commit or pull.head
        said = checks.check_run(report, change, posted.verdict, setting, wanted.annotations)
        if not posted.missing:
            posted.is_marked = posted.attempt("the check run", lambda: checks.settle(host, sha, said))
    if wanted.comment:
        is_own = not pull.fork and pull.branch.startswith(config.upgrades.branch_prefix)
        is_upgrade = is_own and pull.author.login == host.login()
        text = "" if is_upgrade else comments.body(change, setting)
        posted.attempt("the comment", lambda: comments.settle(host, pull.number, text))
    return posted
