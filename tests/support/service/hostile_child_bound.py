"""The real child with its real bounds, but for its work: it uses up what the name of its task says."""

from __future__ import annotations

import sys

from bot.service.child import __main__ as child
from bot.service.child.asking import Service
from bot.service.child.messages import Task


def _use_up(task: Task, service: Service) -> None:
    del service
    held: list[bytearray] = []
    while True:
        if task.name == "memory":
            held.append(bytearray(1024 * 1024))


# In the place of the real work.
vars(child)["_work"] = _use_up
sys.exit(child.main(int(sys.argv[1])))
