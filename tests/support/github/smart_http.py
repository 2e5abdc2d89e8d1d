"""Git over HTTP: clones and fetches of the repositories, with a token for private ones."""

from __future__ import annotations

import re
import subprocess
from urllib.parse import urlencode

from tests.support.github.git_store import environment
from tests.support.github.messages import Refusal, Request, Response
from tests.support.github.routing import covers
from tests.support.github.tokens import authenticate
from tests.support.github.world import World

_PATH = re.compile(r"/(?P<owner>[^/]+)/(?P<name>[^/]+?)(?:\.git)?/(?P<rest>info/refs|git-upload-pack|git-receive-pack)")
_SECONDS = 60


def is_git(path: str) -> bool:
    """Whether a path is one of git's protocol."""
    return _PATH.fullmatch(path) is not None


def answer(world: World, request: Request) -> Response:
    """Answer a clone or a fetch. Pushes are refused: the bot makes none."""
    found = _PATH.fullmatch(request.path)
    if found is None:
        return Response(status=404)
    if "git-receive-pack" in {found["rest"], request.query.get("service")}:
        return Response(status=403, body=b"This stand-in takes no pushes.\n", headers={"content-type": "text/plain"})
    try:
        token, _ = authenticate(world, request)
    except Refusal:
        return _ask()
    repository = world.find(f"{found['owner']}/{found['name']}")
    readable = repository is not None and (
        not repository.private or (token is not None and covers(token, repository) and token.allows("contents", "read"))
    )
    if repository is None or not readable:
        return _ask() if token is None else Response(status=404, body=b"Repository not found.\n")
    # A repository that was renamed stays where it lies.
    place = repository.git.path.relative_to(world.root).as_posix()
    return _backend(world, request, f"/{place}/{found['rest']}")


def _ask() -> Response:
    return Response(status=401, body=b"Repository not found.\n", headers={"www-authenticate": 'Basic realm="GitHub"'})


def _backend(world: World, request: Request, path: str) -> Response:
    encoding = request.headers.get("content-encoding")
    done = subprocess.run(
        ["git", "http-backend"],
        input=request.body,
        env=environment(
            {
                "GIT_PROJECT_ROOT": str(world.root),
                "GIT_HTTP_EXPORT_ALL": "1",
                "REQUEST_METHOD": request.method,
                "PATH_INFO": path,
                "QUERY_STRING": urlencode(request.query),
                "CONTENT_TYPE": request.headers.get("content-type", ""),
                "CONTENT_LENGTH": str(len(request.body)),
                "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
                **({"HTTP_CONTENT_ENCODING": encoding} if encoding else {}),
            }
        ),
        check=True,
        capture_output=True,
        timeout=_SECONDS,
    )
    head, _, content = done.stdout.partition(b"\r\n\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head.decode().split("\r\n"))}
    return Response(status=int(headers.pop("status", "200").split()[0]), body=content, headers=headers)
