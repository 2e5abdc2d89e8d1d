"""What was enqueued, done one after the other when a test says so, by a clock of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from bot.service.engine.work import QueueName, Work
from tests.support.service.payloads import NOW

Workflows = Mapping[str, Callable[[Mapping[str, Any]], Any]]


@dataclass(slots=True)
class Clock:
    """A time that passes when it is told to."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time

    def go(self, **by: float) -> None:
        """Let time pass: ``go(minutes=5)``."""
        self.time += timedelta(**by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One workflow that waits. `turn` is its place in line."""

    id: str
    name: str
    arguments: Mapping[str, Any]
    queue: QueueName
    key: str
    priority: int
    due: datetime
    once: str
    turn: int


@dataclass(slots=True)
class _Kept:
    ids: set[str] = field(default_factory=set)
    items: list[Item] = field(default_factory=list)
    running: set[str] = field(default_factory=set)
    done: list[Item] = field(default_factory=list)


class Lined(Work):
    """Keeps what is enqueued as the engine does, but in memory, and without a transaction's way back."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self._kept = _Kept()
        self._turns = itertools.count()

    @property
    def items(self) -> tuple[Item, ...]:
        """What waits, in the order in which it would be done."""
        return tuple(sorted(self._kept.items, key=lambda one: (max(one.due, self.clock()), one.priority, one.turn)))

    def named(self, name: str) -> tuple[Item, ...]:
        """Return what waits of one workflow."""
        return tuple(item for item in self.items if item.name == name)

    @property
    def done(self) -> tuple[Item, ...]:
        """What was done."""
        return tuple(self._kept.done)

    def enqueue(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        id: str,  # noqa: A002 - as the engine calls it
        queue: QueueName,
        key: str = "",
        priority: int = 0,
        delay: float = 0.0,
        once: str = "",
        connection: sa.Connection | None = None,
    ) -> bool:
        """Keep it, unless the id was ever there, or one of the same name waits."""
        del connection
        assert bool(key) == (queue == "scans"), (name, key)
        if id in self._kept.ids or (once and any(item.once == once for item in self._kept.items)):
            return False
        self._kept.ids.add(id)
        plain = msgspec.json.decode(msgspec.json.encode(arguments))
        due = self.clock() + timedelta(seconds=delay)
        turn = next(self._turns)
        item = Item(
            id=id, name=name, arguments=plain, queue=queue, key=key, priority=priority, due=due, once=once, turn=turn
        )
        self._kept.items.append(item)
        return True

    def alive(self, id: str) -> bool:  # noqa: A002 - as above
        """Whether it waits or runs."""
        return id in self._kept.running or any(item.id == id for item in self._kept.items)

    def lose(self, id: str) -> None:  # noqa: A002 - as above
        """Lose a workflow for ever."""
        self._kept.items = [item for item in self._kept.items if item.id != id]

    def forget_named(self, prefixes: Collection[str], ids: Sequence[str] = ()) -> int:
        """Forget what was done and has one of these names, or one that begins so."""
        gone = [item for item in self._kept.done if item.id in ids or item.id.startswith(tuple(prefixes))]
        self._kept.done = [item for item in self._kept.done if item not in gone]
        self._kept.ids -= {item.id for item in gone}
        return len(gone)

    def do(self, workflows: Workflows, *, only: Container[str] | None = None, most: int = 1000) -> int:
        """Do all that is due, and what comes of it at once; return how many workflows that were."""
        for count in range(most):
            due = (item for item in self.items if item.due <= self.clock() and (only is None or item.name in only))
            item = next(due, None)
            if item is None:
                return count
            self._kept.items.remove(item)
            self._kept.running.add(item.id)
            try:
                workflows[item.name](item.arguments)
            finally:
                self._kept.running.discard(item.id)
                self._kept.done.append(item)
        raise AssertionError(f"no end after {most} workflows: the next is {self.items[0].id}")
