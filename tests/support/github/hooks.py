"""Webhooks of Apps: what happens is told to their hooks, signed, one after the other, and kept to be told again."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from tests.support.github import render_hooks
from tests.support.github.deliveries import Delivery
from tests.support.github.grants import App, Installation
from tests.support.github.happenings import ACTIONS, described_as, pinged
from tests.support.github.manifests import UNASKED
from tests.support.github.openapi import Description
from tests.support.github.world import Happening, World

_SECONDS = 10
_UNREACHABLE = 502
_FIRST_ID = 100_000_000_000


@dataclass(slots=True)
class Hooks:
    """Delivers what happens in a world to the Apps that have a hook there.

    `log` are all attempts, in turn; `flaws` what GitHub's description does not allow. Nothing is delivered before
    `on`. Deliveries are made in turn by one thread: `settle` waits for it.
    """

    world: World
    description: Description
    lock: threading.RLock
    flaws: list[str] = field(default_factory=list)
    _waiting: deque[Delivery] = field(default_factory=deque)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _busy: bool = False
    _thread: threading.Thread | None = None
    _stopped: bool = False

    def on(self, app: App, url: str, secret: str = "", events: Iterable[str] | None = None) -> None:
        """Give an App a hook, with a secret of its own and all ``events`` unless told, and say so there (ping)."""
        asked = set(ACTIONS) - UNASKED if events is None else set(events)
        app.hook_url, app.events = url, tuple(sorted(asked))
        app.hook_secret = secret or app.hook_secret or f"{next(self.world.ids):040x}"
        for installation in app.installations:
            installation.events = app.events
        self.listen()
        with self.lock:
            pinged(self.world, app)

    @property
    def log(self) -> list[Delivery]:
        """All attempts that were made, in turn."""
        return self.world.deliveries

    def listen(self) -> None:
        """Tell of what happens from now on, to Apps that have a hook."""
        self.world.listener, self.world.redeliver = self.tell, self.again
        if self._thread is None:
            self._thread = threading.Thread(target=self._deliver_all, daemon=True)
            self._thread.start()

    def tell(self, happening: Happening) -> None:
        """Tell of something: every App that it concerns gets a delivery."""
        for app in list(self.world.apps.values()):
            for installation in self._told(app, happening):
                self._enqueue(self._made(app, happening, installation))

    def settle(self, seconds: float = 30) -> None:
        """Wait until all is delivered, or failed."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._waiting and not self._busy, seconds):
                raise TimeoutError(f"{len(self._waiting)} deliveries are still to be made")

    def stop(self) -> None:
        """Deliver no more."""
        self.world.listener = None
        with self._changed:
            self._stopped = True
            self._waiting.clear()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(_SECONDS + 1)

    def again(self, delivery: Delivery) -> None:
        """Deliver once more: the same delivery, another attempt."""
        made = replace(delivery, id=self._next_id(), redelivery=True, status=0, at=self.world.clock())
        self._enqueue(made)

    def of(self, event: str, action: str = "") -> list[Delivery]:
        """Return the attempts to deliver an event, with an action where given."""
        return [each for each in self.log if each.event == event and action in {"", each.action}]

    def _told(self, app: App, happening: Happening) -> list[Installation | None]:
        """Return for which of its installations an App is told; None for what concerns none."""
        if not app.hook_url or (happening.app is not None and happening.app is not app):
            return []
        if happening.event not in {*app.events, *UNASKED}:
            return []
        if happening.installation is not None:
            return [happening.installation] if happening.installation.app is app else []
        repository = happening.repository
        if repository is None:
            return [None] if happening.app is app else []
        return [
            each
            for each in app.installations
            if each.covers(repository.owner, repository.full_name) and not each.suspended
        ]

    def _made(self, app: App, happening: Happening, installation: Installation | None) -> Delivery:
        payload = render_hooks.payload(self.world, happening, installation)
        self.flaws += self.description.payload_flaws(described_as(happening.event, happening.action), payload)
        number = self._next_id()
        return Delivery(
            id=number,
            guid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.world.url}/{number}")),
            app=app,
            event=happening.event,
            action=happening.action,
            body=json.dumps(payload).encode(),
            at=self.world.clock(),
            installation=installation.id if installation else None,
            repository=happening.repository.id if happening.repository else None,
        )

    def _next_id(self) -> int:
        return _FIRST_ID + next(self.world.ids)

    def _enqueue(self, delivery: Delivery) -> None:
        with self._changed:
            self._waiting.append(delivery)
            self._changed.notify_all()

    def _deliver_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._stopped)
                if self._stopped:
                    return
                delivery, self._busy = self._waiting.popleft(), True
            done = attempt(delivery)
            with self._changed:
                self.log.append(done)
                self._busy = False
                self._changed.notify_all()


def attempt(delivery: Delivery) -> Delivery:
    """Really deliver, and return how it went."""
    begun = time.monotonic()
    try:
        status = post(delivery.app.hook_url, delivery.body, delivery.headers)
    except TimeoutError:
        status = 504
    except (OSError, http.client.HTTPException):
        status = _UNREACHABLE
    return replace(delivery, status=status, duration=round(time.monotonic() - begun, 3))


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a body to a hook and return the status of the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_SECONDS)
    try:
        connection.request("POST", parts.path or "/", body, dict(headers))
        answer = connection.getresponse()
        answer.read()
        return answer.status
    finally:
        connection.close()
