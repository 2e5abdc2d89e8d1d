"""One upgrade made so on the host: branch, commits, pull request. Safe to repeat, and to be ended anywhere.

Every step looks at what is there and does what is missing. What a run leaves behind, ended at any point, is
understood by the next one: commits that no branch points at are nothing, a branch without a pull request is taken
up, a pull request whose marker says so is set up further.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from bot.github.errors import AlreadyThereError, StaleError
from bot.github.host import Host
from bot.github.objects import Pull, Repo
from bot.upgrade import marker
from bot.upgrade.body import MOST
from bot.upgrade.branches import RECREATED, Branches
from bot.upgrade.existing import DIGEST, TREE
from bot.upgrade.marker import Marker
from bot.upgrade.messages import commit_messages
from bot.upgrade.model import Upgrade, Written
from bot.upgrade.wishes import NONE, Wishes

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
    files are. `inputs` is what it was made from, for the next run; "" where it has to be made again all the same.
    """

    written: Written
    body: str
    dress: Dress = field(default_factory=Dress)
    trial: str = ""
    hold: bool = False
    inputs: str = ""

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

    `kept` says why the branch was left as it is, although it should be another; `opened` that the pull request is new;
    `note` what else a person has to know of it. `lost` is where the branch was before it was made anew
    although it may have held commits of people, "" where that was not so.
    """

    id: str
    pull: Pull | None
    done: tuple[str, ...] = ()
    kept: str = ""
    refused: tuple[str, ...] = ()
    opened: bool = False
    note: str = ""
    lost: str = ""


class Publisher:
    """Publishes the offers of one repository. `base` is the commit that the offers were made on."""

    def __init__(
        self,
        host: Host,
        repo: Repo,
        base: str,
        pulls: Iterable[Pull],
        branches: Mapping[str, str],
        wishes: Wishes = NONE,
    ) -> None:
        self._host = host
        self._repo = repo
        self._base = base
        self._wishes = wishes
        self._ground = Branches(host, base, tuple(pulls), dict(branches), host.login(), wishes)
        self._branches = self._ground.branches
        self._open = self._ground.open

    def hindered(self, upgrade: Upgrade) -> Outcome | None:
        """Return the outcome where a branch is left alone, whatever is to be on it. Raises HostError."""
        why = self._ground.hindrance(upgrade.branch)
        return Outcome(id=upgrade.id, pull=self._open.get(upgrade.branch), kept=why) if why else None

    def standing(self, branch: str, inputs: Collection[str], trial: str) -> tuple[Outcome, Marker] | None:
        """Return a pull request for which nothing has to be made, and its marker; None where something may have to be.

        It was made from one of ``inputs``, its branch and its text hold the same, all of it was set up, and it is not
        in conflict; or somebody took a part of that off the branch. Raises HostError.
        """
        pull = self._open.get(branch)
        said = marker.parse(pull.body) if pull else None
        if pull is None or said is None or said.inputs not in inputs or self._ground.hindrance(branch):
            return None
        if self._ground.is_remade(branch) or said.id in self._wishes.retry:
            return None
        if _SETUP in said.state or said.state.get(TRIAL, "") != trial or pull.mergeable is False:
            return None
        kept = self._ground.cut(branch)
        holds = kept or self._ground.digest(branch) == said.digest
        return (Outcome(id=said.id, pull=pull, kept=kept), said) if holds else None

    def publish(self, offer: Offer) -> Outcome:
        """Make it so. Raises HostError."""
        done: list[str] = []
        pull = self._open.get(offer.branch)
        new = pull is None
        note = self._strayed(offer, pull)
        kept, lost = self._ground.hindrance(offer.branch), ""
        if not kept:
            pull, lost = self._note_lost(offer.branch, pull)
            kept = self._settle_branch(offer, pull, done)
        refused: tuple[str, ...] = ()
        if not kept:
            pull = self._settle_pull(offer, pull, done)
            pull, refused = self._dress(offer, pull, done)
        return Outcome(
            id=offer.written.upgrade.id,
            pull=pull,
            done=tuple(done),
            kept=kept,
            refused=refused,
            opened=new and pull is not None,
            note="" if kept else note,
            lost="" if kept else lost,
        )

    def _strayed(self, offer: Offer, pull: Pull | None) -> str:
        """Return what is to be said where the branch holds another state of debtscan's than the text says.

        People who want it otherwise close it, or add a commit; that debtscan makes its own branches anew is known.
        """
        said = marker.parse(pull.body) if pull else None
        if said is None or offer.branch not in self._branches or self._ground.is_recreated(offer.branch):
            return ""
        if self._ground.digest(offer.branch) in {said.digest, offer.digest}:
            return ""
        return "its branch was set back, or a run was ended, so it is made anew; to keep it as it was, add a commit"

    def _settle_branch(self, offer: Offer, pull: Pull | None, done: list[str]) -> str:
        """Make the branch hold the offer's commits; return why it is left alone, where it is."""
        head = self._branches.get(offer.branch)
        if head is None:
            return self._new_branch(offer, done)
        conflicts = pull is not None and pull.mergeable is False
        remade = conflicts or self._ground.is_remade(offer.branch)
        if self._ground.digest(offer.branch) == offer.digest and not remade:
            return ""
        said = marker.parse(pull.body) if pull else None
        if said and said.digest == offer.digest and not conflicts and not self._ground.is_recreated(offer.branch):
            cut = self._ground.cut(offer.branch)
            if cut:
                return cut
        self._note_trial(offer, pull)
        try:
            self._host.move_branch(offer.branch, self._commit(offer), expected=head)
        except StaleError:
            return "the branch was changed meanwhile"
        done.append(f"remade {offer.branch}" + (", which was in conflict" if conflicts else ""))
        return ""

    def _note_lost(self, branch: str, pull: Pull | None) -> tuple[Pull | None, str]:
        """Note where a branch was before commits of people are thrown away; return the pull request, and that commit.

        Where a run is ended then, the next one finds another commit there, and leaves alone what people added since.
        """
        head = self._branches.get(branch, "")
        said = marker.parse(pull.body) if pull else None
        if pull is None or said is None or not head or not self._ground.is_recreated(branch):
            return pull, ""
        if not self._ground.is_remade(branch):
            return pull, ""
        note = f"{self._wishes.recreate[said.id]}:{head}"
        if said.state.get(RECREATED) == note:
            return pull, head
        body = marker.restate(pull.body, {**said.state, RECREATED: note})
        self._host.update_pull(pull.number, body=body)
        return replace(pull, body=body), head

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
        """Write the commits, one on the other; return the last one's hash. Nothing points at them yet.

        Only the last one names the digest: a branch from which it was taken does not hold what the digest stands for.
        """
        parent = self._base
        messages = commit_messages(offer.written)
        for number, (_title, files) in enumerate(offer.written.commits, start=1):
            last = f"{DIGEST}: {offer.digest}\n" if number == len(messages) else ""
            parent = self._host.commit(parent, files, f"{messages[number - 1].rstrip()}\n{last}", seal=TREE)
        return parent

    def _settle_pull(self, offer: Offer, pull: Pull | None, done: list[str]) -> Pull:
        upgrade = offer.written.upgrade
        if pull is None:
            body = marker.restate(offer.body, _state(offer, {}, setup=True), inputs=offer.inputs)
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
            return pull if said.inputs == offer.inputs else self._note(pull, said, offer.inputs, done)
        setup = state.get(_SETUP) == _PENDING
        body = marker.restate(offer.body, _state(offer, state, setup=setup), inputs=offer.inputs)
        # A draft that people made stays one: only what debtscan itself wanted otherwise is changed.
        wanted_before = said is not None and is_draft(said)
        draft = offer.draft if offer.draft != wanted_before else None
        self._host.update_pull(pull.number, title=upgrade.title, body=body, draft=draft)
        done.append(f"updated #{pull.number}: {upgrade.title}")
        return replace(pull, title=upgrade.title, body=body)

    def _note(self, pull: Pull, said: Marker, inputs: str, done: list[str]) -> Pull:
        """Note what the same content was made from this time, so that the next run has not to make it."""
        body = marker.restate(pull.body, said.state, inputs=inputs)
        self._host.update_pull(pull.number, body=body)
        done.append(f"noted in #{pull.number} what it is made from")
        return replace(pull, body=body)

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


def is_draft(said: Marker) -> bool:
    """Whether debtscan itself made a draft of the pull request with this marker."""
    return said.state.get(_DRAFT) == "yes"


def _state(offer: Offer, before: Mapping[str, str], *, setup: bool) -> dict[str, str]:
    state = {name: before[name] for name in (RECREATED,) if name in before}
    if offer.draft:
        state[_DRAFT] = "yes"
    if offer.trial:
        state[TRIAL] = offer.trial
    return {**state, _SETUP: _PENDING} if setup else state
