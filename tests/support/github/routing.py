"""Which function answers which operation, and what a token needs for it."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.support.github.grants import App, Token
from tests.support.github.messages import Json, Refusal, Request, Response, not_found
from tests.support.github.threads import Account
from tests.support.github.world import Repository, World

# The contents of the root have an empty path.
_SLASHES = {"path": ".*", "ref": ".+", "basehead": ".+", "branch": ".+", "tag": ".+"}
_WHOLE_PAGE = 30
_LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request on its way through: `parameters` are those of the path."""

    world: World
    request: Request
    parameters: dict[str, str]
    token: Token | None
    app: App | None = None
    body: Any = None

    @property
    def repository(self) -> Repository:
        """The repository of the path. Raises Refusal where it is not there, or hidden from the token."""
        found = self.world.find(f"{self.parameters['owner']}/{self.parameters['repo']}")
        if found is None or not visible(found, self.token):
            raise not_found()
        return found

    @property
    def actor(self) -> Account:
        """Who asks. Raises Refusal without a token."""
        if self.token is None:
            raise Refusal(401, "Requires authentication")
        return self.token.account

    @property
    def fields(self) -> Json:
        """The body, where it is an object."""
        return self.body if isinstance(self.body, dict) else {}

    def number(self, name: str) -> int:
        """Return a number of the path."""
        try:
            return int(self.parameters[name])
        except ValueError:
            raise not_found() from None

    def page(self, values: Iterable[Any], *, wrap: Callable[[list[Any], int], Any] | None = None) -> Response:
        """Return one page with its Link header, as ``per_page`` and ``page`` ask."""
        whole = list(values)
        size = min(max(self._count("per_page", _WHOLE_PAGE), 1), _LARGEST_PAGE)
        page = max(self._count("page", 1), 1)
        last = max(-(-len(whole) // size), 1)
        shown = whole[(page - 1) * size : page * size]
        turns = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        wanted = [
            name
            for name, number in turns.items()
            if 1 <= number <= last and (number > page if name in {"next", "last"} else number < page)
        ]
        links = ", ".join(f'<{self._link(turns[name])}>; rel="{name}"' for name in wanted)
        body = wrap(shown, len(whole)) if wrap else shown
        return Response(body=body, headers={"link": links} if links else {})

    def _count(self, name: str, default: int) -> int:
        text = self.request.query.get(name, "")
        return int(text) if text.isdecimal() else default

    def _link(self, page: int) -> str:
        path = self.request.path
        return f"{self.world.api}{path}?{urlencode({**self.request.query, 'page': str(page)})}"


Handler = Callable[[Call], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """An operation. `needs` are the alternatives of permissions that allow it (``contents=write``)."""

    method: str
    template: str
    handler: Handler
    needs: tuple[str, ...]
    described: bool = True

    @property
    def accepted(self) -> str:
        """The value of GitHub's header that names the permissions."""
        return "; ".join(self.needs)


ROUTES: list[Route] = []


def route(method: str, template: str, *needs: str) -> Callable[[Handler], Handler]:
    """Register the function that answers an operation."""

    def register(handler: Handler) -> Handler:
        ROUTES.append(Route(method=method, template=template, handler=handler, needs=needs))
        return handler

    return register


@cache
def load() -> None:
    """Import all modules that register operations (``api_*.py``)."""
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("api_"):
            importlib.import_module(f"tests.support.github.{module.name}")
    ROUTES.sort(key=lambda each: (-len(re.sub(r"\{\w+\}", "", each.template)), each.template, each.method))


def find_route(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the operation of a request and the values in its path: the most literal template that fits."""
    method = "GET" if method == "HEAD" else method
    for each in ROUTES:
        found = _pattern(each.template).fullmatch(path) if each.method == method else None
        if found:
            return each, found.groupdict()
    return None


def forbidden(token: Token | None, needs: str) -> Refusal:
    """Return how GitHub refuses what a token may not do: classic tokens are told that nothing is there."""
    if token is not None and token.scopes is not None:
        return not_found()
    kind = "integration" if token is not None and token.installation else "personal access token"
    return Refusal(403, f"Resource not accessible by {kind}", headers={"x-accepted-github-permissions": needs})


def visible(repository: Repository, token: Token | None) -> bool:
    """Whether a token may know that a repository is there."""
    if not repository.private:
        return True
    return token is not None and covers(token, repository) and token.allows("metadata", "read")


def covers(token: Token, repository: Repository) -> bool:
    """Whether a token was made for a repository."""
    if token.installation and token.installation.account != repository.owner:
        return False
    if token.app and not any(each.covers(repository.owner, repository.full_name) for each in token.app.installations):
        return False
    return token.repositories is None or repository.full_name in token.repositories


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{\w+\})", template)
    return re.compile("".join(_part(part) for part in parts))


def _part(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    name = part[1:-1]
    return f"(?P<{name}>{_SLASHES.get(name, '[^/]+')})"
