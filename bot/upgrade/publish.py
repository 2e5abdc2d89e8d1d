"""One upgrade made so on the host: branch, commits, pull request. Safe to repeat, and to be ended anywhere.

Every step looks at what is there and does what is missing. What a run leaves behind, ended at any point, is
understood by the next one: commits that no branch points at are nothing, a branch without a pull request is taken
up, a pull request whose marker says so is set up further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bot.github.errors import AlreadyThereError, StaleError
from bot.github.host import Host
from bot.github.objects import Pull, Repo
from bot.upgrade import marker
from bot.upgrade.body import MOST
from bot.upgrade.existing import DIGEST, is_own, is_own_branch, trailers
from bot.upgrade.messages import commit_messages
from bot.upgrade.model import Written

# What the marker's state holds: whether labels and people are still to come, and whether debtscan wants a draft.
_SETUP: Final = "setup"
_DRAFT: Final = "draft"
TRIAL: Final = "trial"
_PENDING: Final = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dress:
    """What a new pull request gets beside its text."""

    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An upgrade ready to be published: its files, and the body with its marker.

    `trial` is what the marker keeps of a search for what breaks the checks; `hold` makes a draft of it, whatever its
    files are.
    """

    written: Written
    body: str
    dress: Dress = field(default_factory=Dress)
    trial: str = ""
    hold: bool = False

    @property
    def draft(self) -> bool:
        """Whether it is not to be merged as it is."""
        return self.hold or self.written.draft

    @property
    def branch(self) -> str:
        """The branch's name."""
        return self.written.upgrade.branch

    @property
    def digest(self) -> str:
        """What stays the same as long as nothing has to be updated."""
        return marker.content_digest(self.written)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of an offer. `done` are the writes in words, none where all was as it should be.

    `kept` says why the branch was left as it is, although it should be another; `opened` that the pull request is new.
    """

    id: str
    pull: Pull | None
    done: tuple[str, ...] = ()
    kept: str = ""
    refused: tuple[str, ...] = ()
    opened: bool = False


class Publisher:
    """Publishes the offers of one repository. `base` is the commit that the offers were made on."""

    def __init__(self, host: Host, repo: Repo, base: str, pulls: Iterable[Pull], branches: Mapping[str, str]) -> None:
        self._host = host
        self._repo = repo
        self._base = base
        self._login = host.login()
        self._branches = dict(branches)
        self._pulls = tuple(pulls)
        self._open = {pull.branch: pull for pull in self._pulls if pull.state == "open"}

    def publish(self, offer: Offer) -> Outcome:
        """Make it so. Raises HostError."""
        done: list[str] = []
        pull = self._open.get(offer.branch)
        new = pull is None
        kept = _foreign(pull, self._login) or self._settle_branch(offer, pull, done)
        refused: tuple[str, ...] = ()
        if not kept:
            pull = self._settle_pull(offer, pull, done)
            pull, refused = self._dress(offer, pull, done)
        name = offer.written.upgrade.id
        opened = new and pull is not None
        return Outcome(id=name, pull=pull, done=tuple(done), kept=kept, refused=refused, opened=opened)

    def _settle_branch(self, offer: Offer, pull: Pull | None, done: list[str]) -> str:
        """Make the branch hold the offer's commits; return why it is left alone, where it is."""
        head = self._branches.get(offer.branch)
        if head is None:
            return self._new_branch(offer, done)
        commits = self._host.commits_between(self._base, head)
        if any(not is_own(commit, self._login) for commit in commits):
            return "somebody else's commits are on the branch, and stay"
        if not is_own_branch(offer.branch, head, commits, self._pulls, self._login):
            return "there is a branch of this name, and nothing proves that debtscan made it"
        conflicts = pull is not None and pull.mergeable is False
        if commits and trailers(commits[-1].message).get(DIGEST) == offer.digest and not conflicts:
            whole = len(commits) >= len(offer.written.commits)
            return "" if whole else "somebody took commits off the branch, and they stay off"
        self._note_trial(offer, pull)
        try:
            self._host.move_branch(offer.branch, self._commit(offer), expected=head)
        except StaleError:
            return "the branch was changed meanwhile"
        done.append(f"remade {offer.branch}" + (", which was in conflict" if conflicts else ""))
        return ""

    def _note_trial(self, offer: Offer, pull: Pull | None) -> None:
        """Note what is tried before the branch holds it: a run that is ended in between would try the same again."""
        said = marker.parse(pull.body) if pull else None
        if pull is None or said is None or said.state.get(TRIAL, "") == offer.trial or not offer.trial:
            return
        body = marker.restate(pull.body, {**said.state, TRIAL: offer.trial})
        if len(body) <= MOST:
            self._host.update_pull(pull.number, body=body)

    def _new_branch(self, offer: Offer, done: list[str]) -> str:
        try:
            self._host.create_branch(offer.branch, self._commit(offer))
        except AlreadyThereError:
            return "the branch was made meanwhile"
        done.append(f"made {offer.branch}")
        return ""

    def _commit(self, offer: Offer) -> str:
        """Write the commits, one on the other; return the last one's hash. Nothing points at them yet."""
        parent = self._base
        messages = commit_messages(offer.written)
        for message, (_title, files) in zip(messages, offer.written.commits, strict=True):
            parent = self._host.commit(parent, files, f"{message.rstrip()}\n{DIGEST}: {offer.digest}\n")
        return parent

    def _settle_pull(self, offer: Offer, pull: Pull | None, done: list[str]) -> Pull:
        upgrade = offer.written.upgrade
        if pull is None:
            body = marker.restate(offer.body, _state(offer, setup=True))
            pull = self._host.create_pull(
                branch=offer.branch,
                base=self._repo.default_branch,
                title=upgrade.title,
                body=body,
                draft=offer.draft,
            )
            done.append(f"opened #{pull.number}: {upgrade.title}")
            return pull
        said = marker.parse(pull.body)
        state = said.state if said else {}
        if said is not None and said.digest == offer.digest and state.get(TRIAL, "") == offer.trial:
            return pull
        body = marker.restate(offer.body, _state(offer, setup=state.get(_SETUP) == _PENDING))
        # A draft that people made stays one: only what debtscan itself wanted otherwise is changed.
        wanted_before = state.get(_DRAFT, "") == "yes"
        draft = offer.draft if offer.draft != wanted_before else None
        self._host.update_pull(pull.number, title=upgrade.title, body=body, draft=draft)
        done.append(f"updated #{pull.number}: {upgrade.title}")
        return replace(pull, title=upgrade.title, body=body)

    def _dress(self, offer: Offer, pull: Pull, done: list[str]) -> tuple[Pull, tuple[str, ...]]:
        """Add labels and people to a new pull request, once; note in its marker that this is done."""
        said = marker.parse(pull.body)
        if said is None or said.state.get(_SETUP) != _PENDING:
            return pull, ()
        dress, refused = offer.dress, list[str]()
        if dress.labels:
            self._host.label(pull.number, dress.labels)
        if dress.assignees:
            refused += self._host.assign(pull.number, dress.assignees)
        if dress.reviewers or dress.teams:
            refused += self._host.request_reviews(pull.number, dress.reviewers, dress.teams)
        state = {name: value for name, value in said.state.items() if name != _SETUP}
        self._host.update_pull(pull.number, body=marker.restate(pull.body, state))
        done.append(f"set up #{pull.number}")
        return pull, tuple(refused)


def _foreign(pull: Pull | None, login: str) -> str:
    """Return why a pull request is somebody else's, "" where it is debtscan's; one that lost its marker still is."""
    if pull is None or pull.author.login == login:
        return ""
    return f"{pull.author.login} opened #{pull.number} from this branch"


def _state(offer: Offer, *, setup: bool) -> dict[str, str]:
    state = {_DRAFT: "yes"} if offer.draft else {}
    if offer.trial:
        state[TRIAL] = offer.trial
    return {**state, _SETUP: _PENDING} if setup else state
