"""The workflow ``deliver``: what a webhook changes is written, and what is wanted then is enqueued, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import sqlalchemy as sa
import structlog

from analyzers.typed import converted
from bot.rollout import asks_again
from bot.service import metrics
from bot.service.arrivals import arrival_of
from bot.service.arriving import arrive
from bot.service.changes import CompareWanted, ConfigurationWanted, ListingWanted, ScanWanted, Want
from bot.service.database.opening import writing
from bot.service.database.tables import DELIVERIES, REPOSITORIES
from bot.service.engine.steps import StepFailedError, step
from bot.service.engine.work import Work
from bot.service.logs import bound
from bot.service.model import Delivery, DeliveryOutcome, Reason, ScanRequest
from bot.service.organizations import organization_of
from bot.service.services import Services
from bot.service.workflows import compare
from bot.service.workflows.admit import ScanArguments, admit, admit_settled, scan_id
from bot.service.workflows.compare import CompareArguments

# Several changes of one installation often come together.
_SOON: Final = 5.0
_LOG: Final = structlog.get_logger(__name__)


def workflow(services: Services, work: Work) -> Callable[[Mapping[str, Any]], None]:
    """Return the workflow ``deliver``; its arguments are a `Delivery`."""

    def run(arguments: Mapping[str, Any]) -> None:
        delivery = converted(arguments, Delivery)
        one = _Delivered(services, work, delivery)
        with bound(delivery=delivery.id, installation=delivery.installation, repository=delivery.repository):
            try:
                step("deliver", one.done)
                _LOG.info("delivery handled", kind=delivery.event, action=delivery.action)
            except StepFailedError as error:
                metrics.ERRORS.labels(part="webhook", kind=error.kind).inc()
                step("fail", partial(one.note, "failed"))
                raise

    return run


@dataclass(frozen=True, slots=True)
class _Delivered:
    """One delivery, whose effects are written again and again without a difference."""

    services: Services
    work: Work
    delivery: Delivery

    def done(self) -> None:
        """Do what it means."""
        arrival = arrival_of(self.delivery)
        with writing(self.services.engine) as connection:
            unknown = arrive(connection, arrival.changes, self.services.now())
            for want in dict.fromkeys((*arrival.wants, *unknown)):
                self._fulfil(connection, want)
            self._note(connection, "handled")

    def note(self, outcome: DeliveryOutcome) -> None:
        """Note what became of it."""
        with writing(self.services.engine) as connection:
            self._note(connection, outcome)

    def _note(self, connection: sa.Connection, outcome: DeliveryOutcome) -> None:
        mine = sa.update(DELIVERIES).where(DELIVERIES.c.id == self.delivery.id)
        connection.execute(mine.values(outcome=outcome, handled_at=self.services.now()))

    def _fulfil(self, connection: sa.Connection, want: Want) -> None:
        match want:
            case ScanWanted():
                self._scan(connection, want)
            case CompareWanted():
                self._compare(connection, want)
            case ListingWanted():
                self._soon(connection, "list", want.installation)
            case ConfigurationWanted():
                self._soon(connection, "configure", want.installation)

    def _scan(self, connection: sa.Connection, want: ScanWanted) -> None:
        request = ScanRequest(
            repository=want.repository,
            installation=self.delivery.installation or 0,
            reason=self._reason(connection, want),
            urgency=want.urgency,
            delivery=self.delivery.id,
        )
        wanted = ScanArguments(id=scan_id(want.repository, self.delivery.id), request=request)
        if want.settles:
            admit_settled(connection, self.services, self.work, wanted)
        else:
            admit(connection, self.work, wanted, self.services.now())

    def _reason(self, connection: sa.Connection, want: ScanWanted) -> Reason:
        """Return why: somebody may have given it a topic by which the organisation enables debtscan."""
        if not want.topics:
            return want.reason
        organization = organization_of(connection, self.delivery.installation or 0)
        return "enabled" if asks_again((), want.topics, organization) else want.reason

    def _compare(self, connection: sa.Connection, want: CompareWanted) -> None:
        """Enqueue it where debtscan posts at all. Once for each commit, unless somebody asks again."""
        table = REPOSITORIES.c
        wanted = sa.select(table.installation_id).where(table.id == want.repository, table.gone_at.is_(None))
        installation = connection.execute(wanted.where(table.phase == "posting")).scalar_one_or_none()
        if installation is None:
            return
        name = f"compare:{want.repository}:{want.number}:{want.head}"
        given = CompareArguments(
            id=f"{name}:{self.delivery.id}" if want.again else name,
            repository=want.repository,
            number=want.number,
            installation=installation,
            delivery=self.delivery.id,
        )
        compare.enqueue(connection, self.work, given, "person" if want.again else "change")

    def _soon(self, connection: sa.Connection, name: str, installation: int) -> None:
        self.work.enqueue(
            name,
            {"installation": installation},
            id=f"{name}:{installation}:{self.delivery.id}",
            queue="chores",
            delay=_SOON,
            once=f"{name}:{installation}",
            connection=connection,
        )
