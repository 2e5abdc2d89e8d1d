"""A repository on a git host, its mirrors, and what scanning it takes: for tests of the service's scans."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analyzers.errors import FetchError
from analyzers.model.exchange import Request, Response
from bot.service.lookups import Lookups
from bot.service.mirror import Mirrors
from bot.service.scanning import Job, Limits, Scan, scan
from tests.support.git_server import GitHost, serve_git
from tests.support.repository import RepositoryBuilder

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NAME = "acme/shop"
REPOSITORY = 7
CODE = "def price(n):\n" + "".join(f"    if n == {number}:\n        return {number}\n" for number in range(14))
LIMITS = Limits(seconds=60, memory=2 * 1024**3)


def nobody(request: Request) -> Response:
    """Answer as a network does that is not there."""
    raise FetchError("unreachable", f"nobody answers for {request.url}")


@dataclass
class Workshop:
    """A git host with the repository `NAME`, and mirrors. `asked` counts how often the source was asked for."""

    host: GitHost
    mirrors: Mirrors
    asked: list[str] = field(default_factory=list)

    @property
    def built(self) -> RepositoryBuilder:
        """The repository as people push to it."""
        return self.host.repository(NAME)

    def source(self) -> tuple[str, str | None]:
        """Return where it is copied from."""
        self.asked.append(NAME)
        return f"{self.host.url}/{NAME}.git", None

    def job(self, **changes: Any) -> Job:  # noqa: ANN401 - members of the job
        """Return the job of scanning its head."""
        job = Job(
            repository=REPOSITORY,
            name=NAME,
            branch="main",
            commit=self.built.head,
            private=False,
            as_of=NOW.date(),
            now=NOW,
        )
        return replace(job, **changes)

    def scan(
        self,
        send: Callable[[Request], Response] = nobody,
        limits: Limits = LIMITS,
        network: Lookups | None = None,
        **changes: Any,  # noqa: ANN401 - members of the job
    ) -> Scan:
        """Scan its head."""
        asked = network or Lookups(send, {}, lambda: NOW)
        return scan(self.job(**changes), self.mirrors, self.source, asked, limits)


@contextmanager
def workshop(folder: Path, *, partial: bool = True) -> Iterator[Workshop]:
    """Serve a repository with debt and a hotspot; a server that is not ``partial`` sends all contents."""
    with serve_git(folder / "host") as host:
        made = Workshop(host, Mirrors(folder / "mirrors", 10**9, 10**9))
        built = made.built
        for setting in ("allowFilter", "allowAnySHA1InWant") if partial else ():
            built.git("config", f"uploadpack.{setting}", "true")
        built.write("requirements.txt", "requests==2.19.0\n").write("Dockerfile", "FROM python:3.8-slim-buster\n")
        built.write("shop.py", CODE).commit("Begin", date="2026-01-05")
        for month in range(2, 6):
            built.write("shop.py", f"{CODE}    return -{month}\n").commit(f"Change {month}", date=f"2026-0{month}-05")
        yield made
