"""A signed webhook to a `Delivery`: bytes and headers in, what is needed of them out. Pure.

Hostile bytes raise nothing but `RefusedError`. Of events that debtscan does nothing about, nothing is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Final, TypeVar

import msgspec

from analyzers.errors import DebtscanError
from analyzers.typed import from_json
from bot.github.organisation import SkipReason
from bot.posts import boxes, commands
from bot.service.model import Delivery
from bot.service.webhooks import kept, payloads
from bot.service.webhooks.kept import Kept

MOST: Final = 25 * 1024 * 1024
"""So many bytes GitHub sends at most."""
EVENT: Final = "x-github-event"
GUID: Final = "x-github-delivery"
_EVENT: Final = re.compile(r"[a-z0-9_]{1,50}", re.ASCII)
_GUID: Final = re.compile(r"[A-Za-z0-9-]{1,100}", re.ASCII)
_HEADS: Final = "refs/heads/"
_BOT: Final = "Bot"
# Who may be expected to write there. Whether somebody may is asked of GitHub, later.
_MEMBERS: Final = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})

_P = TypeVar("_P", bound=payloads.Plain)


class RefusedError(DebtscanError):
    """A webhook that cannot be read, though it is signed; the message says why, without a word of its contents."""


def read(headers: Mapping[str, str], body: bytes, received_at: datetime, names: Collection[str] = ()) -> Delivery:
    """Return the delivery. ``headers`` have names in lower case; ``names`` are debtscan's beside ``@debtscan``.

    Raises RefusedError.
    """
    event, guid = headers.get(EVENT, ""), headers.get(GUID, "")
    if not _EVENT.fullmatch(event) or not _GUID.fullmatch(guid):
        raise RefusedError("the headers name no event and no delivery, as GitHub's webhooks do")
    if len(body) > MOST:
        raise RefusedError(f"it is larger than {MOST // 2**20} MiB")
    plain, said = _READERS[event](body, names) if event in _READERS else (_passed_over(body), Kept())
    return Delivery(
        id=guid,
        event=event,
        action=plain.action,
        received_at=received_at,
        installation=plain.installation.id if plain.installation else None,
        repository=plain.repository.id if plain.repository else None,
        body=msgspec.to_builtins(said),
    )


def _parsed(body: bytes, kind: type[_P]) -> _P:
    try:
        return from_json(body, kind)
    except msgspec.ValidationError as error:
        # It names the place and the type, not what stands there.
        raise RefusedError(f"its payload is none of GitHub's: {error}") from None
    except (ValueError, RecursionError):
        raise RefusedError("its payload is no JSON, or nested too deep; GitHub is to send application/json") from None


def _passed_over(body: bytes) -> payloads.Plain:
    try:
        return _parsed(body, payloads.Plain)
    except RefusedError:
        return payloads.Plain()


def _installed(body: bytes, _names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.Installed)
    about = said.installation
    return said, kept.Installed(
        account=about.account.login,
        account_id=about.account.id,
        account_kind=about.account.type,
        permissions=about.permissions,
        events=tuple(about.events),
        is_suspended=about.suspended_at is not None,
        told_at=_moment(about.updated_at),
        added=tuple(map(_named, (*said.repositories, *said.repositories_added))),
        removed=tuple(one.id for one in said.repositories_removed),
    )


def _named(one: payloads.Listed) -> kept.Named:
    return kept.Named(id=one.id, name=one.full_name, private=one.private)


def _renamed(body: bytes, _names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.Renamed)
    return said, kept.AccountNamed(account=said.account.login, account_id=said.account.id)


def _repository(body: bytes, _names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.OfRepository)
    about = said.repository
    return said, kept.RepositoryTold(
        name=about.full_name,
        private=about.private,
        default_branch=about.default_branch,
        topics=None if about.topics is None else tuple(about.topics),
        skip=_skip(about),
        told_at=_moment(about.updated_at),
        added=_added(said),
        is_changed=said.changes is not None and bool(said.changes.default_branch or said.changes.topics),
    )


def _added(said: payloads.OfRepository) -> tuple[str, ...]:
    if said.changes is None or said.changes.topics is None:
        return ()
    return tuple(sorted(set(said.repository.topics or ()) - set(said.changes.topics.before or ())))


def _skip(about: payloads.Repository) -> SkipReason | str:
    flags: Mapping[SkipReason, bool] = {
        "archived": about.archived,
        "disabled": about.disabled,
        "mirror": bool(about.mirror_url),
        "fork": about.fork,
    }
    return next((reason for reason, applies in flags.items() if applies), "")


def _pushed(body: bytes, _names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.Push)
    is_branch, branch = said.ref.startswith(_HEADS), said.ref.removeprefix(_HEADS)
    gone = said.deleted or not said.after.strip("0")
    return said, kept.Pushed(
        name=said.repository.full_name,
        branch=branch if is_branch else "",
        is_default=is_branch and branch == said.repository.default_branch,
        head="" if gone else said.after,
    )


def _pull(body: bytes, _names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.OfPull)
    pull = said.pull_request
    return said, kept.PullTold(
        number=pull.number,
        head=pull.head.sha,
        branch=pull.head.ref,
        base=pull.base.ref,
        is_fork=pull.head.repo is None or pull.head.repo.id != said.repository.id,
        is_merged=bool(pull.merged),
        by_person=_is_person(said),
    )


def _is_person(said: payloads.Plain) -> bool:
    return said.sender is not None and said.sender.type != _BOT


def _boxes(body: bytes, _names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.OfIssue)
    # Debtscan itself edits the issue as well, and asks for nothing by that.
    asked = _is_person(said) and bool(boxes.wishes(said.issue.body or ""))
    return said, kept.Asked(number=said.issue.number, is_asked=asked, is_member=asked)


def _comment(body: bytes, names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.OfComment)
    return said, kept.Asked(
        number=said.issue.number,
        is_asked=_is_person(said) and bool(commands.parse(said.comment.body or "", names)),
        is_member=said.comment.author_association in _MEMBERS,
    )


def _run(body: bytes, _names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.OfRun)
    suite = said.check_run.check_suite
    branch = suite.head_branch if suite else ""
    return said, _rerequested(said.repository, said.check_run.head_sha, branch, said.check_run.pull_requests)


def _suite(body: bytes, _names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.OfSuite)
    suite = said.check_suite
    return said, _rerequested(said.repository, suite.head_sha, suite.head_branch, suite.pull_requests)


def _rerequested(
    about: payloads.Repository, head: str, branch: str | None, pulls: list[payloads.Numbered]
) -> kept.Rerequested:
    return kept.Rerequested(
        head=head,
        branch=branch or "",
        is_default=bool(branch) and branch == about.default_branch,
        pulls=tuple(sorted({pull.number for pull in pulls})),
    )


def _revoked(body: bytes, _names: Collection[str]) -> tuple[payloads.Plain, Kept]:
    said = _parsed(body, payloads.Revoked)
    return said, kept.Revoked(user_id=said.sender.id)


def _moment(value: int | str | None) -> datetime | None:
    """Return a time; None for one that is none, as where none is told."""
    try:
        found = datetime.fromtimestamp(value, UTC) if isinstance(value, int) else datetime.fromisoformat(value or "")
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None


_Reader = Callable[[bytes, Collection[str]], tuple[payloads.Plain, Kept]]
_READERS: Final[Mapping[str, _Reader]] = {
    "installation": _installed,
    "installation_repositories": _installed,
    "installation_target": _renamed,
    "repository": _repository,
    "push": _pushed,
    "pull_request": _pull,
    "issues": _boxes,
    "issue_comment": _comment,
    "check_run": _run,
    "check_suite": _suite,
    "github_app_authorization": _revoked,
}
