"""The preflight: which wanted permissions are not there, what each withholds, and how to give it.

An App's token says what it may, a classic token lists its scopes. A fine-grained token and that of a workflow say
nothing: they are tried by reading, which tells less, so a permission to write may still turn out missing later; the
error then names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.github.objects import Missing

Level = Literal["none", "read", "write", "unknown"]
Kind = Literal["app", "classic", "fine-grained", "workflow", "unknown"]

_OF_PEOPLE: Final[frozenset[Kind]] = frozenset({"classic", "fine-grained"})
_ORDER: Mapping[Level, int] = {"none": 0, "read": 1, "write": 2, "unknown": 2}


@dataclass(frozen=True, slots=True)
class _Permission:
    """Its name in GitHub's settings, the level that is wanted, and what does not happen without it."""

    shown: str
    level: Literal["read", "write"]
    withholds: str
    scope: str = "repo"


_UNCHECKED: Final = "no automatic merge, and no search for what breaks a group"
_PERMISSIONS: Mapping[str, _Permission] = {
    "metadata": _Permission("Metadata", "read", "nothing can be done without it"),
    "contents": _Permission("Contents", "write", "no branch is written, so no pull request is opened"),
    "pull_requests": _Permission("Pull requests", "write", "no pull request is opened, changed or closed"),
    "workflows": _Permission(
        "Workflows", "write", "updates of files in .github/workflows are left out, the others go on", "workflow"
    ),
    "issues": _Permission("Issues", "write", "no issue is written, and no label made"),
    "checks": _Permission("Checks", "read", f"whether the checks passed is not known: {_UNCHECKED}"),
    "statuses": _Permission("Commit statuses", "read", f"statuses of other services are not known: {_UNCHECKED}"),
    "security_events": _Permission(
        "Code scanning alerts", "write", "no results go to code scanning", "security_events"
    ),
    "members": _Permission("Members (of the organisation)", "read", "no team is asked for a review", "read:org"),
}
# By the level that is wanted, where another one withholds something else.
_AT_LEVEL: Mapping[str, _Permission] = {
    "checks:write": _Permission("Checks", "write", "no check run is written; the comment and the exit code remain"),
}
_ONLY_APPS: Final = (
    "only Apps write check runs: run in a workflow with its own token ('checks: write' under 'permissions:'), or give a"
    " GitHub App"
)
_OWN_IDENTITY = Missing(
    permission="An identity other than the workflow's",
    withholds="pull requests opened with the workflow's own token start no checks",
    remedy="give a GitHub App (DEBTSCAN_APP_ID and its key) or a personal token; or close and reopen each by hand",
    never=True,
)
_REPO_SCOPES = ("contents", "pull_requests", "issues", "statuses", "metadata")


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What the credentials may: permission → level. What is not named is not there."""

    kind: Kind
    levels: Mapping[str, Level]
    may_push: bool = True
    web: str = "https://github.com"


def described(name: str, level: str) -> tuple[str, str]:
    """Return a permission's name in GitHub's settings, and what does not happen without it. Raises KeyError."""
    found = _AT_LEVEL.get(f"{name}:{level}") or _PERMISSIONS[name]
    return found.shown, found.withholds


def missing(wanted: Sequence[str], granted: Granted) -> tuple[Missing, ...]:
    """Return what is missing, in the order wanted. A name may hold its level: ``checks:write``."""
    found = []
    for wish in dict.fromkeys(wanted):
        name, _colon, level = wish.partition(":")
        known = (
            _AT_LEVEL.get(wish)
            or _PERMISSIONS.get(name)
            or _Permission(name.replace("_", " ").capitalize(), "write", "it is not done")
        )
        needed: Level = "read" if (level or known.level) == "read" else "write"
        if name == "contents" and needed == "write" and not granted.may_push:
            found.append(_no_role(known, granted))
        elif wish == "checks:write" and granted.kind in _OF_PEOPLE:
            found.append(Missing(permission=known.shown, withholds=known.withholds, remedy=_ONLY_APPS, never=True))
        elif _ORDER[granted.levels.get(name, "none")] < _ORDER[needed]:
            never = granted.kind == "workflow" and name == "workflows"
            remedy = _remedy(known, needed, granted)
            found.append(Missing(permission=known.shown, withholds=known.withholds, remedy=remedy, never=never))
    if granted.kind == "workflow" and "pull_requests" in {wish.partition(":")[0] for wish in wanted}:
        found.append(_OWN_IDENTITY)
    return tuple(found)


def _no_role(known: _Permission, granted: Granted) -> Missing:
    remedy = "ask an administrator of the repository for the role Write, whatever the token itself may"
    if granted.kind != "classic":
        remedy = f"{_remedy(known, 'write', granted)}, and see that its owner has the role Write in the repository"
    return Missing(permission=known.shown, withholds=known.withholds, remedy=remedy)


def _remedy(known: _Permission, needed: Level, granted: Granted) -> str:
    setting = f"{known.shown}: {'Read-only' if needed == 'read' else 'Read and write'}"
    if granted.kind == "app":
        return f"set {setting} in the App's settings; the owner of the installation then accepts the change"
    if granted.kind == "classic":
        return f"add the scope {known.scope!r} to the token: {granted.web}/settings/tokens"
    if granted.kind == "workflow":
        if known.shown == "Workflows":
            return "give a GitHub App or a personal token; the workflow's own token can never have it"
        key = next(name for name, entry in _PERMISSIONS.items() if entry.shown == known.shown).replace("_", "-")
        return f"write '{key}: {needed}' under 'permissions:' in the workflow"
    return f"set {setting} in the token's settings: {granted.web}/settings/personal-access-tokens"


def of_app(levels: Mapping[str, str]) -> dict[str, Level]:
    """Return the levels of an installation's token, as GitHub listed them."""
    return {name: "read" if level == "read" else "write" for name, level in levels.items()}


def of_scopes(scopes: Iterable[str], *, private: bool) -> dict[str, Level]:
    """Return what the scopes of a classic token allow: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps"""
    given = {scope.strip() for scope in scopes}
    levels: dict[str, Level] = {}
    if "repo" in given or ("public_repo" in given and not private):
        levels |= dict.fromkeys(_REPO_SCOPES, "write")
        # Only Apps write check runs.
        levels["checks"] = "read"
    elif not private:
        levels |= dict.fromkeys((*_REPO_SCOPES, "checks"), "read")
    if "security_events" in given or ("repo" in given) or ("public_repo" in given and not private):
        levels["security_events"] = "write"
    if "workflow" in given:
        levels["workflows"] = "write"
    if given & {"read:org", "write:org", "admin:org"}:
        levels["members"] = "read"
    return levels


def by_trying(wanted: Sequence[str], reads: Callable[[str], bool], *, is_workflow: bool) -> dict[str, Level]:
    """Return the levels of a token that does not tell. ``reads`` says whether a permission's reading was allowed."""
    levels: dict[str, Level] = {"workflows": "none"} if is_workflow else {}
    for name in dict.fromkeys(wish.partition(":")[0] for wish in wanted):
        if name not in levels:
            levels[name] = "unknown" if reads(name) else "none"
    return levels
