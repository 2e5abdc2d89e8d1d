"""The pull requests of earlier runs, found again by branch and marker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.github.objects import Commit, Pull
from bot.upgrade import marker
from bot.upgrade.messages import TRAILER
from bot.upgrade.model import Existing

ONBOARDING = "debtscan/onboarding"
"""The branch of the pull request that asks a repository first (`bot.onboarding`): it is no upgrade."""
DIGEST = "Debtscan-Digest"
TREE = "Debtscan-Tree"
# Who GitHub names as committer of what is made through its interface, and signs.
_GITHUB = "web-flow"


def existing(pulls: Iterable[Pull], login: str) -> tuple[Existing, ...]:
    """Return one entry a pull request, sorted by number: a branch outlives the pull requests that were merged of it.

    ``login`` is that of debtscan: what somebody else closed is an ignore, until it is reopened, whatever was opened of
    its branch since. A pull request whose marker is gone counts by its branch alone, with no targets.
    """
    return tuple(_existing(pull, login) for pull in sorted(pulls, key=lambda pull: pull.number))


def _existing(pull: Pull, login: str) -> Existing:
    said = marker.parse(pull.body)
    ignored = said.ignored if said and pull.state == "closed" else None
    return Existing(
        id=said.id if said else "",
        branch=pull.branch,
        number=pull.number,
        state=pull.state,
        opened=pull.created,
        closed=None if pull.state == "open" else pull.updated,
        targets=dict(said.targets) if said else {},
        closed_by_person=is_closed_by_person(pull, login),
        security=bool(said and said.security),
        asked_by=ignored.by if ignored else "",
        until=ignored.until if ignored else None,
        why=ignored.why if ignored else "",
    )


def is_closed_by_person(pull: Pull, login: str) -> bool:
    """Whether a person closed it unmerged, or had debtscan do so."""
    if pull.state != "closed":
        return False
    said = marker.parse(pull.body)
    if said and said.taken_back:
        return False
    return pull.closed_by is None or pull.closed_by.login != login or bool(said and said.ignored)


def trailers(message: str) -> dict[str, str]:
    """Return the trailers of a commit message that are debtscan's."""
    last = message.rstrip().rpartition("\n\n")[2]
    pairs = (line.partition(": ") for line in last.splitlines())
    return {name: value for name, _, value in pairs if name in {TRAILER, DIGEST, TREE}}


def is_own(commit: Commit, login: str) -> bool:
    """Whether debtscan made a commit, and nobody rebased or amended it since.

    Who has the same login, because debtscan uses a person's token, has other files: the message names the tree.
    """
    said = trailers(commit.message)
    return (
        commit.author_login == login
        and commit.committer_login in {login, _GITHUB}
        and TRAILER in said
        and said.get(TREE) == commit.tree
    )


def is_own_branch(name: str, head: str, commits: Sequence[Commit], pulls: Iterable[Pull], login: str) -> bool:
    """Whether something proves that debtscan made a branch, and that nobody added to it. Its name proves nothing.

    ``commits`` are those that the default branch has not: they are all debtscan's, and name the upgrade whose branch
    it is. Where there are none, because it was merged, it is the head of a pull request that debtscan opened.
    """
    if any(not is_own(commit, login) for commit in commits):
        return False
    if commits:
        # In messages, what looks like a commit's hash is written in pieces.
        upgrade = trailers(commits[-1].message)[TRAILER].replace("\u200b", "")
        return bool(upgrade) and name.endswith((f"/{upgrade}", f"-{upgrade}"))
    return any(pull.branch == name and pull.head == head and is_own_pull(pull, login) for pull in pulls)


def is_own_pull(pull: Pull, login: str) -> bool:
    """Whether debtscan opened a pull request: people may do so from a branch of any name, or with the same login."""
    return pull.author.login == login and marker.parse(pull.body) is not None
