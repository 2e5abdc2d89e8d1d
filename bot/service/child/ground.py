"""What all work of a child stands on: the commit, opened under its configuration, and what judges it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeVar

from analyzers.errors import DebtscanError
from analyzers.facts_json import facts_from_json
from analyzers.http.credentials import Credentials, Settings
from analyzers.inventory_json import InventoryFormatError, inventory_from_json
from analyzers.model.inventory import Inventory
from analyzers.reading_edition import reading_edition
from analyzers.repository.kept import KeptFile
from analyzers.scan import ScanResult
from bot.rounds.clock import Clock
from bot.rounds.repository import Opened, open_repository
from bot.rounds.scanning import Scanner
from bot.rounds.standing import Standing, standing
from bot.service.child import messages
from bot.service.child.asking import Answers, Handed, Service
from bot.service.hosts import Hosts

if TYPE_CHECKING:
    # A scan does without them, and they take long to load.
    from bot.rounds.acting import Judged
    from bot.upgrade.locks.locker import Locker

Value = TypeVar("Value")

_MOST_KEPT: Final = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Ground:
    """The commit, opened under its configuration, and what judges it."""

    task: messages.Task
    service: Service
    opened: Opened
    scanner: Scanner
    edition: str

    @classmethod
    def laid(cls, task: messages.Task, service: Service, stack: ExitStack, opened: Opened | None = None) -> Ground:
        """Open the mirror, unless it is. What is opened for that stays so as long as ``stack``."""
        opened = opened or opened_at(task, service)
        kept = stack.enter_context(closing(KeptFile(Path(task.kept), max_size=_MOST_KEPT)))
        scanner = Scanner(
            clock=Clock(task.as_of, task.now),
            network=Answers(service),
            progress=lambda _stage, _done, _total: None,
            jobs=task.jobs,
            kept=kept,
        )
        return cls(task, service, opened, scanner, reading_edition(opened.settings.config))

    def scanned(self) -> ScanResult:
        """Scan; what was read of this commit before, and looked up, is neither read nor looked up again."""
        task = self.task
        known = facts_from_json(task.facts) if task.facts else None
        return self.scanner.scan(self.opened, known, self._before())

    def standing(self, result: ScanResult) -> Standing:
        """Return the scan among the earlier ones."""
        wanted = self.opened.settings.config.history.enabled and self.task.entries is not None
        store = Handed(self.service, self.task.entries or ()) if wanted else None
        return standing(self.opened, result, self.scanner, store)

    def judged(self, result: ScanResult) -> Judged:
        """Return the same with what acting on it takes."""
        from bot.rounds.judging import means_of

        return self.standing(result).judged(means_of(self.opened, self.scanner, self._locker()))

    def _before(self) -> Inventory | None:
        if not self.task.inventory or self.task.edition != self.edition:
            return None
        try:
            return inventory_from_json(self.task.inventory)
        except InventoryFormatError:
            # It is read anew, as if nobody had.
            return None

    def _locker(self) -> Locker:
        from bot.upgrade.locks.locker import Locker

        # Nobody's registries and credentials: what a repository needs of them is not for this process.
        nobody = Settings({}, Credentials(), ())
        locker = Locker.of(os.environ, Path(self.task.home), nobody, keep_out=self.opened.folder)
        return replace(locker, allows=Hosts(self.task.hosts).allows_host)


def opened_at(task: messages.Task, service: Service, proposed: Mapping[str, bytes] = MappingProxyType({})) -> Opened:
    """Open the mirror at the commit, with files laid over it that may hold its configuration."""
    opened = open_repository(
        Path(task.folder),
        config=None,
        commit=task.commit,
        bring=service.bring,
        inherited=task.inherited,
        proposed=proposed,
        # A mirror lies in a folder by a number, and its own settings may be of a name that is past.
        name=task.name,
    )
    snapshot = opened.snapshot
    about = replace(snapshot.repository, branch=task.branch)
    return replace(opened, snapshot=replace(snapshot, about=about))  # type: ignore[type-var]  # a FileSnapshot


def given(value: Value | None) -> Value:
    """Return a member of a task that this work needs. Raises DebtscanError where it is not there."""
    if value is None:
        raise DebtscanError("the task lacks what it is about")
    return value


def text_of(text: str, most: int = messages.MOST_TEXT) -> str:
    """Return a text that every database takes."""
    return text.encode(errors="backslashreplace").decode().replace("\0", "\\0")[:most]
