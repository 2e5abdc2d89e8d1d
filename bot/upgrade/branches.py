"""What stands on the branches of upgrades: whose it is, what it holds, and whether people want it made anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.github.host import Host
from bot.github.objects import Commit, Pull
from bot.upgrade import marker
from bot.upgrade.existing import DIGEST, is_own, is_own_branch, trailers
from bot.upgrade.marker import Marker
from bot.upgrade.wishes import BOX, Wishes

RECREATED: Final = "recreated"
"""In a marker's state: who had the branch made anew, whatever it held, and where it was before: ``COMMENT:COMMIT``."""


@dataclass(slots=True)
class Branches:
    """The `branches` (name → head) of one repository, over the commit `base`. Methods raise HostError.

    `pulls` are debtscan's and others', open and not; `login` is debtscan's.
    """

    host: Host
    base: str
    pulls: Sequence[Pull]
    branches: Mapping[str, str]
    login: str
    wishes: Wishes
    _commits: dict[str, tuple[Commit, ...]] = field(default_factory=dict)

    @property
    def open(self) -> Mapping[str, Pull]:
        """Branch → its open pull request."""
        return {pull.branch: pull for pull in self.pulls if pull.state == "open"}

    def hindrance(self, branch: str) -> str:
        """Return why a branch is left alone, whatever is to be on it; "" where it is not."""
        pull, head = self.open.get(branch), self.branches.get(branch)
        if pull is not None and pull.author.login != self.login:
            return f"{pull.author.login} opened #{pull.number} from this branch"
        if head is None:
            return ""
        commits = self.on(branch)
        if self.is_recreated(branch):
            return ""
        if any(not is_own(commit, self.login) for commit in commits):
            return "somebody else's commits are on the branch, and stay"
        if not is_own_branch(branch, head, commits, self.pulls, self.login):
            return "there is a branch of this name, and nothing proves that debtscan made it"
        return ""

    def is_recreated(self, branch: str) -> bool:
        """Whether somebody wants what people did to the branch thrown away, and that was not done yet."""
        pull = self.open.get(branch)
        said = marker.parse(pull.body) if pull else None
        who = self.wishes.recreate.get(said.id) if said else None
        if pull is None or said is None or who is None or pull.author.login != self.login:
            return False
        asked, _, lost = said.state.get(RECREATED, "").partition(":")
        # A box has no number: while it is ticked, it counts.
        return asked != who or who == BOX or lost == self.branches.get(branch)

    def is_remade(self, branch: str) -> bool:
        """Whether somebody wants the branch on the head of the default one, and it is not, or not debtscan's alone."""
        pull = self.open.get(branch)
        said = marker.parse(pull.body) if pull else None
        if said is None or branch not in self.branches or not self.wishes.remakes(said.id):
            return False
        commits = self.on(branch)
        own = all(is_own(commit, self.login) for commit in commits) and bool(self.digest(branch))
        return not own or commits[0].parents != (self.base,)

    def on(self, branch: str) -> tuple[Commit, ...]:
        """Return the commits of a branch that the default one has not."""
        if branch not in self._commits:
            self._commits[branch] = self.host.commits_between(self.base, self.branches[branch])
        return self._commits[branch]

    def digest(self, branch: str) -> str:
        """Return the digest that the last commit of a branch names: those before it name none."""
        commits = self.on(branch) if branch in self.branches else ()
        return trailers(commits[-1].message).get(DIGEST, "") if commits else ""

    def cut(self, branch: str) -> str:
        """Return what is to be said where the last commits of debtscan's are no longer on a branch."""
        is_cut = bool(self.on(branch)) and not self.digest(branch)
        return "somebody took commits off the branch, and they stay off" if is_cut else ""


def lost_to(said: Marker, who: str) -> str:
    """Return where the branch was before it was made anew because ``who`` asked; "" where it was not."""
    asked, _, lost = said.state.get(RECREATED, "").partition(":")
    return lost if asked == who else ""
