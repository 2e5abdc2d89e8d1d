"""Every manifest and lockfile, opened once by the readers that know it; a failing file becomes Skipped."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from analyzers import templated
from analyzers.errors import UnreadableError
from analyzers.ignores import MARKER
from analyzers.model.ecosystem import Ecosystem, Format, Reading
from analyzers.model.inventory import Dependency
from analyzers.model.skipped import Skipped, SkipReason
from analyzers.model.snapshot import Snapshot
from analyzers.repository.paths import is_test_data
from analyzers.safely import told_safely, without_secrets
from analyzers.syntax.text import SourceText

_ANNOTATION: Final = "annotation"

Progress = Callable[[str, int, int], None]
"""(stage, done, total): told now and then, from the calling thread."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifests:
    """What the readers found: `readings` by path after pairing, `marked` the paths that mention an ignore."""

    readings: Mapping[str, Reading]
    dependencies: tuple[Dependency, ...]
    skipped: tuple[Skipped, ...]
    marked: tuple[str, ...]


class _Opened:
    """The file opened last: formats that read the same file come one after the other."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._path = ""
        self._content = b""
        self._sources: dict[bool, SourceText] = {}

    def content(self, path: str) -> bytes:
        """Return the file's bytes. Raises UnreadableError."""
        if path != self._path:
            self._path, self._sources = "", {}
            self._content = self._snapshot.read(path)
            self._path = path
        return self._content

    def source(self, path: str, *, declared: bool) -> SourceText:
        """Return the file as text. Raises UnreadableError."""
        content = self.content(path)
        if declared not in self._sources:
            self._sources[declared] = SourceText.decode(path, content, declared=declared)
        return self._sources[declared]


@dataclass(slots=True)
class _Walk:
    """The walk's state: what is yet to be read, and what was. `included` are queued because a file names them."""

    snapshot: Snapshot
    queue: deque[tuple[str, Ecosystem, Format]]
    opened: _Opened
    test_data: bool
    seen: set[tuple[str, str]] = field(default_factory=set)
    included: set[tuple[str, str]] = field(default_factory=set)
    readings: dict[str, dict[str, Reading]] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)


def read_manifests(
    snapshot: Snapshot,
    worlds: Sequence[Ecosystem],
    *,
    test_data: bool = False,
    progress: Progress = lambda _stage, _done, _total: None,
) -> Manifests:
    """Read every manifest and lockfile, follow their includes, and pair them within each ecosystem."""
    files = frozenset(snapshot.paths())
    walk = _Walk(snapshot, deque(_matching(snapshot.paths(), worlds)), _Opened(snapshot), test_data)
    done = 0
    while walk.queue:
        path, world, form = walk.queue.popleft()
        if (path, form.name) in walk.seen:
            continue
        walk.seen.add((path, form.name))
        reading = _read_one(walk, path, form)
        if reading is not None:
            walk.readings.setdefault(world.name, {})[_slot(walk, world, path, form)] = reading
            _follow(walk, files, path, world, reading)
        done += 1
        progress("manifests", done, done + len(walk.queue))
    return _joined(walk, worlds)


def _matching(paths: Iterable[str], worlds: Sequence[Ecosystem]) -> Iterable[tuple[str, Ecosystem, Format]]:
    forms = [(world, form) for world in worlds for form in world.formats]
    # A tree has thousands of files and few endings: what can be of which format is settled once an ending.
    fitting: dict[str, list[tuple[Ecosystem, Format]]] = {}
    for path in paths:
        last = ending(path)
        if last not in fitting:
            fitting[last] = [(world, form) for world, form in forms if _can_end(form, last)]
        for world, form in fitting[last]:
            if form.matches(path):
                yield path, world, form


def _can_end(form: Format, last: str) -> bool:
    return not form.endings or last in form.endings or ("" in form.endings and "." not in last)


def ending(path: str) -> str:
    """Return the path from its last dot on, or its name where that has none; in lower case."""
    name = path.rpartition("/")[2]
    return name[max(0, name.rfind(".")) :].lower()


