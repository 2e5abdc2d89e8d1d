"""Webhooks at the pace of a large organisation, beside running scans: none lost, none done twice, forged ones refused.

The service is the real ``debtscan serve`` on SQLite, and GitHub its stand-in.
"""

from __future__ import annotations

import json
import random
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import urllib3

from bot.github.auth import App
from bot.service.database.tables import DELIVERIES, SCANS
from bot.service.engine._rows import workflows
from bot.service.secrets import Secrets, write
from bot.service.settings import load_settings
from tests.support.github import GitHubStandIn
from tests.support.service.databases import Sqlites, opened
from tests.support.service.estate import FILES, HOOK
from tests.support.service.payloads import comment, encoded, headers, of_repository, push, repository
from tests.support.service.running import Running, started, written
from tests.support.waiting import wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the service runs on POSIX systems alone")

_AT_ONCE = 8
SECRET = "the webhook's own secret"
# Scans ask nobody but the stand-in.
NOBODY = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9", "NO_PROXY": "localhost,127.0.0.1"}


@dataclass(frozen=True, slots=True)
class Letter:
    """One attempt to deliver. `expected` is what it is to be answered with."""

    guid: str
    event: str
    body: bytes
    expected: int

    @property
    def headers(self) -> Mapping[str, str]:
        """What it is sent with."""
        signed = dict(headers(self.event, self.body, self.guid, SECRET))
        return signed if self.expected != 401 else {**signed, "x-hub-signature-256": "sha256=" + "0" * 64}


@dataclass
class Post:
    """Sends letters at a pace, and notes how long each answer took."""

    address: str
    seconds: list[float] = field(default_factory=list)
    answers: list[tuple[Letter, int]] = field(default_factory=list)

    def send(self, letters: list[Letter], pace: float) -> None:
        """Send all, so many a second."""
        parts = urlsplit(self.address)
        begun = time.perf_counter()
        with (
            urllib3.HTTPConnectionPool(parts.hostname or "", parts.port, maxsize=_AT_ONCE, retries=False) as there,
            ThreadPoolExecutor(_AT_ONCE) as pool,
        ):
            for number, letter in enumerate(letters):
                time.sleep(max(0.0, begun + number / pace - time.perf_counter()))
                pool.submit(self._one, there, letter)

    def _one(self, there: urllib3.HTTPConnectionPool, letter: Letter) -> None:
        begun = time.perf_counter()
        answer = there.urlopen("POST", HOOK, body=letter.body, headers=letter.headers, timeout=60)
        self.seconds.append(time.perf_counter() - begun)
        self.answers.append((letter, answer.status))

    def percentile(self, share: float) -> float:
        """Return below how many seconds so much of the answers came."""
        return sorted(self.seconds)[int(share * (len(self.seconds) - 1))]


def _letters(count: int, numbers: list[int], installation: int) -> list[Letter]:
    """Return so many letters, of which three in ten come again and one in ten is forged, in some order."""
    chosen = random.Random(7)  # noqa: S311 - the same every time
    letters: list[Letter] = []
    for number in range(count):
        about = repository(f"acme/r{number % len(numbers)}", numbers[number % len(numbers)])
        here: dict[str, Any] = {"repository": about, "installation": {"id": installation}}
        event, payload = chosen.choice(
            [
                ("push", push(after=f"{number:040x}", **here)),
                ("push", push("wip", **here)),
                ("star", of_repository("created", **here)),
                ("issue_comment", comment("Looks good.", **here)),
            ]
        )
        guid = str(uuid.UUID(int=chosen.getrandbits(128)))
        letters.append(Letter(guid, event, encoded(payload), 401 if number % 10 == 0 else 202))
    honest = [letter for letter in letters if letter.expected == 202]
    again = chosen.sample(honest, int(count * 0.3))
    for letter in again:
        letters.insert(chosen.randrange(letters.index(letter), len(letters) + 1), letter)
    return letters


