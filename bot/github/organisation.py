"""The repositories of an organisation or a user, each with the reason where it is left alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

from github.GithubException import UnknownObjectException

from bot.github.commits import Commits
from bot.github.errors import NotCoveredError
from bot.github.installation import Scope
from bot.github.objects import Repo
from bot.github.paging import PAGE, entries
from bot.github.session import Access, Session, path_of
from bot.github.translate import translated

SkipReason = Literal["archived", "disabled", "mirror", "fork", "empty"]

_READ: Final = {"contents": "read"}

_WHY: dict[SkipReason, str] = {
    "archived": "it is archived, so it can only be read",
    "disabled": "GitHub has disabled it",
    "mirror": "it is a mirror: what is changed here is overwritten from elsewhere",
    "fork": "it is a fork: its upgrades come from where it was forked",
    "empty": "it has no commit",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A repository of an organisation. `skip` is None where it is to be worked on, `why` then empty."""

    name: str
    skip: SkipReason | None = None

    @property
    def why(self) -> str:
        """The reason as a sentence's end."""
        return _WHY[self.skip] if self.skip else ""


def repositories(session: Session, owner: str) -> tuple[Listed, ...]:
    """Return all repositories of an organisation or a user that the credentials see, by name. Raises HostError.

    With a GitHub App: those that it is installed on.
    """
    access = session.access_to_owner(owner)
    with translated(f"list the repositories of {owner}", "metadata"):
        found = [_listed(access, entry) for entry in _entries(access, owner)]
    return tuple(sorted(found, key=lambda listed: listed.name.lower()))


def owner_file(session: Session, owner: str, repository: str, path: str) -> bytes | None:
    """Return a file of an owner's repository (its name without the owner), on its default branch; asked once.

    None where there is none, and where the credentials do not see the repository. Raises HostError.
    """
    key = (owner.lower(), repository, path)
    if key not in session.owner_files:
        session.owner_files[key] = _owner_file(session, owner, repository, path)
    return session.owner_files[key]


def _owner_file(session: Session, owner: str, repository: str, path: str) -> bytes | None:
    access = session.access_to_owner(owner, Scope(names=(repository,), permissions=_READ))
    try:
        return Commits(access.requester, path_of(f"{owner}/{repository}")).file(path, "")
    except NotCoveredError:
        # The App is installed at the owner, and not on this repository.
        return None


def _entries(access: Access, owner: str) -> Iterator[dict[str, Any]]:
    if access.auth is not None:
        yield from entries(access.requester, "/installation/repositories", member="repositories")
        return
    name = quote(owner, safe="")
    try:
        yield from entries(access.requester, f"/orgs/{name}/repos", {**PAGE, "type": "all"})
    except UnknownObjectException:
        yield from entries(access.requester, f"/users/{name}/repos", {**PAGE, "type": "owner"})


def _listed(access: Access, entry: dict[str, Any]) -> Listed:
    name = str(entry["full_name"])
    flags: dict[SkipReason, bool] = {
        "archived": bool(entry.get("archived")),
        "disabled": bool(entry.get("disabled")),
        "mirror": bool(entry.get("mirror_url")),
        "fork": bool(entry.get("fork")),
    }
    reason = next((reason for reason, applies in flags.items() if applies), None)
    if reason is None and entry.get("size") == 0 and _has_no_branch(access, name):
        reason = "empty"
    return Listed(name, reason)


def _has_no_branch(access: Access, name: str) -> bool:
    """Ask: the size is in kilobytes and late, so a small or new repository has none as well."""
    parameters = {"per_page": 1}
    _headers, found = access.requester.requestJsonAndCheck("GET", f"{path_of(name)}/branches", parameters=parameters)
    return not found


def skip_reason(repo: Repo) -> SkipReason | None:
    """Return why a repository that was named itself is left alone. A fork that somebody names is meant."""
    flags: dict[SkipReason, bool] = {
        "archived": repo.archived,
        "disabled": repo.disabled,
        "mirror": repo.mirror,
        "empty": repo.empty,
    }
    return next((reason for reason, applies in flags.items() if applies), None)


def explain_skip(reason: SkipReason) -> str:
    """Return the reason as the end of a sentence."""
    return _WHY[reason]