def _slot(walk: _Walk, world: Ecosystem, path: str, form: Format) -> str:
    """Return the key of a reading: its path, made unique where two formats of one ecosystem read one file."""
    taken = walk.readings.get(world.name, {})
    return path if path not in taken else f"{path}#{form.name}"


def _read_one(walk: _Walk, path: str, form: Format) -> Reading | None:
    """Return what one reader finds in one file; whatever goes wrong is named in skipped."""
    try:
        if form.sniff and (path, form.name) not in walk.included and not form.sniff(walk.opened.content(path)):
            # Another file may include it yet, and then it counts.
            walk.seen.discard((path, form.name))
            return None
        source = SourceText(path, "") if form.opaque else walk.opened.source(path, declared=form.declares_encoding)
        reading = templated.read(form, source)
    except UnreadableError as error:
        where = f"line {error.line}: " if error.line else ""
        walk.skipped.append(_unread(path, form, error.reason, where + error.detail))
        return None
    except (RecursionError, MemoryError) as error:
        walk.skipped.append(_unread(path, form, "too-deep", f"nests too deep to read ({type(error).__name__})"))
        return None
    except Exception as error:  # noqa: BLE001 - a reader's fault costs its file, and is said aloud, not the scan
        detail = f"the reader failed ({type(error).__name__}: {error}); please report this"
        walk.skipped.append(_unread(path, form, "reader-failed", detail))
        return None
    if MARKER in source.text:
        walk.marked.add(path)
    reason = foreign_reason(walk.snapshot, path, test_data=walk.test_data)
    return _set_apart(reading, reason) if reason else reading


def _unread(path: str, form: Format, reason: str, detail: str) -> Skipped:
    return Skipped(what="file", path=path, source=form.name, reason=reason, detail=detail)  # type: ignore[arg-type]  # errors.py promises a SkipReason


def foreign_reason(snapshot: Snapshot, path: str, *, test_data: bool) -> SkipReason | None:
    """Return why a file is listed and not judged; ``test_data`` says that such files count all the same."""
    if snapshot.is_vendored(path):
        return "vendored"
    if is_test_data(path) and not test_data:
        return "test-data"
    return "generated" if snapshot.is_generated(path) else None


def _set_apart(reading: Reading, reason: SkipReason) -> Reading:
    """Return the reading of somebody else's file: listed, not judged."""
    apart = tuple(replace(entry, skip_reason=entry.skip_reason or reason) for entry in reading.dependencies)
    return replace(reading, dependencies=apart, observations=(), includes=(), skipped=())


def _follow(walk: _Walk, files: frozenset[str], path: str, world: Ecosystem, reading: Reading) -> None:
    """Queue the files that a reading includes; one that is missing is named."""
    forms = {form.name: form for form in world.formats}
    for target, name in reading.includes:
        if target in files:
            walk.included.add((target, name))
            walk.queue.append((target, world, forms[name]))
        else:
            detail = f"{target} is included here and is not in the repository"
            walk.skipped.append(Skipped(what="file", path=path, source=name, reason="missing-file", detail=detail))


def _joined(walk: _Walk, worlds: Sequence[Ecosystem]) -> Manifests:
    readings: dict[str, Reading] = {}
    for world in worlds:
        found = walk.readings.get(world.name)
        for path, reading in world.pair(found).items() if found else ():
            key = path if path not in readings else f"{path}#{world.name}"
            readings[key] = without_secrets(reading)
    unique = {
        (entry.place, entry.kind, entry.name, entry.platform): entry
        for key in sorted(readings)
        for entry in readings[key].dependencies
    }
    # What a reader understands by itself needs no comment that says so.
    understood = {entry.place for entry in unique.values() if entry.kind != _ANNOTATION and not entry.skip_reason}
    told = (entry for entry in unique.values() if entry.kind != _ANNOTATION or entry.place not in understood)
    order = sorted(told, key=lambda entry: (entry.place, entry.ecosystem, entry.kind, entry.name, entry.platform or ""))
    return Manifests(
        readings=dict(sorted(readings.items())),
        dependencies=tuple(order),
        skipped=(
            *map(told_safely, walk.skipped),
            *(entry for reading in readings.values() for entry in reading.skipped),
        ),
        marked=tuple(sorted(walk.marked)),
    )
