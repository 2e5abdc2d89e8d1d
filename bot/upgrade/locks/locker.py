"""Makes locks anew: finds whose lock it is, runs that tool, and takes the outcome only if it is what was asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analyzers.errors import UnreadableError
from analyzers.http.credentials import Settings
from analyzers.model.discovery import modules
from analyzers.model.ecosystem import Ecosystem, Reading
from analyzers.model.snapshot import Snapshot
from bot.upgrade.locks import hosts
from bot.upgrade.locks.difference import compared
from bot.upgrade.locks.given import digest
from bot.upgrade.locks.model import Job, LockRefusedError, LockTool, LockUnansweredError, Task, Wanted
from bot.upgrade.locks.programs import programs, without
from bot.upgrade.locks.reach import Reach, hosts_of
from bot.upgrade.locks.sandbox import Sandbox
from bot.upgrade.locks.settings import home_files, variables
from bot.upgrade.model import LockProblem, OtherMove


@dataclass(frozen=True, slots=True, kw_only=True)
class Remade:
    """A lock as its tool made it anew: `content`, what else moved, and the tool with its version (``uv 0.9.2``).

    `doubts` are problems that a person has to look at: the content is as the tool made it all the same. `seconds` are
    those that the tool took.
    """

    lock: str
    content: bytes
    tool: str
    others: tuple[OtherMove, ...] = ()
    doubts: tuple[LockProblem, ...] = ()
    seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ready:
    """A tool and its job, all of it looked for and checked. `home` are files with credentials."""

    task: Task
    tool: LockTool
    version: str
    executable: str
    old: bytes
    job: Job
    home: Mapping[str, str]
    private_hosts: bool

    @property
    def given(self) -> str:
        """A digest of what the tool is given."""
        return digest(self.version, self.task, self.job, self.home, private_hosts=self.private_hosts)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Made:
    """What a tool made of a job: `content`, or why it refused; and how long that took."""

    content: bytes = b""
    refusal: LockRefusedError | None = None
    seconds: float = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Locker:
    """Runs lock tools with the user's settings. `keep_out` is the scanned folder: no tool is taken from there.

    With `private_hosts`, repositories may name indexes on private networks; `allows` is as in `Reach`. No tool is run
    twice for the same job: what it made, or why it refused, is kept as long as this value.
    """

    sandbox: Sandbox
    settings: Settings
    keep_out: Path | None = None
    private_hosts: bool = False
    allows: Callable[[str], bool] | None = None
    _versions: dict[str, str] = field(default_factory=dict)
    _made: dict[str, _Made] = field(default_factory=dict)

    @classmethod
    def of(cls, environ: Mapping[str, str], home: Path, settings: Settings, keep_out: Path | None = None) -> Locker:
        """Return the locker of a user: PATH and opt-in of ``environ``, registries and credentials of ``settings``."""
        out = keep_out.resolve() if keep_out else None
        private = environ.get(hosts.PRIVATE, "").lower() in {"1", "true", "yes"}
        # Tools start others as well: uv a Python, npm Node.
        named = without(environ, out) if out else environ
        return cls(sandbox=Sandbox.of(named, home), settings=settings, keep_out=out, private_hosts=private)

    def remake(
        self,
        lock: str,
        snapshot: Snapshot,
        readings: Mapping[str, Reading],
        worlds: Sequence[Ecosystem],
        wanted: Mapping[str, Sequence[Wanted]],
    ) -> Remade | LockProblem:
        """Make one lock anew. ``wanted`` are the packages that are to move, by ecosystem."""
        name = ""
        try:
            old = snapshot.read(lock)
            tool = tool_of(lock, old)
            name = tool.name
            return self._remade(self._ready(tool, old, _task(tool, lock, snapshot, readings, worlds, wanted)))
        except LockRefusedError as error:
            passes = isinstance(error, LockUnansweredError)
            return LockProblem(lock=lock, tool=name, detail=str(error), passes=passes)
        except UnreadableError as error:
            return LockProblem(lock=lock, tool=name, detail=f"{lock} cannot be read: {error.detail}")

    def given(
        self,
        lock: str,
        snapshot: Snapshot,
        readings: Mapping[str, Reading],
        worlds: Sequence[Ecosystem],
        wanted: Mapping[str, Sequence[Wanted]],
    ) -> str:
        """Return what `remake` would start from, as a digest, or why it would not start. No tool makes anything."""
        try:
            old = snapshot.read(lock)
            tool = tool_of(lock, old)
            return self._ready(tool, old, _task(tool, lock, snapshot, readings, worlds, wanted)).given
        except (LockRefusedError, UnreadableError) as error:
            return str(error)

    def hindrance(self, lock: str, content: bytes) -> str:
        """Return why a lock cannot be made anew here, whatever is to move in it; ``""`` where it can be tried."""
        try:
            self.sandbox.check()
            self._executable(tool_of(lock, content), content)
        except LockRefusedError as error:
            return str(error)
        return ""

    def _ready(self, tool: LockTool, old: bytes, task: Task) -> _Ready:
        task = replace(task, index=self.settings.addresses.get(tool.ecosystem))
        self.sandbox.check()
        executable = self._executable(tool, old)
        job = tool.plan(task)
        # Some tools fetch a part of theirs when they first run: not from where the repository says.
        version = self._version(tool, executable)
        if not self.private_hosts:
            hosts.check(job, self.settings)
        return _Ready(
            task=task,
            tool=tool,
            version=version,
            executable=executable,
            old=old,
            job=self._with_settings(job),
            home=home_files(self.settings, job.registries),
            private_hosts=self.private_hosts,
        )

    def _remade(self, ready: _Ready) -> Remade:
        made = self._once(ready)
        if made.refusal:
            raise made.refusal
        lock, tool = ready.task.lock, ready.tool
        found = compared(ready.task, tool, ready.old, made.content)
        return Remade(
            lock=lock,
            content=made.content,
            tool=ready.version,
            others=found.others,
            doubts=tuple(LockProblem(lock=lock, tool=tool.name, detail=doubt) for doubt in found.doubts),
            seconds=made.seconds,
        )

    def _once(self, ready: _Ready) -> _Made:
        given = ready.given
        if given not in self._made:
            self._made[given] = self._run(ready)
        return self._made[given]

    def _run(self, ready: _Ready) -> _Made:
        begun = time.monotonic()
        try:
            content = self.sandbox.run(ready.job, ready.executable, ready.home, ready.task.lock, self._reach())
        except LockRefusedError as error:
            return _Made(refusal=error, seconds=time.monotonic() - begun)
        return _Made(content=content, seconds=time.monotonic() - begun)

    def _with_settings(self, job: Job) -> Job:
        return replace(job, variables={**variables(self.settings), **job.variables})

    def _reach(self) -> Reach:
        return Reach(
            environ=self.sandbox.environ,
            own=hosts_of(self.settings.addresses),
            credentials=self.settings.credentials,
            anywhere=self.private_hosts,
            allows=self.allows,
        )

    def _executable(self, tool: LockTool, lock: bytes) -> str:
        """Return the first program of PATH that suits the lock, else the first one: what it makes tells the rest."""
        found = list(programs(tool.program, self.sandbox.environ, keep_out=self.keep_out))
        if not found:
            raise LockRefusedError(f"{tool.program} is not here: {tool.remedy}")
        return next((one for one in found if tool.suits(one, lock)), found[0])

    def _version(self, tool: LockTool, executable: str) -> str:
        if executable not in self._versions:
            said = self.sandbox.answer(executable, self._reach(), "--version").strip().splitlines()
            version = next((word for word in (said[-1].split() if said else ()) if any(map(str.isdigit, word))), "")
            self._versions[executable] = f"{tool.name} {version.strip('(),v')}".strip()
        return self._versions[executable]


def tools() -> Iterator[LockTool]:
    """Yield every tool, sorted by module name."""
    for module in modules("bot.upgrade.locks", states="TOOL"):
        yield module.TOOL


def tool_of(lock: str, content: bytes) -> LockTool:
    """Return the tool that makes a lock. Raises LockRefusedError where none here does."""
    for tool in tools():
        if tool.makes(lock, content):
            return tool
    raise LockRefusedError(f"nothing here makes {lock.rpartition('/')[2]} anew; do it with the tool that wrote it")


def _task(
    tool: LockTool,
    lock: str,
    snapshot: Snapshot,
    readings: Mapping[str, Reading],
    worlds: Sequence[Ecosystem],
    wanted: Mapping[str, Sequence[Wanted]],
) -> Task:
    world = next(world for world in worlds if world.name == tool.ecosystem)
    return Task(lock=lock, snapshot=snapshot, readings=readings, world=world, wanted=tuple(wanted.get(world.name, ())))
