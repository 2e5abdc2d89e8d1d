"""What the database and the disk tell of the service, asked whenever Prometheus asks.

Every web process tells the same of the database: a query takes the most of them, not their sum.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final, Protocol, TypeAlias

import sqlalchemy as sa
import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from bot.service import metrics
from bot.service.database.tables import DELIVERIES, INSTALLATIONS, REPOSITORIES
from bot.service.services import Services

TOLD: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = MappingProxyType(
    {
        "debtscan_database_up": ("1 where this process reaches the database, else 0.", ()),
        "debtscan_data_free_bytes": ("Free space on the disk of the data folder.", ()),
        "debtscan_data_size_bytes": ("Size of the disk of the data folder.", ()),
        "debtscan_installations": ("Installations of the App by state: active, suspended.", ("state",)),
        "debtscan_repositories": (
            "Repositories by phase: silent (scans and pages only), invited (onboarding is open), posting, declined.",
            ("phase",),
        ),
        "debtscan_repositories_graded": ("Repositories by the grade of their last scan.", ("grade",)),
        "debtscan_repositories_failing": ("Repositories whose last scan failed.", ()),
        "debtscan_repositories_overdue": ("Repositories whose weekly scan is late by a day or more.", ()),
        "debtscan_score_average": ("The mean score of the repositories that have one.", ()),
        "debtscan_deliveries_waiting": ("Deliveries that were accepted and are not handled yet.", ()),
        "debtscan_deliveries_oldest_seconds": ("For how long the oldest of them waits; 0 without any.", ()),
        "debtscan_queue_items": ("Items of the queues intake, scans and chores by status.", ("queue", "status")),
        "debtscan_queue_oldest_seconds": ("Age of the oldest of them.", ("queue", "status")),
        "debtscan_workers_live": ("Worker processes that hold a live lease.", ()),
    }
)
"""Each metric with what it is and its labels."""

_Rows: TypeAlias = Iterable[tuple[Sequence[str], float]]
_LATE: Final = timedelta(days=1)
_HERE: Final = (REPOSITORIES.c.gone_at.is_(None), REPOSITORIES.c.skip == "")


class Depth(Protocol):
    """How many items of a queue are in one status, and for how many seconds the oldest is."""

    @property
    def queue(self) -> str:
        """The queue's name."""

    @property
    def status(self) -> str:
        """Waiting, delayed, running."""

    @property
    def count(self) -> int:
        """How many there are."""

    @property
    def oldest(self) -> float:
        """The oldest one's age, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Readings(Collector):
    """Asks the database and the disk. `depth` tells the queues' depths, `live` counts live leases."""

    services: Services
    depth: Callable[[], Sequence[Depth]]
    live: Callable[[], int]

    def describe(self) -> list[Metric]:
        """Return nothing: what there is, is known when it is asked."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield what is known; without the database that, and what the disk tells."""
        yield from _disk(self.services)
        try:
            found = list(self._asked())
        except Exception as error:  # noqa: BLE001 - whatever the database raises, the other metrics are told
            metrics.failed("metrics", error)
            structlog.get_logger(__name__).warning("the database cannot be asked for metrics", error=str(error))
            found = []
        yield _one("debtscan_database_up", int(bool(found)))
        yield from found

    def _asked(self) -> Iterator[Metric]:
        with self.services.engine.connect() as connection:
            yield _table("debtscan_installations", _installations(connection))
            yield from _repositories(connection)
            yield self._overdue(connection)
            yield from self._deliveries(connection)
        depths = self.depth()
        yield _table("debtscan_queue_items", [((one.queue, one.status), one.count) for one in depths])
        yield _table("debtscan_queue_oldest_seconds", [((one.queue, one.status), one.oldest) for one in depths])
        yield _one("debtscan_workers_live", self.live())

    def _overdue(self, connection: sa.Connection) -> Metric:
        late = REPOSITORIES.c.sweep_after < self.services.now() - _LATE
        wanted = sa.select(sa.func.count()).where(*_HERE, late)
        return _one("debtscan_repositories_overdue", connection.execute(wanted).scalar_one())

    def _deliveries(self, connection: sa.Connection) -> Iterator[Metric]:
        waiting = (DELIVERIES.c.outcome == "enqueued", DELIVERIES.c.handled_at.is_(None))
        wanted = sa.select(sa.func.count(), sa.func.min(DELIVERIES.c.received_at)).where(*waiting)
        count, oldest = connection.execute(wanted).one()
        age = (self.services.now() - oldest).total_seconds() if oldest else 0
        yield _one("debtscan_deliveries_waiting", count)
        yield _one("debtscan_deliveries_oldest_seconds", max(0, age))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnReadings(Collector):
    """Tells of a process that has no pages: its disk, where mirrors lie, and whether it reaches the database."""

    services: Services

    def describe(self) -> list[Metric]:
        """Return nothing, as `Readings` does."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield what this process alone knows."""
        yield from _disk(self.services)
        try:
            with self.services.engine.connect() as connection:
                connection.execute(sa.select(sa.literal(1)))
            is_up = True
        except SQLAlchemyError:
            is_up = False
        yield _one("debtscan_database_up", int(is_up))


def _disk(services: Services) -> Iterator[Metric]:
    try:
        disk = shutil.disk_usage(services.settings.folder)
    except OSError:
        return
    yield _one("debtscan_data_free_bytes", disk.free)
    yield _one("debtscan_data_size_bytes", disk.total)


def _installations(connection: sa.Connection) -> _Rows:
    state = sa.case((INSTALLATIONS.c.suspended_at.is_(None), "active"), else_="suspended")
    wanted = sa.select(state, sa.func.count()).where(INSTALLATIONS.c.gone_at.is_(None)).group_by(state)
    return [((name,), count) for name, count in connection.execute(wanted)]


def _repositories(connection: sa.Connection) -> Iterator[Metric]:
    grade = sa.func.coalesce(REPOSITORIES.c.grade, "none")
    for name, column in (("debtscan_repositories", REPOSITORIES.c.phase), ("debtscan_repositories_graded", grade)):
        rows = connection.execute(sa.select(column, sa.func.count()).where(*_HERE).group_by(column))
        yield _table(name, [((value,), count) for value, count in rows])
    broken = sa.select(sa.func.count()).where(*_HERE, REPOSITORIES.c.error != "")
    yield _one("debtscan_repositories_failing", connection.execute(broken).scalar_one())
    average = connection.execute(sa.select(sa.func.avg(REPOSITORIES.c.score)).where(*_HERE)).scalar_one()
    if average is not None:
        yield _one("debtscan_score_average", average)


def _one(name: str, value: float) -> Metric:
    return GaugeMetricFamily(name, TOLD[name][0], value=value)


def _table(name: str, rows: _Rows) -> Metric:
    what, labels = TOLD[name]
    family = GaugeMetricFamily(name, what, labels=labels)
    for values, number in rows:
        family.add_metric(list(values), number)
    return family
