"""All workflows by name, and those that begin by the clock (UTC)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.service.engine.workers import Schedule, Workflow
from bot.service.workflows import (
    admit,
    chores,
    compare,
    configure,
    deliver,
    forget,
    listing,
    reconcile,
    retain,
    scan,
    sweep,
)
from bot.service.workflows.parts import Parts

SCHEDULES: Final = (
    Schedule(name="sweep", workflow="sweep", cron="7 * * * *"),
    Schedule(name="missed", workflow="missed", cron="*/15 * * * *"),
    Schedule(name="revive", workflow="revive", cron="*/5 * * * *"),
    Schedule(name="reconcile", workflow="reconcile", cron="23 2 * * *"),
    Schedule(name="retain", workflow="retain", cron="41 3 * * *"),
    Schedule(name="forget", workflow="forget", cron="51 * * * *"),
)
"""What was due while nothing ran is not made up for one by one: each looks at all that is due when it runs."""


def workflows(parts: Parts) -> Mapping[str, Workflow]:
    """Return all workflows of a worker, by the names that they are enqueued under."""
    services, work = parts.services, parts.work
    return {
        "deliver": deliver.workflow(services, work),
        "admit": admit.workflow(services, work),
        "scan": scan.workflow(parts),
        "compare": compare.workflow(parts),
        "list": chores.workflow(parts, "list", listing.look),
        "configure": chores.workflow(parts, "configure", configure.look),
        "sweep": sweep.workflow(parts),
        "sweep-installation": chores.workflow(parts, "sweep-installation", sweep.look),
        "reconcile": reconcile.reconcile(parts),
        "missed": reconcile.missed(parts),
        "revive": reconcile.revive(parts),
        "retain": retain.workflow(parts),
        "forget": forget.workflow(parts),
    }
