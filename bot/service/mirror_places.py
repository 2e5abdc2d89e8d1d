"""Where mirrors lie: the repository, what was measured of it, how large it is, and its locks."""

from __future__ import annotations

import shutil
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analyzers.repository.clone import size_of
from bot.service.file_locks import held_now

NEW: Final = "new-"
"""How the folder begins in which one is made; its number follows."""
GONE: Final = "gone-"
"""How one is called while it is removed."""
_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Place:
    """Where one mirror lies, and its locks: nobody may remove it who does not hold both alone."""

    path: Path
    lock: Path

    @classmethod
    def of(cls, folder: Path, repository: int) -> Place:
        """Return where the mirror of a repository lies."""
        return cls(folder / str(repository), folder / "locks" / str(repository))

    @property
    def git(self) -> Path:
        """The bare repository."""
        return self.path / "mirror.git"

    @property
    def kept(self) -> Path:
        """Where what was measured of it is kept."""
        return self.path / "kept"

    @property
    def writing(self) -> Path:
        """The lock of who writes to it."""
        return self.lock.with_name(f"{self.lock.name}.writing")

    @property
    def in_use(self) -> Path:
        """The lock that those who use it share."""
        return self.lock.with_name(f"{self.lock.name}.use")

    @property
    def _size(self) -> Path:
        return self.path / "size"

    @property
    def size(self) -> int:
        """Bytes, as measured when it was last used."""
        try:
            return int(self._size.read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    @property
    def used(self) -> float:
        """When it was last used, in seconds."""
        try:
            return self._size.stat().st_mtime
        except OSError:
            return 0

    @property
    def _sound(self) -> Path:
        return self.path / "sound"

    @property
    def is_known_sound(self) -> bool:
        """Whether it was found sound within a day, and nothing came or went since."""
        objects = self.git / "objects"
        try:
            noted = self._sound.stat().st_mtime
            changed = max(path.stat().st_mtime for path in (objects, *objects.glob("*"), *objects.glob("pack/*")))
        except OSError:
            return False
        return changed < noted and 0 <= time.time() - noted < _DAY

    def note_sound(self) -> None:
        """Note that it was found sound now."""
        with suppress(FileNotFoundError):
            self._sound.touch()

    def note_use(self) -> None:
        """Measure it, and note that it was used now."""
        with suppress(FileNotFoundError):
            self._size.write_text(str(size_of(self.path)), encoding="ascii")

    def remove(self) -> None:
        """Remove it; one that is half removed is none."""
        gone = self.path.with_name(f"{GONE}{self.path.name}-{uuid.uuid4().hex}")
        # One that is broken goes by another lock than one that takes too much room: somebody may have been faster.
        with suppress(FileNotFoundError):
            self.path.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def tidy(folder: Path) -> None:
    """Remove what processes have left that ended while they made or removed a mirror below a folder."""
    for path in folder.glob(f"{GONE}*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob(f"{NEW}*"):
        number = path.name.removeprefix(NEW).partition("-")[0]
        if number.isdecimal():
            with held_now(Place.of(folder, int(number)).writing) as is_left:
                if is_left:
                    shutil.rmtree(path, ignore_errors=True)
