"""What goes wrong on demand: answers that fail, come late, or never; before the effect, or after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.github.messages import DOCUMENTATION, Refusal, Request, Response


class Dropped(Exception):
    """The connection is closed without an answer."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong.

    `on` says where: ``""`` any request, ``write`` any write, a method (``POST``), or a method and a template
    (``POST /repos/{owner}/{repo}/pulls``). It strikes from the `nth` such request on, `times` times (0: for ever).
    With `after`, what was asked is done first and only the answer goes wrong; with `cut`, it breaks off in its middle.
    """

    on: str = ""
    nth: int = 1
    times: int = 1
    after: bool = False
    response: Response | None = None
    drop: bool = False
    cut: bool = False
    delay: float = 0.0
    call: Callable[[], None] | None = None
    seen: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)

    def strikes(self, request: Request, template: str) -> bool:
        """Count a request; return whether this one goes wrong."""
        places = {"", request.method, f"{request.method} {template}", "write" if request.is_write else ""}
        if self.on not in places:
            return False
        self.seen += 1
        if self.seen < self.nth or (self.times and self.struck >= self.times):
            return False
        self.struck += 1
        return True


def failure(status: int, message: str = "", headers: dict[str, str] | None = None) -> Response:
    """Return GitHub's answer for a status; the gateways of 502 and 504 answer in HTML."""
    if status in {502, 504}:
        page = b"<html><head><title>Unicorn!</title></head><body>Looks like something went wrong!</body></html>"
        return Response(status=status, body=page, headers={"content-type": "text/html", **(headers or {})})
    return Refusal(status, message, headers=headers).response


def secondary_limit(*, retry_after: int | None = 60, status: int = 403) -> Response:
    """Return the answer to too many requests at once; not every one says when to come back."""
    headers = {"retry-after": str(retry_after)} if retry_after is not None else {}
    body = {
        "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
        "documentation_url": DOCUMENTATION + "/using-the-rest-api/rate-limits-for-the-rest-api"
        "#about-secondary-rate-limits",
    }
    return Response(status=status, body=body, headers=headers)
