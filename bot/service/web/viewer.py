"""Who looks at a page, and what GitHub showed to this person."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person who signed in. `repositories` are the ids that GitHub showed to this person at `seen_at`.

    `csrf` belongs into each form that this person's pages hold, as the field ``csrf``.
    """

    user_id: int
    login: str
    repositories: frozenset[int] = field(repr=False)
    csrf: str = field(repr=False)
    seen_at: datetime

    def sees(self, repository_id: int) -> bool:
        """Whether this person may see a repository, by GitHub's id."""
        return repository_id in self.repositories


class SignInNeededError(HTTPException):
    """Only for people who signed in: a page sends them there and back, the interface answers 401."""

    def __init__(self) -> None:
        super().__init__(401, "Sign in first.")


def viewer_of(connection: HTTPConnection) -> Viewer | None:
    """Return who looks, None for somebody who did not sign in."""
    found: Viewer | None = connection.scope.get("state", {}).get("viewer")
    return found


def signed_in(connection: HTTPConnection) -> Viewer:
    """Return who looks. Raises SignInNeededError."""
    found = viewer_of(connection)
    if found is None:
        raise SignInNeededError
    return found
