"""The onboarding pull request made so: found again, opened once, its text kept true, withdrawn. The host is the state.

Every step looks at what is there and does what is missing, so it may end anywhere and be begun anew. A branch that
people committed to is theirs: nothing on it is written over. What a person closed stays closed, until somebody who may
write asks for it again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from bot.github.errors import AlreadyThereError, StaleError
from bot.github.host import Host
from bot.github.objects import Pull, Repo
from bot.markup import Raw
from bot.onboarding import body
from bot.onboarding.body import TITLE
from bot.onboarding.model import Settled, Standing
from bot.onboarding.starter import PATH
from bot.posts.commands import Command
from bot.posts.obey import Heard, Listener, Part
from bot.upgrade.existing import DIGEST, ONBOARDING, TREE, is_own, trailers
from bot.upgrade.messages import TRAILER

WANTED: Final = ("metadata", "contents", "pull_requests")
_TO_WRITE: Final = frozenset({"Contents", "Pull requests"})
# As an upgrade of this id, so that what is swept and taken away of debtscan's own counts this among it.
_ID: Final = ONBOARDING.rpartition("/")[2]
_AGAIN: Final = Command(word="open", name=_ID)
_SAID: Final = "<!-- debtscan: closing -->"
_NOT_HERE: Final = Raw(
    f"Here only <code>@debtscan open {_ID}</code> is understood: it opens this anew where it was closed. The rest can"
    " be said once debtscan works here."
)

_TAKEN: Final = f"there is a branch {ONBOARDING} that debtscan did not make; rename or delete it"


def last(host: Host) -> Pull | None:
    """Return debtscan's onboarding pull request: the open one, else the last; None where there was none."""
    login = host.login()
    own = [pull for pull in host.pulls(ONBOARDING) if pull.branch == ONBOARDING and pull.author.login == login]
    return max(own, key=lambda pull: (pull.state == "open", pull.number), default=None)


def standing(pull: Pull | None, login: str) -> Standing:
    """Return how far a repository is whose last onboarding pull request this is."""
    if pull is None:
        return "silent"
    if pull.state == "merged":
        return "posting"
    if pull.state == "open":
        return "invited"
    said = body.parse(pull.body)
    by_us = said.closed if said else pull.closed_by is not None and pull.closed_by.login == login
    return "silent" if by_us else "declined"


def proposed(host: Host) -> bytes | None:
    """Return the configuration that the branch of an open onboarding pull request proposes; None where none is."""
    pull = last(host)
    return host.file(PATH, pull.head) if pull is not None and pull.state == "open" else None


