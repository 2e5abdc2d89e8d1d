"""A repository on the stand-in, whose App scans it and acts on it through children, as the service does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from analyzers.facts_json import facts_from_json
from analyzers.model.exchange import Request, Response
from bot.github.client import Client
from bot.service.lookups import Lookups
from bot.service.mirror import Mirrors
from bot.service.scanning import Acted, Compared, Job, Scan, act, compare, scan
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github_client import FakeClock, Opener, installed_app
from tests.support.service.scans import LIMITS, nobody

NAME = "acme/shop"
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)


@dataclass
class Bench:
    """The stand-in, an App's client of the repository, and what scans of it take. `send` is the network."""

    github: GitHubStandIn
    repository: HostedRepository
    client: Client
    mirrors: Mirrors
    send: Callable[[Request], Response] = nobody
    now: datetime = NOW
    lookups: Lookups = field(init=False)

    def __post_init__(self) -> None:
        """Share the look-ups of all that is done here."""
        self.lookups = Lookups(self.send, {}, lambda: self.now)

    def job(self, **changes: Any) -> Job:  # noqa: ANN401 - members of the job
        """Return the job of the default branch as it is now."""
        job = Job(
            repository=3,
            name=NAME,
            branch="main",
            commit=self.repository.head,
            private=False,
            as_of=self.now.date(),
            now=self.now,
        )
        return replace(job, **changes)

    def scan(self, **changes: Any) -> Scan:  # noqa: ANN401 - members of the job
        """Scan it."""
        return scan(self.job(**changes), self.mirrors, self.client.clone_source, self.lookups, LIMITS)

    def act(self, found: Scan, client: Client | None = None, **changes: Any) -> Acted:  # noqa: ANN401 - members of the job
        """Act on a scan."""
        host = client or self.client
        return act(
            self.job(known=found.stored, **changes),
            facts_from_json(found.facts),
            host=host,
            repo=self.client.repository(),
            url=self.client.url,
            mirrors=self.mirrors,
            source=self.client.clone_source,
            network=self.lookups,
            limits=LIMITS,
        )

    def compare(self, pull: int) -> Compared:
        """Tell a pull request what it does."""
        return compare(
            self.job(),
            pull,
            host=self.client,
            repo=self.client.repository(),
            url=self.client.url,
            mirrors=self.mirrors,
            source=self.client.clone_source,
            network=self.lookups,
            limits=LIMITS,
        )


@contextmanager
def bench(folder: Path, files: dict[str, str | bytes]) -> Iterator[Bench]:
    """Yield a private repository with these files, and an App that may do everything."""
    with GitHubStandIn(folder / "github") as github:
        repository = github.repository(NAME, files, private=True)
        clock = FakeClock(NOW.timestamp())
        opener = Opener(github, clock)
        client = opener(NAME, installed_app(github, "acme"))
        try:
            yield Bench(github, repository, client, Mirrors(folder / "mirrors", 10**9, 10**9))
        finally:
            opener.close()
