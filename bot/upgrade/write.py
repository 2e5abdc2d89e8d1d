"""An upgrade as files: its edits made and read again, its locks made anew by their tools, one commit a move."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from analyzers.edits import Editor
from analyzers.errors import UnreadableError
from analyzers.manifests import read_manifests
from analyzers.model.ecosystem import Ecosystem, Reading
from analyzers.model.edit import Change, Edit, Refused
from analyzers.model.snapshot import Snapshot
from bot.upgrade.locks import order
from bot.upgrade.locks.locker import Locker, Remade
from bot.upgrade.locks.model import Wanted
from bot.upgrade.model import LeftOut, LockProblem, Move, OtherMove, Upgrade, Written
from bot.upgrade.spelling import versions

# Steps that take no longer each get a commit of their own.
_QUICK_SECONDS: Final = 20
_MOST_STEPS: Final = 12
_LONGEST_TITLE: Final = 120

_Commit: TypeAlias = tuple[str, dict[str, bytes]]
"""Its title, and the files that it changes."""


def write(
    upgrade: Upgrade,
    snapshot: Snapshot,
    worlds: Sequence[Ecosystem],
    locker: Locker,
    *,
    test_data: bool = False,
    steps: bool = True,
) -> Written:
    """Return the upgrade's files on top of ``snapshot``, with a commit for each move that could be made.

    Moves whose edit is refused are left out with the reason. Where a lock cannot be made anew, it stays as it is, and
    a problem says so. The files are those of all moves at once. Where the moves hold only together, or making the locks
    takes long, there is one commit; so it is without ``steps``, which runs each tool once.
    """
    writer = _Writer(upgrade, snapshot, worlds, locker, test_data)
    whole = writer.whole()
    commits = writer.in_steps(whole) if steps else None
    return writer.written(whole, commits or whole.commits)


def given(
    upgrade: Upgrade, snapshot: Snapshot, worlds: Sequence[Ecosystem], locker: Locker, *, test_data: bool = False
) -> list[object]:
    """Return what `write` starts from, for a digest: edited files, refused edits, what each lock tool is given.

    Where all of that is the same, writing makes the same, as far as the registries that tools ask still say the same.
    """
    return _Writer(upgrade, snapshot, worlds, locker, test_data).given()


def move_title(move: Move) -> str:
    """Return the title of a move's commit: ``Upgrade requests from 2.31.0 to 2.32.4``."""
    name, current, target = (_shown(text or "") for text in (move.name, *versions(move)))
    verb = {"pin": "Pin", "digest": "Refresh", "replace": "Replace"}.get(move.kind, "Upgrade")
    origin = f" from {current}" if current and current != target and move.kind != "pin" else ""
    return f"{verb} {name}{origin} to {target}"[:_LONGEST_TITLE]


