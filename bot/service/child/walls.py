"""What a child may see where bubblewrap is there: the system's programs, its mirror, and its own folders.

The service's secrets, its database and its memory are out of reach then, whatever a repository does to its child.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import bot
from bot.upgrade.locks import walls
from bot.upgrade.locks.locker import tools
from bot.upgrade.locks.programs import consists_of, program


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What of this machine a child works with: folders to read, folders to write to; `tools`: those of lock tools.

    Of the folders that are `hidden` it sees these alone, wherever Python's own files lie. Lock tools need the network;
    without them there is none.
    """

    hidden: tuple[Path, ...] = ()
    readable: tuple[Path, ...] = ()
    written: tuple[Path, ...] = ()
    tools: bool = False


def around(reach: Reach, scratch: Path, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return what starts a program behind walls, in ``scratch``; nothing where there can be none."""
    found = program("bwrap", environ) if sys.platform == "linux" else None
    if found is None or not _stand(found, inner=reach.tools):
        return ()
    home = Path.home()
    built = walls.room(
        (*_python(home), *(_tools(environ, home) if reach.tools else ())),
        environ,
        hidden=reach.hidden,
        within=reach.readable,
        written=(*reach.written, scratch),
        folder=scratch,
        starts_tools=reach.tools,
    )
    return (found, *built, "--")


def _stand(bubblewrap: str, *, inner: bool) -> bool:
    """Whether walls can be built here, and others within them: a lock tool's own count for more than a child's."""
    if not inner:
        return walls.stand(bubblewrap)
    outer = walls.room((), {}, written=(), folder=Path("/"), starts_tools=True)
    return walls.stand(bubblewrap, (bubblewrap, *outer, "--"))


def _python(home: Path) -> Iterator[Path]:
    yield Path(bot.__file__).resolve().parent.parent
    yield from consists_of(sys.executable, {}, home)
    # An environment of Python's may take packages from elsewhere.
    yield from (Path(entry) for entry in sys.path if entry and Path(entry).is_absolute())


def _tools(environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    for tool in tools():
        executable = program(tool.program, environ)
        if executable:
            yield from consists_of(executable, environ, home)
