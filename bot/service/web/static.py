"""Styles, scripts and pictures, from memory. Their names change with what they hold, so that browsers keep them."""

from __future__ import annotations

import functools
import gzip
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.markup import templates_folder

_TYPES: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_BASE: Final = "/-/static/"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file as it is sent. `name` begins with the digest of its content."""

    name: str
    type: str
    content: bytes = field(repr=False)
    compressed: bytes = field(repr=False)


@functools.cache
def files() -> Mapping[str, StaticFile]:
    """Return the files of ``templates/service/``, and the styles and scripts of reports beside it, by plain name."""
    return {place.name: _read(place) for place in _places()}


def static(name: str) -> str:
    """Return the address of a file. Raises KeyError where there is none."""
    return _BASE + files()[name].name


def _places() -> Iterator[Path]:
    folder = templates_folder()
    for place in (*sorted(folder.iterdir()), *sorted((folder / "service").iterdir())):
        if place.suffix in _TYPES:
            yield place


def _read(place: Path) -> StaticFile:
    content = place.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:16]
    return StaticFile(f"{digest}-{place.name}", _TYPES[place.suffix], content, gzip.compress(content, mtime=0))


async def _send(request: Request) -> Response:
    asked: str = request.path_params["name"]
    _digest, _hyphen, plain = asked.partition("-")
    found = files().get(plain)
    if found is None or found.name != asked:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.compressed, media_type=found.type, headers=headers)
    return Response(found.content, media_type=found.type, headers=headers)


ROUTES: Final[Sequence[BaseRoute]] = (Route(f"{_BASE}{{name}}", _send),)
