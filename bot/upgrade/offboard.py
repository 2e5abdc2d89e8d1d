"""Everything that debtscan made in a repository, closed and removed. Safe to repeat, and to be ended anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.github.host import Host
from bot.github.objects import Pull
from bot.store.files import HISTORY, is_history
from bot.upgrade.tidy import Tidier

_WORD: Final = "debtscan was taken off this repository, so I close what it opened."


@dataclass(frozen=True, slots=True)
class Offboarded:
    """What was done, and what is left because of somebody else's commits, both in words."""

    done: tuple[str, ...]
    left: tuple[str, ...]


def offboard(host: Host, base: str, prefix: str, history: str) -> Offboarded:
    """Close the pull requests and delete the branches whose names begin with ``prefix``. Raises HostError.

    ``base`` is the head of the default branch, ``history`` the branch of past scorecards, which goes as well. What
    people opened themselves from such a branch is left.
    """
    login = host.login()
    tidier = Tidier(host, base, login)
    done, left = list[str](), list[str]()
    held: set[str] = set()
    pulls = host.pulls(prefix)
    for pull in _open(pulls):
        closed = tidier.close(pull, _WORD)
        done += closed
        if not closed:
            held.add(pull.branch)
            left.append(f"#{pull.number}: {pull.title} ({_why(pull, login)})")
    for branch, head in sorted(host.branches(prefix).items()):
        if branch in held:
            continue
        if tidier.is_own(branch, head, pulls):
            host.delete_branch(branch)
            done.append(f"deleted {branch}")
        else:
            left.append(f"the branch {branch} (nothing proves that it is debtscan's alone)")
    if history in host.branches(history):
        if is_history(host.file(HISTORY, history)):
            host.delete_branch(history)
            done.append(f"deleted {history}, the history")
        else:
            left.append(f"the branch {history} (it holds no history of debtscan's)")
    return Offboarded(tuple(done), tuple(left))


def _open(pulls: Iterable[Pull]) -> list[Pull]:
    return [pull for pull in pulls if pull.state == "open"]


def _why(pull: Pull, login: str) -> str:
    if pull.author.login != login:
        return f"{pull.author.login} opened it"
    return "it has commits that are not debtscan's"
