"""Mirrors of repositories: copied once, brought up to date afterwards, and as many as there is room for.

A mirror is a bare repository without the contents that nobody has asked for yet. Those who write to it take turns,
whatever process they are in; of too many, the least recently used go, and never one that is in use.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Final, TypeAlias

from analyzers.errors import SnapshotError
from analyzers.repository import clone, promised
from analyzers.repository.git import GitRepository
from analyzers.repository.git_process import GitFailedError
from bot.service import metrics
from bot.service.file_locks import held, held_now
from bot.service.mirror_places import NEW, Place, tidy
from bot.service.settings import Settings

Source: TypeAlias = Callable[[], tuple[str, str | None]]
"""Returns the address to copy from and the value of the header that goes there; asked only where something is fetched.

May raise HostError and kin.
"""

HEAD: Final = "refs/debtscan/head"
_WANTED: Final = "refs/debtscan/commit"
_MIB: Final = 1024 * 1024
_MOST_PACKS: Final = 50
_COMMIT: Final = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")


@dataclass(frozen=True)
class Mirror:
    """A mirror in use: `folder` is the bare repository, `kept` holds what was measured of it before."""

    folder: Path
    kept: Path
    _source: Source = field(repr=False)
    _place: Place = field(repr=False)
    _most_bytes: int = 0
    _is_new: bool = False

    def bring(self, blobs: Sequence[str]) -> None:
        """Fetch contents by their names, those that are not here yet.

        Raises SnapshotError. Where they take too much room the mirror is removed, and if it was new, TooMuchError says
        that no other copy will hold them.
        """
        missing = [name for name in blobs if name not in self._present] if self._is_partial else []
        if missing:
            url, authorization = self._source()
            with held(self._place.writing), self._outgrown():
                clone.fetch_objects(url, self.folder, missing, authorization=authorization, most_bytes=self._most_bytes)
            self._present.update(missing)

    @contextmanager
    def _outgrown(self) -> Iterator[None]:
        try:
            yield
        except clone.TooMuchError as error:
            self._place.remove()
            if self._is_new:
                raise
            raise SnapshotError("what was kept of earlier commits takes too much room; it is copied anew") from error

    @cached_property
    def _is_partial(self) -> bool:
        return _repository(self.folder).is_partial

    @cached_property
    def _present(self) -> set[str]:
        """The contents that are here; asking for an absent one would make git try to fetch it."""
        command = ("cat-file", "--batch-all-objects", "--unordered", "--batch-check=%(objecttype) %(objectname)")
        listed = _repository(self.folder).output(*command).decode().splitlines()
        return {line.removeprefix("blob ") for line in listed if line.startswith("blob ")}


@dataclass(frozen=True, slots=True)
class Mirrors:
    """The mirrors below a folder, by GitHub's ids of repositories; all of them, and each, take no more than so much."""

    folder: Path
    most_bytes: int
    most_of_one: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Mirrors:
        """Return those of a service, below its folder."""
        limits = settings.file.limits
        return cls(settings.folder / "mirrors", limits.mirrors * _MIB, limits.repository * _MIB)

    @contextmanager
    def at(
        self, repository: int, source: Source, commit: str, refs: Mapping[str, str] | None = None
    ) -> Iterator[Mirror]:
        """Yield a mirror that has the commit, and further ``refs`` (theirs → its name here); it stays until the end.

        Nobody is asked where the commit is here already and no ``refs`` are wanted. Raises SnapshotError, TooMuchError
        where it takes more room than one may, and what ``source`` raises.
        """
        if not _COMMIT.fullmatch(commit):
            raise SnapshotError(f"{commit[:80]!r} is no commit")
        place = Place.of(self.folder, repository)
        once = cache(source)
        with held(place.in_use, shared=True):
            with held(place.writing):
                is_new = _Update(place, once, self.most_of_one).to(commit, refs or {})
                place.kept.mkdir(exist_ok=True)
            self._make_room()
            try:
                yield Mirror(place.git, place.kept, once, place, self.most_of_one, is_new)
            finally:
                place.note_use()

    def mend(self, repository: int) -> bool:
        """Remove a mirror that git finds broken; return whether there is none now."""
        place = Place.of(self.folder, repository)
        with held(place.writing):
            if place.git.exists():
                if _is_sound(place):
                    return False
                place.remove()
                metrics.MIRRORS_REMOVED.labels(cause="broken").inc()
            return True

    def remove(self, repository: int) -> None:
        """Remove a mirror, once nobody uses it any more."""
        place = Place.of(self.folder, repository)
        with held(place.in_use), held(place.writing):
            if place.path.exists():
                place.remove()
                metrics.MIRRORS_REMOVED.labels(cause="gone").inc()

    def tidy(self) -> None:
        """Remove what processes have left that ended while they made or removed one; it waits for nobody."""
        tidy(self.folder)

    def repositories(self) -> frozenset[int]:
        """Return of which repositories there are mirrors on this machine."""
        return frozenset(int(place.path.name) for place in self._places())

    def bytes(self) -> int:
        """Return what all mirrors take, as they were when they were last used."""
        return sum(place.size for place in self._places())

    def _places(self) -> Iterator[Place]:
        with suppress(FileNotFoundError):
            for path in self.folder.iterdir():
                if path.name.isdecimal():
                    yield Place.of(self.folder, int(path.name))

    def _make_room(self) -> None:
        places = sorted(self._places(), key=lambda place: place.used)
        total = sum(place.size for place in places)
        for place in places:
            if total <= self.most_bytes:
                break
            size = place.size
            with held_now(place.in_use) as unused:
                if unused:
                    place.remove()
                    total -= size
                    metrics.MIRRORS_REMOVED.labels(cause="full").inc()
        metrics.MIRRORS_BYTES.set(total)


