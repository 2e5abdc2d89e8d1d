"""What a child may see: the system's programs, its mirror, and its own folders.

The service's secrets, its database and its memory are out of reach then, whatever a repository does to its child.
Bubblewrap builds the walls; where it is not there or may not, as in most containers, Linux's Landlock draws the line.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import bot
from bot.service.child import landlocked
from bot.upgrade.locks import walls
from bot.upgrade.locks.locker import tools
from bot.upgrade.locks.programs import consists_of, program

_DEVICES: Final = tuple(f"/dev/{name}" for name in ("null", "zero", "full", "random", "urandom", "tty"))


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
    if found is not None and _stand(found, inner=reach.tools):
        return _walls(found, reach, scratch, environ)
    # A lock tool's walls count for more than a child's, and cannot be built behind this line.
    if landlocked.version() < 1 or (reach.tools and found is not None and walls.stand(found)):
        return ()
    return _line(reach, scratch, environ)


def _walls(bubblewrap: str, reach: Reach, scratch: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    built = walls.room(
        tuple(_programs(reach, environ)),
        environ,
        hidden=reach.hidden,
        within=reach.readable,
        written=(*reach.written, scratch),
        folder=scratch,
        starts_tools=reach.tools,
    )
    return (bubblewrap, *built, "--")


def _line(reach: Reach, scratch: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    starter = (sys.executable, "-I", str(Path(landlocked.__file__).resolve()))
    readable = {path.resolve() for path in (*walls.system(environ), *_programs(reach, environ))}
    grants = (
        *(grant for path in sorted(readable) for grant in _without(path, reach.hidden)),
        *(("read", str(path)) for path in reach.readable),
        *(("write", str(path)) for path in (*_DEVICES, *reach.written, scratch)),
    )
    return (*starter, "online" if reach.tools else "offline", *(word for grant in grants for word in grant), "--")


def _without(path: Path, hidden: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Yield what grants reading below a path, but of nothing that is hidden: a grant cannot be taken back below it.

    The names in a hidden folder are to be seen where Python lists a folder around it.
    """
    inner = [one for one in hidden if one.is_relative_to(path)]
    if not inner:
        if not any(path.is_relative_to(one) for one in hidden):
            yield "read", str(path)
    elif path not in inner:
        yield "list", str(path)
        for below in sorted(path.iterdir()):
            # What a link leads to would be granted, wherever that is.
            if not below.is_symlink():
                yield from _without(below, inner)


def _stand(bubblewrap: str, *, inner: bool) -> bool:
    """Whether walls can be built here, and others within them: a lock tool's own count for more than a child's."""
    if not inner:
        return walls.stand(bubblewrap)
    outer = walls.room((), {}, written=(), folder=Path("/"), starts_tools=True)
    return walls.stand(bubblewrap, (bubblewrap, *outer, "--"))


def _programs(reach: Reach, environ: Mapping[str, str]) -> Iterator[Path]:
    home = Path.home()
    yield from _python(home)
    if reach.tools:
        yield from _tools(environ, home)


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
