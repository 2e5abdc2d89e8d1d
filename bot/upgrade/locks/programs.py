"""Where programs lie: on the user's PATH, and what each of them consists of."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

# What tools start: scripts of npm's world need Node, uv looks for a Python that suits, git fetches what lies in git.
_STARTED: Final = re.compile(r"node|git|python[0-9.]*")
_WITH_BIN: Final = frozenset({"bin", "shims", "Scripts"})
# Folders that many things share: of these, only where programs and their libraries lie.
_SHARED: Final = frozenset(
    Path("/", name) for name in ("", "home", "media", "mnt", "opt", "root", "run", "srv", "tmp", "var", "var/tmp")
)
_STORES: Final = (Path("/nix/store"), Path("/gnu/store"))
_PYTHON: Final = re.compile(r"/[^\s'\"]{1,900}/python[0-9.]*")
_MOST_LINKS: Final = 40
_MOST_LINE: Final = 1000


def program(name: str, environ: Mapping[str, str], *, keep_out: Path | None = None) -> str | None:
    """Return the path of a program, looked for in absolute folders of PATH only; never one below ``keep_out``."""
    for found in programs(name, environ, keep_out=keep_out):
        return found
    return None


def programs(name: str, environ: Mapping[str, str], *, keep_out: Path | None = None) -> Iterator[str]:
    """Yield every program of that name, in the order of PATH."""
    for folder in folders(environ):
        found = shutil.which(name, path=folder)
        if found is None or not Path(found).is_absolute():
            continue
        # A tool that lies in the scanned repository is the repository's.
        if keep_out and _is_below(Path(found), keep_out):
            continue
        if os.name == "nt" and Path(found).parent == Path.cwd():
            continue
        yield found


def python_of(executable: str) -> Path | None:
    """Return the Python that a tool's first lines name, where its links end."""
    with suppress(OSError), Path(executable).open("rb") as stream:
        found = _PYTHON.search(stream.read(_MOST_LINE).decode(errors="replace"))
        return Path(found[0]).resolve() if found else None
    return None


def without(environ: Mapping[str, str], keep_out: Path) -> dict[str, str]:
    """Return an environment whose PATH leads to no program below a folder."""
    kept = [folder for folder in folders(environ) if not _is_below(Path(folder), keep_out)]
    return {**environ, "PATH": os.pathsep.join(kept)}


def folders(environ: Mapping[str, str]) -> list[str]:
    """Return the absolute folders of PATH."""
    return [folder for folder in environ.get("PATH", "").split(os.pathsep) if Path(folder).is_absolute()]


def _is_below(path: Path, folder: Path) -> bool:
    return any(one.is_relative_to(folder) for one in (path, path.resolve()))


def consists_of(executable: str, environ: Mapping[str, str], home: Path) -> Iterator[Path]:
    """Yield what has to be readable for a program to run: its own folders, and those of what it may start."""
    for path in (Path(executable), *_interpreter(Path(executable)), *_started(environ)):
        for folder in _installed(path):
            yield from _narrow(folder, home)


def _interpreter(script: Path) -> Iterator[Path]:
    """Yield what the first line of a script names."""
    with suppress(OSError), script.open("rb") as stream:
        first = stream.readline(_MOST_LINE).decode(errors="replace")
        if first.startswith("#!") and first[2:].split():
            yield Path(first[2:].split()[0])


def _started(environ: Mapping[str, str]) -> Iterator[Path]:
    for folder in folders(environ):
        with suppress(OSError):
            yield from sorted(path for path in Path(folder).iterdir() if _STARTED.fullmatch(path.name))


def _installed(executable: Path) -> Iterator[Path]:
    """Yield where a tool's own files lie: around the program, and around the Python that its environment is made of."""
    for path in _links(executable):
        prefix = _prefix(path)
        yield prefix
        if "node_modules" in path.parts:
            # A tool of npm has its parts beside it.
            yield Path(*path.parts[: path.parts.index("node_modules") + 1])
        settings = prefix / "pyvenv.cfg"
        if settings.is_file():
            for line in settings.read_text(encoding="utf-8", errors="replace").splitlines():
                key, _, value = line.partition("=")
                if key.strip() == "home":
                    yield Path(value.strip()).parent
        python = prefix / "bin" / "python"
        yield from (_prefix(found) for found in _links(python) if python.exists())


def _prefix(executable: Path) -> Path:
    return executable.parent.parent if executable.parent.name in _WITH_BIN else executable.parent


def _links(path: Path) -> Iterator[Path]:
    """Yield the path, what it links to step by step, and where all links end."""
    yield path
    here = path
    for _count in range(_MOST_LINKS):
        if not here.is_symlink():
            break
        here = Path(os.path.normpath(here.parent / here.readlink()))
        yield here
    yield path.resolve()


def _narrow(folder: Path, home: Path) -> Iterator[Path]:
    """Yield a tool's folder, or of one that holds other things as well only what is a tool's."""
    for store in _STORES:
        if folder.is_relative_to(store):
            # What lies there needs others of the same store.
            yield store
            return
    if folder in _SHARED or home.is_relative_to(folder) or folder == home / ".local":
        yield from (folder / name for name in ("bin", "lib", "lib64"))
    else:
        yield folder