@dataclass(frozen=True, slots=True)
class _Update:
    """Brings one mirror up to date, for who alone may write to it."""

    place: Place
    source: Source
    most_bytes: int

    def to(self, commit: str, refs: Mapping[str, str]) -> bool:
        """Return whether all of it is new."""
        place = self.place
        is_new = not place.git.exists()
        try:
            if is_new:
                self._make()
            if refs or not _has(place.git, commit):
                is_new = self._fetch_or_make(commit, refs, is_new=is_new)
        except clone.TooMuchError:
            place.remove()
            raise
        _repository(place.git).output("update-ref", _WANTED, commit)
        place.note_use()
        return is_new

    def _fetch_or_make(self, commit: str, refs: Mapping[str, str], *, is_new: bool) -> bool:
        try:
            self._fetch(commit, refs)
        except SnapshotError as error:
            if is_new or not self._is_in_the_way(error):
                raise
            self._make()
            self._fetch(commit, refs)
            return True
        return is_new

    def _is_in_the_way(self, error: SnapshotError) -> bool:
        """Whether a new copy may do: much has come together here, or a machine that fell over has left this."""
        return isinstance(error, clone.TooMuchError) or not _is_sound(self.place)

    def _make(self) -> None:
        """Copy beside, then move there: what is there is whole."""
        self.place.path.parent.mkdir(parents=True, exist_ok=True)
        begins = f"{NEW}{self.place.path.name}-"
        for left in self.place.path.parent.glob(f"{begins}*"):
            shutil.rmtree(left, ignore_errors=True)
        begun = Path(tempfile.mkdtemp(prefix=begins, dir=self.place.path.parent))
        try:
            url, authorization = self.source()
            promised.copy(url, begun / self.place.git.name, authorization=authorization, most_bytes=self.most_bytes)
            self.place.remove()
            begun.rename(self.place.path)
        finally:
            shutil.rmtree(begun, ignore_errors=True)

    def _fetch(self, commit: str, refs: Mapping[str, str]) -> None:
        _unlock(self.place.git)
        if not _has(self.place.git, commit):
            self._bring({"HEAD": HEAD})
        if not _has(self.place.git, commit):
            # The branch has moved on, or is another one by now.
            self._bring({commit: _WANTED})
        if refs:
            self._bring(refs)
        _tidy(self.place.git)

    def _bring(self, refs: Mapping[str, str]) -> None:
        url, authorization = self.source()
        repository = _repository(self.place.git)
        # By it the repository is called, which may have another name by now.
        repository.output("config", "remote.origin.url", url)
        contents = not repository.is_partial
        clone.fetch(
            url,
            self.place.git,
            refs,
            authorization=authorization,
            contents=contents,
            most_bytes=self.most_bytes,
        )


def _repository(folder: Path) -> GitRepository:
    return GitRepository(folder.resolve(), None)


def _has(folder: Path, commit: str) -> bool:
    """Whether a commit is here, with its files and its history as far as git fetched them."""
    try:
        _repository(folder).output("cat-file", "-e", f"{commit}^{{tree}}")
    except GitFailedError:
        return False
    return True


def _is_sound(place: Place) -> bool:
    """Whether git finds it sound. It reads all of it, so an outage that makes many ask must not ask each time."""
    repository = _repository(place.git)
    try:
        repository.output("rev-parse", "--git-dir")
        if not place.is_known_sound:
            repository.output("fsck", "--no-dangling", "--no-progress")
            place.note_sound()
    except SnapshotError:
        return False
    return True


def _unlock(folder: Path) -> None:
    """Remove what a git that was killed has left: nobody else writes here now."""
    for path in (*folder.glob("*.lock"), *folder.glob("refs/**/*.lock"), *folder.glob("objects/pack/tmp_*")):
        with suppress(OSError):
            path.unlink()


def _tidy(folder: Path) -> None:
    """Make few packs of many: each fetch leaves one."""
    if len([*folder.glob("objects/pack/*.pack")]) > _MOST_PACKS:
        with suppress(GitFailedError):
            _repository(folder).output("repack", "-a", "-d", "-q")
