"""Everything that debtscan made in a repository, closed and removed. Safe to repeat, and to be ended anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.github.host import Host
from bot.github.objects import Pull
from bot.upgrade import marker
from bot.upgrade.existing import is_own
from bot.upgrade.tidy import Tidier

_WORD: Final = "debtscan was taken off this repository, so I close what it opened."


@dataclass(frozen=True, slots=True)
class Offboarded:
    """What was done, and what is left because of somebody else's commits, both in words."""

    done: tuple[str, ...]
    left: tuple[str, ...]


def offboard(host: Host, base: str, prefix: str) -> Offboarded:
    """Close the pull requests and delete the branches whose names begin with ``prefix``. Raises HostError.

    ``base`` is the head of the default branch. What people opened themselves from such a branch is left.
    """
    login = host.login()
    tidier = Tidier(host, base, login)
    done, left = list[str](), list[str]()
    held: set[str] = set()
    for pull in _open(host.pulls(prefix)):
        closed = tidier.close(pull, _WORD) if _is_ours(pull, login) else ()
        done += closed
        if not closed:
            held.add(pull.branch)
            left.append(f"#{pull.number}: {pull.title} ({_why(pull, login)})")
    for branch, head in sorted(host.branches(prefix).items()):
        if branch in held:
            continue
        if all(is_own(commit, login) for commit in host.commits_between(base, head)):
            host.delete_branch(branch)
            done.append(f"deleted {branch}")
        else:
            left.append(f"the branch {branch} (it has commits that are not debtscan's)")
    return Offboarded(tuple(done), tuple(left))


def _open(pulls: Iterable[Pull]) -> list[Pull]:
    return [pull for pull in pulls if pull.state == "open"]


def _is_ours(pull: Pull, login: str) -> bool:
    return pull.author.login == login or marker.parse(pull.body) is not None


def _why(pull: Pull, login: str) -> str:
    if not _is_ours(pull, login):
        return f"{pull.author.login} opened it"
    return "it has commits that are not debtscan's"
