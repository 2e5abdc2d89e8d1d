"""What is asked for from outside the workflows. What runs or waits already is not asked for twice."""

from __future__ import annotations

from bot.service.database.opening import writing
from bot.service.model import ScanRequest
from bot.service.services import Services
from bot.service.web.model import Enqueues
from bot.service.workflows.admit import Admission, ScanArguments, admit, scan_id


def ask_for_scan(services: Services, work: Enqueues, repository: int) -> Admission:
    """Have a repository scanned for somebody who waits, and all looked up anew. The caller knows who may ask."""
    now = services.now()
    request = ScanRequest(repository=repository, installation=0, reason="asked", urgency="person")
    # The engine does one of a name for ever: in one second one is enough.
    wanted = ScanArguments(id=scan_id(repository, f"asked:{now.timestamp():.0f}"), request=request)
    with writing(services.engine) as connection:
        return admit(connection, work, wanted, now)


def ask_for_all(services: Services, work: Enqueues) -> bool:
    """Have GitHub asked for all installations, which may be others than those that are known: at every start."""
    now = services.now()
    arguments = {"scheduled_at": now.isoformat()}
    # A process that is started again and again asks once a minute.
    name = f"reconcile:{now:%Y-%m-%dT%H:%M}"
    return work.enqueue("reconcile", arguments, id=name, queue="chores", once="reconcile")
