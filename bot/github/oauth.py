"""Signing in through GitHub: to which page a browser goes, and what its code is good for.

The code is bound to the browser by ``state``, and to who asked for it by PKCE (S256). A person's token is used to look
who it is and what they see, and then forgotten: it is neither stored nor renewed.
https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from github.GithubException import GithubException

from bot import VERSION
from bot.github import app_reading
from bot.github.address import Address
from bot.github.app_objects import Person
from bot.github.auth import is_token
from bot.github.errors import ForbiddenError, LostAnswerError, UnreachableError
from bot.github.paging import entries
from bot.github.patience import Ask
from bot.github.reading import text
from bot.github.requester import ClientRequester
from bot.github.session import Settings
from bot.github.translate import cleaned, translated
from bot.github.transport import Answer
from bot.github.unnamed import asking_as, sending

_CODE = re.compile(r"[A-Za-z0-9_.~-]{1,200}")
_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_REFUSED: Final[Mapping[str, str]] = {
    "bad_verification_code": "the sign-in took too long, or its page was loaded twice; sign in again",
    "incorrect_client_credentials": "the client secret of the GitHub App is wrong; make a new one in its settings",
    "redirect_uri_mismatch": "the GitHub App's settings name another callback URL; set it to the service's",
    "unverified_user_email": "GitHub wants the primary e-mail address verified first",
}
_FORBIDDEN, _NOT_FOUND = 403, 404


@dataclass(frozen=True, slots=True)
class UserToken:
    """A person's token for the App, and how GitHub is asked with it. The repr does not show it; store it nowhere."""

    value: str = field(repr=False)
    address: Address
    settings: Settings = field(repr=False)


def challenge_of(verifier: str) -> str:
    """Return the challenge (S256) of a PKCE verifier: 43 to 128 characters by RFC 7636, kept with the browser."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def authorize_url(address: Address, client_id: str, redirect: str, state: str, challenge: str) -> str:
    """Return GitHub's page that asks a person for consent; it goes back to ``redirect`` with ``code`` and ``state``."""
    asked = {
        "client_id": client_id,
        "redirect_uri": redirect,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{address.web}/login/oauth/authorize?{urlencode(asked)}"


def exchange(  # noqa: PLR0917 - what RFC 6749 asks for, and where to
    address: Address, client_id: str, client_secret: str, code: str, verifier: str, redirect: str, settings: Settings
) -> UserToken:
    """Return the token for a code, which is good once. Raises ForbiddenError where GitHub does not take it, HostError.

    `redirect` is the same as for the page, `verifier` that of its challenge.
    """
    if not _CODE.fullmatch(code):
        raise ForbiddenError("the code is none of GitHub's; sign in again")
    asked = {
        "client_id": client_id,
        "client_secret": client_secret,
        "code": code,
        "redirect_uri": redirect,
        "code_verifier": verifier,
    }
    try:
        with sending(settings) as sender:
            answer = sender.send(_ask(f"{address.web}/login/oauth/access_token", asked))
    except LostAnswerError as error:
        raise LostAnswerError("GitHub's answer to the sign-in was lost; sign in again") from error
    return UserToken(_token(answer), address, settings)


def person(token: UserToken) -> Person:
    """Return who signed in. Raises HostError."""
    with asking_as(token.value, token.address, token.settings) as requester, translated("ask who signed in"):
        _headers, found = requester.requestJsonAndCheck("GET", "/user")
        login = app_reading.line(found["login"])
        if not _LOGIN.fullmatch(login):
            raise ValueError("no login")
        return Person(app_reading.number(found["id"]), login)


def visible_repositories(token: UserToken, installations: Collection[int]) -> frozenset[int]:
    """Return the ids of the repositories, of these installations, that the person may see themselves.

    GitHub lists those that somebody was given access to, by themselves, a team or an organisation; a public repository
    of others is not among them. Raises HostError.
    """
    known = set(installations)
    with asking_as(token.value, token.address, token.settings) as requester, translated("list what a person sees"):
        listed = entries(requester, "/user/installations", member="installations")
        shown = sorted(known & {app_reading.number(each["id"]) for each in listed})
        return frozenset(
            app_reading.number(each["id"]) for installation in shown for each in _repositories(requester, installation)
        )


def _repositories(requester: ClientRequester, installation: int) -> Iterator[Mapping[str, Any]]:
    try:
        yield from entries(requester, f"/user/installations/{installation}/repositories", member="repositories")
    except GithubException as refusal:
        # It was suspended or removed since it was listed: then nothing of it is to be seen.
        if refusal.status not in {_FORBIDDEN, _NOT_FOUND}:
            raise


def _ask(url: str, asked: Mapping[str, str]) -> Ask:
    headers = {
        "Accept": "application/json",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": f"debtscan/{VERSION}",
    }
    # A code is good once: asked again after a lost answer, GitHub would take it for stolen.
    return Ask(method="POST", url=url, headers=headers, body=urlencode(asked).encode("ascii"), once=True)


def _token(answer: Answer) -> str:
    """Return the token of an answer. GitHub refuses with status 200 as well. Raises HostError."""
    if answer.status == _NOT_FOUND:
        raise ForbiddenError("GitHub knows no App with this client id; check DEBTSCAN_CLIENT_ID")
    try:
        found = json.loads(answer.body)
        refusal = found.get("error")
        token = "" if refusal else text(found["access_token"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UnreachableError("GitHub's answer to the sign-in cannot be read; check DEBTSCAN_GITHUB_URL") from error
    if refusal:
        raise ForbiddenError(f"GitHub did not take the sign-in: {_explained(refusal)}")
    if not is_token(token):
        raise UnreachableError("the token that GitHub made for the sign-in is none")
    return token


def _explained(refusal: object) -> str:
    said = cleaned(str(refusal))
    return _REFUSED.get(said, f"{said}; sign in again")
