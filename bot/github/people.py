"""What people may do in one repository."""

from __future__ import annotations

from typing import Final, get_args
from urllib.parse import quote

from bot.github.errors import NotThereError
from bot.github.objects import Permission
from bot.github.requester import ClientRequester
from bot.github.translate import translated

_KNOWN: Final[tuple[Permission, ...]] = get_args(Permission)


class People:
    """Asks about people; `path` is where the repository begins in GitHub's interface."""

    def __init__(self, requester: ClientRequester, path: str) -> None:
        self._requester = requester
        self._path = f"{path}/collaborators"

    def permission(self, login: str) -> Permission:
        """Return what a login may do: ``write`` for *Maintain* as well, ``none`` where nobody has that name."""
        try:
            with translated(f"ask what {login} may do", "metadata"):
                url = f"{self._path}/{quote(login, safe='')}/permission"
                _headers, found = self._requester.requestJsonAndCheck("GET", url)
                said = found["permission"]
        except NotThereError:
            return "none"
        # What GitHub may call otherwise one day is no permission that debtscan knows of.
        return next((known for known in _KNOWN if known == said), "none")
