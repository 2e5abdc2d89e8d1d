"""Requests, answers and refusals, as values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any

Json = dict[str, Any]
"""A JSON object."""

DOCUMENTATION = "https://docs.github.com/rest"
# What changes nothing that anybody sees, though it is posted.
_UNSEEN = ("/access_tokens", "/git-upload-pack", "/login/oauth/access_token", "/login/oauth/authorize", "/attempts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it arrived. Header names are lower-case; `path` has no query and is unquoted."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def is_write(self) -> bool:
        """Whether it would change something: no reading, clone, new token, redelivery, or query of GraphQL."""
        if self.path.endswith("/graphql"):
            return b"mutation" in self.body
        return self.method not in {"GET", "HEAD"} and not self.path.endswith(_UNSEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer: `body` is JSON, raw bytes, or None for none at all; `cut` sends half of it and hangs up."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()

    def with_headers(self, headers: Mapping[str, str]) -> Response:
        """Return it with more headers; its own win."""
        return replace(self, headers={**headers, **self.headers})


class Refusal(Exception):
    """What GitHub refuses, with the message that it sends."""

    def __init__(
        self,
        status: int,
        message: str = "",
        *,
        errors: list[Json] | list[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """`message` is the status's own phrase where it is not given."""
        message = message or HTTPStatus(status).phrase
        super().__init__(message)
        body: Json = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
        if errors is not None:
            body["errors"] = errors
        self.response = Response(status=status, body=body, headers=headers or {})


def invalid(resource: str, code: str, field_name: str = "", message: str = "") -> Refusal:
    """Return the 422 of one field that does not pass (codes: missing, invalid, custom, already_exists, …)."""
    error: Json = {"resource": resource, "code": code}
    if field_name:
        error["field"] = field_name
    if message:
        error["message"] = message
    return Refusal(422, "Validation Failed", errors=[error])


def not_found() -> Refusal:
    """Return the 404 of what is not there, or hidden."""
    return Refusal(404)
