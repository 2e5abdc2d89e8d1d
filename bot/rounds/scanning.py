"""Reading and judging: what every command that scans does with a snapshot, and copies of what lies on GitHub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from analyzers.manifests import Progress
from analyzers.model.facts import Facts
from analyzers.model.finding import Group
from analyzers.model.inventory import Inventory
from analyzers.model.kept import NOTHING_KEPT, Kept
from analyzers.read import read, read_on
from analyzers.repository import clone as copies
from analyzers.repository.git import Bring
from analyzers.repository.promised import copy
from analyzers.scan import ScanResult
from analyzers.scan import scan as stages
from bot.change import Change
from bot.rounds.clock import Clock
from bot.rounds.repository import Opened
from bot.rounds.since import Today, change_since
from bot.store.model import Entry

if TYPE_CHECKING:
    # A scan of a folder does without it, and it takes long to load.
    from bot.github.client import Client
    from bot.rounds.network import Asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanner:
    """Judges snapshots as on one day, and asks one network. With `only`, these groups alone."""

    clock: Clock
    network: Asks
    progress: Progress
    jobs: int = 0
    only: tuple[Group, ...] = ()
    offline: bool = False
    kept: Kept = NOTHING_KEPT

    def scan(self, opened: Opened, known: Facts | None = None, before: Inventory | None = None) -> ScanResult:
        """Read, look up and judge; what is ``known`` is not asked again.

        What was read ``before`` of the same commit, on any day, under the same configuration is not read again.
        """

        def read_all() -> Inventory:
            if before is not None:
                # The repository may have another name by now.
                named = replace(before, repository=opened.snapshot.repository)
                return read_on(opened.snapshot, opened.settings, named, as_of=self.clock.as_of, kept=self.kept)
            return read(
                opened.snapshot,
                opened.settings,
                as_of=self.clock.as_of,
                jobs=self.jobs,
                progress=self.progress,
                kept=self.kept,
            )

        return stages(
            read_all,
            lambda inventory: self.look_up(inventory, known),
            opened.settings.config,
            as_of=self.clock.as_of,
            only=self.only,
            offline=self.offline,
        )

    def look_up(self, inventory: Inventory, known: Facts | None) -> Facts:
        """Return all Facts of an inventory; what is ``known`` is not asked again."""
        return self.network(inventory, self.clock.now.date(), known)

    def change(
        self, opened: Opened, result: ScanResult, since: Entry, stored: Callable[[Entry], Facts | None]
    ) -> Change:
        """Return what moved the score since an entry; ``stored`` gives its Facts, and may raise."""
        today = Today(
            result=result,
            opened=opened,
            look_up=self.look_up,
            jobs=self.jobs,
            progress=self.progress,
            kept=self.kept,
        )
        return change_since(since, stored, today)


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a repository on GitHub, and how more of it is fetched: `bring` is as in `GitRepository`."""

    folder: Path
    url: str
    authorization: str | None
    bring: Bring | None

    def fetch(self, refs: dict[str, str]) -> None:
        """Fetch further refs: theirs → the name that it gets in the copy. Raises SnapshotError."""
        contents = self.bring is None
        copies.fetch(self.url, self.folder, refs, authorization=self.authorization, contents=contents)


@contextmanager
def copied(client: Client) -> Iterator[Copy]:
    """Yield a copy of the default branch, which is removed afterwards. Raises SnapshotError."""
    with TemporaryDirectory(prefix="debtscan-") as beside:
        folder = Path(beside) / client.name.rpartition("/")[2]
        url, authorization = client.clone_source()
        promised = copy(url, folder, authorization=authorization)
        yield Copy(folder, url, authorization, promised.bring if promised else None)
