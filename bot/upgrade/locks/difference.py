"""What moved between two versions of a lock, as debtscan's own readers see them, and whether it may have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyzers.errors import UnreadableError
from analyzers.model.ecosystem import Ecosystem, Reading
from analyzers.model.scheme import Scheme
from analyzers.syntax.text import SourceText
from bot.upgrade.locks import parts
from bot.upgrade.locks.model import LockRefusedError, LockTool, Task, Wanted
from bot.upgrade.model import OtherMove

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a lock that was made anew moved beside the wanted packages; `doubts` are sentences on what is not right."""

    others: tuple[OtherMove, ...]
    doubts: tuple[str, ...]


def versions(path: str, content: bytes, world: Ecosystem) -> dict[str, frozenset[str]]:
    """Return normalised name → versions that a lock holds, without folders of the repository.

    Raises LockRefusedError where it cannot be read.
    """
    reading = _read(path, content, world)
    found: dict[str, set[str]] = defaultdict(set)
    for entry in reading.locked:
        if entry.version and not entry.local:
            found[world.normalise(entry.name)].add(entry.version)
    for row in reading.dependencies:
        version = row.locked_version or row.version
        if version and row.skip_reason != "local-path" and row.ecosystem == world.name:
            found[world.normalise(row.name)].add(version)
    return {name: frozenset(versions) for name, versions in found.items()}


def _read(path: str, content: bytes, world: Ecosystem) -> Reading:
    for form in world.formats:
        if form.matches(path) and (form.sniff is None or form.sniff(content)):
            try:
                return form.read(SourceText.decode(path, content, declared=form.declares_encoding))
            except UnreadableError as error:
                raise LockRefusedError(f"{path} cannot be read: {error.detail}") from error
    raise LockRefusedError(f"{path} is no lockfile that is read here")


def compared(task: Task, tool: LockTool, old: bytes, new: bytes) -> Difference:
    """Return what moved. Raises LockRefusedError where the wanted packages did not, or the format did."""
    before, after = versions(task.lock, old, task.world), versions(task.lock, new, task.world)
    _check_wanted(task, tool, before, after)
    if tool.form(old) != tool.form(new):
        raise LockRefusedError(
            f"{task.lock} is in the format {tool.form(old)}, and the {tool.program} here writes {tool.form(new)}; "
            "install the one that your project uses"
        )
    wanted = {entry.name for entry in task.wanted}
    lost = parts.lost((tool.requirers(old), dict(before)), (tool.requirers(new), dict(after)), task.world.normalise)
    doubts = [_lost_parts(task.lock, name, gone) for name, gone in lost]
    for entry in task.wanted:
        _take_out(entry, before, after, task.world.scheme)
    moved = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    reasons = _Reasons(task.world.normalise, tool.requirers(new), tool.requirers(old), {*moved, *wanted})
    others = [
        OtherMove(
            lock=task.lock,
            name=name,
            before=_text(before.get(name, frozenset()) - after.get(name, frozenset()), task.world.scheme),
            after=_text(after.get(name, frozenset()) - before.get(name, frozenset()), task.world.scheme),
            why=reasons.of(name, gone=name not in after),
        )
        for name in moved
    ]
    return Difference(others=tuple(others), doubts=(*doubts, *_doubts(task, others, before, after)))


def _take_out(
    wanted: Wanted, before: dict[str, frozenset[str]], after: dict[str, frozenset[str]], scheme: Scheme | None
) -> None:
    """Take what is wanted out of both: another line of the same package is another thing, which may have moved too."""
    old, new = before.get(wanted.name, frozenset()), after.get(wanted.name, frozenset())
    target = {version for version in new if _same(wanted.target, version, scheme)}
    gone = sorted(old - new, key=lambda version: _height(version, scheme))
    left = {wanted.current} if wanted.current in gone else set(gone[-1:])
    before[wanted.name] = frozenset(old - left - target)
    after[wanted.name] = frozenset(new - left - target)


def _height(version: str, scheme: Scheme | None) -> tuple[bool, Any]:
    key = scheme.key(version) if scheme else None
    return (False, version) if key is None else (True, key)


