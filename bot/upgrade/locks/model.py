"""What a lock tool is asked, how it is called, and what it may do. Frozen values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from analyzers.errors import DebtscanError
from analyzers.model.ecosystem import Ecosystem, Reading
from analyzers.model.snapshot import Snapshot


class LockRefusedError(DebtscanError):
    """A lock is not made anew: why, and what can be done about it. Becomes a LockProblem, never a traceback."""


class LockUnansweredError(LockRefusedError):
    """A lock is not made anew this time: nobody answered the tool, or not in time. Another time it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A package that is to move: `name` normalised, as written `shown`; from `current` to exactly `target`."""

    name: str
    shown: str
    target: str
    current: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One lock to make anew. `snapshot` has the manifests as they are to be, and the lock as it was.

    `readings` are those of the snapshot, by path. Nothing wanted: the lock is to fit its manifests again. `index` is
    the address that the user's own settings have in the place of the ecosystem's registry.
    """

    lock: str
    snapshot: Snapshot
    readings: Mapping[str, Reading]
    world: Ecosystem
    wanted: tuple[Wanted, ...] = ()
    index: str | None = None

    @property
    def folder(self) -> str:
        """The lock's folder, ``""`` for the repository's own."""
        return self.lock.rpartition("/")[0]

    @property
    def manifests(self) -> Iterator[str]:
        """The manifests that the lock resolves."""
        for path, reading in self.readings.items():
            if reading.manifest and reading.manifest.lockfile == self.lock:
                yield path


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One call of a tool: the words after the program, and files that are laid over the copy before it (None: gone).

    `amend` turns the lock of the call before into the one that this call starts from.
    """

    arguments: tuple[str, ...]
    files: Mapping[str, bytes | None] = field(default_factory=dict)
    amend: Callable[[bytes], bytes] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """How a lock is made: all `files` that the tool sees, the `folder` it works in, and its calls in turn.

    `program` is looked for on the user's PATH. `variables` are added to its environment. `memory` bounds its address
    space in bytes (None: its runtime reserves more than it uses). `registries` are the addresses that it asks and
    that the user may have credentials for. `environment` is a folder of its home that looks like an environment of
    Python's to it, with the tool's own Python (``""`` for none). `finish` takes out of the new lock what our own
    way of calling put there.
    """

    program: str
    files: Mapping[str, bytes]
    folder: str
    runs: tuple[Run, ...]
    variables: Mapping[str, str] = field(default_factory=dict)
    memory: int | None = None
    registries: tuple[str, ...] = ()
    seconds: float = 300
    environment: str = ""
    finish: Callable[[bytes], bytes] = lambda content: content


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTool:
    """A tool that makes locks of an `ecosystem` (by name). One module states one as ``TOOL``.

    `makes` says whether a lock is this tool's, by its path and bytes. `plan` raises LockRefusedError where the lock
    cannot be made safely, or truly. `form` returns what of the lock's format has to stay as it is (``""`` for none):
    an older tool could not read what a newer one writes. `requirers` yields (package, version, required package,
    constraint) as the lock tells it; packages are named as in it. `remedy` says how the tool is installed. `suits` says
    whether a program of that name, by its path, is one that wrote the lock: of several on PATH the first such is taken.
    """

    name: str
    program: str
    ecosystem: str
    makes: Callable[[str, bytes], bool]
    plan: Callable[[Task], Job]
    form: Callable[[bytes], str]
    requirers: Callable[[bytes], Iterator[tuple[str, str, str, str]]]
    remedy: str
    suits: Callable[[str, bytes], bool] = lambda _executable, _lock: True
