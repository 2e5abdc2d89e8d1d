"""What debtscan posted in a repository, closed. Safe to repeat, and to be ended anywhere."""

from __future__ import annotations

from typing import Final

from analyzers.config import Posts
from bot.github.host import Host
from bot.github.objects import Repo
from bot.posts.issue import DashboardIssue, Settled

WORD: Final = "debtscan was taken off this repository, so I close what it opened."


def offboard(host: Host, repo: Repo, settings: Posts) -> Settled:
    """Close the dashboard; what a person closed is left as it is. Raises HostError."""
    return DashboardIssue(host, repo, settings).offboard(WORD)
