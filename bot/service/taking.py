"""Taking a webhook: verified before anything is parsed, kept and enqueued in one transaction, then answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import msgspec
import sqlalchemy as sa

from bot.service.arrivals import arrival_of
from bot.service.arriving import upsert
from bot.service.database.opening import writing
from bot.service.database.tables import DELIVERIES
from bot.service.model import Delivery, DeliveryOutcome
from bot.service.services import Services
from bot.service.web.model import Enqueues
from bot.service.webhooks import signature
from bot.service.webhooks.read import MOST, RefusedError, read

Outcome: TypeAlias = Literal["enqueued", "acknowledged", "repeated", "forged", "malformed", "too-large"]
WORKFLOW: Final = "deliver"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is answered: the status, and a sentence that GitHub shows beside the delivery."""

    status: int
    outcome: Outcome
    text: str


TOO_LARGE: Final = Taken(status=413, outcome="too-large", text=f"More than {MOST // 2**20} MiB are not read.")
_FORGED: Final = Taken(
    status=401,
    outcome="forged",
    text="The signature is not right: the App's settings and the service know different secrets.",
)


@dataclass(frozen=True, slots=True)
class Taking:
    """Takes webhooks. Safe in every thread."""

    services: Services
    work: Enqueues

    def take(
        self, headers: Mapping[str, str], body: bytes, secrets: Collection[str], names: Collection[str] = ()
    ) -> Taken:
        """Take one delivery. ``headers`` have names in lower case; ``names`` are debtscan's, beside ``@debtscan``.

        Raises SQLAlchemy's errors where the database is away: then nothing was kept.
        """
        if len(body) > MOST:
            return TOO_LARGE
        if not signature.is_signed(body, headers.get(signature.HEADER, ""), secrets):
            return _FORGED
        try:
            delivery = read(headers, body, self.services.now(), names)
        except RefusedError as error:
            return Taken(status=400, outcome="malformed", text=f"This was not taken: {error}.")
        return self._keep(delivery)

    def _keep(self, delivery: Delivery) -> Taken:
        outcome: Literal["enqueued", "acknowledged"] = "enqueued" if arrival_of(delivery) else "acknowledged"
        with writing(self.services.engine) as connection:
            retaken = _keep_row(connection, delivery, outcome)
            if retaken is None:
                return Taken(status=202, outcome="repeated", text="This was taken before.")
            if outcome == "enqueued":
                arguments = msgspec.to_builtins(delivery)
                # The engine never does one of the same name again, whatever became of it.
                name = f"{delivery.id}:{retaken}" if retaken else delivery.id
                self.work.enqueue(WORKFLOW, arguments, id=name, queue="intake", connection=connection)
        done = "It is done in a moment." if outcome == "enqueued" else "Nothing is to be done about it."
        return Taken(status=202, outcome=outcome, text=done)


def _keep_row(connection: sa.Connection, delivery: Delivery, outcome: DeliveryOutcome) -> int | None:
    """Keep a delivery; return how often it came before and failed, None where it was taken, which is counted."""
    table = DELIVERIES.c
    row = {
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation,
        "repository_id": delivery.repository,
        "received_at": delivery.received_at,
        "outcome": outcome,
        "handled_at": None,
    }
    insert = upsert(connection, DELIVERIES).values(id=delivery.id, **row)
    again = insert.on_conflict_do_update(
        index_elements=[table.id],
        set_={**row, "repeats": table.repeats + 1},
        # It failed, or never came and was asked for once more.
        where=table.outcome == "failed",
    )
    kept = connection.execute(again.returning(table.repeats)).first()
    if kept is None:
        repeated = sa.update(DELIVERIES).where(table.id == delivery.id)
        connection.execute(repeated.values(repeats=table.repeats + 1))
    return kept.repeats if kept else None
