"""What the credentials may do in one repository: asked of GitHub, or tried by reading."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from github.Repository import Repository

from bot.github import permissions, reading
from bot.github.auth import Token
from bot.github.errors import ForbiddenError, NotThereError
from bot.github.permissions import Granted
from bot.github.session import Access
from bot.github.translate import translated

_WORKFLOW_LOGIN = "github-actions[bot]"


@dataclass(frozen=True, slots=True)
class Granting:
    """Asks as ``access``; `path` is where the repository begins in GitHub's interface, `fetch` reads it."""

    access: Access
    path: str
    fetch: Callable[[], Repository]

    def of(self, wanted: Sequence[str]) -> Granted:
        """Return what is granted of the wanted permissions. Raises HostError."""
        web = self.access.session.address.web
        if self.access.auth is not None:
            return Granted(kind="app", levels=permissions.of_app(self.access.auth.permissions), web=web)
        found = self.fetch()
        scopes = found.raw_headers.get("x-oauth-scopes")
        may_push = reading.permissions(found).get("push", False)
        if scopes is not None:
            levels = permissions.of_scopes(str(scopes).split(","), private=bool(found.private))
            return Granted(kind="classic", levels=levels, may_push=may_push, web=web)
        credentials = self.access.session.credentials
        is_installation = isinstance(credentials, Token) and credentials.kind == "installation"
        is_workflow = is_installation and self.access.login() == _WORKFLOW_LOGIN
        levels = permissions.by_trying(wanted, lambda name: self._reads(name, found), is_workflow=is_workflow)
        if is_installation:
            # Roles are of people: an installation has permissions alone.
            return Granted(kind="workflow" if is_workflow else "unknown", levels=levels, web=web)
        return Granted(kind="fine-grained", levels=levels, may_push=may_push, web=web)

    def _reads(self, name: str, found: Repository) -> bool:
        """Whether the reading that goes with a permission is allowed; true where there is none to try."""
        commit = f"{self.path}/commits/{quote(found.default_branch)}"
        tries = {
            "contents": f"{self.path}/branches",
            "pull_requests": f"{self.path}/pulls",
            "issues": f"{self.path}/issues",
            "checks": f"{commit}/check-runs",
            "statuses": f"{commit}/status",
        }
        if name not in tries:
            return True
        try:
            with translated(f"try the permission {name}", name):
                self.access.requester.requestJsonAndCheck("GET", tries[name], parameters={"per_page": 1})
        except ForbiddenError:
            return False
        except NotThereError:
            # An empty repository has no commits to tell of, a private one hides what may not be read.
            return not found.private
        return True
