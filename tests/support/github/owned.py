"""What the owners of a repository do with it as a whole, and what people want of an App's checks."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from tests.support.github import happenings, render, render_hooks
from tests.support.github.grants import App, Installation
from tests.support.github.messages import Json
from tests.support.github.threads import Account
from tests.support.github.world import CheckRun, Repository, World

PERSON = "ada"


@dataclass(frozen=True, slots=True)
class OwnedRepository:
    """A repository in the hands of those who own it."""

    world: World
    settings: Repository
    lock: threading.RLock

    @property
    def name(self) -> str:
        """``owner/name``."""
        return self.settings.full_name

    def rename(self, full_name: str, *, login: str = PERSON) -> None:
        """Give it another name, or another owner; the old name redirects.

        Apps of the new owner that are on all repositories get it, those of the old owner lose it.
        """
        with self.lock:
            old, before = self.name, self.settings.owner
            losing = self._installations()
            owner, _, name = full_name.partition("/")
            self.world.repositories.pop(old.lower())
            self.settings.moved_from.add(old)
            self.settings.owner, self.settings.name = self.world.account(owner), name
            self.world.repositories[full_name.lower()] = self.settings
            self._follow(old)
            if before == self.settings.owner:
                changes: Json = {"repository": {"name": {"from": old.partition("/")[2]}}}
                self._tell("renamed", login, changes)
            else:
                self._transferred(before, losing, login)

    def _follow(self, old: str) -> None:
        """Give what names it the new name: GitHub goes by ids. What is of another owner now is no more theirs."""
        chosen = [each.repositories for each in self._every_installation()]
        chosen += [token.repositories for token in self.world.tokens.values()]
        for names in chosen:
            if names is not None and old in names:
                names.discard(old)
                if old.partition("/")[0] == self.settings.owner.login:
                    names.add(self.name)

    def _transferred(self, before: Account, losing: list[Installation], login: str) -> None:
        person = self.world.account(login)
        for installation in losing:
            happenings.selection_changed(self.world, installation, "removed", [self.settings], person)
        for installation in self._installations():
            happenings.selection_changed(self.world, installation, "added", [self.settings], person)
        whose = render_hooks.organization if before.kind == "Organization" else render.user
        kind = "organization" if before.kind == "Organization" else "user"
        self._tell("transferred", login, {"owner": {"from": {kind: whose(self.world, before)}}})

    def archive(self, *, login: str = PERSON) -> None:
        """Let it only be read."""
        with self.lock:
            self.settings.archived = True
            self._tell("archived", login)

    def unarchive(self, *, login: str = PERSON) -> None:
        """Let it be written again."""
        with self.lock:
            self.settings.archived = False
            self._tell("unarchived", login)

    def hide(self, *, login: str = PERSON) -> None:
        """Make it private."""
        with self.lock:
            self.settings.private = True
            self._tell("privatized", login)

    def show(self, *, login: str = PERSON) -> None:
        """Make it public."""
        with self.lock:
            self.settings.private = False
            self._tell("publicized", login)

    def set_default_branch(self, branch: str, *, login: str = PERSON) -> None:
        """Make another branch the default one."""
        with self.lock:
            old, self.settings.default_branch = self.settings.default_branch, branch
            self.settings.git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}")
            self._tell("edited", login, {"default_branch": {"from": old}})

    def set_topics(self, *topics: str, login: str = PERSON) -> None:
        """Give it topics."""
        with self.lock:
            old, self.settings.topics = self.settings.topics, topics
            self._tell("edited", login, {"topics": {"from": list(old)}})

    def delete(self, *, login: str = PERSON) -> None:
        """Delete it."""
        with self.lock:
            losing = self._installations()
            self._tell("deleted", login)
            self.world.repositories.pop(self.name.lower())
            for installation in losing:
                if installation.repositories is not None:
                    installation.repositories.discard(self.name)
                happenings.selection_changed(
                    self.world, installation, "removed", [self.settings], self.world.account(login)
                )

    def rerequest(self, run: CheckRun, *, login: str = PERSON) -> None:
        """Press "Re-run" of a check run: its App is told."""
        with self.lock:
            happenings.checked(self.world, self.settings, run, "rerequested", self.world.account(login))

    def request_action(self, run: CheckRun, identifier: str, *, login: str = PERSON) -> None:
        """Press a button that a check run's App has put there."""
        with self.lock:
            person = self.world.account(login)
            happenings.checked(self.world, self.settings, run, "requested_action", person, identifier)

    def rerequest_suite(self, sha: str, app: App, *, login: str = PERSON) -> None:
        """Press "Re-run all checks" of an App's check suite."""
        with self.lock:
            person = self.world.account(login)
            happenings.suite_wanted(self.world, self.settings, sha, app, "rerequested", person)

    def _tell(self, action: str, login: str, changes: Json | None = None) -> None:
        happenings.repository_changed(self.world, self.settings, action, self.world.account(login), changes)

    def _every_installation(self) -> list[Installation]:
        return [installation for app in self.world.apps.values() for installation in app.installations]

    def _installations(self) -> list[Installation]:
        """Return the installations that are on it now."""
        return [each for each in self._every_installation() if each.covers(self.settings.owner, self.name)]
