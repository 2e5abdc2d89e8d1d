"""What earlier runs left and nothing needs any more: pull requests closed with a word, branches deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bot.github.host import Host
from bot.github.objects import Pull
from bot.upgrade.existing import is_closed_by_person, is_own_branch

# Says to the next run that the word was said: one that ended between comment and closing does not repeat it.
_SAID: Final = "<!-- debtscan: closing -->"


class Tidier:
    """Closes and deletes in one repository. `base` is the head of the default branch, `login` debtscan's own."""

    def __init__(self, host: Host, base: str, login: str) -> None:
        self._host = host
        self._base = base
        self._login = login

    def close(self, pull: Pull, why: str) -> tuple[str, ...]:
        """Close a pull request with a word and delete its branch; return what was done, in words.

        One with somebody else's commits, or opened by somebody else, stays open, and nothing is said there. So does
        one of which the branch was moved since ``pull`` was read: a round takes its time.
        """
        if pull.author.login != self._login or not self.is_own(pull.branch, pull.head, (pull,)):
            return ()
        if self._host.branches(pull.branch).get(pull.branch, pull.head) != pull.head:
            return ()
        comments = self._host.comments(pull.number)
        if not any(entry.author.login == self._login and _SAID in entry.body for entry in comments):
            self._host.comment(pull.number, f"{why}\n\n{_SAID}")
        self._host.update_pull(pull.number, open=False)
        self._host.delete_branch(pull.branch)
        return (f"closed #{pull.number}: {pull.title}",)

    def sweep(self, branches: Mapping[str, str], wanted: Iterable[str], pulls: Iterable[Pull]) -> tuple[str, ...]:
        """Delete branches that nothing needs; return what was done, in words.

        These are branches of what was merged or closed by debtscan, and those of a run that ended early. The branch
        of a pull request that a person closed stays, so that reopening it is all it takes; so does one with somebody
        else's commits, and whatever else debtscan did not make, although its name begins as if.
        """
        pulls, held = tuple(pulls), set(wanted)
        held.update(pull.branch for pull in pulls if pull.state == "open" or is_closed_by_person(pull, self._login))
        done = []
        for name, head in sorted(branches.items()):
            if name not in held and self.is_own(name, head, pulls):
                self._host.delete_branch(name)
                done.append(f"deleted {name}")
        return tuple(done)

    def is_own(self, name: str, head: str, pulls: Iterable[Pull]) -> bool:
        """Whether debtscan made a branch, and nobody added to it."""
        return is_own_branch(name, head, self._host.commits_between(self._base, head), pulls, self._login)
