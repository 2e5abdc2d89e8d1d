"""``kill -9`` of ``debtscan offboard`` at each of its writes: the next run does the rest, says no word twice, and
leaves what is people's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.github import GitHubStandIn, HostedRepository
from tests.support.hasty import run_here
from tests.support.killed import finish, kill_after_write, start
from tests.support.packages import python_index
from tests.support.shop import LOGIN, NAME, github_at

SETTINGS = "[upgrades]\ngroup-kinds = []\n[posts]\ndashboard = true\n"
PACKAGES = ("ant", "bee", "cat")
OFFBOARD = ("offboard", NAME)
# For each of the two: a word, closing, the branch. The third has a person's commit. The dashboard: a word, closing.
WRITES = 8
THEIRS = ("debtscan/ours", "debtscan/pypi-cat-1", "feature", "main")


@pytest.fixture
def github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHubStandIn]:
    with python_index() as index:
        for name in PACKAGES:
            index.add(name, "1.0.0", "1.1.0")
        with github_at(tmp_path, monkeypatch, SETTINGS, {"pypi": index.url}) as found:
            yield found


@pytest.fixture
def repository(github: GitHubStandIn, monkeypatch: pytest.MonkeyPatch) -> HostedRepository:
    """Return one on which ``debtscan run`` has worked, and then people: on one of its branches, and beside them."""
    files = {"requirements.txt": "".join(f"{name}==1.0.0\n" for name in PACKAGES)}
    made = github.repository(NAME, files, collaborators={LOGIN: "write", "ada": "write"})
    assert run_here(monkeypatch, "run", NAME, "--quiet", "--jobs", "1") == 0
    assert len(made.pulls) == 3
    for branch in ("feature", "debtscan/ours", "debtscan/pypi-cat-1"):
        made.commit({"app.py": "print()\n"}, branch=branch)
    made.comment(1, "Thank you")
    github.requests.clear()
    return made


def _seen(repository: HostedRepository) -> dict[str, object]:
    return {
        "branches": dict(repository.branches),
        "pulls": [(pull.title, pull.body, pull.state, pull.head, pull.labels) for pull in repository.pulls],
        "said": [[(said.author.login, said.body) for said in pull.comments] for pull in repository.pulls],
        "events": [[event.event for event in pull.events] for pull in repository.pulls],
    }


def _assert_gone(repository: HostedRepository, people: dict[str, str]) -> None:
    assert dict(repository.branches) == people
    assert [pull.state for pull in repository.pulls] == ["closed", "closed", "open"]
    said = [[comment.author.login for comment in pull.comments] for pull in repository.pulls]
    assert said == [["ada", LOGIN], [LOGIN], []]
    (dashboard,) = repository.issues
    assert (dashboard.state, [comment.author.login for comment in dashboard.comments]) == ("closed", [LOGIN])
    for pull in repository.pulls[:2]:
        assert [event.event for event in pull.events].count("closed") == 1
        assert [event.event for event in pull.events].count("head_ref_deleted") <= 1


@pytest.mark.parametrize("nth", range(1, WRITES + 1))
def test_the_next_run_does_the_rest_once_and_leaves_what_is_peoples(
    github: GitHubStandIn,
    repository: HostedRepository,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    nth: int,
) -> None:
    people = {name: sha for name, sha in repository.branches.items() if name in THEIRS}
    kill_after_write(github, nth, *OFFBOARD)
    capsys.readouterr()
    assert run_here(monkeypatch, *OFFBOARD) == 0
    told = "".join(capsys.readouterr())
    assert len(github.writes) == WRITES
    assert "left: #3: Update cat from 1.0.0 to 1.1.0 (it has commits that are not debtscan's)" in " ".join(told.split())
    _assert_gone(repository, people)


def test_these_are_all_the_writes_and_a_second_run_has_none(
    github: GitHubStandIn, repository: HostedRepository
) -> None:
    people = {name: sha for name, sha in repository.branches.items() if name in THEIRS}
    assert finish(start(*OFFBOARD))[0] == 0
    assert len(github.writes) == WRITES
    _assert_gone(repository, people)
    before = _seen(repository)
    assert finish(start(*OFFBOARD))[0] == 0
    assert len(github.writes) == WRITES
    assert _seen(repository) == before
