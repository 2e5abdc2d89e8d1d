"""A repository with debt, asked by an App: from the scan to the pull request, and what people make of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from analyzers.http.credentials import Credentials, Settings
from analyzers.http.fetch import Fetcher
from analyzers.look_up import sources
from analyzers.settings import Inherited
from bot.github.client import Client
from bot.onboarding.body import TITLE
from bot.onboarding.model import Settled
from bot.onboarding.starter import PATH
from bot.rounds.acting import Acting, Judged
from bot.rounds.clock import Clock
from bot.rounds.inviting import Inviting, Proposal, propose
from bot.rounds.judging import judged
from bot.rounds.network import Network
from bot.rounds.repository import open_repository
from bot.rounds.scanning import Scanner, copied
from bot.upgrade.existing import ONBOARDING
from bot.upgrade.locks.locker import Locker
from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.github_client import Opener, installed_app
from tests.support.http_server import serve
from tests.support.packages import PythonIndex, python_index
from tests.support.shop import NOW

NAME = "acme/shop"
# The pull requests before the scan and after it, open ones and closed ones; the file that is proposed, the branch and
# what is on it, and the comments.
REQUESTS = 8
QUIET = "[posts]\ndashboard = false\ncheck-run = false\n[history]\nenabled = false\n"
BELOW = Inherited.of("acme", f"{QUIET}[upgrades]\nminimum-release-age-days = 0\nopen-limit = 1\n".encode())


@dataclass
class Service:
    """What a worker does with one repository, in this process. `index` is where its packages come from."""

    client: Client
    network: Network
    home: Path
    inherited: Inherited = BELOW

    def invite(self, *, again: bool = False) -> Settled:
        """Scan it, and ask."""
        with ExitStack() as stack:
            proposal, found = self._judged(stack)
            host = self.client
            inviting = Inviting(host=host, repo=host.repository(), why="it is listed", again=again)
            return inviting.invite(found, proposal)

    def act(self) -> None:
        """Scan it, and play a round."""
        with ExitStack() as stack:
            _proposal, found = self._judged(stack)
            host = self.client
            clock = Clock(NOW.date(), NOW)
            Acting(host=host, repo=host.repository(), url=host.url, clock=clock).act(found)

    def _judged(self, stack: ExitStack) -> tuple[Proposal, Judged]:
        copy = stack.enter_context(copied(self.client))
        opens = partial(
            open_repository,
            copy.folder,
            config=None,
            commit=self.client.repository().head,
            bring=copy.bring,
            inherited=self.inherited,
        )
        proposal = propose(self.client, lambda files: opens(proposed=files))
        opened = proposal.opened
        network = self.network.of(opened.settings.config, lambda *_told: None)
        scanner = Scanner(clock=Clock(NOW.date(), NOW), network=network, progress=lambda *_told: None, jobs=1)
        locker = Locker.of({}, self.home, Settings({}, Credentials(), ()), keep_out=opened.folder)
        return proposal, judged(opened, scanner.scan(opened), scanner, None, locker)


@pytest.fixture
def index() -> Iterator[PythonIndex]:
    with python_index() as made:
        for name in ("ant", "bee"):
            made.add(name, "1.0.0", "2.0.0")
        yield made


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    monkeypatch.delenv("DEBTSCAN_CONFIG", raising=False)
    with GitHubStandIn(tmp_path / "github", enterprise=True) as standin:
        yield standin


@pytest.fixture
def repository(github: GitHubStandIn) -> HostedRepository:
    files = {"requirements.txt": "ant==1.0.0\nbee==1.0.0\n"}
    return github.repository(NAME, files, collaborators={"ada": "write"}, private=True)


@pytest.fixture
def service(
    github: GitHubStandIn, repository: HostedRepository, index: PythonIndex, tmp_path: Path
) -> Iterator[Service]:
    with ExitStack() as stack:
        nowhere = stack.enter_context(serve())
        fetcher = stack.enter_context(Fetcher(user_agent="debtscan", allow_private=True))
        addresses = {name: f"{nowhere.url}/{name}" for name in sources() if not name.startswith("oci")}
        network = Network(fetcher, Settings({**addresses, "pypi": index.url}, Credentials(), ()))
        opener = Opener(github)
        stack.callback(opener.close)
        yield Service(opener(repository.name, installed_app(github, "acme")), network, tmp_path)


def test_it_says_what_would_be_opened_and_opens_nothing_of_it(
    service: Service, repository: HostedRepository, github: GitHubStandIn
) -> None:
    found = service.invite()
    assert (found.standing, found.done) == ("invited", (f"made {ONBOARDING}", f"opened #1: {TITLE}"))
    (pull,) = repository.pulls
    text = pull.body or ""
    assert pull.author.login == "debtscan[bot]"
    assert "**1 pull request at once**, 1 more later: at most 1 open at once" in text
    assert "| Update ant from 1.0.0 to 2.0.0 | 120 | at once |" in text
    assert "| Update bee from 1.0.0 to 2.0.0 |" in text
    assert "because it is listed, and has written nothing here" in text
    assert "**One issue**" not in text
    assert sorted(repository.branches) == [ONBOARDING, "main"]
    before = len(github.requests)
    assert service.invite().done == ()
    asked = [one for one in github.requests[before:] if one.template != "git"]
    # The repository four times for this test's own sake: what it is, its branch, twice.
    assert len(asked) - 4 == REQUESTS, [one.request.path for one in asked]


def test_what_people_write_on_the_branch_is_what_it_then_speaks_of(
    service: Service, repository: HostedRepository
) -> None:
    service.invite()
    head = repository.commit({PATH: "[upgrades]\nopen-limit = 4\ndeny = ['bee']\n"}, branch=ONBOARDING)
    assert service.invite().done == (f"updated #1: {TITLE}",)
    text = repository.pull(1).body or ""
    assert "**1 pull request at once**: at most 4 open at once" in text
    assert "bee" not in text.partition("## What would happen")[2]
    assert "(it says what people wrote there)" in text
    assert repository.branches[ONBOARDING] == head


def test_what_cannot_be_read_there_is_said(service: Service, repository: HostedRepository) -> None:
    service.invite()
    repository.commit({PATH: "[upgrade]\n"}, branch=ONBOARDING)
    service.invite()
    text = repository.pull(1).body or ""
    assert "The file on this branch cannot be read" in text
    assert "unknown key" in text
    repository.commit({PATH: "#" * 1_048_577}, branch=ONBOARDING)
    service.invite()
    assert "is larger than 1,048,576 bytes" in (repository.pull(1).body or "")
    repository.commit({PATH: "[upgrades]\nenabled = false\n"}, branch=ONBOARDING)
    service.invite()
    assert "- **No pull requests**" in (repository.pull(1).body or "")


def test_what_is_locked_is_said_there(service: Service, repository: HostedRepository) -> None:
    locked = BELOW.content.replace(b"[posts]", b'[organization]\nlock = ["upgrades"]\n[posts]', 1)
    service.inherited = Inherited(BELOW.path, locked)
    service.invite()
    repository.commit({PATH: "[upgrades]\nopen-limit = 9\n"}, branch=ONBOARDING)
    service.invite()
    text = repository.pull(1).body or ""
    assert "### Set here, and locked by the organisation" in text
    assert "at most 1 open at once" in text


def test_once_it_is_merged_upgrades_are_opened_and_nothing_is_asked(
    service: Service, repository: HostedRepository
) -> None:
    service.invite()
    repository.merge(1)
    assert service.invite().standing == "posting"
    service.act()
    opened = [pull.branch for pull in repository.pulls if pull.state == "open"]
    assert len(opened) == 1
    assert opened != [ONBOARDING]
    assert ONBOARDING not in repository.branches
    assert service.invite().standing == "posting"


def test_a_repository_that_is_configured_is_not_asked(service: Service, repository: HostedRepository) -> None:
    repository.commit({"debtscan.toml": "[upgrades]\n"})
    assert service.invite() == Settled(standing="posting")
    assert repository.pulls == []


def test_configured_while_it_is_asked_the_question_is_taken_back(
    service: Service, repository: HostedRepository
) -> None:
    service.invite()
    repository.commit({"pyproject.toml": "[tool.debtscan.upgrades]\nopen-limit = 3\n"})
    found = service.invite()
    assert (found.standing, repository.pull(1).state) == ("posting", "closed")
    assert repository.pull(1).comments[0].body.startswith("This repository is set up already")
    assert ONBOARDING not in repository.branches


def test_where_upgrades_are_open_nobody_is_asked(service: Service, repository: HostedRepository) -> None:
    service.act()
    (pull,) = repository.pulls
    assert service.invite().standing == "posting"
    assert repository.pulls == [pull]
    assert pull.state == "open"


def test_a_round_takes_the_question_for_no_upgrade(service: Service, repository: HostedRepository) -> None:
    service.invite()
    service.act()
    states = {pull.branch: pull.state for pull in repository.pulls}
    assert states.pop(ONBOARDING) == "open"
    # It took the place of none: as many are open as may be.
    assert list(states.values()) == ["open"]
    assert ONBOARDING in repository.branches