def _check_wanted(
    task: Task, tool: LockTool, before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]
) -> None:
    for wanted in task.wanted:
        found = after.get(wanted.name, frozenset())
        if not found and wanted.name not in before:
            continue  # another lock holds it
        if not found:
            raise LockRefusedError(f"the new {task.lock} does not hold {wanted.shown} at all")
        if not any(_same(wanted.target, version, task.world.scheme) for version in found):
            raise LockRefusedError(
                f"{tool.program} left {wanted.shown} at {_text(found, task.world.scheme)}: "
                f"something else that is required does not admit {wanted.target}"
            )


def _doubts(
    task: Task,
    others: Iterable[OtherMove],
    before: Mapping[str, frozenset[str]],
    after: Mapping[str, frozenset[str]],
) -> Iterator[str]:
    """Yield what a person has to look at: packages that go back to an older version."""
    back = [f"{move.name} ({move.before} → {move.after})" for move in others if _goes_back(task, move, before, after)]
    if back:
        listed = ", ".join(back[:_SHOWN]) + (", …" if len(back) > _SHOWN else "")
        yield f"the new {task.lock} goes back to older versions of {listed}"


def _lost_parts(lock: str, name: str, gone: tuple[str, ...]) -> str:
    listed = ", ".join(gone[:_SHOWN]) + (", …" if len(gone) > _SHOWN else "")
    return (
        f"the new {lock} lacks parts of {name} for other systems: {listed}; the registry does not have them at this "
        "version, perhaps not yet"
    )


def _goes_back(
    task: Task, move: OtherMove, before: Mapping[str, frozenset[str]], after: Mapping[str, frozenset[str]]
) -> bool:
    if task.world.scheme is None or move.before is None or move.after is None:
        return False
    old, new = _highest(before[move.name], task.world.scheme), _highest(after[move.name], task.world.scheme)
    return old is not None and new is not None and new < old


def _highest(found: Iterable[str], scheme: Scheme) -> Any:  # noqa: ANN401 - a scheme's keys sort among themselves
    keys = [key for version in found if (key := scheme.key(version)) is not None]
    return max(keys, default=None)


def _same(target: str, version: str, scheme: Scheme | None) -> bool:
    if target == version or scheme is None:
        return target == version
    key = scheme.key(target)
    return key is not None and key == scheme.key(version)


def _text(found: Iterable[str], scheme: Scheme | None) -> str | None:
    return ", ".join(sorted(found, key=lambda version: _height(version, scheme))) or None


class _Reasons:
    """Who requires what, in the new lock and in the old one."""

    def __init__(
        self,
        normalise: Callable[[str], str],
        new: Iterable[tuple[str, str, str, str]],
        old: Iterable[tuple[str, str, str, str]],
        moved: set[str],
    ) -> None:
        self._moved = moved
        self._normalise = normalise
        self._new = self._by_required(new)
        self._old = self._by_required(old)

    def of(self, name: str, *, gone: bool) -> str:
        """Return why a package moved, ``""`` where the locks do not tell."""
        if gone:
            once = self._old.get(name, ())
            return f"was required by {self._listed(once)}" if once else ""
        asked = [entry for entry in self._new.get(name, ()) if self._normalise(entry[0]) in self._moved]
        return f"required by {self._listed(asked)}" if asked else ""

    def _by_required(self, edges: Iterable[tuple[str, str, str, str]]) -> dict[str, tuple[tuple[str, str, str], ...]]:
        found: dict[str, dict[tuple[str, str, str], None]] = defaultdict(dict)
        for name, version, required, constraint in edges:
            found[self._normalise(required)][name, version, constraint] = None
        return {name: tuple(requirers) for name, requirers in found.items()}

    @staticmethod
    def _listed(requirers: Iterable[tuple[str, str, str]]) -> str:
        texts = [
            " ".join(part for part in (name, version, f"({constraint})" if constraint else "") if part)
            for name, version, constraint in requirers
        ]
        return ", ".join(texts[:3]) + (", …" if len(texts) > 3 else "")  # noqa: PLR2004 - enough to see why