@dataclass
class Onboarding:
    """The onboarding of one repository, as it is when it is first looked at. Methods raise HostError."""

    host: Host
    repo: Repo
    _done: list[str] = field(default_factory=list)
    _left: list[str] = field(default_factory=list)

    @cached_property
    def last(self) -> Pull | None:
        """The pull request, as `last` finds it."""
        return last(self.host)

    @property
    def standing(self) -> Standing:
        """How far the repository is."""
        return standing(self.last, self.host.login())

    def invite(self, file: bytes, text: str, *, again: bool = False) -> Settled:
        """Make it what it should be: the branch with ``file``, the pull request with ``text``.

        With ``again``, one that a person closed is opened anew, as when somebody asked for that in a comment there.
        """
        pull, now = self.last, self.standing
        if now == "posting":
            self._delete_branch()
            return self._settled("posting", pull)
        lacking = [entry for entry in self.host.missing(WANTED) if entry.permission in _TO_WRITE]
        if lacking:
            self._left += (f"the permission {entry.permission} is missing: {entry.remedy}" for entry in lacking)
            return self._settled(now, pull)
        heard = list(self._heard(pull))
        if now == "declined" and not again and not any(_asks(one) for one in heard):
            self._answer(heard)
            return self._settled("declined", pull)
        opened = self._opened(pull, file, text)
        # Last, so that a run that is ended before hears it again.
        self._answer(heard)
        return self._settled("invited" if opened else now, opened or pull)

    def withdraw(self, word: str) -> Settled:
        """Close what is open with a word, and delete the branch unless somebody else committed to it."""
        pull = self.last
        if pull is not None and pull.state == "open":
            self._close(pull, word)
            pull = replace(pull, state="closed", body=body.closed(pull.body))
        if pull is not None:
            self._delete_branch()
        return self._settled(standing(pull, self.host.login()), pull)

    def _settled(self, now: Standing, pull: Pull | None) -> Settled:
        return Settled(standing=now, pull=pull, done=tuple(self._done), left=tuple(self._left))

    def _opened(self, pull: Pull | None, file: bytes, text: str) -> Pull | None:
        """Return the open pull request, made or kept as it should be; None where something is in the way."""
        why = self._settle_branch(file, is_known=pull is not None)
        if why:
            self._left.append(why)
            return None
        if pull is None or pull.state != "open":
            return self._create(text)
        return self._kept(pull, text)

    def _create(self, text: str) -> Pull | None:
        try:
            made = self.host.create_pull(
                branch=ONBOARDING, base=self.repo.default_branch, title=TITLE, body=text, draft=False
            )
        except AlreadyThereError as error:
            # Another run, in the same moment; or somebody's own.
            there = last(self.host)
            if there is not None and there.state == "open":
                return self._kept(there, text)
            self._left.append(f"{error}; close it, and debtscan opens its own")
            return None
        self._done.append(f"opened #{made.number}: {TITLE}")
        return made

    def _kept(self, pull: Pull, text: str) -> Pull:
        if body.parse(pull.body) == body.parse(text):
            return pull
        self.host.update_pull(pull.number, body=text)
        self._done.append(f"updated #{pull.number}: {pull.title}")
        return replace(pull, body=text)

    def _settle_branch(self, file: bytes, *, is_known: bool) -> str:
        """Make the branch hold the file; return what is in the way, "" where nothing is."""
        head = self.host.branches(ONBOARDING).get(ONBOARDING)
        digest = hashlib.sha256(file).hexdigest()[:20]
        try:
            if head is None:
                self.host.create_branch(ONBOARDING, self._commit(file, digest))
                self._done.append(f"made {ONBOARDING}")
                return ""
            commits = self.host.commits_between(self.repo.head or "", head)
            if any(not is_own(commit, self.host.login()) for commit in commits):
                # Whoever asks for it anew finds what people wrote there before.
                return (
                    ""
                    if is_known
                    else f"there is a branch {ONBOARDING} that debtscan did not make; rename or delete it"
                )
            if commits and trailers(commits[-1].message).get(DIGEST) == digest:
                return ""
            self.host.move_branch(ONBOARDING, self._commit(file, digest), expected=head)
        except (AlreadyThereError, StaleError):
            return f"{ONBOARDING} was changed meanwhile; the next scan looks again"
        self._done.append(f"remade {ONBOARDING}")
        return ""

    def _commit(self, file: bytes, digest: str) -> str:
        said = "What it would do here stands in the pull request."
        message = f"{TITLE}\n\n{said}\n\n{TRAILER}: {_ID}\n{DIGEST}: {digest}\n"
        return self.host.commit(self.repo.head, {PATH: file}, message, seal=TREE)

    def _delete_branch(self) -> None:
        head = self.host.branches(ONBOARDING).get(ONBOARDING)
        if head is None:
            return
        commits = self.host.commits_between(self.repo.head or "", head)
        if any(not is_own(commit, self.host.login()) for commit in commits):
            self._left.append(f"the branch {ONBOARDING} (it has commits that are not debtscan's)")
            return
        self.host.delete_branch(ONBOARDING)
        self._done.append(f"deleted {ONBOARDING}")

    def _close(self, pull: Pull, word: str) -> None:
        login = self.host.login()
        there = self.host.newest_comments(pull.number)
        if not any(entry.author.login == login and _SAID in entry.body for entry in there):
            self.host.comment(pull.number, f"{word}\n\n{_SAID}")
        self.host.update_pull(pull.number, body=body.closed(pull.body), open=False)
        self._done.append(f"closed #{pull.number}: {pull.title}")

    def _heard(self, pull: Pull | None) -> Iterator[Heard]:
        if pull is not None and pull.number > 0:
            yield from self._listener.heard([pull.number])

    @property
    def _listener(self) -> Listener:
        return Listener(self.host, lambda _number: True, self._done)

    def _answer(self, heard: list[Heard]) -> None:
        for one in heard:
            part = Part(standing="done") if _asks(one) else Part(standing="refused", text=_NOT_HERE)
            self._listener.answer(one, [part])


def _asks(heard: Heard) -> bool:
    return any((command.word, command.name.lower()) == (_AGAIN.word, _AGAIN.name) for command in heard.asked.commands)
