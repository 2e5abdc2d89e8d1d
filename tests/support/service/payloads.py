"""Webhooks as GitHub writes them, as far as anybody reads them, with more around it as there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from bot.service.model import Delivery
from bot.service.webhooks.read import EVENT, GUID, read
from bot.service.webhooks.signature import HEADER, signature

NOW: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SECRET: Final = "correct horse battery staple"
SHA: Final = "ec26c3e57ca3a959ca5aad62de7213c562f8c821"
OTHER_SHA: Final = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"
INSTALLATION: Final = 957_387
REPOSITORY: Final = 186_853_002

Payload = dict[str, Any]


def account(login: str = "acme", number: int = 38_302_899, kind: str = "Organization") -> Payload:
    return {"login": login, "id": number, "type": kind, "site_admin": False, "node_id": "MDQ6VXNlcjE="}


def person(login: str = "ada", kind: str = "User") -> Payload:
    return account(login, 21_031_067, kind)


def listed(name: str = "acme/shop", number: int = REPOSITORY, *, private: bool = False) -> Payload:
    short = name.rpartition("/")[2]
    return {"id": number, "node_id": "MDEwOl", "name": short, "full_name": name, "private": private}


def repository(name: str = "acme/shop", number: int = REPOSITORY, **others: object) -> Payload:
    whole = {
        "default_branch": "main",
        "archived": False,
        "disabled": False,
        "fork": False,
        "mirror_url": None,
        "topics": ["shop"],
        "updated_at": "2026-11-01T10:00:00Z",
        "description": None,
        "owner": account(),
    }
    return {**listed(name, number), **whole, **others}


def installation(number: int = INSTALLATION, **others: object) -> Payload:
    whole = {
        "id": number,
        "account": account(),
        "repository_selection": "all",
        "permissions": {"contents": "write", "metadata": "read"},
        "events": ["push", "pull_request"],
        "created_at": 1_793_000_000,
        "updated_at": "2026-11-01T10:00:00.000+01:00",
        "suspended_at": None,
    }
    return {**whole, **others}


def installed(action: str = "created", **others: object) -> Payload:
    whole = {"action": action, "installation": installation(), "repositories": [listed()], "sender": person()}
    return {**whole, **others}


def chosen(*, added: list[Payload] | None = None, removed: list[Payload] | None = None, **others: object) -> Payload:
    whole = {
        "action": "added" if added else "removed",
        "installation": installation(),
        "repository_selection": "selected",
        "repositories_added": added or [],
        "repositories_removed": removed or [],
        "sender": person(),
    }
    return {**whole, **others}


def of_repository(action: str, about: Payload | None = None, **others: object) -> Payload:
    whole = {"action": action, "repository": about or repository(), "sender": person()}
    return {**whole, "installation": {"id": INSTALLATION, "node_id": "MDIz"}, **others}


def push(branch: str = "main", after: str = SHA, **others: object) -> Payload:
    whole = {"ref": f"refs/heads/{branch}", "before": OTHER_SHA, "after": after, "deleted": False, "created": False}
    commits = [{"id": after, "message": "Mend it", "added": [], "modified": ["README.md"]}]
    about = {**repository(), "pushed_at": 1_793_500_000, "created_at": 1_700_000_000}
    return {**of_repository("", about), **whole, "commits": commits, **others}


def pull(action: str = "opened", branch: str = "mend", **others: object) -> Payload:
    head = {"ref": branch, "sha": SHA, "repo": repository()}
    base = {"ref": "main", "sha": OTHER_SHA, "repo": repository()}
    about = {"number": 7, "head": head, "base": base, "merged": False, "user": person(), "body": "Mends it."}
    return {**of_repository(action), "number": 7, "pull_request": about, **others}


def issue(action: str = "edited", body: str = "", **others: object) -> Payload:
    about = {"number": 3, "title": "Technical debt", "body": body, "user": person("debtscan[bot]", "Bot")}
    return {**of_repository(action), "issue": about, **others}


def comment(body: str, action: str = "created", association: str = "MEMBER", **others: object) -> Payload:
    about = {"id": 99, "body": body, "user": person(), "author_association": association}
    return {**issue(action), "comment": about, **others}


def check_run(action: str = "rerequested", branch: str | None = "main", pulls: tuple[int, ...] = ()) -> Payload:
    suite = {"id": 5, "head_branch": branch, "head_sha": SHA, "app": {"id": 1}}
    run = {"id": 4, "head_sha": SHA, "check_suite": suite, "pull_requests": [{"number": one} for one in pulls]}
    return {**of_repository(action), "check_run": run}


def check_suite(action: str = "rerequested", branch: str | None = "main", pulls: tuple[int, ...] = ()) -> Payload:
    suite = {"id": 5, "head_branch": branch, "head_sha": SHA, "pull_requests": [{"number": one} for one in pulls]}
    return {**of_repository(action), "check_suite": suite}


def encoded(payload: Payload) -> bytes:
    return json.dumps(payload).encode()


def headers(
    event: str, body: bytes = b"", guid: str = "72d3162e-cc78-11e3-81ab-4c9367dc0958", secret: str = SECRET
) -> Mapping[str, str]:
    """Return the headers, in lower case, with a good signature of ``body``."""
    return {EVENT: event, GUID: guid, HEADER: signature(body, secret), "content-type": "application/json"}


def delivery(event: str, payload: Payload, guid: str = "72d3162e-cc78-11e3-81ab-4c9367dc0958") -> Delivery:
    """Return a payload as it is taken."""
    return read(headers(event, guid=guid), encoded(payload), NOW)
