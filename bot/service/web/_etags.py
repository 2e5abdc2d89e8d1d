"""Answers that a client may have already."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response


def answered(request: Request, content: bytes, media_type: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return a content with its tag, or 304 without it where the client says that it has this one."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    said = {**(headers or {}), "ETag": tag}
    if tag in (one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")):
        return Response(status_code=304, headers=said)
    return Response(content, media_type=media_type, headers=said)