@dataclass
class Site:
    """The service and GitHub."""

    service: Running
    engine: sa.Engine
    installation: int
    numbers: list[int]


@pytest.fixture
def site(tmp_path: Path, sqlites: Sqlites, request: pytest.FixtureRequest) -> Iterator[Site]:
    repositories: int = request.param
    settings = sqlites.fresh(tmp_path / "data")
    with GitHubStandIn(tmp_path / "github", enterprise=True) as github:
        github.world.clock = lambda: datetime.now(UTC)
        made = [github.repository(f"acme/r{number}", FILES, organization=True) for number in range(repositories)]
        app = github.app("debtscan")
        file = written(tmp_path, github=github.url, data=str(settings.folder))
        write(
            load_settings(file, {}),
            Secrets(
                app=App(str(app.id), app.private_key), client_id=app.client_id, client_secret="x", webhook=(SECRET,)
            ),
        )
        with started("serve", file, environ=NOBODY) as service, opened(settings) as engine:
            service.until('"event": "ready"')
            github.hooks.on(app, f"{service.web}{HOOK}", SECRET)
            installation = github.install(app, "acme")
            yield Site(service, engine, installation.id, [one.settings.id for one in made])
            assert service.terminate() == 0


def _loaded(site: Site, count: int) -> Post:
    """Deliver beside running scans, and see what became of it."""
    with site.engine.connect() as connection:
        wait_for(
            lambda: connection.execute(sa.select(SCANS.c.started_at).where(SCANS.c.started_at.is_not(None))).first(),
            "a scan",
            120,
        )
    post, letters = Post(site.service.web), _letters(count, site.numbers, site.installation)
    post.send(letters, 50)
    assert len(post.answers) == len(letters)
    assert [(letter.event, status) for letter, status in post.answers if status != letter.expected] == []
    _handled(site, letters)
    return post


def _handled(site: Site, letters: list[Letter]) -> None:
    honest = Counter(letter.guid for letter in letters if letter.expected == 202)
    forged = {letter.guid for letter in letters if letter.expected == 401}
    ours = sa.select(DELIVERIES.c.id, DELIVERIES.c.repeats, DELIVERIES.c.outcome)

    def rows() -> dict[str, tuple[int, str]]:
        with site.engine.connect() as connection:
            found = connection.execute(ours)
            return {row.id: (row.repeats, row.outcome) for row in found if row.id in honest or row.id in forged}

    wait_for(lambda: "enqueued" not in {outcome for _repeats, outcome in rows().values()}, "all to be done", 120)
    assert {guid: repeats + 1 for guid, (repeats, _outcome) in rows().items()} == dict(honest)
    done = {guid for guid, (_repeats, outcome) in rows().items() if outcome == "handled"}
    table = workflows(site.engine)
    ended = sa.select(table.c.workflow_uuid).where(table.c.name == "deliver", table.c.status == "SUCCESS")

    def ends() -> set[str]:
        with site.engine.connect() as connection:
            return set(connection.execute(ended).scalars())

    # What a workflow did is there a moment before it has ended.
    wait_for(lambda: done <= ends(), "the end of all work", 60)
    assert not forged & ends()


@pytest.mark.parametrize("site", [3], indirect=True)
def test_deliveries_beside_a_scan_are_taken_once_each(site: Site) -> None:
    post = _loaded(site, 100)
    # How quickly is for `make soak` on a machine of its own: this only tells a second's wait from none.
    assert post.percentile(0.5) < 1


@pytest.mark.soak
@pytest.mark.parametrize("site", [20], indirect=True)
def test_two_thousand_deliveries_beside_scans_are_answered_in_milliseconds(
    site: Site,
) -> None:
    post = _loaded(site, 2000)
    told = {f"p{share:.0%}": round(post.percentile(share) * 1000, 1) for share in (0.5, 0.9, 0.99, 1.0)}
    sys.stderr.write(f"answers in milliseconds: {json.dumps(told)}\n")
    assert post.percentile(0.99) < 0.1, told
