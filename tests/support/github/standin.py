"""The stand-in as tests use it."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.support.github import effects, gate, routing, smart_http, web
from tests.support.github.effects import ACTIONS
from tests.support.github.exchange import Exchange
from tests.support.github.faults import Dropped, Fault, failure, secondary_limit
from tests.support.github.git_store import GitStore, clone_store, create_store
from tests.support.github.granting import ACTIONS_ID, Granting
from tests.support.github.hooks import Hooks
from tests.support.github.hosted import HostedRepository
from tests.support.github.messages import Request, Response
from tests.support.github.openapi import description
from tests.support.github.server import Server
from tests.support.github.tokens import EVERYTHING
from tests.support.github.world import Repository, World

_ENTERPRISE = "/api/v3"


class GitHubStandIn(Granting):
    """GitHub on loopback. Use it as a context manager: leaving it fails where a request or an answer was flawed.

    `requests` are all exchanges in turn, `writes` those that changed something, `violations` what the OpenAPI
    description does not allow (a test that means one clears the list). `world.now` is GitHub's date for all that
    happens; `world.clock` is the clock that tokens and limits go by.
    """

    def __init__(self, root: Path, *, enterprise: bool = False, tls: ssl.SSLContext | None = None) -> None:
        """Keep repositories below ``root``; serve as GitHub Enterprise Server (``/api/v3``), or over TLS."""
        routing.load()
        self._server = Server(tls)
        self._enterprise = enterprise
        self.url = f"{'https' if tls else 'http'}://localhost:{self._server.server_address[1]}"
        self.api_url = self.url + (_ENTERPRISE if enterprise else "")
        self.world = World(root, self.url, self.api_url)
        self.requests: list[Exchange] = []
        self.violations: list[str] = []
        self._faults: list[Fault] = []
        self._description = description()
        self._lock = threading.RLock()
        self.hooks = Hooks(self.world, self._description, self._lock)
        root.mkdir(parents=True, exist_ok=True)
        self._add_app(ACTIONS_ID, ACTIONS, "github", EVERYTHING)

    def __enter__(self) -> Self:
        self._server.start(self._answer)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hooks.stop()
        self._server.stop()
        if error is None:
            self.check()

    def check(self) -> None:
        """Fail where a request or an answer was flawed."""
        flaws = self.violations + self.hooks.flaws
        if flaws:
            raise AssertionError("not what GitHub's description allows:\n" + "\n".join(flaws))

    @property
    def writes(self) -> list[Exchange]:
        """The exchanges that changed something."""
        return [exchange for exchange in self.requests if exchange.is_write]

    def repository(
        self,
        name: str,
        files: Mapping[str, str | bytes] | None = None,
        *,
        source: Path | None = None,
        organization: bool = False,
        **settings: Any,  # noqa: ANN401 - fields of Repository
    ) -> HostedRepository:
        """Make ``owner/name``: empty, with ``files`` in a first commit, or as a copy of a local repository.

        ``settings`` are fields of `world.Repository`: ``private=True``, ``archived=True``,
        ``collaborators={"ada": "write"}``, ``default_branch="trunk"``, …
        """
        branch = settings.setdefault("default_branch", _branch_of(source) if source else "main")
        place = self.place_of(name)
        git = clone_store(source, place) if source else create_store(place, branch)
        hosted = self.host(name, git, organization=organization, **settings)
        if files is not None:
            hosted.commit(files, message="Begin")
        return hosted

    def place_of(self, name: str) -> Path:
        """Return where the git of ``owner/name`` is to lie."""
        return self.world.root / f"{name}.git"

    def host(
        self,
        name: str,
        git: GitStore,
        *,
        organization: bool = False,
        **settings: Any,  # noqa: ANN401 - fields of Repository
    ) -> HostedRepository:
        """Make ``owner/name`` of a git repository that lies at `place_of` it; see `repository`."""
        owner, _, short = name.partition("/")
        made = Repository(
            id=next(self.world.ids),
            owner=self.world.account(owner, "Organization" if organization else "User"),
            name=short,
            git=git,
            created=self.world.now,
            **settings,
        )
        with self._lock:
            self.world.repositories[name.lower()] = made
            effects.appeared(self.world, made)
            return HostedRepository(self.world, made, self._lock)

    def fault(
        self,
        on: str = "",
        *,
        status: int = 0,
        response: Response | None = None,
        secondary: bool = False,
        retry_after: int | None = 60,
        drop: bool = False,
        cut: bool = False,
        delay: float = 0.0,
        call: Callable[[], None] | None = None,
        nth: int = 1,
        times: int = 1,
        after: bool = False,
    ) -> Fault:
        """Let something go wrong: a ``status``, a ``response``, a ``secondary`` limit, a ``drop`` of the connection, an
        answer ``cut`` in two, a ``delay`` in seconds, or whatever ``call`` does. Where and when: see `faults.Fault`.
        """
        if secondary:
            response = secondary_limit(retry_after=retry_after, status=status or 403)
        elif status:
            response = failure(status)
        made = Fault(
            on=on, nth=nth, times=times, after=after, response=response, drop=drop, cut=cut, delay=delay, call=call
        )
        self._faults.append(made)
        return made

    def _answer(self, request: Request) -> Response:
        request = self._inside(request)
        template = gate.template_of(request)
        with self._lock:
            faults = [fault for fault in self._faults if fault.strikes(request, template)]
        before = [fault for fault in faults if not fault.after]
        lost = next((fault for fault in before if fault.response or fault.drop), None)
        if lost:
            self._note(request, template, 0, faulty=True)
        for fault in before:
            self._strike(fault)
        if lost and lost.response:
            return lost.response
        with self._lock:
            answered = self._performed(request)
            self.violations += answered.flaws
            self._note(request, template, answered.status, faulty=bool(faults))
        response = answered.response
        for fault in faults:
            if fault.after:
                self._strike(fault)
                response = fault.response or response
        return replace(response, cut=any(fault.cut for fault in faults))

    def _performed(self, request: Request) -> gate.Answered:
        try:
            return gate.answer(self.world, self._description, request)
        except Exception as error:  # noqa: BLE001 - a flaw of our own fails the test, and looks like none of GitHub's
            flaw = f"the stand-in itself: {request.method} {request.path}: {error!r}"
            return gate.Answered(template="", response=failure(500), flaws=[flaw])

    def _strike(self, fault: Fault) -> None:
        if fault.delay:
            threading.Event().wait(fault.delay)
        if fault.call:
            fault.call()
        if fault.drop:
            raise Dropped

    def _inside(self, request: Request) -> Request:
        """Return the request with the path that the operations are written with."""
        if not self._enterprise:
            return request
        if request.path == "/api/graphql":
            return replace(request, path=gate.GRAPHQL)
        if request.path.startswith(_ENTERPRISE + "/"):
            return replace(request, path=request.path.removeprefix(_ENTERPRISE))
        if smart_http.is_git(request.path) or web.is_web(request.path):
            return request
        return replace(request, path=f"/outside-the-api{request.path}")

    def _note(self, request: Request, template: str, status: int, *, faulty: bool) -> None:
        self.requests.append(Exchange(request=request, template=template, status=status, faulty=faulty))


def _branch_of(source: Path) -> str:
    return GitStore(source).text("symbolic-ref", "--short", "HEAD")