def _shown(text: str) -> str:
    """Return a name as one word of a line; names come from scanned files."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


@dataclass(slots=True)
class _State:
    """What is written so far."""

    files: dict[str, bytes] = field(default_factory=dict)
    commits: list[_Commit] = field(default_factory=list)
    others: dict[tuple[str, str], OtherMove] = field(default_factory=dict)
    problems: dict[LockProblem, None] = field(default_factory=dict)
    tools: dict[str, None] = field(default_factory=dict)
    seconds: float = 0


@dataclass(frozen=True)
class _Writer:
    upgrade: Upgrade
    snapshot: Snapshot
    worlds: Sequence[Ecosystem]
    locker: Locker
    test_data: bool

    @cached_property
    def locks(self) -> frozenset[str]:
        """All locks that the upgrade makes anew: those that it names, and those that read what it changes."""
        changed = {path for move in self.upgrade.moves for path in (*move.locks, *_edited_paths(move))}
        named = {lock for move in self.upgrade.moves for lock in move.locks}
        return frozenset(named | order.dependents(self._readings, changed))

    @cached_property
    def refusals(self) -> Mapping[int, Refused]:
        """The refused edits by their move's position in the upgrade."""
        applied = self._editor.apply([edit for _, edit in self._edits])
        positions = {id(edit): index for index, edit in self._edits}
        # What stands there already needs no edit, and its lock may still lag.
        return {positions[id(entry.edit)]: entry for entry in applied.refused if entry.reason != "unchanged"}

    @cached_property
    def made(self) -> list[Move]:
        """The moves whose edits are possible, all together."""
        return [move for index, move in enumerate(self.upgrade.moves) if index not in self.refusals]

    def whole(self) -> _State:
        """Make all moves in one commit."""
        state = _State()
        if self.made:
            self._step(state, self.made, self.made, self.upgrade.title)
        return state

    def in_steps(self, whole: _State) -> list[_Commit] | None:
        """Return a commit a move, which lead to the whole; None where that is slow, or one does not hold alone.

        What the last step is to make is known: all of them together.
        """
        first = self.made[:-1]
        if not self.made or (first and not self._has_quick_steps(whole)):
            return None
        state = _State()
        for number, move in enumerate(first, start=1):
            state.seconds = 0
            self._step(state, [move], self.made[:number], move_title(move))
            if state.problems or state.seconds > _QUICK_SECONDS:
                return None
        ends = {path: self._before(whole, path) for path in {*whole.files, *state.files}}
        self._commit(state, {path: end for path, end in ends.items() if end is not None}, move_title(self.made[-1]))
        return state.commits

    def _has_quick_steps(self, whole: _State) -> bool:
        few = len(self.made) <= _MOST_STEPS or not self.locks
        return few and not whole.problems and whole.seconds <= _QUICK_SECONDS

    def _step(self, state: _State, step: Sequence[Move], done: Sequence[Move], title: str) -> None:
        """Make one step. Edits are places in the snapshot's own bytes, so those of earlier steps are made again."""
        moved = {id(move) for move in done}
        edits = [edit for index, edit in self._edits if id(self.upgrade.moves[index]) in moved]
        files = {**state.files, **(self._editor.apply(edits).files if edits else {})}
        for lock in self._locks_in_order(step):
            snapshot = self.snapshot.with_files(files)
            remade = self.locker.remake(lock, snapshot, self._read(snapshot), self.worlds, self._wanted(lock, step))
            if isinstance(remade, LockProblem):
                state.problems[remade] = None
                continue
            files[lock] = remade.content
            self._note(state, remade)
        self._commit(state, files, title)

    def _commit(self, state: _State, files: Mapping[str, bytes], title: str) -> None:
        told = {path: content for path, content in sorted(files.items()) if content != self._before(state, path)}
        if told:
            state.files.update(told)
            state.commits.append((title, told))

    def given(self) -> list[object]:
        """Return what `whole` starts from; locks that others read are as they were."""
        edits = [edit for index, edit in self._edits if index not in self.refusals]
        files = self._editor.apply(edits).files if edits else {}
        snapshot = self.snapshot.with_files(files)
        readings = self._read(snapshot) if self.locks else {}
        return [
            [[path, hashlib.sha256(content).hexdigest()] for path, content in sorted(files.items())],
            [[index, refused.detail] for index, refused in sorted(self.refusals.items())],
            [
                [lock, self.locker.given(lock, snapshot, readings, self.worlds, self._wanted(lock, self.made))]
                for lock in self._locks_in_order(self.made)
            ],
        ]

    def _locks_in_order(self, step: Sequence[Move]) -> tuple[str, ...]:
        """Return the locks that a step makes anew."""
        changed = {path for move in step for path in (*move.locks, *_edited_paths(move))}
        named = {lock for move in step for lock in move.locks}
        return order.ordered(self._readings, named | order.dependents(self._readings, changed))

    def _wanted(self, lock: str, step: Sequence[Move]) -> Mapping[str, Sequence[Wanted]]:
        wanted: dict[str, list[Wanted]] = defaultdict(list)
        names = {world.name: world for world in self.worlds}
        for move in step:
            world = names.get(move.key.ecosystem)
            # What moves elsewhere may be here as well, brought in by something that does not admit it.
            if world and lock in self._locks_of(move):
                wanted[world.name].append(
                    Wanted(
                        name=world.normalise(move.key.name), shown=move.name, target=move.target, current=move.current
                    )
                )
        return wanted

    def _read(self, snapshot: Snapshot) -> Mapping[str, Reading]:
        return read_manifests(snapshot, self.worlds, test_data=self.test_data).readings

    def _locks_of(self, move: Move) -> frozenset[str]:
        """Return the locks that a move is to be in: its own, and what is compiled from them or from what it edits."""
        changed = (*move.locks, *_edited_paths(move))
        return frozenset(move.locks) | order.dependents(self._readings, changed)

    def _note(self, state: _State, remade: Remade) -> None:
        state.tools[remade.tool] = None
        state.seconds += remade.seconds
        state.problems.update(dict.fromkeys(remade.doubts))
        state.others.update({(other.lock, other.name): other for other in remade.others})

    def _before(self, state: _State, path: str) -> bytes | None:
        """Return what a file holds after what is written so far; None where it cannot be read."""
        try:
            return state.files[path] if path in state.files else self.snapshot.read(path)
        except UnreadableError:
            return None

    def written(self, state: _State, commits: Sequence[_Commit]) -> Written:
        """Return what is made, in these commits."""
        wanted = {(move.key.name, move.target) for move in self.upgrade.moves}
        refused = tuple(
            LeftOut(
                name=self.upgrade.moves[index].name,
                target=self.upgrade.moves[index].target,
                reason="refused",
                detail=entry.detail,
                findings=self.upgrade.moves[index].findings,
            )
            for index, entry in sorted(self.refusals.items())
        )
        return Written(
            upgrade=self.upgrade,
            files=dict(sorted(state.files.items())),
            commits=tuple(commits),
            others=tuple(
                state.others[key] for key in sorted(state.others) if (key[1], state.others[key].after) not in wanted
            ),
            problems=tuple(state.problems),
            refused=refused,
            tools=tuple(state.tools),
        )

    @cached_property
    def _edits(self) -> list[tuple[int, Edit]]:
        """The edits of manifests, with their move's position. In what tools make, nothing is written here."""
        found = []
        for index, move in enumerate(self.upgrade.moves):
            changes = [change for change in _changes(move) if change.row.place.path not in self.locks]
            if changes:
                found.append((index, Edit(tuple(changes))))
        return found

    @cached_property
    def _editor(self) -> Editor:
        return Editor(self.snapshot, self.worlds, test_data=self.test_data, remade=self.locks)

    @cached_property
    def _readings(self) -> Mapping[str, Reading]:
        return self._read(self.snapshot)


def _changes(move: Move) -> Iterable[Change]:
    return move.edit.changes if move.edit else ()


def _edited_paths(move: Move) -> Iterable[str]:
    return (change.row.place.path for change in _changes(move))
