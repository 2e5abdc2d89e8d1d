"""Runs a lock tool on a copy of the few files that it needs, where it can do no harm.

The copy lies in a temporary folder, with a home of its own; the environment holds named variables only. Where
bubblewrap is there, the tool sees its own files and the system's programs, and no network but the way out (see
`walls`, `way_out`). Without it, tools run only where the user said so: a file of a scanned repository cannot say it.
"""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bot.upgrade.locks import place, process
from bot.upgrade.locks.answers import is_unanswered
from bot.upgrade.locks.model import Job, LockRefusedError, LockUnansweredError, Run
from bot.upgrade.locks.programs import folders, program, python_of
from bot.upgrade.locks.reach import Reach
from bot.upgrade.locks.settings import without_secrets
from bot.upgrade.locks.told import told
from bot.upgrade.locks.walls import CERTIFICATES, stand, walls
from bot.upgrade.locks.way_out import WayOut

OPT_IN: Final = "DEBTSCAN_LOCKS_WITHOUT_SANDBOX"
# Of the user's environment: where programs and certificates lie. The way out is ours.
_KEPT: Final = ("SYSTEMROOT", "COMSPEC", "PATHEXT", *CERTIFICATES)


@dataclass(frozen=True, slots=True, kw_only=True, weakref_slot=True, eq=False)
class Sandbox:
    """How tools are started. `bubblewrap` is its path, None without; then `opted_in` has to be True.

    `cache` is what tools keep from one call to the next. It belongs to one repository, and goes with this value.
    """

    environ: Mapping[str, str]
    home: Path
    bubblewrap: str | None
    opted_in: bool
    cache: place.Held = field(default_factory=lambda: place.hold("s"))

    def __post_init__(self) -> None:
        """Remove the cache when nobody can use it any more."""
        weakref.finalize(self, self.cache.give_up)

    @classmethod
    def of(cls, environ: Mapping[str, str], home: Path) -> Sandbox:
        """Look for bubblewrap on the user's PATH, and for the word of the user; remove what killed runs have left."""
        place.remove_left_overs()
        found = program("bwrap", environ) if sys.platform == "linux" else None
        usable = found if found and stand(found) else None
        opted_in = environ.get(OPT_IN, "").lower() in {"1", "true", "yes"}
        return cls(environ=environ, home=home, bubblewrap=usable, opted_in=opted_in)

    def check(self) -> None:
        """Raise LockRefusedError unless tools may be started."""
        if self.bubblewrap is None and not self.opted_in:
            raise LockRefusedError(
                "lock tools run in bubblewrap, which is not here or cannot start; install it, "
                f"or set {OPT_IN}=1 to run them without"
            )

    def run(self, job: Job, executable: str, secrets: Mapping[str, str], result: str, reach: Reach) -> bytes:
        """Return the bytes of the file ``result`` after all calls. `secrets` are files of the tool's home.

        Raises LockRefusedError.
        """
        self.check()
        with place.place() as here:
            place.copy(job.files, here / "copy")
            place.copy({path: text.encode() for path, text in secrets.items()}, here / "home")
            python = python_of(executable) if job.environment and os.name == "posix" else None
            if python:
                place.make_environment(here / "home" / job.environment, python)
                job = replace(job, variables={**job.variables, "VIRTUAL_ENV": str(here / "home" / job.environment)})
            for run in job.runs:
                amended = {result: run.amend(place.read(here / "copy", result))} if run.amend else {}
                place.copy({**run.files, **amended}, here / "copy")
                self._call(job, run, executable, here, reach, secrets)
            return job.finish(place.read(here / "copy", result))

    def answer(self, executable: str, reach: Reach, *arguments: str) -> str:
        """Return what a program says to ``--version`` and the like. Raises LockRefusedError."""
        self.check()
        with place.place() as here:
            job = Job(program=executable, files={}, folder="", runs=(), seconds=60)
            return self._call(job, Run(arguments=arguments), executable, here, reach, {})

    def _call(self, job: Job, run: Run, executable: str, here: Path, reach: Reach, secrets: Mapping[str, str]) -> str:
        folder = here / "copy" / job.folder
        call = process.Call(
            command=(executable, *run.arguments),
            variables=self._variables(job, here),
            folder=folder,
            seconds=job.seconds,
            memory=job.memory or 0,
            walls=self._walls(executable, here, folder),
        )
        way_out = WayOut(reach)
        code, output = process.run(call, way_out)
        if code:
            output = without_secrets(output, secrets)
            words = process.ended(code, told(output, here, self.cache.path))
            # Whom a tool may not ask, it may not ask another time either.
            passes = is_unanswered(output) and not way_out.told()
            kind = LockUnansweredError if passes else LockRefusedError
            raise kind(f"{job.program} failed: {way_out.told()}{words}")
        return output

    def _walls(self, executable: str, here: Path, folder: Path) -> tuple[str, ...]:
        if self.bubblewrap is None:
            return ()
        arguments = walls(executable, self.environ, self.home, written=(here, self.cache.path), folder=folder)
        return (self.bubblewrap, *arguments, "--")

    def _variables(self, job: Job, here: Path) -> dict[str, str]:
        home, cache, temporary = here / "home", self.cache.path, str(here / "tmp")
        return {
            **{name: self.environ[name] for name in _KEPT if self.environ.get(name)},
            "PATH": os.pathsep.join(folders(self.environ)),
            "HOME": str(home),
            "USERPROFILE": str(home),
            "APPDATA": str(home / "config"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_CACHE_HOME": str(cache),
            "LOCALAPPDATA": str(cache),
            "npm_config_cache": str(cache / "npm"),
            "XDG_DATA_HOME": str(home / "data"),
            "XDG_STATE_HOME": str(home / "state"),
            **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary),
            "LC_ALL": "C.UTF-8",
            "NO_COLOR": "1",
            "CI": "1",
            # Packages may lie in git repositories, which are asked over https and no other way.
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": "https",
            **job.variables,
        }
