"""``debtscan upgrade``: judge, plan, choose, edit, make locks anew, and write or print the difference."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path

from analyzers import scan as stages
from analyzers.errors import UsageError
from analyzers.http.credentials import load_settings
from analyzers.manifests import Progress
from analyzers.model.facts import Facts
from analyzers.model.inventory import Inventory
from analyzers.model.snapshot import Snapshot
from analyzers.read import read, worlds_of
from analyzers.repository.snapshot import FileSnapshot
from analyzers.repository.uncommitted import uncommitted
from bot import output
from bot.commands import _choice, _network, _patch, _progress
from bot.commands import _upgrade_words as words
from bot.commands._progress import say
from bot.commands._session import opened_repository, terminal_options
from bot.rounds.clock import Clock
from bot.rounds.network import Asking
from bot.rounds.repository import Opened
from bot.upgrade.ages import aged
from bot.upgrade.attempt import Attempt, Attempts
from bot.upgrade.further import further, unasked
from bot.upgrade.locks.locker import Locker
from bot.upgrade.model import Written
from bot.upgrade.moves import moves
from bot.upgrade.offer import Choice, Offer, Taken, offer, take
from bot.upgrade.preview import Preview, preview
from bot.upgrade.work_tree import remove_leftovers, replace_files

_INCOMPLETE = 4
_NAMED = 10


def upgrade(arguments: argparse.Namespace) -> int:
    """Carry out ``debtscan upgrade``."""
    if arguments.commit and not arguments.dry_run:
        raise UsageError("--commit reads a commit, in which nothing can be written; add --dry-run for the diff")
    with opened_repository(arguments) as opened:
        if not arguments.dry_run:
            _check_writable(arguments, opened)
        config = opened.settings.config
        with _network.asking(config, offline=arguments.offline, progress=_silent) as ask:
            return _Run(arguments, opened, Clock.read(arguments.as_of), ask).code()


@dataclass(frozen=True)
class _Run:
    """One call of the command, on an opened repository."""

    arguments: argparse.Namespace
    opened: Opened
    clock: Clock
    ask: Asking

    def code(self) -> int:
        """Do all of it; return the exit code."""
        with _progress.shown(quiet=self.arguments.quiet) as progress:
            result = self._judged(progress)
        settings = aged(result.config.upgrades, result.inventory)
        known = further(result, lambda asked: self.ask.ask(asked, self.clock.now.date()))
        for sentence in filter(None, [unasked(known)]):
            say(sentence)
        offered = offer(*moves(known, worlds_of(result.config)), settings, self._now)
        taken = self._taken(offered, result)
        if not self.arguments.dry_run:
            self._check_clean(path for choice in taken.choices for path in choice.upgrade.files)
        # What stands there now is what is edited, and has to stand there still when it is written.
        snapshot = self._pinned(taken.choices)
        with _progress.shown(quiet=self.arguments.quiet) as progress:
            attempt = self._attempted(snapshot, taken.choices, progress)
            won = self._preview(result, attempt.written, progress) if attempt.written.files else None
        self._put(snapshot, attempt, won)
        self._tell(offered, taken, attempt)
        incomplete = bool(taken.missing or attempt.dropped)
        return _INCOMPLETE if incomplete and self.arguments.strict else 0

    @property
    def _now(self) -> datetime:
        """The moment for which is planned."""
        return datetime.combine(self.clock.as_of, time(), UTC) if self.arguments.as_of else self.clock.now

    def _judged(self, progress: Progress) -> stages.ScanResult:
        settings, as_of = self.opened.settings, self.clock.as_of
        return stages.scan(
            lambda: read(self.opened.snapshot, settings, as_of=as_of, metrics=False, progress=progress),
            lambda inventory: replace(self.ask, progress=progress)(inventory, self.clock.now.date()),
            settings.config,
            as_of=as_of,
            offline=self.arguments.offline,
        )

    def _taken(self, offered: Offer, result: stages.ScanResult) -> Taken:
        if self.arguments.only:
            return take(offered, self.arguments.only, result.findings)
        if self._may_ask() and offered.choices:
            return Taken(choices=_choice.choose(offered, terminal_options(sys.stdout).width))
        return Taken(choices=tuple(one for one in offered.choices if one.is_default))

    def _may_ask(self) -> bool:
        asked = not (self.arguments.yes or self.arguments.dry_run or self.arguments.only)
        return asked and sys.stdin.isatty() and sys.stdout.isatty()

    def _pinned(self, choices: Iterable[Choice]) -> Snapshot:
        snapshot = self.opened.snapshot
        return snapshot.with_files({path: snapshot.read(path) for one in choices for path in one.upgrade.files})

    def _attempted(self, snapshot: Snapshot, choices: tuple[Choice, ...], progress: Progress) -> Attempt:
        config = self.opened.settings.config
        home = Path.home()
        return Attempts(
            snapshot,
            worlds_of(config),
            Locker.of(os.environ, home, load_settings(os.environ, home), keep_out=self._top),
            self._now,
            test_data=config.scan.include_test_data,
            hindrance="its tool has to ask registries, and --offline asks nobody" if self.arguments.offline else "",
            tell=lambda number: progress("locks", number, 0),
        ).of(choices)

    @property
    def _top(self) -> Path:
        snapshot = self.opened.snapshot
        git = snapshot.git if isinstance(snapshot, FileSnapshot) else None
        return git.work_tree if git and git.work_tree else self.opened.folder

    def _preview(self, result: stages.ScanResult, written: Written, progress: Progress) -> Preview:
        def look_up(inventory: Inventory, known: Facts) -> Facts:
            return replace(self.ask, progress=progress)(inventory, self.clock.now.date(), known)

        return preview(result, self.opened.snapshot, self.opened.settings, written, look_up)

    def _put(self, snapshot: Snapshot, attempt: Attempt, won: Preview | None) -> None:
        """Print the difference, or write the files and say so."""
        files = attempt.written.files
        if self.arguments.dry_run:
            _patch.write(snapshot, files)
            return
        for path in remove_leftovers(self.opened.folder, self.opened.snapshot.paths(), files):
            say(f"removed {path}, which a run left that was ended while it wrote")
        if not files:
            _print("Nothing was upgraded.\n")
            return
        before = {path: snapshot.read(path) for path in files}
        self._check_clean(files)
        try:
            replace_files(self.opened.folder, files, before)
        except KeyboardInterrupt:
            if all((self.opened.folder / path).read_bytes() == content for path, content in files.items()):
                say("all files were written before the interrupt")
            raise
        _print(words.summary(attempt, won, has_git=self._has_git))

    def _tell(self, offered: Offer, taken: Taken, attempt: Attempt) -> None:
        """Say on standard error what was left out, and why."""
        for sentence in words.dropped(attempt.dropped):
            say(sentence)
        for doubt in attempt.doubts:
            say(f"look at {words.short(doubt.lock)}: {words.short(doubt.detail, 600)}")
        for name, why in taken.missing:
            say(f"{words.short(name)}: {words.short(why, 600)}")
        if self.arguments.only:
            return
        # Who chose from a list has seen what else was on it.
        rest = () if self._may_ask() else words.not_taken(offered, taken.choices)
        for sentence in (*rest, *words.left_out(offered)):
            say(sentence)

    @property
    def _has_git(self) -> bool:
        return isinstance(self.opened.snapshot, FileSnapshot) and self.opened.snapshot.git is not None

    def _check_clean(self, paths: Iterable[str]) -> None:
        """Raise UsageError where files that would be written hold what no commit holds."""
        snapshot = self.opened.snapshot
        if not isinstance(snapshot, FileSnapshot) or snapshot.git is None:
            return
        found = uncommitted(snapshot.git, paths)
        if found:
            shown = [f"{words.short(path)} {why}" for path, why in found.items()]
            raise UsageError(
                f"nothing was written, for changes would be lost: {words.listed(shown, _NAMED)}; "
                "commit or stash them ('git stash -u'), or leave them out with --only"
            )


def _check_writable(arguments: argparse.Namespace, opened: Opened) -> None:
    """Raise UsageError where there is no work tree to write to."""
    if not Path(arguments.path).exists():
        raise UsageError(f"{arguments.path} is only a copy here; add --dry-run for the diff, or clone it and name it")
    snapshot = opened.snapshot
    git = snapshot.git if isinstance(snapshot, FileSnapshot) else None
    if git is not None and git.work_tree is None:
        raise UsageError(f"{arguments.path} is a bare repository without files to write; add --dry-run for the diff")
    if git is None:
        say(f"{arguments.path} is no git repository: nothing tells what was changed before, and nothing takes it back")


def _print(text: str) -> None:
    output.write(output.Target("terminal", None), text)


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Draw nothing: the bar of each phase is told instead."""
