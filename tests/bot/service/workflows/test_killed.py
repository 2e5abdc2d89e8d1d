"""Workers that are killed between what they did on GitHub and its checkpoint: it is there once in the end.

The worker is a process of its own, with the real engine, workflows, git and child; GitHub's stand-in kills it.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from bot.service.database.tables import REPOSITORIES, SCANS
from bot.service.engine.work import Work
from bot.service.settings import Settings
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.service.estate import FILES, NOON
from tests.support.service.full import Spec, full
from tests.support.waiting import wait_for

PULLS = "POST /repos/{owner}/{repo}/pulls"
ISSUES = "POST /repos/{owner}/{repo}/issues"
REFS = "POST /repos/{owner}/{repo}/git/refs"
CHECKS = "POST /repos/{owner}/{repo}/check-runs"
LABELS = "POST /repos/{owner}/{repo}/issues/{issue_number}/labels"
CONFIGURED = {**FILES, "debtscan.toml": "[upgrades]\n"}


@dataclass
class Yard:
    """GitHub, a repository there, the database, and what a worker process is started with."""

    github: GitHubStandIn
    shop: HostedRepository
    engine: sa.Engine
    spec: Spec
    log: Path

    def until_done(self) -> None:
        """Wait until the repository is scanned and acted on."""
        wait_for(lambda: self._outcomes() & {"done", "unchanged"}, f"the scan ({self.log})", 120)

    def until_killed(self, on: str) -> None:
        """Have a worker do what it does until GitHub kills it, right after a write was done."""
        with full(self.spec, self.log) as process:
            # What it had asked for is done; the answer never comes.
            self.github.fault(on, call=lambda: os.kill(process.pid, signal.SIGKILL), after=True)
            assert process.wait(120) == -signal.SIGKILL

    def _outcomes(self) -> set[str]:
        with self.engine.connect() as connection:
            free = connection.execute(sa.select(REPOSITORIES.c.scanning)).scalars().all()
            outcomes = connection.execute(sa.select(SCANS.c.outcome)).scalars().all()
        return set(outcomes) if free == [""] else set()


@pytest.fixture
def yard(tmp_path: Path, settings: Settings, engine: sa.Engine) -> Iterator[Yard]:
    with GitHubStandIn(tmp_path / "github") as github:
        github.world.now = NOON
        github.world.clock = lambda: NOON
        shop = github.repository("acme/shop", CONFIGURED, organization=True, topics=("debtscan",))
        app = github.app("debtscan", on=["acme"])
        spec = Spec(
            data=str(settings.folder),
            database=settings.database,
            web=github.url,
            api=github.api_url,
            app=str(app.id),
            key=app.private_key,
            now=NOON.timestamp(),
        )
        number = app.installations[0].id
        Work(engine).enqueue("list", {"installation": number}, id="list", queue="chores")
        yield Yard(github, shop, engine, spec, tmp_path / "worker.log")


def _written_once(yard: Yard) -> None:
    """Fail where something is on GitHub twice, or not at all."""
    branches = Counter(pull.branch for pull in yard.shop.pulls)
    assert list(branches.values()) == [1], branches
    assert [issue.title for issue in yard.shop.issues if issue.state == "open"] == ["Technical debt"]
    assert len([name for name in yard.shop.branches if name.startswith("debtscan/")]) == 1
    heads = Counter((run.sha, run.name) for run in yard.shop.settings.check_runs)
    assert set(heads.values()) == {1}, heads


@pytest.mark.parametrize("on", [PULLS])
def test_a_worker_killed_after_its_pull_request_leads_to_that_one(yard: Yard, on: str) -> None:
    yard.until_killed(on)
    assert len(yard.shop.pulls) == 1
    with full(yard.spec, yard.log):
        yard.until_done()
    _written_once(yard)


@pytest.mark.soak
@pytest.mark.parametrize("on", [REFS, LABELS, ISSUES, CHECKS])
def test_a_worker_killed_after_any_write_leads_to_one_of_each(yard: Yard, on: str) -> None:
    yard.until_killed(on)
    with full(yard.spec, yard.log):
        yard.until_done()
    _written_once(yard)


@pytest.mark.soak
def test_a_worker_killed_again_and_again_leads_to_one_of_each(yard: Yard) -> None:
    for on in (REFS, PULLS, ISSUES, CHECKS):
        yard.until_killed(on)
    with full(yard.spec, yard.log):
        yard.until_done()
    _written_once(yard)


def test_a_worker_that_is_told_to_stop_hands_its_scan_to_the_next(yard: Yard) -> None:
    spec = msgspec.structs.replace(yard.spec, grace=0.0)
    with full(spec, yard.log) as process:
        asked = yard.github.fault("GET /repos/{owner}/{repo}", delay=0.5)
        wait_for(lambda: asked.struck, "the scan's first question", 60)
        process.terminate()
        process.wait(60)
    with full(yard.spec, yard.log):
        yard.until_done()
    _written_once(yard)
