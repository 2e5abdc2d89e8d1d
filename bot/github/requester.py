"""PyGithub's requester, over debtscan's own connections: conditional, patient, counted, and without a log."""

from __future__ import annotations

import logging
import re
from collections.abc import ItemsView, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn, cast
from urllib.parse import urlsplit

from github.Auth import Auth
from github.Requester import HTTPSRequestsConnectionClass, Requester

from bot import VERSION
from bot.github.errors import UnreachableError
from bot.github.patience import Ask, Sender
from bot.github.rate import GIVEN
from bot.github.remembered import Remembered, key_of
from bot.github.transport import Answer

_API_VERSION = "2022-11-28"
_NOT_MODIFIED, _REFUSED = 304, 400
_ONCE = re.compile(
    r"/repos/[^/]+/[^/]+/(git/refs|pulls|pulls/[0-9]+/merge|issues|issues/[0-9]+/comments|check-runs(/[0-9]+)?)"
    r"|/app-manifests/[^/]+/conversions"
)
# A new token changes nothing that anybody sees.
_NO_WRITE = re.compile(r"/app/installations/[0-9]+/access_tokens")


@dataclass(frozen=True, slots=True)
class Way:
    """What all requesters of a run share."""

    sender: Sender
    remembered: Remembered


class ClientRequester(Requester):
    """Sends what PyGithub's objects ask for. Raises HostError and PyGithub's exceptions.

    `auth` is None for what anybody may ask, `party` whom GitHub counts the requests for.
    """

    def __init__(self, auth: Auth | None, api: str, way: Way, party: str = GIVEN) -> None:
        super().__init__(
            auth=auth,
            base_url=api,
            timeout=60,
            user_agent=f"debtscan/{VERSION}",
            per_page=100,
            verify=True,
            retry=None,
            pool_size=None,
            lazy=True,
            api_version=_API_VERSION,
        )
        parts = urlsplit(api)
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._prefix = parts.path.rstrip("/")
        self._way = way
        self._party = party

    def withAuth(self, auth: Auth | None) -> NoReturn:  # noqa: N802 - PyGithub's name
        """Refuse: what PyGithub would make has connections of its own."""
        raise NotImplementedError

    def withLazy(self, lazy: object) -> ClientRequester:  # noqa: ARG002, N802 - as above
        """Stay as it is."""
        return self

    def withApiVersion(self, api_version: str | None) -> ClientRequester:  # noqa: ARG002, N802 - as above
        """Stay as it is."""
        return self

    def requestJson(  # noqa: N802, PLR0917 - PyGithub's signature
        self,
        verb: str,
        url: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        input: Any | None = None,  # noqa: A002, ANN401 - as above
        cnx: object = None,
        follow_302_redirect: bool = False,  # noqa: ARG002, FBT001, FBT002 - as above
    ) -> tuple[int, dict[str, Any], str]:
        """Send a request and return status, headers and body."""
        if cnx is not None:
            raise UnreachableError("GitHub names another host to ask, which is not followed; check DEBTSCAN_GITHUB_URL")
        exchange = cast("HTTPSRequestsConnectionClass", _Exchange(self))
        answer = super().requestJson(verb, url, parameters, headers, input, exchange)
        if answer[0] < _REFUSED and answer[2].strip()[:1] not in {"", "{", "["}:
            # PyGithub takes a page for data, and a write that a portal answered for one that was done.
            raise UnreachableError(
                f"{self._origin} does not answer as GitHub does; check DEBTSCAN_GITHUB_URL and proxies"
            )
        return answer

    def send(self, verb: str, path: str, headers: Mapping[str, str], body: str | None) -> Answer:
        """Send one request; ``path`` begins at the host. Raises HostError."""
        url = f"{self._origin}{path}"
        if verb != "GET":
            return self._way.sender.send(self._write(verb, url, path.partition("?")[0], headers, body))
        key = key_of(url, headers)
        known = self._way.remembered.find(key)
        asked = {**headers, "If-None-Match": known.headers["etag"]} if known else headers
        answer = self._way.sender.send(Ask(method="GET", url=url, headers=asked, party=self._party))
        if answer.status == _NOT_MODIFIED and known:
            self._way.remembered.confirm(key)
            return Answer(known.status, {**answer.headers, **known.headers}, known.body)
        self._way.remembered.keep(key, answer)
        return answer

    def _write(self, verb: str, url: str, path: str, headers: Mapping[str, str], body: str | None) -> Ask:
        content = None if body is None else body.encode()
        ask = Ask(method=verb, url=url, headers=headers, body=content, party=self._party)
        if path == urlsplit(self.graphql_url).path:
            # Whatever only reads begins with "query": GraphQL has one address for both.
            return replace(ask, resource="graphql", is_write=(body or "").startswith('{"query": "mutation'))
        inside = path.removeprefix(self._prefix)
        once = verb in {"POST", "PUT", "PATCH"} and _ONCE.fullmatch(inside) is not None
        return replace(ask, is_write=_NO_WRITE.fullmatch(inside) is None, once=once)


# PyGithub writes every request and answer to its log, tokens that were just made among them.
# This one is in no tree of loggers, so nobody can turn it on.
ClientRequester.injectLogger(logging.Logger("debtscan.github", level=logging.CRITICAL + 1))  # noqa: LOG001


class _Exchange:
    """One request and its answer, in the form of PyGithub's connections."""

    def __init__(self, requester: ClientRequester) -> None:
        self._requester = requester
        self._request: tuple[str, str, dict[str, str], str | None] | None = None

    def request(
        self,
        verb: str,
        url: str,
        input: str | None,  # noqa: A002 - PyGithub's name
        headers: dict[str, str],
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002 - as above
    ) -> None:
        """Keep the request."""
        self._request = (verb, url, headers, input)

    def getresponse(self) -> _Response:
        """Send it."""
        if self._request is None:
            raise AssertionError("asked for an answer before the request")
        return _Response(self._requester.send(*self._request))


class _Response:
    """An answer in the form of PyGithub's."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.status = answer.status

    def getheaders(self) -> ItemsView[str, str]:
        """Return the headers."""
        return dict(self._answer.headers).items()

    def read(self) -> str:
        """Return the body."""
        return self._answer.body
